//! Lines in which nothing can stand that tells whose the log is: nearly all of a long one.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use memchr::{memchr_iter, memchr2_iter, memchr3};

use super::names::Names;
use super::sort::Sort;
use super::spelt::Spelt;
use super::{command, database, field, follows, line_form, prose, secret, shell_form, token, told, words};

/// Lines that are remembered, and the longest of them, in bytes.
const LINES: usize = 1 << 14;
const LONGEST: usize = 512;

/// So many patterns may be looked for with the tables that are fast and large.
const FEW: usize = 2000;

/// Letters and digits in a row that are no word.
const RUN: usize = 16;

/// Pairs of digits with hyphens between that are a network card's address; a fingerprint has more.
const PAIRS: usize = 6;

/// Words that are looked for in lines.
#[derive(Debug)]
pub(super) struct Words {
    automaton: AhoCorasick,
    /// So many of them may be parts of longer words.
    anywhere: usize,
}

/// Tells dull lines.
#[derive(Debug)]
pub(super) struct Dull {
    words: Words,
    spelt: Spelt,
    /// Any word may be a name.
    full: bool,
}

static ANY_LOG: LazyLock<Dull> = LazyLock::new(|| Dull::with(&Names::default()));

impl Dull {
    /// For logs of which no name is known.
    pub(super) fn any_log() -> &'static Self {
        &ANY_LOG
    }

    /// For logs with these names.
    pub(super) fn with(names: &Names) -> Self {
        Self::over(names, str::to_owned)
    }

    /// For looks of lines, which have one digit for all.
    pub(super) fn of_looks(names: &Names) -> Self {
        Self::over(names, with_one_digit)
    }

    fn over(names: &Names, each: fn(&str) -> String) -> Self {
        let spelt = Spelt::of(names);
        let fixed = told::words().chain(shell_form::words()).chain(words::cue_ends()).chain(prose::fixed());
        let fixed = fixed.chain(database::words()).chain(follows::words()).map(str::to_owned);
        let anywhere = field::words().chain(fixed).chain(spelt.patterns().map(str::to_owned));
        let forms = line_form::words().chain(secret::words()).chain(token::beginnings());
        let whole = words::cue_words().chain(command::words()).chain(forms).map(str::to_owned);
        let words = Words::new(anywhere, whole.chain(names.words().map(|(word, _)| word.to_owned())), each);
        Self { words, spelt, full: names.is_full() }
    }

    /// What names are spelt as.
    pub(super) fn spelt(&self) -> &Spelt {
        &self.spelt
    }

    /// Whether a line holds no value by its form, no name, and no word that a name follows.
    pub(super) fn is(&self, line: &str) -> bool {
        let bytes = line.as_bytes();
        let near = |at: Option<usize>| {
            at.and_then(|at| bytes.get(at))
                .is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'+'))
        };
        let within = |at: usize| near(at.checked_sub(1)) && near(Some(at + 1));
        !self.full
            && bytes.is_ascii()
            && memchr3(b'@', b'/', b'\\', bytes).is_none()
            && memchr3(0x1b, 0x08, b'|', bytes).is_none()
            && !bytes.contains(&0)
            && !memchr2_iter(b'.', b':', bytes).any(within)
            && memchr_iter(b'-', bytes).nth(PAIRS - 2).is_none()
            && !looks_dumped(bytes)
            && !has_long_run(bytes)
            && !self.words.any(bytes)
    }

    /// Whether any word may be a name.
    pub(super) fn is_full(&self) -> bool {
        self.full
    }
}

impl Words {
    /// The names that are known, in looks of lines.
    pub(super) fn of_names(names: &Names, spelt: &Spelt) -> Self {
        let whole = names.words().map(|(word, _)| word).chain(names.parts()).map(str::to_owned);
        Self::new(spelt.patterns().map(str::to_owned), whole, with_one_digit)
    }

