//! The login worked.

use crate::model::{Certainty, Finding, Kind, Outcome, Reply, Severity, Standing};
use crate::provider;
use crate::rules::draft::Draft;
use crate::rules::rule::{Rule, Stage};
use crate::rules::scene::Scene;
use crate::rules::server::open;

pub(in crate::rules) const RULE: Rule = Rule {
    served: Some(open::logged_in),
    check: Some(check),
    standing: Standing::Well,
    ..Rule::of("authenticated", Stage::After, include_str!("../../../docs/causes/authenticated.md"))
};

fn check(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    if !scene.ended(Outcome::Authenticated) {
        return None;
    }
    let greeting = session.first(|kind| matches!(kind, Kind::Greeting(_)).then_some(()));
    let at = session.end.as_ref().or(greeting.map(|(_, at)| at))?;
    let key = session.accepted.as_ref().map(|accepted| format!(" with {}", accepted.key.name())).unwrap_or_default();
    let who = session.login.as_ref().map(|login| format!(" as {login}")).unwrap_or_default();
    // Keys were meant, and something else opened the door.
    let refused = session.offered.iter().rfind(|offer| offer.reply() == Reply::Refused);
    let refused = refused.filter(|_| scene.let_in_otherwise());
    let by = match (session.method.as_deref(), refused) {
        (Some(method), Some(offer)) => format!(" by {method}; it does not take {}", offer.key.name()),
        (Some(method), None) if method != "publickey" => format!(" by {method}, not by a key"),
        _ => String::new(),
    };
    let unwanted = refused.is_some();
    let broken = session.first(|kind| matches!(kind, Kind::SessionFailed { .. }).then_some(()));
    let then = if broken.is_some() { "; then the session failed" } else { "" };
    let opened = session.first(|kind| match kind {
        Kind::RepositoryOpened { path, write } => {
            Some(format!("; {} {path} there", if *write { "it may write to" } else { "it may read" }))
        }
        _ => None,
    });
    let may = opened.as_ref().map(|(may, _)| may.as_str()).unwrap_or_default();
    Draft::new(scene, Certainty::Certain, format!("logged in to {}{who}{key}{by}{may}{then}", session.peer()), at)
        .severity(if unwanted { Severity::Warning } else { Severity::Note })
        .and(scene, session.accepted.iter().map(|accepted| &accepted.at))
        .and(scene, greeting.map(|(_, at)| at))
        .and(scene, opened.as_ref().map(|(_, at)| *at))
        .and(scene, refused.map(|offer| &offer.at))
        .and(scene, broken.map(|(_, at)| at))
        .says(match (&session.login, provider::of(session)) {
            (None, Some(provider)) => format!("{} does not say whose key it is.", provider.name),
            _ => String::new(),
        })
        .done()
}
