//! Passwords, tokens, cookies and private keys, by their form.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::sort::Sort;

/// Beginnings of tokens, and how long such a token is at least.
const TOKENS: &[(&str, usize)] = &[
    ("ghp_", 20),
    ("gho_", 20),
    ("ghu_", 20),
    ("ghs_", 20),
    ("ghr_", 20),
    ("github_pat_", 30),
    ("glpat-", 20),
    ("gldt-", 20),
    ("glcbt-", 20),
    ("xoxb-", 20),
    ("xoxp-", 20),
    ("AKIA", 20),
    ("ASIA", 20),
    ("ATATT", 30),
    ("ATBB", 20),
    ("hf_", 20),
    ("npm_", 30),
    ("dop_v1_", 30),
    ("AIza", 30),
    ("eyJ", 40),
    ("hvs.", 20),
    ("pypi-", 40),
];

/// Whether a word is a token by its form.
pub(super) fn is_token(word: &str) -> bool {
    word.len() >= 20 && TOKENS.iter().any(|(start, least)| word.len() >= *least && word.starts_with(start))
}

/// Names before `=` or `:` whose values are secret.
const TOLD: &[&str] = &[
    "password",
    "passwd",
    "pwd",
    "passphrase",
    "secret",
    "token",
    "api_key",
    "apikey",
    "access_token",
    "client_secret",
    "sessionid",
    "private_key",
    "pin",
];

/// Whether the word at `at` is what `password=` or the like is followed by.
pub(super) fn is_told(line: &str, at: usize) -> bool {
    if !line[..at].ends_with(['=', ':', '"', '\'', 'p', ' ']) {
        return false;
    }
    let before = line[..at].trim_end_matches(['"', '\'']);
    if before.ends_with("sshpass -p ") || before.ends_with("sshpass -p") {
        return true;
    }
    let Some(before) = before.strip_suffix(['=', ':']) else { return false };
    let before = before.trim_end_matches(['"', '\'']);
    let part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let start = before.rfind(|c| !part(c)).map_or(0, |found| found + 1);
    let name = before.get(start..).unwrap_or_default().to_ascii_lowercase();
    TOLD.iter().any(|told| name == *told || name.strip_suffix(told).is_some_and(|rest| rest.ends_with('_')))
}

/// Headers whose whole value is secret (RFC 9110 §11.6.2, RFC 6265 §4).
const HEADERS: &[&str] = &["authorization:", "set-cookie:", "cookie:", "private-token:", "x-api-key:", "bearer "];

static HEADER: LazyLock<AhoCorasick> = LazyLock::new(|| {
    #[allow(clippy::expect_used, reason = "constant patterns, compiled by the tests")]
    AhoCorasick::builder().ascii_case_insensitive(true).build(HEADERS).expect("constant patterns")
});

/// Words without which no secret is told in a line.
pub(super) fn telling_words() -> impl Iterator<Item = &'static str> {
    TOLD.iter().chain(HEADERS).copied().chain(TOKENS.iter().map(|(start, _)| *start)).chain([
        "sshpass",
        "KEY-----",
        "Private-Lines",
        "AAAA",
    ])
}

/// What follows a header to the line's end.
pub(super) fn rest_of_line(line: &str) -> Option<(Range<usize>, Sort)> {
    let start = HEADER.find(line)?.end();
    let value = line[start..].trim();
    let first = start + line[start..].len() - line[start..].trim_start().len();
    (!value.is_empty()).then_some((first..first + value.len(), Sort::Secret))
}

/// Whether a line begins or ends a private key's text, or is within it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Block {
    open: bool,
}

impl Block {
    /// What of a line belongs to a private key.
    pub(super) fn of(&mut self, line: &str) -> Option<Range<usize>> {
        let begin = line.find("-----BEGIN ").filter(|at| line[*at..].contains("PRIVATE KEY-----"));
        let mut from = 0;
        if let Some(at) = begin {
            self.open = true;
            from = at + line[at..].find("KEY-----").map_or(0, |end| end + "KEY-----".len());
        } else if line.contains("PuTTY-User-Key-File-") || line.trim_start().starts_with("Private-Lines:") {
            self.open = true;
            return None;
        }
        if !self.open {
            return None;
        }
        let end = line[from..].find("-----END ").map(|at| from + at);
        let body = from..end.unwrap_or(line.len());
        if end.is_some() || begin.is_none() && !is_body(&line[body.clone()]) {
            self.open = false;
        }
        if end.is_none() && !self.open {
            return None;
        }
        let text = &line[body.clone()];
        let lead = text.len() - text.trim_start_matches([' ', '\t', '>', '|']).len();
        let kept = text.trim_end().len();
        (kept > lead).then(|| body.start + lead..body.start + kept)
    }
}

/// Whether a line can be of a key's text: base64, a header (RFC 1421 §4.4), or nothing.
fn is_body(line: &str) -> bool {
    let text = line.trim_matches([' ', '\t', '>', '|', '\\', 'n', 'r', '"', ',']);
    let base64 = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=' | '\\');
    text.chars().all(base64)
        || [
            "Proc-Type:",
            "DEK-Info:",
            "Encryption:",
            "Comment:",
            "Public-Lines:",
            "Private-Lines:",
            "Private-MAC:",
            "Key-Derivation:",
            "Argon2-",
        ]
        .iter()
        .any(|name| text.starts_with(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_known_by_what_stands_before_them() {
        for line in [
            "password=hunter2",
            "--token=\"hunter2",
            "DB_PASSWORD: 'hunter2".replace(": ", ":").as_str(),
            "sshpass -p hunter2",
        ] {
            assert!(is_told(line, line.find("hunter2").unwrap()), "{line}");
        }
        for line in ["dev@box's password: Permission denied", "method: Permission"] {
            assert!(!is_told(line, line.find("Permission").unwrap()), "{line}");
        }
        assert_eq!(rest_of_line("Set-Cookie: a=b; c"), Some((12..18, Sort::Secret)));
    }

    #[test]
    fn a_private_key_has_an_end() {
        let mut block = Block::default();
        let lines = [
            ("debug1: hello", false),
            ("-----BEGIN OPENSSH PRIVATE KEY-----", false),
            ("b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ", true),
            ("> AAAAMwAAAAtzc2gtZW", true),
            ("-----END OPENSSH PRIVATE KEY-----", false),
            ("debug1: bye", false),
            ("-----BEGIN RSA PRIVATE KEY-----MIIE-----END RSA PRIVATE KEY-----", true),
            ("-----BEGIN RSA PRIVATE KEY-----", false),
            ("MIIEpAIBAAKCAQEA", true),
            ("debug1: it was cut off", false),
        ];
        for (line, cut) in lines {
            assert_eq!(block.of(line).is_some(), cut, "{line}");
        }
    }
}
