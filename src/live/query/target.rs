//! Whom to ask, and what a server said to all.

use std::time::Duration;

use super::Trust;
use crate::live::config::Options;
use crate::survey::Reply;

/// Whom to ask, and how.
#[derive(Clone, Debug)]
pub struct Target<'a> {
    /// The user's ssh, for jump hosts.
    pub ssh: &'a str,
    /// The words of its command, for jump hosts.
    pub args: &'a [String],
    /// What `ssh -G` says of the destination.
    pub options: &'a Options,
    /// The user's home, for the names of known_hosts.
    pub home: Option<&'a str>,
    /// Fingerprints of host keys that the user vouches for.
    pub host_keys: &'a [String],
    /// For each connection, and for each answer.
    pub limit: Duration,
}

/// What a server said to all.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    /// One for each key, in their order.
    pub replies: Vec<Reply>,
    /// The server's host key: its type and fingerprint.
    pub host_key: Option<(String, String)>,
    /// How far that is trusted.
    pub trust: Option<Trust>,
    /// The server's software, as it names itself.
    pub software: Option<String>,
    /// It says yes to a key that nobody has.
    pub accepts_any: bool,
    /// Connections that were made.
    pub connections: usize,
    /// Refusals after which it ends a connection, where it was learnt.
    pub most_failures: Option<usize>,
}
