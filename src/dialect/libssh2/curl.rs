//! curl with an `sftp:` or `scp:` address: what it tells at -v, and its closing word.

use super::errors::{after_yes, error};
use crate::dialect::table::{Head, Row, any, bare};
use crate::dialect::words::{may_be_ssh, methods};
use crate::model::{Key, Kind};

/// The end of the meter of a transfer that has not begun.
const METER: &str = "--:--:-- ";

/// `* WORDS`; the first of them may stand behind the meter of the transfer, on one line.
pub(super) fn head(line: &str) -> Head<'_> {
    let metered = match line.contains(METER) {
        true => line.rsplit_once(METER).map_or(line, |(_, rest)| rest.trim_start()),
        false => line,
    };
    let digits = metered.trim_start_matches(|c: char| c.is_ascii_digit());
    match digits.strip_prefix("* ") {
        Some(words) if digits.len() == line.len() || metered.len() < line.len() => {
            Head { stream: None, logged: true, words: words.trim_start() }
        }
        _ => Head::bare(line),
    }
}

pub(super) const ROWS: &[Row] = &[
    any("Trying ", "*   Trying 127.0.0.3:2222...", |rest| {
        let (address, port) = address_and_port(rest.trim_end().strip_suffix("...")?)?;
        Some(Kind::Connecting { host: None, address: Some(address), port: Some(port) })
    }),
    any("connect to ", "* connect to 127.0.0.3 port 2299 failed: Connection refused", |rest| {
        let (address, rest) = rest.split_once(" port ")?;
        let (port, _) = rest.split_once(' ')?;
        let (_, reason) = rest.split_once("failed: ")?;
        let port = Some(port.parse().ok().filter(|port| is_ssh(*port))?);
        Some(Kind::AddressFailed { address: address.to_owned(), port, reason: reason.trim_end().to_owned() })
    }),
    any("Connected to ", "* Connected to box.example (127.0.0.3) port 2222 (#0)", |rest| {
        let (host, rest) = rest.split_once(" (")?;
        let (address, rest) = rest.split_once(") port ")?;
        let port: u16 = rest.split_whitespace().next()?.parse().ok()?;
        let (host, address) = (Some(host.to_owned()), Some(address.to_owned()));
        is_ssh(port).then_some(Kind::Connecting { host, address, port: Some(port) })
    }),
    any(
        "Failed to connect to ",
        "* Failed to connect to box.example port 2299 after 10 ms: Couldn't connect to server",
        unreachable,
    ),
    bare(
        "curl: (7) Failed to connect to ",
        "curl: (7) Failed to connect to box.example port 2299 after 10 ms: Couldn't connect to server",
        unreachable,
    ),
    any("SSH authentication methods available: ", "* SSH authentication methods available: publickey", |list| {
        Some(Kind::Methods { list: listed(list) })
    })
    .signs(),
    any("SSH host check: ", "* SSH host check: 2, key: <none>", host_check).signs(),
    // Named before it is looked for; where it is offered, the next lines tell.
    any("Using SSH private key file '", "* Using SSH private key file '/home/dev/.ssh/id'", |rest| {
        let path = rest.trim_end().trim_end_matches('\'');
        (!path.is_empty()).then(|| Kind::KeyFile { path: path.to_owned() })
    })
    .signs(),
    any("Initialized SSH public key authentication", "* Initialized SSH public key authentication", |_| {
        Some(Kind::Succeeded { method: "publickey".into() })
    })
    .also(|_| Some(offering()))
    .signs(),
    any("Initialized password authentication", "* Initialized password authentication", |_| {
        Some(Kind::Succeeded { method: "password".into() })
    })
    .signs(),
    any(
        "SSH public key authentication failed: ",
        "* SSH public key authentication failed: Username/PublicKey combination invalid",
        |text| error(text, None).or_else(|| unused(text)),
    )
    .also(|line| after_yes(line).then(offering))
    .also(|line| after_yes(line).then_some(Kind::ServerAccepts { key: None }))
    .signs(),
    any("Failure connecting to agent", "* Failure connecting to agent", |_| {
        Some(Kind::AgentFailed { reason: "none answers at SSH_AUTH_SOCK".into() })
    })
    .signs(),
    any(
        "Failure establishing ssh session: ",
        "* Failure establishing ssh session: -5, Unable to exchange encryption keys",
        ended,
    )
    .signs(),
    bare(
        "curl: (2) Failure establishing ssh session: ",
        "curl: (2) Failure establishing ssh session: -13, Failed getting banner",
        ended,
    )
    .signs(),
    bare(
        "curl: (60) SSL peer certificate or SSH remote key was not OK",
        "curl: (60) SSL peer certificate or SSH remote key was not OK",
        |_| Some(Kind::HostKeyFailed),
    )
    .signs(),
    any("Authentication failure", "* Authentication failure", |rest| rest.is_empty().then(denied)?),
    bare("curl: (67) Authentication failure", "curl: (67) Authentication failure", |_| denied()).signs(),
    // Of a build with libssh (lib/vssh/libssh.c).
    any("Could not load public key file", "* Could not load public key file", |rest| {
        let reason = "it could not load the public key's file".to_owned();
        rest.is_empty().then_some(Kind::ClientFailed { reason })
    })
    .signs(),
    any("Could not load private key file ", "* Could not load private key file /home/dev/.ssh/id", |path| {
        let path = path.trim_end().to_owned();
        let reason = "it could not be loaded: it is not there, or no key, or its passphrase is another".to_owned();
        Some(Kind::LoadKeyFailed { path, reason, public: false })
    })
    .signs(),
    any("Failed public key authentication (rc: ", "* Failed public key authentication (rc: 1)", |rest| {
        match rest.trim_end().trim_end_matches(')') {
            // SSH_AUTH_DENIED, SSH_AUTH_PARTIAL.
            "1" => Some(Kind::Several(vec![offering(), Kind::Refused { key: None }])),
            "2" => Some(Kind::Partial { method: Some("publickey".into()) }),
            _ => None,
        }
    })
    .signs(),
    any("Completed public key authentication", "* Completed public key authentication", |_| {
        Some(Kind::Succeeded { method: "publickey".into() })
    })
    .also(|_| Some(offering()))
    .signs(),
    any("Could not resolve host: ", "* Could not resolve host: box.example", no_address),
    bare("curl: (6) Could not resolve host: ", "curl: (6) Could not resolve host: box.example", no_address),
];

