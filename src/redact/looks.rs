//! How lines look but for their digits: of the many in a long log that differ in numbers alone, one is looked through.

use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, Hasher, RandomState};

use super::dull::{Dull, without_digit};

/// Looks that are remembered.
const LOOKS: usize = 1 << 14;

/// Longest line whose look is remembered, in bytes.
const LONGEST: usize = 512;

/// Bytes that are hashed together.
const STEP: usize = 16;

/// The same byte eight times.
const fn eight(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; 8])
}

/// Tells dull lines by their looks.
#[derive(Debug)]
pub(super) struct Looks {
    /// It takes all digits for one, so what it says of a line is true of all that look the same.
    dull: Dull,
    /// By the hash of a look, whether such lines are dull.
    known: HashMap<u128, bool, BuildHasherDefault<Hashed>>,
    keys: Keys,
}

impl Looks {
    /// For lines that are dull by this, which was made for digits that all look the same.
    pub(super) fn of(dull: Dull) -> Self {
        Self { dull, known: HashMap::default(), keys: Keys::default() }
    }

    /// Whether a line is dull, as far as its look tells.
    #[inline]
    pub(super) fn is_dull(&mut self, line: &[u8]) -> bool {
        let Some(hash) = self.keys.hash(line) else { return false };
        match self.known.get(&hash) {
            Some(dull) => *dull,
            None => self.look_at(line, hash),
        }
    }

    /// Looks at a line whose look is new.
    fn look_at(&mut self, line: &[u8], hash: u128) -> bool {
        let look: String = line.iter().map(|byte| char::from(without_digit(*byte))).collect();
        let dull = self.dull.is(&look);
        if self.known.len() >= LOOKS {
            self.known.clear();
        }
        self.known.insert(hash, dull);
        dull
    }
}

/// What hashes of looks are made with. Nobody who writes into a log knows it, so nobody can write two looks with one hash.
#[derive(Debug)]
pub(super) struct Keys {
    /// For each step of a line.
    steps: [[u64; 2]; LONGEST / STEP + 1],
}

impl Default for Keys {
    fn default() -> Self {
        let random = RandomState::new();
        Self { steps: std::array::from_fn(|step| [random.hash_one((step, 0)), random.hash_one((step, 1))]) }
    }
}

impl Keys {
    /// The hash of a line's look; nothing for a line that is long or not ASCII.
    ///
    /// It is UMAC's (RFC 4418 §5.2, NH): a sum of products, none of which waits for another one.
    #[inline]
    pub(super) fn hash(&self, line: &[u8]) -> Option<u128> {
        if line.len() > LONGEST {
            return None;
        }
        let (mut hash, mut bytes) = (line.len() as u128, 0);
        let mut mix = |step: &[u8; STEP], [left, right]: &[u64; 2]| {
            let pair = u128::from_le_bytes(*step);
            let (low, high) = (pair as u64, (pair >> 64) as u64);
            bytes |= low | high;
            let sum = |half: u64, key: &u64| u128::from(all_without_digits(half).wrapping_add(*key));
            hash = hash.wrapping_add(sum(low, left) * sum(high, right));
        };
        let mut keys = self.steps.iter();
        let mut rest = line;
        while let Some((step, after)) = rest.split_first_chunk() {
            mix(step, keys.next()?);
            rest = after;
        }
        // The last bytes, with some of those before them if the line has as many.
        let mut short = [0; STEP];
        let last = line.last_chunk().unwrap_or_else(|| {
            short[..rest.len()].copy_from_slice(rest);
            &short
        });
        mix(last, keys.next()?);
        (bytes & eight(0x80) == 0).then_some(hash)
    }
}

/// Eight bytes of ASCII, with one digit for all.
fn all_without_digits(bytes: u64) -> u64 {
    // Each sum sets a byte's highest bit where the byte is at least `0`, and where it is more than `9`.
    let (from_zero, past_nine) = (bytes.wrapping_add(eight(0x80 - b'0')), bytes.wrapping_add(eight(0x80 - b'9' - 1)));
    let digits = (from_zero & !past_nine & eight(0x80)) >> 7;
    bytes & !(digits * 0x0f)
}

/// A hash that needs no more hashing.
#[derive(Debug, Default)]
pub(super) struct Hashed(u64);

impl Hasher for Hashed {
    fn write(&mut self, _: &[u8]) {}

    fn write_u128(&mut self, hash: u128) {
        self.0 = (hash >> 64) as u64 ^ hash as u64;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::super::names::Names;
    use super::super::sort::Sort;
    use super::*;

    #[test]
    fn digits_look_the_same_and_nothing_else_does() {
        for byte in 0..0x80 {
            assert_eq!(all_without_digits(eight(byte)), eight(without_digit(byte)), "{byte}");
        }
        let looks = Looks::of(Dull::of_looks(&Names::default()));
        let same = |one: &str, other: &str| looks.keys.hash(one.as_bytes()) == looks.keys.hash(other.as_bytes());
        assert!(same("window 123456789 sent", "window 987654321 sent"));
        for other in
            ["window 12345678 sent", "window 12345678a sent", "window 123456789 send", "window\x00123456789 sent"]
        {
            assert!(!same("window 123456789 sent", other), "{other}");
        }
        assert_eq!(looks.keys.hash("caf\u{e9}".as_bytes()), None);
    }

    #[test]
    fn a_name_with_digits_is_found_behind_any() {
        let mut names = Names::default();
        names.learn(Sort::Host, "box27");
        let mut looks = Looks::of(Dull::of_looks(&names));
        assert!(looks.is_dull(b"all bax11 built"));
        // It may be the name, which its look does not tell.
        assert!(!looks.is_dull(b"all box11 built"));
        assert!(!looks.is_dull(b"all box27 built"));
        assert!(looks.is_dull(b"all bax27 built"));
    }
}
