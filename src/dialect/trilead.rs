//! Trilead SSH and Ganymed, and what Jenkins says that speaks through them: its launcher of agents and its credentials.
//!
//! Jenkins tells the whole story in sentences of its own (the ssh-slaves plugin's messages, and the authenticators of the
//! ssh-credentials plugin, 2014 to 2024); the library tells of the line alone, in exceptions (com.trilead.ssh2,
//! ch.ethz.ssh2).

use super::table::{Row, within};
use super::words::{between, methods};
use crate::model::{Key, Kind};
use crate::shell::place;

pub(super) const ROWS: &[&[Row]] = &[LAUNCHER, CREDENTIALS, LIBRARY];

/// `[05/01/24 10:00:00] [SSH] WORDS`
const LAUNCHER: &[Row] = &[
    within(
        "[SSH] Opening SSH connection to ",
        "[05/01/24 10:00:00] [SSH] Opening SSH connection to box.example:2222.",
        |_, rest| {
            let (host, port) = rest.trim_end().trim_end_matches('.').rsplit_once(':')?;
            let host = Some(host.trim_matches(['[', ']']).to_owned());
            Some(Kind::Connecting { host, address: None, port: Some(port.parse().ok()?) })
        },
    )
    .signs(),
    within(
        "[SSH] SSH host key matches key ",
        "[05/01/24 10:00:00] [SSH] SSH host key matches key in Known Hosts file. Connection will be allowed.",
        |_, _| Some(Kind::HostKeyKnown { host: None, port: None }),
    )
    .signs(),
    within(
        "[SSH] WARNING: No entry currently exists in the Known Hosts file for this host",
        "[05/01/24 10:00:00] [SSH] WARNING: No entry currently exists in the Known Hosts file for this host. Connections will be denied",
        |_, _| unknown(),
    )
    .signs(),
    within(
        "[SSH] WARNING: The SSH key for this host is not currently trusted",
        "[05/01/24 10:00:00] [SSH] WARNING: The SSH key for this host is not currently trusted. Connections will be denied",
        |_, _| unknown(),
    )
    .signs(),
    within("[SSH] No Known Hosts file was found at ", "[SSH] No Known Hosts file was found at /srv/ci/.ssh/known_hosts.", |_, _| {
        unknown()
    })
    .signs(),
    within(
        "[SSH] WARNING: The SSH key for this host does not match the key ",
        "[05/01/24 10:00:00] [SSH] WARNING: The SSH key for this host does not match the key required in the Known Hosts file.",
        |_, _| Some(Kind::HostKeyNotAmong { host: None }),
    )
    .signs(),
    within("[SSH] Authentication successful.", "[05/01/24 10:00:00] [SSH] Authentication successful.", |_, _| {
        Some(Kind::SessionOpened)
    })
    .signs(),
    within("[SSH] Authentication failed.", "[05/01/24 10:00:00] [SSH] Authentication failed.", |_, _| denied(None)).signs(),
    // The same once more, as the exception that ends the launch.
    within("hudson.AbortException: Authentication failed.", "hudson.AbortException: Authentication failed.", |_, _| {
        denied(None)
    })
    .signs(),
];

/// What Jenkins tells of a credential that was of no use.
const CREDENTIALS: &[Row] = &[
    within(
        "Server rejected the ",
        "ERROR: Server rejected the 1 private key(s) for dev (credentialId:deploy/method:publickey)",
        |_, rest| {
            let (count, rest) = rest.split_once(" private key(s) for ")?;
            count.parse::<u32>().ok()?;
            let user = rest.split(" (credentialId:").next()?.to_owned();
            // The number is that of all keys so far: each is told of.
            let offering = Kind::Offering { key: Key::default(), explicit: false, token: false };
            Some(Kind::Several(vec![Kind::User { user }, offering, Kind::Refused { key: None }]))
        },
    )
    .signs(),
    within(
        "The server does not allow public key authentication. Available options are [",
        "ERROR: The server does not allow public key authentication. Available options are [password, keyboard-interactive]",
        |_, rest| Some(Kind::Methods { list: methods(rest.split(']').next()?) }),
    )
    .signs(),
    within(
        "Failed to authenticate as ",
        "ERROR: Failed to authenticate as dev. Wrong password. (credentialId:deploy/method:password)",
        |_, rest| {
            let wrong = rest.split_once(". Wrong password. (").map(|(user, _)| user);
            let (user, _) = rest.split_once(" with credential=").or(wrong.map(|user| (user, "")))?;
            let user = Kind::User { user: user.to_owned() };
            let tried = wrong.map(|_| [Kind::NextMethod { method: "password".into() }, Kind::PasswordRefused]);
            Some(Kind::Several(std::iter::once(user).chain(tried.into_iter().flatten()).collect()))
        },
    )
    .signs(),
];