    fn new(
        anywhere: impl Iterator<Item = String>,
        whole: impl Iterator<Item = String>,
        each: fn(&str) -> String,
    ) -> Self {
        // With one digit for all, thousands of addresses are a few words.
        let distinct = |words: &mut dyn Iterator<Item = String>| words.map(|word| each(&word)).collect::<HashSet<_>>();
        let mut patterns: Vec<String> = distinct(&mut { anywhere }).into_iter().collect();
        let anywhere = patterns.len();
        patterns.extend(distinct(&mut { whole }));
        let kind = (patterns.len() <= FEW).then_some(AhoCorasickKind::DFA);
        let automaton = AhoCorasick::builder().ascii_case_insensitive(true).kind(kind).build(patterns);
        #[allow(clippy::expect_used, reason = "names are bounded in number and length")]
        let automaton = automaton.expect("bounded patterns");
        Self { automaton, anywhere }
    }

    /// Whether one stands in a line that is no part of a longer word.
    pub(super) fn any(&self, line: &[u8]) -> bool {
        let part = |at: Option<usize>| at.and_then(|at| line.get(at)).is_some_and(u8::is_ascii_alphanumeric);
        let whole = |found: aho_corasick::Match| {
            let ends = line[found.end() - 1].is_ascii_alphanumeric() && part(Some(found.end()));
            found.pattern().as_usize() < self.anywhere
            // A token goes on behind the beginning that it is known by.
            || !part(found.start().checked_sub(1)) && (!ends || found.len() > 3)
        };
        self.automaton.find_overlapping_iter(line).any(whole)
    }
}

fn with_one_digit(word: &str) -> String {
    word.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect()
}

/// One digit for all.
pub(super) fn without_digit(byte: u8) -> u8 {
    if byte.is_ascii_digit() { b'0' } else { byte }
}

/// Whether so many letters and digits stand together that they may be a token or a digest.
pub(super) fn has_long_run(line: &[u8]) -> bool {
    let part = |byte: &u8| byte.is_ascii_alphanumeric();
    let length = |at: usize| {
        line[..at].iter().rev().take_while(|byte| part(byte)).count()
            + line[at..].iter().take_while(|byte| part(byte)).count()
    };
    // Such a run has a place that is a multiple of its length.
    (0..line.len()).step_by(RUN).any(|at| part(&line[at]) && length(at) >= RUN)
}

/// Whether a line begins as one of a dump does.
pub(super) fn looks_dumped(line: &[u8]) -> bool {
    let lead = line.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'>' | b'|')).count();
    let start = &line[lead..];
    start.len() >= 16 && start.iter().take(4).all(u8::is_ascii_hexdigit)
}

/// Lines that were looked through before, so that one which comes again costs little.
#[derive(Debug, Default)]
pub(super) struct Seen<T> {
    lines: HashMap<u64, T>,
    hash: RandomState,
}

impl<T> Seen<T> {
    /// What was kept of a line, or what to keep it under; nothing for a line that is too long.
    pub(super) fn find(&self, line: &str) -> Result<&T, Option<u64>> {
        if line.len() > LONGEST {
            return Err(None);
        }
        let hash = self.hash.hash_one(line);
        self.lines.get(&hash).ok_or(Some(hash))
    }

    pub(super) fn keep(&mut self, hash: Option<u64>, what: T) {
        let Some(hash) = hash else { return };
        if self.lines.len() >= LINES {
            self.lines.clear();
        }
        self.lines.insert(hash, what);
    }
}

/// A line as it was written again, and what was replaced in it.
#[derive(Debug, Default)]
pub(super) struct Written {
    pub(super) text: String,
    pub(super) replaced: Vec<Sort>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_with_a_value_are_not_dull() {
        let mut names = Names::default();
        names.learn(Sort::Host, "box");
        let dull = Dull::with(&names);
        for line in ["debug2: channel 0: window 1 sent adjust 2", "[ 12] unit 3 was built in 4 ms, and all is well", ""]
        {
            assert!(dull.is(line), "{line}");
        }
        for line in [
            "at Box",
            "SHA256:+TMCwpzDWA2i",
            "10.0.0.1",
            "x fe80::1",
            "a@b",
            "password=x",
            "invalid user x",
            "caf\u{e9}",
            "00000000  00 00 00 06 64 65",
        ] {
            assert!(!dull.is(line), "{line}");
        }
    }
}
