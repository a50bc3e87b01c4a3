//! Finds many words in a text at once.
//!
//! It is made in microseconds: an automaton over as many words takes longer to build than a short log takes to read.

/// Bytes by which a word is looked up.
const STEM: usize = 3;

/// Places of the table: so many more than there are words that most stems of a text lead nowhere.
const PLACES: usize = 1 << 12;

/// Words, numbered as they came.
pub(super) struct Finder {
    /// Where the words of each place begin in `words`; those of the last end where `words` ends.
    starts: Box<[u16; PLACES + 1]>,
    /// By place, and at one place as they came.
    words: Vec<(&'static [u8], u16)>,
    /// Words that are shorter than a stem.
    short: Vec<(&'static [u8], u16)>,
}

impl Finder {
    pub(super) fn new(words: impl Iterator<Item = &'static str>) -> Self {
        let (long, short): (Vec<_>, Vec<_>) =
            words.map(str::as_bytes).zip(0..).partition(|(words, _)| words.len() >= STEM);
        let mut starts = Box::new([0; PLACES + 1]);
        for (words, _) in &long {
            starts[place(words)] += 1;
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
        Self { starts, words, short }
    }

    /// The numbers of the words that a text begins with: the short ones last, the others in order.
    #[inline]
    pub(super) fn at(&self, text: &[u8]) -> impl Iterator<Item = u16> {
        let long = if text.len() < STEM { &[] } else { self.of(place(text)) };
        long.iter().chain(&self.short).filter(|(words, _)| text.starts_with(words)).map(|(_, number)| *number)
    }

    /// The words of a text, where each stands and its number, but the short ones: a text holds too many of these.
    #[inline]
    pub(super) fn within(&self, text: &[u8]) -> impl Iterator<Item = (usize, u16)> {
        text.windows(STEM).enumerate().flat_map(move |(at, stem)| {
            let fits = move |(words, _): &&(&[u8], u16)| text[at..].starts_with(words);
            self.of(place(stem)).iter().filter(fits).map(move |(_, number)| (at, *number))
        })
    }

    /// The numbers of the short words.
    pub(super) fn short(&self) -> impl Iterator<Item = u16> {
        self.short.iter().map(|(_, number)| *number)
    }

    /// Whether a text begins with a short word.
    pub(super) fn is_short(&self, text: &[u8]) -> bool {
        self.short.iter().any(|(words, _)| text.starts_with(words))
    }

    #[inline]
    fn of(&self, place: usize) -> &[(&'static [u8], u16)] {
        &self.words[usize::from(self.starts[place])..usize::from(self.starts[place + 1])]
    }
}

/// The place of what a text begins with (Fibonacci hashing).
#[inline]
fn place(text: &[u8]) -> usize {
    let number = u32::from(text[0]) | u32::from(text[1]) << 8 | u32::from(text[2]) << 16;
    (number.wrapping_mul(0x9e37_79b1) >> (u32::BITS - PLACES.ilog2())) as usize
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
