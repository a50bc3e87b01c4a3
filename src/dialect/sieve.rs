//! Which lines far down in a long log are worth a look: derived from all rows and marks.
//!
//! Long after a login very little can still come: a session's end, or the beginning of another run. A whole block
//! is searched for the first words of these at once, and its lines are only counted.
//!
//! Elsewhere a line that begins with none of the rows' first words, and holds none of the words that may stand anywhere, says
//! nothing. The beginnings are looked up by their first bytes; for the rest a whole block is searched at once.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use aho_corasick::packed::{Config, MatchKind, Searcher};

use super::table::{Level, Read, STEM};
use super::{DIALECTS, Dialect};

/// Fewest bytes of a beginning.
const SHORTEST: usize = 2;

/// Bits of a table of beginnings.
const BITS: usize = 1 << 16;

/// Patterns that one vector search takes.
const AT_ONCE: usize = 64;

/// Patterns that are looked for after a login: the fewer, the faster.
#[cfg(test)]
const LATE_AT_MOST: usize = 24;

/// Bytes of a wording that are searched for after a login, and how many of them a vector search looks at first.
const LATE: usize = 10;
const LOOKED_AT: usize = 4;

/// Beginnings, by a hash of their first bytes, then by themselves.
struct Beginnings {
    table: Box<[u64; BITS / 64]>,
    sorted: Vec<&'static [u8]>,
}

impl Beginnings {
    fn new(words: impl Iterator<Item = &'static str>) -> Self {
        let mut sorted: Vec<&'static [u8]> = words.map(str::as_bytes).filter(|words| words.len() >= SHORTEST).collect();
        sorted.sort_unstable();
        sorted.dedup();
        let mut table = Box::new([0; BITS / 64]);
        let mut mark = |stem: [u8; STEM]| {
            let place = place(stem);
            table[place / 64] |= 1 << (place % 64);
        };
        for words in &sorted {
            match words {
                [a, b] => (0..=255).for_each(|c| mark([*a, *b, c])),
                [a, b, c, ..] => mark([*a, *b, *c]),
                _ => {}
            }
        }
        Self { table, sorted }
    }

    #[inline]
    fn fits(&self, line: &[u8]) -> bool {
        let Some(stem) = line.first_chunk::<STEM>() else { return self.sorted.contains(&line) };
        let place = place(*stem);
        self.table[place / 64] >> (place % 64) & 1 != 0 && self.holds(line)
    }

    #[cold]
    fn holds(&self, line: &[u8]) -> bool {
        let stem = &line[..SHORTEST];
        let from = self.sorted.partition_point(|words| &words[..SHORTEST] < stem);
        self.sorted[from..].iter().take_while(|words| words.starts_with(stem)).any(|words| line.starts_with(words))
    }
}

/// A stem's place in the table (Fibonacci hashing).
#[inline]
fn place([a, b, c]: [u8; STEM]) -> usize {
    let number = u32::from(a) | u32::from(b) << 8 | u32::from(c) << 16;
    (number.wrapping_mul(0x9e37_79b1) >> 16) as usize
}

/// Words that may stand anywhere.
enum Anywhere {
    Vector(Vec<Searcher>),
    Automaton(AhoCorasick),
}

/// The sieve. What only a log with a margin, or a long one, is asked for is built when it is asked for.
pub(crate) struct Sieve {
    logged: Beginnings,
    bare: Beginnings,
    anywhere: Anywhere,
    all: LazyLock<AhoCorasick>,
    late: LazyLock<Anywhere>,
}

static SIEVE: LazyLock<Sieve> = LazyLock::new(Sieve::new);

