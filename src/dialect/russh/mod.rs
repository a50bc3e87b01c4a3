//! russh: its log (env_logger's and tracing's form), and its errors and answers as programs print them.

mod answers;
mod client;
mod errors;
mod head;
mod log;
mod methods;
mod packet;

use crate::dialect::table::{Dialect, first, holds};
use crate::model::{Author, Side};

pub(super) static RUSSH: Dialect = Dialect {
    author: Author { id: "russh", name: "russh", side: Side::Client, read: true, tells_offers: true },
    client: Some(&client::CLIENT),
    rows: &[log::ROWS, answers::ROWS, errors::ROWS],
    marks: &[
        holds(" russh::", "[2026-11-27T09:27:35Z DEBUG russh::client] kex done"),
        holds("[russh::client", "[2026-11-27][09:27:35][russh::client][DEBUG] kex done"),
        first("russh::client", "russh::client: kex done"),
        holds(
            "Failure { remaining_methods: MethodSet(",
            "id: Failure { remaining_methods: MethodSet([]), partial_success: false }",
        ),
    ],
    noise: &["channel_"],
    noise_within: &[],
    levels: &[],
    twice: false,
    head: head::head,
};
