//! The names that logs are known to hold: learnt from what they say, looked for everywhere.

use std::collections::{HashMap, HashSet};

use super::public;
use super::sort::Sort;
use super::words;

/// Names that are kept. A log with more has been made to fill memory.
const MOST: usize = 100_000;

/// Names of several words that are kept: each is looked for in each line.
const PHRASES: usize = 64;

/// Longest name, in bytes: RFC 1035 §2.3.4 allows a host 255.
const LONGEST: usize = 255;

/// Names, and what each is.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// Hosts in lower case, others as they are.
    words: HashMap<String, Sort>,
    /// Parts of paths to key files, which are names there only.
    parts: HashSet<String>,
    /// Names of several words, longest first.
    phrases: Vec<(String, Sort)>,
    /// The logs themselves say that it was root.
    root_told: bool,
}

impl Names {
    /// Remembers a name.
    pub(super) fn learn(&mut self, sort: Sort, name: &str) {
        let name = name.trim().trim_matches(['\'', '"', '`', '<', '>', '[', ']']).trim_end_matches('.');
        if !sort.is_word() || name.len() > LONGEST || !tells(name) || public::is(sort, name) {
            return;
        }
        if name.contains(char::is_whitespace) {
            self.learn_phrase(sort, name);
        } else if self.words.len() < MOST {
            let name = if sort == Sort::Host { name.to_ascii_lowercase() } else { name.to_owned() };
            self.words.entry(name).or_insert(sort);
        }
    }

    /// Remembers a name that is not one word.
    pub(super) fn learn_phrase(&mut self, sort: Sort, name: &str) {
        let known = self.phrases.iter().any(|(known, _)| known == name);
        if !known && self.phrases.len() < PHRASES && name.len() > 2 && name.len() <= LONGEST && tells(name) {
            self.phrases.push((name.to_owned(), sort));
            self.phrases.sort_by_key(|(known, _)| std::cmp::Reverse(known.len()));
        }
    }

    /// Remembers a part of a path.
    pub(super) fn learn_part(&mut self, part: &str) {
        if self.parts.len() < MOST && part.len() <= LONGEST {
            self.parts.insert(part.to_owned());
        }
    }

    /// Remembers that the logs say in so many words that it was root.
    pub(super) fn tell_root(&mut self) {
        self.root_told = true;
    }

    /// Whether a name may stay, since the logs would say it anyway.
    pub(super) fn is_told(&self, name: &str) -> bool {
        self.root_told && name == "root"
    }

    /// What a word is, if it is a name.
    pub(super) fn sort_of(&self, word: &str) -> Option<Sort> {
        if self.is_told(word) {
            return None;
        }
        self.words.get(word).copied().or_else(|| {
            if !word.bytes().any(|byte| byte.is_ascii_uppercase()) {
                return None;
            }
            let low = word.to_ascii_lowercase();
            self.words.get(&low).copied().filter(|sort| *sort == Sort::Host)
        })
    }

    /// What a word in running text is: as [`Names::sort_of`], but for words that every log has.
    pub(super) fn in_text(&self, word: &str) -> Option<Sort> {
        self.sort_of(word).filter(|_| word.len() > 1 && !words::is_usual(word))
    }

    /// All names that may stand anywhere.
    pub(super) fn all(&self) -> impl Iterator<Item = &str> {
        self.words.keys().map(String::as_str).chain(self.phrases.iter().map(|(phrase, _)| phrase.as_str()))
    }

    /// Whether a part of a path is a name there.
    pub(super) fn is_part(&self, part: &str) -> bool {
        self.parts.contains(part)
    }

    /// Names of several words.
    pub(super) fn phrases(&self) -> &[(String, Sort)] {
        &self.phrases
    }
}

/// Whether a name says anything: what was blacked out or is a placeholder does not.
fn tells(name: &str) -> bool {
    let letters = name.chars().filter(|c| c.is_alphanumeric());
    letters.clone().any(|c| !matches!(c, 'x' | 'X')) && (name.len() > 1 || letters.count() == 1)
}
