//! Twisted's conch: the log of `conch -v` and of programs on `twisted.conch.client` (22 to 26).

mod client;
mod rows;

use crate::dialect::table::{Dialect, Head, first, holds};
use crate::model::{Author, Side};

pub(super) static CONCH: Dialect = Dialect {
    author: Author { id: "conch", name: "conch", side: Side::Client, read: true },
    client: Some(&client::CLIENT),
    rows: &[rows::ROWS],
    marks: &[
        holds(
            "twisted.conch.client.",
            "[-] Starting factory <twisted.conch.client.direct.SSHClientFactory object at 0x7fc71c0364d0>",
        ),
        holds(
            "twisted.conch.scripts.",
            "[-] setting client server to <twisted.conch.scripts.conch.SSHConnection object>",
        ),
        holds("twisted.conch.error.", "<class 'twisted.conch.error.ConchError'>: ('bad host key', 9)"),
        first("[SSHClientTransport,client] ", "[SSHClientTransport,client] session 0 open"),
        first("conch: exiting with error ", "conch: exiting with error [Failure instance: Traceback: <class 'x'>: y"),
    ],
    noise: &["Traceback (most recent call last):", "File \""],
    noise_within: &[],
    levels: &[],
    twice: false,
    head,
    words_at: logged_at,
};

/// Longest system that is believed, in bytes.
const SYSTEM: usize = 60;

/// Where the words begin behind `[-] ` or another system of Twisted's log (`twisted.python.log`).
fn logged_at(line: &[u8]) -> Option<usize> {
    if !line.starts_with(b"[") {
        return None;
    }
    let close = memchr::memchr(b']', &line[..line.len().min(SYSTEM)])?;
    let system = &line[1..close];
    let known = system == b"-" || system.starts_with(b"SSHClientTransport,") || system.starts_with(b"twisted.conch.");
    (known && line.get(close + 1) == Some(&b' ')).then_some(close + 2)
}

fn head(line: &str) -> Head<'_> {
    match logged_at(line.as_bytes()).and_then(|at| line.get(at..)) {
        Some(words) => Head { stream: None, logged: true, words },
        None => Head::bare(line),
    }
}
