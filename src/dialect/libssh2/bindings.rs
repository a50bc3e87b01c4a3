//! libssh2's errors as bindings print them: the ssh2 crate of Rust, ssh2-python, and parallel-ssh, which is made of that.

use super::errors::{after_yes, error};
use crate::dialect::bound::destination;
use crate::dialect::table::{Row, bare, within};
use crate::dialect::words::between;
use crate::model::Kind;

pub(super) const ROWS: &[Row] = &[
    within("[Session(-", "[Session(-18)] Username/PublicKey combination invalid", |_, rest| shown(rest))
        .also(accepted)
        .also(destination)
        .signs()
        .ends(),
    within(
        "Error { code: Session(-",
        "Error: Error { code: Session(-18), msg: \"Username/PublicKey combination invalid\" }",
        |_, rest| {
            let (code, rest) = rest.split_once(')')?;
            error(between(rest, "msg: \"", "\"")?, number(code))
        },
    )
    .also(accepted)
    .also(destination)
    .signs()
    .ends(),
    bare("ssh2.exceptions.", "ssh2.exceptions.AuthenticationError", raised).also(unverified).signs().ends(),
    bare(
        "pssh.exceptions.AuthenticationError: ",
        "pssh.exceptions.AuthenticationError: ('Authentication error while connecting to %s:%s - %s - retries %s/%s', 'box.example', 2222, AuthenticationError(), 1, 1)",
        |rest| {
            raised(value(rest, 3)?)
        },
    )
    .also(connecting)
    .signs()
    .ends(),
    bare(
        "pssh.exceptions.PKeyFileError: ",
        "pssh.exceptions.PKeyFileError: (\"File %s does not exist. Please use either absolute or relative paths\", '.ssh/id_deploy')",
        |rest| {
            let path = rest.trim_end().rsplit_once(", '")?.1.trim_end_matches(['\'', ')']).to_owned();
            Some(Kind::IdentityMissing { path, reason: "No such file or directory".into(), named: true })
        },
    )
    .signs()
    .ends(),
    bare("ConnectionRefusedError: [Errno 111] ", "ConnectionRefusedError: [Errno 111] Connection refused", |_| {
        Some(Kind::ConnectFailed { host: None, port: None, reason: "Connection refused".into() })
    })
    .common()
    .ends(),
];

/// ssh2-python's exceptions by their class (ssh2/exceptions.pyx), which stands for an error's number.
fn raised(text: &str) -> Option<Kind> {
    let (class, words) = text.trim_end().split_once(": ").unwrap_or((text.trim_end(), ""));
    Some(match class {
        "AuthenticationError" => Kind::KeyDenied { methods: Vec::new() },
        // LIBSSH2_ERROR_PUBLICKEY_UNVERIFIED: of a signature that was refused, and of a partial success.
        "PublickeyUnverifiedError" => error("Invalid signature for supplied public key", Some(-19))?,
        "FileError" => {
            let reason = "it could not be read: it is not there, no key, or encrypted".to_owned();
            Kind::LoadKeyFailed { path: String::new(), reason, public: false }
        }
        "AgentConnectionError" => Kind::AgentFailed { reason: words.to_owned() },
        // The agent's keys were all refused, would not sign, or there are none.
        "AgentAuthenticationError" => Kind::Attempted { methods: vec!["publickey".into()] },
        "KexFailureError" => error("Unable to exchange encryption keys", Some(-5))?,
        "BannerRecvError" | "BannerSendError" => error("Failed getting banner", None)?,
        "SocketRecvError" | "SocketDisconnectError" | "SocketSendError" => error("socket disconnect", None)?,
        "Timeout" | "TimeoutError" => error("Timed out waiting on socket", None)?,
        "HostkeyInitError" | "HostkeySignError" => Kind::HostKeyFailed,
        _ => Kind::ClientFailed { reason: text.trim_end().to_owned() },
    })
}

/// Only what was accepted is signed with.
fn unverified(line: &str) -> Option<Kind> {
    line.contains("PublickeyUnverifiedError").then_some(Kind::ServerAccepts { key: None })
}

/// One of the values that a message was to be made of: `('MESSAGE with %s', 'box.example', 2222, …)`.
fn value(values: &str, number: usize) -> Option<&str> {
    values.split(", ").nth(number).map(|value| value.trim_matches(['\'', '"', '(', ')']))
}

/// The host and the port among them.
fn connecting(line: &str) -> Option<Kind> {
    let host = value(line, 1)?.to_owned();
    let port = value(line, 2)?.parse().ok();
    Some(Kind::Destination { user: None, host, port })
}

/// `18)] MESSAGE`.
fn shown(rest: &str) -> Option<Kind> {
    let (code, text) = rest.split_once(")] ")?;
    error(text, number(code))
}

fn number(digits: &str) -> Option<i32> {
    digits.parse::<i32>().ok().map(|code| -code)
}

/// Only what was accepted is signed with.
fn accepted(line: &str) -> Option<Kind> {
    after_yes(line).then_some(Kind::ServerAccepts { key: None })
}
