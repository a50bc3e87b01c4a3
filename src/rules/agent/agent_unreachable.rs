//! ssh could not talk to the key agent.

use crate::model::{Capability, Certainty, Fact, Finding, Fix, Kind, Outcome, Severity};
use crate::rules::draft::Draft;
use crate::rules::here;
use crate::rules::rule::{Rule, Stage};
use crate::rules::scene::Scene;

pub(in crate::rules) const RULE: Rule = Rule {
    explains: &["no-identity"],
    check: Some(check),
    capabilities: &[Capability::Agent],
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
    let over = scene.refused();
    let alone = over && session.offered.is_empty() && session.accepted.is_none();
    let severity = match (alone, session.outcome) {
        (true, _) => Severity::Error,
        (false, Outcome::Denied | Outcome::Disconnected) => Severity::Warning,
        _ => Severity::Note,
    };
    let windows = session.client.as_deref().is_some_and(|client| client.contains("Windows"));
    let fix = if windows {
        Fix::script(
            "start Windows' agent, once as administrator",
            "Get-Service ssh-agent | Set-Service -StartupType Automatic -PassThru | Start-Service",
        )
    } else {
        Fix::script("start an agent in this shell and load the keys", "eval \"$(ssh-agent -s)\" && ssh-add")
    };
    Draft::new(scene, Certainty::Certain, format!("{} could not reach an agent: {reason}", scene.client()), at)
        .severity(severity)
        .and(scene, session.end.iter().filter(|_| alone))
        .says("SSH_AUTH_SOCK or IdentityAgent names an agent that does not answer: it has ended, its socket is an old one (tmux, a forwarded agent), or it belongs to another user. Keys that only the agent holds were out of reach.")
        .fix(fix)
        .done()
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
        .fix(Fix::script("start an agent in this shell and load the keys", "eval \"$(ssh-agent -s)\" && ssh-add"))
        .done()
}
