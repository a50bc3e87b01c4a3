//! Erlang's ssh: its reports, what `ssh_dbg` traces, and what `ssh:connect` returns (OTP 25), from Elixir as well.

mod client;
mod head;
mod rows;

use crate::dialect::table::{Dialect, holds};
use crate::model::{Author, Side};

pub(super) static ERLANG: Dialect = Dialect {
    author: Author { id: "erlang", name: "Erlang's ssh", side: Side::Client, read: true, tells_offers: false },
    client: Some(&client::CLIENT),
    rows: &[rows::ROWS],
    marks: &[
        holds("Starting client connection:", "<0.96.0> Starting client connection:"),
        holds("AUTH client: ", "<0.96.0> AUTH client: Query for accepted methods"),
        holds("ssh_fsm_userauth_client", "Module = ssh_fsm_userauth_client, Line = 96."),
        holds("Module = ssh_no_io", "Module = ssh_no_io, Line = 35."),
    ],
    noise: &[
        "=INFO REPORT====",
        "client will use strict KEX ordering",
        "State = {",
        "User interaction is not allowed",
        "Address: ",
        "Details:",
    ],
    noise_within: &[],
    levels: &[],
    twice: false,
    head: head::head,
};
