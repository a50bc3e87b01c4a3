//! You logged in with a deploy key, which opens one repository only.

use crate::model::{Certainty, Finding, Fix, Kind, Severity};
use crate::rules::after::repository::repository_refused;
use crate::rules::draft::Draft;
use crate::rules::rule::{Rule, Stage};
use crate::rules::scene::Scene;

pub(in crate::rules) const RULE: Rule = Rule {
    explains: &["authenticated"],
    check: Some(check),
    leads: true,
    account: true,
    ..Rule::of("deploy-key", Stage::After, include_str!("../../../docs/causes/deploy-key.md"))
};

fn check(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    let refused =
        repository_refused(scene).filter(|(text, ..)| text.contains("deploy key") || text.contains("Deploy keys"));
    let greeted = session.first(|kind| match kind {
        Kind::Greeting(greeting) if greeting.deploy => Some(greeting.login.clone()),
        _ => None,
    });
    let (login, at) = match (refused, greeted) {
        (Some((_, _, at)), _) => (None, at),
        (None, Some((login, at))) => (login, at),
        (None, None) => return None,
    };
    let whose = login.map_or_else(|| "one repository".to_owned(), |name| format!("the repository {name}"));
    Draft::new(scene, Certainty::Certain, format!("the key is a deploy key of {whose}, not a person's"), at)
        .severity(if deploy_is_wrong(scene) { Severity::Error } else { Severity::Warning })
        .and(scene, session.accepted.iter().map(|accepted| &accepted.at))
        .says("A deploy key opens one repository, and names no account. A CI host that takes the keys of the person who started a rerun does not take it.")
        .fix(Fix::step("use the key that is registered with your own account, with -i and IdentitiesOnly=yes").of_openssh())
        .done()
}

/// A deploy key where an account was meant.
fn deploy_is_wrong(scene: &Scene<'_>) -> bool {
    scene.case.facts.wanted_login.is_some()
}
