//! ssh asks another agent than the one you added your key to.

use crate::model::facts::{Agent, PublicKey};
use crate::model::{Certainty, Change, Fact, Finding, Fix, HostFacts, Severity};
use crate::rules::draft::Draft;
use crate::rules::here;
use crate::rules::offers::by_agent;
use crate::rules::rule::{Rule, Stage};
use crate::rules::scene::Scene;

pub(in crate::rules) const RULE: Rule = Rule {
    explains: &["no-identity", "key-not-offered", "key-rejected"],
    check: Some(check),
    local: true,
    ..Rule::of("agent-other", Stage::Agent, include_str!("../../../docs/causes/agent-other.md"))
};

/// An agent that ssh does not ask.
struct Other<'a> {
    agent: &'a Agent,
    /// The program that it is of, where it is not the one that `ssh-add` fills.
    vault: Option<&'static str>,
    /// Keys that the agent which ssh asks does not hold.
    more: Vec<&'a PublicKey>,
}

/// ssh asks another agent than `ssh-add` fills, or than a password manager has.
fn check(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    if !scene.refused() || session.accepted.is_some() {
        return None;
    }
    let facts = here::facts(scene)?;
    // Whoever wants none has no other one.
    if here::asks_no_agent(facts) {
        return None;
    }
    // With a git host's word for it, one of these is the key that opens the door.
    let wanted: Vec<&str> = scene
        .case
        .compared(scene.entry.id())
        .filter_map(|comparison| comparison.key.as_ref()?.whole_fingerprint())
        .collect();
    let right = |other: &Other<'_>| other.more.iter().any(|key| wanted.contains(&key.fingerprint.as_str()));
    let others = others(scene, facts);
    let other = others.iter().find(|other| right(other)).or_else(|| others.first())?;
    let right = right(other);
    // That a password manager is there says nothing by itself where other keys were refused.
    if other.vault.is_some() && !right && !session.offered.is_empty() {
        return None;
    }
    let first = other.more.first()?;
    let at = session.end.as_ref()?;
    let asked = facts.agent.known().map_or("none", |agent| agent.socket.as_str());
    let socket = &other.agent.socket;
    let (title, place, says, whose) = match other.vault {
        None => (
            "ssh asks another agent than ssh-add does".to_owned(),
            "SSH_AUTH_SOCK",
            "IdentityAgent in the configuration sends ssh to another agent than SSH_AUTH_SOCK names. Keys that ssh-add put into yours are out of its reach.",
            "your own".to_owned(),
        ),
        Some(program) => (
            format!("ssh does not ask {program}'s agent, which holds keys"),
            program,
            "ssh asks the agent that IdentityAgent or SSH_AUTH_SOCK names, and this one is named by neither for this host. Its keys are out of ssh's reach.",
            format!("{program}'s"),
        ),
    };
    let change = by_agent::asks(scene, socket).map(|option| Change::none().option(option));
    let use_it = |change| Fix::rerun(format!("use {whose} agent for this connection"), change);
    Draft::new(scene, if right { Certainty::Certain } else { Certainty::Likely }, title, at)
        .severity(if right || session.offered.is_empty() { Severity::Error } else { Severity::Warning })
        .fact(
            place,
            &format!(
                "names {socket}, which holds {} more key(s), {} {} among them",
                other.more.len(),
                first.kind,
                first.fingerprint
            ),
        )
        .fact("ssh -G", &format!("says that ssh asks {asked}"))
        .says(says)
        .fixes(change.map(use_it))
        .done()
}

/// The agents here that ssh does not ask, with keys that the one which it asks lacks.
fn others<'a>(scene: &Scene<'a>, facts: &'a HostFacts) -> Vec<Other<'a>> {
    let known = &scene.case.facts;
    let shell = known.shell_agent.as_ref().and_then(Fact::known).map(|agent| (agent, None));
    let vaults = known.vaults.iter().map(|vault| (&vault.agent, Some(vault.program)));
    let own = facts.agent.known().map(|agent| agent.socket.as_str());
    let held = here::keys(&facts.agent);
    let lacks = |key: &&PublicKey| !held.iter().any(|other| other.blob == key.blob);
    shell
        .into_iter()
        .chain(vaults)
        .filter(|(agent, _)| own != Some(agent.socket.as_str()))
        .map(|(agent, vault)| Other { agent, vault, more: here::held(agent).into_iter().filter(lacks).collect() })
        .filter(|other| !other.more.is_empty())
        .collect()
}
