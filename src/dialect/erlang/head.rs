//! The process of a traced line before the words.

use crate::dialect::table::Head;

/// Where the words begin behind the process of a traced line (`ssh_dbg`): `<0.96.0> words`.
pub(super) fn traced_at(line: &[u8]) -> Option<usize> {
    let digits =
        line.strip_prefix(b"<")?.iter().take(24).take_while(|byte| byte.is_ascii_digit() || **byte == b'.').count();
    (digits > 2 && line[digits + 1..].starts_with(b"> ")).then_some(digits + 3)
}

pub(super) fn head(line: &str) -> Head<'_> {
    match traced_at(line.as_bytes()).and_then(|at| Some((line.get(1..at - 2)?, line.get(at..)?))) {
        Some((process, words)) => Head { stream: Some(process), logged: true, words },
        None => Head::bare(line),
    }
}
