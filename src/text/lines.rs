//! Splitting a stream of bytes into numbered lines, in bounded memory.

use std::ops::Range;

use memchr::{memchr, memchr_iter, memrchr};

/// What is kept of one line, in bytes; the rest of a longer line is passed over.
pub(crate) const MAX_LINE: usize = 1 << 20;

/// Splits a stream into lines and numbers them as an editor does.
///
/// A line ends with LF or CR LF. Where a file's beginning holds CR and no LF at all, CR ends a line (as on
/// old Macs, and in some terminals' captures).
#[derive(Debug, Default)]
pub(crate) struct Lines {
    number: u64,
    carry: Vec<u8>,
    open: bool,
    end: Option<u8>,
}

impl Lines {
    /// As if so many lines had come.
    #[cfg(test)]
    pub(crate) fn behind(number: u64) -> Self {
        Self { number, end: Some(b'\n'), ..Self::default() }
    }

    /// Takes the next piece of the stream and hands each line that it completes to `each`.
    pub(crate) fn feed(&mut self, piece: &[u8], mut each: impl FnMut(u64, &[u8])) {
        self.sift(piece, |number, line, _| each(number, line));
    }

    /// As [`Lines::feed`], and tells where in the piece a line stands. `None` for one that began in an earlier piece.
    #[inline]
    pub(crate) fn sift(&mut self, piece: &[u8], mut each: impl FnMut(u64, &[u8], Option<Range<usize>>)) {
        if piece.is_empty() {
            return;
        }
        let end = self.end.unwrap_or_else(|| {
            self.end = line_end(piece);
            self.end.unwrap_or(b'\n')
        });
        let mut start = 0;
        for at in memchr_iter(end, piece) {
            let line = &piece[start..at];
            self.number += 1;
            if self.carry.is_empty() {
                each(self.number, trimmed(&line[..line.len().min(MAX_LINE)]), Some(start..at));
            } else {
                self.keep(line);
                each(self.number, trimmed(&self.carry), None);
                self.carry.clear();
            }
            start = at + 1;
            self.open = false;
        }
        if start < piece.len() {
            self.keep(&piece[start..]);
            self.open = true;
        }
    }

    /// Passes over the lines of a piece but those in which `find` finds something, and hands these to `each` until
    /// that has had enough. Returns how much of the piece is done, and how many lines were passed over.
    pub(crate) fn search(
        &mut self,
        piece: &[u8],
        find: impl Fn(&[u8], usize) -> Option<usize>,
        mut each: impl FnMut(u64, &[u8]) -> bool,
    ) -> (usize, u64) {
        let end = self.end.unwrap_or(b'\n');
        let mut at = 0;
        let mut passed = 0;
        if self.open {
            let Some(first) = memchr(end, piece) else { return (0, 0) };
            at = first + 1;
            // The line that began in an earlier piece is whole only now.
            self.keep(&piece[..first]);
            self.number += 1;
            self.open = false;
            let line = std::mem::take(&mut self.carry);
            if find(&line, 0).is_some() {
                if !each(self.number, trimmed(&line)) {
                    return (at, passed);
                }
            } else {
                passed += 1;
            }
            self.carry = line;
            self.carry.clear();
        }
        let Some(last) = memrchr(end, &piece[at..]).map(|last| at + last + 1) else { return (at, passed) };
        let whole = &piece[..last];
        while at < last {
            let hit = find(whole, at);
            let line = hit.map_or(last, |hit| memrchr(end, &whole[at..hit]).map_or(at, |before| at + before + 1));
            let over = memchr_iter(end, &whole[at..line]).count() as u64;
            self.number += over;
            passed += over;
            at = line;
            if let Some(hit) = hit {
                let after = memchr(end, &whole[hit..]).map_or(last, |after| hit + after + 1);
                let mut more = true;
                self.sift(&whole[line..after], |number, line, _| more = each(number, line));
                at = after;
                if !more {
                    break;
                }
            }
        }
        (at, passed)
    }

    /// Counts a line that is none of the stream's. Nothing may be open.
    pub(crate) fn count(&mut self) -> u64 {
        self.number += 1;
        self.number
    }

    /// How many lines have ended.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// Hands out the last line if nothing ended it, and returns the number of lines.
    pub(crate) fn finish(&mut self, mut each: impl FnMut(u64, &[u8])) -> u64 {
        if std::mem::take(&mut self.open) {
            self.number += 1;
            each(self.number, trimmed(&self.carry));
            self.carry = Vec::new();
        }
        self.number
    }

    fn keep(&mut self, bytes: &[u8]) {
        let room = MAX_LINE - self.carry.len().min(MAX_LINE);
        self.carry.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }
}

/// What ends the lines of a file that begins so; `None` where that is not to be seen yet.
pub(crate) fn line_end(piece: &[u8]) -> Option<u8> {
    if memchr(b'\n', piece).is_some() {
        return Some(b'\n');
    }
    // At the very end of a piece, a CR may be the first half of CR LF.
    let mut after = memchr_iter(b'\r', piece).filter_map(|at| piece.get(at + 1));
    after.any(|next| *next != b'\r').then_some(b'\r')
}

/// A line without the CRs at its end.
fn trimmed(mut line: &[u8]) -> &[u8] {
    while let [rest @ .., b'\r'] = line {
        line = rest;
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(bytes: &[u8], step: usize) -> Vec<(u64, Vec<u8>)> {
        let mut lines = Lines::default();
        let mut seen = Vec::new();
        for piece in bytes.chunks(step) {
            lines.feed(piece, |number, line| seen.push((number, line.to_vec())));
        }
        lines.finish(|number, line| seen.push((number, line.to_vec())));
        seen
    }

    #[test]
    fn lines_are_numbered_whatever_the_pieces() {
        for step in 1..9 {
            let seen = split(b"one\r\n\ntwo\r\r\nthree", step);
            let texts: Vec<_> = seen.iter().map(|(_, line)| line.as_slice()).collect();
            assert_eq!(texts, [b"one".as_slice(), b"", b"two", b"three"]);
            assert_eq!(seen.last().map(|(number, _)| *number), Some(4));
        }
    }

    #[test]
    fn a_file_of_carriage_returns() {
        assert_eq!(split(b"one\rtwo\r", 100).len(), 2);
    }

    #[test]
    fn a_long_line_is_cut_and_still_one() {
        let mut bytes = vec![b'x'; 3 * MAX_LINE];
        bytes.extend_from_slice(b"\nnext\n");
        let seen = split(&bytes, 4096);
        assert_eq!(seen.len(), 2);
        assert_eq!(seen[0].1.len(), MAX_LINE);
        assert_eq!(seen[1], (2, b"next".to_vec()));
    }
}
