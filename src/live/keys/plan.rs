//! What to look at, whom to ask, and how it gets on.

use std::time::Duration;

use crate::live::keyfile::Seen;
use crate::live::program::Program;
use crate::live::published::Wanted;
use crate::model::session::Typed;

/// What to look at, and whom to ask.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// The ssh program.
    pub ssh: Program,
    /// Options for every ssh that is run.
    pub common: Vec<String>,
    /// The destination whose identities are listed.
    pub destination: Option<Named>,
    /// Whom to ask.
    pub offers: Vec<Named>,
    /// Fingerprints of host keys that the user vouches for.
    pub host_keys: Vec<String>,
    /// Whether to log in with each accepted key.
    pub login: bool,
    /// Of which account to look up the keys that the destination publishes.
    pub published: Option<Wanted>,
    /// The files that were looked at already.
    pub seen: Seen,
    /// For each connection, and for each answer.
    pub timeout: Duration,
}

/// A destination as the user named it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Named {
    /// What it means.
    pub typed: Typed,
    /// More options for ssh, of this destination.
    pub options: Vec<String>,
    /// Words that lead ssh there, for suggestions.
    pub words: Vec<String>,
}

/// Hears how far each host has been asked.
pub(crate) type Tell<'a> = &'a (dyn Fn(&str, Asked) + Sync);

/// How far a host has been asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// So many keys of so many.
    Keys(usize, usize),
    /// All keys; now an accepted one signs in.
    LogsIn,
    /// All that it is asked.
    Done,
}
