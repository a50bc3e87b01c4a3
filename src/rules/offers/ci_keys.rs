//! The git host accepts this key; the CI machine was offered it and refused.

use crate::model::{Certainty, Fate, Finding, Fix, Reply, Severity};
use crate::rules::draft::Draft;
use crate::rules::offers::keys::{compared, other_client};
use crate::rules::rule::{Rule, Stage};
use crate::rules::scene::Scene;

pub(in crate::rules) const RULE: Rule =
    Rule { check: Some(check), ..Rule::of("ci-keys", Stage::Offers, include_str!("../../../docs/causes/ci-keys.md")) };

/// The git host says yes to this very key, the CI host says no.
fn check(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    let comparison = compared(scene).filter(|comparison| comparison.fate == Fate::Refused)?;
    if other_client(scene, comparison).is_some() {
        return None;
    }
    let vcs = scene.case.session(comparison.vcs)?;
    let key = comparison.key.as_ref()?;
    // One host that says yes in one run and no in the other is no CI host's doing.
    if session.same_place(vcs.session) {
        return None;
    }
    let offer = session
        .offered
        .iter()
        .find(|offer| offer.reply() == Reply::Refused && crate::model::same_key(&offer.key, key) != Some(false))?;
    let who = vcs.session.login.as_deref().map(|login| format!(" (there it belongs to {login})")).unwrap_or_default();
    Draft::new(scene, Certainty::Possible, format!("{} opens {} but not {}", key.name(), vcs.session.peer(), session.peer()), &offer.at)
        .severity(Severity::Warning)
        .and_of(vcs.source, vcs.session.accepted.iter().map(|accepted| &accepted.at))
        .says(format!(
            "A CI host takes the keys of the person who started the rerun, as they were at that moment{who}. Another person may have \
             started it, the key may be newer than the job, the project may take keys from its CI's own page only, or the port now belongs \
             to another job."
        ))
        .fix(Fix::step("rerun the job with SSH yourself, and use the command that it prints"))
        .fix(Fix::step("CircleCI projects that are connected by GitHub App or GitLab take keys from https://app.circleci.com/settings/user/job-ssh-keys only"))
        .done()
}
