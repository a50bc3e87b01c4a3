//! PAM's account and session, and what becomes of a login (session.c, auth-pam.c, serverloop.c).

use super::words::{body, proof, quoted, told, user_from};
use crate::dialect::table::{Row, any};
use crate::model::Kind;
use crate::model::told::Told;

pub(super) const ROWS: &[Row] = &[
    any("Starting session: ", "Starting session: shell on pts/0 for dev from 192.0.2.1 port 59061 id 0", |rest| {
        let (rest, _) = body(rest).rsplit_once(" id ").unwrap_or((body(rest), ""));
        let (before, peer) = user_from(rest)?;
        let (what, user) = before.rsplit_once(" for ")?;
        told(Told::Session { what: what.to_owned(), user: Some(user.to_owned()), peer: Some(peer) })
    })
    .signs(),
    any("pam_", "pam_unix(sshd:account): account dev has expired (account expired)", module).signs(),
    any(
        "Access denied for user ",
        "fatal: Access denied for user dev by PAM account configuration [preauth]",
        |rest| proof("pam-account").user(body(rest).strip_suffix(" by PAM account configuration")?).told(),
    )
    .signs(),
    // PAM_NEW_AUTHTOK_REQD, where the log lacks the modules' own lines
    any(
        "PAM: do_pam_account pam_acct_mgmt = 12",
        "debug3: PAM: do_pam_account pam_acct_mgmt = 12 (Authentication token is no longer valid; new one required)",
        |rest| rest.starts_with(' ').then(|| proof("password-expired").told())?,
    )
    .signs(),
    any("PAM: pam_open_session(): ", "error: PAM: pam_open_session(): Permission denied", |_| {
        proof("pam-session").told()
    })
    .signs(),
    any(
        "Allocating a pty not permitted for this ",
        "debug1: Allocating a pty not permitted for this connection.",
        |_| proof("key-option-no-pty").told(),
    )
    .signs(),
    any("no more sessions", "error: no more sessions", |rest| rest.is_empty().then(|| proof("max-sessions").told())?)
        .signs(),
    any(
        "bad ownership or modes for chroot directory ",
        "fatal: bad ownership or modes for chroot directory \"/home/dev\"",
        |rest| {
            let rest = body(rest);
            proof("chroot-modes").subject(quoted(rest.strip_prefix("component ").unwrap_or(rest))?).told()
        },
    )
    .signs(),
    any("subsystem request for ", "subsystem request for sftp by user dev failed, subsystem not found", |rest| {
        let (before, after) = body(rest).rsplit_once(" failed, ")?;
        let (name, user) = before.split_once(" by user ")?;
        (after == "subsystem not found").then(|| proof("subsystem-missing").user(user).subject(name).told())?
    })
    .signs(),
    any(
        "refused local port forward: ",
        "refused local port forward: originator 127.0.0.1 port 5, target 192.0.2.9 port 80",
        |rest| proof("forwarding-denied").subject(body(rest).rsplit_once("target ")?.1).told(),
    )
    .signs(),
];

/// A PAM module's own words: `unix(sshd:account): TEXT`.
fn module(rest: &str) -> Option<Kind> {
    let (name, rest) = rest.split_once('(')?;
    let (stage, text) = rest.strip_prefix("sshd:")?.split_once(')')?;
    let text = body(text.strip_prefix(": ")?);
    let words = |reason| proof(reason).subject(format!("pam_{name}"));
    match stage {
        "account" => {
            if let Some(user) = text.strip_prefix("expired password for user ") {
                return words("password-expired").user(user.split(" (").next()?).told();
            }
            let refuses = text.contains("access denied for user")
                || text.contains("not met by user")
                || text.starts_with("account ") && text.contains(" has expired")
                || text.starts_with("Access denied");
            refuses.then(|| words("pam-account").told())?
        }
        "session" if text.starts_with("too many logins for ") => words("pam-session").told(),
        _ => None,
    }
}
