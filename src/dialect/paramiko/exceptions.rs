//! Exceptions, as the last line of a traceback names them. `SSHClient` tries one file as RSA, ECDSA and Ed25519 in
//! turn and raises the last exception, which may be of the wrong type of key.

use crate::dialect::python;
use crate::dialect::table::{Row, any};
use crate::dialect::words::{methods, no_way_onwards};
use crate::model::{Key, Kind};

/// SSH_OPEN_ADMINISTRATIVELY_PROHIBITED (RFC 4254 §5.1), in the words of `paramiko.common`.
pub(super) const PROHIBITED: &str = "Administratively prohibited";

pub(super) const ROWS: &[Row] = &[
    any(
        "ChannelException: ChannelException(1, ",
        "paramiko.ssh_exception.ChannelException: ChannelException(1, 'Administratively prohibited')",
        |rest| rest.contains(PROHIBITED).then(no_way_onwards),
    )
    .also(python::bound_for)
    .signs(),
    any(
        "AuthenticationException: ",
        "paramiko.ssh_exception.AuthenticationException: Authentication failed.",
        authentication_failed,
    )
    .also(python::bound_for)
    .signs()
    .ends(),
    any(
        "BadAuthenticationType: ",
        "paramiko.ssh_exception.BadAuthenticationType: Bad authentication type; allowed types: ['publickey']",
        bad_type,
    )
    .also(python::bound_for)
    .signs()
    .ends(),
    // What it says of itself, behind whatever a program puts there.
    any(
        "Bad authentication type; allowed types: [",
        "Bad authentication type; allowed types: ['publickey']",
        |rest| Some(Kind::Denied { user: None, host: None, methods: methods(rest.split(']').next()?) }),
    )
    .also(python::bound_for)
    .signs()
    .ends(),
    any(
        "PasswordRequiredException: ",
        "paramiko.ssh_exception.PasswordRequiredException: Private key file is encrypted",
        |_| Some(Kind::PassphraseRefused),
    )
    .also(python::bound_for)
    .signs()
    .ends(),
    any(
        "BadHostKeyException: Host key for server ",
        "paramiko.ssh_exception.BadHostKeyException: Host key for server 'box.example' does not match: got 'AAAA', expected 'AAAB'",
        |rest| {
            let host = rest.split_once(" does not match").map_or_else(|| rest.split(' ').next(), |(host, _)| Some(host))?;
            Some(Kind::HostKeyChanged { host: host_and_port(host).map(|(host, _)| host) })
        },
    )
    .also(python::bound_for)
    .signs()
    .ends(),
    // Other errors than these two are raised as they are (`SSHClient.connect`).
    any(
        "NoValidConnectionsError: ",
        "paramiko.ssh_exception.NoValidConnectionsError: [Errno None] Unable to connect to port 2299 on 192.0.2.1",
        |rest| no_connection(rest.split_once("to port ")?.1),
    )
    .also(python::bound_for)
    .signs()
    .ends(),
    any(
        "IncompatiblePeer: Incompatible ssh peer (no acceptable ",
        "paramiko.ssh_exception.IncompatiblePeer: Incompatible ssh peer (no acceptable kex algorithm)",
        incompatible,
    )
    .also(python::bound_for)
    .signs()
    .ends(),
    any(
        "SSHException: Incompatible ssh peer (no acceptable ",
        "paramiko.ssh_exception.SSHException: Incompatible ssh peer (no acceptable host key)",
        incompatible,
    )
    .also(python::bound_for)
    .signs()
    .ends(),
    any(
        "Incompatible ssh peer (no acceptable ",
        "Incompatible ssh peer (no acceptable ciphers)",
        incompatible,
    )
    .also(python::bound_for)
    .signs()
    .ends(),
    any(
        "SSHException: Error reading SSH protocol banner",
        "paramiko.ssh_exception.SSHException: Error reading SSH protocol banner",
        no_banner,
    )
    .also(python::bound_for)
    .signs()
    .ends(),
    // The connection was gone, or nobody spoke SSH on it in time.
    any(
        "SSHException: No existing session",
        "paramiko.ssh_exception.SSHException: No existing session",
        no_banner,
    )
    .also(python::bound_for)
    .signs()
    .ends(),
    any(
        "SSHException: SSH session not active",
        "paramiko.ssh_exception.SSHException: SSH session not active",
        closed,
    )
    .also(python::bound_for)
    .signs()
    .ends(),
    any(
        "SSHException: Server connection dropped",
        "paramiko.ssh_exception.SSHException: Server connection dropped: ",
        closed,
    )
    .also(python::bound_for)
    .signs()
    .ends(),
    any(
        "SSHException: No authentication methods available",
        "paramiko.ssh_exception.SSHException: No authentication methods available",
        |_| Some(Kind::Attempted { methods: Vec::new() }),
    )
    .also(python::bound_for)
    .signs()
    .ends(),
    any(
        "SSHException: key cannot be used for signing",
        "paramiko.ssh_exception.SSHException: key cannot be used for signing",
        |_| Some(Kind::AgentRefused { key: Key::default() }),
    )
    .also(python::bound_for)
    .signs()
    .ends(),
    any(
        "SSHException: Server ",
        "paramiko.ssh_exception.SSHException: Server '[box.example]:2200' not found in known_hosts",
        |rest| {
            let (host, port) = host_and_port(rest.split_once(" not found in known_hosts")?.0)?;
            Some(Kind::HostKeyUnknown { host: Some(host), address: None, port, strict: true })
        },
    )
    .also(python::bound_for)
    .signs()
    .ends(),
    any(
        "SSHException: not a valid ",
        "paramiko.ssh_exception.SSHException: not a valid OPENSSH private key file",
        |rest| unreadable("not a valid ", rest),
    )
    .also(python::bound_for)
    .signs()
    .ends(),
    any(
        "SSHException: encountered ",
        "paramiko.ssh_exception.SSHException: encountered RSA key, expected OPENSSH key",
        |rest| unreadable("encountered ", rest),
    )
    .also(python::bound_for)
    .signs()
    .ends(),
    any(
        "SSHException: no lines in ",
        "paramiko.ssh_exception.SSHException: no lines in OPENSSH private key file",
        |rest| unreadable("no lines in ", rest),
    )
    .also(python::bound_for)
    .signs()
    .ends(),
    // Of a file that is tried as another type of key than it holds, and of an empty one.
    any("ValueError: ", "ValueError: q must be exactly 160, 224, or 256 bits long", failed).common().ends(),
    any("IndexError: ", "IndexError: list index out of range", failed).common().ends(),
    any(
        "SSHException: Invalid key",
        "paramiko.ssh_exception.SSHException: Invalid key",
        |rest| unreadable("Invalid key", rest),
    )
    .also(python::bound_for)
    .signs()
    .ends(),
    any(
        "SSHException: unpack requires ",
        "paramiko.ssh_exception.SSHException: unpack requires a buffer of 4 bytes",
        |rest| unreadable("unpack requires ", rest),
    )
    .also(python::bound_for)
    .signs()
    .ends(),
    // Python's own, of a connection that was closed.
    any("EOFError", "EOFError", |rest| rest.is_empty().then(|| closed(rest)).flatten()).ends(),
];

