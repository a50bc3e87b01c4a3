//! The login worked, and the session did not.

use crate::model::{At, Certainty, Finding, Fix, Kind, Outcome, ProxyFault, Role, SessionFault, Severity};
use crate::provider;
use crate::rules::draft::Draft;
use crate::rules::rule::{Rule, Stage};
use crate::rules::scene::Scene;

pub(in crate::rules) const RULE: Rule = Rule {
    check: Some(check),
    ..Rule::of("session-failed", Stage::After, include_str!("../../../docs/causes/session-failed.md"))
};

/// Below this a session ended at once, in tenths of a second.
const AT_ONCE: u64 = 20;

/// What went wrong, as a finding says it.
struct Fault<'a> {
    certainty: Certainty,
    title: String,
    says: &'static str,
    step: &'static str,
    at: &'a At,
}

fn check(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    let hosted = session.role == Role::Vcs
        || provider::of(session).is_some()
        || session.any(|kind| matches!(kind, Kind::Greeting(_) | Kind::RepositoryRefused { .. }));
    // A git host gives no shell and no terminal, and ends with whatever status it likes.
    if session.outcome != Outcome::Authenticated || session.jump_host || hosted {
        return None;
    }
    let Some(fault) = refused(scene).or_else(|| ended(scene)) else {
        return broken(scene);
    };
    Draft::new(scene, fault.certainty, fault.title, fault.at)
        .severity(Severity::Warning)
        .and(scene, session.end.iter())
        .and(scene, session.first(|kind| matches!(kind, Kind::ForcedCommand).then_some(())).map(|(_, at)| at))
        .says(format!("The login worked, so no key is at fault. {}{}", fault.says, of_root(scene)))
        .fix(Fix::step(fault.step))
        .done()
}

/// A session that ran until its line was cut: worth a word, and no failure of the login.
fn broken(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    let (_, at) = session.last(|kind| matches!(kind, Kind::SessionBroken).then_some(()))?;
    let title = format!("the line to {} was cut while the session ran", session.peer());
    Draft::new(scene, Certainty::Certain, title, at)
        .severity(Severity::Note)
        .says(format!(
            "ssh says so only after a login, so no key is at fault: this machine slept, the network changed, or something on \
             the way forgets connections that are idle.{}",
            of_root(scene)
        ))
        .fix(Fix::step("for idle lines, let ssh speak up now and then: -o ServerAliveInterval=30").of_openssh())
        .done()
}

/// What ends a session of root's, where the server says that it let root in (`auth_root_allowed`).
fn of_root(scene: &Scene<'_>) -> &'static str {
    let session = scene.session();
    let asked = session.any(|kind| matches!(kind, Kind::SessionFailed { .. } | Kind::ExitStatus { .. }));
    match session.user.as_deref() {
        Some("root") if !asked => {
            " At once, it may be PermitRootLogin forced-commands-only: sshd refuses root so, after it said yes."
        }
        _ => "",
    }
}

/// What the session asked for, and did not get.
fn refused<'a>(scene: &Scene<'a>) -> Option<Fault<'a>> {
    let session = scene.session();
    let peer = session.peer();
    let certain = |(title, says, step), at| Fault { certainty: Certainty::Certain, title, says, step, at };
    let told = session.last(|kind| match kind {
        Kind::SessionFailed { what } => Some(*what),
        _ => None,
    });
    if let Some((what, at)) = told {
        let subsystem = session.last(|kind| match kind {
            Kind::SessionRequest { subsystem } => subsystem.as_deref(),
            _ => None,
        });
        return Some(certain(words(what, peer, subsystem.map(|(name, _)| name)), at));
    }
    let ((what, reason), at) = session.last(|kind| match kind {
        Kind::ProxyTrouble { what: what @ (ProxyFault::FirstChannel | ProxyFault::Forwarding), text } => {
            Some((*what, text.as_str()))
        }
        _ => None,
    })?;
    // What a library was let in for is the way onwards, which another rule tells of.
    if what == ProxyFault::Forwarding && scene.is_foreign() {
        return None;
    }
    if what == ProxyFault::Forwarding {
        return Some(certain(
            (
                format!("{peer} refuses to forward connections: {reason}"),
                "The server lets the account in, and forwards nothing for it: AllowTcpForwarding, PermitOpen or DisableForwarding in \
                 sshd_config, or no-port-forwarding or permitopen= in the key's line of authorized_keys. As a jump host it is of no \
                 use like this, nor for what tunnels through it (an editor's remote session, -L, -D).",
                "on the server, look at AllowTcpForwarding, PermitOpen and DisableForwarding for this account (sshd -T), and at the \
                 key's line",
            ),
            at,
        ));
    }
    Some(certain(
        (
            format!("{peer} opened no session: {reason}"),
            "The server takes no session on this connection: it has as many as it may have (MaxSessions), or gives none to this account.",
            "on the server, look at MaxSessions and at what this account may do, and read its log",
        ),
        at,
    ))
}

