//! The server's start and its own settings (sshd.c, servconf.c).

use super::words::{body, peer, quoted, told};
use crate::dialect::table::{Row, any, any_within};
use crate::model::Kind;
use crate::model::told::Told;

pub(super) const ROWS: &[Row] = &[
    any("Server listening on ", "Server listening on 0.0.0.0 port 22.", |rest| {
        told(Told::Listening { on: peer(rest.trim_end().trim_end_matches('.')) })
    })
    .signs(),
    any("sshd version ", "debug1: sshd version OpenSSH_9.2, OpenSSL 3.0.11 19 Sep 2023", version).signs(),
    any("sshd-session version ", "debug1: sshd-session version OpenSSH_9.9, OpenSSL 3.0.11", version).signs(),
    any("sshd-auth version ", "debug1: sshd-auth version OpenSSH_10.5, OpenSSL 3.0.11 [preauth]", version).signs(),
    any(
        "private host key #",
        "debug1: private host key #0: ssh-ed25519 SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s",
        |rest| {
            let fingerprint = body(rest).rsplit(' ').next().filter(|print| print.starts_with("SHA256:"))?;
            told(Told::HostKey { fingerprint: fingerprint.to_owned() })
        },
    )
    .signs(),
    any(
        "Remote protocol version 2.0, remote software version ",
        "debug1: Remote protocol version 2.0, remote software version OpenSSH_9.6 [preauth]",
        |rest| told(Told::ClientSoftware { software: body(rest).to_owned() }),
    ),
    // 7.4
    any(
        "Client protocol version 2.0; client software version ",
        "debug1: Client protocol version 2.0; client software version OpenSSH_9.6",
        |rest| told(Told::ClientSoftware { software: body(rest).to_owned() }),
    )
    .signs(),
    any("Could not load host key: ", "error: Could not load host key: /etc/ssh/ssh_host_rsa_key", |rest| {
        start("host-key-load", body(rest))
    })
    .signs(),
    any(
        "Unable to load host key",
        "error: Unable to load host key \"/etc/ssh/ssh_host_rsa_key\": bad permissions",
        |rest| {
            let rest = body(rest);
            start("host-key-load", rest.strip_prefix(": ").or_else(|| quoted(rest.strip_prefix(' ')?))?)
        },
    )
    .signs(),
    any("Permissions ", "Permissions 0640 for '/etc/ssh/ssh_host_ed25519_key' are too open.", |rest| {
        let path = quoted(rest.split_once(" for ")?.1)?;
        is_host_key(path).then(|| start("host-key-load", path))?
    })
    .signs(),
    any("no hostkeys available", "sshd: no hostkeys available -- exiting.", |_| start("host-keys-none", "")).signs(),
    any("Bind to port ", "error: Bind to port 22 on 0.0.0.0 failed: Address already in use.", |rest| {
        let (port, why) = rest.split_once(" on ")?;
        why.contains(" failed: Address already in use").then(|| start("port-in-use", port))?
    })
    .signs(),
    any_within(
        "/sshd_config",
        "/etc/ssh/sshd_config: line 14: Bad configuration option: PermitRootLogn",
        |before, rest| {
            let (rest, named) = match rest.strip_prefix(".d/") {
                Some(rest) => rest.split_once([' ', ':']).map(|(name, rest)| (rest, format!(".d/{name}")))?,
                None => (rest, String::new()),
            };
            let rest = rest.trim_start_matches([':', ' ']);
            if before.contains(' ') || !before.starts_with('/') {
                return None;
            }
            let path = format!("{before}/sshd_config{named}");
            match rest.strip_prefix("line ") {
                Some(line) => {
                    let (line, what) = line.split_once(": ")?;
                    let line: u32 = line.parse().ok()?;
                    let harmless = what.starts_with("Deprecated") || what.starts_with("Unsupported");
                    (!harmless).then(|| start("config-error-server", &format!("{path}:{line}")))?
                }
                None => rest.starts_with("terminating, ").then(|| start("config-error-server", &path))?,
            }
        },
    )
    .signs(),
    any(
        "AuthenticationMethods cannot be satisfied by enabled authentication methods",
        "AuthenticationMethods cannot be satisfied by enabled authentication methods",
        |_| start("method-config", "AuthenticationMethods"),
    )
    .signs(),
    any("Missing privilege separation directory: ", "Missing privilege separation directory: /run/sshd", |rest| {
        start("privsep-missing", body(rest))
    })
    .signs(),
    any_within(
        " must be owned by root and not group or world-writable",
        "/run/sshd must be owned by root and not group or world-writable.",
        |path, _| (path.starts_with('/') && !path.contains(' ')).then(|| start("privsep-missing", path))?,
    )
    .signs(),
];

/// Whether a file is one of a server's own keys, by the name that all of them have.
pub(in crate::dialect) fn is_host_key(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.starts_with("ssh_host_") && name.ends_with("_key")
}

fn start(reason: &'static str, subject: &str) -> Option<Kind> {
    let subject = (!subject.is_empty()).then(|| subject.to_owned());
    told(Told::Start { reason, subject })
}

fn version(rest: &str) -> Option<Kind> {
    let software = body(rest).split(',').next()?;
    told(Told::Version { software: software.to_owned() })
}
