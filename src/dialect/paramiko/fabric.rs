//! What tools on Paramiko say in its place: Fabric 1 (fabric/network.py, to 1.15), Ansible before 2.9
//! (plugins/connection/paramiko_ssh.py) and Netmiko (1.4 to 4.4).

use super::exceptions::authentication_failed;
use crate::dialect::table::{Row, any, any_within, within};
use crate::model::Kind;
use crate::shell::{Place, place};

pub(super) const ROWS: &[Row] = &[
    within(
        "Low level socket error connecting to host ",
        "Fatal error: Low level socket error connecting to host box.example on port 22: Connection refused (tried 1 time)",
        |_, rest| {
            let (host, rest) = rest.split_once(" on port ")?;
            let (port, reason) = rest.split_once(": ")?;
            let reason = reason.split(" (tried ").next()?.trim_end().to_owned();
            Some(Kind::ConnectFailed { host: Some(host.to_owned()), port: port.parse().ok(), reason })
        },
    )
    .signs()
    .ends(),
    within(
        "Timed out trying to connect to ",
        "Fatal error: Timed out trying to connect to box.example (tried 1 time)",
        |before, rest| {
            let host = rest.split([' ', '\n']).next().filter(|_| before == "Fatal error: ")?;
            Some(Kind::ConnectFailed { host: Some(host.to_owned()), port: None, reason: "Connection timed out".into() })
        },
    )
    .ends(),
    // Netmiko (netmiko/base_connection.py, `establish_connection`), mostly behind the class.
    any_within(
        "Authentication to device failed.",
        "netmiko.exceptions.NetmikoAuthenticationException: Authentication to device failed.",
        |_, _| Some(Kind::Denied { user: None, host: None, methods: Vec::new() }),
    )
    .signs(),
    any_within("TCP connection to device failed.", "netmiko.exceptions.NetmikoTimeoutException: TCP connection to device failed.", |_, _| {
        let reason = "Connection refused, or no route to it".to_owned();
        Some(Kind::ConnectFailed { host: None, port: None, reason })
    })
    .signs(),
    // Up to Netmiko 3.
    any_within(
        "Authentication failure: unable to connect ",
        "netmiko.ssh_exception.NetMikoAuthenticationException: Authentication failure: unable to connect cisco_ios box.example:22",
        |_, rest| {
            let to = device(rest)?;
            Some(Kind::Several(vec![to, Kind::Denied { user: None, host: None, methods: Vec::new() }]))
        },
    )
    .signs(),
    any("Fatal error: Name lookup failed for ", "Fatal error: Name lookup failed for box.example", |host| {
        Some(Kind::ResolveFailed { host: host.trim_end().to_owned(), reason: "name lookup failed".into() })
    })
    .signs()
    .ends(),
    // It has no key that is taken, and would ask for a password next.
    any(
        "Fatal error: Needed to prompt for a connection or sudo password (host: ",
        "Fatal error: Needed to prompt for a connection or sudo password (host: box.example), but abort-on-prompts was set to True",
        |_| Some(Kind::ClientFailed { reason: "it needed to ask for a password, and may not ask".into() }),
    )
    .also(|line| {
        let (_, rest) = line.split_once("(host: ")?;
        let Place { user, host, port } = place(rest.split(')').next()?)?;
        Some(Kind::Destination { user, host, port })
    })
    .signs()
    .ends(),
    any(
        "Invalid/incorrect username/password. ",
        "Invalid/incorrect username/password. Authentication failed.",
        authentication_failed,
    )
    .signs()
    .ends(),
];

/// `cisco_ios box.example:22`
fn device(rest: &str) -> Option<Kind> {
    let (host, port) = rest.trim_end().split_once(' ')?.1.rsplit_once(':')?;
    let port = Some(port.parse().ok()?);
    (!host.is_empty() && !host.contains(' ')).then(|| Kind::Destination { user: None, host: host.to_owned(), port })
}
