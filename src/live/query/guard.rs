//! Connections that are watched: each is closed when its time is over.

use std::sync::{MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::door::Opened;
use super::ffi::{self, Answer};
use super::shared::{Connection, Fault, Guarded, Guards, Run};

/// How long it may take to tell a server that the connection is over.
const LAST_WORDS: Duration = Duration::from_millis(500);

impl Run<'_> {
    pub(super) fn put(&self, connection: &Connection, key: &[u8]) -> Answer {
        // Somewhat more than libssh2's own limit, so that this one is rarely the first.
        self.extend(connection.id, self.target.limit + Duration::from_millis(500));
        let answer = ffi::ask(&connection.opened.session, &self.user, key);
        match answer {
            Answer::Gone(None) | Answer::Failed(_) if connection.opened.meter.is_empty() => Answer::Endless,
            Answer::Gone(None) | Answer::Failed(_) if self.is_late(connection.id) => Answer::Slow,
            answer => answer,
        }
    }

    fn guards(&self) -> MutexGuard<'_, Guards> {
        self.guards.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a connection under the watch of [`Run::watch`].
    pub(super) fn guard(&self, opened: Opened) -> Result<Connection, Fault> {
        let hold = opened.hold.another().map_err(|error| Fault::Final(error.kind().to_string()))?;
        let mut guards = self.guards();
        guards.made += 1;
        let id = guards.made;
        let deadline = Some((Instant::now() + self.target.limit).min(self.state().until()));
        guards.open.push(Guarded { id, hold, deadline });
        Ok(Connection { opened, id })
    }

    fn extend(&self, id: usize, by: Duration) {
        let until = self.state().until() + LAST_WORDS;
        if let Some(one) = self.guards().open.iter_mut().find(|one| one.id == id) {
            one.deadline = one.deadline.map(|_| (Instant::now() + by).min(until));
        }
    }

    pub(super) fn is_late(&self, id: usize) -> bool {
        self.guards().open.iter().any(|one| one.id == id && one.deadline.is_none())
    }

    /// Ends a connection, with a word to the server.
    pub(super) fn leave(&self, connection: Connection) {
        self.extend(connection.id, LAST_WORDS);
        connection.opened.session.set_timeout(LAST_WORDS.as_millis() as u32);
        let _ = connection.opened.session.disconnect(None, "thank you", None);
        self.drop_it(&connection);
    }

    pub(super) fn drop_it(&self, connection: &Connection) {
        connection.opened.hold.close();
        self.guards().open.retain(|one| one.id != connection.id);
    }

    /// Closes connections whose time is over, until all is done.
    pub(super) fn watch(&self) {
        let mut guards = self.guards();
        while !guards.done {
            let now = Instant::now();
            for one in &mut guards.open {
                if one.deadline.is_some_and(|deadline| deadline <= now) {
                    one.hold.close();
                    one.deadline = None;
                }
            }
            let waited = self.changed.wait_timeout(guards, Duration::from_millis(100));
            guards = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    pub(super) fn release(&self) {
        self.guards().done = true;
        self.changed.notify_all();
    }
}
