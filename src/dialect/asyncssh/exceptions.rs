//! What ends a connection: exceptions, with their class or without, and what is logged of them.

use crate::dialect::python;
use crate::dialect::table::{Row, any};
use crate::dialect::words::between;
use crate::model::Kind;

pub(super) const ROWS: &[Row] = &[
    any(
        "asyncssh.misc.",
        "asyncssh.misc.PermissionDenied: Permission denied for user dev on host box.example",
        |rest| disconnecting(rest.split_once(": ")?.1),
    )
    .also(host_of)
    .ends(),
    any(
        "asyncssh.public_key.KeyImportError: Passphrase must be specified",
        "asyncssh.public_key.KeyImportError: Passphrase must be specified to import encrypted private keys",
        |_| Some(Kind::PassphraseRefused),
    )
    .ends(),
    any(
        "Passphrase must be specified to import encrypted",
        "SSH connection failed: Passphrase must be specified to import encrypted private keys",
        |_| Some(Kind::PassphraseRefused),
    )
    .ends(),
    any(
        "asyncssh.public_key.KeyEncryptionError: ",
        "asyncssh.public_key.KeyEncryptionError: Incorrect passphrase",
        |_| Some(Kind::PassphraseRefused),
    )
    .ends(),
    any("asyncssh.pbe.KeyEncryptionError: ", "asyncssh.pbe.KeyEncryptionError: Incorrect passphrase", |rest| {
        rest.starts_with("Incorrect passphrase").then_some(Kind::PassphraseRefused)
    })
    .signs()
    .ends(),
    // As the examples print it.
    any("Incorrect passphrase", "SSH connection failed: Incorrect passphrase", |rest| {
        rest.trim().is_empty().then_some(Kind::PassphraseRefused)
    })
    .ends(),
    any("asyncssh.public_key.KeyImportError: ", "asyncssh.public_key.KeyImportError: Invalid private key", |rest| {
        Some(Kind::LoadKeyFailed { path: String::new(), reason: rest.trim().to_owned(), public: false })
    })
    .ends(),
    any("Invalid private key", "SSH connection failed: Invalid private key", |_| {
        Some(Kind::LoadKeyFailed { path: String::new(), reason: "Invalid private key".into(), public: false })
    })
    .ends(),
    any("Permission denied for user ", PERMISSION_DENIED, denied)
        .also(python::bound_for)
        .signs()
        .inside_if(|rest| rest.contains(" on host "))
        .ends(),
    any("Host key is not trusted", "SSH connection failed: Host key is not trusted for host box.example", untrusted)
        .also(host_of)
        .ends(),
    any(
        "Host CA key is not trusted",
        "SSH connection failed: Host CA key is not trusted for host box.example",
        untrusted,
    )
    .also(host_of)
    .ends(),
    any("Connection lost", "SSH connection failed: Connection lost", |rest| rest.trim().is_empty().then(lost)).ends(),
    any("Connection reset by peer", "SSH connection failed: Connection reset by peer", |_| {
        Some(Kind::Closed { address: None, port: None, reset: true, proxied: false })
    })
    .ends(),
    any("Login timeout expired", "SSH connection failed: Login timeout expired", |_| {
        Some(Kind::ConnectionFailed { address: None, port: None, reason: "timed out".into() })
    })
    .ends(),
    any(
        "No matching ",
        "SSH connection failed: No matching key exchange algorithm found, sent a and received b",
        |rest| no_common_algorithm(rest.trim()),
    )
    .ends(),
    any("Too many authentication failures", "SSH connection failed: Too many authentication failures", |_| {
        let text = "Too many authentication failures".into();
        Some(Kind::Disconnected { address: None, port: None, text })
    })
    .ends(),
];

const PERMISSION_DENIED: &str = "SSH connection failed: Permission denied for user dev on host box.example";

/// The words of a `DisconnectError`, of this side or of the other.
pub(super) fn disconnecting(words: &str) -> Option<Kind> {
    let words = words.trim();
    if let Some(rest) = words.strip_prefix("No matching ") {
        return no_common_algorithm(rest);
    }
    if let Some(rest) = words.strip_prefix("Permission denied for user ") {
        return denied(rest);
    }
    if ["Host key is not trusted", "Host CA key is not trusted"].iter().any(|start| words.starts_with(start)) {
        return untrusted(words);
    }
    match words {
        "Connection lost" => Some(lost()),
        // 2.10 names neither user nor host.
        "Permission denied" => Some(Kind::Denied { user: None, host: None, methods: Vec::new() }),
        "Login timeout expired" => {
            Some(Kind::ConnectionFailed { address: None, port: None, reason: "timed out".into() })
        }
        _ => words.eq_ignore_ascii_case("too many authentication failures").then(|| Kind::Disconnected {
            address: None,
            port: None,
            text: words.to_owned(),
        }),
    }
}

fn lost() -> Kind {
    Kind::Closed { address: None, port: None, reset: false, proxied: false }
}

/// `USER on host HOST`.
fn denied(rest: &str) -> Option<Kind> {
    let (user, host) = rest.trim().split_once(" on host ")?;
    Some(Kind::Denied { user: Some(user.to_owned()), host: Some(host.to_owned()), methods: Vec::new() })
}

/// Said of an unknown key and of a changed one alike.
fn untrusted(_: &str) -> Option<Kind> {
    Some(Kind::HostKeyFailed)
}

/// `… for host HOST`.
fn host_of(line: &str) -> Option<Kind> {
    let host = line.split_once("not trusted for host ")?.1.split(' ').next()?;
    Some(Kind::Destination { host: host.to_owned(), port: None, user: None })
}

/// What stands behind `No matching `.
fn no_common_algorithm(rest: &str) -> Option<Kind> {
    let (what, lists) = rest.split_once(" algorithm found")?;
    let what = match what {
        "key exchange" => "key exchange method",
        "host key" | "server host key" => "host key type",
        "encryption" => "cipher",
        other => other,
    };
    let offer = between(&format!("{lists} "), " received ", " ").map(str::to_owned);
    Some(Kind::NoCommonAlgorithm { what: what.to_owned(), offer, address: None, port: None })
}
