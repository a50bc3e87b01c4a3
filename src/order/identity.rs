//! An identity, and what ssh will do with it.

use crate::model::facts::PublicKey;

/// Where an identity comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// The agent alone.
    Agent,
    /// The configuration.
    Config,
    /// ssh's built-in list of names.
    Default,
    /// The command line.
    Argument,
    /// Found beside the others; ssh is not told of it.
    Found,
}

impl Origin {
    /// The word of the reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Config => "config",
            Self::Default => "default",
            Self::Argument => "argument",
            Self::Found => "found",
        }
    }
}

/// How ssh puts an identity to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It asks first whether the key would do.
    Query,
    /// It knows no public half, so it signs at once.
    Sign,
    /// The same, once somebody has typed the passphrase.
    SignAfterPassphrase,
}

/// One identity, and what ssh will do with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The file that ssh names it by.
    pub path: Option<String>,
    /// The agent's comment, of a key without a file.
    pub label: Option<String>,
    /// The key that is offered. `None`: only the private file shows it.
    pub key: Option<PublicKey>,
    /// Whether the agent holds it.
    pub in_agent: bool,
    /// Where it comes from.
    pub origin: Origin,
    /// The file that it comes from, as an index into `Given::files`.
    pub file: Option<usize>,
    /// How it is put to the server.
    pub step: Step,
    /// Its place, from 1; `None` where ssh leaves it out.
    pub order: Option<usize>,
    /// Why it is left out, as a clause.
    pub left_out: Option<String>,
}
