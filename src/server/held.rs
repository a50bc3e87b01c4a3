//! A connection that is held, in brief or whole.

use super::brief::Record;
use super::connection::Connection;
use super::names::Names;
use crate::model::server::Stamp;
use crate::model::{At, Outcome, Session, Told};

/// A connection that is open.
#[derive(Debug)]
pub(super) struct Held {
    /// What was said of it.
    pub(super) said: Said,
    /// The place of its last statement among all.
    pub(super) used: u64,
    /// Its client's port is known to lead here.
    pub(super) found: bool,
}

/// What was said of a connection.
#[derive(Debug)]
pub(super) enum Said {
    /// Nothing but plain things.
    Brief(Record),
    /// All that there is.
    Whole(Box<Connection>),
}

impl Held {
    pub(super) fn new(said: Said) -> Self {
        Self { said, used: 0, found: false }
    }

    pub(super) fn names(&self) -> Names<'_> {
        match &self.said {
            Said::Brief(record) => record.names(),
            Said::Whole(connection) => connection.names(),
        }
    }

    /// Whether nothing but words of a login's end may still come.
    pub(super) fn ended(&self) -> bool {
        match &self.said {
            Said::Brief(record) => record.ended,
            Said::Whole(connection) => connection.ended,
        }
    }

    /// Whether somebody is logged in.
    pub(super) fn logged_in(&self) -> bool {
        match &self.said {
            Said::Brief(record) => record.logged_in,
            Said::Whole(connection) => connection.session.outcome == Outcome::Authenticated,
        }
    }

    /// Takes a statement that is not plain. Gives back the record that is free now. `mixed`: it may be another's.
    pub(super) fn apply(&mut self, at: At, when: Option<Stamp>, told: Told, mixed: bool) -> Option<Record> {
        let free = match &mut self.said {
            Said::Brief(record) => Some(std::mem::take(record)),
            Said::Whole(_) => None,
        };
        if let Some(record) = &free {
            self.said = Said::Whole(Box::new(record.whole()));
        }
        if let Said::Whole(connection) = &mut self.said {
            connection.served().mixed |= mixed;
            connection.apply(at, when, told);
        }
        free
    }

    /// No more comes.
    pub(super) fn done(self) -> Done {
        match self.said {
            Said::Brief(record) => Done::Brief(record),
            Said::Whole(connection) => Done::Whole(Box::new(connection.done())),
        }
    }
}

/// A connection of which no more comes.
#[derive(Debug)]
pub(super) enum Done {
    /// Nothing but plain things were said of it.
    Brief(Record),
    /// All that there is.
    Whole(Box<Session>),
}

impl Done {
    pub(super) fn session(self) -> Session {
        match self {
            Self::Brief(record) => record.whole().done(),
            Self::Whole(session) => *session,
        }
    }
}
