//! Keys that were offered, and the one that should have been.

use crate::model::{Change, Comparison, Kind, Offer, Outcome, Reply, Role, has_other_digest};
use crate::rules::scene::{Scene, client_of};

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

/// Another client that the same server logged in, where that is what a comparison is of: its name in a sentence.
pub(in crate::rules) fn other_client(scene: &Scene<'_>, comparison: &Comparison) -> Option<&'static str> {
    let (session, other) = (scene.session(), scene.case.session(comparison.vcs)?.session);
    let apart = other.role == Role::Vcs && session.role == Role::Ci;
    (other.author != session.author && !apart).then(|| client_of(other))
}

/// Why it is not certain whether a key that another log names by another digest is among these.
pub(in crate::rules) fn digests(scene: &Scene<'_>) -> Option<&'static str> {
    let comparison = compared(scene).filter(|comparison| !comparison.proven)?;
    let key = comparison.key.as_ref()?;
    let apart = scene.session().offered.iter().any(|offer| has_other_digest(&offer.key, key));
    apart.then_some(
        " The logs name keys by different digests (MD5 and SHA256), which can't be held against each other: \
         ssh-keygen -l -E md5 -f FILE prints a key's MD5.",
    )
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
