//! What errors of several kinds have in common.

use crate::model::Kind;

/// The line was closed, or broken off.
pub(super) fn closed(reset: bool) -> Option<Kind> {
    Some(Kind::Closed { address: None, port: None, reset, proxied: false })
}

/// The words of an error that is told as `CLASS (WORDS)`. The second bracket may be in another line.
pub(super) fn said(error: &str) -> &str {
    let words = error.split_once(" (").map_or(error, |(_, words)| words).trim_end();
    words.strip_suffix(')').unwrap_or(words)
}

pub(super) fn is_about_passphrase(reason: &str) -> bool {
    ["bad decrypt", "Decrypt failed", "pass phrase"].iter().any(|words| reason.contains(words))
}