fn words(what: SessionFault, peer: &str, subsystem: Option<&str>) -> (String, &'static str, &'static str) {
    match what {
        SessionFault::Subsystem => (
            format!("{peer} refused the subsystem {} after the login", subsystem.unwrap_or("that was asked for")),
            "The server has no such subsystem, its program is missing, or this account is bound to another command (ForceCommand).",
            "on the server, set Subsystem sftp internal-sftp in sshd_config; until then copy with scp -O, which needs no sftp",
        ),
        SessionFault::Shell => (
            format!("{peer} refused a shell after the login"),
            "This account, or this key, may not have a shell here.",
            "ask for what the account is meant to do: sftp, a forwarding (ssh -N), or a command of its own",
        ),
        SessionFault::Exec => (
            format!("{peer} refused to run a command after the login"),
            "This account, or this key, may not run commands here, or this is a device that knows none.",
            "ask for what the account is meant to do; without a command, see whether it gives a shell",
        ),
        SessionFault::Terminal => (
            format!("{peer} gave no terminal after the login"),
            "A shell without one shows no prompt. The account or the key may not have a terminal (PermitTTY no, no-pty, restrict), or the \
             server has none left.",
            "on the server, look at PermitTTY, at the key's line in authorized_keys, and at /dev/pts; ssh -T asks for none",
        ),
        SessionFault::AllButSftp => (
            format!("{peer} gives this account sftp, and nothing else"),
            "The account is bound to sftp (ForceCommand internal-sftp): no shell, and no command.",
            "use sftp, or scp from release 9.0 on",
        ),
        SessionFault::Protocol => (
            format!("something at {peer} writes into sftp's own answers"),
            "A startup file of the account prints text even where nobody reads it, and sftp takes that for its own protocol.",
            "let ~/.bashrc and the like print nothing where there is no terminal: ssh HOST true must print nothing",
        ),
    }
}

/// A session that the server ended at once.
fn ended<'a>(scene: &Scene<'a>) -> Option<Fault<'a>> {
    let session = scene.session();
    let peer = session.peer();
    let lasted = session.last(|kind| match kind {
        Kind::SessionLasted { tenths } => Some(*tenths),
        _ => None,
    });
    let at_once = lasted.is_some_and(|(tenths, _)| tenths < AT_ONCE);
    let forced = session.any(|kind| matches!(kind, Kind::ForcedCommand));
    let shell = !session.any(|kind| matches!(kind, Kind::SessionRequest { .. }))
        && session.typed.as_ref().is_none_or(|typed| typed.program == "ssh" && typed.command.is_empty());
    let status = session.last(|kind| match kind {
        Kind::ExitStatus { status } => Some(*status),
        _ => None,
    });
    // 254 is sshd's own, where PAM or /etc/nologin ends the session; -1 is ssh's for no status at all.
    let own = |status: i32| matches!(status, -1 | 254);
    if let Some((status, at)) =
        status.filter(|(status, _)| at_once && *status != 0 && (own(*status) || forced || shell))
    {
        let title = if own(status) {
            format!("{peer} ended the session at once")
        } else {
            format!("the session at {peer} ended at once, with exit status {status}")
        };
        return Some(Fault {
            certainty: Certainty::Likely,
            title,
            says: if forced {
                "The key's line in authorized_keys binds it to a command, which ran in place of what was asked for."
            } else {
                "The account has no shell that runs, a command in place of one, or may not log in now (PAM, /etc/nologin, limits)."
            },
            step: "read what the server printed; on the server, look at the account's shell, at ForceCommand and command=, and at its log",
            at,
        });
    }
    let (_, at) = session.last(|kind| matches!(kind, Kind::SessionClosed { dropped: true, .. }).then_some(()))?;
    let long = lasted.is_some() && !at_once;
    (!long).then(|| Fault {
        certainty: if at_once { Certainty::Likely } else { Certainty::Possible },
        title: format!("{peer} ended the session"),
        says: "The server closed the connection of a session that was running: at once, if no shell and no command came; else it was shut \
               down, or ended idle sessions.",
        step: "if it happens at once, look at the account's shell and limits on the server, and at its log",
        at,
    })
}
