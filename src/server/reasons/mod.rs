//! Why a server refused, as its own log shows it: one entry a reason, with what proves it and what the server's
//! administrator can do.
//!
//! A reason that the log's level can't show is never guessed; [`SILENT`] says which those are.

mod accounts;
mod certificates;
mod commands;
mod door;
mod files;
mod find;
mod fitting;
mod ground;
mod methods;
mod options;
mod places;
mod reason;
mod sessions;
mod start;

pub(crate) use find::{all, bears, by_id, shown};
pub(crate) use fitting::fitting;
pub(crate) use ground::{Ground, KEYS};
pub(crate) use reason::{Bearing, Proven, Reason, told};

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

/// Reasons for which some releases have no line at all, in words.
pub(crate) const SILENT: &str = "a missing authorized_keys (10.0 and later), a key's line that is not in the file, a login shell \
    such as nologin, PubkeyAuthentication no, a certificate's authority without TrustedUserCAKeys";