/// 0 is a match, 1 another key, 2 none, 3 no answer (LIBSSH2_KNOWNHOST_CHECK_*).
pub(super) fn host_check(rest: &str) -> Option<Kind> {
    Some(match rest.split(',').next()?.trim() {
        "0" => Kind::HostKeyKnown { host: None, port: None },
        "1" => Kind::HostKeyChanged { host: None },
        "2" => Kind::HostKeyUnknown { host: None, address: None, port: None, strict: true },
        _ => Kind::HostKeyFailed,
    })
}

/// Whether a port may be an SSH server's: curl's lines are the same for the web.
fn is_ssh(port: u16) -> bool {
    port != 443 && may_be_ssh(port)
}

fn address_and_port(text: &str) -> Option<(String, u16)> {
    let (address, port) = text.rsplit_once(':')?;
    let port = port.parse().ok().filter(|port| is_ssh(*port))?;
    Some((address.trim_matches(['[', ']']).to_owned(), port))
}

/// The server's methods: its own list, or libssh's words for it.
fn listed(list: &str) -> Vec<String> {
    methods(&list.replace("public key", "publickey").replace("GSSAPI", "gssapi-with-mic"))
}

/// A message that is about no key: it is an older one, since libssh2 set none as it failed with this file, before it
/// had asked the server.
fn unused(text: &str) -> Option<Kind> {
    let reason = format!("no word about the file; the last message is an older one, {:?}", text.trim());
    Some(Kind::LoadKeyFailed { path: String::new(), reason, public: false })
}

fn offering() -> Kind {
    Kind::Offering { key: Key::default(), explicit: false, token: false }
}

fn denied() -> Option<Kind> {
    Some(Kind::Denied { user: None, host: None, methods: Vec::new() })
}

fn no_address(host: &str) -> Option<Kind> {
    Some(Kind::ResolveFailed { host: host.trim().to_owned(), reason: "it could not be resolved".into() })
}

/// `HOST port PORT after N ms: REASON`.
fn unreachable(rest: &str) -> Option<Kind> {
    let (host, rest) = rest.split_once(" port ").filter(|(host, _)| !host.contains(' '))?;
    let (port, reason) = rest.split_once([' ', ':'])?;
    let port = port.parse().ok().filter(|port| is_ssh(*port))?;
    let reason = reason.rsplit_once(": ").map_or(reason, |(_, reason)| reason).trim().to_owned();
    Some(Kind::ConnectFailed { host: Some(host.to_owned()), port: Some(port), reason })
}

/// `-13, Failed getting banner`.
fn ended(rest: &str) -> Option<Kind> {
    let (code, text) = rest.split_once(", ")?;
    error(text, code.trim().parse().ok())
}
