//! Key files in a session that nobody was logged in by.

use crate::model::{At, Kind};
use crate::rules::scene::Scene;

/// The last event that `wanted` takes, in a session that nobody was logged in by.
pub(in crate::rules) fn failing<'a, T>(
    scene: &Scene<'a>,
    wanted: impl FnMut(&'a Kind) -> Option<T>,
) -> Option<(T, &'a At)> {
    if !scene.refused() {
        return None;
    }
    let mut wanted = wanted;
    scene.session().events.iter().rev().find_map(|event| wanted(&event.kind).map(|value| (value, &event.at)))
}

/// Whether the server had said yes to this file's key before ssh found it unusable.
pub(in crate::rules) fn accepted_before<'a>(scene: &Scene<'a>, path: &str) -> Option<&'a At> {
    let accepted = scene.session().accepted.as_ref()?;
    (accepted.key.path.as_deref() == Some(path)).then_some(&accepted.at)
}

pub(in crate::rules) fn is_public(path: &str) -> bool {
    path.ends_with(".pub")
}

/// Whether the reason for which a key could not be loaded is its certificate's.
pub(in crate::rules) fn is_of_certificate(reason: &str) -> bool {
    reason.contains("the certificate")
}
