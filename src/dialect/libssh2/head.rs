//! What the trace and curl put before their words.

use super::curl;
use crate::dialect::table::Head;

/// `[libssh2] SECONDS.MICROSECONDS CONTEXT: WORDS` (libssh2's misc.c); curl puts `* ` before what it tells at -v.
pub(super) fn head(line: &str) -> Head<'_> {
    if let Some(rest) = line.strip_prefix("[libssh2] ") {
        let words = rest.split_once(' ').map_or(rest, |(_, words)| words);
        return Head { stream: None, logged: true, words };
    }
    curl::head(line)
}

/// Where the words of a line begin.
pub(super) fn words_at(line: &[u8]) -> Option<usize> {
    match line {
        [b'*', b' ', rest @ ..] => rest.iter().position(|byte| *byte != b' ').map(|blanks| 2 + blanks),
        _ => line.starts_with(b"[libssh2] ").then(|| words_in(line)).flatten(),
    }
}

/// Where the words of a line of the trace begin.
fn words_in(line: &[u8]) -> Option<usize> {
    let mark = b"[libssh2] ".len();
    line[mark..].iter().position(|byte| *byte == b' ').map(|at| mark + at + 1)
}
