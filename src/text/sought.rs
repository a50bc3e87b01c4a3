//! Words that are looked for in every line of a log, each by its rarest byte.
//!
//! A search that is made ready first takes longer than the look at a whole line, and a word's first letter stands in most
//! lines.

/// Words to look for, and which of their bytes is the rarest.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sought {
    words: &'static str,
    rarest: usize,
}

impl Sought {
    /// Not empty.
    pub(crate) const fn new(words: &'static str) -> Self {
        let bytes = words.as_bytes();
        let (mut rarest, mut at) = (0, 1);
        while at < bytes.len() {
            if common(bytes[at]) < common(bytes[rarest]) {
                rarest = at;
            }
            at += 1;
        }
        Self { words, rarest }
    }

    pub(crate) const fn words(self) -> &'static str {
        self.words
    }

    /// Where the words stand first.
    #[inline]
    pub(crate) fn find(self, line: &[u8]) -> Option<usize> {
        let words = self.words.as_bytes();
        let rest = line.get(self.rarest..)?;
        // Most places fail by the last byte, too, which takes no call to tell.
        let (last, before) = words.split_last()?;
        let fits = |at: &usize| line.get(at + before.len()) == Some(last) && line[*at..].starts_with(before);
        memchr::memchr_iter(words[self.rarest], rest).find(fits)
    }

    /// Whether the words stand in a line.
    #[inline]
    pub(crate) fn is_in(self, line: &str) -> bool {
        self.find(line.as_bytes()).is_some()
    }

    /// What stands before and behind the words.
    #[inline]
    pub(crate) fn split(self, line: &str) -> Option<(&str, &str)> {
        self.find(line.as_bytes()).map(|at| (&line[..at], &line[at + self.words.len()..]))
    }
}

/// How common a byte is in what programs print; rough classes will do.
pub(crate) const fn common(byte: u8) -> usize {
    match byte {
        b' ' => 9,
        b'e' | b't' | b'a' | b'o' | b'i' | b'n' | b's' | b'r' | b'h' | b'l' | b'd' => 8,
        b'0'..=b'9' => 7,
        b'a'..=b'z' => 5,
        b'.' | b':' | b',' | b'-' => 4,
        b'A'..=b'Z' => 2,
        _ => 1,
    }
}

/// Whether a line begins so. Nearly every one fails by its first byte, which takes no call to tell.
#[inline]
pub(crate) fn begins(line: &[u8], words: &str) -> bool {
    match words.as_bytes() {
        [] => true,
        [first, ..] => line.first() == Some(first) && line.starts_with(words.as_bytes()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn words_are_found_where_they_stand(line in "[ab: -]{0,12}") {
            for words in ["a", "ab", "a: ", " -- ", "ab:ab", "-a"] {
                let sought = Sought::new(words);
                prop_assert_eq!(sought.find(line.as_bytes()), line.find(words));
                prop_assert_eq!(sought.split(&line), line.split_once(words));
                prop_assert_eq!(begins(line.as_bytes(), words), line.starts_with(words));
            }
            prop_assert!(begins(line.as_bytes(), ""));
        }
    }

    #[test]
    fn what_is_rare() {
        assert_eq!(Sought::new("tinysshd: ").rarest, "tinysshd".len());
        assert_eq!(Sought::new("dropbear").rarest, "dro".len());
    }
}
