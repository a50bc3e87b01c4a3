//! The identities that ssh has for a destination, and what servers say to them.

use crate::model::facts::{Agent, Certificate, KeyFile, Problem, Published};
use crate::model::{Cause, Fact};
use crate::order::{Identity, Origin, Step};

/// Refusals that a server bears where it has not shown its limit: OpenSSH's MaxAuthTries, and Go's.
pub(crate) const USUAL_LIMIT: usize = 6;

/// What a server says to a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// It would take a signature by this algorithm.
    Accepted(String),
    /// It would not.
    Refused,
    /// It can't be told: why, as a clause.
    Unknown(String),
}

impl Reply {
    /// The word of the reports.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Accepted(_) => "accepted",
            Self::Refused => "refused",
            Self::Unknown(_) => "unknown",
        }
    }
}

/// What came of a login with one key alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Login {
    /// As this account, by the server's greeting.
    As(String),
    /// It worked; the server does not say whose the key is.
    Unnamed,
    /// It did not come to that: why, as a clause.
    Failed(String),
}

/// One server's word on one identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Its answer.
    pub reply: Reply,
    /// The login, where one was asked for.
    pub login: Option<Login>,
}

/// One identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What ssh will do with it.
    pub identity: Identity,
    /// Its file, where there is one.
    pub file: Option<KeyFile>,
    /// Its certificate, where it is one.
    pub certificate: Option<Certificate>,
    /// What is wrong with it.
    pub problems: Vec<Problem>,
    /// In the order of [`Survey::hosts`].
    pub offers: Vec<Offer>,
}

impl Row {
    /// Whether a passphrase protects the file.
    pub fn encrypted(&self) -> Option<bool> {
        self.file.as_ref().and_then(|file| file.encrypted.known().copied())
    }

    /// The causes that its problems lead to, each once.
    pub fn causes(&self) -> Vec<Cause> {
        let mut causes: Vec<Cause> = Vec::new();
        for problem in &self.problems {
            if !causes.contains(&problem.cause()) {
                causes.push(problem.cause());
            }
        }
        causes
    }

    /// Whether there is nothing that could be offered: no file, or one that ssh can't use and that shows no key.
    pub fn is_empty(&self) -> bool {
        self.identity.key.is_none() && self.identity.order.is_none()
    }

    /// One of ssh's own names that nobody has a key under.
    pub fn is_unused_name(&self) -> bool {
        self.is_empty() && self.identity.origin == Origin::Default && self.causes() == [Problem::Missing.cause()]
    }

    /// What to call it: its file, else its comment.
    pub fn name(&self) -> &str {
        let identity = &self.identity;
        let label = identity.label.as_deref().filter(|label| !label.is_empty());
        identity.path.as_deref().or(label).unwrap_or("a key without a name")
    }

    fn accepted_by(&self, host: usize) -> bool {
        self.offers.get(host).is_some_and(|offer| matches!(offer.reply, Reply::Accepted(_)))
    }
}

/// A server that was asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Host {
    /// As the user named it.
    pub typed: String,
    /// User, host and port.
    pub destination: String,
    /// Type and fingerprint of its host key.
    pub host_key: Option<(String, String)>,
    /// Whether keys could be offered to it, and what is known of its host key, for `its host key …`.
    pub trust: Option<(bool, &'static str)>,
    /// Its software, as it names itself.
    pub software: Option<String>,
    /// It says yes to a key that nobody has.
    pub accepts_any: bool,
    /// Refusals after which it ends a connection, where that was learnt.
    pub most_failures: Option<usize>,
    /// Keys that were offered to it.
    pub offered: usize,
}

/// All of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Survey {
    /// Words that lead ssh to the destination, as the user gave them. Empty: no destination in particular.
    pub typed: Vec<String>,
    /// User, host and port.
    pub destination: Option<String>,
    /// The identities: in ssh's order, then those that it leaves out.
    pub rows: Vec<Row>,
    /// The servers that were asked.
    pub hosts: Vec<Host>,
    /// The agent that ssh asks.
    pub agent: Fact<Agent>,
    /// Why ssh could not say what applies.
    pub unclear: Option<String>,
    /// What is not in the list, as sentences.
    pub notes: Vec<String>,
    /// Whether keys signed in to the servers.
    pub logins: bool,
    /// What the destination publishes of the account that was meant, where that was looked up.
    pub published: Option<Published>,
}

