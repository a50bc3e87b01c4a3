//! Time, level and function before the words.

use super::log::DENIED;
use crate::dialect::table::Head;
use crate::text::Sought;

/// Longest time stamp with its level, and longest name of a function, in bytes.
const STAMP: usize = 40;

const WIDEST: usize = 80;

/// Takes time, level and function off.
///
/// An error is logged as it is set and as it is met: at levels 1 and 2 by 0.10, at 4 and 3 by 0.11. What stands at an even
/// level is the copy, and says nothing.
pub(super) fn head(line: &str) -> Head<'_> {
    let Some((level, words)) = taken_apart(line) else {
        let words = handed_on(line.as_bytes()).and_then(|at| line.get(at..));
        return words.map_or(Head::bare(line), |words| Head { stream: None, logged: true, words });
    };
    let copy = matches!(level, "2" | "4") && words.starts_with(DENIED);
    Head { stream: None, logged: true, words: if copy { "" } else { words } }
}

/// What stands behind stamp and level.
const BEHIND: Sought = Sought::new("] ");

fn taken_apart(line: &str) -> Option<(&str, &str)> {
    let (stamp, rest) = BEHIND.split(line.strip_prefix('[')?)?;
    let (time, level) = stamp.rsplit_once(", ")?;
    let digits = |c: char| c.is_ascii_digit() || "/:. ".contains(c);
    if time.len() > STAMP || !time.contains(':') || !time.chars().all(digits) || level.len() != 1 {
        return None;
    }
    let (function, words) = rest.split_once(":  ")?;
    (function.len() <= WIDEST && !function.contains(' ')).then_some((level, words))
}

/// Behind the function's name, where a program logs what it is called back with (`ssh_set_log_callback`): WezTerm's
/// `[libssh::FUNCTION] `, or `libssh::FUNCTION  > `.
fn handed_on(line: &[u8]) -> Option<usize> {
    let near = &line[..line.len().min(WIDEST)];
    let name = CALLED.find(near)? + CALLED.words().len();
    let rest = &line[name..];
    let end = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
    let gap = rest[end..].iter().take_while(|byte| b" >]".contains(byte)).count();
    (end > 0 && gap > 1).then_some(name + end + gap)
}

const CALLED: Sought = Sought::new("libssh::");
