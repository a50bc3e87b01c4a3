//! Private keys' text, line by line.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::plain::colour;
use super::run::ends;

/// Fewest digits that are a key's wherever they stand in a line of its text.
const SHORTEST: usize = 16;

/// Whether a line begins or ends a private key's text, or is within it.
#[derive(Debug, Default)]
pub(super) struct Block {
    open: bool,
    /// What stood before the text in its first line: a stamp, colours, a diff's sign.
    lead: String,
}

/// Where a private key's text begins.
const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";

/// The same in PuTTY's files, and where the private part begins.
const PUTTY: &str = "PuTTY-User-Key-File-";
const PUTTY_LINES: &str = "Private-Lines:";

/// A public key's text (RFC 4716 §3.2), whose digits tell as much of whose it is.
const PUBLIC: &str = "---- BEGIN SSH2 PUBLIC KEY ----";
const PUBLIC_END: &str = "---- END SSH2";

/// Whatever a key's text begins with, in one search: nearly no line has any.
static BEGINS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    #[allow(clippy::expect_used, reason = "constant patterns, compiled by the tests")]
    AhoCorasick::new([BEGIN, PUBLIC, PUTTY, PUTTY_LINES]).expect("constant patterns")
});

impl Block {
    /// Whether a key's text began and has not ended.
    pub(super) fn is_open(&self) -> bool {
        self.open
    }

    /// Whether a key's text may begin in a line.
    pub(super) fn may_begin(line: &str) -> bool {
        BEGINS.is_match(line)
    }

    /// What of a line belongs to a private key.
    pub(super) fn of(&mut self, line: &str) -> Option<Range<usize>> {
        if !self.open && !Self::may_begin(line) {
            return None;
        }
        let begin = line.find(BEGIN).filter(|at| line[*at..].contains("PRIVATE KEY-----"));
        if begin.is_none() && line.contains(PUBLIC) {
            self.open = true;
            self.lead = line.split_once(PUBLIC).map(|(lead, _)| shape(lead)).unwrap_or_default();
            return None;
        }
        let mut from = 0;
        if let Some(at) = begin {
            self.open = true;
            self.lead = shape(&line[..at]);
            from = at + line[at..].find("KEY-----").map_or(0, |end| end + "KEY-----".len());
        } else if let Some(at) = line.find(PUTTY).or_else(|| line.find(PUTTY_LINES)) {
            self.open = true;
            self.lead = shape(&line[..at]);
            return None;
        }
        if !self.open {
            return None;
        }
        let end = line[from..].find(END).or_else(|| line[from..].find(PUBLIC_END)).map(|at| from + at);
        let body = from..end.unwrap_or(line.len());
        let text = &line[body.clone()];
        let found = match (begin, end) {
            (Some(_), _) => trimmed(text),
            // What stands before the last line stood before the first.
            (None, Some(_)) if shape(text) == self.lead => None,
            _ => self.text(text),
        };
        if end.is_some() || begin.is_none() && found.is_none() && !is_header(text) {
            self.open = false;
        }
        found.map(|found| body.start + found.start..body.start + found.end).filter(|found| !found.is_empty())
    }

    /// The key's digits in a line of its text.
    fn text(&self, line: &str) -> Option<Range<usize>> {
        if is_header(line) {
            return line.contains("Private-MAC:").then(|| trimmed(line)).flatten();
        }
        let runs = runs(line);
        let longest = runs.iter().max_by_key(|run| run.len())?;
        if longest.len() >= SHORTEST {
            return Some(longest.clone());
        }
        // The last line of it is a short one.
        let last = runs.last()?;
        let lead = shape(&line[..last.start]);
        (lead == self.lead || !lead.contains(char::is_alphanumeric)).then(|| last.clone())
    }
}

/// Text without blanks and quotation marks round it.
fn trimmed(text: &str) -> Option<Range<usize>> {
    let lead = text.len() - text.trim_start_matches([' ', '\t', '>', '|']).len();
    let kept = text.trim_end().len();
    (kept > lead).then_some(lead..kept)
}

/// Runs of base64 digits.
fn runs(line: &str) -> Vec<Range<usize>> {
    let bytes = line.as_bytes();
    let digit = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    let mut runs = Vec::new();
    let mut at = colour(bytes);
    while at < bytes.len() {
        let end = ends(bytes, at, digit);
        if end > at {
            runs.push(at..end);
        }
        at = end + colour(&bytes[end..]).max(1);
    }
    runs
}

/// What stands before a key's text, whatever time it is there.
fn shape(lead: &str) -> String {
    lead.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect::<String>().trim().to_owned()
}

/// Headers of a key's text (RFC 1421 §4.4; PuTTY's `Recipe` for its files).
const HEADERS: &[&str] = &[
    "Proc-Type:",
    "DEK-Info:",
    "Encryption:",
    "Comment:",
    "Public-Lines:",
    "Private-Lines:",
    "Private-MAC:",
    "Key-Derivation:",
    "Argon2-",
];

/// Whether a line is a header of a key's text, or nothing.
fn is_header(line: &str) -> bool {
    let text = line.trim_matches([' ', '\t', '>', '|', '\\', '"', '\'']);
    text.is_empty() || HEADERS.iter().any(|name| text.contains(name))
}

#[cfg(test)]
mod tests {
    use super::*;

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
            ("---- BEGIN SSH2 PUBLIC KEY ----", false),
            ("Comment: mona", false),
            ("AAAAB3NzaC1yc2EAAAADAQABAAAB", true),
            ("x7w==", true),
            ("---- END SSH2 PUBLIC KEY ----", false),
            ("debug1: bye", false),
            ("-----BEGIN RSA PRIVATE KEY-----", false),
            ("MIIEpAIBAAKCAQEA", true),
            ("debug1: it was cut off", false),
        ];
        for (line, cut) in lines {
            assert_eq!(block.of(line).is_some(), cut, "{line}");
        }
    }

    #[test]
    fn whatever_stands_before_it() {
        for lead in
            ["2024-05-01T10:00:00.123Z ", "[build] 12:00:01 | ", "\u{1b}[33m", "-", "     1\t", "+ echo \"", "debug1: "]
        {
            let mut block = Block::default();
            for (text, cut) in [
                ("-----BEGIN RSA PRIVATE KEY-----", None),
                ("MIIEpAIBAAKCAQEA0123456789", Some("MIIEpAIBAAKCAQEA0123456789")),
                ("Zm9v", Some("Zm9v")),
                ("-----END RSA PRIVATE KEY-----", None),
                ("hello", None),
            ] {
                let line = format!("{}{text}", lead.replace("10:00:00", "10:00:01"));
                assert_eq!(block.of(&line).map(|at| &line[at]), cut, "{line}");
            }
        }
    }
}
