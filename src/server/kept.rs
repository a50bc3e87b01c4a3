//! The connections of which no more comes: counted in a table, and only so many kept one by one.

use super::brief::Record;
use super::held::{Done, Held};
use super::tally::Tally;
use crate::model::server::{ServerLog, Stamp};
use crate::model::{Outcome, Session};
use crate::text::Since;

/// Connections that are kept one by one.
const MOST: usize = 2000;

/// Of these, the latest; the others are the first. Few, so that what is held for them stays in the processor's cache.
const LATEST: usize = 200;

/// Which connections are wanted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    /// Those of this user only.
    pub(crate) user: Option<String>,
    /// Those that were seen at this time or later.
    pub(crate) since: Option<Since>,
}

impl Wanted {
    fn takes(&self, user: Option<&str>, last: impl FnOnce() -> Option<Stamp>) -> bool {
        let named = self.user.as_deref().is_none_or(|wanted| user == Some(wanted));
        let late = self.since.as_ref().is_none_or(|since| last().is_none_or(|last| since.is_reached_at(&last)));
        named && late
    }
}

/// What is kept of them.
#[derive(Debug, Default)]
pub(super) struct Kept {
    wanted: Wanted,
    /// Each with its place in the order of first appearance.
    done: Vec<(u64, Done)>,
    tally: Tally,
    /// Records that are free.
    spare: Vec<Record>,
    connections: u64,
    logins: u64,
    folded: u64,
}

impl Kept {
    #[cfg(feature = "cli")]
    pub(super) fn new(wanted: Wanted) -> Self {
        Self { wanted, ..Self::default() }
    }

    /// A record that is free, or a new one.
    pub(super) fn record(&mut self) -> Record {
        self.spare.pop().unwrap_or_default()
    }

    /// Records that are free.
    pub(super) fn free(&mut self, record: Option<Record>) {
        self.spare.extend(record);
    }

    /// Takes a connection of which no more comes.
    pub(super) fn close(&mut self, id: u64, held: Held) {
        let done = held.done();
        let logged_in = match &done {
            Done::Brief(record) if self.wanted.takes(record.names().user, || record.last()) => {
                self.tally.count_brief(record)
            }
            Done::Whole(session) if self.wanted.takes(session.user.as_deref(), || last(session)) => {
                self.tally.count(session);
                session.outcome == Outcome::Authenticated
            }
            _ => return self.free(done.record()),
        };
        self.connections += 1;
        self.logins += u64::from(logged_in);
        if self.done.len() >= MOST {
            // The latest are the likeliest to be asked about.
            self.folded += 1;
            let oldest = (self.folded as usize - 1) % LATEST + MOST - LATEST;
            let (_, out) = std::mem::replace(&mut self.done[oldest], (id, done));
            return self.free(out.record());
        }
        self.done.push((id, done));
    }

    /// The connections, in order of first appearance; what they add up to is put into the log.
    pub(super) fn finish(mut self, log: &mut ServerLog) -> Vec<Session> {
        self.done.sort_by_key(|(id, _)| *id);
        (log.connections, log.logins, log.folded) = (self.connections, self.logins, self.folded);
        self.tally.rows(log);
        self.done.into_iter().map(|(_, done)| done.session()).collect()
    }
}

/// When the last line of a connection was written.
fn last(session: &Session) -> Option<Stamp> {
    session.written.map(|(_, last)| last)
}
