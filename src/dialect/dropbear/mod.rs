//! Dropbear's client: its last words, and the trace of a build that has one (2020 to 2026).
//!
//! Most builds print no more than why they end. The trace (`-v`) names of a key only its algorithm, with one line for
//! the query and the same line for the signature.

mod client;

use crate::dialect::table::{Dialect, Head, Row, any, bare, first, holds, logged, within};
use crate::dialect::words::{kind, split_once};
use crate::model::{Author, Key, Kind, Side};

pub(super) static DROPBEAR: Dialect = Dialect {
    author: Author { id: "dropbear", name: "Dropbear's client", side: Side::Client, read: true },
    client: Some(&client::CLIENT),
    rows: &[TRACE, ROWS],
    marks: &[
        first("dbclient: ", "dbclient: Something else"),
        first("Dropbear SSH client v", "Dropbear SSH client v2022.83 https://matt.ucc.asn.au/dropbear/dropbear.html"),
        holds(": cli_connected", "TRACE1 (24773) 0.001855: cli_connected"),
        holds(
            ": enter send_msg_userauth_pubkey",
            "TRACE1 (24773) 0.075852: enter send_msg_userauth_pubkey ssh-ed25519",
        ),
    ],
    noise: &["WARNING: Ignoring unknown "],
    noise_within: &[],
    levels: &[],
    twice: false,
    head,
    words_at: |line| {
        let rest = line.strip_prefix(b"TRACE")?;
        let end = rest.iter().take(WIDEST).position(|byte| *byte == b':')?;
        Some(line.len() - rest.len() + end + 2).filter(|at| *at <= line.len())
    },
};

/// Widest number of process and seconds before the words of a trace, in bytes.
const WIDEST: usize = 40;

/// `TRACE1 (PID) SECONDS: ` before each line of a trace. What it tells its user begins with its name; it is `ssh` where
/// Dropbear is installed as that.
fn head(line: &str) -> Head<'_> {
    if let Some((pid, words)) = traced(line) {
        return Head { stream: Some(pid), logged: true, words };
    }
    let named = split_once(line, ": ").filter(|(name, words)| {
        let name = name.rsplit('/').next().unwrap_or(name);
        let end = words.starts_with("Connection to ") && words.contains(" exited: ") || words.starts_with("Exited: ");
        name == "dbclient" || name == "ssh" && end
    });
    Head::bare(named.map_or(line, |(_, words)| words))
}

fn traced(line: &str) -> Option<(&str, &str)> {
    let rest = line.strip_prefix("TRACE")?.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start();
    let (pid, rest) = rest.strip_prefix('(')?.split_once(") ")?;
    let (_, words) = rest.get(..rest.len().min(WIDEST))?.find(": ").map(|at| rest.split_at(at + 2))?;
    Some((pid, words))
}

const TRACE: &[Row] = &[
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

const ROWS: &[Row] = &[
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
    within(" host key mismatch for ", "ssh-ed25519 host key mismatch for box !", |_, rest| {
        let host = rest.trim_end().strip_suffix('!')?.trim_end();
        Some(Kind::HostKeyChanged { host: Some(host.to_owned()) })
    })
    .signs(),
];

/// A line that names user, host and port, and what else it says.
fn endpoint(user: &str, host: &str, port: &str, more: Option<Kind>) -> Kind {
    let (user, host) = (Some(user.to_owned()), host.to_owned());
    let mut kinds = vec![Kind::Destination { user, host, port: port.trim().parse().ok() }];
    match more {
        Some(Kind::Several(more)) => kinds.extend(more),
        more => kinds.extend(more),
    }
    Kind::Several(kinds)
}

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
        "Error reading: Connection reset by peer" => {
            Kind::Closed { address: None, port: None, reset: true, proxied: false }
        }
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
