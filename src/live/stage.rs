//! How far a probe has got.

use std::collections::BTreeMap;
use std::sync::Mutex;

use crate::model::{Kind, Outcome, Session};

/// How the probes get on, for the terminal: the stage of each host.
pub(crate) type Progress = Mutex<BTreeMap<String, Stage>>;

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
        if session.outcome == Outcome::Authenticated {
            Self::Greeting
        } else if session.outcome == Outcome::Network {
            Self::Unreached
        } else if session.outcome != Outcome::Unknown {
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
