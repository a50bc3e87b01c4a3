//! libssh2: its trace, the messages of programs made after its examples, and curl, which speaks through it.

mod bindings;
mod client;
mod curl;
pub(super) mod errors;
mod examples;
mod head;
mod trace;

use crate::dialect::table::{Dialect, first, holds};
use crate::model::{Author, Side};
use crate::text::Sought;

pub(super) static LIBSSH2: Dialect = Dialect {
    author: Author { id: "libssh2", name: "libssh2", side: Side::Client, read: true, tells_offers: true },
    client: Some(&client::CLIENT),
    rows: &[trace::ROWS, examples::ROWS, bindings::ROWS, curl::ROWS],
    marks: &[
        first("[libssh2] ", "[libssh2] 0.966650 Key Ex: Sent KEX: curve25519-sha256"),
        first("  File \"ssh2/", "  File \"ssh2/utils.pyx\", line 166, in ssh2.utils.handle_error_codes"),
        holds("-packages/pssh/", "  File \"/usr/lib/python3/dist-packages/pssh/clients/common.py\", line 40"),
    ],
    noise: &["all done", "* Closing connection", "* Connection #"],
    noise_within: &[Sought::new("--:--:--")],
    levels: &[],
    twice: true,
    head: head::head,
};
