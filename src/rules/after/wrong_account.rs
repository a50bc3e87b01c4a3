//! The login works, but as another account than you want.

use crate::model::{Certainty, Fate, Finding, Fix, Key, Kind, Outcome};
use crate::rules::after::repository::{WHICH, repository_refused, two_accounts};
use crate::rules::draft::Draft;
use crate::rules::offers::account::{other_key, tells};
use crate::rules::offers::keys::unused;
use crate::rules::rule::{Rule, Stage};
use crate::rules::scene::Scene;

pub(in crate::rules) const RULE: Rule = Rule {
    explains: &["repo-access", "authenticated"],
    check: Some(check),
    leads: true,
    account: true,
    ..Rule::of("wrong-account", Stage::After, include_str!("../../../docs/causes/wrong-account.md"))
};

/// `Permission to OWNER/REPO denied to NAME`: the key is NAME's, and NAME was not meant. Or the other log shows
/// another key that the same host takes, and this one's account may not see the repository.
fn check(scene: &Scene<'_>) -> Option<Finding> {
    if let Some(finding) = by_facts(scene) {
        return Some(finding);
    }
    let (_, account, at) = repository_refused(scene)?;
    let session = scene.session();
    let key = session.accepted.as_ref();
    let meant = scene.case.facts.wanted_login.as_deref();
    let Some(account) = account.filter(|name| *name != "deploy key" && !name.contains('/')) else {
        let other = scene
            .case
            .compared(scene.entry.id())
            .find(|comparison| comparison.fate == Fate::NeverOffered && comparison.proven)?;
        let (vcs, wanted) = (scene.case.session(other.vcs)?, other.key.as_ref()?);
        if vcs.session.peer() != session.peer() {
            return None;
        }
        return Draft::new(scene, Certainty::Likely, format!("{} was taken first; the repository is open to the account behind {}", key?.key.name(), wanted.name()), at)
            .and(scene, key.map(|accepted| &accepted.at))
            .and_of(vcs.source, vcs.session.accepted.iter().map(|accepted| &accepted.at))
            .says("The first key that the host knows decides the account. Here that was another one than in the log that works.")
            .fixes(unused(scene).map(|change| Fix::rerun("name that account's key", change)))
            .fix(two_accounts(scene, wanted.file()))
            .done();
    };
    Draft::new(scene, Certainty::Likely, format!("the key belongs to the account {account}, which may not do this"), at)
        .and(scene, key.map(|accepted| &accepted.at))
        .says(format!(
            "The login worked, as {account}. The first key that the host knows decides the account, so if another account was meant, its key \
             must come first."
        ))
        .fix(Fix::step(format!("if {account} is right, ask for access to the repository")))
        .fixes(session.typed.as_ref().is_some_and(|typed| typed.front.is_some()).then(|| Fix::step(WHICH)))
        .fixes(meant.filter(|meant| !account.eq_ignore_ascii_case(meant)).and_then(|_| other_key(scene)))
        .fixes(unused(scene).map(|change| Fix::rerun("name the other account's key", change)))
        .fix(two_accounts(scene, scene.unused_key().and_then(Key::file)))
        .done()
}

/// The account that was meant, against the one that the greeting names.
fn by_facts(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    let wanted = scene.case.facts.wanted_login.as_deref()?;
    if session.outcome != Outcome::Authenticated {
        return None;
    }
    let (greeting, at) = session.first(|kind| match kind {
        Kind::Greeting(greeting) => Some(greeting),
        _ => None,
    })?;
    let login = greeting.login.as_deref()?;
    if greeting.deploy || login.eq_ignore_ascii_case(wanted) {
        return None;
    }
    let key = session.accepted.as_ref();
    let name = key.map_or("the key", |accepted| accepted.key.name());
    Draft::new(scene, Certainty::Certain, format!("{name} is {login}'s at {}, not {wanted}'s", session.peer()), at)
        .and(scene, key.map(|accepted| &accepted.at))
        .says(format!(
            "The job's rerun takes the keys of the account that started it, {wanted}. ssh's first key that {} knows belongs to {login}; so another key must \
             come first, or {login} must start the rerun.{}",
            session.peer(),
            tells(scene).unwrap_or_default()
        ))
        .fixes(other_key(scene))
        .fixes(unused(scene).map(|change| Fix::rerun("name the key that was not offered", change)))
        .fix(Fix::step(format!("name {wanted}'s key with -i and IdentitiesOnly=yes, or rerun the job as {login}")).of_openssh())
        .done()
}
