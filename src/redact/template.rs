//! Lines that are like one before but for their digits, as most of a server's log: what was found in that one stands in
//! the same places.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::ops::Range;

use memchr::memchr3;

use super::dull::{has_long_run, looks_dumped};
use super::line::Found;
use super::looks::{Hashed, Keys};
use super::names::Names;
use super::plain::plain;
use super::sort::Sort;
use super::spelt::Spelt;
use super::{address, phrases, public, words};

/// Lines that are remembered.
const LINES: usize = 1 << 16;

/// Lines, by their looks.
#[derive(Debug, Default)]
pub(super) struct Templates {
    keys: Keys,
    known: HashMap<u128, Template, BuildHasherDefault<Hashed>>,
}

#[derive(Debug)]
struct Template {
    found: Box<[Found]>,
    /// Words with digits in which nothing was found. With other digits they may be names.
    loose: Box<[Range<usize>]>,
}

/// What is known of a line.
pub(super) enum Known<'a> {
    /// What stands in it.
    Found(&'a [Found]),
    /// Nothing, and what is found in it may be kept under this.
    New(u128),
    /// Nothing that is worth keeping.
    No,
}

impl Templates {
    /// What stands in a line, if one with its look was kept and the digits change nothing. `spelt` is for lines that are
    /// written again; names that are learnt are shown by what stands round them.
    pub(super) fn find(&self, line: &str, names: &Names, spelt: Option<&Spelt>) -> Known<'_> {
        let Some(hash) = self.keys.hash(line.as_bytes()) else { return Known::No };
        let Some(known) = self.known.get(&hash) else { return Known::New(hash) };
        let same = |found: &Found| {
            let value = &line[found.at.clone()];
            match found.sort {
                Sort::Address => address::is_v4(value) && !public::is(Sort::Address, value),
                Sort::Port => !public::is(Sort::Port, value),
                _ if !value.bytes().any(|byte| byte.is_ascii_digit()) => true,
                sort if found.shown => !words::is_usual(value) && !public::is(sort, value),
                sort => names.in_text(value) == Some(sort),
            }
        };
        let nothing = |at: &Range<usize>| {
            spelt.is_none_or(|spelt| !spelt.is_in(&line[at.clone()]) && !names_any(&line[at.clone()], names))
        };
        if known.found.iter().all(same) && known.loose.iter().all(nothing) {
            Known::Found(&known.found)
        } else {
            Known::No
        }
    }

    /// Keeps what was found in a line, if digits are all that another one with its look can differ in.
    pub(super) fn keep(&mut self, hash: u128, line: &str, found: &[Found]) {
        let bytes = line.as_bytes();
        let fits = memchr3(b'@', b'/', b'\\', bytes).is_none()
            && memchr3(b'%', b'|', b'#', bytes).is_none()
            && matches!(plain(line), Cow::Borrowed(_))
            && !looks_dumped(bytes)
            && !has_long_run(bytes)
            && !phrases::within(line).iter().any(|words| bytes[words.clone()].iter().any(u8::is_ascii_digit));
        let Some(loose) = fits.then(|| loose(line, found)).flatten() else { return };
        if self.known.len() >= LINES {
            self.known.clear();
        }
        self.known.insert(hash, Template { found: found.into(), loose: loose.into() });
    }
}

/// Whether a name stands in words.
fn names_any(text: &str, names: &Names) -> bool {
    names.in_text(text).is_some()
        || text.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| names.in_text(word).is_some())
}

/// The words with digits in which nothing was found. `None` if with other digits one of them could be a value by its form.
fn loose(line: &str, found: &[Found]) -> Option<Vec<Range<usize>>> {
    let mut loose = Vec::new();
    let mut from = 0;
    let ends = found.iter().map(|found| found.at.clone()).chain(std::iter::once(line.len()..line.len()));
    for at in ends {
        let between = &line[from..at.start];
        for word in between.split(' ').filter(|word| word.bytes().any(|byte| byte.is_ascii_digit())) {
            let start = word.as_ptr() as usize - line.as_ptr() as usize;
            // An address, or a network card's, a digest.
            let count = |sign: char| word.matches(sign).count();
            let stamp =
                word.len() > 4 && word.as_bytes()[..4].iter().all(u8::is_ascii_digit) && word.as_bytes()[4] == b'-';
            let made = count('-') > 0 && word.bytes().any(|byte| byte.is_ascii_alphabetic()) && !stamp;
            if count('.') > 2
                || count(':') > 3
                || count('-') > 3
                || made
                || word.contains("::")
                || has_port(line, start..start + word.len())
            {
                return None;
            }
            match loose.last_mut().filter(|last: &&mut Range<usize>| last.end + 1 == start) {
                Some(last) => last.end = start + word.len(),
                None => loose.push(start..start + word.len()),
            }
        }
        from = at.end;
    }
    Some(loose)
}

/// Whether a number stands in a word that could be a port which no service is known by, and no process in brackets.
fn has_port(line: &str, at: Range<usize>) -> bool {
    let bytes = line.as_bytes();
    let runs = bytes[at.clone()].chunk_by(|left, right| left.is_ascii_digit() == right.is_ascii_digit());
    let mut start = at.start;
    runs.into_iter().any(|run| {
        let end = start + run.len();
        let process = start > 0 && bytes[start - 1] == b'[' && bytes.get(end) == Some(&b']');
        let year = run.len() == 4 && bytes.get(end) == Some(&b'-');
        start = end;
        run[0].is_ascii_digit() && run.len() > 3 && !process && !year
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn learnt(line: &str, found: &[Found]) -> Templates {
        let mut all = Templates::default();
        let Known::New(hash) = all.find(line, &Names::default(), None) else { panic!("{line}") };
        all.keep(hash, line, found);
        all
    }

    fn address(at: Range<usize>) -> Found {
        Found { at, sort: Sort::Address, shown: true, lead: "" }
    }

    #[test]
    fn what_was_found_stands_in_lines_that_look_the_same() {
        let names = Names::default();
        let all = learnt("sshd[7]: from 10.0.0.1 now", &[address(14..22)]);
        assert!(matches!(all.find("sshd[8]: from 10.9.8.7 now", &names, None), Known::Found([_])));
        assert!(matches!(all.find("sshd[8]: from 0.0.00.0 now", &names, None), Known::New(_)));
        let all = learnt("sshd[7]: from 127.1.0.1 now", &[address(14..23)]);
        assert!(matches!(all.find("sshd[7]: from 127.0.0.1 now", &names, None), Known::No), "everybody's");
        assert!(matches!(all.find("sshd[7]: from 999.0.0.1 now", &names, None), Known::No), "none");
    }

    #[test]
    fn digits_that_may_be_more_are_looked_at() {
        let mut names = Names::default();
        names.learn(Sort::Host, "box27");
        let spelt = Spelt::of(&names);
        let all = learnt("at box11 now", &[]);
        assert!(matches!(all.find("at box12 now", &names, Some(&spelt)), Known::Found([])));
        assert!(matches!(all.find("at box27 now", &names, Some(&spelt)), Known::No));
        for line in ["to 2222 now", "at 127.0.0.1 now", "a/b 1", "web-1 now", "52:54:00:11:22:33"] {
            let all = learnt(line, &[]);
            assert!(matches!(all.find(line, &names, None), Known::New(_)), "{line}");
        }
    }
}
