//! Why a server refused, as its own log shows it: one entry a reason, with what proves it and what the server's
//! administrator can do.
//!
//! A reason that the log's level can't show is never guessed; [`SILENT`] says which those are.

mod accounts;
mod certificates;
mod commands;
mod door;
mod files;
mod ground;
mod methods;
mod options;
mod places;
mod reason;
mod sessions;
mod start;

use crate::model::Session;

pub(crate) use ground::{Ground, KEYS};
pub(crate) use reason::{Proven, Reason, told};

/// All reasons of a connection's end, in order of precedence: of two in one connection the earlier is the one to mend.
const CONNECTION: &[&[Reason]] = &[
    door::REASONS,
    accounts::REASONS,
    commands::REASONS,
    files::REASONS,
    options::REASONS,
    certificates::REASONS,
    methods::REASONS,
    files::LAST,
    sessions::REASONS,
];

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

/// The reasons that a connection shows, the one to mend first.
pub(crate) fn shown(session: &Session) -> Vec<(&'static Reason, Proven)> {
    all().filter_map(|reason| Some((reason, (reason.prove)(reason.id, session)?))).collect()
}

/// Reasons for which some releases have no line at all, in words.
pub(crate) const SILENT: &str = "a missing authorized_keys (10.0 and later), a key's line that is not in the file, a login shell \
    such as nologin, PubkeyAuthentication no, a certificate's authority without TrustedUserCAKeys";

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

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
