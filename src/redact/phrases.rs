//! Programs' own words, which stay whatever somebody is called.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::dialect::DIALECTS;

/// Fewest bytes of words that can't be anybody's name.
const SHORTEST: usize = 8;

static WORDS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let rows = DIALECTS.iter().flat_map(|dialect| dialect.all().map(|row| row.words));
    let marks = DIALECTS.iter().flat_map(|dialect| dialect.marks.iter().map(|mark| mark.words));
    let words: Vec<&str> = rows.chain(marks).filter(|words| words.len() >= SHORTEST).collect();
    #[allow(clippy::expect_used, reason = "constant patterns, compiled by the tests")]
    AhoCorasick::new(words).expect("constant patterns")
});

/// Where a line has the words by which it is read.
pub(super) fn within(line: &str) -> Vec<Range<usize>> {
    WORDS.find_overlapping_iter(line).map(|found| found.range()).collect()
}
