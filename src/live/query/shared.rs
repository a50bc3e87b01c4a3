//! What the parts of one run share: its target and keys, its connections, how far it has got.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::door::{Hold, Opened};
use super::pace::State;
use super::remembered;
use super::target::Target;

/// One run: a server is asked about all keys.
pub(super) struct Run<'a> {
    pub(super) target: &'a Target<'a>,
    pub(super) keys: &'a [&'a [u8]],
    pub(super) tell: &'a (dyn Fn(usize) + Sync),
    pub(super) remembered: remembered::Remembered,
    pub(super) user: String,
    pub(super) state: Mutex<State>,
    pub(super) guards: Mutex<Guards>,
    pub(super) changed: Condvar,
}

/// What is said of a server that would fill the memory.
pub(super) const ENDLESS: &str = "this host sends more than a server has to say, and no answer";

/// Why there is no connection to ask on.
pub(super) enum Fault {
    /// The server dropped it; it may take another.
    Dropped(String),
    /// It is to be asked for another of its host keys.
    Again,
    /// No other try would fare better.
    Final(String),
}

/// Connections that are watched.
#[derive(Default)]
pub(super) struct Guards {
    pub(super) open: Vec<Guarded>,
    pub(super) made: usize,
    pub(super) done: bool,
}

/// One of them.
pub(super) struct Guarded {
    pub(super) id: usize,
    pub(super) hold: Hold,
    /// `None` once it is over.
    pub(super) deadline: Option<Instant>,
}

/// A connection that is up.
pub(super) struct Connection {
    pub(super) opened: Opened,
    pub(super) id: usize,
}

impl Run<'_> {
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn stop(&self, why: String) {
        self.state().stop.get_or_insert(why);
    }
}
