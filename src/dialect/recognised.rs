//! Programs whose lines are recognised, so that they are not taken for OpenSSH's, and not read.

use super::table::{Dialect, Head, Mark, first, holds};
use crate::model::{Author, Side};

const fn recognised(id: &'static str, name: &'static str, side: Side, marks: &'static [Mark]) -> Dialect {
    Dialect {
        author: Author { id, name, side, read: false },
        client: None,
        rows: &[],
        marks,
        noise: &[],
        noise_within: &[],
        levels: &[],
        twice: false,
        head: |line| Head::bare(line),
        words_at: |_| None,
    }
}

pub(super) static SSHD: Dialect = recognised(
    "sshd",
    "OpenSSH's server",
    Side::Server,
    &[
        holds("sshd[", "May 10 22:47:08 web sshd[5799]: Server listening on 0.0.0.0 port 22."),
        holds("sshd-session[", "May 10 22:47:08 web sshd-session[5799]: Connection closed by 192.0.2.1 port 59061"),
        holds("sshd-auth[", "May 10 22:47:08 web sshd-auth[5799]: Connection closed by 192.0.2.1 port 59061"),
        holds("[preauth]", "Connection closed by 192.0.2.1 port 59061 [preauth]"),
        first("Server listening on ", "Server listening on 0.0.0.0 port 22."),
        first("debug1: sshd version ", "debug1: sshd version OpenSSH_9.2, OpenSSL 3.0.11 19 Sep 2023"),
        first("debug1: sshd-session version ", "debug1: sshd-session version OpenSSH_9.9, OpenSSL 3.0.11"),
        first(
            "debug1: Server will not fork when running in debugging mode",
            "debug1: Server will not fork when running in debugging mode.",
        ),
        first("debug1: inetd sockets after dup", "debug1: inetd sockets after dupping: 4, 4"),
        first(
            "debug1: Client protocol version 2.0; client software version ",
            "debug1: Client protocol version 2.0; client software version OpenSSH_9.6",
        ),
        first(
            "debug1: userauth-request for user ",
            "debug1: userauth-request for user dev service ssh-connection method none",
        ),
        first("Accepted publickey for ", "Accepted publickey for dev from 192.0.2.1 port 59061 ssh2: ED25519 SHA256:x"),
        first("Failed publickey for ", "Failed publickey for dev from 192.0.2.1 port 59061 ssh2: ED25519 SHA256:x"),
        first(
            "Authentication refused: bad ownership or modes for ",
            "Authentication refused: bad ownership or modes for directory /home/dev/.ssh",
        ),
    ],
);

pub(super) static DROPBEAR: Dialect = recognised(
    "dropbear-server",
    "Dropbear's server",
    Side::Server,
    &[holds("dropbear[", "May 10 22:47:08 web dropbear[5799]: Child connection from 192.0.2.1:59061")],
);

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

pub(super) static LIBGIT2: Dialect = recognised(
    "libgit2",
    "libgit2",
    Side::Client,
    &[holds("class=Ssh (", "error authenticating: no auth sock variable; class=Ssh (23)")],
);

pub(super) static JSCH: Dialect =
    recognised("jsch", "JSch", Side::Client, &[holds("com.jcraft.jsch", "com.jcraft.jsch.JSchException: Auth fail")]);
