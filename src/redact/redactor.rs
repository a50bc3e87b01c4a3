//! What is known of the logs that are shared together, and each of their lines written again.

use std::collections::HashMap;
use std::ops::Range;

use super::also::{Also, joined};
use super::dull::{Dull, Seen, Written};
use super::follows::Follows;
use super::line::Found;
use super::looks::Looks;
use super::names::Names;
use super::plain::plain;
use super::sort::Sort;
use super::stand_in::StandIns;
use super::template::{Known, Templates};
#[cfg(feature = "cli")]
use super::untouched::Untouched;
use super::{dump, learn, path, public, scan, words};
use crate::model::Transcript;
use crate::reader::Reader;

/// What is known of the logs that are shared together, and what stands for it.
#[derive(Debug, Default)]
pub struct Redactor {
    names: Names,
    stand_ins: StandIns,
    keep: Vec<Sort>,
    /// What is replaced beside that, whatever it is.
    also: Option<Also>,
    /// How often values of each sort were replaced.
    places: HashMap<Sort, u64>,
    /// Whether all that is somebody's are stand-ins already.
    given: Option<bool>,
    /// What the line before told of the next one.
    follows: Follows,
    /// Lines that names were learnt from.
    learnt: Seen<()>,
    /// The same, of lines that differ in digits alone.
    learnt_like: Templates,
    /// What stands in lines that differ in digits alone, for the names that are known.
    written_like: Templates,
    /// Lines as they were written again, for the names that are known.
    written: Seen<Written>,
    /// What tells dull lines from others, for the names that are known.
    dull: Option<Dull>,
    looks: Option<Looks>,
    /// Which names these were.
    looked_for: u64,
    quiet: Quiet,
    /// The same for logs of which no name is known.
    looks_of_any: Option<Looks>,
}

/// Bytes of a line, about.
const LINE: usize = 64;

/// How long no new name has shown up. To look for all that are known takes the longer to make ready the more there are, and
/// is worth it only where they are likely to stay all; each time that they did not, it takes twice as long until they seem to.
#[derive(Debug, Default)]
struct Quiet {
    /// The names as they were, and lines since then, about.
    names: u64,
    lines: usize,
    /// How often it was long.
    times: u32,
}

impl Quiet {
    /// Lines after which it is long, the first time.
    const LONG: usize = 256;

    fn go_on(&mut self, names: u64, lines: usize) {
        let lines = if self.names == names { self.lines + lines } else { 0 };
        (self.names, self.lines) = (names, lines);
    }

    /// Whether it is long. Whoever asks makes use of it.
    fn is_long(&mut self, names: u64) -> bool {
        let wanted = (Self::LONG << self.times.min(20)).max(usize::try_from(names).unwrap_or(usize::MAX));
        let long = self.names == names && self.lines >= wanted;
        self.times += u32::from(long);
        long
    }
}

/// What stands before a destination that was asked, in a log's place.
const LIVE: &str = "live:";

/// What was replaced, of one sort.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replaced {
    /// Of which sort.
    pub sort: Sort,
    /// Different values; 0 where they were cut out.
    pub values: usize,
    /// Places where they stood.
    pub places: u64,
}

impl Redactor {
    /// One that leaves values of some sorts as they are.
    pub fn keeping(keep: &[Sort]) -> Self {
        Self { keep: keep.to_vec(), ..Self::default() }
    }

    /// One that replaces what `find` finds in a line, too.
    #[must_use]
    pub fn also(self, find: impl Fn(&str) -> Vec<Range<usize>> + Send + Sync + 'static) -> Self {
        Self { also: Some(Also::new(find)), ..self }
    }

    /// Learns names from what the reader understood.
    pub fn learn(&mut self, log: &Transcript) {
        learn::transcript(&mut self.names, log);
        self.forget();
    }

