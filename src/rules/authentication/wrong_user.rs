//! The login name is not the one this host expects; mostly it must be git.

use crate::model::{Certainty, Change, Finding, Fix, Kind, Outcome};
use crate::provider;
use crate::rules::draft::Draft;
use crate::rules::here;
use crate::rules::rule::{Rule, Stage};
use crate::rules::scene::Scene;

pub(in crate::rules) const RULE: Rule = Rule {
    explains: &["key-rejected", "no-identity"],
    check: Some(check),
    ..Rule::of("wrong-user", Stage::Authentication, include_str!("../../../docs/causes/wrong-user.md"))
};

fn check(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    if let Some(finding) = sent_away(scene) {
        return Some(finding);
    }
    if !scene.refused() || session.accepted.is_some() {
        return None;
    }
    let provider = provider::named(session)?;
    let user = session.user.as_deref()?;
    if provider.takes_user(user)? {
        return None;
    }
    let (_, at) = session
        .first(|kind| match kind {
            Kind::Authenticating { user: named, .. } if named == user => Some(()),
            Kind::Denied { user: Some(named), .. } if named == user => Some(()),
            _ => None,
        })
        .or_else(|| {
            session.first(|kind| matches!(kind, Kind::Connecting { .. } | Kind::Denied { .. }).then_some(()))
        })?;
    let right = provider.users.first()?;
    let host = session.host.as_deref()?;
    let line = here::user_line(scene);
    let mut draft = Draft::new(scene, Certainty::Certain, format!("{} is asked for as {user}; it takes {right} only", provider.name), at)
        .and(scene, session.end.iter())
        .says(format!("{} knows you by your key and not by a name. With any other user than {right} it refuses every key, the right one too.", provider.name))
        .fix(Fix::rerun("log in as the right user", Change { user: Some((*right).to_owned()), ..Change::none() }))
        .fix(Fix::step(format!("in a repository, set the remote to {right}@{host}:OWNER/REPOSITORY.git")));
    if let Some(line) = line {
        let block = scene.block().map(|block| block.with("User", *right));
        draft = draft.config(line).fixes(block.map(|block| {
            Fix::block(format!("or set the right user above line {} of {}", line.line, line.file), block)
        }));
    }
    draft.done()
}

/// An account that lets its user in only to say that another one is meant, as cloud images have it for root.
fn sent_away(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    // The same words before a login are a banner's, which any server may show.
    if session.outcome != Outcome::Authenticated {
        return None;
    }
    let (_, at) = session.first(|kind| match kind {
        Kind::AccountRefused { text } if text.contains("another user") => Some(()),
        _ => None,
    })?;
    let peer = session.peer();
    Draft::new(scene, Certainty::Likely, format!("{peer} has another user for logins than the one that was asked for"), at)
        .and(scene, session.end.iter())
        .says("The key is in order: this account takes it, and is bound to a message that sends you to another account (cloud images do so for root). The session ends with it.")
        .fix(Fix::step("log in as the user that the message names"))
        .done()
}
