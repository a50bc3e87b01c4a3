//! The .pub file beside the private key belongs to another key.

use crate::model::facts::{KeyFile, Problem};
use crate::model::{Certainty, Finding, Fix, Kind, Offer, Outcome, Reply};
use crate::rules::draft::Draft;
use crate::rules::here;
use crate::rules::identities::files::accepted_before;
use crate::rules::rule::{Rule, Stage};
use crate::rules::scene::Scene;

pub(in crate::rules) const RULE: Rule = Rule {
    explains: &["key-rejected", "accepted-then-denied"],
    check: Some(check),
    problem: Some(|problem| matches!(problem, Problem::PublicMismatch)),
    ..Rule::of("pubkey-mismatch", Stage::Identities, include_str!("../../../docs/causes/pubkey-mismatch.md"))
};

fn check(scene: &Scene<'_>) -> Option<Finding> {
    if let Some(finding) = by_facts(scene) {
        return Some(finding);
    }
    let session = scene.session();
    if session.outcome == Outcome::Authenticated {
        return None;
    }
    let (path, at) = session.last(|kind| match kind {
        Kind::PublicMismatch { path } => Some(path.clone()),
        _ => None,
    })?;
    let public = format!("{path}.pub");
    Draft::new(scene, Certainty::Certain, format!("{public} belongs to another key than {path}"), at)
        .and(scene, accepted_before(scene, &path))
        .says("ssh offered the public half that stands beside the private key, and the server knows that one; but the private key is a different one and can't sign for it.")
        .fix(Fix::run("see the public half that belongs to the private key", &["ssh-keygen", "-y", "-f", &path]))
        .fix(Fix::step(format!("write it to {public} and register it, or put the right private key back")))
        .done()
}

/// Offers that the server refused, with their files.
fn refused_files<'a>(scene: &Scene<'a>) -> impl Iterator<Item = (&'a Offer, &'a KeyFile)> {
    let scene = *scene;
    scene.session().offered.iter().filter_map(move |offer| {
        let file = here::file(&scene, offer.key.path.as_deref()?)?;
        (offer.reply() == Reply::Refused || offer.then_refused().is_some()).then_some((offer, file))
    })
}

/// The `.pub` beside a key is another's: ssh offered that one, and the server does not know it.
fn by_facts(scene: &Scene<'_>) -> Option<Finding> {
    if !scene.refused() || scene.session().accepted.is_some() {
        return None;
    }
    let (offer, file) = refused_files(scene)
        .find(|(offer, file)| file.problems.contains(&Problem::PublicMismatch) && offer.key.agent != Some(true))?;
    let public = format!("{}.pub", file.path);
    let own = file.own.known().map(|key| format!(" ({})", key.fingerprint)).unwrap_or_default();
    Draft::new(scene, Certainty::Certain, format!("{public} belongs to another key than {}", file.path), &offer.at)
        .fact(&public, "names another key than the private file holds")
        .says(format!(
            "ssh offers what the .pub file says, and the server refused that. The private key is another one{own}, and was never offered. \
             It may well be the registered one."
        ))
        .fix(Fix::run("see the public half that belongs to the private key", &["ssh-keygen", "-y", "-f", &file.path]))
        .fix(Fix::step(format!("write that into {public}, or move {public} away")))
        .done()
}
