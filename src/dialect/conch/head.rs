//! The system of Twisted's log before the words.

use crate::dialect::table::Head;

/// Longest system that is believed, in bytes.
const SYSTEM: usize = 60;

/// Where the words begin behind `[-] ` or another system of Twisted's log (`twisted.python.log`).
pub(super) fn logged_at(line: &[u8]) -> Option<usize> {
    if !line.starts_with(b"[") {
        return None;
    }
    let close = memchr::memchr(b']', &line[..line.len().min(SYSTEM)])?;
    let system = &line[1..close];
    let known = system == b"-" || system.starts_with(b"SSHClientTransport,") || system.starts_with(b"twisted.conch.");
    (known && line.get(close + 1) == Some(&b' ')).then_some(close + 2)
}

pub(super) fn head(line: &str) -> Head<'_> {
    match logged_at(line.as_bytes()).and_then(|at| line.get(at..)) {
        Some(words) => Head { stream: None, logged: true, words },
        None => Head::bare(line),
    }
}
