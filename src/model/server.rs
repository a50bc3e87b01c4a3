//! What a server's log adds up to: its connections' own facts, and a table of refusals.

use super::event::Event;
use super::told::Peer;

/// What only a server's log knows of a connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Served {
    /// The server's own end.
    pub on: Option<Peer>,
    /// The client's software, after `SSH-2.0-`.
    pub client: Option<String>,
    /// The log names no process, and other connections were open: lines without an address may be theirs.
    pub mixed: bool,
}

/// When a line was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// Seconds since 1970; of a stamp that names no zone, by its own clock. Of one that names no year, since the
    /// beginning of 1972.
    pub seconds: i64,
    /// The same by the log's own clock, whatever its zone.
    pub clock: i64,
    /// It names the year.
    pub dated: bool,
    /// It names its zone, so that stamps of other clocks can be compared with it.
    pub zoned: bool,
}

/// What a whole log of a server adds up to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServerLog {
    /// What the server says of itself.
    pub notes: Vec<Event>,
    /// Fingerprints of its host keys.
    pub host_keys: Vec<String>,
    /// Its release.
    pub software: Option<String>,
    /// Connections, all of them.
    pub connections: u64,
    /// Connections that ended in a login.
    pub logins: u64,
    /// Connections that are not kept one by one, since there were too many.
    pub folded: u64,
    /// Refusals: a row a user and reason, the most frequent first.
    pub refusals: Vec<Refusals>,
    /// Refusals of users and reasons that are not listed, since there were too many.
    pub unlisted: u64,
}

/// How often one user was refused for one reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusals {
    /// The user, where the log names one.
    pub user: Option<String>,
    /// The reason, where the log shows one.
    pub reason: Option<&'static str>,
    /// It in a few words.
    pub words: &'static str,
    /// How often.
    pub count: u64,
    /// Addresses that it came from.
    pub addresses: u64,
    /// There were more, which were not told apart.
    pub more: bool,
    /// The address seen last.
    pub from: Option<String>,
    /// When it was seen last.
    pub last: Option<Stamp>,
    /// A line that shows it.
    pub line: u64,
}
