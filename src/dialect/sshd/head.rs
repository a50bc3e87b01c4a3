//! What syslog, a file and the level put before the words.

use super::rows::ROWS;
use crate::dialect::daemon::{filed, tagged, unlevelled};
use crate::dialect::table::Head;
use crate::text::Sought;

const NAME: Sought = Sought::new("sshd");

/// What stands behind it where another program of the server's writes.
const HELPERS: &[&str] = &["-session", "-auth"];

pub(super) fn head(line: &str) -> Head<'_> {
    match tagged(line, NAME, HELPERS) {
        Some(tagged) => Head { stream: tagged.process, logged: true, words: unlevelled(tagged.words) },
        None => filed_head(line).unwrap_or_else(|| Head::bare(unlevelled(line))),
    }
}

/// Of a file that names nobody, a line with words of sshd's.
fn filed_head(line: &str) -> Option<Head<'_>> {
    let filed = filed(line)?;
    let words = unlevelled(filed.words);
    let known = ROWS.iter().copied().flatten().any(|row| words.starts_with(row.words));
    known.then_some(Head { stream: filed.process, logged: true, words })
}
