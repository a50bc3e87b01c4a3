//! Finds many words in a text at once.
//!
//! It is made in microseconds: an automaton over as many words takes longer to build than a short log takes to read.

use crate::text::Sought;

/// Bytes by which a word is looked up.
const STEM: usize = 3;

/// Places of the table: so many more than there are words that most stems of a text lead nowhere.
const PLACES: usize = 1 << 13;

/// A word: what it begins with, itself, its number.
type Numbered = (u32, &'static [u8], u16);

/// Words, numbered as they came.
pub(super) struct Finder {
    /// Where the words of each place begin in `words`; those of the last end where `words` ends.
    starts: Box<[u16; PLACES + 1]>,
    /// By place, and at one place as they came.
    words: Vec<Numbered>,
    /// Words that are shorter than a stem, and by which byte each is looked for.
    short: Vec<(&'static [u8], u16)>,
    sought: Vec<Sought>,
}

impl Finder {
    pub(super) fn new(words: impl Iterator<Item = &'static str>) -> Self {
        let (long, short): (Vec<_>, Vec<_>) = words.zip(0..).partition(|(words, _)| words.len() >= STEM);
        let sought = short.iter().map(|(words, _)| Sought::new(words)).collect();
        let bytes = |all: Vec<(&'static str, u16)>| -> Vec<(&'static [u8], u16)> {
            all.into_iter().map(|(words, number)| (words.as_bytes(), number)).collect()
        };
        let (long, short) = (bytes(long), bytes(short));
        let long: Vec<Numbered> = long.into_iter().map(|(words, number)| (stem(words), words, number)).collect();
        let mut starts = Box::new([0; PLACES + 1]);
        for (stem, ..) in &long {
            starts[place(*stem)] += 1;
        }
        let mut end = 0;
        for start in starts.iter_mut() {
            end += *start;
            *start = end;
        }
        let mut words = long.clone();
        for word in long.into_iter().rev() {
            let start = &mut starts[place(word.0)];
            *start -= 1;
            words[usize::from(*start)] = word;
        }
        Self { starts, words, short, sought }
    }

    /// The numbers of the words that a text begins with: the short ones last, the others in order.
    #[inline]
    pub(super) fn at<'a>(&'a self, text: &'a [u8]) -> impl Iterator<Item = u16> + 'a {
        let short = self.short.iter().filter(|(words, _)| text.first() == words.first() && text.starts_with(words));
        let long = Within { end: self.within(text).end.min(1), ..self.within(text) };
        long.map(|(_, number)| number).chain(short.map(|(_, number)| *number))
    }

    /// The words of a text, where each stands and its number, but the short ones: a text holds too many of these.
    #[inline]
    pub(super) fn within<'a>(&'a self, text: &'a [u8]) -> Within<'a> {
        Within { finder: self, text, at: 0, end: (text.len() + 1).saturating_sub(STEM), stem: 0, same: &[] }
    }

    /// The numbers of the short words.
    pub(super) fn short(&self) -> impl Iterator<Item = u16> {
        self.short.iter().map(|(_, number)| *number)
    }

    /// Where short words stand first in a text.
    pub(super) fn short_within(&self, text: &[u8]) -> impl Iterator<Item = usize> {
        self.sought.iter().filter_map(|words| words.find(text))
    }
}

/// The words of a text, as they stand in it.
///
/// All bytes of a log pass here, so it is written out: the page's core is built for size, where iterators upon iterators are slow.
pub(super) struct Within<'a> {
    finder: &'a Finder,
    text: &'a [u8],
    /// Where it is looked next, and where no longer.
    at: usize,
    end: usize,
    /// What stands before `at`, and the words that have its place.
    stem: u32,
    same: &'a [Numbered],
}

impl Iterator for Within<'_> {
    type Item = (usize, u16);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        loop {
            while let [(stem, words, number), rest @ ..] = self.same {
                self.same = rest;
                if *stem == self.stem && self.text[self.at - 1..].starts_with(words) {
                    return Some((self.at - 1, *number));
                }
            }
            let Finder { starts, words, .. } = self.finder;
            loop {
                if self.at >= self.end {
                    return None;
                }
                let stem = stem(&self.text[self.at..]);
                let (start, end) = (starts[place(stem)], starts[place(stem) + 1]);
                self.at += 1;
                if start != end {
                    (self.stem, self.same) = (stem, &words[usize::from(start)..usize::from(end)]);
                    break;
                }
            }
        }
    }
}

/// What a text begins with.
#[inline]
fn stem(text: &[u8]) -> u32 {
    u32::from(text[0]) | u32::from(text[1]) << 8 | u32::from(text[2]) << 16
}

/// The place of a stem (Fibonacci hashing).
#[inline]
fn place(stem: u32) -> usize {
    (stem.wrapping_mul(0x9e37_79b1) >> (u32::BITS - PLACES.ilog2())) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_words_are_found_where_they_stand() {
        let finder = Finder::new(["Authenticated to ", "Auth", "<-", "debug1: ", "Auth"].into_iter());
        let text = b"debug1: Authenticated to <-";
        assert_eq!(finder.within(text).collect::<Vec<_>>(), [(0, 3), (8, 0), (8, 1), (8, 4)]);
        assert_eq!(finder.at(b"Authenticated to x").collect::<Vec<_>>(), [0, 1, 4]);
        assert_eq!(finder.at(b"<-").collect::<Vec<_>>(), [2]);
        assert_eq!(finder.short().collect::<Vec<_>>(), [2]);
        assert!(finder.at(b"").next().is_none() && finder.within(b"Au").next().is_none());
    }
}
