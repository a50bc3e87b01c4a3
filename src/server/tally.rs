//! Who was refused, for which reason, how often: a table that a long log fills and does not make larger.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasher, RandomState};

use super::brief::Record;
use super::hash::{Hashes, Table};
use super::reasons;
use crate::model::brief::Gist;
use crate::model::server::{Refusals, ServerLog, Stamp};
use crate::model::told::{Answer, End, Told};
use crate::model::{Outcome, Session};

/// Rows of the table.
const ROWS: usize = 5000;

/// Addresses that are told apart of one row.
const ADDRESSES: usize = 1000;

#[derive(Debug)]
struct Row {
    refusals: Refusals,
    addresses: Hashes,
}

impl Row {
    fn new(user: Option<&str>, (reason, words): Judged) -> Self {
        let refusals = Refusals {
            user: user.map(str::to_owned),
            reason,
            words,
            count: 0,
            addresses: 0,
            more: false,
            from: None,
            last: None,
            line: 0,
        };
        Self { refusals, addresses: Hashes::default() }
    }
}

/// What connections of the same statements come to: a server says the same few things over and over.
type Seen = HashMap<Vec<&'static str>, Option<Judged>>;

/// A reason, and that in a few words.
type Judged = (Option<&'static str>, &'static str);

/// What a connection in brief comes to.
#[derive(Clone, Copy, Debug)]
struct Verdict {
    judged: Option<Judged>,
    logged_in: bool,
    /// Which of its lines shows it.
    line: usize,
}

/// A refusal: of whom, from where, in which line, and when.
struct Refused<'a> {
    user: Option<&'a str>,
    address: Option<&'a str>,
    line: u64,
    when: Option<Stamp>,
}

/// Different connections whose judgement is remembered.
const REMEMBERED: usize = 500;

/// The table.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// By reason, then by the user's hash; a line end is nobody's name.
    rows: Table<&'static str, Table<u64, Row>>,
    listed: usize,
    seen: Seen,
    /// As `seen`, by what a connection in brief says.
    briefs: Table<Vec<Gist>, Verdict>,
    /// Of names and addresses, which clients choose.
    hasher: RandomState,
    unlisted: u64,
}

impl Tally {
    /// Counts a connection that has ended.
    pub(super) fn count(&mut self, session: &Session) {
        let Some(judged) = self.judged(session) else { return };
        self.add(
            judged,
            &Refused {
                user: session.user.as_deref(),
                address: session.address.as_deref(),
                line: shown_in(session),
                when: session.written.map(|(_, last)| last),
            },
        );
    }

    /// Counts one in brief that has ended, and tells whether it was a login.
    pub(super) fn count_brief(&mut self, record: &Record) -> bool {
        let verdict = self.verdict(record);
        if let Some(judged) = verdict.judged {
            let names = record.names();
            self.add(
                judged,
                &Refused {
                    user: names.user,
                    address: names.address,
                    line: record.lines().nth(verdict.line).map_or(0, |line| line.number),
                    when: record.last(),
                },
            );
        }
        verdict.logged_in
    }

    fn verdict(&mut self, record: &Record) -> Verdict {
        if let Some(known) = self.briefs.get(record.gists()) {
            return *known;
        }
        let session = record.whole().done();
        let line = shown_in(&session);
        let verdict = Verdict {
            judged: self.judged(&session),
            logged_in: session.outcome == Outcome::Authenticated,
            line: record.lines().position(|other| other.number == line).unwrap_or(0),
        };
        if self.briefs.len() < REMEMBERED {
            self.briefs.insert(record.gists().to_vec(), verdict);
        }
        verdict
    }

    fn add(&mut self, judged: Judged, refused: &Refused<'_>) {
        let (reason, words) = judged;
        let Refused { line, .. } = *refused;
        let rows = self.rows.entry(reason.unwrap_or(words)).or_default();
        let user = self.hasher.hash_one(refused.user.unwrap_or("\n"));
        let row = match rows.entry(user) {
            Entry::Occupied(row) => row.into_mut(),
            Entry::Vacant(_) if self.listed >= ROWS => {
                self.unlisted += 1;
                return;
            }
            Entry::Vacant(place) => {
                self.listed += 1;
                place.insert(Row::new(refused.user, judged))
            }
        };
        row.refusals.count += 1;
        if let Some(address) = refused.address {
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
            let from = &mut row.refusals.from;
            match (from, refused.address) {
                (Some(from), Some(address)) => address.clone_into(from),
                (from, address) => *from = address.map(str::to_owned),
            }
            row.refusals.last = refused.when;
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
        log.refusals = self.rows.into_values().flat_map(Table::into_values).map(with_count).collect();
        log.refusals.sort_by(|one, other| {
            other.count.cmp(&one.count).then_with(|| (&one.user, one.words).cmp(&(&other.user, other.words)))
        });
        log.unlisted = self.unlisted;
    }
}

/// The line that shows how a connection ended.
fn shown_in(session: &Session) -> u64 {
    session.end.as_ref().or(session.events.first().map(|event| &event.at)).map_or(0, |at| at.line)
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
            Told::Answered { answer, method, known, .. } => match (answer, method.as_str()) {
                (Answer::Failed, "password") if *known => "failed password",
                (Answer::Failed, "password") => "failed password of nobody",
                (Answer::Accepted, "password" | "publickey") => "accepted",
                _ => return None,
            },
            Told::Connection { .. } => "connection",
            Told::Ended { end: End::Closed | End::Left, known: true, .. } => "ended",
            _ => return None,
        };
        kinds.push(kind);
    }
    Some(kinds)
}

/// What a connection comes to. `None` where nobody was refused.
fn judged(session: &Session) -> Option<Judged> {
    let counts = |reason: &&reasons::Reason| {
        (reason.prove)(reason.id, session).is_some_and(|proven| !reason.is_overcome(&proven, session))
    };
    let shown = reasons::all().find(counts);
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
