//! You are logged in; the host denies access to this repository.

use crate::model::{Certainty, Finding, Fix};
use crate::rules::after::repository::{WHICH, repository_refused, two_accounts};
use crate::rules::draft::Draft;
use crate::rules::rule::{Rule, Stage};
use crate::rules::scene::Scene;

pub(in crate::rules) const RULE: Rule = Rule {
    explains: &["authenticated", "deploy-key"],
    check: Some(check),
    ..Rule::of("repo-access", Stage::After, include_str!("../../../docs/causes/repo-access.md"))
};

fn check(scene: &Scene<'_>) -> Option<Finding> {
    let (text, _, at) = repository_refused(scene)?;
    let session = scene.session();
    let asked = session.typed.as_ref().is_some_and(|typed| typed.front.is_some());
    let sso = text.contains("SAML SSO");
    let short =
        sentence(text).trim_start_matches("remote:").trim().trim_start_matches("ERROR:").trim().trim_end_matches('.');
    let fixes = if sso {
        vec![Fix::step("authorise the key for the organisation: https://github.com/settings/keys, Configure SSO")]
    } else {
        vec![Fix::step("check the repository's name and that the account has access to it"), two_accounts(scene, None)]
    };
    Draft::new(scene, Certainty::Certain, format!("the login worked; the repository is refused: {short}"), at)
        .and(scene, session.accepted.iter().map(|accepted| &accepted.at))
        .and(scene, session.end.iter())
        .says("SSH is in order. The host knows the key, and says that its account may not use this repository, or that there is none of this name; it does not tell which.")
        .fixes(fixes)
        .fixes(asked.then(|| Fix::step(WHICH)))
        .done()
}

/// A text without the beginning of a sentence that goes on in another line.
fn sentence(text: &str) -> &str {
    let whole = text.trim_end().ends_with(['.', '!', '?']);
    text.rfind(". ").filter(|_| !whole).map_or(text, |end| &text[..=end])
}
