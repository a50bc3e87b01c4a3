//! The jump host or proxy command failed; the target was not reached.

use crate::model::{Certainty, Change, Finding, Fix, Kind, Outcome, ProxyFault, SessionRef};
use crate::rules::draft::Draft;
use crate::rules::rule::{Rule, Stage};
use crate::rules::scene::Scene;

pub(in crate::rules) const RULE: Rule = Rule {
    explains: &["connection-closed"],
    check: Some(check),
    of_the_way: true,
    ..Rule::of("proxy-failed", Stage::Connection, include_str!("../../../docs/causes/proxy-failed.md"))
};

fn check(scene: &Scene<'_>) -> Option<Finding> {
    if scene.is_foreign() {
        return onwards(scene);
    }
    let session = scene.session();
    if !scene.ended(Outcome::Network) {
        return None;
    }
    let command = session.first(|kind| match kind {
        Kind::Proxy { command, .. } => Some(command.as_str()),
        _ => None,
    });
    let trouble = session.first(|kind| match kind {
        Kind::ProxyTrouble { what, text } => Some((*what, text.contains("administratively prohibited"))),
        _ => None,
    });
    let through = session.first(|kind| matches!(kind, Kind::Closed { proxied: true, .. }).then_some(()));
    let spoke = session.server_software.is_some();
    // A server's own reason came through it.
    let answered = session.any(|kind| *kind == Kind::TailnetRefused);
    if spoke || answered || command.is_none() && trouble.is_none() && through.is_none() {
        return None;
    }
    let jump = scene.case.jump_before(scene.entry.id());
    let troubled = |entry: &SessionRef<'_>| entry.session.any(|kind| matches!(kind, Kind::ProxyTrouble { .. }));
    // It let the client through, and had nothing to say against the rest of the way.
    let through_it = |entry: &SessionRef<'_>| entry.session.outcome == Outcome::Authenticated && !troubled(entry);
    if trouble.is_none() && jump.as_ref().is_some_and(through_it) {
        return None;
    }
    let at = trouble.map(|(_, at)| at).or(session.end.as_ref()).or(command.map(|(_, at)| at))?;
    let title = match (&jump, command) {
        (Some(jump), _) => format!("the way to {} failed at the jump host {}", session.peer(), jump.session.peer()),
        (None, Some((command, _))) => format!("the way to {} failed: {}", session.peer(), short(command)),
        (None, None) => format!("the jump host or proxy before {} failed", session.peer()),
    };
    let (what, prohibited) = trouble.map_or((None, false), |((what, prohibited), _)| (Some(what), prohibited));
    // ssh's own lines prove a proxy. These words may be of something else that ran before, or of sftp, which starts an ssh.
    let foreign = matches!(what, Some(ProxyFault::Program | ProxyFault::NoProgram | ProxyFault::Forwarding));
    let proved = command.is_some() || through.is_some() || !foreign;
    let certainty = if proved { Certainty::Certain } else { Certainty::Likely };
    let mut draft = Draft::new(scene, certainty, title, at)
        .and(scene, command.map(|(_, at)| at))
        .and(scene, trouble.and(session.end.as_ref()));
    if let Some(jump) = &jump {
        draft = draft.and_of(jump.source, jump.session.end.iter());
    }
    if what == Some(ProxyFault::NoProgram) {
        let old = session.openssh().is_none_or(|release| release < (8, 1));
        return draft
            .says(
                "ssh could not start the program that makes the connection for it, so nothing left this machine. OpenSSH for \
                 Windows up to 8.0 does not find even its own ssh for a ProxyJump.",
            )
            .fix(
                Fix::step(
                    "in ~/.ssh/config name the program by its whole path, in place of ProxyJump: ProxyCommand \
                     C:\\Windows\\System32\\OpenSSH\\ssh.exe -W %h:%p JUMP",
                )
                .of_openssh(),
            )
            .fixes(old.then(|| Fix::step("or install a newer OpenSSH for Windows").of_openssh()))
            .done();
    }
    if prohibited {
        draft = draft.fix(
            Fix::step(
                "on the jump host, look at AllowTcpForwarding, PermitOpen and DisableForwarding for this account (sshd -T), and at \
                 the options of the key's line in authorized_keys: it takes the login and may not forward it",
            )
            .on_server(),
        );
    }
    draft
        .says(
            "ssh does not connect to the target by itself here: it runs a proxy command or logs in to a jump host first, and \
             that failed. The target never saw the connection.",
        )
        .fixes(jump.map(|jump| {
            let change = Change { session: Some(jump.id()), ..Change::none().flags(&["-v"]) };
            Fix::attempt("mend the jump host first; test it alone", change)
        }))
        .fix(Fix::step("if no proxy is needed here, add -o ProxyCommand=none -o ProxyJump=none").of_openssh())
        .done()
}

/// A library was let in at the host between, mostly, and that opens no way onwards.
fn onwards(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    let (text, at) = session.last(|kind| match kind {
        Kind::ProxyTrouble { text, .. } => Some(text.as_str()),
        _ => None,
    })?;
    Draft::new(scene, Certainty::Certain, format!("the host between leads no further: {text}"), at)
        .and(scene, session.end.iter())
        .says(
            "The login there is not what failed: it was asked for a connection onwards, and does not allow that. Its settings do so \
             (AllowTcpForwarding, PermitOpen, DisableForwarding), or what stands before the key in its authorized_keys (restrict, \
             no-port-forwarding, permitopen). The target never saw the connection.",
        )
        .fix(Fix::step("on the host between, see what it allows: sshd -T | grep -iE 'forwarding|permitopen'"))
        .done()
}

fn short(command: &str) -> String {
    let command = command.trim_start_matches("exec ");
    match command.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &command[..end]),
        None => command.to_owned(),
    }
}
