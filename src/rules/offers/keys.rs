//! Keys that were offered, and the one that should have been.

use crate::model::{Change, Comparison, Kind, Offer, Outcome, Reply};
use crate::rules::scene::Scene;

/// How many offers were refused, counting the last one that a disconnect answered.
pub(in crate::rules) fn refused_offers(offers: &[Offer]) -> usize {
    offers.iter().filter(|offer| offer.reply() == Reply::Refused && !offer.withheld()).count()
}

pub(in crate::rules) fn count(number: usize, what: &str) -> String {
    if number == 1 { format!("one {what}") } else { format!("{number} {what}s") }
}

/// The comparison that matters for a session: a git host took a key.
pub(in crate::rules) fn compared<'a>(scene: &Scene<'a>) -> Option<&'a Comparison> {
    scene.case.compared(scene.entry.id()).find(|comparison| comparison.key.is_some())
}

/// `IdentitiesOnly=yes`, where the agent's keys would come before the named one.
pub(in crate::rules) fn only(scene: &Scene<'_>) -> Vec<String> {
    let session = scene.session();
    let in_the_way = session.outcome == Outcome::Disconnected
        || session.offered.iter().any(|offer| offer.key.agent == Some(true) || offer.key.path.is_none())
        || session.any(|kind| matches!(kind, Kind::Planned { key, .. } if key.agent == Some(true)));
    if in_the_way { vec!["IdentitiesOnly=yes".to_owned()] } else { Vec::new() }
}

/// The command with the key that a git host takes and that was not put to this host, where it has a file.
pub(in crate::rules) fn unused(scene: &Scene<'_>) -> Option<Change> {
    let path = scene.unused_key()?.file()?;
    Some(Change { key: Some(path.to_owned()), options: only(scene), ..Change::none() })
}
