//! A smart card or token behind a PKCS#11 library could not be used.

use crate::model::{Certainty, Finding, Fix, Kind, Outcome};
use crate::rules::draft::Draft;
use crate::rules::rule::{Rule, Stage};
use crate::rules::scene::Scene;

pub(in crate::rules) const RULE: Rule = Rule {
    explains: &["no-identity", "key-rejected", "accepted-then-denied"],
    check: Some(check),
    ..Rule::of("pkcs11", Stage::Agent, include_str!("../../../docs/causes/pkcs11.md"))
};

fn check(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    if session.outcome == Outcome::Authenticated || session.outcome == Outcome::Partial {
        return None;
    }
    let token_sign = session.last(|kind| match kind {
        Kind::SigningFailed { key, reason }
            if session.offered.iter().any(|offer| offer.token && offer.key.name() == key.name()) =>
        {
            Some(reason.clone())
        }
        _ => None,
    });
    let (reason, at) = session
        .first(|kind| match kind {
            Kind::TokenTrouble { reason } => Some(reason.clone()),
            _ => None,
        })
        .or(token_sign)?;
    let lines = session
        .events
        .iter()
        .filter(|event| matches!(event.kind, Kind::TokenTrouble { .. } | Kind::SigningFailed { .. }))
        .map(|event| &event.at);
    // One of several slots may be empty: what the others gave is told by what comes of the keys.
    let certainty = if session.outcome == Outcome::Unknown { Certainty::Likely } else { Certainty::Certain };
    Draft::new(scene, certainty, format!("the smart card or token failed: {reason}"), at)
        .and(scene, lines)
        .says("ssh was to use a key on a PKCS#11 token. The library, the token or its PIN did not work, so there was no key to sign with.")
        .fix(Fix::step("check the library's path, that the token is plugged in, and its PIN: ssh-keygen -D LIBRARY lists its keys"))
        .done()
}
