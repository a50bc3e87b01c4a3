//! You logged in with a deploy key, which opens one repository only.

use crate::model::{Certainty, Finding, Fix, Kind, Severity};
use crate::rules::after::repository::{WHICH, repository_refused};
use crate::rules::draft::Draft;
use crate::rules::offers::account;
use crate::rules::offers::keys::unused;
use crate::rules::rule::{Rule, Stage};
use crate::rules::scene::Scene;

pub(in crate::rules) const RULE: Rule = Rule {
    explains: &["authenticated", "repo-access"],
    check: Some(check),
    leads: true,
    account: true,
    ..Rule::of("deploy-key", Stage::After, include_str!("../../../docs/causes/deploy-key.md"))
};

fn check(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    let refused = repository_refused(scene);
    let words = refused.filter(|(text, ..)| SAYS_SO.iter().any(|words| text.contains(words)));
    let greeted = session.first(|kind| match kind {
        Kind::Greeting(greeting) if greeting.deploy => Some(greeting.login.clone()),
        _ => None,
    });
    let at = words.map(|(_, _, at)| at).or(greeted.as_ref().map(|(_, at)| *at))?;
    let of = greeted.as_ref().and_then(|(login, _)| login.as_deref());
    let whose = of.map_or_else(|| "one repository".to_owned(), |name| format!("the repository {name}"));
    let asked = session.typed.as_ref().and_then(|typed| typed.front.as_ref()?.repository.as_ref());
    let own = of.zip(asked).is_some_and(|(of, asked)| same(of, &asked.path));
    let read_only = words.is_some() && (own || of.is_none());
    let title = match refused {
        Some(_) if read_only => "the key is a deploy key that may read, and not write".to_owned(),
        Some(_) => format!("the key is a deploy key of {whose}, and opens no other"),
        None => format!("the key is a deploy key of {whose}, not a person's"),
    };
    let mut says = "A deploy key opens one repository, and names no account.".to_owned();
    says.push_str(match (refused, read_only) {
        (Some(_), true) => " Whoever may change the repository's settings can let it write, by adding it again.",
        (Some(_), false) => " ssh offers its keys in order, and the first that the host knows decides: a deploy key that comes first hides all behind it. In a CI job, several deploy keys in one agent shadow each other so.",
        (None, _) => " A CI host that takes the keys of the person who started a rerun does not take it.",
    });
    Draft::new(scene, Certainty::Certain, title, at)
        .severity(if refused.is_some() || deploy_is_wrong(scene) { Severity::Error } else { Severity::Warning })
        .and(scene, refused.map(|(_, _, at)| at))
        .and(scene, greeted.map(|(_, at)| at))
        .and(scene, session.accepted.iter().map(|accepted| &accepted.at))
        .says(says)
        .fixes(account::other_key(scene))
        .fixes(unused(scene).map(|change| Fix::rerun("name the other key", change)))
        .fix(Fix::step("use the key that is registered with your own account, or for this repository, with -i and IdentitiesOnly=yes").of_openssh())
        .fixes(asked.is_some().then(|| Fix::step(WHICH)))
        .done()
}

/// Words by which a host says that a key is a deploy key.
const SAYS_SO: &[&str] = &["deploy key", "Deploy keys", "has been marked as read only"];

/// Whether a path on the host is that of a repository that the host named.
fn same(name: &str, path: &str) -> bool {
    let bare = path.trim_start_matches('/').trim_end_matches('/');
    bare.strip_suffix(".git").unwrap_or(bare).eq_ignore_ascii_case(name)
}

/// A deploy key where an account was meant.
fn deploy_is_wrong(scene: &Scene<'_>) -> bool {
    scene.case.facts.wanted_login.is_some()
}
