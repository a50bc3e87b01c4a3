//! The server keeps you out for a while; nothing is wrong with the key.

use crate::model::{Certainty, Finding, Fix, Kind, Outcome};
use crate::rules::draft::Draft;
use crate::rules::rule::{Rule, Stage};
use crate::rules::scene::Scene;

pub(in crate::rules) const RULE: Rule = Rule {
    reasons: &["rate-limited"],
    explains: &["connection-closed"],
    check: Some(check),
    ..Rule::of("rate-limited", Stage::Connection, include_str!("../../../docs/causes/rate-limited.md"))
};

/// The lines by which a server keeps clients out for a while.
const LIMITS: &[&str] = &["Exceeded MaxStartups", "Not allowed at this time", "Too many connections", "rate limit"];

fn check(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    if !scene.ended(Outcome::Network) {
        return None;
    }
    let (said, at) = session.first(|kind| match kind {
        Kind::PeerSaid { text } | Kind::IdentificationFailed { text }
            if LIMITS.iter().any(|limit| text.contains(limit)) =>
        {
            Some(text.as_str())
        }
        _ => None,
    })?;
    Draft::new(scene, Certainty::Certain, format!("{} is keeping you out for a while", session.peer()), at)
        .and(scene, session.end.iter())
        .says(format!(
            "In place of its identification the server said: {}. It limits how many connections, or how many failed \
             logins, it takes from one address. Keys play no part yet.",
            said.trim_end_matches('.')
        ))
        .fix(Fix::step("wait a few minutes, and connect less often or less in parallel"))
        .done()
}
