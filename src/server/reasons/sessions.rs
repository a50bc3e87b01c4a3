//! What becomes of a login: it succeeded, and the session did not do what was wanted.

use super::ground::command;
use super::reason::{Bearing, Proven, Reason, by_line, lines};
use crate::model::fix::Piece;
use crate::model::told::Told;
use crate::model::{Certainty, Fix, Session, Severity};

pub(super) const REASONS: &[Reason] = &[
    Reason::of(
        "pam-session",
        "PAM opens no session",
        "The login succeeded, and a module of PAM's session stack refused the session, such as pam_limits when there are \
         too many logins.",
    )
    .bears(&[Bearing::AfterLogin])
    .fixes(|_| vec![command(
        "see the limits",
        vec![Piece::Own("grep -rv '^#' /etc/security/limits.conf /etc/security/limits.d")],
    )]),
    Reason::of(
        "chroot-modes",
        "the folder of ChrootDirectory is not root's alone",
        "The login succeeded, and sshd ended it: the folder that the user is shut into, and each folder above, must be \
         root's, and no group or other may write to them.",
    )
    .bears(&[Bearing::AfterLogin])
    .unlike("`Authentication refused: bad ownership …` is about authorized_keys")
    .fixes(|ground| vec![
        ground.on_path("give it to root", "sudo chown root"),
        ground.on_path("take the right to write from others", "sudo chmod go-w"),
    ]),
    Reason::of(
        "subsystem-missing",
        "sshd has no such subsystem",
        "The login succeeded, and sshd_config has no Subsystem line for what was asked for, mostly sftp. scp uses it, too.",
    )
    .bears(&[Bearing::AfterLogin])
    .fixes(|_| vec![
        Fix::block("add it", crate::model::Block::for_all().with("Subsystem", "sftp internal-sftp")).on_server(),
        Fix::step("at the client, for scp only: scp -O"),
    ]),
    Reason::of(
        "max-sessions",
        "the connection may carry no more sessions",
        "The login succeeded, and MaxSessions ends what a client that shares one connection may open.",
    )
    .bears(&[Bearing::AfterLogin])
    .fixes(|_| vec![
        Fix::step("at the client: connect without sharing, ssh -o ControlPath=none"),
        Fix::block("or allow more", crate::model::Block::for_all().with("MaxSessions", "20")).on_server(),
    ]),
    Reason::of(
        "forwarding-denied",
        "the forwarding is not allowed",
        "The login succeeded, and AllowTcpForwarding, PermitOpen or the key's options forbid the forwarding.",
    )
    .bears(&[Bearing::AfterLogin])
    .severity(Severity::Warning)
    .fixes(|ground| vec![ground.settings("see what is allowed", "| grep -iE '^(allowtcpforwarding|permitopen|disableforwarding) '")]),
    Reason::of(
        "sftp-only",
        "the account is for sftp only",
        "The login succeeded, and ForceCommand internal-sftp lets this user do nothing but transfer files.",
    )
    .bears(&[Bearing::AfterLogin])
    .shows("VERBOSE; from 10.x on INFO")
    .severity(Severity::Warning)
    .prove(|id, session| by_line(id, session).or_else(|| session_of(session, |what| forced(what) && what.contains("internal-sftp"))))
    .fixes(|_| vec![Fix::step("at the client: use sftp"), Fix::step("or take the user out of the Match block with ForceCommand").on_server()]),
    Reason::of(
        "forced-command",
        "the key or the server has a command of its own",
        "The login succeeded, and a command of the server's ran in place of the client's. That is mostly meant so: keys \
         for backups and for git have one.",
    )
    .shows("VERBOSE")
    .severity(Severity::Note)
    .prove(|_, session| session_of(session, |what| forced(what) && !what.contains("internal-sftp")))
    .fixes(|_| vec![Fix::step("at the client: use another key, if a shell was wanted")]),
    Reason::of(
        "key-option-no-pty",
        "the key or the server allows no terminal",
        "The login succeeded, and `no-pty`, `restrict` or PermitTTY no forbid a terminal.",
    )
    .bears(&[Bearing::AfterLogin])
    .shows("DEBUG1")
    .severity(Severity::Warning)
    .fixes(|_| vec![
        Fix::step("at the client: do without, ssh -T"),
        Fix::step("or add pty behind restrict in the key's line").on_server(),
    ]),
];

fn forced(what: &str) -> bool {
    what.starts_with("forced-command ")
}

fn session_of(session: &Session, wanted: fn(&str) -> bool) -> Option<Proven> {
    let lines = lines(session, |told| matches!(told, Told::Session { what, .. } if wanted(what)));
    (!lines.is_empty()).then_some(Proven { certainty: Certainty::Certain, subject: None, lines })
}
