//! The logger, the connection and the class before the words.

use crate::dialect::python;
use crate::dialect::table::Head;
use crate::text::{Sought, begins};

/// How far into a line the logger's name is looked for, in bytes.
const NAMED_WITHIN: usize = 100;

/// The logger's name, as most formats put it before the words; `.sftp` has lines of its own.
const LOGGER: Sought = Sought::new("asyncssh");

/// The connection's number (`SSHConnection.logger`), and the channel's behind it.
const CONNECTION: Sought = Sought::new("[conn=");

/// What programs put before an exception's words: AsyncSSH's own examples (`examples/simple_client.py`), and its log.
/// The names of its classes (`asyncssh/misc.py`), where a program prints them without their module.
const BEFORE: &[&str] = &[
    "SSH connection failed: ",
    "SFTP operation failed: ",
    "Connection failure: ",
    "PermissionDenied: ",
    "HostKeyNotVerifiable: ",
    "KeyExchangeFailed: ",
    "ConnectionLost: ",
    "KeyImportError: ",
    "KeyEncryptionError: ",
];

/// Where the parts of a logged line stand, in bytes.
struct Parts {
    /// The connection's number.
    number: Option<std::ops::Range<usize>>,
    words: usize,
}

/// `…asyncssh…[conn=0, chan=1] words`, or without a connection `…asyncssh: words`.
fn parts(line: &[u8]) -> Option<Parts> {
    let start = &line[..line.len().min(NAMED_WITHIN)];
    let indented = |at: usize| at + line[at..].iter().take_while(|byte| **byte == b' ').count();
    if let Some(at) = CONNECTION.find(start) {
        let number = at + CONNECTION.words().len();
        let digits = line[number..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let close = number + memchr::memchr(b']', &line[number..line.len().min(number + 24)])?;
        return Some(Parts { number: Some(number..number + digits), words: inner(line, indented(close + 1)) });
    }
    let at = LOGGER.find(start)? + LOGGER.words().len();
    let rest = &line[at..];
    // Behind the name of a logger, and in no path and no class.
    let name = if rest.starts_with(b".sftp") { 5 } else { 0 };
    let behind = rest[name..].iter().take_while(|byte| b" :-]|\t".contains(byte)).count();
    let level =
        ["DEBUG", "INFO", "WARNING", "ERROR"].iter().find(|level| rest[name + behind..].starts_with(level.as_bytes()));
    let level = level.map_or(0, |level| level.len());
    let last = if level == 0 {
        0
    } else {
        rest[name + behind + level..].iter().take_while(|byte| b" :-]|\t".contains(byte)).count()
    };
    (behind > 0 && !rest.starts_with(b" "))
        .then(|| Parts { number: None, words: inner(line, at + name + behind + level + last) })
}

/// Where the words begin behind `Connection failure: `.
fn inner(line: &[u8], at: usize) -> usize {
    at + BEFORE.iter().find(|before| begins(&line[at..], before)).map_or(0, |before| before.len())
}

/// Where the words of an exception begin that is not logged.
fn spoken(line: &[u8]) -> Option<usize> {
    let at = inner(line, 0);
    let class = python::words_at(&line[at..]).unwrap_or_default();
    (at + class > 0).then_some(at + class)
}

pub(in crate::dialect) fn head(line: &str) -> Head<'_> {
    match parts(line.as_bytes()).and_then(|parts| Some((line.get(parts.words..)?, parts.number))) {
        Some((words, number)) => Head {
            stream: number.and_then(|number| line.get(number)),
            logged: true,
            words: python::without_class(words),
        },
        None => Head::bare(spoken(line.as_bytes()).and_then(|at| line.get(at..)).unwrap_or(line)),
    }
}
