//! The right key is in the agent, but IdentitiesOnly keeps it from use.

use crate::model::{Certainty, Change, Finding, Fix, Kind, Severity};
use crate::rules::draft::Draft;
use crate::rules::here;
use crate::rules::offers::keys::unused;
use crate::rules::rule::{Rule, Stage};
use crate::rules::scene::Scene;

pub(in crate::rules) const RULE: Rule = Rule {
    explains: &["no-identity"],
    check: Some(check),
    of_the_end: true,
    of_the_beginning: true,
    ..Rule::of("identities-only", Stage::Agent, include_str!("../../../docs/causes/identities-only.md"))
};

fn check(scene: &Scene<'_>) -> Option<Finding> {
    kept_back(scene).or_else(|| by_facts(scene))
}

/// The agent's count against the plan: since 8.9 the log shows both.
fn kept_back(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    if !scene.refused() || session.accepted.is_some() || !scene.agent_kept_back() {
        return None;
    }
    let typed = session
        .typed
        .as_ref()
        .and_then(|typed| typed.option("IdentitiesOnly"))
        .is_some_and(|value| value.eq_ignore_ascii_case("yes"));
    let (count, at) = session.first(|kind| match kind {
        Kind::AgentCount { count } if *count > 0 => Some(*count),
        _ => None,
    })?;
    // What was planned is told by lines that are not there.
    if session.any(|kind| *kind == Kind::Elided) {
        return None;
    }
    let planned = session.any(|kind| matches!(kind, Kind::Planned { .. }));
    if !planned && !session.any(|kind| matches!(kind, Kind::NoMoreMethods)) {
        return None;
    }
    let nothing = session.offered.is_empty();
    let stands = if typed { "on the command line" } else { "in the configuration for this host" };
    Draft::new(scene, if nothing || typed { Certainty::Certain } else { Certainty::Likely }, format!("IdentitiesOnly keeps the agent's {count} key(s) back"), at)
        .severity(if nothing { Severity::Error } else { Severity::Warning })
        .and(scene, session.end.iter())
        .says(format!("The agent answered with {count} key(s), yet ssh planned to try none of them: IdentitiesOnly is set {stands}, and names other files. The right key may well be in the agent."))
        .fixes(unused(scene).map(|change| Fix::rerun("name the key that the git host takes", change)))
        .fix(Fix::rerun("let ssh use the agent's keys for this connection", Change::none().option("IdentitiesOnly=no")))
        .fix(Fix::step("or name the key for this host with IdentityFile; its public half is enough while the agent holds it").of_openssh())
        .done()
}

/// The configuration keeps the agent's keys back, by ssh's own word.
fn by_facts(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    let facts = here::facts(scene)?;
    if !scene.refused() || session.accepted.is_some() || facts.option("identitiesonly") != Some("yes") {
        return None;
    }
    let listed = |key: &crate::model::facts::PublicKey| {
        facts.files.iter().any(|file| file.offered.known().is_some_and(|offered| offered.blob == key.blob))
    };
    let back: Vec<_> = here::keys(&facts.agent).into_iter().filter(|key| !listed(key)).collect();
    if back.is_empty() {
        return None;
    }
    let nothing = session.offered.is_empty();
    let at = session.end.as_ref()?;
    Draft::new(scene, Certainty::Certain, format!("IdentitiesOnly keeps {} of the agent's key(s) back", back.len()), at)
        .severity(if nothing { Severity::Error } else { Severity::Warning })
        .fact("ssh -G", "identitiesonly yes")
        .says("The configuration lets ssh offer only the files that it lists for this host. The right key may well be among those that the agent holds besides.")
        .fixes(unused(scene).map(|change| Fix::rerun("name the key that the git host takes", change)))
        .fix(Fix::rerun("let ssh use the agent's keys for this connection", Change::none().option("IdentitiesOnly=no")))
        .done()
}
