//! What `connection.py` and `auth.py` log.

use crate::dialect::table::{Row, any, logged};
use crate::dialect::words::methods;
use crate::model::key_type::KeyType;
use crate::model::{Key, Kind};

pub(super) const ROWS: &[Row] = &[
    // Through a tunnel it is another connection's, which has its own number, and says so once it is there.
    any("Opening SSH connection to ", "INFO:asyncssh:Opening SSH connection to box.example, port 22", |rest| {
        let (host, port) = place(rest).filter(|_| !rest.trim_end().ends_with(" via SSH tunnel"))?;
        Some(Kind::Connecting { host: Some(host), address: None, port: Some(port) })
    })
    .signs()
    .inside_if(|rest| place(rest).is_some()),
    logged(
        "Connected to SSH server at ",
        "INFO:asyncssh:[conn=0] Connected to SSH server at box.example, port 22",
        |rest| {
            let (host, port) = place(rest)?;
            Some(Kind::Connecting { host: Some(host), address: None, port: Some(port) })
        },
    ),
    logged("Peer address: ", "INFO:asyncssh:[conn=0]   Peer address: 192.0.2.1, port 22", |rest| {
        let (address, port) = place(rest)?;
        Some(Kind::Connecting { host: None, address: Some(address), port: Some(port) })
    }),
    logged("Sending version SSH-2.0-", "DEBUG:asyncssh:[conn=0] Sending version SSH-2.0-AsyncSSH_2.24.1", |rest| {
        Some(Kind::ClientSoftware { version: rest.trim().to_owned() })
    }),
    logged("Received version SSH-2.0-", "DEBUG:asyncssh:[conn=0] Received version SSH-2.0-OpenSSH_9.2p1", |rest| {
        Some(Kind::RemoteSoftware { software: rest.trim().to_owned() })
    }),
    logged("server-sig-algs: ", "DEBUG:asyncssh:[conn=0]   server-sig-algs: ssh-ed25519,rsa-sha2-256", |rest| {
        Some(Kind::ServerSigAlgs { list: rest.trim().to_owned() })
    }),
    logged("Beginning auth for user ", "INFO:asyncssh:[conn=0] Beginning auth for user dev", |rest| {
        Some(Kind::User { user: rest.trim().to_owned() })
    }),
    // The server's list: first to the request without a method, then to every refusal.
    logged("Remaining auth methods: ", "DEBUG:asyncssh:[conn=0] Remaining auth methods: publickey", |rest| {
        Some(Kind::Methods { list: methods(rest.trim().trim_start_matches("None")) })
    }),
    // The client's own list; it stands before each method that it goes on to.
    logged(
        "Preferred auth methods: ",
        "DEBUG:asyncssh:[conn=0] Preferred auth methods: publickey,keyboard-interactive,password",
        |rest| {
            methods(rest)
                .iter()
                .any(|method| method == "publickey")
                .then(|| Kind::NextMethod { method: "publickey".into() })
        },
    ),
    logged(
        "Trying public key auth with ",
        "DEBUG:asyncssh:[conn=0] Trying public key auth with ssh-ed25519 key",
        |rest| {
            let key = Key { kind: kind(rest.trim().strip_suffix(" key")?), ..Key::default() };
            Some(Kind::Offering { key, explicit: false, token: false })
        },
    ),
    // It signs once the server has said yes.
    logged("Signing request with ", "DEBUG:asyncssh:[conn=0] Signing request with ssh-ed25519 key", |_| {
        Some(Kind::ServerAccepts { key: None })
    }),
    logged(
        "Public key auth failed: Unable to sign with requested key",
        "DEBUG:asyncssh:[conn=0] Public key auth failed: Unable to sign with requested key",
        |_| Some(Kind::AgentRefused { key: Key::default() }),
    ),
    logged("Public key auth failed: ", "DEBUG:asyncssh:[conn=0] Public key auth failed: Touch failed", |rest| {
        Some(Kind::SigningFailed { key: Key::default(), reason: rest.trim().to_owned() })
    }),
    logged("Auth for user ", "INFO:asyncssh:[conn=0] Auth for user dev succeeded", |rest| {
        rest.trim_end().ends_with(" succeeded").then_some(Kind::SessionOpened)
    }),
    logged("Auth failed for user ", "INFO:asyncssh:[conn=0] Auth failed for user dev", |_| Some(Kind::NoMoreMethods)),
    logged(
        "Received disconnect: ",
        "INFO:asyncssh:[conn=0] Received disconnect: Too many authentication failures (2)",
        |rest| {
            let text = rest.rsplit_once(" (").map_or(rest, |(text, _)| text).trim().to_owned();
            Some(Kind::Disconnected { address: None, port: None, text })
        },
    ),
    // What it ends a connection with; the exception may only say that the connection was lost.
    logged(
        "Sending disconnect: ",
        "INFO:asyncssh:[conn=0] Sending disconnect: Host key is not trusted for host box.example (9)",
        |rest| super::exceptions::disconnecting(rest.rsplit_once(" (").map_or(rest, |(text, _)| text)),
    ),
];

/// `HOST, port PORT`, with a tunnel behind it or not.
fn place(text: &str) -> Option<(String, u16)> {
    let (host, rest) = text.split_once(", port ")?;
    let port = rest.split([' ', ',']).next()?.trim().parse().ok()?;
    let host = host.trim();
    (!host.is_empty() && !host.contains(' ')).then(|| (host.to_owned(), port))
}

/// The type of the key that signs by this algorithm.
fn kind(algorithm: &str) -> Option<String> {
    let wire = if algorithm.starts_with("rsa-sha2-") {
        if algorithm.contains("-cert-") { "ssh-rsa-cert-v01@openssh.com" } else { "ssh-rsa" }
    } else {
        algorithm
    };
    KeyType::on_wire(wire).map(|kind| kind.name.to_owned())
}
