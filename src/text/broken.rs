//! The width at which a terminal broke a source's lines, as the lines themselves show it.

/// Where a terminal broke lines, in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Width {
    /// Of the words: a margin was put before each line afterwards, or there is none.
    Words(usize),
    /// Of the whole line: what goes on in the next has no margin.
    Lines(usize),
}

/// How a line stands to the width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Filled {
    /// It is as wide, and ends within words or before a blank.
    Whole,
    /// It is as wide by the blank that it ends in.
    ByBlank,
    /// It lacks one character: perhaps the blank at which it was broken.
    AllButOne,
}

/// Lines that one line is broken into at most, but the first: a proposal of `-vv` at forty characters.
pub(crate) const PIECES: usize = 24;

impl Width {
    /// Whether a line fills it, whose words begin at this byte.
    pub(crate) fn filled(self, line: &str, words: usize) -> Option<Filled> {
        let (text, width) = match self {
            Self::Words(width) => (&line[words..], width),
            Self::Lines(width) => (line, width),
        };
        let length = text.trim_end().chars().count();
        match width.checked_sub(length) {
            Some(0) => Some(Filled::Whole),
            Some(1) if !text.ends_with([' ', '\u{a0}']) => Some(Filled::AllButOne),
            Some(_) if text.chars().count() == width => Some(Filled::ByBlank),
            _ => None,
        }
    }

    /// Whether a blank stood where a line was broken, which the second half begins with: its words begin one further than
    /// those of the first.
    pub(crate) fn begins_with_blank(self, first: usize, second: usize) -> bool {
        second
            == 1 + match self {
                Self::Words(_) => first,
                Self::Lines(_) => 0,
            }
    }

    /// Whether a line can be the second half of another: `bare` where no margin stands before its words.
    pub(crate) fn goes_on(self, bare: bool) -> bool {
        bare || matches!(self, Self::Words(_))
    }
}

/// A line of a source's beginning.
pub(super) struct Seen {
    /// Its words.
    pub(super) words: String,
    /// It has a level.
    pub(super) level: bool,
    /// How wide the whole of it is, without blanks at its end.
    pub(super) line: usize,
    /// It ends in a blank.
    pub(super) blank: bool,
    /// It has neither a margin nor a level.
    pub(super) bare: bool,
}

/// Widths at which terminals break lines, in characters.
const WIDTHS: std::ops::RangeInclusive<usize> = 40..=250;

/// Lines with a level and of one length, the longest of all and each with a line without a level behind it, that show
/// a width where no fingerprint is broken.
const ALIKE: usize = 3;

/// The width at which lines were broken.
pub(super) fn broken_at(lines: &[Seen]) -> Option<Width> {
    // Some terminals keep the blank at which they broke a line, others do not.
    [false, true].into_iter().find_map(|kept| {
        let blank = |line: &Seen| usize::from(kept && line.blank);
        let words = |line: &Seen| line.words.chars().count() + blank(line);
        let words = shown_by(lines, words, |next| !next.level && !next.words.is_empty());
        let whole = || shown_by(lines, |line| line.line + blank(line), |next| next.bare && !next.words.is_empty());
        words.map(Width::Words).or_else(|| whole().map(Width::Lines))
    })
}

/// The longest length, if lines of just that length go on in the next, and one of them breaks a fingerprint, which has
/// one length only, or there are several. A line that is as long by chance does no harm where it is one of few.
fn shown_by(lines: &[Seen], length: impl Fn(&Seen) -> usize, goes_on: impl Fn(&Seen) -> bool) -> Option<usize> {
    let width = lines.iter().map(&length).max().filter(|width| WIDTHS.contains(width))?;
    let (mut proven, mut alike, mut chance) = (false, 0, 0);
    for (at, line) in lines.iter().enumerate().filter(|(_, line)| length(line) == width) {
        match lines.get(at + 1).filter(|next| goes_on(next)) {
            Some(next) => {
                proven |= line.level && breaks_a_fingerprint(&line.words, &next.words);
                alike += usize::from(line.level);
            }
            None => chance += 1,
        }
    }
    ((proven || alike >= ALIKE) && alike > chance).then_some(width)
}

/// Base64 digits of a SHA-256 (43, without padding).
const FINGERPRINT: usize = 43;

fn breaks_a_fingerprint(line: &str, next: &str) -> bool {
    let base64 = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/');
    let Some((_, first)) = line.rsplit_once("SHA256:") else { return false };
    let rest = next.split(' ').next().unwrap_or_default();
    first.len() + rest.len() == FINGERPRINT
        && first.len() < FINGERPRINT
        && first.chars().chain(rest.chars()).all(base64)
}
