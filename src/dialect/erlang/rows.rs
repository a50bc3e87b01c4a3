//! Reports, traces and results.

use crate::dialect::table::{Glue, Row, any, bare};
use crate::dialect::words::{between, methods};
use crate::model::{Key, Kind};

pub(super) const ROWS: &[Row] = &[
    // A report of the client's.
    any("Erlang SSH client version: ", "Erlang SSH client version: 4.15.2 (OpenSSL 3.0.22 25 Aug 2026).", |rest| {
        Some(Kind::ClientSoftware { version: format!("Erlang/{}", rest.split(' ').next()?) })
    })
    .signs(),
    bare("Peer server version: \"SSH-2.0-", "Peer server version: \"SSH-2.0-OpenSSH_9.2p1\"", |rest| {
        Some(Kind::RemoteSoftware { software: rest.split('"').next()?.to_owned() })
    }),
    bare("Peer address: ", "Peer address: 192.0.2.1:2222", |rest| connected(rest.trim())),
    bare(
        "Disconnects with code = ",
        "Disconnects with code = 14 [RFC4253 11.1]: Unable to connect using the available authentication methods",
        |rest| {
            let (code, words) = rest.split_once(' ')?;
            ended(code, words.split_once("]: ")?.1)
        },
    )
    .ends(),
    bare("User auth failed for: \"", "User auth failed for: \"dev\"", |rest| {
        let user = Some(rest.split('"').next()?.to_owned());
        Some(Kind::Denied { user, host: None, methods: Vec::new() })
    })
    .ends(),
    // Of a disconnect, over two lines: where it stood, and who ended it.
    bare("State = {", "State = {key_exchange,client,init} Module = ssh_no_io, Line = 35.", may_not_ask)
        .wraps(|state| (!state.contains("Module = ")).then_some(Glue::Blank))
        .ends(),
    // Traces.
    bare("Socket = #Port<", "Socket = #Port<0.6>, Peer = 192.0.2.1:2222, Local = 192.0.2.7:58230,", |rest| {
        connected(between(rest, "Peer = ", ",")?)
    }),
    bare("SSH-2.0-Erlang/", "SSH-2.0-Erlang/4.15.2", |rest| {
        Some(Kind::ClientSoftware { version: format!("Erlang/{}", rest.trim()) })
    }),
    bare("SSH-2.0-", "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10", |rest| {
        Some(Kind::RemoteSoftware { software: rest.trim().to_owned() })
    }),
    bare("user = \"", "user = \"dev\"", |rest| Some(Kind::User { user: rest.split('"').next()?.to_owned() })),
    any("AUTH client: Service ssh-userauth accepted", "<0.96.0> AUTH client: Service ssh-userauth accepted", |_| {
        Some(Kind::ServiceAccepted)
    }),
    bare("methods = [", "methods = [\"publickey\"]", |rest| Some(Kind::Methods { list: methods(rest) })),
    bare("authentications: \"", "authentications: \"publickey,password\"", |rest| {
        Some(Kind::Methods { list: methods(rest.split('"').next()?) })
    }),
    // Behind `AUTH client: Try auth with`: it signs at once.
    bare("method = \"", "method = \"publickey\"", |rest| {
        Some(match rest.split('"').next()? {
            "publickey" => Kind::Offering { key: Key::default(), explicit: false, token: false },
            method => Kind::NextMethod { method: method.to_owned() },
        })
    }),
    any("AUTH client: Success", "<0.96.0> AUTH client: Success", |_| Some(Kind::SessionOpened)),
    // What `ssh:connect` returns; an Elixir program prints it in its own manner.
    any("{error,", "{error,econnrefused}", |rest| result(rest.strip_suffix('}')?)).signs().ends(),
    any("{:error, ", "{:error, :econnrefused}", |rest| result(rest.strip_suffix('}')?)).signs().ends(),
    bare("{ok,<", "{ok,<0.96.0>}", |_| Some(Kind::SessionOpened)),
];

/// `ADDRESS:PORT`.
fn connected(text: &str) -> Option<Kind> {
    let (address, port) = text.rsplit_once(':')?;
    Some(Kind::Connecting { host: None, address: Some(address.to_owned()), port: Some(port.parse().ok()?) })
}

/// The reason that is returned: an atom of the system's, or a sentence.
fn result(reason: &str) -> Option<Kind> {
    let reason = reason.trim();
    // Elixir's atoms, and its lists of characters.
    let reason = reason.strip_prefix(':').or(reason.strip_prefix("~c")).unwrap_or(reason).trim_matches(['\'', '"']);
    let unreachable = |reason: &str| Some(Kind::ConnectFailed { host: None, port: None, reason: reason.into() });
    match reason {
        "econnrefused" => unreachable("Connection refused"),
        "timeout" | "etimedout" => unreachable("Connection timed out"),
        "ehostunreach" => unreachable("No route to host"),
        "enetunreach" => unreachable("Network is unreachable"),
        "nxdomain" => Some(Kind::ResolveFailed { host: String::new(), reason: reason.to_owned() }),
        "closed" | "Connection closed" => closed(false),
        "econnreset" => closed(true),
        _ => ended("", reason),
    }
}

fn closed(reset: bool) -> Option<Kind> {
    Some(Kind::Closed { address: None, port: None, reset, proxied: false })
}

/// Of the state in which the module that stands for a user who can't be asked ended the run: with keys exchanged it wants
/// a password, after all the keys; before that it wants to know whether to trust the host key, be it unknown or another one.
fn may_not_ask(state: &str) -> Option<Kind> {
    let (state, module) = state.split_once("Module = ")?;
    let (method, _) = state.split_once(",client")?;
    if !module.starts_with("ssh_no_io,") {
        return None;
    }
    if method == "key_exchange" {
        return Some(Kind::HostKeyFailed);
    }
    let method = method.strip_prefix("userauth")?.trim_start_matches('_').replace('_', "-");
    let next = (!method.is_empty()).then_some(Kind::NextMethod { method });
    let denied = Kind::Denied { user: None, host: None, methods: Vec::new() };
    Some(Kind::Several([Kind::ServiceAccepted].into_iter().chain(next).chain([denied]).collect()))
}

/// The words of a disconnect, this side's mostly: it parts with a code of RFC 4253 whatever happened.
fn ended(code: &str, words: &str) -> Option<Kind> {
    Some(match words.trim() {
        "Unable to connect using the available authentication methods" => {
            Kind::Denied { user: None, host: None, methods: Vec::new() }
        }
        // It may not ask, about a host key or for a password: in a report the state behind it tells which.
        "Service not available" if code.is_empty() => Kind::ClientEnded,
        "Service not available" => Kind::Several(Vec::new()),
        "Key exchange failed" => {
            Kind::NoCommonAlgorithm { what: "algorithm".into(), offer: None, address: None, port: None }
        }
        words if code == "2" || words.to_ascii_lowercase().contains("auth") => {
            Kind::Disconnected { address: None, port: None, text: words.to_owned() }
        }
        _ => return None,
    })
}
