//! What the library itself says of a connection (client.go, client_auth.go, common.go, knownhosts.go).

use super::files;
use crate::dialect::bound::destination;
use crate::dialect::table::{Glue, Row, within};
use crate::dialect::words::{between, may_be_ssh, methods, no_way_onwards, unframed};
use crate::model::{Key, Kind, SessionFault};
use crate::shell::place;

pub(super) const ROWS: &[Row] = &[
    within("ssh: handshake failed: agent: ", "ssh: handshake failed: agent: failed to sign challenge", |_, _| {
        Some(Kind::AgentRefused { key: Key::default() })
    })
    .also(destination)
    .signs()
    .ends(),
    within(
        "ssh: handshake failed: ",
        "ssh: handshake failed: ssh: unable to authenticate, attempted methods [none publickey], no supported methods remain",
        |_, reason| handshake(reason),
    )
    .also(destination)
    .signs()
    .wraps(is_cut_off),
    within(
        "ssh: unable to authenticate, attempted methods [",
        "ssh: unable to authenticate, attempted methods [none publickey], no supported methods remain",
        |_, rest| attempted(rest),
    )
    .also(destination)
    .signs(),
    within("knownhosts: key is unknown", "box:22: knownhosts: key is unknown", |_, _| unknown_host())
        .also(destination)
        .signs(),
    within("knownhosts: key mismatch", "box:22: knownhosts: key mismatch", |_, _| other_host())
        .also(destination)
        .signs(),
    within("dial tcp", "dial tcp 192.0.2.1:22: connect: connection refused", dialled).also(destination),
    within(
        "dial unix",
        "failed to open SSH_AUTH_SOCK: dial unix /run/agent.sock: connect: connection refused",
        |before, rest| {
            // Docker's socket and others are reached so, too.
            let agent = |text: &str| {
                let text = text.to_ascii_lowercase();
                text.contains("ssh_auth_sock") || text.contains("agent") || text.contains("ssh authentication")
            };
            (agent(before) || agent(rest)).then(|| Kind::AgentFailed { reason: format!("dial unix{}", unframed(rest)) })
        },
    )
    .also(destination)
    .ends(),
    within(
        "SSH agent requested but SSH_AUTH_SOCK not-specified",
        "couldn't connect to ssh-agent: SSH agent requested but SSH_AUTH_SOCK not-specified",
        |_, _| Some(Kind::AgentFailed { reason: "SSH_AUTH_SOCK is not set".into() }),
    )
    .also(destination)
    .signs()
    .ends(),
    within("ssh: must specify HostKeyCallback", "dial: ssh: must specify HostKeyCallback", |_, _| {
        Some(Kind::ConfigError { text: "the program gives no HostKeyCallback".into() })
    })
    .also(destination)
    .signs()
    .ends(),
    // A channel onwards through a bastion (channel.go, `OpenChannelError`).
    within(
        "ssh: rejected: administratively prohibited (",
        "ssh: rejected: administratively prohibited (open failed)",
        |_, _| Some(no_way_onwards()),
    )
    .also(destination)
    .signs(),
    // The session behind a login (session.go).
    within("ssh: subsystem request failed", "ssh: subsystem request failed", |_, _| {
        Some(Kind::SessionFailed { what: SessionFault::Subsystem })
    })
    .also(destination)
    .signs(),
    within("ssh: could not start shell", "ssh: could not start shell", |_, _| {
        Some(Kind::SessionFailed { what: SessionFault::Shell })
    })
    .also(destination)
    .signs(),
    within("ssh: pty-req failed", "ssh: pty-req failed", |_, _| {
        Some(Kind::SessionFailed { what: SessionFault::Terminal })
    })
    .also(destination)
    .signs(),
    within("rocess exited with status ", "failed to run: Process exited with status 1", |before, rest| {
        let status = rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()?;
        let ended = || Kind::Several(vec![Kind::SessionOpened, Kind::ExitStatus { status }]);
        before.ends_with(['P', 'p']).then(ended)
    })
    .also(destination)
    .signs(),
    within(
        "remote command exited without exit status or exit signal",
        "wait: remote command exited without exit status or exit signal",
        |_, _| Some(Kind::SessionOpened),
    )
    .also(destination)
    .signs(),
];

/// Whether the list of methods is still to come, in a line that somebody broke at a blank.
fn is_cut_off(reason: &str) -> Option<Glue> {
    const LIST: &str = "ssh: unable to authenticate, attempted methods [";
    let reason = reason.trim_end();
    let open =
        LIST.starts_with(reason) && reason.starts_with("ssh:") || reason.starts_with(LIST) && !reason.contains(']');
    open.then_some(Glue::Blank)
}

