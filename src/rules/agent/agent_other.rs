//! ssh asks another agent than the one you added your key to.

use crate::model::facts::Agent;
use crate::model::{Certainty, Change, Fact, Finding, Fix, Severity};
use crate::rules::draft::Draft;
use crate::rules::here;
use crate::rules::rule::{Rule, Stage};
use crate::rules::scene::Scene;

pub(in crate::rules) const RULE: Rule = Rule {
    explains: &["no-identity", "key-not-offered", "key-rejected"],
    check: Some(check),
    local: true,
    ..Rule::of("agent-other", Stage::Agent, include_str!("../../../docs/causes/agent-other.md"))
};

/// ssh asks another agent than `ssh-add` fills.
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
    let own = &facts.agent;
    let shell = scene.case.facts.shell_agent.as_ref()?;
    let socket = |agent: &Fact<Agent>| agent.known().map(|agent| agent.socket.clone());
    let theirs = socket(shell)?;
    if socket(own).as_ref() == Some(&theirs) {
        return None;
    }
    let held = here::keys(own);
    let missing: Vec<_> =
        here::keys(shell).into_iter().filter(|key| !held.iter().any(|other| other.blob == key.blob)).collect();
    let first = missing.first()?;
    // With a git host's word for it, one of these is the key that opens the door.
    let wanted = scene.case.compared(scene.entry.id()).filter_map(|comparison| comparison.key.as_ref());
    let right = wanted
        .into_iter()
        .any(|key| missing.iter().any(|held| key.whole_fingerprint() == Some(held.fingerprint.as_str())));
    let at = session.end.as_ref()?;
    let asked = socket(own).unwrap_or_else(|| "none".to_owned());
    Draft::new(scene, if right { Certainty::Certain } else { Certainty::Likely }, "ssh asks another agent than ssh-add does", at)
        .severity(if right || session.offered.is_empty() { Severity::Error } else { Severity::Warning })
        .fact("SSH_AUTH_SOCK", &format!("names {theirs}, which holds {} more key(s), {} {} among them", missing.len(), first.kind, first.fingerprint))
        .fact("ssh -G", &format!("says that ssh asks {asked}"))
        .says("IdentityAgent in the configuration sends ssh to another agent than SSH_AUTH_SOCK names. Keys that ssh-add put into yours are out of its reach.")
        .fix(Fix::rerun("use your own agent for this connection", Change::none().option("IdentityAgent=SSH_AUTH_SOCK")))
        .done()
}
