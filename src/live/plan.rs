//! What to check, and how.

use std::time::Duration;

use super::destination::Destination;
use super::keyfile::Seen;
use super::program::Program;
use super::published::Wanted;
use crate::model::facts::Job;
use crate::shell::Shell;

/// What to check.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// The ssh program.
    pub ssh: Program,
    /// Options for every ssh that is run (`-F`, `-o`, `-i`).
    pub common: Vec<String>,
    /// What the user named, git hosts first.
    pub destinations: Vec<Destination>,
    /// Whether git hosts are to be chosen where the user named none.
    pub choose: bool,
    /// Where a key is refused, ask the host about all keys here.
    pub all_keys: bool,
    /// The CI job that this runs in.
    pub job: Option<Job>,
    /// The account that was meant.
    pub login: Option<String>,
    /// Where to look up the keys of that account.
    pub published: Option<Wanted>,
    /// The files that were looked at already.
    pub seen: Seen,
    /// For each connection.
    pub timeout: Duration,
    /// For the suggested command.
    pub shell: Shell,
}

impl Plan {
    /// The ssh that goes to a destination.
    pub(super) fn ssh_for<'a>(&'a self, target: &'a Destination) -> &'a Program {
        target.program.as_ref().unwrap_or(&self.ssh)
    }
}
