//! The log does not hold enough to say why.

use crate::model::{At, Capability, Certainty, Change, Finding, Fix, Kind, Outcome, SessionRef, Severity, Standing};
use crate::rules::draft::Draft;
use crate::rules::offers::keys::{compared, count, other_client};
use crate::rules::rule::{Rule, Stage};
use crate::rules::scene::Scene;

pub(in crate::rules) const RULE: Rule = Rule {
    check: Some(check),
    standing: Standing::Open,
    capabilities: &[Capability::LoggingMore],
    ..Rule::of("unknown", Stage::After, include_str!("../../../docs/causes/unknown.md"))
};

fn check(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    let at = session.end.as_ref().or_else(|| session.events.last().map(|event| &event.at))?;
    let peer = session.peer();
    let typed = session.typed.as_ref().is_some_and(|typed| typed.options.iter().any(|(letter, _)| *letter == 'v'));
    let idle =
        |kind: &Kind| matches!(kind, Kind::Attempted { methods } if !methods.iter().any(|one| one == "publickey"));
    let asked = session.events.last().and_then(|event| match &event.kind {
        Kind::PassphrasePrompt { path } => Some(path.as_str()),
        _ => None,
    });
    let missing = if let Some(path) = asked {
        &*format!(
            "It ends where {} asks for the passphrase of {path}; what came of the answer is not in it.",
            scene.client()
        )
    } else if let passwords @ 1.. = session.refused_passwords()
        && !session.verbose()
    {
        &*format!(
            "It shows {} of the password. What came of keys before that, a log without -v does not show: none may have been \
             offered, or the server takes none of them.",
            count(passwords, "refusal")
        )
    } else if session.any(idle) {
        "publickey is not among the methods that it says it tried. That is so where it was given no key, where the server \
         does not take keys, and also where the server took the key and wants a second factor."
    } else if !session.verbose() && !typed && session.client.is_none() {
        match scene.is_foreign() {
            true => "It does not say which keys were offered.",
            false => "It was made without -v, so it does not say which keys were offered.",
        }
    } else if session.any(|kind| *kind == Kind::Elided) {
        "Lines were left out of it."
    } else if session.outcome == Outcome::Unknown {
        "It stops before the end."
    } else {
        "The lines that would decide are not in it."
    };
    let change = Change::none().flags(&["-v"]).option("ControlPath=none");
    // Where a client has ways of its own to tell more, ssh is beside the point.
    let shown = crate::dialect::more(session.author).is_none();
    // The other side's own reason is the best that there is.
    let reason = session.last(|kind| match kind {
        Kind::Disconnected { text, .. } if !text.is_empty() => Some(text.as_str()),
        _ => None,
    });
    let said = reason.map(|(text, _)| format!(" {peer} gave this reason: {text}.")).unwrap_or_default();
    let run = |other: &SessionRef<'_>| {
        other.transcript == scene.entry.transcript && other.session.outcome == Outcome::Authenticated
    };
    let other = scene.case.sessions().find(run).map(|other| match other.session.user.as_deref() {
        Some(user) => {
            format!(" Another run in this log was let in at {}, as {user}: compare the two.", other.session.peer())
        }
        None => format!(" Another run in this log was let in at {}: compare the two.", other.session.peer()),
    });
    let works = compared(scene).and_then(|comparison| {
        let other = other_client(scene, comparison)?;
        let key = comparison.key.as_ref()?.name();
        let client = scene.client();
        Some(format!(
            " {other} logs in there with {key}; whether {client} offered that key, this log does not tell: look at which \
             keys it is given, in which format, and whether it asks the agent."
        ))
    });
    let said = said + &other.unwrap_or_default() + &works.unwrap_or_default();
    let own: Vec<(&str, &At)> = session
        .events
        .iter()
        .filter_map(|event| match &event.kind {
            Kind::ClientFailed { reason } if !scene.is_foreign() || scene.ended(Outcome::ClientError) => {
                Some((reason.as_str(), &event.at))
            }
            _ => None,
        })
        .collect();
    if !own.is_empty() {
        let words: Vec<&str> = own.iter().map(|(reason, _)| *reason).collect();
        let at = own.first().map_or(at, |(_, at)| *at);
        let title = match scene.is_foreign() {
            true => format!("{} stopped by itself: {}", scene.client(), words.join("; ")),
            false => format!("ssh stopped by itself: {}", words.join("; ")),
        };
        return Draft::new(scene, Certainty::Certain, title, at)
            .severity(Severity::Warning)
            .and(scene, own.iter().skip(1).map(|(_, at)| *at))
            .says("These are its last words, and they are none that is known here. Mostly a setting, a file or this machine is in the way.")
            .fixes(crate::dialect::more(session.author).map(|more| Fix::step(format!("to see more, {more}"))))
            .fixes((!scene.is_foreign()).then(|| {
                Fix::step("look the words up in ssh(1) and ssh_config(5); ssh -G HOST shows the settings that apply").of_openssh()
            }))
            .done();
    }
    let title = match session.outcome {
        _ if session.refused_passwords() > 0 && !session.verbose() => {
            format!("{peer} refused the password, and the log does not tell what came of keys")
        }
        Outcome::Denied => format!("{peer} refused the login, and the log does not tell why"),
        _ => format!("the log does not tell what happened with {peer}"),
    };
    Draft::new(scene, Certainty::Certain, title, at)
        .severity(Severity::Warning)
        .and(scene, reason.map(|(_, at)| at))
        .says(format!("This is all that could be read. {missing}{said}"))
        .fixes(crate::dialect::more(session.author).map(|more| Fix::step(format!("to see more, {more}"))))
        .fixes(shown.then(|| Fix::attempt("make a whole log with ssh -v, and give that", change)))
        .done()
}
