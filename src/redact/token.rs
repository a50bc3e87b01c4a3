//! Tokens and keys by their form: known beginnings, and what nobody would type.

use std::ops::Range;

use super::run::{ends, is_random};

/// Beginnings of tokens, and how long such a token is at least.
const TOKENS: &[(&str, usize)] = &[
    ("ghp_", 20),
    ("gho_", 20),
    ("ghu_", 20),
    ("ghs_", 20),
    ("ghr_", 20),
    ("github_pat_", 30),
    ("glpat-", 20),
    ("glptt-", 20),
    ("gldt-", 20),
    ("glrt-", 20),
    ("glcbt-", 20),
    ("glsoat-", 20),
    ("glagent-", 20),
    ("glft-", 20),
    ("xoxa-", 20),
    ("xoxb-", 20),
    ("xoxe", 20),
    ("xoxp-", 20),
    ("xoxr-", 20),
    ("xoxs-", 20),
    ("xapp-", 20),
    ("AKIA", 20),
    ("ASIA", 20),
    ("ATATT", 30),
    ("ATBB", 20),
    ("ATCTT", 20),
    ("AGE-SECRET-KEY-", 30),
    ("AIza", 30),
    ("CCIPAT_", 20),
    ("CCIPRJ_", 20),
    ("bkua_", 20),
    ("dckr_pat_", 20),
    ("dop_v1_", 30),
    ("doo_v1_", 30),
    ("eyJ", 40),
    ("figd_", 20),
    ("hf_", 20),
    ("hvb.", 20),
    ("hvs.", 20),
    ("npm_", 30),
    ("pypi-", 40),
    ("rk_live_", 20),
    ("rubygems_", 20),
    ("shpat_", 20),
    ("sk-", 24),
    ("sk_live_", 20),
    ("sk_test_", 20),
    ("whsec_", 20),
    ("ya29.", 20),
    ("SG.", 30),
];

/// Shortest run of base64 that can hold a key, in digits: shorter ones are names as well.
const BLOB: usize = 40;

/// Beginnings of tokens.
pub(super) fn beginnings() -> impl Iterator<Item = &'static str> {
    TOKENS.iter().map(|(start, _)| *start)
}

/// Whether text begins as a token does.
pub(super) fn begins(text: &str) -> bool {
    beginnings().any(|start| text.starts_with(start))
}

/// The first token in a word.
pub(super) fn find(word: &str) -> Option<Range<usize>> {
    if word.len() < 20 {
        return None;
    }
    known(word).or_else(|| blob(word)).or_else(|| random(word))
}

/// Of a known kind, at the beginning of the word or behind what parts words.
fn known(word: &str) -> Option<Range<usize>> {
    let bytes = word.as_bytes();
    let part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let begins = |at: usize| {
        let start = TOKENS.iter().find(|(start, _)| bytes[at..].starts_with(start.as_bytes()))?;
        let token = ends(bytes, at, part);
        (token - at >= start.1).then_some(at..token)
    };
    let free = |at: &usize| *at == 0 || !bytes[*at - 1].is_ascii_alphanumeric();
    (0..bytes.len()).filter(free).find_map(begins)
}

/// A long run of base64: whatever it holds, nobody reads it.
fn blob(word: &str) -> Option<Range<usize>> {
    let bytes = word.as_bytes();
    let digit = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_');
    let mut at = 0;
    while at < bytes.len() {
        let end = ends(bytes, at, digit);
        // A path has the same characters, and words between its slashes.
        if end - at >= BLOB
            && bytes[at] != b'/'
            && bytes[at..end].split(|byte| !byte.is_ascii_alphanumeric()).any(is_random)
        {
            return Some(at..ends(bytes, end, |byte| byte == b'='));
        }
        at = end + 1;
    }
    None
}

/// Letters of both cases and digits at random; in a path it is a name.
fn random(word: &str) -> Option<Range<usize>> {
    if word.contains(['/', '\\']) {
        return None;
    }
    let bytes = word.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let end = ends(bytes, at, |byte| byte.is_ascii_alphanumeric());
        if is_random(&bytes[at..end]) {
            return Some(at..end);
        }
        at = end + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_known_by_their_form() {
        for word in [
            "ghp_0123456789abcdefghij",
            "t:ghp_0123456789abcdefghij",
            "q=1&t=npm_0123456789abcdefghijklmnopqr",
            "bW9uYTpodW50ZXIyLWh1bnRlcjIK1Qx",
            "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ/x+y",
        ] {
            assert!(find(word).is_some(), "{word}");
        }
        for word in [
            "diffie-hellman-group-exchange-sha256",
            "ecdsa-sha2-nistp256-cert-v01@openssh.com",
            "Ed25519PrivateKeyParameters",
            "SSH2_MSG_USERAUTH_PK_OK",
            "/usr/lib/x86_64-linux-gnu/perl/5/Net/SSH2/Key1",
        ] {
            assert_eq!(find(word), None, "{word}");
        }
        assert_eq!(find(&"a.".repeat(200_000)), None, "and it takes no time");
    }
}
