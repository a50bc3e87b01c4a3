//! What stands before the words.

use crate::dialect::table::Head;

/// `debug1: ` … `debug3: `, or nothing; some releases put the program's name before the words of either.
pub(super) fn head(line: &str) -> Head<'_> {
    let logged = line
        .strip_prefix("debug")
        .and_then(|rest| rest.strip_prefix(['1', '2', '3']))
        .and_then(|rest| rest.strip_prefix(": ").or_else(|| rest.strip_prefix(':')));
    match logged {
        Some(words) => Head { stream: None, logged: true, words: words.trim_start() },
        None => {
            let own = |rest: &&str| !rest.starts_with("connect") && !rest.starts_with("Could");
            Head::bare(line.strip_prefix("ssh: ").filter(own).unwrap_or(line))
        }
    }
}
