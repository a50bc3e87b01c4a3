//! Dropbear's client: its last words, and the trace of a build that has one (2020 to 2026).
//!
//! Most builds print no more than why they end. The trace (`-v`) names of a key only its algorithm, with one line for
//! the query and the same line for the signature.

mod client;
mod endpoint;
mod head;
mod last_words;
mod trace;

use crate::dialect::table::{Dialect, first, holds};
use crate::model::{Author, Side};

pub(super) static DROPBEAR: Dialect = Dialect {
    author: Author { id: "dropbear", name: "Dropbear's client", side: Side::Client, read: true, tells_offers: true },
    client: Some(&client::CLIENT),
    rows: &[trace::ROWS, last_words::ROWS],
    marks: &[
        first("dbclient: ", "dbclient: Something else"),
        first("Dropbear SSH client v", "Dropbear SSH client v2022.83 https://matt.ucc.asn.au/dropbear/dropbear.html"),
        holds(": cli_connected", "TRACE1 (24773) 0.001855: cli_connected"),
        holds(
            ": enter send_msg_userauth_pubkey",
            "TRACE1 (24773) 0.075852: enter send_msg_userauth_pubkey ssh-ed25519",
        ),
    ],
    noise: &["WARNING: Ignoring unknown "],
    noise_within: &[],
    levels: &[],
    twice: false,
    head: head::head,
};
