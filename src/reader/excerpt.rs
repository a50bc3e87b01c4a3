//! The lines of a log that a report shows: picked from a stream, so that a log's length costs no memory.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use crate::model::excerpt::{Excerpt, Line};
use crate::text::{Decoder, Lines, MAX_LINE};

/// Lines that are shown; a log of no more is shown whole.
const LINES: u64 = 2000;

/// Bytes of text that are shown. A share of them for each line is what a line may have.
const BYTES: usize = 2 << 20;

/// Lines that are shown of a longer log's beginning, and of its end.
const EDGE: u64 = 40;

/// Lines that are marked.
const MARKED: usize = 300;

/// Lines that are shown before and after a marked one, if there is room.
const ROUND: u64 = 40;

/// Picks the lines of one log.
pub(crate) struct Excerpter {
    decoder: Decoder,
    lines: Lines,
    wanted: Wanted,
    kept: Vec<Line>,
}

/// Which lines are wanted.
struct Wanted {
    marks: BTreeSet<u64>,
    /// In order, with something between each and the next.
    ranges: Vec<RangeInclusive<u64>>,
    /// The range that comes next.
    at: usize,
    /// Bytes of one line.
    longest: usize,
}

impl Excerpter {
    /// For a log of so many lines, of which these are to be marked; the most important come first.
    pub(crate) fn new(total: u64, marks: impl IntoIterator<Item = u64>) -> Self {
        let mut some = BTreeSet::new();
        for mark in marks {
            if some.len() < MARKED {
                some.insert(mark);
            }
        }
        let wanted = Wanted::of(total, some);
        Self { decoder: Decoder::default(), lines: Lines::default(), wanted, kept: Vec::new() }
    }

    /// Takes the next piece.
    pub(crate) fn feed(&mut self, piece: &[u8]) {
        let Self { decoder, lines, wanted, kept } = self;
        lines.feed(decoder.decode(piece), |number, line| kept.extend(wanted.pick(number, line)));
    }

    /// What was picked.
    pub(crate) fn finish(mut self) -> Excerpt {
        let Self { lines, wanted, kept, .. } = &mut self;
        let total = lines.finish(|number, line| kept.extend(wanted.pick(number, line)));
        Excerpt { total, lines: self.kept }
    }
}

impl Wanted {
    fn of(total: u64, marks: BTreeSet<u64>) -> Self {
        let mut ranges: Vec<RangeInclusive<u64>> = Vec::new();
        if total <= LINES {
            ranges.push(1..=u64::MAX);
        } else {
            let room = (LINES - 2 * EDGE) / (marks.len() as u64).max(1);
            let round = (room.saturating_sub(1) / 2).min(ROUND);
            let near = marks.iter().map(|mark| mark.saturating_sub(round).max(1)..=mark.saturating_add(round));
            for next in std::iter::once(1..=EDGE).chain(near).chain([total - EDGE + 1..=total]) {
                match ranges.last_mut().filter(|last| *next.start() <= last.end() + 1) {
                    Some(last) => *last = *last.start()..=(*next.end()).max(*last.end()),
                    None => ranges.push(next),
                }
            }
        }
        let lines = usize::try_from(total.min(LINES)).unwrap_or(usize::MAX).max(1);
        Self { marks, ranges, at: 0, longest: (BYTES / lines).min(MAX_LINE - 1) }
    }

    fn pick(&mut self, number: u64, line: &[u8]) -> Option<Line> {
        while self.ranges.get(self.at)?.end() < &number {
            self.at += 1;
        }
        if !self.ranges[self.at].contains(&number) {
            return None;
        }
        let mut end = line.len().min(self.longest);
        // No character is cut in two.
        while end > 0 && line.get(end).is_some_and(|byte| byte & 0xc0 == 0x80) {
            end -= 1;
        }
        let text = String::from_utf8_lossy(&line[..end]).into_owned();
        Some(Line { number, text, cut: end < line.len(), marked: self.marks.contains(&number) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn excerpt(text: &[u8], marks: &[u64], step: usize) -> Excerpt {
        let total = text.split_inclusive(|byte| *byte == b'\n').count() as u64;
        let mut excerpter = Excerpter::new(total, marks.iter().copied());
        text.chunks(step).for_each(|piece| excerpter.feed(piece));
        excerpter.finish()
    }

    fn numbered(count: u64) -> Vec<u8> {
        (1..=count).map(|number| format!("line {number}\n")).collect::<String>().into_bytes()
    }

    #[test]
    fn a_short_log_is_whole() {
        for step in [1, 7, 1 << 20] {
            let shown = excerpt(b"one\r\ntwo\n\nf\xffour", &[2, 9], step);
            let texts: Vec<&str> = shown.lines.iter().map(|line| line.text.as_str()).collect();
            assert_eq!((shown.total, texts), (4, vec!["one", "two", "", "f\u{fffd}our"]));
            assert!(shown.marks(2) && !shown.marks(1) && !shown.marks(9));
        }
        assert_eq!(excerpt(&numbered(LINES), &[5], 4096).lines.len() as u64, LINES);
    }

    #[test]
    fn of_a_long_log_there_is_what_stands_round_the_marks() {
        let shown = excerpt(&numbered(10_000), &[5000, 5010, 9990], 4096);
        let numbers: Vec<u64> = shown.lines.iter().map(|line| line.number).collect();
        let expected: Vec<u64> = (1..=40).chain(4960..=5050).chain(9950..=10_000).collect();
        assert_eq!((shown.total, numbers), (10_000, expected));
        for line in &shown.lines {
            assert_eq!(line.text, format!("line {}", line.number));
            assert_eq!(line.marked, [5000, 5010, 9990].contains(&line.number));
        }
    }

    #[test]
    fn however_much_there_is_the_rest_is_left_out() {
        let marks: Vec<u64> = (0..9000).map(|at| 100 + at * 10).collect();
        let shown = excerpt(&numbered(100_000), &marks, 4096);
        assert!(shown.lines.len() as u64 <= LINES, "{}", shown.lines.len());
        assert_eq!(shown.lines.iter().filter(|line| line.marked).count(), MARKED);
        assert!(shown.marks(100), "the first are the most important");
        let wide = "ü".repeat(3 << 20);
        let shown = excerpt(wide.as_bytes(), &[1], 4096);
        let [line] = shown.lines.as_slice() else { panic!("{}", shown.lines.len()) };
        assert!(line.text.len() <= BYTES && line.cut && line.text.chars().all(|c| c == 'ü'));
        let many: Vec<u8> = format!("{}\n", "x".repeat(5000)).repeat(3000).into_bytes();
        let bytes: usize = excerpt(&many, &marks, 4096).lines.iter().map(|line| line.text.len()).sum();
        assert!(bytes <= BYTES, "{bytes}");
    }
}
