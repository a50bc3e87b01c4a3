//! Dropbear's server, 2022.83: `[PID] Nov 27 09:24:48 TEXT` with `-E`, `dropbear[PID]: TEXT` in syslog; no levels.
//!
//! It never names a refused key.

use super::daemon::tagged;
use super::sshd::words::{proof, told};
use super::table::{Dialect, Head, Row, any, any_within, holds};
use crate::model::told::{Answer, End, Peer, Told};
use crate::model::{Author, Key, KeyType, Kind, Side};
use crate::text::Sought;

pub(super) static DROPBEAR: Dialect = Dialect {
    author: Author {
        id: "dropbear-server",
        name: "Dropbear's server",
        side: Side::Server,
        read: true,
        tells_offers: false,
    },
    client: None,
    rows: &[ROWS],
    marks: &[holds("dropbear[", "May 10 22:47:08 web dropbear[5799]: Child connection from 192.0.2.1:59061")],
    noise: &["Not backgrounding", "Running in background"],
    noise_within: &[],
    levels: &[],
    twice: false,
    head,
};

const NAME: Sought = Sought::new("dropbear");

fn head(line: &str) -> Head<'_> {
    if let Some(tagged) = tagged(line, NAME, &[]) {
        return Head { stream: tagged.process, logged: true, words: tagged.words };
    }
    own(line).unwrap_or(Head::bare(line))
}

/// `[PID] Nov 27 09:24:48 TEXT`
fn own(line: &str) -> Option<Head<'_>> {
    let (process, rest) = line.strip_prefix('[')?.split_once(']')?;
    let rest = rest.strip_prefix(' ')?;
    let is_number = !process.is_empty() && process.bytes().all(|byte| byte.is_ascii_digit());
    let (stamp, words) = rest.split_at_checked("Nov 27 09:24:48 ".len())?;
    let times = stamp.as_bytes();
    let timed = times[3] == b' ' && times[6] == b' ' && times[9] == b':' && times[12] == b':' && times[15] == b' ';
    (is_number && timed).then_some(Head { stream: Some(process), logged: true, words })
}

