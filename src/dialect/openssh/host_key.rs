//! Host keys: known, unknown, changed, revoked.

use super::key_names::{file_name, fingerprint_of};
use super::words::host_port;
use crate::dialect::table::{Row, any, bare, logged, within};
use crate::model::Kind;
use crate::model::key::is_fingerprint;

pub(super) const ROWS: &[Row] = &[
    logged("Host '", "debug1: Host 'box' is known and matches the ED25519 host key.", |rest| {
        let (host, port) = host_port(rest.split_once("' is known and matches the ")?.0);
        Some(Kind::HostKeyKnown { host, port })
    }),
    logged("using hostkeyalias: ", "debug1: using hostkeyalias: box", |rest| {
        Some(Kind::HostKeyAlias { alias: rest.trim().to_owned() })
    }),
    logged(
        "Server host key: ",
        "debug1: Server host key: ssh-ed25519 SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s",
        host_key,
    ),
    logged(
        "Server host certificate: ",
        "debug1: Server host certificate: ssh-ed25519-cert-v01@openssh.com SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s",
        host_key,
    ),
    any(
        "The authenticity of host '",
        "The authenticity of host 'box (192.0.2.1)' can't be established.",
        host_question,
    )
    .signs(),
    any("Host key verification failed", "Host key verification failed.", |_| Some(Kind::HostKeyFailed))
        .late()
        .inside_if(|rest| rest.starts_with('.')),
    any("Host key for ", "Host key for box has changed and you have requested strict checking.", host_key_changed)
        .inside_if(|_| true),
    any("No ", "No ED25519 host key is known for box and you have requested strict checking.", |rest| {
        none_known(rest.split_once(KNOWN_FOR)?.1)
    }),
    within(
        KNOWN_FOR,
        "web: No ED25519 host key is known for box and you have requested strict checking.",
        |_, rest| none_known(rest),
    ),
    any(
        "Warning: Permanently added ",
        "Warning: Permanently added 'box,192.0.2.1' (ED25519) to the list of known hosts.",
        host_added,
    )
    .signs()
    .opens(),
    any("Permanently added ", "Permanently added 'box' (ED25519) to the list of known hosts.", host_added),
    within(
        "REMOTE HOST IDENTIFICATION HAS CHANGED!",
        "@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @",
        |_, _| Some(Kind::HostKeyWarned),
    ),
    // Behind the box: which line of known_hosts is meant, and how to take it out.
    any("Offending ", "Offending ED25519 key in /home/dev/.ssh/known_hosts:3", |rest| {
        let (file, line) = rest.trim().split_once(" key in ").map_or(rest, |(_, place)| place).rsplit_once(':')?;
        let place = Some((file_name(file), line.parse().ok()?));
        Some(Kind::HostKeyRemembered { host: None, port: None, place })
    }),
    bare("ssh-keygen -f ", "ssh-keygen -f \"/home/dev/.ssh/known_hosts\" -R \"[box]:2222\"", |rest| {
        let (_, name) = rest.split_once(" -R ")?;
        let (host, port) = host_port(name.trim().trim_matches(['"', '\'']));
        Some(Kind::HostKeyRemembered { host, port, place: None })
    }),
    // The last line of the box: the key that was shown.
    bare("SHA256:", "SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s.", |rest| {
        let print = format!("SHA256:{}", rest.trim_end().strip_suffix('.')?);
        is_fingerprint(&print).then(|| Kind::HostKey { kind: String::new(), fingerprint: Some(print) })
    }),
    within("REVOKED HOST KEY DETECTED!", "@       WARNING: REVOKED HOST KEY DETECTED!               @", |_, _| {
        Some(Kind::HostKeyRevoked)
    }),
    within(
        " host key for ",
        "ED25519 host key for box has changed and you have requested strict checking.",
        |_, after| host_key_changed(after),
    ),
];

const KNOWN_FOR: &str = " host key is known for ";

/// `HOST and you have requested strict checking.`
fn none_known(rest: &str) -> Option<Kind> {
    let (host, port) = host_port(rest.split_once(" and you have requested strict checking")?.0);
    Some(Kind::HostKeyUnknown { host, address: None, port, strict: true })
}

fn host_key(rest: &str) -> Option<Kind> {
    let mut words = rest.split_whitespace();
    let kind = words.next()?.to_owned();
    Some(Kind::HostKey { kind, fingerprint: words.next().and_then(fingerprint_of) })
}

/// `HOST (ADDRESS)' can't be established.`
fn host_question(rest: &str) -> Option<Kind> {
    let (peer, _) = rest.split_once("' can't be established")?;
    let (host, address) =
        peer.split_once(" (").map_or((peer, None), |(host, address)| (host, Some(address.trim_end_matches(')'))));
    let (host, port) = host_port(host);
    let address = address.filter(|text| !text.starts_with('<')).and_then(|text| host_port(text).0);
    Some(Kind::HostKeyUnknown { host, address, port, strict: false })
}

/// `HOST has changed and you have requested strict checking.`
fn host_key_changed(rest: &str) -> Option<Kind> {
    let host = rest.split_once(" has changed and you have requested strict checking")?.0;
    Some(Kind::HostKeyChanged { host: Some(host.trim().to_owned()).filter(|host| !host.is_empty()) })
}

/// `'HOST[,ADDRESS]' (TYPE) to the list of known hosts.`
fn host_added(rest: &str) -> Option<Kind> {
    let names = rest.split_once('\'')?.1.split_once('\'')?.0;
    let (first, second) = names.split_once(',').map_or((names, None), |(first, second)| (first, Some(second)));
    let (host, port) = host_port(first);
    if rest.contains("for IP address") {
        return Some(Kind::HostKeyAdded { host: None, address: host, port });
    }
    Some(Kind::HostKeyAdded { host, address: second.and_then(|text| host_port(text).0), port })
}
