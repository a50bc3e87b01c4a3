//! What conch logs and asks. It has no word for a yes, for a no, or for the reason of a hang-up.

use crate::dialect::table::{Glue, Row, any, bare, from, logged, shows};
use crate::dialect::words::{between, methods, sha256};
use crate::model::key_type::KEY_TYPES;
use crate::model::{Key, Kind};

pub(super) const ROWS: &[Row] = &[
    logged(
        "Starting factory <twisted.conch.client.",
        "[-] Starting factory <twisted.conch.client.direct.SSHClientFactory object at 0x7fc71c0364d0>",
        |_| Some(Kind::Connecting { host: None, address: None, port: None }),
    ),
    logged("starting service b'ssh-userauth'", "[-] starting service b'ssh-userauth'", |_| Some(Kind::ServiceAccepted)),
    logged("starting service b'ssh-connection'", "[-] starting service b'ssh-connection'", |_| {
        Some(Kind::SessionOpened)
    }),
    logged("got ", "[-] got 4 public keys", |rest| {
        let count = rest.trim_end().strip_suffix(" public keys")?.parse().ok()?;
        Some(if count == 0 { Kind::AgentEmpty } else { Kind::AgentCount { count } })
    }),
    logged("can continue with: ", "[-] can continue with: [b'publickey']", |rest| {
        Some(Kind::Methods { list: methods(rest) })
    }),
    logged("trying to auth with ", "[-] trying to auth with b'publickey'", |rest| {
        Some(Kind::NextMethod { method: methods(rest).into_iter().next()? })
    }),
    // Behind `public key identities: […]`, in a line of its own: the files that are still to come, the next one first.
    // One without a `.pub` beside it is passed over in silence.
    bare("['", "['/home/dev/.ssh/id_rsa', '/home/dev/.ssh/id_dsa']", |rest| {
        let path = rest.split('\'').next()?.to_owned();
        rest.trim_end().ends_with("']").then_some(Kind::TryingPrivate { path })
    }),
    // None is left.
    bare("[]", "[]", |rest| rest.trim().is_empty().then_some(Kind::NoMoreMethods)),
    logged("using key of type ", "[-] using key of type Ed25519", |rest| {
        let named = rest.trim();
        let kind = KEY_TYPES
            .iter()
            .find(|kind| kind.name.eq_ignore_ascii_case(named) || kind.name == "ECDSA" && named == "EC");
        let key = Key { kind: kind.map(|kind| kind.name.to_owned()), ..Key::default() };
        Some(Kind::Offering { key, explicit: false, token: false })
    }),
    logged("exit status: ", "[SSHClientTransport,client] exit status: 0", |rest| {
        Some(Kind::ExitStatus { status: rest.trim().parse().ok()? })
    }),
    logged("connection lost", "[-] connection lost", |_| {
        Some(Kind::Closed { address: None, port: None, reset: false, proxied: false })
    }),
    // A user's way out of a program that has nothing left to try and stays.
    logged("Received SIGINT, shutting down.", "[-] Received SIGINT, shutting down.", |_| Some(Kind::Interrupted)),
    any(
        "The authenticity of host '",
        "The authenticity of host 'box.example (192.0.2.1)' can't be established.",
        |rest| {
            let (host, address) = rest.split('\'').next()?.split_once(" (")?;
            let address = address.trim_end_matches(')').to_owned();
            Some(Kind::HostKeyUnknown {
                host: Some(host.to_owned()),
                address: Some(address),
                port: None,
                strict: false,
            })
        },
    ),
    from(
        " key fingerprint is SHA256:",
        "ECDSA key fingerprint is SHA256:JAHW+7wzIdLqeLvmvYsmXOpj2RnM+D4lpbqupiSk/Ig=.",
        |kind, rest| {
            let fingerprint = sha256(rest.split_once(" is ")?.1);
            Some(Kind::HostKey { kind: kind.to_owned(), fingerprint })
        },
    ),
    // The reason stands in the next line.
    logged(
        "Disconnecting with error, code ",
        "[-] Disconnecting with error, code 9 reason: b\"bad host key <class 'twisted.conch.error.HostKeyChanged'>\"",
        failed,
    )
    .wraps(|code| (!code.contains("reason: ")).then_some(Glue::Theirs)),
    // This one is the server's.
    logged(
        "Got remote error, code ",
        "[SSHClientTransport,client] Got remote error, code 2 reason: b'Too many authentication failures'",
        |rest| refused(rest.split_once("reason: ")?.1),
    )
    .wraps(|code| (!code.contains("reason: ")).then_some(Glue::Theirs)),
    shows("reason: b", "reason: b'Too many authentication failures'"),
    any(
        "conch: exiting with error ",
        "[-] conch: exiting with error <class 'twisted.internet.error.DNSLookupError'>: DNS lookup failed: box.example.",
        failed,
    ),
    // The question for a passphrase, a password or a host key.
    any(
        "builtins.OSError: [Errno 6] No such device or address: '/dev/tty'",
        "builtins.OSError: [Errno 6] No such device or address: '/dev/tty'",
        |_| Some(Kind::NoTerminal { reason: "no /dev/tty".into() }),
    ),
];

/// What ended the connection, as an exception within a sentence names it.
fn failed(words: &str) -> Option<Kind> {
    let holds = |text: &str| words.contains(text);
    let unreachable = |reason: &str| Some(Kind::ConnectFailed { host: None, port: None, reason: reason.into() });
    if holds("bad host key") {
        return Some(if holds("conch.error.HostKeyChanged") {
            Kind::HostKeyChanged { host: None }
        } else if holds("'/dev/tty'") {
            Kind::HostKeyUnknown { host: None, address: None, port: None, strict: true }
        } else {
            Kind::HostKeyFailed
        });
    }
    if holds("couldn't match all kex parts") {
        let what = "algorithm".to_owned();
        return Some(Kind::NoCommonAlgorithm { what, offer: None, address: None, port: None });
    }
    if let Some(host) = between(words, "DNS lookup failed: ", " ")
        .or_else(|| words.split_once("DNS lookup failed: ").map(|(_, host)| host))
    {
        let host = host.trim_end_matches([']', '.', ' ', '\'']).to_owned();
        return Some(Kind::ResolveFailed { host, reason: "DNS lookup failed".into() });
    }
    if holds("Connection was refused by other side") {
        return unreachable("Connection refused");
    }
    if holds("TCP connection timed out") || holds("User timeout caused connection failure") {
        return unreachable("Connection timed out");
    }
    if holds("No route to host") {
        return unreachable("No route to host");
    }
    refused(words)
}

/// The server's reason for a hang-up.
fn refused(words: &str) -> Option<Kind> {
    words.to_ascii_lowercase().contains("too many authentication failures").then(|| Kind::Disconnected {
        address: None,
        port: None,
        text: "Too many authentication failures".into(),
    })
}
