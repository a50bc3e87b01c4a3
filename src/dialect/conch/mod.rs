//! Twisted's conch: the log of `conch -v` and of programs on `twisted.conch.client` (22 to 26).

mod client;
mod head;
mod rows;

use crate::dialect::table::{Dialect, first, holds};
use crate::model::{Author, Side};

pub(super) static CONCH: Dialect = Dialect {
    author: Author { id: "conch", name: "conch", side: Side::Client, read: true, tells_offers: true },
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
    head: head::head,
};
