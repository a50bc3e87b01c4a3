//! A connection of which nothing but plain things was said, as in a busy log nearly all are: its lines as they stand, and
//! whose it is. It is made whole if something else is said of it, or if it comes to be shown.

use super::connection::Connection;
use super::names::Names;
use crate::dialect::serve_whole;
use crate::model::brief::{Brief, Gist};
use crate::model::server::Stamp;
use crate::model::{At, Author};
use crate::text::stamp;

/// Lines that are kept as they stand; a connection of more is made whole.
const LINES: usize = 16;

/// One line of a log.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line<'a> {
    /// Its number.
    pub(crate) number: u64,
    /// All of it.
    pub(crate) text: &'a str,
}

impl Line<'_> {
    /// A copy to keep.
    pub(crate) fn at(self) -> At {
        At { line: self.number, text: self.text.trim().to_owned() }
    }
}

/// A connection in brief. Its buffers serve one connection after the other.
#[derive(Debug, Default)]
pub(super) struct Record {
    author: Author,
    /// The numbers of its lines, and where each ends in `text`.
    lines: Vec<(u64, usize)>,
    text: String,
    gists: Vec<Gist>,
    user: String,
    /// Some user was named, be it by an empty name.
    named: bool,
    address: String,
    port: Option<u16>,
    pub(super) ended: bool,
    pub(super) logged_in: bool,
    /// What it was told without a name may have been another's.
    pub(super) mixed: bool,
}

impl Record {
    /// Begins anew.
    pub(super) fn begin(&mut self, author: Author) {
        let Self { lines, text, gists, user, address, .. } = self;
        lines.clear();
        gists.clear();
        for buffer in [text, user, address] {
            buffer.clear();
        }
        (self.author, self.port) = (author, None);
        (self.named, self.ended, self.logged_in, self.mixed) = (false, false, false, false);
    }

    /// Takes a statement of the same server's, if there is room.
    pub(super) fn take(&mut self, author: Author, line: Line<'_>, brief: &Brief<'_>) -> bool {
        if self.lines.len() >= LINES || author != self.author {
            return false;
        }
        self.text.push_str(line.text);
        self.lines.push((line.number, self.text.len()));
        self.gists.push(brief.gist);
        if self.address.is_empty() {
            self.address.push_str(brief.address);
        }
        self.port = self.port.or(brief.port);
        if let Some(user) = brief.user.filter(|_| !self.named) {
            self.named = true;
            self.user.push_str(user);
        }
        self.ended |= brief.gist.ends();
        self.logged_in |= matches!(brief.gist, Gist::Accepted { .. });
        true
    }

    /// Whose connection it is, as far as is known.
    pub(super) fn names(&self) -> Names<'_> {
        let address = Some(self.address.as_str()).filter(|address| !address.is_empty());
        Names { address, port: self.port, user: self.named.then_some(&self.user) }
    }

    /// What was said, in order.
    pub(super) fn gists(&self) -> &[Gist] {
        &self.gists
    }

    /// Its lines.
    pub(super) fn lines(&self) -> impl DoubleEndedIterator<Item = Line<'_>> {
        let begin = |index: usize| index.checked_sub(1).map_or(0, |before| self.lines[before].1);
        let line = move |(index, (number, end)): (usize, &(u64, usize))| Line {
            number: *number,
            text: &self.text[begin(index)..*end],
        };
        self.lines.iter().enumerate().map(line)
    }

    /// When its last line was written.
    pub(super) fn last(&self) -> Option<Stamp> {
        self.lines().rev().find_map(|line| stamp(line.text))
    }

    /// The same connection with all that was said.
    pub(super) fn whole(&self) -> Connection {
        let mut connection = Connection::new(self.author);
        connection.served().mixed = self.mixed;
        for line in self.lines() {
            if let Some(told) = serve_whole(self.author, line.text) {
                connection.apply(line.at(), stamp(line.text), told);
            }
        }
        connection
    }
}