    /// Learns names that a line shows by its form.
    pub fn learn_line(&mut self, line: &str) {
        self.quiet.go_on(self.names.changes(), 1);
        if !self.asked(line).is_empty() {
            self.names.tell_own();
            self.given = None;
        }
        if let Some((sort, name)) = self.follows.take(line) {
            self.learn_value(sort, name);
        }
        if dump::is_row(line) {
            // Words in it end where the row does.
            return;
        }
        let known = self.learnt_like.find(line, &self.names, None);
        if let Known::Found(all) = known {
            self.given = None;
            return learn::values(line, all, &mut self.names, &mut self.stand_ins);
        }
        let look = if let Known::New(look) = known { Some(look) } else { None };
        let Err(hash) = self.learnt.find(line) else { return };
        let whole = line;
        let line = &*plain(line.strip_prefix(LIVE).unwrap_or(line));
        if words::says_root(line) {
            self.names.tell_root();
        }
        if Dull::any_log().is(line) {
            return;
        }
        let all = scan::scan(line, &self.names);
        learn::values(line, &all, &mut self.names, &mut self.stand_ins);
        if let Some(look) = look.filter(|_| whole.len() == line.len()) {
            self.learnt_like.keep(look, line, &all);
        }
        self.learnt.keep(hash, ());
        self.forget();
    }

    /// The bytes of the lines with which a block begins that show no name by their form, as far as their looks tell; and
    /// for which names these were looked through, if they hold none of those that are known so far, either.
    pub(super) fn learns_nothing(&mut self, block: &[u8], end: u8, reader: &Reader) -> (usize, Option<u64>) {
        if self.also.is_some() || self.follows.is_open() {
            return (0, None);
        }
        if self.looks.is_none() && self.quiet.is_long(self.names.changes()) {
            // What is known of the sessions so far is nearly always all.
            reader.sessions().for_each(|session| learn::session(&mut self.names, session));
            self.looks = Some(Looks::of(&self.names));
            self.looked_for = self.names.changes();
        }
        let (looks, names) = match &mut self.looks {
            Some(looks) => (looks, Some(self.looked_for)),
            None => (self.looks_of_any.get_or_insert_with(|| Looks::of(&Names::default())), None),
        };
        let dull = looks.dull(block, end);
        self.quiet.go_on(self.names.changes(), 1 + dull / LINE);
        (dull, names)
    }

    /// The bytes of the dull lines with which a block begins, as far as their looks tell.
    pub(super) fn dull(&mut self, block: &[u8], end: u8) -> usize {
        if self.also.is_some() {
            return 0;
        }
        let Self { looks, looked_for, names, .. } = self;
        let looks = looks.get_or_insert_with(|| {
            *looked_for = names.changes();
            Looks::of(names)
        });
        looks.dull(block, end)
    }

