//! How lines look but for their digits: of the many in a long log that differ in numbers alone, one is looked through.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, Hasher, RandomState};

use memchr::memchr;

use super::dull::{Dull, Words, without_digit};
use super::follows::Follows;
use super::look::Look;
use super::names::Names;
use super::plain::plain;
use super::private_key::Block;
use super::scan::scan;
use super::{dump, words};

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

/// What no byte of ASCII has.
const HIGH: u64 = eight(0x80);

/// Tells dull lines by their looks.
#[derive(Debug)]
pub(super) struct Looks {
    /// It takes all digits for one, so what it says of a line is true of all that look the same.
    dull: Dull,
    /// The names that are known, for lines that are dull if none of these stands in them.
    names: Words,
    /// By the hash of a look.
    known: HashMap<u128, Known, BuildHasherDefault<Hashed>>,
    keys: Keys,
    /// Looks of dull lines.
    all: Vec<Next>,
    /// The last dull line's.
    last: usize,
}

/// What is known of a look.
#[derive(Clone, Copy, Debug)]
enum Known {
    /// Such lines are dull; where it stands among those that are.
    Dull(usize),
    /// They seem not to be. Only if there is another one is it worth a closer look.
    Once,
    /// They are not.
    Not,
}

/// A look, and where the one stands that came behind it the last time: many lines are known by that alone.
#[derive(Debug)]
struct Next {
    look: Look,
    next: usize,
}

impl Looks {
    /// For logs with these names.
    pub(super) fn of(names: &Names) -> Self {
        let dull = Dull::of_looks(names);
        Self {
            names: Words::of_names(names, dull.spelt()),
            dull,
            known: HashMap::default(),
            keys: Keys::default(),
            all: Vec::new(),
            last: 0,
        }
    }

    /// The bytes of the dull lines with which a block begins, as far as their looks tell. `end` is what ends a line.
    pub(super) fn dull(&mut self, block: &[u8], end: u8) -> usize {
        let mut at = 0;
        while let Some(length) = self.dull_line(&block[at..], end) {
            at += length;
        }
        at
    }

    /// The bytes of a dull line.
    #[inline]
    fn dull_line(&mut self, text: &[u8], end: u8) -> Option<usize> {
        if let Some(Next { next, .. }) = self.all.get(self.last)
            && let Some(Next { look, .. }) = self.all.get(*next)
            && look.begins(text)
        {
            self.last = *next;
            return Some(look.length());
        }
        let length = memchr(end, text)?;
        let line = &text[..length];
        let hash = self.keys.hash(line)?;
        let known = self.known.get(&hash).copied();
        let known = match known {
            Some(Known::Dull(_) | Known::Not) => known,
            _ => Some(self.look_at(line, &text[..=length], hash, known.is_some())),
        };
        let Some(Known::Dull(look)) = known else { return None };
        if let Some(Next { next, .. }) = self.all.get_mut(self.last) {
            *next = look;
        }
        self.last = look;
        Some(length + 1)
    }

    /// Looks at a line whose look is new, or at a second one.
    fn look_at(&mut self, line: &[u8], whole: &[u8], hash: u128, second: bool) -> Known {
        if self.known.len() >= LOOKS {
            self.known.clear();
            self.all.clear();
        }
        let look: String = line.iter().map(|byte| char::from(without_digit(*byte))).collect();
        let dull = match second {
            true => {
                let line = String::from_utf8_lossy(line);
                !self.dull.is_full() && !self.names.any(look.as_bytes()) && is_bare(&line, &look)
            }
            false => self.dull.is(&look),
        };
        let known = match (dull, second) {
            (true, _) => Known::Dull(self.all.len()),
            (false, true) => Known::Not,
            (false, false) => Known::Once,
        };
        if let Known::Dull(next) = known {
            self.all.push(Next { look: Look::of(whole), next });
        }
        self.known.insert(hash, known);
        known
    }
}

/// Digits that tell as little as can be: of them there are addresses and ports, and none that everybody has; and names that
/// no program has.
const DIGITS: [&str; 2] = ["1", "6"];

/// What is something else with other digits: the beginning of a fingerprint, and characters that are spelt out.
const SPELT: &[&str] = &["SHA0", "%", "\\0", "\\x", "\\u", "&#"];

