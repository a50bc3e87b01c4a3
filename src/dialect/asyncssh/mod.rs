//! AsyncSSH: what it logs, and its exceptions (2.0 to 2.24).

mod client;
mod exceptions;
mod head;
mod log;

pub(super) use head::head;

use crate::dialect::python;
use crate::dialect::table::{Dialect, first, holds};
use crate::model::{Author, Side};

pub(super) static ASYNCSSH: Dialect = Dialect {
    author: Author { id: "asyncssh", name: "AsyncSSH", side: Side::Client, read: true, tells_offers: true },
    client: Some(&client::CLIENT),
    rows: &[log::ROWS, exceptions::ROWS, python::ROWS],
    marks: &[
        holds("asyncssh:Opening SSH connection to ", "INFO:asyncssh:Opening SSH connection to box.example, port 22"),
        holds(
            "] Connected to SSH server at ",
            "INFO:asyncssh:[conn=0] Connected to SSH server at box.example, port 22",
        ),
        holds("Sending version SSH-2.0-AsyncSSH_", "DEBUG:asyncssh:[conn=0] Sending version SSH-2.0-AsyncSSH_2.24.1"),
        first("asyncssh.misc.", "asyncssh.misc.ConnectionLost: Connection lost"),
        first("asyncssh.public_key.", "asyncssh.public_key.KeyImportError: Invalid private key"),
        first("asyncssh.config.", "asyncssh.config.ConfigParseError: Missing value"),
        holds(
            "/scrapli/transport/plugins/asyncssh/",
            "  File \"/usr/lib/python3/dist-packages/scrapli/transport/plugins/asyncssh/transport.py\", line 202, in open",
        ),
        holds("-packages/asyncssh/", "  File \"/usr/lib/python3/dist-packages/asyncssh/connection.py\", line 7406"),
        holds("-packages\\asyncssh\\", "  File \"C:\\Python\\Lib\\site-packages\\asyncssh\\connection.py\", line 12"),
    ],
    noise: &["Traceback (most recent call last):", "  File \""],
    noise_within: &[],
    levels: &[],
    twice: false,
    head: head::head,
};
