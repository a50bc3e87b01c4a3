//! Names as they are spelt elsewhere: inside longer words, in base64, in hexadecimal, per cent; addresses with hyphens.

use core::net::Ipv4Addr;
use std::ops::Range;
use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, MatchKind};
use base64ct::{Base64Unpadded, Encoding};

use super::line::Found;
use super::names::Names;
use super::phrases;
use super::sort::Sort;
use super::words;

/// Shortest name that is looked for inside longer words, in bytes.
const SHORTEST: usize = 5;

/// Names that are looked for in other spellings. A log with more has been made to fill memory.
const MOST: usize = 4096;

/// Spellings of names, and what each is.
#[derive(Debug)]
pub(super) struct Spelt {
    /// Made when it is looked for.
    automaton: OnceLock<AhoCorasick>,
    patterns: Vec<String>,
    sorts: Vec<Sort>,
    /// So many of them are names of several words, which are whole before their words are names.
    phrases: usize,
}

impl Spelt {
    /// Every spelling of these names.
    pub(super) fn of(names: &Names) -> Self {
        let mut patterns: Vec<String> = Vec::new();
        let mut sorts = Vec::new();
        let mut put = |pattern: String, sort| {
            patterns.push(pattern);
            sorts.push(sort);
        };
        for (phrase, sort) in names.phrases() {
            put(phrase.clone(), *sort);
        }
        let phrases = names.phrases().count();
        let distinct =
            |(name, _): &(&str, Sort)| name.len() >= SHORTEST && !words::is_usual(name) && !words::is_common(name);
        for (name, sort) in names.words().filter(distinct).take(MOST) {
            put(name.to_owned(), sort);
            encoded(name.as_bytes()).for_each(|spelling| put(spelling, sort));
        }
        for address in names.addresses() {
            put(address.to_string(), Sort::Address);
            written(*address).for_each(|spelling| put(spelling, Sort::Host));
        }
        Self { automaton: OnceLock::new(), patterns, sorts, phrases }
    }

    fn automaton(&self) -> &AhoCorasick {
        self.automaton.get_or_init(|| {
            #[allow(clippy::expect_used, reason = "names are bounded in number and length")]
            AhoCorasick::builder()
                .ascii_case_insensitive(true)
                .match_kind(MatchKind::LeftmostLongest)
                .build(&self.patterns)
                .expect("bounded patterns")
        })
    }

    /// Each of them.
    pub(super) fn patterns(&self) -> impl Iterator<Item = &str> {
        self.patterns.iter().map(String::as_str)
    }

    /// Whether any stands in a text.
    pub(super) fn is_in(&self, text: &str) -> bool {
        self.automaton().is_match(text)
    }

    /// Adds what stands in a line where nothing was found.
    pub(super) fn add(&self, line: &str, found: &mut Vec<Found>) {
        let mut own = None;
        let mut added = Vec::new();
        for spelling in self.automaton().find_iter(line) {
            let (at, sort) = (spelling.range(), self.sorts[spelling.pattern().as_usize()]);
            let overlaps = |other: &Range<usize>| other.start < at.end && at.start < other.end;
            if spelling.pattern().as_usize() < self.phrases {
                found.retain(|found| found.at.start < at.start || at.end < found.at.end);
            }
            let number = sort == Sort::Address && is_within_number(line.as_bytes(), &at);
            if number || found.iter().any(|found| overlaps(&found.at)) || words::is_usual(word_round(line, &at)) {
                continue;
            }
            if !own.get_or_insert_with(|| phrases::within(line)).iter().any(overlaps) {
                added.push(Found { at, sort, shown: false, lead: "" });
            }
        }
        found.extend(added);
        found.sort_by_key(|found| found.at.start);
    }
}

/// Bytes as programs write them that do not write text.
fn encoded(name: &[u8]) -> impl Iterator<Item = String> {
    let each = |before: &str, byte: &u8| format!("{before}{byte:02x}");
    let spelt = |before: &str| name.iter().map(|byte| each(before, byte)).collect::<String>();
    let hexadecimal = [spelt(""), spelt(" ").trim_start().to_owned(), spelt(":").trim_start_matches(':').to_owned()];
    let escaped = [spelt("\\x"), spelt("%"), spelt("\\u00")];
    hexadecimal.into_iter().chain(escaped).chain((0..3).filter_map(|offset| base64(name, offset)))
}

/// The digits that are a name's own where so many bytes stand before it.
fn base64(name: &[u8], offset: usize) -> Option<String> {
    let bytes = [&[0; 2][..offset], name].concat();
    let digits = Base64Unpadded::encode_string(&bytes);
    digits.get((offset * 8).div_ceil(6)..bytes.len() * 8 / 6).filter(|own| own.len() > SHORTEST).map(str::to_owned)
}

/// An address as parts of hosts' names have it, and as a number.
fn written(address: Ipv4Addr) -> impl Iterator<Item = String> {
    let [a, b, c, d] = address.octets();
    [
        format!("{a}-{b}-{c}-{d}"),
        format!("{a}_{b}_{c}_{d}"),
        format!("{a}[.]{b}[.]{c}[.]{d}"),
        format!("{a:03}.{b:03}.{c:03}.{d:03}"),
        format!("{d}.{c}.{b}.{a}"),
        format!("{d}-{c}-{b}-{a}"),
        format!("{a:02x}{b:02x}{c:02x}{d:02x}"),
    ]
    .into_iter()
}

/// Whether a longer number, or one with more parts, stands here.
fn is_within_number(line: &[u8], at: &Range<usize>) -> bool {
    let digit = |at: Option<usize>| at.and_then(|at| line.get(at)).is_some_and(u8::is_ascii_digit);
    digit(at.start.checked_sub(1)) || digit(Some(at.end))
}

/// The whole word round a place.
fn word_round<'a>(line: &'a str, at: &Range<usize>) -> &'a str {
    let part = |c: char| c.is_alphanumeric();
    let start = line[..at.start].trim_end_matches(part).len();
    let end = line.len() - line[at.end..].trim_start_matches(part).len();
    &line[start..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_several_words_is_one() {
        let mut names = Names::default();
        names.learn(Sort::Comment, "mona's own key");
        let line = "key: mona's own key RSA";
        let mut found = vec![Found { at: 5..9, sort: Sort::User, shown: false, lead: "" }];
        Spelt::of(&names).add(line, &mut found);
        assert_eq!(found, [Found { at: 5..19, sort: Sort::Comment, shown: false, lead: "" }]);
    }

    #[test]
    fn names_are_found_however_they_are_spelt() {
        let mut names = Names::default();
        names.learn(Sort::User, "monalisa");
        names.learn_address("10.77.88.99");
        let spelt = Spelt::of(&names);
        for line in [
            "MonalisasMacBook",
            "x 6d6f6e616c697361",
            "6d 6f 6e 61 6c 69 73 61",
            r"\x6d\x6f\x6e\x61\x6c\x69\x73\x61",
            "%6D%6F%6E%61%6C%69%73%61",
            "bW9uYWxpc2E=",
            "dXNlcj1tb25hbGlzYSZ4",
            "eDptb25hbGlzYQ",
            "ip-10-77-88-99",
            "99.88.77.10.in-addr.arpa",
            "0a4d5863",
            "10.77.88.99#53",
        ] {
            let mut found = Vec::new();
            spelt.add(line, &mut found);
            assert_eq!(found.len(), 1, "{line}");
        }
        for line in ["mona lisa", "110.77.88.99", "10.77.88.990"] {
            let mut found = Vec::new();
            spelt.add(line, &mut found);
            assert_eq!(found, [], "{line}");
        }
    }
}
