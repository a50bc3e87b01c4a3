//! What may still come after a login, and by which of its bytes it is looked for.

use super::DIALECTS;
use crate::text::common;

/// Patterns that are looked for: the fewer, the faster.
#[cfg(test)]
const AT_MOST: usize = 24;

/// Bytes of a wording that are searched for.
const LENGTH: usize = 10;

/// How many of them a vector search looks at first.
pub(super) const LOOKED_AT: usize = 4;

/// What every client's and server's own log has near its beginning (RFC 4253 §4.2).
const IDENTIFICATION: &str = "SSH-2.0-";

/// What is looked for, each by its rarest part, so that a search stops seldom.
pub(super) fn late() -> Vec<&'static str> {
    let rows: Vec<&'static str> =
        DIALECTS.iter().flat_map(|dialect| dialect.all()).filter(|row| row.late).map(|row| row.words).collect();
    // A line that holds a wording holds each part of it.
    let rows = rows.iter().filter(|words| !rows.iter().any(|other| other != *words && words.contains(other)));
    let commands = crate::shell::COMMANDS.iter().copied().filter(|words| words.ends_with(' '));
    // With the blank among the bytes that the search looks at: other programs' logs have names like `.sftp:` in each line.
    let commands = commands.map(|words| &words[words.len().saturating_sub(LOOKED_AT)..]);
    let mut words: Vec<&'static str> =
        rows.map(|words| rarest(words)).chain(commands).chain([IDENTIFICATION]).collect();
    words.sort_unstable();
    words.dedup();
    let all = words.clone();
    words.retain(|words| !all.iter().any(|other| other != words && words.contains(other)));
    words
}

/// The part of some words that other text holds least often, by its first bytes, which are what the search looks at. Of two
/// such parts the later one: sentences begin alike more often than they go on alike.
fn rarest(words: &'static str) -> &'static str {
    let cost =
        |start: usize| -> usize { words.as_bytes()[start..].iter().take(LOOKED_AT).map(|byte| common(*byte)).sum() };
    let last = words.len().saturating_sub(LENGTH);
    let start = (0..=last).filter(|at| words.is_char_boundary(*at)).rev().min_by_key(|at| cost(*at)).unwrap_or(0);
    let end = (start + LENGTH).min(words.len());
    words.get(start..end).unwrap_or(words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::Sieve;

    #[test]
    fn one_search_is_enough_after_a_login() {
        assert!(late().len() <= AT_MOST, "{} patterns", late().len());
        let sieve = Sieve::get();
        for row in DIALECTS.iter().flat_map(|dialect| dialect.all()).filter(|row| row.late) {
            assert!(sieve.late(row.sample.as_bytes(), 0).is_some(), "{:?}", row.sample);
        }
    }
}
