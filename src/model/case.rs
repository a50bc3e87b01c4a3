//! Everything that the rules may look at.

use super::finding::Certainty;
use super::key::Key;
use super::session::{Role, Session, Transcript};

/// A session and where it came from.
#[derive(Clone, Copy, Debug)]
pub struct SessionRef<'a> {
    /// Index of the transcript.
    pub transcript: usize,
    /// Index within the transcript.
    pub index: usize,
    /// The source's name.
    pub source: &'a str,
    /// The session.
    pub session: &'a Session,
}

impl SessionRef<'_> {
    /// Where it stands: transcript and session.
    pub fn id(&self) -> (usize, usize) {
        (self.transcript, self.index)
    }
}

/// What became of the git host's key at the other host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Offered, and the server said yes.
    Accepted,
    /// Offered, and the server said no.
    Refused,
    /// Offered, and the log shows no answer.
    Unanswered,
    /// Announced, then not sent: no mutual signature algorithm.
    Withheld,
    /// Left out by ssh itself.
    Skipped,
    /// Planned, but the session ended before its turn.
    NotReached,
    /// The session ended before any key was offered.
    NoAuthentication,
    /// Neither offered nor planned.
    NeverOffered,
    /// The log cannot tell.
    Unknown,
}

impl Fate {
    /// The word of the reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Refused => "refused",
            Self::Unanswered => "unanswered",
            Self::Withheld => "withheld",
            Self::Skipped => "skipped",
            Self::NotReached => "not-reached",
            Self::NoAuthentication => "no-authentication",
            Self::NeverOffered => "never-offered",
            Self::Unknown => "unknown",
        }
    }

    /// Whether the key was put to the server, in word at least.
    pub fn offered(self) -> Option<bool> {
        match self {
            Self::Accepted | Self::Refused | Self::Unanswered | Self::Withheld => Some(true),
            Self::Skipped | Self::NotReached | Self::NoAuthentication | Self::NeverOffered => Some(false),
            Self::Unknown => None,
        }
    }

    /// Whether the server took it.
    pub fn accepted(self) -> Option<bool> {
        match self {
            Self::Accepted => Some(true),
            Self::Refused => Some(false),
            _ => None,
        }
    }
}

/// The key that a git host accepted, held against one other session.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The git host's session: transcript and index.
    pub vcs: (usize, usize),
    /// The other session.
    pub ci: (usize, usize),
    /// The key, with what other lines and logs know of it. `None` where the git host accepted none.
    pub key: Option<Key>,
    /// What became of it.
    pub fate: Fate,
    /// Fingerprints or the log's own words prove it; else the keys' names do.
    pub proven: bool,
}

/// What joins a client's session with a server's connection, the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tie {
    /// The client's own port stands in both.
    Port,
    /// A key's fingerprint does.
    Fingerprint,
    /// The user does.
    User,
    /// The client's software does.
    Software,
    /// The server's address does.
    Address,
    /// A key of the server's does.
    HostKey,
    /// Both ended in the same way.
    Outcome,
    /// Both were written at the same time.
    Time,
}

impl Tie {
    /// The word of the JSON report.
    pub fn word(self) -> &'static str {
        match self {
            Self::Port => "client-port",
            Self::Fingerprint => "fingerprint",
            Self::User => "user",
            Self::Software => "client-software",
            Self::Address => "server-address",
            Self::HostKey => "host-key",
            Self::Outcome => "outcome",
            Self::Time => "time",
        }
    }
}

/// A client's session and the connection of a server's log that is its other end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Join {
    /// The client's: transcript and session.
    pub client: (usize, usize),
    /// The server's.
    pub server: (usize, usize),
    /// By what.
    pub by: Vec<Tie>,
    /// How surely: `Possible` where several connections fit as well.
    pub certainty: Certainty,
}

/// A client's session that has no connection in a server's log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Apart {
    /// The client's: transcript and session.
    pub client: (usize, usize),
    /// The server's log.
    pub server: usize,
    /// Why none fits, in a few words.
    pub why: &'static str,
}

/// Everything that the rules may look at.
#[derive(Clone, Debug, Default)]
pub struct Case {
    /// The logs.
    pub transcripts: Vec<Transcript>,
    /// Which connection of a server's log is which client's.
    pub joins: Vec<Join>,
    /// Clients that have no connection in a server's log, and why.
    pub apart: Vec<Apart>,
    /// Each git host's session against each other host's.
    pub comparisons: Vec<Comparison>,
    /// What is known of the local machine; empty for logs.
    pub facts: super::facts::Facts,
}

impl Case {
    /// Every session, in order.
    pub fn sessions(&self) -> impl Iterator<Item = SessionRef<'_>> {
        self.transcripts.iter().enumerate().flat_map(|(transcript, log)| {
            log.sessions.iter().enumerate().map(move |(index, session)| SessionRef {
                transcript,
                index,
                source: &log.source,
                session,
            })
        })
    }

    /// The session with this place.
    pub fn session(&self, (transcript, index): (usize, usize)) -> Option<SessionRef<'_>> {
        let log = self.transcripts.get(transcript)?;
        let session = log.sessions.get(index)?;
        Some(SessionRef { transcript, index, source: &log.source, session })
    }

    /// The comparisons of one session with git hosts' sessions, those of its own log first.
    pub fn compared(&self, ci: (usize, usize)) -> impl Iterator<Item = &Comparison> {
        let all = move || self.comparisons.iter().filter(move |comparison| comparison.ci == ci);
        let own = move |comparison: &&Comparison| comparison.vcs.0 == ci.0;
        all().filter(own).chain(all().filter(move |comparison| !own(comparison)))
    }

    /// The run of the jump host that leads to a session: it stands before it, in the same log or in one of its own.
    pub fn jump_before(&self, (transcript, index): (usize, usize)) -> Option<SessionRef<'_>> {
        let before = match index.checked_sub(1) {
            Some(index) => (transcript, index),
            None => {
                let log = transcript.checked_sub(1)?;
                (log, self.transcripts.get(log)?.sessions.len().checked_sub(1)?)
            }
        };
        self.session(before).filter(|entry| entry.session.jump_host)
    }

    /// Sessions of one role.
    pub fn with_role(&self, role: Role) -> impl Iterator<Item = SessionRef<'_>> {
        self.sessions().filter(move |entry| entry.session.role == role)
    }
}
