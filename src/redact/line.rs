//! A line, what was found in it, and its words.

use std::cell::OnceCell;
use std::ops::Range;

use super::names::Names;
use super::sort::Sort;
use super::{address, phrases, public, words};

/// A value in a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// Where it stands.
    pub(super) at: Range<usize>,
    /// What it is.
    pub(super) sort: Sort,
    /// The line itself shows it, so that it is a name elsewhere, too; else it was known already.
    pub(super) shown: bool,
    /// What goes before its stand-in.
    pub(super) lead: &'static str,
}

/// A line that is looked through.
pub(super) struct Scan<'a> {
    pub(super) line: &'a str,
    pub(super) names: &'a Names,
    pub(super) found: Vec<Found>,
    /// Where it has the words by which it is read.
    own: OnceCell<Vec<Range<usize>>>,
}

impl<'a> Scan<'a> {
    pub(super) fn new(line: &'a str, names: &'a Names) -> Self {
        Self { line, names, found: Vec::new(), own: OnceCell::new() }
    }

    /// Whether a program's own words stand there.
    pub(super) fn is_own(&self, at: &Range<usize>) -> bool {
        let own = self.own.get_or_init(|| phrases::within(self.line));
        own.iter().any(|own| own.start < at.end && at.start < own.end)
    }

    pub(super) fn push(&mut self, at: Range<usize>, sort: Sort, shown: bool) {
        let value = &self.line[at.clone()];
        let stays = public::is(sort, value) || self.names.is_told(value) || sort.is_word() && self.is_own(&at);
        if !value.is_empty() && !stays {
            self.found.push(Found { at, sort, shown, lead: "" });
        }
    }

    /// A value that the line itself shows.
    pub(super) fn shown(&mut self, at: Range<usize>, sort: Sort) {
        self.push(at, sort, true);
    }

    /// Words between colons; `host` where the first is a host's name.
    pub(super) fn words(&mut self, at: Range<usize>, host: bool) {
        let mut start = at.start;
        let mut named = host;
        for (index, part) in self.line[at].split(':').enumerate() {
            let end = start + part.len();
            let port = named && index > 0 || part.is_empty() || self.line[..start].ends_with("]:");
            if port && part.bytes().all(|byte| byte.is_ascii_digit()) {
                self.shown(start..end, Sort::Port);
            } else {
                named = self.word(start..end, host && index == 0);
            }
            start = end + 1;
        }
    }

    /// One word; `host` where it can be nothing but a host's name. Says whether it is one.
    fn word(&mut self, at: Range<usize>, host: bool) -> bool {
        let text = self.line[at.clone()].trim_end_matches(['.', '!', '?', '&', '~', '#', '$', '%', '\\', '…']);
        let lead = text.len() - text.trim_start_matches(['~', '#', '$', '%', '&', '\\', '!', '+']).len();
        let at = at.start + lead..at.start + text.len();
        let text = &self.line[at.clone()];
        if !text.contains(|c: char| c.is_alphanumeric()) {
            return false;
        }
        if address::is_v4(text) {
            self.shown(at, Sort::Address);
            return true;
        }
        if let Some(sort) = words::cued(self.line, at.start, at.end).filter(|_| !host) {
            let number = text.bytes().all(|byte| byte.is_ascii_digit());
            match sort {
                Sort::Port | Sort::Host if number != (sort == Sort::Port) => {}
                Sort::Host => return self.host(at),
                _ => {
                    self.shown(at, sort);
                    return false;
                }
            }
        }
        if let Some(within) = address::v4_within(text) {
            self.shown(at.start + within.start..at.start + within.end, Sort::Address);
            return true;
        }
        if host || address::is_name(text) || address::is_hyphened(text) {
            return self.host(at);
        }
        if let Some(sort) = self.names.in_text(text) {
            self.push(at, sort, false);
            return sort == Sort::Host;
        }
        self.parts(at);
        false
    }

    /// A host's name, but for what a provider puts behind its customers'.
    fn host(&mut self, at: Range<usize>) -> bool {
        let own = public::before_provider(&self.line[at.clone()]).map(str::len);
        let end = own.map_or(at.end, |own| at.start + own);
        self.shown(at.start..end, Sort::Host);
        true
    }

    /// Names inside a word: `mona` in `mona-laptop`.
    pub(super) fn parts(&mut self, at: Range<usize>) {
        let text = &self.line[at.clone()];
        if !text.contains(['-', '.', '_', '+', '%']) {
            return;
        }
        let mut start = at.start;
        for part in text.split(['-', '.', '_', '+', '%']) {
            let end = start + part.len();
            if let Some(sort) = self.names.in_text(part) {
                self.push(start..end, sort, false);
            }
            start = end + 1;
        }
    }
}
