//! The login name is not the one this host expects; mostly it must be git.

use crate::model::{Certainty, Change, Finding, Fix, Kind};
use crate::provider;
use crate::rules::draft::Draft;
use crate::rules::rule::{Rule, Stage};
use crate::rules::scene::Scene;

pub(in crate::rules) const RULE: Rule = Rule {
    explains: &["key-rejected", "no-identity"],
    check: Some(check),
    ..Rule::of("wrong-user", Stage::Authentication, include_str!("../../../docs/causes/wrong-user.md"))
};

fn check(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
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
    Draft::new(scene, Certainty::Certain, format!("{} is asked for as {user}; it takes {right} only", provider.name), at)
        .and(scene, session.end.iter())
        .says(format!("{} knows you by your key and not by a name. With any other user than {right} it refuses every key, the right one too.", provider.name))
        .fix(Fix::rerun("log in as the right user", Change { user: Some((*right).to_owned()), ..Change::none() }))
        .fix(Fix::step(format!("in a repository, set the remote to {right}@{host}:OWNER/REPOSITORY.git")))
        .done()
}
