//! The names that logs are known to hold: learnt from what they say, looked for everywhere.

use core::net::Ipv4Addr;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::more::More;
use super::public;
use super::sort::Sort;
use super::stand_in::looks_made;
use super::words;

/// Names that are kept as they are; of more there is but a trace.
const MOST: usize = 100_000;

/// Names of several words, and addresses, that are kept.
const PHRASES: usize = 4096;

/// Longest name, in bytes: RFC 1035 §2.3.4 allows a host 255.
const LONGEST: usize = 255;

/// What parts words in a line, and may stand in a comment.
const PARTING: &[char] = &[':', '=', ',', ';', '(', ')', '[', ']', '{', '}', '<', '>', '|', '*', '"', '\''];

/// Names, and what each is.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// In lower case.
    words: HashMap<String, Sort>,
    /// How often something was learnt that is looked for everywhere.
    changes: u64,
    /// Some value is no stand-in.
    own: bool,
    /// What did not fit.
    more: Option<More>,
    /// Parts of paths to key files, which are names there only.
    parts: HashSet<String>,
    /// Names of several words.
    phrases: HashMap<String, Sort>,
    addresses: HashSet<Ipv4Addr>,
    /// The logs themselves say that it was root.
    root_told: bool,
}

impl Names {
    /// Remembers a name.
    pub(super) fn learn(&mut self, sort: Sort, name: &str) {
        if !sort.is_word() {
            return;
        }
        let name = name.trim().trim_matches(['\'', '"', '`', '<', '>', '[', ']']).trim_end_matches('.');
        if name.len() > LONGEST || !tells(name) || public::is(sort, name) {
            return;
        }
        if sort == Sort::Host && name.parse::<core::net::IpAddr>().is_ok() {
            // Found by its form.
            if !public::is(Sort::Address, name) {
                self.learn_address(name);
            }
            return;
        }
        if name.contains(|c: char| c.is_whitespace() || PARTING.contains(&c)) {
            return self.learn_phrase(sort, name);
        }
        self.own |= !looks_made(name);
        self.learn_word(sort, name);
        if sort == Sort::Host {
            // A machine is called by its first label alone, too, and a firm by the label of its domain.
            let labels = name.split('.').rev().skip(1);
            let own = labels.filter(|label| label.len() > 3 && !words::is_usual(label) && !words::is_common(label));
            own.for_each(|label| self.learn_word(sort, label));
        }
    }

    fn learn_word(&mut self, sort: Sort, name: &str) {
        let low = name.to_lowercase();
        if self.words.contains_key(&low) {
            return;
        }
        self.changes += 1;
        if self.words.len() < MOST {
            self.words.insert(low, sort);
        } else {
            self.more.get_or_insert_default().put(&low, sort);
        }
    }

    /// Remembers that a value is somebody's own.
    pub(super) fn tell_own(&mut self) {
        self.own = true;
    }

    /// Whether any value is somebody's own: else the logs were redacted before, and stay as they are.
    pub(super) fn any_own(&self) -> bool {
        self.own
    }

    /// Whether there are more names than can be looked for at once.
    pub(super) fn is_full(&self) -> bool {
        self.more.is_some()
    }

    /// Remembers a name that is not one word, and how ssh's log shows it if it is not ASCII.
    pub(super) fn learn_phrase(&mut self, sort: Sort, name: &str) {
        let octal = |c: char| {
            let mut bytes = [0; 4];
            let bytes = c.encode_utf8(&mut bytes);
            if c.is_ascii() { bytes.to_owned() } else { bytes.bytes().map(|byte| format!("\\{byte:03o}")).collect() }
        };
        self.own |= !looks_made(name);
        if self.phrases.len() < PHRASES && name.len() > 2 && name.len() <= LONGEST && tells(name) {
            let spelt = self.phrases.insert(name.chars().map(octal).collect(), sort);
            let known = self.phrases.insert(name.to_owned(), sort);
            self.changes += u64::from(spelt.is_none() || known.is_none());
        }
    }

    /// Remembers an address, which is found by its form where it is written as one.
    pub(super) fn learn_address(&mut self, address: &str) {
        if self.addresses.len() < PHRASES
            && let Ok(address) = address.parse()
        {
            self.changes += u64::from(self.addresses.insert(address));
        }
    }

    /// How often something was learnt that is looked for everywhere: as long as it stays, what was found stays.
    pub(super) fn changes(&self) -> u64 {
        self.changes
    }

    /// Remembers a part of a path.
    pub(super) fn learn_part(&mut self, part: &str) {
        if self.parts.len() < MOST && part.len() <= LONGEST {
            self.changes += u64::from(self.parts.insert(part.to_owned()));
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
        let low = if word.contains(char::is_uppercase) { Cow::Owned(word.to_lowercase()) } else { Cow::Borrowed(word) };
        self.words.get(&*low).copied().or_else(|| self.more.as_ref()?.sort_of(&low))
    }

    /// What a word in running text is: as [`Names::sort_of`], but for words that every log has.
    pub(super) fn in_text(&self, word: &str) -> Option<Sort> {
        self.sort_of(word).filter(|_| word.len() > 1 && !words::is_usual(word))
    }

    /// Names that are one word, in lower case.
    pub(super) fn words(&self) -> impl Iterator<Item = (&str, Sort)> {
        self.words.iter().map(|(word, sort)| (word.as_str(), *sort))
    }

    /// Whether a part of a path is a name there.
    pub(super) fn is_part(&self, part: &str) -> bool {
        self.parts.contains(part)
    }

    /// Parts of paths that are names there.
    pub(super) fn parts(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().map(String::as_str)
    }

    /// Names of several words.
    pub(super) fn phrases(&self) -> impl Iterator<Item = (&String, &Sort)> {
        self.phrases.iter()
    }

    /// Addresses of the fourth version.
    pub(super) fn addresses(&self) -> impl Iterator<Item = &Ipv4Addr> {
        self.addresses.iter()
    }
}

/// Whether a name says anything: what was blacked out or is a placeholder does not.
fn tells(name: &str) -> bool {
    let letters = name.chars().filter(|c| c.is_alphanumeric());
    letters.clone().any(|c| !matches!(c, 'x' | 'X')) && (name.len() > 1 || letters.count() == 1)
}
