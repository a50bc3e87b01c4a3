//! Paramiko: what it logs, and its exceptions (1.18 to 5.1). Fabric and Ansible speak through it.

mod client;
mod exceptions;
mod fabric;
mod head;
mod log;
mod wrappers;

pub(super) use head::head;

use crate::dialect::python;
use crate::dialect::table::{Dialect, first, holds};
use crate::model::{Author, Side};

pub(super) static PARAMIKO: Dialect = Dialect {
    author: Author { id: "paramiko", name: "Paramiko", side: Side::Client, read: true, tells_offers: true },
    client: Some(&client::CLIENT),
    rows: &[log::ROWS, exceptions::ROWS, wrappers::ROWS, fabric::ROWS, python::ROWS],
    marks: &[
        first(head::MODULE, "paramiko.ssh_exception.SSHException: Something else"),
        first("paramiko.hostkeys.InvalidHostKey: ", "paramiko.hostkeys.InvalidHostKey: ('@cert-authority x', None)"),
        holds(
            "-packages/paramiko/",
            "  File \"/usr/lib/python3/dist-packages/paramiko/client.py\", line 12, in connect",
        ),
        holds(
            "/scrapli/transport/plugins/paramiko/",
            "  File \"/usr/lib/python3/dist-packages/scrapli/transport/plugins/paramiko/transport.py\", line 97, in open",
        ),
        holds("-packages/netmiko/", "  File \"/usr/lib/python3/dist-packages/netmiko/base_connection.py\", line 4"),
        holds("-packages/sshtunnel.py", "  File \"/usr/lib/python3/dist-packages/sshtunnel.py\", line 1331, in start"),
        holds("-packages\\paramiko\\", "  File \"C:\\Python\\Lib\\site-packages\\paramiko\\client.py\", line 12"),
    ],
    noise: &["Traceback (most recent call last):", "  File \""],
    noise_within: &[],
    levels: &[],
    twice: false,
    head: head::head,
};
