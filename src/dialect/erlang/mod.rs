//! Erlang's ssh: its reports, what `ssh_dbg` traces, and what `ssh:connect` returns (OTP 25), from Elixir as well.

mod client;
mod rows;

use crate::dialect::table::{Dialect, Head, holds};
use crate::model::{Author, Side};

pub(super) static ERLANG: Dialect = Dialect {
    author: Author { id: "erlang", name: "Erlang's ssh", side: Side::Client, read: true },
    client: Some(&client::CLIENT),
    rows: &[rows::ROWS],
    marks: &[
        holds("Starting client connection:", "<0.96.0> Starting client connection:"),
        holds("AUTH client: ", "<0.96.0> AUTH client: Query for accepted methods"),
        holds("ssh_fsm_userauth_client", "Module = ssh_fsm_userauth_client, Line = 96."),
        holds("Module = ssh_no_io", "Module = ssh_no_io, Line = 35."),
    ],
    noise: &["=INFO REPORT====", "client will use strict KEX ordering", "State = {", "Address: ", "Details:"],
    noise_within: &[],
    levels: &[],
    twice: false,
    head,
    words_at: traced_at,
};

/// Where the words begin behind the process of a traced line (`ssh_dbg`): `<0.96.0> words`.
fn traced_at(line: &[u8]) -> Option<usize> {
    let digits =
        line.strip_prefix(b"<")?.iter().take(24).take_while(|byte| byte.is_ascii_digit() || **byte == b'.').count();
    (digits > 2 && line[digits + 1..].starts_with(b"> ")).then_some(digits + 3)
}

fn head(line: &str) -> Head<'_> {
    match traced_at(line.as_bytes()).and_then(|at| Some((line.get(1..at - 2)?, line.get(at..)?))) {
        Some((process, words)) => Head { stream: Some(process), logged: true, words },
        None => Head::bare(line),
    }
}
