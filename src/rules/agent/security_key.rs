//! The key lives in a FIDO device that could not be used.

use crate::model::{Certainty, Finding, Fix, Kind, Outcome};
use crate::rules::draft::Draft;
use crate::rules::rule::{Rule, Stage};
use crate::rules::scene::Scene;

pub(in crate::rules) const RULE: Rule = Rule {
    explains: &["no-identity", "key-rejected", "accepted-then-denied"],
    check: Some(check),
    ..Rule::of("security-key", Stage::Agent, include_str!("../../../docs/causes/security-key.md"))
};

fn check(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    if session.outcome == Outcome::Authenticated || session.outcome == Outcome::Partial {
        return None;
    }
    let (reason, at) = session
        .last(|kind| match kind {
            Kind::SigningFailed { key, reason } if key.is_security_key() && !reason.contains("passphrase") => {
                Some(reason.clone())
            }
            _ => None,
        })
        .or_else(|| {
            session.last(|kind| match kind {
                Kind::SecurityKeyTrouble { reason, .. } => Some(reason.clone()),
                _ => None,
            })
        })?;
    // A key that was left out matters only if nothing else was there to offer.
    let left_out = session.last(|kind| {
        matches!(kind, Kind::SecurityKeyTrouble { reason, .. } if reason.contains("no SecurityKeyProvider"))
            .then_some(())
    });
    if left_out.is_some()
        && !session.offered.is_empty()
        && !session.offered.iter().any(|offer| offer.key.is_security_key())
    {
        return None;
    }
    let lines = session
        .events
        .iter()
        .filter(|event| matches!(event.kind, Kind::SecurityKeyTrouble { .. } | Kind::PresenceWanted { .. }))
        .map(|event| &event.at);
    let absent = reason.contains("device not found") || reason.contains("no device");
    Draft::new(scene, Certainty::Certain, format!("the security key could not sign: {reason}"), at)
        .and(scene, lines)
        .and(scene, session.accepted.iter().map(|accepted| &accepted.at))
        .says(if absent {
            "The file is only half of a FIDO key. The other half is in the authenticator, and none that holds it is plugged in.".to_owned()
        } else {
            "A FIDO key signs only through its authenticator and the library that talks to it; one of the two did not work.".to_owned()
        })
        .fix(Fix::step("plug in the authenticator, and touch it when it blinks"))
        .fix(Fix::step("use an ssh that was built with FIDO support, or name its library with SecurityKeyProvider").of_openssh())
        .done()
}
