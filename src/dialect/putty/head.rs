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
            let line = of_filezilla(line).unwrap_or(line);
            let words = line.strip_prefix("FATAL ERROR: ").unwrap_or(line);
            Head::bare(words.strip_prefix("Disconnected: ").unwrap_or(words))
        }
    }
}

/// The words behind FileZilla's name for an error's line: with a tabulator between, or with what only PuTTY says next.
fn of_filezilla(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("Error:")?;
    let words = rest.trim_start();
    let own = rest.starts_with('\t') || ["FATAL ERROR: ", "Disconnected: "].iter().any(|next| words.starts_with(next));
    own.then_some(words)
}