const ROWS: &[Row] = &[
    any("Child connection from ", "[5799] May 10 22:47:08 Child connection from 192.0.2.1:59061", |rest| {
        told(Told::Connection { peer: at(rest)?, on: None })
    })
    .signs(),
    any_within(
        " must be owned by user or root, and not writable by group or others",
        "[5799] May 10 22:47:08 /home/dev must be owned by user or root, and not writable by group or others",
        |path, _| path.starts_with('/').then(|| proof("authorized-keys-modes").subject(path).told())?,
    )
    .signs(),
    // Older releases (svr-authpubkey.c, `checkfileperm`).
    any_within(
        " must be owned by user or root, and not writable by others",
        "[5799] May 10 22:47:08 /etc/dropbear must be owned by user or root, and not writable by others",
        |path, _| path.starts_with('/').then(|| proof("authorized-keys-modes").subject(path).told())?,
    )
    .signs(),
    any("Login attempt for nonexistent user", "[5799] May 10 22:47:08 Login attempt for nonexistent user", |_| {
        proof("no-such-user").told()
    })
    .signs(),
    any("User '", "[5799] May 10 22:47:08 User 'dev' has invalid shell, rejected", |rest| {
        let user = rest.strip_suffix("' has invalid shell, rejected")?;
        proof("shell-missing").user(user).told()
    })
    .signs(),
    any("root login rejected", "[5799] May 10 22:47:08 root login rejected", |_| {
        proof("root-login").user("root").told()
    })
    .signs(),
    any(
        "Logins are restricted to the group ",
        "[5799] May 10 22:47:08 Logins are restricted to the group users but user 'dev' is not a member",
        |rest| {
            let (group, user) = rest.strip_suffix("' is not a member")?.rsplit_once(" but user '")?;
            proof("user-not-allowed").subject(format!("the group {group}")).user(user).told()
        },
    )
    .signs(),
    any(
        "Bad public key options at ",
        "[5799] May 10 22:47:08 Bad public key options at /home/dev/.ssh/authorized_keys:1",
        |rest| proof("key-options-bad").subject(rest.trim()).told(),
    )
    .signs(),
    any("Failed loading ", "[5799] May 10 22:47:08 Failed loading /etc/dropbear/dropbear_rsa_host_key", |rest| {
        told(Told::Start { reason: "host-key-load", subject: Some(rest.trim().to_owned()) })
    })
    .signs(),
    any(
        "Early exit: No hostkeys available",
        "[5799] May 10 22:47:08 Early exit: No hostkeys available. 'dropbear -R' may be useful or run dropbearkey.",
        |_| told(Told::Start { reason: "host-keys-none", subject: None }),
    )
    .signs(),
    any(
        "Pubkey auth succeeded for '",
        "[5799] May 10 22:47:08 Pubkey auth succeeded for 'dev' with ssh-ed25519 key SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s from 192.0.2.1:59061",
        |rest| {
            let (user, rest) = rest.rsplit_once("' with ")?;
            let (named, from) = rest.split_once(" from ")?;
            let (kind, print) = named.split_once(" key ")?;
            let kind = KeyType::on_wire(kind).map(|kind| kind.name.to_owned());
            let key = Key { kind, fingerprint: Some(print.to_owned()), ..Key::default() };
            answered(Answer::Accepted, "publickey", user, at(from)?, Some(key))
        },
    )
    .signs(),
    any("Password auth succeeded for '", "[5799] May 10 22:47:08 Password auth succeeded for 'dev' from 192.0.2.1:59061", |rest| {
        let (user, from) = rest.rsplit_once("' from ")?;
        answered(Answer::Accepted, "password", user, at(from)?, None)
    })
    .signs(),
    any("Bad password attempt for '", "[5799] May 10 22:47:08 Bad password attempt for 'dev' from 192.0.2.1:59061", |rest| {
        let (user, from) = rest.rsplit_once("' from ")?;
        answered(Answer::Failed, "password", user, at(from)?, None)
    })
    .signs(),
    any(
        "Exit before auth from <",
        "[5799] May 10 22:47:08 Exit before auth from <192.0.2.1:59061>: (user 'dev', 0 fails): Exited normally",
        |rest| {
            let (from, rest) = rest.split_once(">: ")?;
            if let Some(what) = rest.strip_prefix("No matching algo ") {
                return proof("kex-mismatch").peer(at(from)).subject(what.trim()).told();
            }
            let user = rest.strip_prefix("(user '").and_then(|rest| Some(rest.rsplit_once("', ")?.0.to_owned()));
            told(Told::Ended { end: End::Closed, user, known: true, peer: at(from), after_login: false })
        },
    )
    .signs(),
    // Up to 2020 an end does not say whose it is.
    any(
        "Exit before auth (user '",
        "[5799] May 10 22:47:08 Exit before auth (user 'dev', 1 fails): Exited normally",
        |rest| {
            let user = Some(rest.rsplit_once("', ")?.0.to_owned());
            told(Told::Ended { end: End::Closed, user, known: true, peer: None, after_login: false })
        },
    )
    .signs(),
    any("Exit before auth: ", "[5799] May 10 22:47:08 Exit before auth: Exited normally", |_| {
        told(Told::Ended { end: End::Closed, user: None, known: true, peer: None, after_login: false })
    }),
    any("Exit (", "[5799] May 10 22:47:08 Exit (dev) from <192.0.2.1:59061>: Disconnect received", |rest| {
        let (user, from) = rest.rsplit_once(") from <")?;
        let peer = at(from.split_once('>')?.0);
        told(Told::Ended { end: End::Left, user: Some(user.to_owned()), known: true, peer, after_login: true })
    })
    .signs(),
];

/// `A:P`
fn at(text: &str) -> Option<Peer> {
    let (address, port) = text.trim().rsplit_once(':')?;
    let address = address.trim_matches(['[', ']']).to_owned();
    Some(Peer { address, port: Some(port.parse().ok()?) })
}

fn answered(answer: Answer, method: &str, user: &str, peer: Peer, key: Option<Key>) -> Option<Kind> {
    told(Told::Answered { answer, method: method.to_owned(), user: user.to_owned(), known: true, peer, key })
}
