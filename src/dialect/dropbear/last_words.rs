//! What it tells its user: mostly why it ends.

use super::endpoint::endpoint;
use crate::dialect::table::{Row, any, bare, within};
use crate::model::{Key, Kind};

pub(super) const ROWS: &[Row] = &[
    bare("Connection to ", "dbclient: Connection to dev@box:22 exited: No auth methods could be used.", |rest| {
        let (place, reason) = rest.split_once(" exited: ").or_else(|| rest.split_once(" exited:"))?;
        let (user, place) = place.rsplit_once('@')?;
        let (host, port) = place.rsplit_once(':')?;
        Some(endpoint(user, host, port, ended(reason.trim())))
    })
    .signs(),
    // Before any connection: what it can fail at there is its key files.
    bare("Exited: ", "dbclient: Exited: String too long", |rest| {
        let reason = rest.trim().to_owned();
        let failed = match reason.as_str() {
            "String too long" | "Bad buf_getptr" | "Bad buf_getbyte" | "Bad buf_setpos" | "Bad buf_incrpos" => {
                Some(Kind::LoadKeyFailed { path: String::new(), reason: reason.clone(), public: false })
            }
            _ => None,
        };
        Some(Kind::Several(failed.into_iter().chain([Kind::ClientFailed { reason }]).collect()))
    })
    .signs(),
    bare("Failed loading keyfile '", "dbclient: Failed loading keyfile '/home/dev/.ssh/id.db'", |rest| {
        let path = rest.trim_end().strip_suffix('\'')?.to_owned();
        Some(Kind::IdentityMissing { path, reason: "it could not be loaded".into(), named: true })
    })
    .signs(),
    bare("Failed to connect to agent", "dbclient: Failed to connect to agent", |_| {
        Some(Kind::AgentFailed { reason: "no connection".into() })
    })
    .signs(),
    any(
        "Authentication partially succeeded, more attempts required",
        "dbclient: Authentication partially succeeded, more attempts required",
        |_| Some(Kind::Partial { method: None }),
    )
    .signs(),
    within(" is not in the trusted hosts file.", "Host 'box' is not in the trusted hosts file.", |before, _| {
        let host = before.strip_prefix("Host '")?.strip_suffix('\'')?;
        Some(Kind::HostKeyUnknown { host: Some(host.to_owned()), address: None, port: None, strict: false })
    })
    .signs(),
    // What was typed behind the question stands in a paste.
    bare("Do you want to continue connecting? (y/n) ", "Do you want to continue connecting? (y/n) y", |answer| {
        match answer.trim().to_ascii_lowercase().starts_with('y') {
            true => Some(Kind::HostKeyAdded { host: None, address: None, port: None }),
            false => None,
        }
    })
    .signs(),
    // cli-authpasswd.c
    within("'s password:", "dev@box.example's password: ", |before, rest| {
        let (user, host) = before.rsplit_once('@')?;
        let plain = !user.is_empty() && !host.is_empty() && !before.contains(' ') && rest.trim().is_empty();
        plain.then(|| Kind::PasswordPrompt { user: Some(user.to_owned()), host: Some(host.to_owned()) })
    })
    .common(),
    within(" host key mismatch for ", "ssh-ed25519 host key mismatch for box !", |_, rest| {
        let host = rest.trim_end().strip_suffix('!')?.trim_end();
        Some(Kind::HostKeyChanged { host: Some(host.to_owned()) })
    })
    .signs(),
];

/// Why it ended.
fn ended(reason: &str) -> Option<Kind> {
    Some(match reason {
        // The next lines say why.
        "" => return None,
        "No auth methods could be used." => Kind::NoMoreMethods,
        "Didn't validate host key" => Kind::HostKeyFailed,
        // The server's words are not shown.
        "Disconnect received" => Kind::Disconnected { address: None, port: None, text: String::new() },
        "Remote closed the connection" => Kind::Closed { address: None, port: None, reset: false, proxied: false },
        "Error reading: Connection reset by peer"
        | "Error writing: Connection reset by peer"
        | "Error writing: Broken pipe" => Kind::Closed { address: None, port: None, reset: true, proxied: false },
        "Agent failed signing key" => Kind::Several(vec![
            Kind::AgentRefused { key: Key::default() },
            Kind::ClientFailed { reason: reason.to_owned() },
        ]),
        _ => {
            if let Some(rest) = reason.strip_prefix("Connect failed: ") {
                return Some(not_connected(rest));
            }
            match reason.strip_prefix("No matching algo ") {
                Some(what) => Kind::NoCommonAlgorithm { what: what.to_owned(), offer: None, address: None, port: None },
                None => Kind::ClientFailed { reason: reason.to_owned() },
            }
        }
    })
}

fn not_connected(reason: &str) -> Kind {
    let unresolved = reason.strip_prefix("Error resolving '").and_then(|rest| rest.split_once('\''));
    match unresolved {
        Some((host, rest)) => Kind::ResolveFailed {
            host: host.to_owned(),
            reason: rest.split_once(". ").map_or("no address", |(_, why)| why).to_owned(),
        },
        None => Kind::ConnectFailed { host: None, port: None, reason: reason.to_owned() },
    }
}
