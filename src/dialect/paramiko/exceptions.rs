//! Exceptions, as the last line of a traceback names them. `SSHClient` tries one file as RSA, ECDSA and Ed25519 in
//! turn and raises the last exception, which may be of the wrong type of key.

use crate::dialect::table::{Row, any, within};
use crate::dialect::words::{between, methods};
use crate::model::{Key, Kind};

pub(super) const ROWS: &[Row] = &[
    any(
        "paramiko.ssh_exception.AuthenticationException: ",
        "paramiko.ssh_exception.AuthenticationException: Authentication failed.",
        authentication_failed,
    )
    .signs()
    .ends(),
    any(
        "paramiko.ssh_exception.BadAuthenticationType: ",
        "paramiko.ssh_exception.BadAuthenticationType: Bad authentication type; allowed types: ['publickey']",
        bad_type,
    )
    .signs()
    .ends(),
    any(
        "paramiko.ssh_exception.PasswordRequiredException: ",
        "paramiko.ssh_exception.PasswordRequiredException: Private key file is encrypted",
        |_| Some(Kind::PassphraseRefused),
    )
    .signs()
    .ends(),
    any(
        "paramiko.ssh_exception.BadHostKeyException: Host key for server ",
        "paramiko.ssh_exception.BadHostKeyException: Host key for server 'box.example' does not match: got 'AAAA', expected 'AAAB'",
        |rest| {
            let host = rest.split_once(" does not match").map_or_else(|| rest.split(' ').next(), |(host, _)| Some(host))?;
            Some(Kind::HostKeyChanged { host: host_and_port(host).map(|(host, _)| host) })
        },
    )
    .signs()
    .ends(),
    // Other errors than these two are raised as they are (`SSHClient.connect`).
    any(
        "paramiko.ssh_exception.NoValidConnectionsError: ",
        "paramiko.ssh_exception.NoValidConnectionsError: [Errno None] Unable to connect to port 2299 on 192.0.2.1",
        |rest| no_connection(rest.split_once("to port ")?.1),
    )
    .signs()
    .ends(),
    any(
        "paramiko.ssh_exception.IncompatiblePeer: Incompatible ssh peer (no acceptable ",
        "paramiko.ssh_exception.IncompatiblePeer: Incompatible ssh peer (no acceptable kex algorithm)",
        incompatible,
    )
    .signs()
    .ends(),
    any(
        "paramiko.ssh_exception.SSHException: Incompatible ssh peer (no acceptable ",
        "paramiko.ssh_exception.SSHException: Incompatible ssh peer (no acceptable host key)",
        incompatible,
    )
    .signs()
    .ends(),
    any(
        "paramiko.ssh_exception.SSHException: Error reading SSH protocol banner",
        "paramiko.ssh_exception.SSHException: Error reading SSH protocol banner",
        no_banner,
    )
    .signs()
    .ends(),
    // The connection was gone, or nobody spoke SSH on it in time.
    any(
        "paramiko.ssh_exception.SSHException: No existing session",
        "paramiko.ssh_exception.SSHException: No existing session",
        no_banner,
    )
    .signs()
    .ends(),
    any(
        "paramiko.ssh_exception.SSHException: SSH session not active",
        "paramiko.ssh_exception.SSHException: SSH session not active",
        closed,
    )
    .signs()
    .ends(),
    any(
        "paramiko.ssh_exception.SSHException: Server connection dropped",
        "paramiko.ssh_exception.SSHException: Server connection dropped: ",
        closed,
    )
    .signs()
    .ends(),
    any(
        "paramiko.ssh_exception.SSHException: No authentication methods available",
        "paramiko.ssh_exception.SSHException: No authentication methods available",
        |_| Some(Kind::Attempted { methods: Vec::new() }),
    )
    .signs()
    .ends(),
    any(
        "paramiko.ssh_exception.SSHException: key cannot be used for signing",
        "paramiko.ssh_exception.SSHException: key cannot be used for signing",
        |_| Some(Kind::AgentRefused { key: Key::default() }),
    )
    .signs()
    .ends(),
    any(
        "paramiko.ssh_exception.SSHException: Server ",
        "paramiko.ssh_exception.SSHException: Server '[box.example]:2200' not found in known_hosts",
        |rest| {
            let (host, port) = host_and_port(rest.split_once(" not found in known_hosts")?.0)?;
            Some(Kind::HostKeyUnknown { host: Some(host), address: None, port, strict: true })
        },
    )
    .signs()
    .ends(),
    any(
        "paramiko.ssh_exception.SSHException: not a valid ",
        "paramiko.ssh_exception.SSHException: not a valid OPENSSH private key file",
        |rest| unreadable("not a valid ", rest),
    )
    .signs()
    .ends(),
    any(
        "paramiko.ssh_exception.SSHException: encountered ",
        "paramiko.ssh_exception.SSHException: encountered RSA key, expected OPENSSH key",
        |rest| unreadable("encountered ", rest),
    )
    .signs()
    .ends(),
    any(
        "paramiko.ssh_exception.SSHException: no lines in ",
        "paramiko.ssh_exception.SSHException: no lines in OPENSSH private key file",
        |rest| unreadable("no lines in ", rest),
    )
    .signs()
    .ends(),
    // Of a file that is tried as another type of key than it holds, and of an empty one.
    any("ValueError: ", "ValueError: q must be exactly 160, 224, or 256 bits long", failed).common().ends(),
    any("IndexError: ", "IndexError: list index out of range", failed).common().ends(),
    any(
        "paramiko.ssh_exception.SSHException: Invalid key",
        "paramiko.ssh_exception.SSHException: Invalid key",
        |rest| unreadable("Invalid key", rest),
    )
    .signs()
    .ends(),
    any(
        "paramiko.ssh_exception.SSHException: unpack requires ",
        "paramiko.ssh_exception.SSHException: unpack requires a buffer of 4 bytes",
        |rest| unreadable("unpack requires ", rest),
    )
    .signs()
    .ends(),
    // Python's own, of a connection that was closed.
    any("EOFError", "EOFError", |rest| rest.is_empty().then(|| closed(rest)).flatten()).ends(),
];

