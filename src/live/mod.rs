//! Touches the world: runs the user's own ssh, reads key files, asks the agent. Nothing of the user's is written.

pub mod agent;
pub mod all_keys;
pub mod aside;
pub mod check;
pub mod config;
pub mod destination;
pub mod gather;
pub mod git;
pub mod hop;
pub mod host_key;
pub mod hosts;
pub mod keyfile;
pub mod keys;
pub mod known_hosts;
pub mod order;
pub mod origin;
#[cfg(unix)]
mod orphans;
pub mod paths;
pub mod plan;
pub mod probe;
pub mod process;
pub mod program;
pub mod public_file;
pub mod published;
pub mod query;
pub mod repository;
pub mod tagged;
pub mod thread;
mod trial;
pub mod watch;

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::model::{Kind, Session};

/// When a run is given up.
#[derive(Clone, Copy, Debug)]
pub struct Until<'a> {
    /// At this time.
    pub deadline: Instant,
    /// As soon as this is set: nobody wants to know any more.
    pub over: Option<&'a AtomicBool>,
}

impl Until<'_> {
    /// Whether nobody wants to know any more.
    pub fn is_over(&self) -> bool {
        self.over.is_some_and(|over| over.load(Ordering::Relaxed))
    }

    /// What is left of the time.
    pub fn left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }
}

impl From<Instant> for Until<'_> {
    fn from(deadline: Instant) -> Self {
        Self { deadline, over: None }
    }
}

/// How the probes get on, for the terminal: the stage of each host.
pub type Progress = std::sync::Mutex<std::collections::BTreeMap<String, Stage>>;

/// What a connection waits for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stage {
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
    pub fn of(session: &Session) -> Self {
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
    pub fn words(self) -> &'static str {
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