/// What ended the handshake; the login is part of it.
fn handshake(reason: &str) -> Option<Kind> {
    if let Some(rest) = reason.strip_prefix("ssh: unable to authenticate, attempted methods [") {
        return attempted(rest);
    }
    if let Some(rest) = reason.strip_prefix("ssh: disconnect, reason ") {
        let text = unframed(rest.split_once(": ").map_or("", |(_, text)| text));
        return Some(Kind::Disconnected { address: None, port: None, text: text.trim_matches(['"', '\\']).to_owned() });
    }
    if let Some(rest) = reason.strip_prefix("ssh: no common algorithm for ") {
        return no_common_algorithm(rest);
    }
    if let Some(rest) = reason.strip_prefix("ssh: no common public key signature algorithm, server only supports ") {
        let list = between(rest, "[", "]").map(listed);
        let takes = list.map_or_else(String::new, |list| format!("; the server takes {list}"));
        let left_out =
            Kind::Skipped { key: Key::default(), reason: format!("no signature algorithm in common{takes}") };
        return Some(Kind::Several(vec![left_out, Kind::Attempted { methods: vec!["publickey".into()] }]));
    }
    if reason.starts_with("ssh: too many authentication attempts") {
        return Some(Kind::Attempted { methods: vec!["publickey".into()] });
    }
    if reason.starts_with("EOF") {
        return Some(Kind::Closed { address: None, port: None, reset: false, proxied: false });
    }
    // Programs put a word of their own before the last: `host key mismatch: knownhosts: key mismatch`.
    if reason.contains("knownhosts: key mismatch") {
        return other_host();
    }
    // The host's certificate is for other names.
    if reason.starts_with("ssh: principal ") {
        return Some(Kind::HostKeyFailed);
    }
    if let Some(words) = files::spoilt_by(reason) {
        return Some(words);
    }
    if reason.starts_with("knownhosts: key is unknown") || reason.starts_with("ssh: no authorities for hostname") {
        return unknown_host();
    }
    if reason.starts_with("ssh: host key mismatch") {
        return other_host();
    }
    if reason.starts_with("read ") || reason.starts_with("write ") || reason.starts_with("context deadline exceeded") {
        return broken(reason);
    }
    let greeted_wrong = ["ssh: overflow reading version string", "ssh: invalid packet length", "ssh: unexpected"];
    let text = || unframed(reason).to_owned();
    match greeted_wrong.iter().any(|words| reason.starts_with(words)) {
        true => Some(Kind::IdentificationFailed { text: text() }),
        false => Some(Kind::ClientFailed { reason: text() }),
    }
}

/// Which methods were tried, `none` among them: not which the server would take.
fn attempted(rest: &str) -> Option<Kind> {
    Some(Kind::Attempted { methods: methods(rest.split_once(']')?.0) })
}

/// `key exchange; client offered: [a b], server offered: [c d]`.
fn no_common_algorithm(rest: &str) -> Option<Kind> {
    let (what, lists) = rest.split_once(';')?;
    let what = match what {
        "key exchange" => "key exchange method",
        "host key" => "host key type",
        other if other.ends_with("MAC") => "MAC",
        other if other.ends_with("cipher") => "cipher",
        other => other,
    };
    let theirs = between(lists, "server offered: [", "]").or_else(|| between(lists, "peer offered: [", "]"));
    let offer = theirs.map(listed);
    Some(Kind::NoCommonAlgorithm { what: what.into(), offer, address: None, port: None })
}

/// A list as Go prints one: with blanks, and since 2025 with each name in quotes.
fn listed(list: &str) -> String {
    list.split_whitespace().map(|name| name.trim_matches(['"', '\\'])).collect::<Vec<_>>().join(",")
}

fn unknown_host() -> Option<Kind> {
    Some(Kind::HostKeyUnknown { host: None, address: None, port: None, strict: true })
}

fn other_host() -> Option<Kind> {
    Some(Kind::HostKeyNotAmong { host: None })
}

/// `read tcp 10.0.0.5:51234->192.0.2.1:22: read: connection reset by peer`.
fn broken(reason: &str) -> Option<Kind> {
    let peer = between(reason, "->", ": ").and_then(place);
    let (address, port) = peer.map_or((None, None), |peer| (Some(peer.host), peer.port));
    Some(match ["i/o timeout", "timed out", "deadline exceeded"].iter().any(|words| reason.contains(words)) {
        true => Kind::ConnectionFailed { address, port, reason: "timed out".into() },
        false => Kind::Closed { address, port, reset: reason.contains("reset"), proxied: false },
    })
}

/// `dial tcp 192.0.2.1:22: connect: connection refused`, `dial tcp: lookup box on 192.0.2.53:53: no such host`.
fn dialled(before: &str, rest: &str) -> Option<Kind> {
    // A request of the same program by HTTP.
    if before.contains("http") {
        return None;
    }
    if let Some(name) = between(rest, "lookup ", ": ") {
        let host = name.split(' ').next().unwrap_or_default().to_owned();
        let reason = unframed(rest).rsplit_once(": ").map_or(rest, |(_, reason)| reason);
        return Some(Kind::ResolveFailed { host, reason: reason.to_owned() });
    }
    let (target, reason) = rest.strip_prefix(' ')?.split_once(": ")?;
    let (host, port) = target.rsplit_once(':')?;
    let host = host.trim_matches(['[', ']']).to_owned();
    let reason = unframed(reason).trim_start_matches("connect: ").to_owned();
    let reason = if reason.contains("timeout") { "timed out".to_owned() } else { reason };
    let port = Some(port.parse().ok().filter(|port| may_be_ssh(*port))?);
    match host.parse::<core::net::IpAddr>() {
        Ok(_) => Some(Kind::ConnectionFailed { address: Some(host), port, reason }),
        Err(_) => Some(Kind::ConnectFailed { host: Some(host), port, reason }),
    }
}
