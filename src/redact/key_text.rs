//! Fingerprints and public keys, by their form.

use std::ops::Range;

use super::sort::Sort;

/// What stands before a digest in base64.
const DIGESTS: &[&str] = &["SHA256:", "SHA512:", "SHA384:", "SHA1:"];

/// Fewest digits of a digest that was cut short and still tells.
const SHORTEST: usize = 6;

/// Fewest digits of a public key that was cut short.
const KEY: usize = 16;

/// Length of an MD5 digest in hexadecimal, with colons.
const MD5: usize = 47;

/// The first fingerprint or public key in a word: its digits.
pub(super) fn find(word: &str) -> Option<(Range<usize>, Sort)> {
    if word.len() < SHORTEST + "SHA1:".len() {
        return None;
    }
    digest(word)
        .map(|at| (at, Sort::Fingerprint))
        .or_else(|| md5(word).map(|at| (at, Sort::Fingerprint)))
        .or_else(|| key(word).map(|at| (at, Sort::PublicKey)))
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
    let most = if *name == "SHA256:" { 43 } else { usize::MAX };
    let digits = run(&word[start..]).min(most);
    if digits < SHORTEST {
        return digest(&word[start..]).map(|found| start + found.start..start + found.end);
    }
    Some(start..start + digits)
}

fn md5(word: &str) -> Option<Range<usize>> {
    if word.len() < MD5 {
        return None;
    }
    let start = word.find("MD5:").map_or(0, |at| at + 4);
    let text = word.get(start..start + MD5)?;
    let pair = |pair: &str| pair.len() == 2 && pair.bytes().all(|byte| byte.is_ascii_hexdigit());
    text.split(':').all(pair).then_some(start..start + MD5)
}

/// A public key begins with the length of its type's name (RFC 4253 §6.6), which is short.
fn key(word: &str) -> Option<Range<usize>> {
    let start = word.find("AAAA")?;
    let digits = run(&word[start..]);
    (digits >= KEY).then_some(start..start + digits)
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
        assert_eq!(find("SHA256:x"), None);
    }
}
