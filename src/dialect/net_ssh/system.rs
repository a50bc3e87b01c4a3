//! What Ruby says of names and sockets.

use super::failure::closed;
use super::sshkit::raised;
use crate::dialect::table::Row;
use crate::model::Kind;

/// Any program of Ruby's says the same.
pub(super) const ROWS: &[Row] = &[
    raised(
        "Connection refused - connect(2) for ",
        "Errno::ECONNREFUSED: Connection refused - connect(2) for 192.0.2.1:22",
        |_, rest| failed(rest, "Connection refused"),
    ),
    raised(
        "Connection timed out - connect(2) for ",
        "Errno::ETIMEDOUT: Connection timed out - connect(2) for 192.0.2.1:22",
        |_, rest| failed(rest, "Connection timed out"),
    ),
    raised(
        "No route to host - connect(2) for ",
        "Errno::EHOSTUNREACH: No route to host - connect(2) for 192.0.2.1:22",
        |_, rest| failed(rest, "No route to host"),
    ),
    raised(
        "Network is unreachable - connect(2) for ",
        "Errno::ENETUNREACH: Network is unreachable - connect(2) for 192.0.2.1:22",
        |_, rest| failed(rest, "Network is unreachable"),
    ),
    raised(
        "getaddrinfo: ",
        "socket.rb:227:in `getaddrinfo': getaddrinfo: Name or service not known (SocketError)",
        unresolved,
    ),
    // Ruby 3.4
    raised("getaddrinfo(3): ", "Socket::ResolutionError: getaddrinfo(3): Name or service not known", unresolved),
    raised(
        "Connection reset by peer (Errno::ECONNRESET)",
        "server_version.rb:54:in `readpartial': Connection reset by peer (Errno::ECONNRESET)",
        |_, _| closed(true),
    )
    .signs(),
    raised("Errno::ECONNRESET: Connection reset by peer", "Errno::ECONNRESET: Connection reset by peer", |_, _| {
        closed(true)
    })
    .signs(),
];

/// `192.0.2.1:22`; before Ruby 2.3 `"192.0.2.1" port 22`. An agent's socket has no port.
fn failed(rest: &str, reason: &str) -> Option<Kind> {
    let (host, port) = match rest.strip_prefix('"') {
        Some(rest) => rest.split_once("\" port ")?,
        None => rest.split([' ', '>']).next()?.rsplit_once(':')?,
    };
    let digits = port.split(|c: char| !c.is_ascii_digit()).next()?;
    let port = Some(digits.parse().ok()?);
    Some(Kind::ConnectFailed { host: Some(host.to_owned()), port, reason: reason.to_owned() })
}

fn unresolved(_: &str, rest: &str) -> Option<Kind> {
    let reason = rest.split(" (").next()?.trim_end().to_owned();
    Some(Kind::ResolveFailed { host: String::new(), reason })
}
