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
    fn forms() {
        assert!(is_v4("10.0.0.1") && !is_v4("10.0.1") && !is_v4("9.2.1.300"));
        for (word, end) in [("2001:db8::7", 11), ("fe80::1%eth0", 7), ("::1", 3), ("fe80::", 6), ("2001:db8::7.", 11)] {
            assert_eq!(v6(word), Some(0..end), "{word}");
        }
        assert!(v6("12:00:01").is_none() && v6("std::io").is_none());
        assert!(is_name("build.corp.example") && !is_name("client.rs") && !is_name("java.net.ConnectException"));
    }
}
