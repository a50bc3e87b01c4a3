//! What it logs, and what it tells its user.

use crate::dialect::table::{Glue, Row, any, shows, within};
use crate::model::{Key, Kind};

pub(super) const ROWS: &[Row] = &[
    shows("Remote debug message: ", "Remote debug message: /home/dev/.ssh/authorized_keys:2: key options: pty"),
    any("Looking up host \"", "Looking up host \"box\" for SSH connection", |rest| {
        Some(Kind::Resolving { host: rest.split('"').next()?.to_owned(), port: None })
    })
    .signs(),
    any("Connecting to ", "Connecting to 192.0.2.1 port 22", |rest| {
        let (address, port) = rest.rsplit_once(" port ").filter(|(address, _)| !address.contains(' '))?;
        Some(Kind::Connecting { host: None, address: Some(address.to_owned()), port: port.trim().parse().ok() })
    }),
    any("We claim version: SSH-2.0-", "We claim version: SSH-2.0-PuTTY_Release_0.78", |rest| {
        Some(Kind::ClientSoftware { version: rest.trim().to_owned() })
    })
    .signs(),
    any("Remote version: SSH-2.0-", "Remote version: SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10", |rest| {
        Some(Kind::RemoteSoftware { software: rest.trim().to_owned() })
    })
    .signs(),
    any("Using username \"", "Using username \"dev\".", |rest| {
        Some(Kind::User { user: rest.rsplit_once('"')?.0.to_owned() })
    })
    .signs(),
    any("Reading key file \"", "Reading key file \"/home/dev/.ssh/id.ppk\"", |rest| {
        Some(Kind::KeyFile { path: rest.rsplit_once('"')?.0.to_owned() })
    })
    .signs(),
    any(
        "Unable to use key file \"",
        "Unable to use key file \"/home/dev/.ssh/id.ppk\" (unable to open file)",
        |rest| {
            let (path, reason) = rest.rsplit_once("\" (")?;
            Some(unusable(path.to_owned(), reason))
        },
    )
    .signs(),
    any("Key file contains public key only", "Key file contains public key only", |_| {
        Some(Kind::LoadKeyFailed { path: String::new(), reason: "it holds a public key only".into(), public: false })
    })
    .signs(),
    // The event log's form of the line above; the file was named as it was read.
    any("Unable to use this key file (", "Event Log: Unable to use this key file (unable to open file)", |rest| {
        Some(unusable(String::new(), rest))
    })
    .signs(),
    any("Unable to load key (", "Unable to load key (file format error)", |rest| {
        let reason = rest.trim_end().trim_end_matches(')').to_owned();
        Some(Kind::LoadKeyFailed { path: String::new(), reason, public: false })
    })
    .signs(),
    any("Pageant has ", "Pageant has 2 SSH-2 keys", |rest| {
        let count = rest.split(' ').next()?.parse().ok()?;
        Some(if count == 0 { Kind::AgentEmpty } else { Kind::AgentCount { count } })
    })
    .signs(),
    // Printed of any agent, and even where its socket is dead: the next line tells.
    any("Failed to get reply from Pageant", "Failed to get reply from Pageant", |_| {
        Some(Kind::AgentFailed { reason: "no reply".into() })
    })
    .signs(),
    any("Trying Pageant key #", "Trying Pageant key #0", |_| {
        let key = Key { agent: Some(true), ..Key::default() };
        Some(Kind::Offering { key, explicit: false, token: false })
    })
    .signs(),
    any("Offered public key", "Offered public key", |_| {
        let key = Key { agent: Some(false), ..Key::default() };
        Some(Kind::Offering { key, explicit: false, token: false })
    })
    .signs(),
    any("Server refused our key", "Server refused our key", |_| Some(Kind::Refused { key: None })).signs(),
    any("Server refused public-key signature", "Server refused public-key signature despite accepting key!", |_| {
        Some(Kind::Refused { key: None })
    })
    .signs(),
    any("Offer of public key accepted", "Offer of public key accepted", |_| Some(Kind::ServerAccepts { key: None }))
        .signs(),
    // A file's key was accepted in a line before; the agent's is named here for the first time.
    any("Authenticating with public key \"", "Authenticating with public key \"dev@laptop\" from agent", |rest| {
        let label = rest.strip_suffix("\" from agent")?.to_owned();
        let key = Key { label: Some(label), agent: Some(true), ..Key::default() };
        Some(Kind::ServerAccepts { key: Some(key) })
    })
    .signs(),
    any("Pageant refused signing request", "Pageant refused signing request", |_| {
        Some(Kind::AgentRefused { key: Key::default() })
    })
    .signs(),
    any("Pageant failed to provide a signature", "Pageant failed to provide a signature", |_| {
        Some(Kind::AgentRefused { key: Key::default() })
    })
    .signs(),
    any("Passphrase for key \"", "Passphrase for key \"dev@laptop\": ", |_| {
        Some(Kind::PassphrasePrompt { path: String::new() })
    })
    .signs(),
    any("Wrong passphrase", "Wrong passphrase", |_| Some(Kind::PassphraseRefused)).signs(),
    any("Cannot answer interactive prompts in batch mode", "Cannot answer interactive prompts in batch mode", |_| {
        Some(Kind::NoTerminal { reason: "batch mode".into() })
    })
    .signs(),
    any("Attempting keyboard-interactive auth", "Attempting keyboard-interactive authentication", |_| {
        Some(Kind::NextMethod { method: "keyboard-interactive".into() })
    })
    .signs(),
    any("Sent password", "Sent password", |_| Some(Kind::NextMethod { method: "password".into() })).signs(),
    any("Password authentication failed", "Password authentication failed", |_| Some(Kind::PasswordRefused)).signs(),
    any("Access granted", "Access granted", |_| Some(Kind::SessionOpened)).signs(),
    any("Further authentication required", "Further authentication required", |_| Some(Kind::Partial { method: None }))
        .signs(),
    any(
        "No supported authentication methods available",
        "No supported authentication methods available (server sent: publickey)",
        |rest| {
            let list = rest.split_once("server sent: ")?.1.trim_end().trim_end_matches(')');
            let methods = list.split(',').map(|method| method.trim().to_owned()).filter(|method| !method.is_empty());
            Some(Kind::Denied { user: None, host: None, methods: methods.collect() })
        },
    )
    .signs(),
    any(
        "Remote side sent disconnect message",
        "Remote side sent disconnect message type 2 (protocol error): \"Too many authentication failures\"",
        |rest| {
            let text = rest.split_once('"')?.1.trim_end().trim_end_matches('"').to_owned();
            Some(Kind::Disconnected { address: None, port: None, text })
        },
    )
    .signs()
    // To its user it tells it in three lines, the server's text in the last.
    .wraps(|rest| matches!(rest.trim_end().chars().next_back(), None | Some(':')).then_some(Glue::Theirs)),
    any(
        "Remote side unexpectedly closed network connection",
        "FATAL ERROR: Remote side unexpectedly closed network connection",
        |_| closed(false),
    )
    .signs(),
    // Up to 0.66.
    any(
        "Server unexpectedly closed network connection",
        "FATAL ERROR: Server unexpectedly closed network connection",
        |_| closed(false),
    )
    .signs(),
    // Others go on with an address in brackets, and a port.
    any("Connected to ", "Connected to 192.0.2.1", |rest| (!rest.contains('(')).then_some(Kind::Established)),
    any("Couldn't agree a ", "FATAL ERROR: Couldn't agree a host key algorithm (available: ssh-rsa)", |rest| {
        let (what, list) = rest.split_once(" (available: ")?;
        let offer = Some(list.trim_end().trim_end_matches(')').to_owned());
        Some(Kind::NoCommonAlgorithm { what: what.to_owned(), offer, address: None, port: None })
    })
    .signs(),
    // Behind `Unable to open connection:`, what the system says of the name.
    any("Name or service not known", "Name or service not known", no_address),
    any("Temporary failure in name resolution", "Temporary failure in name resolution", no_address),
    any("No address associated with hostname", "No address associated with hostname", no_address),
    any("nodename nor servname provided", "nodename nor servname provided, or not known", no_address),
    any("Host does not exist", "FATAL ERROR: Host does not exist", no_address).signs(),
    any("Network error: ", "FATAL ERROR: Network error: Connection refused", failed).signs(),
    any("Connection refused", "FATAL ERROR: Connection refused", |_| failed("Connection refused")),
    any("Connection reset by peer", "FATAL ERROR: Connection reset by peer", |_| failed("Connection reset by peer")),
    any("Network is unreachable", "FATAL ERROR: Network is unreachable", |_| failed("Network is unreachable")),
    any("Connection timed out", "FATAL ERROR: Connection timed out", |_| failed("Connection timed out")),
    any("No route to host", "FATAL ERROR: No route to host", |_| failed("No route to host")),
    any("The host key is not cached for this server", "The host key is not cached for this server:", host_unknown)
        .signs(),
    // The line below it.
    within(" (port ", "  box.example (port 2222)", |before, port| {
        let host = Some(before.trim_start()).filter(|host| !host.is_empty() && !host.contains(' '))?.to_owned();
        Some(Kind::Destination { user: None, host, port: Some(port.trim_end().strip_suffix(')')?.parse().ok()?) })
    })
    .common(),
    any("The server's host key is not cached", "The server's host key is not cached in the registry.", host_unknown)
        .signs(),
    any("Host key not in manually configured list", "FATAL ERROR: Host key not in manually configured list", |_| {
        Some(Kind::HostKeyUnknown { host: None, address: None, port: None, strict: true })
    })
    .signs(),
    any("WARNING - POTENTIAL SECURITY BREACH!", "WARNING - POTENTIAL SECURITY BREACH!", |_| {
        Some(Kind::HostKeyChanged { host: None })
    })
    .signs(),
    any("Cannot confirm a host key in batch mode", "FATAL ERROR: Cannot confirm a host key in batch mode", |_| {
        Some(Kind::HostKeyFailed)
    })
    .signs(),
    any("Connection abandoned.", "Connection abandoned.", |_| Some(Kind::HostKeyFailed)).signs(),
    any("User aborted at host key verification", "Event Log: User aborted at host key verification", |_| {
        Some(Kind::HostKeyFailed)
    })
    .signs(),
    any("Session sent command exit status ", "Session sent command exit status 0", |rest| {
        Some(Kind::ExitStatus { status: rest.trim().parse().ok()? })
    })
    .signs(),
];

fn no_address(_: &str) -> Option<Kind> {
    Some(Kind::ResolveFailed { host: String::new(), reason: "Name or service not known".into() })
}

fn closed(reset: bool) -> Option<Kind> {
    Some(Kind::Closed { address: None, port: None, reset, proxied: false })
}

fn failed(reason: &str) -> Option<Kind> {
    let reason = reason.trim();
    // A line that was up, and broke.
    if matches!(reason, "Connection reset by peer" | "Software caused connection abort") {
        return closed(true);
    }
    Some(Kind::ConnectFailed { host: None, port: None, reason: reason.to_owned() })
}

fn host_unknown(_: &str) -> Option<Kind> {
    Some(Kind::HostKeyUnknown { host: None, address: None, port: None, strict: false })
}

/// A key file that it can't use, and why: `unable to open file)`.
fn unusable(path: String, reason: &str) -> Kind {
    let reason = reason.trim_end().trim_end_matches(')').to_owned();
    match reason == "unable to open file" {
        true => Kind::IdentityMissing { path, reason, named: true },
        false => Kind::LoadKeyFailed { path, reason, public: false },
    }
}
