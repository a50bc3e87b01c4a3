//! What libssh2's examples tell their user (example/ssh2.c, ssh2_agent.c), and programs that were made after them.

use super::errors::{error, numbered};
use super::{curl, errors};
use crate::dialect::table::{Row, bare};
use crate::dialect::words::methods;
use crate::model::{Key, Kind};

pub(super) const ROWS: &[Row] = &[
    // No example's: what programs say of what libssh2_session_banner_get gives, the server's identification string.
    bare("banner: SSH-2.0-", "banner: SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10", |software| {
        Some(Kind::RemoteSoftware { software: software.trim().to_owned() })
    }),
    bare("Authentication methods: ", "Authentication methods: publickey", |list| {
        Some(Kind::Methods { list: methods(list) })
    }),
    // The same numbers as in curl's line.
    bare("Host check: ", "Host check: 2, key: <none>", curl::host_check).signs(),
    // What programs say of libssh2_knownhost_check's answer.
    bare("known_hosts: ", "known_hosts: 2 entries, check: not found", |rest| {
        Some(match rest.split_once("check: ")?.1.trim() {
            "match" => Kind::HostKeyKnown { host: None, port: None },
            "mismatch" => Kind::HostKeyChanged { host: None },
            "not found" => Kind::HostKeyUnknown { host: None, address: None, port: None, strict: false },
            _ => return None,
        })
    }),
    bare("Authentication by public key failed.", "Authentication by public key failed.", |_| {
        Some(Kind::KeyDenied { methods: Vec::new() })
    })
    .signs(),
    bare("Authentication by password failed.", "Authentication by password failed.", |_| Some(Kind::PasswordRefused))
        .signs()
        .ends(),
    bare("No supported authentication methods found.", "No supported authentication methods found.", |_| {
        Some(Kind::Denied { user: None, host: None, methods: Vec::new() })
    })
    .signs(),
    // The examples print the number alone, programs made after them the message.
    bare(
        "Authentication by public key failed: ",
        "Authentication by public key failed: Callback returned error (-19)",
        numbered,
    )
    .also(|line| errors::after_yes(line).then_some(Kind::ServerAccepts { key: None }))
    .signs()
    .ends(),
    bare("Authentication by public key succeeded", "Authentication by public key succeeded.", |_| {
        Some(Kind::Succeeded { method: "publickey".into() })
    })
    .signs(),
    bare(
        "Failure establishing SSH session: ",
        "Failure establishing SSH session: Failed getting banner (-13)",
        |rest| numbered(rest).or_else(|| coded(rest)),
    )
    .signs(),
    bare("Failure connecting to ssh-agent: ", "Failure connecting to ssh-agent: no auth sock variable (-39)", |rest| {
        let reason = rest.split(" (-").next().unwrap_or(rest).trim_end().to_owned();
        Some(Kind::AgentFailed { reason })
    })
    .signs()
    .ends(),
    bare(
        "Authentication with username ",
        "Authentication with username dev and public key dev@laptop failed!",
        |rest| {
            let (_, key) = tried(rest)?;
            match rest.trim_end().ends_with("succeeded!") {
                true => Some(Kind::Succeeded { method: "publickey".into() }),
                false => Some(Kind::Refused { key: Some(key) }),
            }
        },
    )
    .also(|line| tried(line.split_once("with username ")?.1).map(|(user, _)| Kind::User { user }))
    .also(|line| {
        let (_, key) = tried(line.split_once("with username ")?.1)?;
        line.trim_end().ends_with("succeeded!").then_some(Kind::ServerAccepts { key: Some(key) })
    })
    .signs(),
    bare(": Waiting for USERAUTH response", ": Waiting for USERAUTH response (-19)", |_| {
        error("Waiting for USERAUTH response", None)
    }),
    bare(": Unable to send userauth-", ": Unable to send userauth-publickey request (-7)", |_| {
        error("Unable to send userauth-", None)
    }),
    bare("Couldn't continue authentication", "Couldn't continue authentication", |_| {
        Some(Kind::Denied { user: None, host: None, methods: Vec::new() })
    }),
];

/// `-13`: an error by its number alone (libssh2.h).
fn coded(rest: &str) -> Option<Kind> {
    let text = match rest.trim().parse().ok()? {
        -5 | -8 => "Unable to exchange encryption keys",
        -2 | -13 | -43 => "Failed getting banner",
        -9 | -30 => "Timed out waiting on socket",
        -1 | -7 => "socket disconnect",
        _ => return None,
    };
    error(text, Some(if text.starts_with("Unable") { -5 } else { 0 }))
}

/// `USER and public key COMMENT failed!`: a key of the agent's, by its comment.
fn tried(rest: &str) -> Option<(String, Key)> {
    let (user, rest) = rest.split_once(" and public key ")?;
    let rest = rest.trim_end();
    let label = rest.strip_suffix(" failed!").or_else(|| rest.strip_suffix(" succeeded!"))?;
    let label = Some(label.to_owned()).filter(|label| !label.is_empty());
    Some((user.to_owned(), Key { label, agent: Some(true), ..Key::default() }))
}
