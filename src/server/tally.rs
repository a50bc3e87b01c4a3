//! Who was refused, for which reason, how often: a table that a long log fills and does not make larger.

use std::collections::{HashMap, HashSet};

use super::reasons;
use crate::model::server::{Refusals, ServerLog};
use crate::model::told::{Answer, End, Told};
use crate::model::{Outcome, Session};

/// Rows of the table.
const ROWS: usize = 5000;

/// Addresses that are told apart of one row.
const ADDRESSES: usize = 1000;

#[derive(Debug)]
struct Row {
    refusals: Refusals,
    addresses: HashSet<u64>,
}

impl Row {
    fn new(session: &Session, reason: Option<&'static str>, words: &'static str) -> Self {
        let refusals = Refusals {
            user: session.user.clone(),
            reason,
            words,
            count: 0,
            addresses: 0,
            more: false,
            from: None,
            last: None,
            line: 0,
        };
        Self { refusals, addresses: HashSet::new() }
    }
}

/// What connections of the same statements come to: a server says the same few things over and over.
type Seen = HashMap<Vec<&'static str>, Option<Judged>>;

/// A reason, and that in a few words.
type Judged = (Option<&'static str>, &'static str);

/// Different connections whose judgement is remembered.
const REMEMBERED: usize = 500;

/// The table.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// By reason, then by user; a line end is nobody's name.
    rows: HashMap<&'static str, HashMap<String, Row>>,
    listed: usize,
    seen: Seen,
    hasher: std::hash::RandomState,
    unlisted: u64,
}

impl Tally {
    /// Counts a connection that has ended.
    pub(super) fn count(&mut self, session: &Session) {
        let Some((reason, words)) = self.judged(session) else { return };
        let rows = self.rows.entry(reason.unwrap_or(words)).or_default();
        let user = session.user.as_deref().unwrap_or("\n");
        let known = rows.contains_key(user);
        if !known && self.listed >= ROWS {
            self.unlisted += 1;
            return;
        }
        self.listed += usize::from(!known);
        let line = session.end.as_ref().or(session.events.first().map(|event| &event.at)).map_or(0, |at| at.line);
        if !known {
            rows.insert(user.to_owned(), Row::new(session, reason, words));
        }
        let Some(row) = rows.get_mut(user) else { return };
        row.refusals.count += 1;
        if let Some(address) = &session.address {
            use std::hash::BuildHasher;
            let hash = self.hasher.hash_one(address);
            if row.addresses.len() < ADDRESSES {
                row.addresses.insert(hash);
            } else {
                row.refusals.more |= !row.addresses.contains(&hash);
            }
        }
        // Of connections side by side the one that began last is closed last, mostly.
        if line >= row.refusals.line {
            row.refusals.line = line;
            row.refusals.from.clone_from(&session.address);
            row.refusals.last = session.served.as_ref().and_then(|served| served.last);
        }
    }

    fn judged(&mut self, session: &Session) -> Option<Judged> {
        let Some(statements) = statements(session) else { return judged(session) };
        if let Some(known) = self.seen.get(&statements) {
            return *known;
        }
        let found = judged(session);
        if self.seen.len() < REMEMBERED {
            self.seen.insert(statements, found);
        }
        found
    }

    /// The table, the most frequent first.
    pub(super) fn rows(self, log: &mut ServerLog) {
        let with_count = |row: Row| Refusals { addresses: row.addresses.len() as u64, ..row.refusals };
        log.refusals = self.rows.into_values().flat_map(HashMap::into_values).map(with_count).collect();
        log.refusals.sort_by(|one, other| {
            other.count.cmp(&one.count).then_with(|| (&one.user, one.words).cmp(&(&other.user, other.words)))
        });
        log.unlisted = self.unlisted;
    }
}

/// What was said, by the statements alone. `None` where their words matter as well: paths, keys, commands.
fn statements(session: &Session) -> Option<Vec<&'static str>> {
    let mut kinds = vec![session.outcome.word(), if session.offered.is_empty() { "" } else { "keys" }];
    for (told, _) in reasons::told(session) {
        let kind = match told {
            Told::Proof(proof) => {
                kinds.push(if proof.user.is_some() { "of a user" } else { "of nobody" });
                proof.reason
            }
            Told::Answered { answer, method, .. } => match (answer, method.as_str()) {
                (Answer::Failed, "password") => "failed password",
                (Answer::Accepted, "password" | "publickey") => "accepted",
                _ => return None,
            },
            Told::Connection { .. } => "connection",
            Told::Ended { end: End::Closed | End::Left, .. } => "ended",
            _ => return None,
        };
        kinds.push(kind);
    }
    Some(kinds)
}

/// What a connection comes to. `None` where nobody was refused.
fn judged(session: &Session) -> Option<Judged> {
    let shown = reasons::all().find(|reason| (reason.prove)(reason.id, session).is_some());
    match shown {
        Some(reason) => Some((Some(reason.id), reason.words)),
        None => match session.outcome {
            Outcome::Denied => Some((None, "not shown at this level")),
            Outcome::Disconnected => Some((None, "cut off")),
            Outcome::Partial => Some((None, "one factor more")),
            _ => None,
        },
    }
}
