//! What stands before the words of its log: env_logger's form and tracing's.

use crate::dialect::table::Head;
use crate::text::Sought;

/// `[TIME LEVEL russh::MODULE] WORDS` of env_logger, `TIME LEVEL russh::MODULE: WORDS` of tracing.
pub(super) fn head(line: &str) -> Head<'_> {
    match words_in(line) {
        Some(at) => Head { stream: None, logged: true, words: &line[at..] },
        None => Head::bare(line),
    }
}

/// As the log crate names them.
const LEVELS: &[&str] = &["TRACE", "DEBUG", "INFO", "WARN", "ERROR"];

/// How far into a line a module's name is looked for, in bytes.
const FAR: usize = 66;

const MODULE: Sought = Sought::new("russh::");

/// Where the words begin in a line of russh's own modules, at whatever level.
fn words_in(line: &str) -> Option<usize> {
    let module = MODULE.find(&line.as_bytes()[..line.len().min(FAR)])?;
    // The level stands right before the module, or right behind it.
    let before = line[..module].trim_end_matches(|c: char| " []|:-".contains(c));
    let level = before.rsplit([' ', '[']).next().unwrap_or_default();
    let name = line[module..].find(|c: char| !c.is_ascii_lowercase() && c != '_' && c != ':')?;
    // Of tracing's form the colon before the blank ends the module's name.
    let end = module + name;
    let rest = line[end..].trim_start_matches([']', '[', ' ', '-']);
    let behind = LEVELS.iter().find_map(|level| rest.strip_prefix(level)?.strip_prefix("] "));
    if behind.is_none() && !level.is_empty() && !LEVELS.contains(&level) {
        return None;
    }
    let words = behind.unwrap_or(rest).trim_start();
    Some(line.len() - words.len())
}
