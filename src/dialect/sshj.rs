//! sshj, and what speaks through it (`JetBrains`' tools, Rundeck, Gradle's plugins): its exceptions and its log (0.9 to 0.39).
//!
//! Behind its exception stands that of the layer below, with `Caused by: `: it names the key.

use super::table::{Row, within};
use super::words::{between, methods};
use crate::model::{Key, Kind};

pub(super) const ROWS: &[&[Row]] = &[LOG, LOGIN, LINE];

/// What it logs of itself and of its methods (transport/TransportImpl.java, userauth/UserAuthImpl.java).
const LOG: &[Row] = &[
    within("Client identity string: SSH-2.0-", "INFO  TransportImpl - Client identity string: SSH-2.0-SSHJ_0.38.0", |_, rest| {
        Some(Kind::ClientSoftware { version: rest.trim_end().to_owned() })
    })
    .signs(),
    within("Server identity string: SSH-2.0-", "INFO  TransportImpl - Server identity string: SSH-2.0-OpenSSH_9.2p1", |_, rest| {
        Some(Kind::RemoteSoftware { software: rest.trim_end().to_owned() })
    })
    .signs(),
    within("` auth...", "DEBUG UserAuthImpl - Trying `publickey` auth...", |before, _| {
        let method = before.rsplit_once("Trying `")?.1.to_owned();
        Some(Kind::NextMethod { method })
    })
    .signs(),
    within("Attempting authentication using ", "DEBUG AuthPublickey - Attempting authentication using PKCS8KeyFile{resource=[PrivateKeyFileResource] /home/dev/.ssh/id}", |_, rest| {
        let offering = Kind::Offering { key: Key::default(), explicit: false, token: false };
        Some(Kind::Several(resource(rest).map(|path| Kind::KeyFile { path }).into_iter().chain([offering]).collect()))
    })
    .signs(),
    within("Key acceptable, sending signed request", "DEBUG AuthPublickey - Key acceptable, sending signed request", |_, _| {
        Some(Kind::ServerAccepts { key: None })
    })
    .signs(),
    within("` auth successful", "DEBUG UserAuthImpl - `publickey` auth successful", |before, _| {
        Some(Kind::Succeeded { method: before.rsplit_once('`')?.1.to_owned() })
    })
    .signs(),
    within("` auth failed", "DEBUG UserAuthImpl - `publickey` auth failed", |before, _| match before.rsplit_once('`')?.1 {
        "publickey" => Some(Kind::Refused { key: None }),
        "password" => Some(Kind::PasswordRefused),
        _ => None,
    })
    .signs(),
    // `JetBrains`' words before the library's exception.
    within("Brief info: SSH connection to ", "WARN - #c.i.s.i.s.sshj - Failed to connect. Brief info: SSH connection to dev@box.example:22", |_, rest| {
        let crate::shell::Place { user, host, port } = crate::shell::place(rest.trim_end())?;
        Some(Kind::Destination { user, host, port })
    })
    .signs(),
];

/// Of a login and its keys (SSHClient.java, userauth/method/KeyedAuthMethod.java).
const LOGIN: &[Row] = &[
    within(
        "UserAuthException: Exhausted available authentication methods",
        "net.schmizz.sshj.userauth.UserAuthException: Exhausted available authentication methods",
        |_, _| Some(Kind::Denied { user: None, host: None, methods: Vec::new() }),
    )
    .signs(),
    // The public half is asked for first; without it nothing is offered.
    within(
        "UserAuthException: Problem getting public key from ",
        "Caused by: net.schmizz.sshj.userauth.UserAuthException: Problem getting public key from PKCS8KeyFile{resource=[PrivateKeyFileResource] /home/dev/.ssh/id}",
        |_, rest| {
            let reason = "its public key could not be read".to_owned();
            Some(Kind::LoadKeyFailed { path: resource(rest).unwrap_or_default(), reason, public: false })
        },
    )
    .signs(),
    // The private one is opened once the server has said yes to the public one.
    within(
        "UserAuthException: Problem getting private key from ",
        "Caused by: net.schmizz.sshj.userauth.UserAuthException: Problem getting private key from PKCS8KeyFile{resource=[PrivateKeyFileResource] /home/dev/.ssh/id}",
        |_, rest| {
            let key = Key { path: resource(rest), ..Key::default() };
            let said_yes = Kind::ServerAccepts { key: Some(key.clone()) };
            let reason = "its private key could not be opened".to_owned();
            Some(Kind::Several(vec![said_yes, Kind::SigningFailed { key, reason }]))
        },
    )
    .signs(),
];

