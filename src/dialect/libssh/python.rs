//! ssh-python's exceptions. Their text is libssh's last error, which may be an older one; their class is of the call.

use super::log::{self, answered};
use crate::dialect::table::{Level, Read, Row, bare};
use crate::model::Kind;

pub(super) const ROWS: &[Row] = &[
    bare(
        "ssh.exceptions.AuthenticationDenied: b",
        "ssh.exceptions.AuthenticationDenied: b\"Access denied for 'publickey'. Authentication that can continue: publickey\"",
        |rest| {
            let text = rest.trim_matches(['"', '\'']);
            let told = text.strip_prefix(log::DENIED).and_then(answered);
            let refused = told.as_ref().is_some_and(|(method, _)| *method == "publickey");
            let methods = told.map(|(_, list)| list).unwrap_or_default();
            Some(if refused { Kind::KeyDenied { methods } } else { Kind::Denied { user: None, host: None, methods } })
        },
    )
    .signs(),
    bare(
        "ssh.exceptions.AuthenticationPartial: b",
        "ssh.exceptions.AuthenticationPartial: b\"Access denied for 'none'. Authentication that can continue: publickey\"",
        |_| Some(Kind::Several(vec![Kind::Partial { method: None }, Kind::NoMoreMethods])),
    )
    .signs(),
    bare("ssh.exceptions.KeyImportError", "ssh.exceptions.KeyImportError", |_| {
        let reason = "the key could not be imported";
        Some(Kind::Several(vec![
            Kind::LoadKeyFailed { path: String::new(), reason: reason.into(), public: false },
            Kind::ClientFailed { reason: reason.into() },
        ]))
    })
    .signs(),
    bare("ssh.exceptions.SSHError: (-1, b", "ssh.exceptions.SSHError: (-1, b'Connection refused')", |rest| {
        let reason = rest.trim_end().trim_end_matches(')').trim_matches(['"', '\'']);
        failed(reason)
    })
    .signs(),
];

/// The error of a call that is not about a login.
fn failed(reason: &str) -> Option<Kind> {
    let rows = log::ROWS.iter().filter(|row| row.level != Level::Logged);
    let known = rows.filter_map(|row| match row.read {
        Read::After(read) => reason.strip_prefix(row.words).and_then(read),
        _ => None,
    });
    known.into_iter().next().or_else(|| {
        matches!(reason, "Connection refused" | "Connection timed out" | "No route to host" | "Network is unreachable")
            .then(|| log::failed(reason))?
    })
}
