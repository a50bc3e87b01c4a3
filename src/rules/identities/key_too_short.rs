//! The RSA key has fewer bits than the rules allow, so it is not used.

use crate::model::facts::Problem;
use crate::model::{Certainty, Finding, Fix, Kind};
use crate::rules::draft::Draft;
use crate::rules::identities::files::failing;
use crate::rules::rule::{Rule, Stage};
use crate::rules::scene::Scene;

pub(in crate::rules) const RULE: Rule = Rule {
    explains: &["no-identity", "key-rejected"],
    check: Some(check),
    problem: Some(|problem| matches!(problem, Problem::TooShort(_))),
    ..Rule::of("key-too-short", Stage::Identities, include_str!("../../../docs/causes/key-too-short.md"))
};

fn check(scene: &Scene<'_>) -> Option<Finding> {
    let (name, at) = failing(scene, |kind| match kind {
        Kind::Skipped { key, reason } | Kind::SigningFailed { key, reason }
            if reason.contains("Invalid key length") =>
        {
            Some(key.name().to_owned())
        }
        Kind::LoadKeyFailed { path, reason, .. } if reason.contains("Invalid key length") => Some(path.clone()),
        _ => None,
    })?;
    Draft::new(scene, Certainty::Certain, format!("{name} is too short for this ssh's RequiredRSASize"), at)
        .says("The key is in order, but the client's policy leaves out RSA keys of this size, so it is never offered.")
        .fix(Fix::script("make a new key and register it", "ssh-keygen -t ed25519"))
        .done()
}
