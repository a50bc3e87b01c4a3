//! Touches the world: runs the user's own ssh, reads key files, asks the agent. Nothing of the user's is written.

pub(crate) mod agent;
pub(crate) mod all_keys;
pub(crate) mod aside;
pub(crate) mod check;
pub mod config;
pub(crate) mod destination;
pub mod gather;
pub(crate) mod git;
pub(crate) mod hop;
pub(crate) mod host_key;
pub(crate) mod hosts;
pub(crate) mod keyfile;
pub(crate) mod keys;
pub(crate) mod known_hosts;
pub mod order;
pub(crate) mod origin;
#[cfg(unix)]
mod orphans;
pub(crate) mod paths;
pub(crate) mod plan;
pub(crate) mod probe;
pub(crate) mod process;
pub mod program;
pub(crate) mod public_file;
pub(crate) mod published;
pub mod query;
pub(crate) mod repository;
pub(crate) mod tagged;
pub(crate) mod thread;
mod trial;
pub(crate) mod watch;

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::model::{Kind, Session};

/// When a run is given up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Until<'a> {
    /// At this time.
    pub deadline: Instant,
    /// As soon as this is set: nobody wants to know any more.
    pub over: Option<&'a AtomicBool>,
}

impl Until<'_> {
    /// Whether nobody wants to know any more.
    pub(crate) fn is_over(&self) -> bool {
        self.over.is_some_and(|over| over.load(Ordering::Relaxed))
    }

    /// What is left of the time.
    pub(crate) fn left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }
}

impl From<Instant> for Until<'_> {
    fn from(deadline: Instant) -> Self {
        Self { deadline, over: None }
    }
}

/// How the probes get on, for the terminal: the stage of each host.
pub(crate) type Progress = std::sync::Mutex<std::collections::BTreeMap<String, Stage>>;

/// What a connection waits for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Nothing has been started.
    #[default]
    Waiting,
    /// An answer from the address.
    Connecting,
    /// The server's identification string.
    Identification,
    /// The end of the key exchange.
    KeyExchange,
    /// The answer to a key.
    Authentication,
    /// The greeting.
    Greeting,
    /// The repository's refs.
    Repository,
    /// The suggested command.
    Verifying,
    /// Nothing any more: no connection came up.
    Unreached,
    /// Nothing any more.
    Done,
}

impl Stage {
    /// What a session waits for, as far as its log has got.
    pub(crate) fn of(session: &Session) -> Self {
        let seen = |wanted: fn(&Kind) -> bool| session.any(wanted);
        if session.outcome == crate::model::Outcome::Authenticated {
            Self::Greeting
        } else if session.outcome == crate::model::Outcome::Network {
            Self::Unreached
        } else if session.outcome != crate::model::Outcome::Unknown {
            Self::Done
        } else if session.reached_authentication() {
            Self::Authentication
        } else if session.server_software.is_some() {
            Self::KeyExchange
        } else if seen(|kind| matches!(kind, Kind::Established | Kind::Proxy { .. })) {
            Self::Identification
        } else {
            Self::Connecting
        }
    }

    /// In words, for `waits for …`.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Waiting => "its turn",
            Self::Connecting => "the connection",
            Self::Identification => "the server's identification",
            Self::KeyExchange => "the key exchange",
            Self::Authentication => "authentication",
            Self::Greeting => "the greeting",
            Self::Repository => "the repository",
            Self::Verifying => "the suggested command",
            Self::Unreached | Self::Done => "nothing",
        }
    }
}