/// `PORT on ADDRESS`. Of `A, B or C` each was tried, the last one last.
pub(super) fn no_connection(rest: &str) -> Option<Kind> {
    let (port, addresses) = rest.split_once(" on ")?;
    let address = addresses.trim().trim_end_matches(['"', ',']).rsplit([' ', ',']).next()?;
    let reason = "Connection refused, or no route to it".to_owned();
    Some(Kind::ConnectFailed { host: Some(address.to_owned()), port: port.parse().ok(), reason })
}

pub(super) fn failed(reason: &str) -> Option<Kind> {
    Some(Kind::ClientFailed { reason: reason.trim().to_owned() })
}

fn closed(_: &str) -> Option<Kind> {
    Some(Kind::Closed { address: None, port: None, reset: false, proxied: false })
}

fn unreadable(words: &str, rest: &str) -> Option<Kind> {
    let reason = format!("{words}{}", rest.trim_end());
    Some(Kind::LoadKeyFailed { path: String::new(), reason, public: false })
}

/// The list of what the server takes.
fn bad_type(words: &str) -> Option<Kind> {
    let list = words.split_once('[')?.1.split(']').next()?;
    Some(Kind::Denied { user: None, host: None, methods: methods(list) })
}

/// Of an `AuthenticationException`.
pub(super) fn authentication_failed(words: &str) -> Option<Kind> {
    if words.contains("transport shut down or saw EOF") {
        return closed(words);
    }
    if words.starts_with("Bad authentication type") {
        return bad_type(words);
    }
    if words.starts_with("Authentication timeout") {
        return Some(Kind::ConnectionFailed { address: None, port: None, reason: "timed out".into() });
    }
    Some(Kind::Denied { user: None, host: None, methods: Vec::new() })
}

/// `[HOST]:PORT`, or `HOST` alone for port 22.
pub(super) fn host_and_port(text: &str) -> Option<(String, Option<u16>)> {
    let text = text.trim().trim_matches('\'');
    match text.strip_prefix('[').and_then(|rest| rest.split_once("]:")) {
        Some((host, port)) => Some((host.to_owned(), port.parse().ok())),
        None => (!text.is_empty() && !text.contains(' ')).then(|| (text.to_owned(), None)),
    }
}

/// The other side hung up or stayed silent: the words are the same.
pub(super) fn no_banner(_: &str) -> Option<Kind> {
    Some(Kind::ConnectionFailed { address: None, port: None, reason: "no SSH greeting came, or not in time".into() })
}

/// What stands behind `Incompatible ssh … (no acceptable `.
pub(super) fn incompatible(rest: &str) -> Option<Kind> {
    let what = rest.trim_end().strip_suffix(')')?;
    let what = match what {
        "kex algorithm" => "key exchange method",
        "host key" => "host key type",
        "ciphers" => "cipher",
        "macs" => "MAC",
        other => other,
    };
    Some(Kind::NoCommonAlgorithm { what: what.to_owned(), offer: None, address: None, port: None })
}