/// Whether nothing is found in a line that has this look, whatever its digits are, if no name that is known stands in it;
/// and it tells nothing of the next line.
fn is_bare(line: &str, look: &str) -> bool {
    let [line, look] = [line, look].map(|text| text.strip_suffix('\r').unwrap_or(text));
    let mut follows = Follows::default();
    follows.take(line);
    let empty = |line: &str| scan(line, &Names::default()).is_empty();
    !follows.is_open()
        && !SPELT.iter().any(|spelt| look.contains(spelt))
        && matches!(plain(line), Cow::Borrowed(_))
        && !dump::is_row(line)
        && !Block::may_begin(line)
        && !words::says_root(line)
        && empty(line)
        && DIGITS.iter().all(|digit| empty(&look.replace('0', digit)))
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
        (bytes & HIGH == 0).then_some(hash)
    }
}

/// Eight bytes of ASCII, with one digit for all.
#[inline]
fn all_without_digits(bytes: u64) -> u64 {
    const FROM_ZERO: u64 = eight(0x80 - b'0');
    const PAST_NINE: u64 = eight(0x80 - b'9' - 1);
    // Each sum sets a byte's highest bit where the byte is at least `0`, and where it is more than `9`.
    let digits = (bytes.wrapping_add(FROM_ZERO) & !bytes.wrapping_add(PAST_NINE) & HIGH) >> 7;
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
    use super::super::sort::Sort;
    use super::*;

    #[test]
    fn digits_look_the_same_and_nothing_else_does() {
        for byte in 0..0x80 {
            assert_eq!(all_without_digits(eight(byte)), eight(without_digit(byte)), "{byte}");
        }
        let looks = Looks::of(&Names::default());
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
        let mut looks = Looks::of(&names);
        let mut is_dull = |line: &str| looks.dull(format!("{line}\nnext").as_bytes(), b'\n') == line.len() + 1;
        assert!(is_dull("all bax11 built"));
        // It may be the name, which its look does not tell.
        assert!(!is_dull("all box11 built"));
        assert!(!is_dull("all box27 built"));
        assert!(is_dull("all bax27 built"));
    }

    #[test]
    fn dull_lines_end_before_others_and_at_the_last_end() {
        let mut looks = Looks::of(&Names::default());
        let dull = "built 1 of 2\n\nall 345 built and well, it seems\n";
        let block = |rest: &str| format!("{}{rest}", dull.repeat(3));
        for _ in 0..2 {
            for rest in ["", "built 1 of 2", "built 1 of 2, said mona@box\nbuilt 1 of 2\n", "caf\u{e9}\n"] {
                assert_eq!(looks.dull(block(rest).as_bytes(), b'\n'), 3 * dull.len(), "{rest}");
            }
            assert_eq!(looks.dull(b"built 1 of 2\rbuilt 3 of 4\n", b'\r'), 13);
        }
    }

    #[test]
    fn what_holds_nothing_whatever_its_digits_is_dull_the_second_time() {
        let mut names = Names::default();
        names.learn(Sort::Host, "box27");
        names.learn_part("key7");
        let mut looks = Looks::of(&names);
        let mut is_dull = |line: &str| looks.dull(format!("{line}\n").as_bytes(), b'\n') == line.len() + 1;
        for line in ["src/main.c:12: warning: x", "DEBUG:transport:[chan 7] a.b", "GET /all/7 HTTP/1.1", "0x1f / 2"] {
            assert!(!is_dull(line) && is_dull(line) && is_dull(&line.replace(['1', '7'], "3")), "{line}");
        }
        for line in [
            "at 127.0.0.1 now",
            "connect to port 2222",
            "a/x at [b]:2222 now",
            "/srv/key8/x",
            "see box11/x",
            "> 0000  61 0a 62 0a 61 62 63 64  a.b.abcd",
            "x/y $ whoami",
            "/x: 2@3",
            "RSA/x SHA512:",
            "RSA/x SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s",
            "x/mona%20box.corp",
        ] {
            assert!((0..3).all(|_| !is_dull(line)), "{line}");
        }
    }
}