    /// The parts of a log in which nothing is replaced.
    #[cfg(feature = "cli")]
    pub(crate) fn parts<'a>(&self, untouched: &'a Untouched) -> &'a [Range<u64>] {
        if self.also.is_some() { &[] } else { untouched.parts(self.names.changes()) }
    }

    /// Where in a line something stands that is asked for.
    fn asked(&self, line: &str) -> Vec<Range<usize>> {
        self.also.as_ref().map_or_else(Vec::new, |also| also.places(&plain(line)))
    }

    /// Learns what a log's file is called, unless anybody's could be called so.
    pub fn learn_source(&mut self, source: &str) {
        let name = path::stem(source);
        let anybodys = words::is_usual(name) || words::is_common(name) || matches!(name, "-" | "vcs" | "ci");
        if !anybodys && !source.starts_with(LIVE) {
            self.names.learn_phrase(Sort::Name, name);
            self.forget();
        }
    }

    /// Learns one value.
    pub fn learn_value(&mut self, sort: Sort, value: &str) {
        self.names.learn(sort, value);
        self.forget();
    }

    /// What was concluded from the names that were known before.
    fn forget(&mut self) {
        self.given = None;
        if self.dull.take().is_some() {
            self.written = Seen::default();
            self.written_like = Templates::default();
        }
        if self.looks.is_some() && self.looked_for != self.names.changes() {
            self.looks = None;
        }
    }

    /// Writes a line again, at the end of `out`.
    pub fn line(&mut self, line: &str, out: &mut String) {
        let given = self.were_given();
        if dump::mask(line, out) {
            *self.places.entry(Sort::Secret).or_default() += 1;
            return;
        }
        let asked = self.asked(line);
        if !asked.is_empty() {
            return self.line_with(line, asked, given, out);
        }
        let spelt = self.dull.get_or_insert_with(|| Dull::with(&self.names)).spelt();
        let known = self.written_like.find(line, &self.names, Some(spelt));
        if let Known::Found(all) = known {
            let mut writing =
                Writing { names: &self.names, stand_ins: &mut self.stand_ins, places: &mut self.places, given };
            return writing.line(line, all.iter().filter(|found| !self.keep.contains(&found.sort)), out);
        }
        let look = if let Known::New(look) = known { Some(look) } else { None };
        let hash = match self.written.find(line) {
            Ok(written) => {
                out.push_str(&written.text);
                for sort in &written.replaced {
                    *self.places.entry(*sort).or_default() += 1;
                }
                return;
            }
            Err(hash) => hash,
        };
        let dull = self.dull.get_or_insert_with(|| Dull::with(&self.names));
        if dull.is(line) {
            return out.push_str(line);
        }
        let (whole, line) = (line, &*plain(line));
        let mut all = scan::scan(line, &self.names);
        dull.spelt().add(line, &mut all);
        let start = out.len();
        let kept = all.iter().filter(|found| !self.keep.contains(&found.sort));
        let mut writing =
            Writing { names: &self.names, stand_ins: &mut self.stand_ins, places: &mut self.places, given };
        match kept.clone().next() {
            Some(_) => writing.line(line, kept.clone(), out),
            // A line in which nothing is replaced stays as it came.
            None => out.push_str(whole),
        }
        if hash.is_some() {
            let replaced = kept.map(|found| found.sort).collect();
            self.written.keep(hash, Written { text: out[start..].to_owned(), replaced });
        }
        if let Some(look) = look {
            self.written_like.keep(look, line, &all);
        }
    }

    /// Writes a line again that holds something that is asked for.
    fn line_with(&mut self, line: &str, asked: Vec<Range<usize>>, given: bool, out: &mut String) {
        let line = &*plain(line);
        let mut found = scan::scan(line, &self.names);
        self.dull.get_or_insert_with(|| Dull::with(&self.names)).spelt().add(line, &mut found);
        found.retain(|found| !self.keep.contains(&found.sort));
        let all = joined(found, asked);
        let mut writing =
            Writing { names: &self.names, stand_ins: &mut self.stand_ins, places: &mut self.places, given };
        writing.line(line, all.iter(), out);
    }

    /// Whether the logs were redacted before, and stay as they are.
    fn were_given(&mut self) -> bool {
        *self.given.get_or_insert_with(|| !self.names.any_own() && self.stand_ins.were_given())
    }

    /// Puts what stands for `value`.
    pub(super) fn put(&mut self, sort: Sort, value: &str, out: &mut String) {
        let given = self.were_given();
        let Self { names, stand_ins, places, .. } = self;
        Writing { names, stand_ins, places, given }.put(sort, value, out);
    }

    /// Writes a report's text again: a line, several, or a value alone.
    pub fn text(&mut self, text: &mut String) {
        if let Some(sort) = self.names.sort_of(text).filter(|sort| !self.keep.contains(sort)) {
            let mut out = String::new();
            self.put(sort, text, &mut out);
            *text = out;
            return;
        }
        // `live:USER@HOST`: how a report names what was asked.
        let said = text.strip_prefix(LIVE).unwrap_or(text);
        let mut out = text[..text.len() - said.len()].to_owned();
        for line in said.split_inclusive('\n') {
            self.line(line, &mut out);
        }
        *text = out;
    }

    /// What stands for a port.
    pub fn port(&mut self, port: &mut u16) {
        let text = port.to_string();
        if !public::is(Sort::Port, &text) && !self.keep.contains(&Sort::Port) {
            *port = self.stand_ins.of(Sort::Port, &text).parse().unwrap_or(*port);
        }
    }

    /// What was replaced, sort by sort.
    pub fn replaced(&self) -> Vec<Replaced> {
        let mut all: Vec<Replaced> = self
            .places
            .iter()
            .map(|(sort, places)| Replaced { sort: *sort, values: self.stand_ins.values(*sort), places: *places })
            .collect();
        all.sort_by_key(|replaced| replaced.sort);
        all
    }
}

