//! Addresses and hosts' names, by their form.

use core::net::{Ipv4Addr, Ipv6Addr};
use std::ops::Range;

/// Last labels of names that are hosts' wherever they stand. Left out are those that files and classes have, too.
const LAST: &[&str] = &[
    "com",
    "org",
    "net",
    "edu",
    "gov",
    "mil",
    "int",
    "io",
    "de",
    "fr",
    "nl",
    "eu",
    "uk",
    "ch",
    "ru",
    "cn",
    "jp",
    "kr",
    "br",
    "au",
    "ca",
    "us",
    "es",
    "pl",
    "cz",
    "dk",
    "fi",
    "ie",
    "tw",
    "hk",
    "sg",
    "za",
    "mx",
    "ar",
    "cloud",
    "tech",
    "online",
    "site",
    "xyz",
    "info",
    "biz",
    "local",
    "lan",
    "home",
    "corp",
    "intranet",
    "internal",
    "localdomain",
    "localnet",
    "example",
    "test",
    "invalid",
    "htb",
    "arpa",
    "dev",
    "ai",
    "co",
];

/// Whether a word is an IPv4 address.
pub(super) fn is_v4(word: &str) -> bool {
    word.len() >= 7 && word.as_bytes()[0].is_ascii_digit() && word.parse::<Ipv4Addr>().is_ok()
}

/// Characters of a network card's address.
pub(super) const HARDWARE: usize = 17;

/// Whether a word is a network card's address: six pairs of hexadecimal digits.
pub(super) fn is_hardware(word: &str) -> bool {
    let bytes = word.as_bytes();
    let sign = bytes.get(2).filter(|sign| matches!(sign, b':' | b'-'));
    bytes.len() == HARDWARE
        && sign.is_some_and(|sign| {
            bytes
                .chunks(3)
                .all(|pair| pair[..2].iter().all(u8::is_ascii_hexdigit) && pair.get(2).is_none_or(|byte| byte == sign))
        })
}

/// The IPv4 address within a word: behind or before a hyphen or a line, before a port (`10.0.0.1.22`).
pub(super) fn v4_within(word: &str) -> Option<Range<usize>> {
    let number = |byte: u8| byte.is_ascii_digit() || byte == b'.';
    let bytes = word.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let end = super::run::ends(bytes, at, number);
        let parted =
            |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_none_or(|byte| !byte.is_ascii_alphanumeric());
        let text = word[at..end].trim_end_matches('.');
        let whole = text.match_indices('.').nth(3).map_or(text.len(), |(end, _)| end);
        let port = text[whole..].is_empty() || text[whole + 1..].parse::<u16>().is_ok();
        if port && is_v4(&text[..whole]) && parted(at.checked_sub(1)) && parted(Some(end)) {
            return Some(at..at + whole);
        }
        at = end;
    }
    None
}

/// Whether an address with hyphens is a host's name: `ip-10-0-0-1`.
pub(super) fn is_hyphened(word: &str) -> bool {
    let label = word.split('.').next().unwrap_or_default();
    let numbers = label.rsplit('-').take_while(|part| part.parse::<u8>().is_ok()).count();
    numbers == 4 && ["ip-", "ec2-", "host-"].iter().any(|start| label.starts_with(start))
}

/// The IPv6 address in a word; its zone (RFC 4007 §11) stays.
pub(super) fn v6(word: &str) -> Option<Range<usize>> {
    if word.bytes().filter(|byte| *byte == b':').count() < 2 {
        return None;
    }
    let text = word.trim_end_matches(['.', ':']);
    let text = if word[text.len()..].starts_with("::") { &word[..text.len() + 2] } else { text };
    let end = text.find('%').unwrap_or(text.len());
    text[..end].parse::<Ipv6Addr>().is_ok().then_some(0..end)
}

/// Whether a word has the form of a host's full name.
pub(super) fn is_name(word: &str) -> bool {
    let Some((before, last)) = word.rsplit_once('.') else { return false };
    let label = |label: &str| {
        !label.is_empty()
            && label
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_'))
    };
    LAST.contains(&last) && before.split('.').all(label) && before.contains(|c: char| c.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn within() {
        for (word, at) in
            [("10.0.0.1.22", Some(0..8)), ("x_10.0.0.1_y", Some(2..10)), ("v10.0.0.1", None), ("8.0.0.1p1", None)]
        {
            assert_eq!(v4_within(word), at, "{word}");
        }
        assert!(is_hardware("52:54:00:ab:cd:9e") && is_hardware("52-54-00-AB-CD-9E"));
        assert!(!is_hardware("52:54-00:ab:cd:9e") && !is_hardware("12:34:56:78:9a:bcd"));
    }

    #[test]
    fn forms() {
        assert!(is_v4("10.0.0.1") && !is_v4("10.0.1") && !is_v4("9.2.1.300"));
        for (word, end) in [("2001:db8::7", 11), ("fe80::1%eth0", 7), ("::1", 3), ("fe80::", 6), ("2001:db8::7.", 11)] {
            assert_eq!(v6(word), Some(0..end), "{word}");
        }
        assert!(v6("12:00:01").is_none() && v6("std::io").is_none());
        assert!(is_name("build.corp.example") && !is_name("client.rs") && !is_name("java.net.ConnectException"));
    }
}
