//! A walk over a line, for forms that are read piece by piece.
//!
//! A piece that does not fit leaves the walk anywhere within it: [`Walk::maybe`] goes back.

use super::begins;

/// As many as there are.
pub(crate) const MANY: usize = usize::MAX;

/// What is left of a line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Walk<'a>(pub(crate) &'a [u8]);

impl Walk<'_> {
    /// Goes over a word.
    pub(crate) fn word(&mut self, word: &str) -> bool {
        let fits = begins(self.0, word);
        if fits {
            self.0 = &self.0[word.len()..];
        }
        fits
    }

    /// Goes over the first of these words that fits.
    pub(crate) fn one(&mut self, words: &[&str]) -> bool {
        words.iter().any(|word| self.word(word))
    }

    /// Goes over bytes of a kind, at most so many. Says whether there are enough.
    pub(crate) fn some(&mut self, least: usize, most: usize, of: impl Fn(u8) -> bool) -> bool {
        let length = self.0.iter().take(most).take_while(|byte| of(**byte)).count();
        self.0 = &self.0[length..];
        length >= least
    }

    /// Goes over so many digits.
    pub(crate) fn digits(&mut self, count: usize) -> bool {
        self.some(count, count, |byte| byte.is_ascii_digit())
    }

    /// Goes over a piece, or stays where it is.
    pub(crate) fn maybe(&mut self, piece: impl FnOnce(&mut Self) -> bool) -> bool {
        let mut walk = *self;
        let fits = piece(&mut walk);
        if fits {
            *self = walk;
        }
        fits
    }

    /// Goes over what a time stamp says of its zone, if anything (RFC 3339 §5.6).
    pub(crate) fn zone(&mut self) {
        self.maybe(|walk| {
            let signed = |walk: &mut Self| walk.one(&["+", "-"]) && walk.digits(2);
            walk.word("Z")
                || signed(walk) && {
                    walk.word(":");
                    walk.digits(2)
                }
        });
    }
}

/// Whether a byte is a letter, a digit or a low line.
pub(crate) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Whether it is one of those, a full stop or a hyphen.
pub(crate) fn is_name(byte: u8) -> bool {
    is_word(byte) || matches!(byte, b'.' | b'-')
}
