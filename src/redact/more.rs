//! Names beyond those that are kept: a trace of each, in memory that does not grow.

use std::hash::{BuildHasher, RandomState};

use super::sort::Sort;

/// Bits, a power of two: 8 MB.
const BITS: usize = 1 << 26;

/// Bits that a name sets.
const EACH: u32 = 4;

/// A filter as Bloom's: each name that was put in is found, and of a million names less than one other word in ten
/// thousand is taken for one. A word too many is replaced then, and none too few.
#[derive(Debug)]
pub(super) struct More {
    bits: Vec<u64>,
    hash: RandomState,
    /// What the first was; the others are nearly always the same.
    sort: Option<Sort>,
}

impl Default for More {
    fn default() -> Self {
        Self { bits: vec![0; BITS / 64], hash: RandomState::new(), sort: None }
    }
}

impl More {
    pub(super) fn put(&mut self, name: &str, sort: Sort) {
        self.sort.get_or_insert(sort);
        for at in places(self.hash.hash_one(name)) {
            self.bits[at / 64] |= 1 << (at % 64);
        }
    }

    pub(super) fn sort_of(&self, name: &str) -> Option<Sort> {
        let found = places(self.hash.hash_one(name)).all(|at| self.bits[at / 64] >> (at % 64) & 1 == 1);
        self.sort.filter(|_| found)
    }
}

fn places(hash: u64) -> impl Iterator<Item = usize> {
    (0..EACH).map(move |round| hash.rotate_left(16 * round) as usize % BITS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_is_lost_and_hardly_a_word_is_taken_for_one() {
        let mut more = More::default();
        (0..500_000).for_each(|number| more.put(&format!("mona{number}"), Sort::User));
        assert!((0..500_000).all(|number| more.sort_of(&format!("mona{number}")) == Some(Sort::User)));
        let wrong = (0..100_000).filter(|number| more.sort_of(&format!("lisa{number}")).is_some()).count();
        assert!(wrong < 100, "{wrong}");
    }
}
