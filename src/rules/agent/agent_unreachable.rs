//! ssh could not talk to the key agent.

use crate::model::{Capability, Certainty, Change, Fact, Finding, Fix, Kind, Outcome, Session, Severity};
use crate::rules::draft::Draft;
use crate::rules::here;
use crate::rules::rule::{Rule, Stage};
use crate::rules::scene::Scene;

pub(in crate::rules) const RULE: Rule = Rule {
    explains: &["no-identity"],
    check: Some(check),
    capabilities: &[Capability::Agent],
    leads: true,
    ..Rule::of("agent-unreachable", Stage::Agent, include_str!("../../../docs/causes/agent-unreachable.md"))
};

fn check(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    let Some((reason, at)) = session.first(|kind| match kind {
        Kind::AgentFailed { reason } => Some(reason.as_str()),
        _ => None,
    }) else {
        return by_facts(scene);
    };
    let over = scene.refused() || scene.ended(Outcome::ClientError);
    let alone = session.offered.is_empty() && session.accepted.is_none() && !session.lacks_keys();
    // Of a log that does not show the end it is what is known to be wrong, and likely why.
    let open = alone && !over && session.outcome == Outcome::Unknown;
    // The agent is asked first, and what comes of the files is a word that this client does not say.
    let mute = alone && scene.ended(Outcome::Denied) && scene.is_foreign() && !session.verbose();
    // It named a file before, and came to the agent only when that was of no use: nobody may have set one up.
    let before = session.events.iter().take_while(|event| !matches!(event.kind, Kind::AgentFailed { .. }));
    let last = scene.is_foreign() && before.into_iter().any(|event| matches!(event.kind, Kind::KeyFile { .. }));
    let file = session.typed.as_ref().is_some_and(|typed| typed.options.iter().any(|(letter, _)| *letter == 'i'));
    let severity = match session.outcome {
        // The file that was named was tried all the same.
        _ if mute && file || last => Severity::Note,
        _ if alone && over => Severity::Error,
        Outcome::Denied | Outcome::Disconnected => Severity::Warning,
        _ if open => Severity::Warning,
        _ => Severity::Note,
    };
    let refused = reason.contains("refused operation");
    let unwanted = reason.strip_prefix("it would not take ");
    let title = match unwanted {
        Some(path) => format!("the agent would not take {path}"),
        None if refused => "the agent would not list its keys".to_owned(),
        None => format!("{} could not reach an agent: {reason}", scene.client()),
    };
    let certainty = if open || mute || last { Certainty::Likely } else { Certainty::Certain };
    let (says, fix) = match (unwanted, refused) {
        (Some(_), _) => (
            UNWANTED,
            Fix::script("see which keys it holds, and which program answers", "ssh-add -l; echo \"$SSH_AUTH_SOCK\""),
        ),
        (None, true) => (
            REFUSES,
            Fix::script(
                "unlock the agent's program, or log in again to the machine whose agent is forwarded, and see",
                "ssh-add -l",
            ),
        ),
        (None, false) => (SILENT, start(session, reason)),
    };
    Draft::new(scene, certainty, title, at)
        .severity(severity)
        .and(scene, session.end.iter().filter(|_| alone))
        .says(match (last, mute) {
            (true, _) => format!("{LAST} {says}"),
            (_, true) => format!("{says} {MUTE}"),
            _ => says.to_owned(),
        })
        .fix(fix)
        .done()
}

const SILENT: &str = "SSH_AUTH_SOCK or IdentityAgent names an agent that does not answer: it has ended, its socket is an old one (tmux, a \
    forwarded agent), or it belongs to another user. Keys that only the agent holds were out of reach.";

const REFUSES: &str = "Something answers at the agent's socket, and refuses: the program behind it is locked or not signed in, or it only \
    hands on (a forwarded agent, a relay into WSL or a container) and has lost the agent itself. Keys that only the agent holds were out of reach.";

const UNWANTED: &str = "An agent answers, and takes no key of this kind or none at all: it is locked (ssh-add -X unlocks it), it does not \
    know the key's type, or it does not do what was asked for with it (a confirmation, a lifetime).";

const MUTE: &str = "This log does not show which keys were tried: one of a file may have been refused all the same.";

const LAST: &str =
    "It asked for one only after the key file that it was given: without an agent in use this is no fault.";

fn start(session: &Session, reason: &str) -> Fix {
    if reason.contains("service") || session.client.as_deref().is_some_and(|client| client.contains("Windows")) {
        return Fix::script(
            "start Windows' agent, once as administrator",
            "Get-Service ssh-agent | Set-Service -StartupType Automatic -PassThru | Start-Service",
        );
    }
    Fix::script("start an agent in this shell and load the keys", "eval \"$(ssh-agent -s)\" && ssh-add")
}

/// The command without an agent that holds it up, where there is a key file that it can do with.
fn past_it(scene: &Scene<'_>) -> Option<Fix> {
    let mut files = here::facts(scene)?.files.iter();
    let usable = files.any(|file| file.own.known().is_some() && file.problems.is_empty());
    let change = || Change::none().option("IdentityAgent=none");
    (here::agent_hangs(scene) && usable).then(|| Fix::rerun("go without the agent, by the key files alone", change()))
}

/// An agent that is named and does not answer, where the log does not say so.
fn by_facts(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    if !scene.refused() && !here::agent_hangs(scene) || !session.offered.is_empty() || session.accepted.is_some() {
        return None;
    }
    let (socket, why) = match &here::facts(scene)?.agent {
        Fact::Unknown(why) => ("the agent".to_owned(), why.clone()),
        Fact::Known(agent) => match &agent.keys {
            Fact::Unknown(why) => (agent.socket.clone(), why.clone()),
            _ => return None,
        },
        Fact::Absent => return None,
    };
    let at = session.end.as_ref()?;
    Draft::new(scene, Certainty::Certain, format!("ssh could not reach an agent: {why}"), at)
        .fact(&socket, &why)
        .says("An agent is named for ssh, and gives no answer. Keys that only the agent holds were out of reach.")
        .fixes(past_it(scene))
        .fix(Fix::script("start an agent in this shell and load the keys", "eval \"$(ssh-agent -s)\" && ssh-add"))
        .done()
}
