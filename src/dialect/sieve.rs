//! Which lines far down in a long log are worth a look: derived from all rows and marks.
//!
//! Long after a login very little can still come: a session's end, or the beginning of another run. A whole block
//! is searched for the first words of these at once, and its lines are only counted.
//!
//! Elsewhere a line that begins with none of the rows' first words, and holds none of the words that may stand anywhere, says
//! nothing. The beginnings are looked up; for the rest a whole block is searched at once.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use aho_corasick::packed::{Config, MatchKind, Searcher};

use super::late::{LOOKED_AT, late};
use super::python;
use super::registry::{Registry, Word};
use super::table::Level;
use super::{DIALECTS, Dialect};

/// Patterns that one vector search takes.
const AT_ONCE: usize = 64;

/// Buckets into which it deals them.
const BUCKETS: usize = 8;

/// Words that may stand anywhere.
enum Anywhere {
    Vector(Vec<Searcher>),
    Automaton(AhoCorasick),
}

/// The sieve. What only a log with a margin, or a long one, is asked for is built when it is asked for.
pub(crate) struct Sieve {
    registry: &'static Registry,
    anywhere: LazyLock<Anywhere>,
    late: LazyLock<Anywhere>,
}

static SIEVE: LazyLock<Sieve> = LazyLock::new(|| Sieve {
    registry: Registry::get(),
    anywhere: LazyLock::new(|| anywhere_of(anywhere())),
    late: LazyLock::new(|| anywhere_of(late())),
});

impl Sieve {
    /// The sieve of all dialects.
    pub(crate) fn get() -> &'static Self {
        &SIEVE
    }

    /// Whether a line begins as one that says something; `speaker` is whoever wrote the last ones.
    #[inline]
    pub(crate) fn begins(&self, line: &[u8], speaker: Option<&Dialect>) -> bool {
        // The commonest by far.
        if let [b'd', b'e', b'b', b'u', b'g', b'1'..=b'3', b':', b' ', words @ ..] = line {
            // A level behind a level: a line that was printed twice over.
            return self.fits(words, true)
                || self.fits(line, false)
                || matches!(words, [b' ', ..] | [b'd', b'e', b'b', b'u', b'g', ..]);
        }
        self.fits(line, false)
            || speaker.and_then(|dialect| (dialect.words_at)(line)).is_some_and(|at| {
                let words = &line[at..];
                self.fits(words, true) || self.fits(words, false)
            })
    }

    #[inline]
    fn fits(&self, words: &[u8], logged: bool) -> bool {
        self.registry.at(words).any(|word| word.begins(logged))
    }

    /// Whether a line with a margin of its own, of any width, may say something.
    pub(crate) fn holds(&self, line: &[u8]) -> bool {
        self.registry.within(line).next().is_some() || (0..line.len()).any(|at| self.registry.is_short(&line[at..]))
    }

    /// Whether a line holds words that may stand anywhere. For the first lines of a log: of a long one, whole blocks
    /// are searched for [`Hits`].
    pub(crate) fn within(&self, line: &[u8]) -> bool {
        self.registry.within(line).any(|(_, word)| is_anywhere(word))
    }

    /// Where in a block words stand that may stand anywhere.
    pub(crate) fn hits<'a>(&'a self, block: &'a [u8]) -> Hits<'a> {
        let searchers = match &*self.anywhere {
            Anywhere::Vector(searchers) => searchers.len(),
            Anywhere::Automaton(_) => 1,
        };
        Hits { sieve: self, block, next: vec![Some(0); searchers], searched: false }
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

    /// The next hit of one searcher.
    fn next(&self, searcher: usize, block: &[u8], from: usize) -> Option<usize> {
        match &*self.anywhere {
            Anywhere::Vector(searchers) => {
                let span = aho_corasick::Span { start: from, end: block.len() };
                searchers[searcher].find_in(block, span).map(|found| found.start())
            }
            Anywhere::Automaton(automaton) => {
                automaton.find(aho_corasick::Input::new(block).range(from..)).map(|found| found.start())
            }
        }
    }
}

/// The places of a block where words stand that may stand anywhere, asked for line by line.
pub(crate) struct Hits<'a> {
    sieve: &'a Sieve,
    block: &'a [u8],
    /// Each searcher's next hit; none of them is searched for twice.
    next: Vec<Option<usize>>,
    searched: bool,
}

impl Hits<'_> {
    /// Whether there is one in this part of the block. Parts are asked for in order.
    #[inline]
    pub(crate) fn any(&mut self, start: usize, end: usize) -> bool {
        let mut any = false;
        for searcher in 0..self.next.len() {
            if let Some(at) = self.next[searcher]
                && (at < start || !self.searched)
            {
                self.next[searcher] = self.sieve.next(searcher, self.block, start);
            }
            any |= self.next[searcher].is_some_and(|at| at < end);
        }
        self.searched = true;
        any
    }
}

/// Words that are looked for anywhere in a line.
fn anywhere() -> Vec<&'static str> {
    Registry::get().texts().filter(|(_, word)| is_anywhere(*word)).map(|(text, _)| text).collect()
}

/// Whether a word may stand anywhere, or behind something which only its own speaker tells.
fn is_anywhere(word: Word) -> bool {
    let behind = match word {
        // OpenSSH's levels begin a line.
        Word::Row(number, row) if row.level != Level::Bare => DIALECTS[number].levels.is_empty(),
        // What an exception says stands behind its class.
        Word::Row(_, row) => python::ROWS.iter().any(|exception| exception.words == row.words),
        _ => false,
    };
    word.is_loose() || behind
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

    #[test]
    fn every_sample_passes() {
        let sieve = Sieve::get();
        for dialect in DIALECTS {
            let samples = dialect.all().map(|row| row.sample).chain(dialect.marks.iter().map(|mark| mark.sample));
            for sample in samples {
                let line = sample.as_bytes();
                assert!(sieve.begins(line, Some(dialect)) || sieve.within(line), "{sample:?}");
                assert!(sieve.holds(line), "{sample:?}");
            }
        }
    }

    /// Of a log of any length, whoever wrote the lines before: a build's output may be long, and other clients' lines come
    /// behind a logger's name.
    #[test]
    fn every_sample_is_found_far_down() {
        let sieve = Sieve::get();
        for dialect in DIALECTS {
            for row in dialect.all() {
                let line = row.sample.as_bytes();
                assert!(sieve.begins(line, None) || sieve.hits(line).any(0, line.len()), "{:?}", row.sample);
                assert!(sieve.begins(line, None) || sieve.within(line), "{:?}", row.sample);
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
            assert!(!sieve.begins(dull.as_bytes(), None) && !sieve.within(dull.as_bytes()), "{dull:?}");
        }
    }
}