impl Sieve {
    /// The sieve of all dialects.
    pub(crate) fn get() -> &'static Self {
        &SIEVE
    }

    fn new() -> Self {
        Self {
            logged: Beginnings::new(beginnings(Level::Bare)),
            bare: Beginnings::new(bare_beginnings()),
            anywhere: anywhere_of(&anywhere().collect::<Vec<_>>()),
            all: LazyLock::new(|| automaton(&all())),
            late: LazyLock::new(|| anywhere_of(&late())),
        }
    }

    /// Whether a line begins as one that says something; `speaker` is whoever wrote the last ones.
    #[inline]
    pub(crate) fn begins(&self, line: &[u8], speaker: Option<&Dialect>) -> bool {
        // The commonest by far.
        if let [b'd', b'e', b'b', b'u', b'g', b'1'..=b'3', b':', b' ', words @ ..] = line {
            // A level behind a level: a line that was printed twice over.
            return self.logged.fits(words)
                || self.bare.fits(line)
                || matches!(words, [b' ', ..] | [b'd', b'e', b'b', b'u', b'g', ..]);
        }
        self.bare.fits(line)
            || speaker.and_then(|dialect| (dialect.words_at)(line)).is_some_and(|at| {
                let words = &line[at..];
                self.logged.fits(words) || self.bare.fits(words)
            })
    }

    /// Whether a line with a margin of its own, of any width, may say something.
    pub(crate) fn holds(&self, line: &[u8]) -> bool {
        self.all.is_match(line)
    }

    /// Whether a line holds words that may stand anywhere.
    #[cfg(test)]
    pub(crate) fn within(&self, line: &[u8]) -> bool {
        self.hits(line).any(0, line.len())
    }

    /// Where in a block words stand that may stand anywhere.
    pub(crate) fn hits<'a>(&'a self, block: &'a [u8]) -> Hits<'a> {
        let searchers = match &self.anywhere {
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
        match &self.anywhere {
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

/// First words of all rows that do not ask for this level alone.
fn beginnings(but: Level) -> impl Iterator<Item = &'static str> {
    let rows = DIALECTS.iter().flat_map(|dialect| dialect.all());
    rows.filter(move |row| matches!(row.read, Read::After(_)) && row.level != but).map(|row| row.words)
}

/// First words of lines without a level.
fn bare_beginnings() -> impl Iterator<Item = &'static str> {
    let marks = DIALECTS.iter().flat_map(|dialect| dialect.marks).filter(|mark| mark.first).map(|mark| mark.words);
    beginnings(Level::Logged).chain(marks).chain(crate::provider::beginnings())
}

/// Words that may stand anywhere.
fn anywhere() -> impl Iterator<Item = &'static str> {
    let rows = DIALECTS.iter().flat_map(|dialect| dialect.all());
    let within = rows.filter(|row| !matches!(row.read, Read::After(_))).map(|row| row.words);
    let marks = DIALECTS.iter().flat_map(|dialect| dialect.marks).filter(|mark| !mark.first).map(|mark| mark.words);
    within.chain(marks).chain(crate::provider::parts()).chain(crate::shell::COMMANDS.iter().copied())
}

/// Words of all rows and marks, wherever they stand.
fn all() -> Vec<&'static str> {
    bare_beginnings().chain(beginnings(Level::Bare)).chain(anywhere()).collect()
}

/// What every client's and server's own log has near its beginning (RFC 4253 §4.2).
const IDENTIFICATION: &str = "SSH-2.0-";

/// What may still come after a login, each by its rarest part, so that a search stops seldom.
fn late() -> Vec<&'static str> {
    let rows = DIALECTS.iter().flat_map(|dialect| dialect.all()).filter(|row| row.late).map(|row| row.words);
    let commands = crate::shell::COMMANDS.iter().copied().filter(|words| words.ends_with(' '));
    // With the blank among the bytes that the search looks at: other programs' logs have names like `.sftp:` in each line.
    let commands = commands.map(|words| &words[words.len().saturating_sub(LOOKED_AT)..]);
    let mut words: Vec<&'static str> = rows.map(rarest).chain(commands).chain([IDENTIFICATION]).collect();
    words.sort_unstable();
    words.dedup();
    let all = words.clone();
    words.retain(|words| !all.iter().any(|other| other != words && words.contains(other)));
    words
}

/// The part of some words that other text holds least often, by its first bytes, which are what the search looks at.
fn rarest(words: &'static str) -> &'static str {
    let cost =
        |start: usize| -> usize { words.as_bytes()[start..].iter().take(LOOKED_AT).map(|byte| common(*byte)).sum() };
    let last = words.len().saturating_sub(LATE);
    let start = (0..=last).filter(|at| words.is_char_boundary(*at)).min_by_key(|at| cost(*at)).unwrap_or(0);
    let end = (start + LATE).min(words.len());
    words.get(start..end).unwrap_or(words)
}

/// How common a byte is in what programs print; rough classes will do.
fn common(byte: u8) -> usize {
    match byte {
        b' ' => 9,
        b'e' | b't' | b'a' | b'o' | b'i' | b'n' | b's' | b'r' | b'h' | b'l' | b'd' => 8,
        b'0'..=b'9' => 7,
        b'a'..=b'z' => 5,
        b'.' | b':' | b',' | b'-' => 4,
        b'A'..=b'Z' => 2,
        _ => 1,
    }
}

fn automaton(words: &[&'static str]) -> AhoCorasick {
    #[allow(clippy::expect_used, reason = "constant patterns, compiled by the tests")]
    AhoCorasick::new(words).expect("constant patterns")
}

fn anywhere_of(words: &[&'static str]) -> Anywhere {
    let searchers: Option<Vec<Searcher>> = words
        .chunks(AT_ONCE)
        .map(|words| Config::new().match_kind(MatchKind::LeftmostFirst).builder().extend(words).build())
        .collect();
    searchers.map_or_else(|| Anywhere::Automaton(automaton(words)), Anywhere::Vector)
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

    #[test]
    fn one_search_is_enough_after_a_login() {
        assert!(late().len() <= LATE_AT_MOST, "{} patterns", late().len());
        let sieve = Sieve::get();
        for row in DIALECTS.iter().flat_map(|dialect| dialect.all()).filter(|row| row.late) {
            assert!(sieve.late(row.sample.as_bytes(), 0).is_some(), "{:?}", row.sample);
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
