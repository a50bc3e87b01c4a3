//! Fingerprints and public keys, by their form.

use std::ops::Range;

use super::run::{ends, is_hex, is_random};
use super::sort::Sort;

/// What stands before a digest in base64.
const DIGESTS: &[&str] = &["SHA256:", "SHA512:", "SHA384:", "SHA1:", "sha256:", "sha512:", "sha384:", "sha1:"];

/// Fewest digits of a digest that was cut short and still tells.
const SHORTEST: usize = 6;

/// Fewest digits of a public key that was cut short.
const KEY: usize = 16;

/// Fewest bytes of a digest in hexadecimal: those of MD5.
const BYTES: usize = 16;

/// Base64 digits of a SHA-256.
const SHA256: usize = 43;

/// The first fingerprint or public key in a word: its digits.
pub(super) fn find(word: &str) -> Option<(Range<usize>, Sort)> {
    if word.len() < SHORTEST + "SHA1:".len() {
        return None;
    }
    digest(word)
        .map(|at| (at, Sort::Fingerprint))
        .or_else(|| key(word))
        .or_else(|| [pairs, bare, hex, babble].iter().find_map(|form| form(word)).map(|at| (at, Sort::Fingerprint)))
}

fn run(text: &str) -> usize {
    let digit = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_');
    text.bytes().take_while(digit).count()
}

fn digest(word: &str) -> Option<Range<usize>> {
    memchr::memchr(b':', word.as_bytes())?;
    let (at, name) = DIGESTS.iter().find_map(|name| word.find(name).map(|at| (at, name)))?;
    let start = at + name.len();
    // A SHA-256 has 43 digits, whatever is glued to it.
    let most = if name.eq_ignore_ascii_case("SHA256:") { SHA256 } else { usize::MAX };
    let digits = run(&word[start..]).min(most);
    if digits < SHORTEST {
        return digest(&word[start..]).map(|found| start + found.start..start + found.end);
    }
    Some(start..start + digits)
}

/// Pairs of hexadecimal digits with colons between: MD5, SHA-1, or more.
fn pairs(word: &str) -> Option<Range<usize>> {
    let start = ["MD5:", "md5:"].iter().find_map(|name| word.find(name)).map_or(0, |at| at + "MD5:".len());
    let bytes = &word.as_bytes()[start..];
    let pair = |at: &usize| {
        bytes.get(at * 3..at * 3 + 2).is_some_and(|pair| pair.iter().all(u8::is_ascii_hexdigit))
            && bytes.get(at * 3 + 2).is_none_or(|byte| !byte.is_ascii_alphanumeric())
            && (*at == 0 || bytes.get(at * 3 - 1).is_some_and(|byte| matches!(byte, b':' | b'-')))
    };
    let pairs = (0..bytes.len().div_ceil(3)).take_while(pair).count();
    let end = (start + pairs * 3).saturating_sub(1);
    (pairs >= BYTES && end <= word.len()).then_some(start..end)
}

/// A SHA-256 whose name stands elsewhere.
fn bare(word: &str) -> Option<Range<usize>> {
    let digit = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    let random = |at: &Range<usize>| {
        at.len() == SHA256 && word.as_bytes()[at.clone()].split(|byte| !byte.is_ascii_alphanumeric()).any(is_random)
    };
    run_of(word, digit).find(random)
}

/// A digest in hexadecimal without colons.
fn hex(word: &str) -> Option<Range<usize>> {
    let digest = |at: &Range<usize>| {
        let digits = &word.as_bytes()[at.clone()];
        digits.len() >= 2 * BYTES && is_hex(digits) && digits.iter().any(u8::is_ascii_alphabetic)
    };
    run_of(word, |byte| byte.is_ascii_alphanumeric()).find(digest)
}

/// A digest in syllables, as `ssh-keygen -B` prints it: eleven groups of five letters.
fn babble(word: &str) -> Option<Range<usize>> {
    let group = |group: &str| group.len() == 5 && group.bytes().all(|byte| byte.is_ascii_lowercase());
    let end = word.find(|c: char| !c.is_ascii_lowercase() && c != '-').unwrap_or(word.len());
    let babble = &word[..end];
    (babble.starts_with('x') && babble.ends_with('x') && babble.split('-').count() > 10 && babble.split('-').all(group))
        .then_some(0..end)
}

fn run_of<'a>(word: &'a str, part: impl Fn(u8) -> bool + Copy + 'a) -> impl Iterator<Item = Range<usize>> + 'a {
    let bytes = word.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        (at < bytes.len()).then(|| {
            let run = at..ends(bytes, at, part);
            at = run.end + 1;
            run
        })
    })
}

/// A public key begins with the length of its type's name (RFC 4253 §6.6), which is short. Within other base64 that
/// is as likely a private one's.
fn key(word: &str) -> Option<(Range<usize>, Sort)> {
    let found = word.find("AAAA")?;
    let end = found + run(&word[found..]);
    let before = word[..found].trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == '+').len();
    let sort = if before == found { Sort::PublicKey } else { Sort::Secret };
    (end - before >= KEY).then_some((before..end, sort))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_alone_are_found() {
        let print = "uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s";
        assert_eq!(find(&format!("SHA256:{print}")), Some((7..50, Sort::Fingerprint)));
        assert_eq!(find(&format!("SHA256:{print}agent")), Some((7..50, Sort::Fingerprint)));
        assert_eq!(find("SHA256:uNiVztk..."), Some((7..14, Sort::Fingerprint)));
        assert_eq!(find("MD5:c3:f2:0a:7e:5f:70:36:9e:b2:84:6c:2c:40:64:a1:fc"), Some((4..51, Sort::Fingerprint)));
        assert_eq!(find("AAAAC3NzaC1lZDI1NTE5AAAAIJx"), Some((0..27, Sort::PublicKey)));
        assert_eq!(find(&format!("{print}=")), Some((0..43, Sort::Fingerprint)));
        assert_eq!(find("c3f20a7e5f70369eb2846c2c4064a1fc"), Some((0..32, Sort::Fingerprint)));
        assert_eq!(find("b3BlbnNzAAAABG5vbmUAAAAE"), Some((0..24, Sort::Secret)));
        let sha1 = "c3:f2:0a:7e:5f:70:36:9e:b2:84:6c:2c:40:64:a1:fc:01:02:03:04";
        assert_eq!(find(sha1), Some((0..59, Sort::Fingerprint)));
        assert_eq!(find(&format!("{}.", &sha1[..47])), Some((0..47, Sort::Fingerprint)));
        let babble = "xepoh-dizak-kyvov-kicyd-pinun-rutuf-mynis-vudyb-ruzeb-hynuv-puxex";
        assert_eq!(find(babble), Some((0..65, Sort::Fingerprint)));
        assert_eq!(find(&sha1.replace(':', "-")), Some((0..59, Sort::Fingerprint)));
        for word in ["SHA256:x", "/home/mona/Projects/2024/Q3/Build17/Release", "fe80::1:2:3"] {
            assert_eq!(find(word), None, "{word}");
        }
    }
}