/// A key that comes too late in ssh's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Late<'a> {
    /// The key.
    pub row: &'a Row,
    /// The server that would take it; `None` where none was asked.
    pub host: Option<&'a Host>,
    /// Refusals before it.
    pub before: usize,
    /// Refusals that the server bears.
    pub limit: usize,
}

impl Survey {
    /// Whether the account that was meant has a key; `None` where that is not known.
    pub fn registered(&self, row: &Row) -> Option<bool> {
        self.published.as_ref()?.has(row.identity.key.as_ref()?)
    }

    /// Identities that ssh offers.
    pub fn offered(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| row.identity.order.is_some())
    }

    /// Keys that would come too late: those that a server takes, or, where none was asked, the first beyond the limit.
    pub fn late(&self) -> Vec<Late<'_>> {
        // A key that nobody types a passphrase for is not sent, so it is not refused.
        let counts = |row: &&Row| row.identity.step != Step::SignAfterPassphrase;
        if self.hosts.is_empty() {
            let beyond = self.offered().filter(counts).nth(USUAL_LIMIT);
            return beyond
                .map(|row| Late { row, host: None, before: USUAL_LIMIT, limit: USUAL_LIMIT })
                .into_iter()
                .collect();
        }
        let mut late = Vec::new();
        for (at, host) in self.hosts.iter().enumerate() {
            // Only the order at the destination itself is known.
            if self.destination.as_ref() != Some(&host.destination) {
                continue;
            }
            let limit = host.most_failures.unwrap_or(USUAL_LIMIT);
            let first = self.offered().find(|row| row.accepted_by(at));
            let Some(row) = first else {
                continue;
            };
            let before = self.offered().filter(counts).take_while(|other| !std::ptr::eq(*other, row)).count();
            if before >= limit {
                late.push(Late { row, host: Some(host), before, limit });
            }
        }
        late
    }

    /// Whether a server takes any of the keys. `None`: it can't be told.
    pub fn any_accepted(&self, host: usize) -> Option<bool> {
        let replies = self.rows.iter().filter(|row| !row.is_empty()).filter_map(|row| row.offers.get(host));
        let mut unknown = false;
        for offer in replies {
            match offer.reply {
                Reply::Accepted(_) => return Some(true),
                Reply::Refused => {}
                Reply::Unknown(_) => unknown = true,
            }
        }
        (!unknown).then_some(false)
    }

    /// Whether each server takes a key. `None`: it can't be told. Without servers: whether ssh could be asked.
    pub fn well(&self) -> Option<bool> {
        if self.hosts.is_empty() {
            return self.unclear.is_none().then_some(true);
        }
        if self.unclear.is_some() && self.rows.is_empty() {
            // Nobody was asked about keys that ssh could not name.
            return None;
        }
        let answers: Vec<_> = (0..self.hosts.len()).map(|host| self.any_accepted(host)).collect();
        if answers.contains(&Some(false)) {
            return Some(false);
        }
        answers.iter().all(|answer| *answer == Some(true)).then_some(true)
    }
}

/// A problem as a clause.
pub(crate) fn words(problem: &Problem) -> String {
    match problem {
        Problem::Missing => "the private file does not exist".into(),
        Problem::Unreadable(why) => format!("the file can't be read: {why}"),
        Problem::TooOpen(mode) => {
            format!("others may read it (mode {mode:04o}), so ssh ignores it")
        }
        Problem::Invalid(why) => format!("ssh can't read it as a private key: {why}"),
        Problem::PublicMismatch => "the .pub file beside it belongs to another key".into(),
        Problem::Certificate(why) => why.clone(),
        Problem::TooShort(bits) => format!("its {bits} bits are fewer than ssh wants"),
    }
}
