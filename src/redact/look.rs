//! How one line looks but for its digits, in a form that is quickly compared with what stands in a log.

/// Bytes that are compared together.
const STEP: usize = 16;

/// A line of ASCII with its end, with one digit for all.
#[derive(Debug)]
pub(super) struct Look {
    steps: Box<[Step]>,
    /// Of the line with its end, in bytes.
    length: usize,
}

/// Some of its bytes, in two halves.
#[derive(Debug, Default)]
struct Step {
    /// As they are, with zeros for digits.
    bytes: [u64; 2],
    /// What makes more than 15 of what is more than a digit beyond its zero: 6 for each digit, 0 for all other bytes.
    beyond: [u64; 2],
    /// Bits that tell another look: of a digit the upper four, of another byte all, of what is behind the line none.
    telling: [u64; 2],
}

impl Look {
    /// Of a line with its end.
    pub(super) fn of(line: &[u8]) -> Self {
        Self { steps: line.chunks(STEP).map(Step::of).collect(), length: line.len() }
    }

    /// Of the line with its end, in bytes.
    pub(super) fn length(&self) -> usize {
        self.length
    }

    /// Whether a line that looks so stands at the beginning of a text. Where that ends soon, it can't tell.
    #[inline]
    pub(super) fn begins(&self, text: &[u8]) -> bool {
        let (mut other, mut rest) = (0, text);
        for step in &self.steps {
            let Some((bytes, after)) = rest.split_first_chunk() else { return false };
            other |= step.other(bytes);
            rest = after;
        }
        other == 0
    }
}

impl Step {
    fn of(bytes: &[u8]) -> Self {
        let halves = |each: fn(u8) -> u8| {
            let mut step = [0; STEP];
            step.iter_mut().zip(bytes).for_each(|(to, byte)| *to = each(*byte));
            split(&step)
        };
        Self {
            bytes: halves(|byte| if byte.is_ascii_digit() { b'0' } else { byte }),
            beyond: halves(|byte| if byte.is_ascii_digit() { 6 } else { 0 }),
            telling: halves(|byte| if byte.is_ascii_digit() { 0xf0 } else { 0xff }),
        }
    }

    /// Bits by which some bytes differ in more than a digit; 0 for none.
    #[inline]
    fn other(&self, bytes: &[u8; STEP]) -> u64 {
        let bytes = split(bytes);
        let half = |half: usize| {
            let other = bytes[half] ^ self.bytes[half];
            // What carries into the next byte has told by itself already.
            (other | other.wrapping_add(self.beyond[half])) & self.telling[half]
        };
        half(0) | half(1)
    }
}

#[inline]
fn split(step: &[u8; STEP]) -> [u64; 2] {
    let pair = u128::from_le_bytes(*step);
    [pair as u64, (pair >> 64) as u64]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_digit_is_like_another_and_nothing_else_is() {
        let room = [b'7'; STEP];
        for line in ["\n", "all 12 built\n", "fifteen bytes, \n", "all 12 of 345 were built, says 6\n"] {
            let look = Look::of(line.as_bytes());
            let begins = |text: &str| look.begins(&[text.as_bytes(), &room].concat());
            assert_eq!(look.length(), line.len());
            assert!(begins(line) && begins(&line.replace(['1', '3'], "9")), "{line}");
            assert!(!look.begins(&line.as_bytes()[1..]) && !begins(&line.replace('\n', "0")), "{line}");
            for (at, _) in line.char_indices() {
                for other in 0..=u8::MAX {
                    let mut text = line.as_bytes().to_vec();
                    let same = text[at] == other || text[at].is_ascii_digit() && other.is_ascii_digit();
                    text[at] = other;
                    assert_eq!(look.begins(&[text, room.to_vec()].concat()), same, "{line} {at} {other}");
                }
            }
        }
    }
}
