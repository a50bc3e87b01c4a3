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
