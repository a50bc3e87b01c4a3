//! PuTTY and plink: the log of `-v`, the event log, `-sshlog`, and what they tell their user (0.60 to 0.83).

mod client;
mod head;
mod log;
mod packets;

pub(in crate::dialect) use head::quotes;

use crate::dialect::table::{Dialect, first};
use crate::model::{Author, Side};

pub(super) static PUTTY: Dialect = Dialect {
    author: Author { id: "putty", name: "PuTTY", side: Side::Client, read: true, tells_offers: true },
    client: Some(&client::CLIENT),
    rows: &[log::ROWS, packets::ROWS],
    marks: &[
        first("We believe remote version has ", "We believe remote version has SSH-2 channel request bug"),
        first("Using SSH protocol version ", "Using SSH protocol version 2"),
        first("FATAL ERROR: ", "FATAL ERROR: Something else"),
        first("Event Log: ", "Event Log: Using SSH protocol version 2"),
    ],
    noise: &[
        "-- Pre-authentication banner message from server: ",
        "-- End of banner message from server ",
        "-- Keyboard-interactive authentication prompts from server: ",
        "-- End of keyboard-interactive prompts from server ",
        "Doing ",
        "Initialised ",
        "Server also has ",
        // A packet's bytes, and what they spell.
        "000",
    ],
    noise_within: &[],
    levels: &[],
    twice: true,
    head: head::head,
};