/// Of the line (transport/, `ConnectionException` and `TransportException`).
const LINE: &[Row] = &[
    within(
        "Could not verify `",
        "net.schmizz.sshj.transport.TransportException: [HOST_KEY_NOT_VERIFIABLE] Could not verify `ssh-ed25519` host key with fingerprint `SHA256:x` for `box.example` on port 22",
        |_, rest| {
            let (kind, rest) = rest.split_once("` host key with fingerprint `")?;
            let (_, rest) = rest.split_once("` for `")?;
            let (host, port) = rest.split_once("` on port ")?;
            let port = port.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok();
            Some(Kind::Several(vec![
                Kind::Destination { user: None, host: host.to_owned(), port },
                Kind::HostKey { kind: kind.to_owned(), fingerprint: None },
                Kind::HostKeyFailed,
            ]))
        },
    )
    .signs(),
    within(
        "TransportException: Server closed connection during identification exchange",
        "net.schmizz.sshj.transport.TransportException: Server closed connection during identification exchange",
        |_, _| Some(Kind::IdentificationFailed { text: "the server closed the connection".into() }),
    )
    .signs(),
    within(
        "Unable to reach a settlement",
        "net.schmizz.sshj.transport.TransportException: Unable to reach a settlement: [ssh-ed25519] and [ssh-rsa]",
        |before, rest| {
            let (what, lists) = rest.split_once(": [")?;
            let what = match what.trim_start_matches(" of ") {
                "KeyExchangeAlgorithms" => "key exchange method",
                "HostKeyAlgorithms" => "host key type",
                name if name.contains("Cipher") => "cipher",
                name if name.contains("MAC") => "MAC",
                _ => "algorithm",
            };
            let offer = between(lists, "] and [", "]").map(|list| methods(list).join(","));
            let thrown = before.contains("TransportException");
            thrown.then(|| Kind::NoCommonAlgorithm { what: what.into(), offer, address: None, port: None })
        },
    )
    .signs(),
    within("TransportException: Timeout expired", "net.schmizz.sshj.transport.TransportException: Timeout expired", |_, _| {
        timed_out()
    })
    .signs(),
    within("ConnectionException: Timeout expired", "net.schmizz.sshj.connection.ConnectionException: Timeout expired: 30000 MILLISECONDS", |_, _| {
        timed_out()
    })
    .signs(),
    within(
        "TransportException: Broken transport; encountered EOF",
        "net.schmizz.sshj.transport.TransportException: Broken transport; encountered EOF",
        |_, _| Some(Kind::Closed { address: None, port: None, reset: false, proxied: false }),
    )
    .signs(),
    // The reason's name, and the server's own words (SSH_MSG_DISCONNECT).
    within(
        "Exception: [PROTOCOL_ERROR] ",
        "net.schmizz.sshj.userauth.UserAuthException: [PROTOCOL_ERROR] Too many authentication failures",
        |before, text| {
            let ours = before.contains("net.schmizz.sshj.");
            ours.then(|| Kind::Disconnected { address: None, port: None, text: text.trim_end().to_owned() })
        },
    )
    .signs(),
    within(
        "net.schmizz.sshj.transport.TransportException: ",
        "net.schmizz.sshj.transport.TransportException: [KEY_EXCHANGE_FAILED] KeyExchange signature verification failed",
        |_, reason| Some(Kind::ClientFailed { reason: reason.trim_end().to_owned() }),
    )
    .signs(),
];

/// The file that a key provider reads: `PKCS8KeyFile{resource=[PrivateKeyFileResource] /home/dev/.ssh/id}`.
fn resource(provider: &str) -> Option<String> {
    let path = between(provider, "resource=[PrivateKeyFileResource] ", "}")?;
    Some(path.to_owned())
}

fn timed_out() -> Option<Kind> {
    Some(Kind::ConnectionFailed { address: None, port: None, reason: "timed out".into() })
}
