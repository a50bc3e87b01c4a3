//! Which lines may say something: derived from all rows and marks.
//!
//! A line says nothing if none of their words stands in it where such words may stand. That is one question, with one
//! answer for every line of a log. Only long after a login, where very little can still come, a whole block is searched for
//! the first words of that little, and its lines are only counted.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use aho_corasick::packed::{Config, MatchKind, Searcher};

use super::late::{LOOKED_AT, late};
use super::registry::Registry;

/// Patterns that one vector search takes.
const AT_ONCE: usize = 64;

/// Buckets into which it deals them.
const BUCKETS: usize = 8;

/// Words that may stand anywhere.
enum Anywhere {
    Vector(Vec<Searcher>),
    Automaton(AhoCorasick),
}

/// The sieve. What only a long log is asked for is built when it is asked for.
pub(crate) struct Sieve {
    registry: &'static Registry,
    late: LazyLock<Anywhere>,
}

static SIEVE: LazyLock<Sieve> =
    LazyLock::new(|| Sieve { registry: Registry::get(), late: LazyLock::new(|| anywhere_of(late())) });

impl Sieve {
    /// The sieve of all dialects.
    pub(crate) fn get() -> &'static Self {
        &SIEVE
    }

    /// Whether a line may say something.
    #[inline]
    pub(crate) fn holds(&self, line: &[u8]) -> bool {
        // The commonest by far. What stands behind a level of OpenSSH's is read by its rows first of all.
        if let [b'd', b'e', b'b', b'u', b'g', b'1'..=b'3', b':', b' ', words @ ..] = line {
            // A level behind a level: a line that was printed twice over.
            return matches!(words, [b' ', ..] | [b'd', b'e', b'b', b'u', b'g', ..])
                || self.registry.at(words).any(|word| word.begins(true))
                || self.registry.at(line).any(|word| word.begins(false))
                || self.registry.within(words).any(|(_, word)| word.is_behind_any_level());
        }
        self.registry.within(line).any(|(at, word)| word.is_loose() || is_apart(line, at))
            || self.registry.short_within(line).any(|at| is_apart(line, at))
    }

    /// Where in a block, from `from` on, words stand that may still come after a login.
    #[inline]
    pub(crate) fn late(&self, block: &[u8], from: usize) -> Option<usize> {
        match &*self.late {
            Anywhere::Vector(searchers) => {
                let span = aho_corasick::Span { start: from, end: block.len() };
                searchers.iter().filter_map(|searcher| searcher.find_in(block, span)).map(|found| found.start()).min()
            }
            Anywhere::Automaton(automaton) => {
                automaton.find(aho_corasick::Input::new(block).range(from..)).map(|found| found.start())
            }
        }
    }
}

/// Whether words that a line begins with may begin here: behind a margin, a frame, a logger's name, or a class.
fn is_apart(line: &[u8], at: usize) -> bool {
    match &line[..at] {
        [] => true,
        // An escape in a string, a terminal's colours.
        [before @ .., last] => {
            !last.is_ascii_alphanumeric() || before.last() == Some(&b'\\') || memchr::memchr(0x1b, before).is_some()
        }
    }
}

fn automaton(words: &[&'static str]) -> AhoCorasick {
    #[allow(clippy::expect_used, reason = "constant patterns, compiled by the tests")]
    AhoCorasick::new(words).expect("constant patterns")
}

fn anywhere_of(mut words: Vec<&'static str>) -> Anywhere {
    words.sort_by_key(|words| kinds(words));
    let searchers: Option<Vec<Searcher>> = words
        .chunks(AT_ONCE)
        .map(|words| Config::new().match_kind(MatchKind::LeftmostFirst).builder().extend(dealt(words)).build())
        .collect();
    searchers.map_or_else(|| Anywhere::Automaton(automaton(&words)), Anywhere::Vector)
}

/// Patterns in such an order that neighbours come into one bucket of a vector search, which deals them out in turn.
///
/// It tells by the halves of each byte whether some pattern of a bucket may begin somewhere. A bucket whose patterns differ
/// in kind takes much that mixes them for a beginning, and each of these is compared in vain.
fn dealt(words: &[&'static str]) -> impl Iterator<Item = &'static str> {
    let each = words.len().div_ceil(BUCKETS);
    (0..each).flat_map(move |turn| words.iter().skip(turn).step_by(each)).copied()
}

/// The kinds of a pattern's first bytes: capitals, letters, digits, signs, by the upper half of each.
fn kinds(words: &str) -> [u8; LOOKED_AT] {
    words.as_bytes().first_chunk().map_or([0; LOOKED_AT], |first: &[u8; LOOKED_AT]| first.map(|byte| byte >> 4))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::DIALECTS;

    #[test]
    fn every_sample_passes() {
        let sieve = Sieve::get();
        for dialect in DIALECTS {
            let samples = dialect.all().map(|row| row.sample).chain(dialect.marks.iter().map(|mark| mark.sample));
            for sample in samples {
                assert!(sieve.holds(sample.as_bytes()), "{sample:?}");
                for before in ["  ", "web_1  | ", "2026-11-27T09:08:17.500Z ", "\u{1b}[31m", "2026/11/27 09:08:17 "] {
                    let line = format!("{before}{sample}");
                    assert!(sieve.holds(line.as_bytes()), "{line:?}");
                }
            }
        }
    }

    #[test]
    fn chatter_does_not() {
        let sieve = Sieve::get();
        for dull in [
            "debug2: channel 0: window 2064384 sent adjust 32768",
            "debug3: receive packet: type 94",
            "[   12] unit 7 was built in 8 ms, and all is well",
            "The quick brown fox",
        ] {
            assert!(!sieve.holds(dull.as_bytes()), "{dull:?}");
        }
    }
}
