//! Keys of tables that many lines are looked up in: hashes already, or short and of our own making. What a client chose
//! gets its hash by `RandomState`, or stands in a table where two with the same do no harm.

use std::hash::{BuildHasherDefault, Hasher};

/// A table with such keys.
pub(super) type Table<K, V> = std::collections::HashMap<K, V, BuildHasherDefault<Hashed>>;

/// Hashes that were made elsewhere.
pub(super) type Hashes = std::collections::HashSet<u64, BuildHasherDefault<Hashed>>;

/// A hash that costs next to nothing.
#[derive(Debug, Default)]
pub(super) struct Hashed(u64);

/// The golden ratio's digits, an odd number without a pattern.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

impl Hasher for Hashed {
    fn write(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        while let Some((eight, after)) = rest.split_first_chunk() {
            self.write_u64(u64::from_le_bytes(*eight));
            rest = after;
        }
        // The last bytes, with some of those before them if there are as many: a copy of so few costs more than all else.
        let last = bytes.last_chunk().map_or_else(
            || rest.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)),
            |eight| u64::from_le_bytes(*eight),
        );
        self.write_u64(last);
        self.write_u64(bytes.len() as u64);
    }

    fn write_u8(&mut self, number: u8) {
        self.write_u64(u64::from(number));
    }

    fn write_u32(&mut self, number: u32) {
        self.write_u64(u64::from(number));
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = (self.0.rotate_left(29) ^ number).wrapping_mul(SPREAD);
    }

    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }

    fn write_isize(&mut self, number: isize) {
        self.write_u64(number as u64);
    }

    fn finish(&self) -> u64 {
        // The low bits choose the place, and a product's are the poorest.
        self.0.rotate_left(20)
    }
}

/// The hash of a text and a number.
pub(super) fn of(text: &str, number: u64) -> u64 {
    let mut hashed = Hashed(number);
    hashed.write(text.as_bytes());
    hashed.finish()
}
