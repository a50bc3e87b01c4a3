//! The logger, the level and the class before the words.

use crate::dialect::python;
use crate::dialect::table::Head;
use crate::dialect::words::between;
use crate::text::{Sought, begins};

/// The logger's name (`paramiko.util.get_logger`). With it come a time, a level and a thread, in any order and dress.
const LOGGER: Sought = Sought::new("paramiko.transport");

/// The file that logs, for formats that name it in place of the logger.
const FILE: Sought = Sought::new("{transport.py:");

/// The module and the function, for formats that name these.
const FUNCTION: Sought = Sought::new("transport:_log");

/// Where its exceptions are defined. A traceback names the class with it, a program that prints one mostly without.
pub(super) const MODULE: &str = "paramiko.ssh_exception.";

/// How far into a line the logger's name is looked for, in bytes.
const NAMED_WITHIN: usize = 100;

/// Levels as Python's `logging` prints them, whole or cut to three letters.
const LEVELS: &[&str] = &["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL", "DEB", "INF", "WAR", "ERR", "CRI"];

/// Where the words of a logged line begin: behind the logger's name, and what its format puts behind that.
fn logged_at(line: &[u8]) -> Option<usize> {
    let start = &line[..line.len().min(NAMED_WITHIN)];
    let behind = |name: Sought| name.find(start).map(|at| at + name.words().len());
    let named = behind(FUNCTION).or_else(|| behind(LOGGER)).or_else(|| behind(FILE))?;
    // `.sftp`, `:1819`, `}`.
    let rest = &line[named..];
    let name = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || b".}_".contains(byte)).count();
    Some(separated(line, named + name))
}

/// Where the words begin in a line of a format without any name: behind a time, a thread and a level, or a level alone.
fn levelled_at(line: &[u8]) -> Option<usize> {
    let starts = line.first().is_some_and(|byte| byte.is_ascii_digit() || b"[-|DIWEC".contains(byte));
    let start = &line[..line.len().min(NAMED_WITHIN)];
    let word = |at: usize| start[at..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let mut at = 0;
    while starts && at < start.len() {
        let length = word(at);
        let is = std::str::from_utf8(&start[at..at + length]).unwrap_or_default();
        if length > 3 && LEVELS.contains(&is) {
            let words = separated(line, at + length + name(&start[at + length..]));
            // Django's format names the module, the process and the thread.
            let module = line[words..].strip_prefix(b"transport ".as_slice());
            let named = module.filter(|rest| rest.first().is_some_and(u8::is_ascii_digit));
            return Some(named.map_or(words, |rest| separated(line, line.len() - rest.len())));
        }
        at += length.max(1);
    }
    None
}

/// The length of a logger's name behind a level, as `logging.basicConfig` prints it: `:name.of.it:`. A program may give
/// the library one of its own (`Transport.set_log_channel`).
fn name(rest: &[u8]) -> usize {
    let length = rest.iter().skip(1).take_while(|byte| byte.is_ascii_alphanumeric() || b"._".contains(byte)).count();
    let colons = rest.first() == Some(&b':') && rest.get(length + 1) == Some(&b':');
    if colons && length > 0 { length + 2 } else { 0 }
}

/// Behind what a format puts between a name or a level and the words.
fn separated(line: &[u8], mut at: usize) -> usize {
    while let Some(word) = between_words(&line[at..]) {
        at += word;
    }
    at
}

/// The length of a separator, of a level or of a line's number before the words of a message.
fn between_words(rest: &[u8]) -> Option<usize> {
    // ncclient's name of a session.
    if begins(rest, "[host ") {
        return memchr::memmem::find(rest, b"] ").map(|end| end + 2);
    }
    let bare = rest.iter().take_while(|byte| b" :-|]})/,\t".contains(byte)).count();
    if bare > 0 {
        return Some(bare);
    }
    let open = usize::from(rest.starts_with(b"[") || rest.starts_with(b"("));
    let word = rest[open..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let is = std::str::from_utf8(&rest[open..open + word]).ok()?;
    let ends = rest.get(open + word).is_some_and(|byte| b" :-|]),".contains(byte));
    let number = !is.is_empty() && is.bytes().all(|byte| byte.is_ascii_digit());
    // `transport(1895)`, `transport.py:1873`.
    let bracketed = rest.starts_with(b"(") && rest.get(open + word) == Some(&b')');
    if rest[open + word..].starts_with(b".py:") && is == "transport" {
        return Some(word + ".py:".len());
    }
    let known =
        LEVELS.iter().any(|level| is.eq_ignore_ascii_case(level)) && is.len() > 2 || number && (open == 0 || bracketed);
    (known && ends).then_some(open + word)
}

pub(in crate::dialect) fn head(line: &str) -> Head<'_> {
    match logged_at(line.as_bytes()).and_then(|at| Some((line.get(..at)?, line.get(at..)?))) {
        Some((before, words)) => {
            // `paramiko.util.log_to_file` numbers the threads. Each connection has one of its own, and some lines are
            // logged by the thread that waits for it.
            let own = !["Trying ", "Adding ", "Rejecting ", "[chan "].iter().any(|start| words.starts_with(start));
            let stream = between(before, "thr=", " ").map(str::trim).filter(|_| own);
            Head { stream, logged: true, words }
        }
        None => {
            let words = levelled_at(line.as_bytes()).and_then(|at| line.get(at..)).unwrap_or(line);
            let words = python::without_class(words);
            Head::bare(words.strip_prefix(MODULE).unwrap_or(words))
        }
    }
}
