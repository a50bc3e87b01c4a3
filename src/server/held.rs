//! A connection that is held, in brief or whole.

use super::brief::Record;
use super::connection::Connection;
use super::names::Names;
use crate::model::server::Stamp;
use crate::model::{At, Event, Kind, Outcome, Session, Told};

/// A connection that is open.
#[derive(Debug)]
pub(super) struct Held {
    /// What was said of it.
    pub(super) said: Said,
    /// The place of its last statement among all.
    pub(super) used: u64,
    /// Its client's port is known to lead here.
    pub(super) found: bool,
    /// How often the server had been started at its last statement.
    pub(super) start: u64,
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
        Self { said, used: 0, found: false, start: 0 }
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

    /// Whether nothing came of it: it was turned away, or no ssh was spoken.
    pub(super) fn at_the_door(&self) -> bool {
        matches!(&self.said, Said::Whole(connection) if connection.session.outcome == Outcome::Network)
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

    /// What it was told without a name may have been another's.
    pub(super) fn mix(&mut self) {
        match &mut self.said {
            Said::Brief(record) => record.mixed = true,
            Said::Whole(connection) => connection.served().mixed = true,
        }
    }

    /// Gives up what names nobody and is about this user's home.
    pub(super) fn give_back(&mut self, user: &str) -> Vec<Event> {
        let Said::Whole(connection) = &mut self.said else { return Vec::new() };
        if !connection.session.events.iter().any(|event| is_about_the_home_of(event, user)) {
            return Vec::new();
        }
        let all = std::mem::take(&mut connection.session.events);
        let (about, kept) = all.into_iter().partition(|event| is_about_the_home_of(event, user));
        connection.session.events = kept;
        about
    }

    /// Takes what another had been given.
    pub(super) fn take_back(&mut self, events: Vec<Event>) {
        if let Said::Whole(connection) = &mut self.said {
            connection.served().mixed = true;
            connection.session.events.extend(events);
            connection.session.events.sort_by_key(|event| event.at.line);
        }
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
    /// The record that is free now.
    pub(super) fn record(self) -> Option<Record> {
        match self {
            Self::Brief(record) => Some(record),
            Self::Whole(_) => None,
        }
    }

    pub(super) fn session(self) -> Session {
        match self {
            Self::Brief(record) => record.whole().done(),
            Self::Whole(session) => *session,
        }
    }
}

/// Whether a statement names nobody, and a file in the home that a user of that name usually has.
fn is_about_the_home_of(event: &Event, user: &str) -> bool {
    let Kind::Server(told) = &event.kind else { return false };
    let path = match &**told {
        Told::Matched { .. } | Told::Taken { .. } => return false,
        told if told.user().is_some() || told.peer().is_some() => return false,
        told => told.path(),
    };
    path.and_then(owner) == Some(user)
}

/// Whose home a path leads to, by the homes' usual names.
fn owner(path: &str) -> Option<&str> {
    let root = |rest: &str| rest.is_empty() || rest.starts_with('/');
    if path.strip_prefix("/root").is_some_and(root) {
        return Some("root");
    }
    let below = path.strip_prefix("/home/").or_else(|| path.strip_prefix("/Users/"))?;
    below.split('/').next().filter(|user| !user.is_empty())
}