/// What a line is written again with.
struct Writing<'a> {
    names: &'a Names,
    stand_ins: &'a mut StandIns,
    places: &'a mut HashMap<Sort, u64>,
    /// All that is somebody's are stand-ins already.
    given: bool,
}

impl Writing<'_> {
    fn line<'a>(&mut self, line: &str, all: impl Iterator<Item = &'a Found>, out: &mut String) {
        let mut from = 0;
        for found in all {
            out.push_str(&line[from..found.at.start]);
            out.push_str(found.lead);
            self.put(found.sort, &line[found.at.clone()], out);
            from = found.at.end;
        }
        out.push_str(&line[from..]);
    }

    fn put(&mut self, sort: Sort, value: &str, out: &mut String) {
        if sort.cut().is_none() && self.given {
            // It is a stand-in already.
            return out.push_str(value);
        }
        *self.places.entry(sort).or_default() += 1;
        match sort.cut() {
            Some(mark) => out.push_str(mark),
            None => {
                let sort = self.names.sort_of(value).filter(|_| sort.is_word()).unwrap_or(sort);
                self.stand_ins.put(sort, value, out);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_asked_stays_what_was_asked() {
        let mut redactor = Redactor::default();
        redactor.learn_value(Sort::Host, "127.0.0.1");
        redactor.learn_line("live:mona@[127.0.0.1]");
        let again = |text: &str, redactor: &mut Redactor| {
            let mut text = text.to_owned();
            redactor.text(&mut text);
            text
        };
        assert_eq!(again("live:mona@[127.0.0.1]", &mut redactor), "live:user1@[127.0.0.1]");
        assert_eq!(again("127.0.0.1", &mut redactor), "127.0.0.1", "everybody's, whatever it is said to be");
    }

    #[test]
    fn a_row_of_a_dump_is_masked_whatever_is_asked_for() {
        let asked = |line: &str| line.match_indices("deploy").map(|(at, word)| at..at + word.len()).collect();
        let mut redactor = Redactor::default().also(asked);
        let row = "  00000000  00 00 00 06 64 65 70 6c 6f 79 70 77 31 0e 73 73  ....deploypw1.ss";
        redactor.learn_line(row);
        let mut out = String::new();
        redactor.line(row, &mut out);
        assert_eq!(out, "  00000000  00 00 00 06 78 78 78 78 78 78 78 78 78 0e 73 73  ....xxxxxxxxx.ss");
    }

    #[test]
    fn names_are_looked_for_once_no_new_one_shows_up() {
        let mut quiet = Quiet::default();
        let mut after = |names, lines| {
            quiet.go_on(names, lines);
            quiet.is_long(names)
        };
        assert!(!after(1, 9) && !after(1, Quiet::LONG - 1) && !after(2, 1), "a new one");
        assert!(!after(2, Quiet::LONG - 1) && after(2, 1));
        assert!(!after(2, Quiet::LONG - 1) && after(2, Quiet::LONG), "the second time it takes twice as long");
        assert!(!after(1 << 20, 1) && !after(1 << 20, 1 << 19) && after(1 << 20, 1 << 19), "of so many names, too");
    }
}