/// The library's exceptions.
const LIBRARY: &[Row] = &[
    within(
        "java.io.IOException: There was a problem while connecting to ",
        "java.io.IOException: There was a problem while connecting to box.example:22",
        |_, rest| {
            let crate::shell::Place { user, host, port } = place(rest.trim_end())?;
            Some(Kind::Destination { user, host, port })
        },
    )
    .signs(),
    within(
        "The server hostkey was not accepted by the verifier callback",
        "java.io.IOException: The server hostkey was not accepted by the verifier callback",
        |_, _| Some(Kind::HostKeyFailed),
    )
    .signs(),
    // These two say no more than where it stopped. The reason stands in the exception below, if anywhere.
    within(
        "Key exchange was not finished, connection is closed.",
        "Caused by: java.io.IOException: Key exchange was not finished, connection is closed.",
        |_, _| Some(Kind::ClientEnded),
    )
    .signs(),
    within(
        "java.io.IOException: Publickey authentication failed.",
        "java.io.IOException: Publickey authentication failed.",
        |_, _| Some(Kind::ClientEnded),
    )
    .signs(),
    within(
        "Cannot negotiate, proposals do not match.",
        "Caused by: java.io.IOException: Cannot negotiate, proposals do not match.",
        |_, _| Some(Kind::NoCommonAlgorithm { what: "algorithm".into(), offer: None, address: None, port: None }),
    )
    .signs(),
    within(
        "Peer sent DISCONNECT message (reason code ",
        "java.io.IOException: Peer sent DISCONNECT message (reason code 2): Too many authentication failures",
        |_, rest| {
            let text = rest.split_once("): ")?.1.trim_end().to_owned();
            Some(Kind::Disconnected { address: None, port: None, text })
        },
    )
    .signs(),
    within(
        "Invalid PEM structure, ",
        "java.io.IOException: Invalid PEM structure, '-----BEGIN...' missing",
        |_, rest| unusable(&format!("Invalid PEM structure, {}", rest.trim_end())),
    )
    .signs(),
    within(
        "PEM is encrypted, but no password was specified",
        "java.io.IOException: PEM is encrypted, but no password was specified",
        |_, _| Some(Kind::PassphraseRefused),
    )
    .signs(),
    within(
        "java.io.IOException: Authentication method ",
        "java.io.IOException: Authentication method publickey not supported by the server at this stage.",
        |_, rest| {
            let (method, _) = rest.split_once(" not supported by the server at this stage")?;
            // It asks for the server's list first, and keeps that to itself.
            (method == "publickey").then(|| Kind::Several(vec![Kind::MethodsKept, Kind::NoMoreMethods]))
        },
    )
    .signs(),
    // Java's own, of any connection.
    within("java.net.ConnectException: ", "Caused by: java.net.ConnectException: Connection refused", |_, reason| {
        failed(reason)
    })
    .common(),
    within(
        "java.net.NoRouteToHostException: ",
        "Caused by: java.net.NoRouteToHostException: No route to host",
        |_, reason| failed(reason),
    )
    .common(),
    within("java.net.UnknownHostException: ", "Caused by: java.net.UnknownHostException: box.example", |_, rest| {
        let (host, reason) = rest.trim_end().split_once(": ").unwrap_or((rest.trim_end(), "no such host"));
        Some(Kind::ResolveFailed { host: host.to_owned(), reason: reason.to_owned() })
    })
    .common(),
    within(
        "The connect timeout expired",
        "java.net.SocketTimeoutException: The connect timeout expired",
        |before, _| {
            let ours = between(before, "java.net.", "Exception").is_some();
            ours.then(|| failed("Connection timed out"))?
        },
    )
    .signs(),
];

fn unknown() -> Option<Kind> {
    Some(Kind::HostKeyUnknown { host: None, address: None, port: None, strict: true })
}

fn denied(user: Option<String>) -> Option<Kind> {
    Some(Kind::Denied { user, host: None, methods: Vec::new() })
}

fn failed(reason: &str) -> Option<Kind> {
    let reason = reason.split([':', '(']).next()?.trim().to_owned();
    Some(Kind::ConnectFailed { host: None, port: None, reason })
}

fn unusable(reason: &str) -> Option<Kind> {
    Some(Kind::LoadKeyFailed { path: String::new(), reason: reason.to_owned(), public: false })
}
