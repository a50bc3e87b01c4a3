//! The exchange of each connection, for a picture: which keys the client put to the server, and what became of each.

use super::words;
use crate::diagnose::Diagnosis;
use crate::model::{Key, Offer, Reply, Session};

/// Connections that are drawn; a picture of more helps nobody.
const DRAWN: usize = 6;

/// Keys of one connection that are drawn.
const KEYS: usize = 24;

/// What became of an offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The server takes the key.
    Accepted,
    /// The server took the key, and refused what followed.
    ThenRefused,
    /// The server does not take it.
    Refused,
    /// Nothing was sent, though ssh announced it.
    Withheld,
    /// The log shows no answer.
    Open,
}

impl Answer {
    /// In a word or two.
    pub fn words(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::ThenRefused => "accepted, then refused",
            Self::Refused => "refused",
            Self::Withheld => "not sent",
            Self::Open => "no answer",
        }
    }
}

/// A key on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrow {
    /// The key's file, comment or fingerprint.
    pub key: String,
    /// Its type, where the log shows it.
    pub kind: Option<String>,
    /// What became of it.
    pub answer: Answer,
    /// The line that offers it.
    pub line: u64,
}

/// One connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lane {
    /// The log.
    pub source: String,
    /// Whom it went to.
    pub server: String,
    /// The keys, in order.
    pub arrows: Vec<Arrow>,
    /// What there is to say beside them: that there are none, or more.
    pub note: Option<String>,
    /// How it ended.
    pub end: String,
    /// Whether somebody was logged in; `None` where the log does not show the end.
    pub well: Option<bool>,
}

/// The connections of a case, in order; of those behind a jump host, the jump's first.
pub(super) fn lanes(diagnosis: &Diagnosis) -> Vec<Lane> {
    diagnosis.case.sessions().take(DRAWN).map(|entry| lane(entry.source, entry.session)).collect()
}

fn lane(source: &str, session: &Session) -> Lane {
    use crate::model::Outcome;
    Lane {
        source: source.to_owned(),
        server: words::destination(session),
        arrows: session.offered.iter().take(KEYS).map(arrow).collect(),
        note: note(session),
        end: words::outcome(session),
        well: match session.outcome {
            Outcome::Authenticated => Some(true),
            Outcome::Unknown => None,
            _ => Some(false),
        },
    }
}

fn note(session: &Session) -> Option<String> {
    let words = match session.offered.len() {
        0 if !session.verbose() => "the log does not show the keys".to_owned(),
        0 if session.reached_authentication() => "no key was offered".to_owned(),
        0 => "it did not come to the keys".to_owned(),
        count if count > KEYS => format!("and {} more keys", count - KEYS),
        _ => return None,
    };
    Some(words)
}

fn arrow(offer: &Offer) -> Arrow {
    let Key { kind, .. } = &offer.key;
    Arrow {
        key: offer.key.name().to_owned(),
        kind: kind.clone(),
        answer: match offer.reply() {
            _ if offer.withheld() => Answer::Withheld,
            Reply::Accepted if offer.then_refused().is_some() => Answer::ThenRefused,
            Reply::Accepted => Answer::Accepted,
            Reply::Refused => Answer::Refused,
            Reply::Unanswered => Answer::Open,
        },
        line: offer.at.line,
    }
}
