//! Programs that print a word of their own before Paramiko's, or in its place: Ansible, ncclient, netmiko, pysftp, sshtunnel.

use super::exceptions::{authentication_failed, failed, host_and_port, no_banner, no_connection};
use crate::dialect::table::{Row, any, within};
use crate::dialect::words::{between, methods};
use crate::model::Kind;

pub(super) const ROWS: &[Row] = &[
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
    // jumpssh's (session.py, 1.6), which repeats what the library says.
    any(
        "jumpssh.exception.ConnectionError: Unable to connect to '",
        "jumpssh.exception.ConnectionError: Unable to connect to 'box.example:22' with user 'dev': Authentication failed.",
        |rest| {
            let (place, rest) = rest.split_once("' with user '")?;
            let (user, said) = rest.split_once("': ")?;
            let (host, port) = place.rsplit_once(':')?;
            let to = Kind::Destination { user: Some(user.to_owned()), host: host.to_owned(), port: port.parse().ok() };
            Some(Kind::Several([to].into_iter().chain(authentication_failed(said).filter(|_| said.starts_with("Auth"))).collect()))
        },
    )
    .signs()
    .ends(),
    // ncclient's (transport/ssh.py, 0.6 to 0.7), with the library's exception as Python shows one.
    any(
        "ncclient.transport.errors.AuthenticationError: ",
        "ncclient.transport.errors.AuthenticationError: AuthenticationException('Authentication failed.')",
        |rest| match rest.trim_end() {
            "No authentication methods available" => Some(Kind::Attempted { methods: Vec::new() }),
            // `BadAuthenticationType('Bad authentication type', ['publickey'])`
            said => {
                let methods = between(said, "', [", "]").map(methods).unwrap_or_default();
                Some(Kind::Denied { user: None, host: None, methods })
            }
        },
    )
    .signs()
    .ends(),
    any(
        "ncclient.transport.errors.SSHError: Could not open socket to ",
        "ncclient.transport.errors.SSHError: Could not open socket to box.example:830",
        |rest| {
            let (host, port) = rest.trim_end().rsplit_once(':')?;
            let reason = "no connection".into();
            Some(Kind::ConnectFailed { host: Some(host.to_owned()), port: port.parse().ok(), reason })
        },
    )
    .signs()
    .ends(),
    any(
        "ncclient.transport.errors.SSHUnknownHostError: Unknown host key [",
        "ncclient.transport.errors.SSHUnknownHostError: Unknown host key [f2:c1] for [box.example]",
        |rest| {
            let (host, port) = host_and_port(rest.split_once("] for [")?.1.trim_end().strip_suffix(']')?)?;
            Some(Kind::HostKeyUnknown { host: Some(host), address: None, port, strict: true })
        },
    )
    .signs()
    .ends(),
    // sshtunnel's log (sshtunnel.py, 0.1 to 0.4). It opens a connection for each key.
    within(
        "Could not connect to gateway ",
        "2024-05-01 10:00:00,123| ERROR   | Could not connect to gateway box.example:2299 : [Errno 111] Connection refused",
        |_, rest| {
            let (place, reason) = rest.split_once(" : ")?;
            let (host, port) = place.rsplit_once(':')?;
            let reason = reason.rsplit_once("] ").map_or(reason, |(_, reason)| reason).trim_end().to_owned();
            Some(Kind::ConnectFailed { host: Some(host.to_owned()), port: port.parse().ok(), reason })
        },
    )
    .signs()
    .ends(),
    within(
        "Could not resolve IP address for ",
        "2024-05-01 10:00:00,123| ERROR   | Could not resolve IP address for box.example, aborting!",
        |_, rest| {
            let host = rest.trim_end().strip_suffix(", aborting!")?.to_owned();
            Some(Kind::ResolveFailed { host, reason: "no address".into() })
        },
    )
    .signs()
    .ends(),
    within(
        "Could not open connection to gateway",
        "2024-05-01 10:00:00,123| ERROR   | Could not open connection to gateway",
        |_, _| Some(Kind::Denied { user: None, host: None, methods: Vec::new() }),
    )
    .signs()
    .ends(),
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
    // Where netmiko was bound for: the type of the device, the host, the port.
    any("Device settings: ", "Device settings: cisco_ios box.example:22", |rest| {
        let (host, port) = rest.trim_end().split_once(' ')?.1.rsplit_once(':')?;
        Some(Kind::Destination { user: None, host: host.to_owned(), port: port.parse().ok() })
    })
    .common(),
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
