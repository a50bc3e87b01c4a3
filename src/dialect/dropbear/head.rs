//! What stands before the words of the trace, and of what it tells its user.

use crate::dialect::table::Head;
use crate::text::Sought;

/// Widest number of process and seconds before the words of a trace, in bytes.
const WIDEST: usize = 40;

/// `TRACE1 (PID) SECONDS: ` before each line of a trace. What it tells its user begins with its name; it is `ssh` where
/// Dropbear is installed as that.
pub(super) fn head(line: &str) -> Head<'_> {
    if let Some((pid, words)) = traced(line) {
        return Head { stream: Some(pid), logged: true, words };
    }
    let named = COLON.split(line).filter(|(name, words)| {
        let name = name.rsplit('/').next().unwrap_or(name);
        let end = words.starts_with("Connection to ") && words.contains(" exited: ") || words.starts_with("Exited: ");
        name == "dbclient" || name == "ssh" && end
    });
    Head::bare(named.map_or(line, |(_, words)| words))
}

const COLON: Sought = Sought::new(": ");

fn traced(line: &str) -> Option<(&str, &str)> {
    let rest = line.strip_prefix("TRACE")?.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start();
    let (pid, rest) = rest.strip_prefix('(')?.split_once(") ")?;
    let (_, words) = rest.get(..rest.len().min(WIDEST))?.find(": ").map(|at| rest.split_at(at + 2))?;
    Some((pid, words))
}
