//! The parts of a log in which nothing is replaced, so that they need not be looked at twice.

use std::ops::Range;

/// Shortest part that is remembered, in bytes. To look at a shorter one again takes no longer than to step over it.
const SHORTEST: u64 = 64 << 10;

/// Parts that are remembered. A log with more has been made to fill memory.
const MOST: usize = 1 << 14;

/// Where a log's first look found nothing: whole lines of ASCII, looked through for all names that were known in the end.
#[derive(Clone, Debug, Default)]
pub(crate) struct Untouched {
    /// In bytes of the source, in order.
    parts: Vec<Range<u64>>,
    /// The part that may go on.
    last: Range<u64>,
    /// Which names it was looked through for.
    names: u64,
}

impl Untouched {
    /// Lines in which none of these names stands.
    pub(super) fn put(&mut self, lines: Range<u64>, names: u64) {
        if self.names != names {
            *self = Self { names, ..Self::default() };
        }
        if self.last.end == lines.start {
            self.last.end = lines.end;
        } else {
            self.keep();
            self.last = lines;
        }
    }

    /// Keeps the last part, if it is worth it.
    fn keep(&mut self) {
        let last = std::mem::take(&mut self.last);
        if last.end - last.start >= SHORTEST && self.parts.len() < MOST {
            self.parts.push(last);
        }
    }

    /// All parts, so many bytes further on.
    pub(super) fn finish(mut self, by: u64) -> Self {
        self.keep();
        self.parts.iter_mut().for_each(|part| *part = part.start + by..part.end + by);
        self
    }

    /// The parts, if these are the names that are known.
    #[cfg(any(feature = "cli", test))]
    pub(super) fn parts(&self, names: u64) -> &[Range<u64>] {
        if self.names == names { &self.parts } else { &[] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_whole_and_of_the_names_that_are_known() {
        let mut all = Untouched::default();
        all.put(0..SHORTEST, 1);
        all.put(SHORTEST..SHORTEST + 7, 2);
        all.put(SHORTEST + 7..3 * SHORTEST, 2);
        all.put(4 * SHORTEST..4 * SHORTEST + 1, 2);
        let all = all.finish(3);
        let long = SHORTEST + 3..3 * SHORTEST + 3;
        assert_eq!(all.parts(2), std::slice::from_ref(&long), "what is short is not worth it");
        assert!(all.parts(1).is_empty(), "of other names it tells nothing");
    }
}
