//! Finds reasons: all, one by its id, those that a connection shows.

use super::reason::{Bearing, Proven, Reason};
use super::{CONNECTION, start};
use crate::model::Session;

/// All reasons of a connection.
pub(crate) fn all() -> impl Iterator<Item = &'static Reason> {
    CONNECTION.iter().copied().flatten()
}

/// Reasons that keep a server from starting as it was meant to.
pub(crate) fn of_start() -> impl Iterator<Item = &'static Reason> {
    start::REASONS.iter()
}

/// The reason of this id.
pub(crate) fn by_id(id: &str) -> Option<&'static Reason> {
    all().chain(of_start()).find(|reason| reason.id == id)
}

/// Whether the reason of this id bears on something so.
pub(crate) fn bears(id: &str, bearing: Bearing) -> bool {
    by_id(id).is_some_and(|reason| reason.is(bearing))
}

/// The reasons that a connection shows, the one to mend first.
pub(crate) fn shown(session: &Session) -> Vec<(&'static Reason, Proven)> {
    all().filter_map(|reason| Some((reason, (reason.prove)(reason.id, session)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn ids_are_unique_and_say_what_shows_them() {
        let mut seen = BTreeSet::new();
        for reason in all().chain(of_start()) {
            assert!(seen.insert(reason.id), "{} twice", reason.id);
            assert!(reason.id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{}", reason.id);
            assert!(reason.means.ends_with('.') && !reason.words.ends_with('.'), "{}", reason.id);
            let levels = ["INFO", "VERBOSE", "DEBUG", "never", "standard error"];
            assert!(levels.iter().any(|level| reason.shows.contains(level)), "{}: {}", reason.id, reason.shows);
        }
        assert!(seen.len() > 50, "{}", seen.len());
    }
}
