//! What PuTTY puts before its words, and before a server's.

use crate::dialect::table::Head;
use crate::text::begins;

/// Words behind which the server's own follow, each line of them with `| ` in front (0.71 on).
///
/// Dashes stand round them where the terminal has no other way to show whose words they are.
const QUOTES: &[&str] =
    &["Pre-authentication banner message from server:", "Keyboard-interactive authentication prompts from server:"];

/// Whether the lines that follow are a server's, as long as they begin with `| `.
pub(in crate::dialect) fn quotes(line: &str) -> bool {
    let words = line.strip_prefix("-- ").unwrap_or(line);
    QUOTES.iter().any(|start| begins(words.as_bytes(), start))
}

/// `Event Log: ` in a log of `-sshlog`, `FATAL ERROR: ` on the way to the user; the words behind are the same.
pub(super) fn head(line: &str) -> Head<'_> {
    match line.strip_prefix("Event Log: ") {
        Some(words) => Head { stream: None, logged: true, words },
        None => {
            // FileZilla's name for the line.
            let line = line.strip_prefix("Error:").map_or(line, str::trim_start);
            let words = line.strip_prefix("FATAL ERROR: ").unwrap_or(line);
            Head::bare(words.strip_prefix("Disconnected: ").unwrap_or(words))
        }
    }
}
