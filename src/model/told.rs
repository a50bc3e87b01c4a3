//! What one line of a server's log says, in no server's own words.

use super::key::Key;
use super::path::is_of_windows;

/// The other end, as a server names it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Peer {
    /// Its address; a name where the server looked it up.
    pub address: String,
    /// Its port.
    pub port: Option<u16>,
}

/// What a server answered to one request for authentication.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Logged in.
    Accepted,
    /// One factor was good, another is wanted.
    Partial,
    /// The key is good, and a signature is waited for.
    Taken,
    /// No.
    Failed,
}

/// How a server saw a connection end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// The client closed or reset it.
    Closed,
    /// The client said that it goes.
    Left,
    /// Nobody was let in.
    Refused,
    /// The server ended it, with these words.
    Cut(String),
    /// The line failed, or no ssh was spoken, before the key exchange.
    NoSsh,
}

/// The statements of servers' logs. Which words prove which reason is the dialects' knowledge; what a reason means is
/// not.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "fields are the statement's own words; variants say what they mean")]
pub enum Told {
    /// The server is up.
    Listening { on: Option<Peer> },
    /// The server's own release.
    Version { software: String },
    /// A host key that it has.
    HostKey { fingerprint: String },
    /// It can't start, or not as it was meant to: a reason, and what it is about.
    Start { reason: &'static str, subject: Option<String> },
    /// A connection came in; `on` is the server's own end.
    Connection { peer: Peer, on: Option<Peer> },
    /// A connection was turned away at the door, and why.
    Dropped { peer: Peer, why: String },
    /// A connection took too long to log in; the process that served it. 9.8 has the two ends the wrong way round.
    TimedOut { peer: Peer, on: Option<Peer>, process: Option<String> },
    /// The client's identification string.
    ClientSoftware { software: String },
    /// A user asked for by a client, and the method. `known` where the user may be one that can log in.
    Requested { user: String, method: String, known: bool },
    /// A key was put to the server.
    Queried { key: Key },
    /// A file is looked into for keys.
    Looked { path: String },
    /// A file could not be opened, and why.
    NotOpened { path: String, missing: bool },
    /// A file that others may write to, or that is another's; what it is for is not said.
    Exposed { path: String },
    /// A file was read, and none of its keys is the one; where the log counts them, so many keys in so many lines.
    Counted { path: Option<String>, counts: Option<(u32, u32)> },
    /// A line of a file is no key, though it should be one; where. `of`: it begins with this type, so that it is none only
    /// where keys of that type are asked for. Of other lines the server reads no more than the type.
    NotAKey { place: Option<String>, of: Option<&'static str> },
    /// A line of a file has the key.
    Matched { key: Key, place: Option<String> },
    /// The server takes the key, and waits for the signature.
    Taken { key: Option<Key>, place: Option<String> },
    /// An answer. `known` where the user is one that may log in.
    Answered { answer: Answer, method: String, user: String, known: bool, peer: Peer, key: Option<Key> },
    /// The end; `known` where the user may be one that can log in, `after_login` where the words are those of a login's end.
    Ended { end: End, user: Option<String>, known: bool, peer: Option<Peer>, after_login: bool },
    /// A session of a login begins: a shell, a command, a subsystem.
    Session { what: String, user: Option<String>, peer: Option<Peer> },
    /// After the login another process serves the connection.
    Child { process: String },
    /// A setting of the server's that was applied to this user: keyword and value.
    Setting { keyword: String, value: String },
    /// A line that proves a reason by itself.
    Proof(Proof),
}

/// A line that proves a reason by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proof {
    /// The reason's id.
    pub reason: &'static str,
    /// What it is about: a path, a list's name, a module's words.
    pub subject: Option<String>,
    /// The user that it names.
    pub user: Option<String>,
    /// The client that it names.
    pub peer: Option<Peer>,
    /// The key that it names.
    pub key: Option<Key>,
}

impl Told {
    /// The client that a statement names.
    pub fn peer(&self) -> Option<&Peer> {
        match self {
            Self::Connection { peer, .. }
            | Self::Dropped { peer, .. }
            | Self::TimedOut { peer, .. }
            | Self::Answered { peer, .. } => Some(peer),
            Self::Ended { peer, .. } | Self::Session { peer, .. } => peer.as_ref(),
            Self::Proof(proof) => proof.peer.as_ref(),
            _ => None,
        }
    }

    /// Whether it names a user who does not exist or is kept out; sshd calls both invalid.
    pub fn is_of_an_invalid_user(&self) -> bool {
        matches!(
            self,
            Self::Requested { known: false, .. }
                | Self::Answered { known: false, .. }
                | Self::Ended { known: false, .. }
        )
    }

    /// The file that a statement is about, with the line where it names one.
    pub fn path(&self) -> Option<&str> {
        match self {
            Self::Looked { path } | Self::NotOpened { path, .. } | Self::Exposed { path } => Some(path),
            Self::Counted { path, .. } => path.as_deref(),
            Self::NotAKey { place, .. } | Self::Matched { place, .. } | Self::Taken { place, .. } => place.as_deref(),
            Self::Proof(proof) => {
                proof.subject.as_deref().filter(|subject| is_of_windows(subject) || subject.starts_with('/'))
            }
            _ => None,
        }
    }

    /// The user that a statement names.
    pub fn user(&self) -> Option<&str> {
        match self {
            Self::Requested { user, .. } | Self::Answered { user, .. } => Some(user),
            Self::Ended { user, .. } | Self::Session { user, .. } => user.as_deref(),
            Self::Proof(proof) => proof.user.as_deref(),
            _ => None,
        }
    }
}
