//! Programs whose lines are recognised, so that they are not taken for OpenSSH's, and not read.

use super::table::{Dialect, Mark, bare_head, holds};
use crate::model::{Author, Side};

pub(super) const fn recognised(id: &'static str, name: &'static str, side: Side, marks: &'static [Mark]) -> Dialect {
    Dialect {
        author: Author { id, name, side, read: false, tells_offers: false },
        client: None,
        rows: &[],
        marks,
        noise: &[],
        noise_within: &[],
        levels: &[],
        twice: false,
        head: bare_head,
    }
}

pub(super) static PARAMIKO_SERVER: Dialect = Dialect {
    head: super::paramiko::head,
    ..recognised(
        "paramiko-server",
        "Paramiko's server",
        Side::Server,
        &[holds(
            "starting thread (server mode): ",
            "DEBUG:paramiko.transport:starting thread (server mode): 0xe14bec90",
        )],
    )
};

pub(super) static CONCH_SERVER: Dialect = recognised(
    "conch-server",
    "Twisted's SSH server",
    Side::Server,
    &[holds("[SSHServerTransport,", "[SSHServerTransport,0,192.0.2.1] starting service b'ssh-userauth'")],
);

pub(super) static ASYNCSSH_SERVER: Dialect = Dialect {
    head: super::asyncssh::head,
    ..recognised(
        "asyncssh-server",
        "AsyncSSH's server",
        Side::Server,
        &[
            holds("] Accepted SSH client connection", "INFO:asyncssh:[conn=0] Accepted SSH client connection"),
            holds("asyncssh:Creating SSH listener on ", "INFO:asyncssh:Creating SSH listener on port 8022"),
        ],
    )
};
