//! The trace (`-v`), of a build that has one.

use super::endpoint::endpoint;
use crate::dialect::table::{Row, logged};
use crate::dialect::words::kind;
use crate::model::Kind;

pub(super) const ROWS: &[Row] = &[
    logged("connect to: user=", "TRACE1 (24773) 0.000000: connect to: user=deploy host=box/2222", |rest| {
        let (user, place) = rest.split_once(" host=")?;
        let (host, port) = place.trim_end().rsplit_once('/')?;
        Some(endpoint(user, host, port, None))
    })
    .signs(),
    logged("cli_connected", "TRACE1 (24773) 0.001855: cli_connected", |_| Some(Kind::Established)).signs(),
    logged("remoteident: SSH-2.0-", "TRACE1 (24773) 0.009683: remoteident: SSH-2.0-OpenSSH_9.2p1 Debian-2", |rest| {
        Some(Kind::RemoteSoftware { software: rest.trim_end().to_owned() })
    }),
    logged("server match SHA256:", "TRACE1 (24773) 0.017007: server match SHA256:abc", |_| Some(Kind::ServiceAccepted))
        .signs(),
    logged(
        "enter send_msg_userauth_pubkey",
        "TRACE1 (24773) 0.075852: enter send_msg_userauth_pubkey rsa-sha2-256",
        |rest| Some(Kind::KeySent { kind: kind(rest.trim()) }),
    )
    .signs(),
    logged("received msg_userauth_success", "TRACE1 (24773) 0.089372: received msg_userauth_success", |_| {
        Some(Kind::SessionOpened)
    })
    .signs(),
];
