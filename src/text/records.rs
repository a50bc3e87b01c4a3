//! One statement as a program wrote it, and the words that may be quoted for it.

use super::unprintable;
use super::walk::{MANY, Walk};
use crate::model::server::Stamp;

/// One statement as a client wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Record {
    /// The program's words, from its level on or from the first word of a plain message.
    pub(crate) text: String,
    /// The words that stand in the line so, letter for letter; control characters left out.
    pub(crate) quote: String,
    /// When it was written, as its margin tells.
    pub(crate) when: Option<Stamp>,
}

/// What may be escaped within a string.
const QUOTES: [char; 3] = ['"', '\'', '\\'];

/// Longest quote, in characters.
const QUOTE: usize = 400;

impl Record {
    /// The record of `words`, which were found in `piece` of the line `shown`. `None` where there are none.
    pub(super) fn new(words: &str, piece: &str, shown: &str) -> Option<Self> {
        let text = words.trim().trim_end_matches(['`']).trim_end();
        if text.is_empty() {
            return None;
        }
        // Where nothing was replaced within, the record itself stands in the line; else the piece does, or a part.
        let quoted = if shown.trim_end().ends_with(text) || shown.contains(text) {
            text
        } else if shown.contains(piece.trim()) {
            piece.trim()
        } else {
            let words = text.split_once(": ").map_or("", |(_, words)| words);
            let runs = text.split(QUOTES).chain([words]).chain(words.split(QUOTES));
            // Of what is spelt out in numbers no word stands there.
            runs.filter(|run| shown.contains(run.trim()))
                .max_by_key(|run| run.len())
                .filter(|run| !run.is_empty())
                .unwrap_or(shown)
        };
        // Looked for by their first bytes: hardly a line has one.
        let blanks = memchr::memchr2(b'\t', 0xc2, text.as_bytes()).is_some();
        let text = if blanks { text.replace(['\t', '\u{a0}'], " ") } else { text.to_owned() };
        Some(Self { quote: quote(quoted), text, when: None })
    }
}

/// A line as it is, freed of what can't be seen; cut to a length for reports.
pub(crate) fn shown(line: &[u8]) -> String {
    quote(&visible(line))
}

/// A line as it is, freed of what can't be seen.
pub(crate) fn visible(line: &[u8]) -> String {
    printable(&String::from_utf8_lossy(line))
}

/// `text` without escape sequences and without characters that can't be seen; tabs stay.
///
/// A tab takes the place of all escapes but colours, so that no quote runs over one: what a terminal would make
/// of it is not what stands in the line.
pub(super) fn printable(text: &str) -> String {
    // Without a way out of the loop, so that many bytes are looked at together.
    if text.bytes().fold(true, |plain, byte| plain & (b' '..=b'~').contains(&byte)) {
        return text.to_owned();
    }
    let plain =
        if text.contains('\u{1b}') { replaced(&replaced(text, "", colour), "\t", escape) } else { text.to_owned() };
    if plain.chars().any(|c| unprintable(c) && c != '\t') {
        plain.chars().filter(|c| *c == '\t' || !unprintable(*c)).collect()
    } else {
        plain
    }
}

/// A text with another one where an escape begins and `width` says how many bytes it has; 0 for none.
fn replaced(text: &str, with: &str, width: fn(&[u8]) -> usize) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\u{1b}') {
        let width = width(&rest.as_bytes()[at..]);
        out.push_str(&rest[..at]);
        out.push_str(if width == 0 { "\u{1b}" } else { with });
        rest = &rest[at + width.max(1)..];
    }
    out + rest
}

/// Colours and other short control sequences (ECMA-48 §5.4).
fn colour(text: &[u8]) -> usize {
    let mut walk = Walk(text);
    let colour = walk.word("\u{1b}[")
        && walk.some(0, MANY, |byte| byte.is_ascii_digit() || byte == b';')
        && walk.some(1, 1, |byte| byte.is_ascii_alphabetic());
    if colour { text.len() - walk.0.len() } else { 0 }
}

/// Longer control sequences, titles and links (§8.3.89 and below), and escapes of two or three characters.
fn escape(text: &[u8]) -> usize {
    let mut walk = Walk(text);
    if walk.word("\u{1b}[") {
        walk.some(0, MANY, |byte| (b'0'..=b'?').contains(&byte));
        walk.some(0, MANY, |byte| (b' '..=b'/').contains(&byte));
        walk.some(0, 1, |byte| (b'@'..=b'~').contains(&byte));
    } else if walk.one(&["\u{1b}]", "\u{1b}P", "\u{1b}X", "\u{1b}^", "\u{1b}_"]) {
        walk.some(0, MANY, |byte| !matches!(byte, 0x07 | 0x1b));
        walk.one(&["\u{7}", "\u{1b}\\"]);
    } else {
        walk.word("\u{1b}");
        walk.some(0, MANY, |byte| (b' '..=b'/').contains(&byte));
        walk.some(0, 1, |byte| (b'0'..=b'~').contains(&byte));
    }
    text.len() - walk.0.len()
}

/// What can be quoted of `text`: the longest run without a tab, cut to a length for reports.
pub(super) fn quote(text: &str) -> String {
    let run = text.split('\t').max_by_key(|run| run.trim().len()).unwrap_or_default().trim();
    // Characters are counted only where there are bytes enough.
    let end = if run.len() > QUOTE { run.char_indices().nth(QUOTE) } else { None };
    end.map_or(run, |(end, _)| run[..end].trim_end()).to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use regex::Regex;

    use super::*;

    proptest! {
        #[test]
        fn escapes_are_as_the_patterns_have_them(text in "[\u{1b}\u{7}\\[\\]PX^_;0-9mKé ~/\\\\]{0,12}") {
            let pattern = |source: &str| Regex::new(source).unwrap();
            let colour_there = pattern(r"\x1b\[[0-9;]*[A-Za-z]");
            let escape_there = pattern(concat!(
                r"\x1b\[[0-?]*[ -/]*[@-~]?",
                r"|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?",
                r"|\x1b[ -/]*[0-~]?",
            ));
            prop_assert_eq!(replaced(&text, "", colour), colour_there.replace_all(&text, ""));
            prop_assert_eq!(replaced(&text, "\t", escape), escape_there.replace_all(&text, "\t"));
        }
    }

    #[test]
    fn colours_and_invisible_marks_go() {
        assert_eq!(printable("\u{1b}[31mPermission\u{202e} denied\u{1b}[0m\u{7}"), "Permission denied");
    }

    #[test]
    fn quotes_stand_in_the_line() {
        let line = "> <span>debug1: a <b>b</b></span>";
        let record = Record::new("debug1: a b", line, line).unwrap();
        assert_eq!((record.text.as_str(), record.quote.as_str()), ("debug1: a b", line));
        let spelt = r#"x\ndebug1: key \"a\" loaded"#;
        let record = Record::new("debug1: key \"a\" loaded", "debug1: key \"a\" loaded", spelt).unwrap();
        assert!(spelt.contains(&record.quote) && record.quote.len() > 5, "{record:?}");
    }
}
