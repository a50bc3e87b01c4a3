//! The private key file is open to other users, so ssh ignores it.

use crate::model::facts::Problem;
use crate::model::fix::Piece;
use crate::model::path::is_of_windows;
use crate::model::{Certainty, Finding, Fix, Kind};
use crate::rules::draft::Draft;
use crate::rules::identities::files::{ONLY_YOURS, accepted_before, failing, is_public};
use crate::rules::rule::{Rule, Stage};
use crate::rules::scene::Scene;

pub(in crate::rules) const RULE: Rule = Rule {
    explains: &["no-identity", "key-rejected"],
    check: Some(check),
    once: true,
    problem: Some(|problem| matches!(problem, Problem::TooOpen(_))),
    ..Rule::of("identity-permissions", Stage::Identities, include_str!("../../../docs/causes/identity-permissions.md"))
};

fn check(scene: &Scene<'_>) -> Option<Finding> {
    let (path, at) = failing(scene, |kind| match kind {
        Kind::TooOpen { path } => Some(path.as_str()),
        Kind::LoadKeyFailed { path, reason, public: false } if reason == "bad permissions" => Some(path.as_str()),
        _ => None,
    })?;
    if is_public(path) {
        return None;
    }
    let box_lines = scene
        .session()
        .events
        .iter()
        .filter(|event| matches!(&event.kind, Kind::TooOpen { .. }))
        .map(|event| &event.at);
    let before = accepted_before(scene, path);
    let fix = if is_of_windows(path) {
        Fix::step(ONLY_YOURS)
    } else {
        Fix::bourne("let only yourself read it", vec![Piece::Own("chmod 600"), Piece::Word(path.to_owned())])
    };
    Draft::new(scene, Certainty::Certain, format!("{path} can be read by others, so ssh ignores it"), at)
        .and(scene, box_lines)
        .and(scene, before)
        .says(format!(
            "ssh does not use a private key that other users could read.{} On a Windows drive under WSL or a mounted secret, \
             chmod may have no effect: copy the key into ~/.ssh.",
            if before.is_some() { " The server had accepted this key, so it works once its file is mended." } else { "" }
        ))
        .fix(fix)
        // The server has said that it takes the key: nothing else is in the way.
        .fixes(before.and_then(|_| scene.again()))
        .done()
}