/// `PORT on ADDRESS`. Of `A, B or C` each was tried, the last one last.
fn no_connection(rest: &str) -> Option<Kind> {
    let (port, addresses) = rest.split_once(" on ")?;
    let address = addresses.trim().trim_end_matches(['"', ',']).rsplit([' ', ',']).next()?;
    let reason = "Connection refused, or no route to it".to_owned();
    Some(Kind::ConnectFailed { host: Some(address.to_owned()), port: port.parse().ok(), reason })
}

fn failed(reason: &str) -> Option<Kind> {
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

/// Programs that print a word of their own before Paramiko's.
pub(super) const WRAPPERS: &[Row] = &[
    // Ansible's connection plugin (`plugins/connection/paramiko_ssh.py`).
    within(
        "Failed to authenticate: ",
        "[ERROR]: Task failed: Failed to authenticate: Authentication failed.",
        |before, rest| match authentication_failed(rest)? {
            Kind::Denied { user, methods, .. } => Some(Kind::Denied { user, host: unreachable(before), methods }),
            other => Some(other),
        },
    )
    .signs()
    .ends(),
    // It would ask whether to trust the host key.
    within("Task failed: stdin is not interactive", "[ERROR]: Task failed: stdin is not interactive", |before, _| {
        Some(Kind::HostKeyUnknown { host: unreachable(before), address: None, port: None, strict: true })
    })
    .signs()
    .ends(),
    // Up to 2.18 what the library says stands alone in the result.
    any("stdin is not interactive", "stdin is not interactive", |rest| {
        let unknown = Kind::HostKeyUnknown { host: None, address: None, port: None, strict: true };
        rest.is_empty().then_some(unknown)
    })
    .signs()
    .inside_if(|rest| rest.starts_with('"'))
    .ends(),
    any("No existing session", "No existing session", |rest| no_banner(rest).filter(|_| rest.is_empty()))
        .signs()
        .inside_if(|rest| rest.starts_with('"'))
        .ends(),
    within("host key mismatch for ", "[ERROR]: Task failed: host key mismatch for box.example", |before, rest| {
        let host = rest.split(['"', ' ', ',']).next().filter(|host| !host.is_empty())?;
        before.contains("failed: ").then(|| Kind::HostKeyChanged { host: Some(host.to_owned()) })
    })
    .ends(),
    within(
        "[Errno None] Unable to connect to port ",
        "[ERROR]: Task failed: [Errno None] Unable to connect to port 2299 on 192.0.2.1",
        |_, rest| no_connection(rest),
    )
    .signs()
    .ends(),
    // pysftp, which has no list of host keys, or none of this host's.
    any("pysftp.exceptions.HostKeysException: ", "pysftp.exceptions.HostKeysException: No Host Keys Found", |_| {
        Some(Kind::HostKeyUnknown { host: None, address: None, port: None, strict: true })
    })
    .signs()
    .ends(),
    within(
        "SSHException: No hostkey for host ",
        "paramiko.ssh_exception.SSHException: No hostkey for host box.example found.",
        |_, rest| {
            let host = rest.trim_end().strip_suffix(" found.")?.to_owned();
            Some(Kind::HostKeyUnknown { host: Some(host), address: None, port: None, strict: true })
        },
    )
    .signs()
    .ends(),
    // sshtunnel keeps its reason to the log.
    any(
        "sshtunnel.BaseSSHTunnelForwarderError: ",
        "sshtunnel.BaseSSHTunnelForwarderError: Could not establish session to SSH gateway",
        failed,
    )
    .signs()
    .ends(),
    any("ValueError: No password or public key available!", "ValueError: No password or public key available!", |_| {
        Some(Kind::Attempted { methods: Vec::new() })
    })
    .signs()
    .ends(),
    // netmiko's, over two lines.
    any("key_file: ", "key_file: /home/dev/.ssh/id_deploy", |path| {
        let path = path.trim_end().to_owned();
        Some(Kind::IdentityMissing { path, reason: "No such file or directory".into(), named: true })
    })
    .common()
    .ends(),
    // The host as the inventory names it.
    within(" UNREACHABLE! => {", "fatal: [box.example]: UNREACHABLE! => {", |before, _| {
        let host = unreachable(&format!("{before} UNREACHABLE!"))?;
        Some(Kind::Destination { user: None, host, port: None })
    }),
    any(
        "paramiko: The authenticity of host '",
        "paramiko: The authenticity of host 'box.example' can't be established.",
        |rest| {
            let (host, port) = host_and_port(rest.split('\'').next()?)?;
            Some(Kind::HostKeyUnknown { host: Some(host), address: None, port, strict: false })
        },
    )
    .signs(),
];

/// The host in `HOST | UNREACHABLE! => {`, or `fatal: [HOST]: UNREACHABLE! => {`.
fn unreachable(before: &str) -> Option<String> {
    let host = before.split_once("UNREACHABLE!")?.0.trim();
    let host = host.strip_suffix('|').or_else(|| between(host, "fatal: [", "]"))?.trim();
    (!host.is_empty() && !host.contains(' ')).then(|| host.to_owned())
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
