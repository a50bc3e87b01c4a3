//! The exchange of each connection, for a picture: which keys the client put to the server, and what became of each.

use super::link::{self, Link};
use super::words;
use crate::diagnose::Diagnosis;
use crate::model::{Case, Key, Offer, Reply, Session, SessionRef};

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
    /// The line that offers it, where the report shows it.
    pub link: Option<Link>,
}

/// One connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lane {
    /// The log.
    pub source: String,
    /// The client, as this log knows it.
    pub client: String,
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
    drawn(diagnosis).iter().map(|entry| lane(diagnosis, entry)).collect()
}

/// How many connections that have something to show are not drawn.
pub(super) fn undrawn(diagnosis: &Diagnosis) -> usize {
    let main = diagnosis.main().and_then(|finding| finding.session);
    let all = diagnosis.case.sessions().filter(|entry| rank(&diagnosis.case, main, entry).is_some());
    all.count().saturating_sub(DRAWN)
}

/// The connections that are drawn, in order: that of the verdict before all others.
fn drawn(diagnosis: &Diagnosis) -> Vec<SessionRef<'_>> {
    let main = diagnosis.main().and_then(|finding| finding.session);
    let all = diagnosis.case.sessions().filter_map(|entry| Some((rank(&diagnosis.case, main, &entry)?, entry)));
    let mut some: Vec<(u8, SessionRef<'_>)> = all.collect();
    some.sort_by_key(|(rank, _)| *rank);
    some.truncate(DRAWN);
    some.sort_by_key(|(_, entry)| entry.id());
    some.into_iter().map(|(_, entry)| entry).collect()
}

/// How much a connection matters to a picture: the verdict's, then its other side and what it was compared with, then
/// others. None of a server's whose picture would be empty.
fn rank(case: &Case, main: Option<(usize, usize)>, entry: &SessionRef<'_>) -> Option<u8> {
    let id = entry.id();
    let both = |one, other| main == Some(one) && id == other || main == Some(other) && id == one;
    let joined = case.joins.iter().any(|join| both(join.client, join.server));
    let compared = case.comparisons.iter().any(|comparison| both(comparison.vcs, comparison.ci));
    match entry.session.served.is_some() && entry.session.offered.is_empty() {
        _ if main == Some(id) => Some(0),
        _ if joined || compared => Some(1),
        false => Some(2),
        true => None,
    }
}

/// The lines that the picture speaks of.
pub(super) fn lines(diagnosis: &Diagnosis) -> impl Iterator<Item = Link> {
    let of = |entry: SessionRef<'_>| {
        let log = entry.transcript;
        let keys: Vec<Link> =
            entry.session.offered.iter().take(KEYS).map(|offer| Link { log, line: offer.at.line }).collect();
        keys
    };
    drawn(diagnosis).into_iter().flat_map(of)
}

fn lane(diagnosis: &Diagnosis, entry: &SessionRef<'_>) -> Lane {
    use crate::model::Outcome;
    let session = entry.session;
    let arrow = |offer| arrow(offer, link::shown(diagnosis, Link { log: entry.transcript, line: offer.at.line }));
    Lane {
        source: entry.source.to_owned(),
        client: if session.served.is_some() { words::client(session) } else { words::program(session).to_owned() },
        server: if session.served.is_some() { words::server(session) } else { words::destination(session) },
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

fn arrow(offer: &Offer, link: Option<Link>) -> Arrow {
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
        link,
    }
}
