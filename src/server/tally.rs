//! Who was refused, for which reason, how often: a table that a long log fills and does not make larger.

use std::collections::{HashMap, HashSet};

use super::reasons;
use crate::model::server::{Refusals, ServerLog};
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

/// The table.
#[derive(Debug, Default)]
pub(super) struct Tally {
    rows: HashMap<(Option<String>, &'static str), Row>,
    hasher: std::hash::RandomState,
    unlisted: u64,
}

impl Tally {
    /// Counts a connection that has ended.
    pub(super) fn count(&mut self, session: &Session) {
        let Some((reason, words)) = judged(session) else { return };
        let key = (session.user.clone(), reason.unwrap_or(words));
        let full = self.rows.len() >= ROWS;
        if full && !self.rows.contains_key(&key) {
            self.unlisted += 1;
            return;
        }
        let line = session.end.as_ref().or(session.events.first().map(|event| &event.at)).map_or(0, |at| at.line);
        let row = self.rows.entry(key).or_insert_with(|| Row {
            refusals: Refusals {
                user: session.user.clone(),
                reason,
                words,
                count: 0,
                addresses: 0,
                more: false,
                from: None,
                last: None,
                line: 0,
            },
            addresses: HashSet::new(),
        });
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

    /// The table, the most frequent first.
    pub(super) fn rows(self, log: &mut ServerLog) {
        let with_count = |row: Row| Refusals { addresses: row.addresses.len() as u64, ..row.refusals };
        log.refusals = self.rows.into_values().map(with_count).collect();
        log.refusals.sort_by(|one, other| {
            other.count.cmp(&one.count).then_with(|| (&one.user, one.words).cmp(&(&other.user, other.words)))
        });
        log.unlisted = self.unlisted;
    }
}

/// What a connection comes to: its reason, and that in a few words. `None` where nobody was refused.
fn judged(session: &Session) -> Option<(Option<&'static str>, &'static str)> {
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
