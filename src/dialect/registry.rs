//! The words of all dialects in one table: which rows and marks a line may be for, and what it says by them.

use std::cell::OnceCell;
use std::cmp::Reverse;
use std::ops::Range;
use std::sync::LazyLock;

use super::DIALECTS;
use super::finder::Finder;
use super::table::{Head, Level, Mark, Read, Row};
use crate::model::Kind;

/// Whose a word is.
#[derive(Clone, Copy)]
pub(super) enum Word {
    /// Of a row of the dialect of this number.
    Row(usize, &'static Row),
    /// A mark of the dialect of this number.
    Mark(usize, &'static Mark),
    /// What a git host's greeting begins with.
    Greeting,
    /// Part of a git host's refusal, or of a command that somebody typed: it stands anywhere.
    Loose,
}

impl Word {
    /// Whether it begins what a line says.
    pub(super) fn begins(self, logged: bool) -> bool {
        match self {
            Self::Row(_, row) => row.stands_first() && row.level.fits(logged),
            Self::Mark(_, mark) => mark.first && !logged,
            Self::Greeting => !logged,
            Self::Loose => false,
        }
    }

    /// Whether it may stand anywhere in a line.
    pub(super) fn is_loose(self) -> bool {
        match self {
            Self::Row(_, row) => !row.stands_first(),
            Self::Mark(_, mark) => !mark.first,
            Self::Greeting => false,
            Self::Loose => true,
        }
    }

    /// Whether it may stand behind another program's level, too: anywhere, or behind what only its own speaker tells.
    pub(super) fn is_behind_any_level(self) -> bool {
        let behind = match self {
            Self::Row(number, row) if row.level != Level::Bare => DIALECTS[number].levels.is_empty(),
            // What an exception says stands behind its class.
            Self::Row(_, row) => super::python::ROWS.iter().any(|exception| exception.words == row.words),
            _ => false,
        };
        self.is_loose() || behind
    }

    /// The dialect whose word it is, if it tells who speaks.
    fn tells(self) -> Option<usize> {
        match self {
            Self::Row(number, row) => row.signs.then_some(number),
            Self::Mark(number, _) => Some(number),
            Self::Greeting | Self::Loose => None,
        }
    }
}

/// What each line of uptime's and w's holds.
pub(super) const LOAD: &str = " load average: ";

/// All words, by number: dialect by dialect its rows, the one to be tried first in front, and its marks.
pub(super) struct Registry {
    words: Vec<Word>,
    /// The numbers of each dialect's rows.
    rows: Vec<Range<u16>>,
    finder: Finder,
}

static REGISTRY: LazyLock<Registry> = LazyLock::new(Registry::new);

impl Registry {
    pub(super) fn get() -> &'static Self {
        &REGISTRY
    }

    fn new() -> Self {
        let mut words = Vec::new();
        let mut texts = Vec::new();
        let mut rows = Vec::new();
        for (number, dialect) in DIALECTS.iter().enumerate() {
            let begin = words.len() as u16;
            let mut own: Vec<&'static Row> = dialect.all().collect();
            own.sort_by_key(|row| row.place());
            words.extend(own.iter().map(|row| Word::Row(number, row)));
            texts.extend(own.iter().map(|row| row.words));
            rows.push(begin..words.len() as u16);
            words.extend(dialect.marks.iter().map(|mark| Word::Mark(number, mark)));
            texts.extend(dialect.marks.iter().map(|mark| mark.words));
        }
        let loose = || {
            let shells = crate::shell::COMMANDS.iter().copied().chain(crate::shell::places());
            crate::provider::parts().chain(shells).chain([LOAD])
        };
        words.extend(crate::provider::beginnings().map(|_| Word::Greeting).chain(loose().map(|_| Word::Loose)));
        texts.extend(crate::provider::beginnings().chain(loose()));
        let finder = Finder::new(texts.iter().copied());
        Self { finder, words, rows }
    }

    /// The words that a text begins with: of one dialect the row to be tried first in front.
    #[inline]
    pub(super) fn at<'a>(&'a self, text: &'a [u8]) -> impl Iterator<Item = Word> + 'a {
        self.finder.at(text).map(|number| self.words[usize::from(number)])
    }

    /// The words that stand in a text, and where. Those of two letters are left out.
    #[inline]
    pub(super) fn within<'a>(&'a self, text: &'a [u8]) -> impl Iterator<Item = (usize, Word)> + 'a {
        self.finder.within(text).map(|(at, number)| (at, self.words[usize::from(number)]))
    }

    /// Where words of two letters stand in a text.
    pub(super) fn short_within(&self, text: &[u8]) -> impl Iterator<Item = usize> {
        self.finder.short_within(text)
    }

    /// The rows of the dialect of this number, the one to be tried first in front.
    pub(super) fn rows(&self, number: usize) -> impl Iterator<Item = &'static Row> + '_ {
        let Range { start, end } = self.rows[number];
        self.words[usize::from(start)..usize::from(end)].iter().filter_map(|word| match word {
            Word::Row(_, row) => Some(*row),
            _ => None,
        })
    }

    /// A look at a line.
    pub(super) fn look<'a>(&self, line: &'a str) -> Seen<'a> {
        let mut numbers: Vec<u16> = self.finder.within(line.as_bytes()).map(|(_, number)| number).collect();
        numbers.extend(self.finder.short());
        numbers.sort_unstable();
        numbers.dedup();
        Seen { line, numbers, heads: OnceCell::new() }
    }
}

impl Row {
    /// Of two rows whose words both stand first, the longer is tried first, and of two of one length the one that
    /// asks for a level; words within a line come last, as they were written down.
    fn place(&self) -> (bool, Reverse<usize>, bool) {
        match self.stands_first() {
            true => (false, Reverse(self.words.len()), self.level == Level::Any),
            false => (true, Reverse(0), false),
        }
    }

    /// Its words are the first of what a line says.
    pub(super) fn stands_first(&self) -> bool {
        matches!(self.read, Read::After(_))
    }
}

/// A look at a line, for all that is asked of it.
pub(crate) fn look(line: &str) -> Seen<'_> {
    Registry::get().look(line)
}

/// A line, and the words that may stand in it. Each row and each mark looks itself how they do.
pub(crate) struct Seen<'a> {
    line: &'a str,
    /// Of the words, in order.
    numbers: Vec<u16>,
    /// The line as each dialect takes it apart.
    heads: OnceCell<Vec<Head<'a>>>,
}

impl<'a> Seen<'a> {
    pub(crate) fn line(&self) -> &'a str {
        self.line
    }

    pub(super) fn words(&self) -> impl Iterator<Item = Word> + '_ {
        self.numbers.iter().map(|number| REGISTRY.words[usize::from(*number)])
    }

    /// The marks of all dialects, each with its dialect's number.
    pub(super) fn marks(&self) -> impl Iterator<Item = (usize, &'static Mark)> + '_ {
        self.words().filter_map(|word| match word {
            Word::Mark(number, mark) => Some((number, mark)),
            _ => None,
        })
    }

    /// Rows of a dialect, the one to be tried first in front.
    pub(super) fn rows(&self, number: usize) -> impl Iterator<Item = &'static Row> + '_ {
        let rows = &REGISTRY.rows[number];
        let from = self.numbers.partition_point(|number| *number < rows.start);
        let own = self.numbers[from..].iter().take_while(|number| **number < rows.end);
        own.filter_map(|number| match REGISTRY.words[usize::from(*number)] {
            Word::Row(_, row) => Some(row),
            _ => None,
        })
    }

    /// Whether it holds words of a git host's: a greeting's, a refusal's.
    pub(super) fn is_hosts(&self) -> bool {
        self.words().any(|word| matches!(word, Word::Greeting | Word::Loose))
    }

    /// The line, taken apart as a dialect does.
    pub(super) fn head(&self, number: usize) -> Head<'a> {
        self.heads.get().map_or_else(|| (DIALECTS[number].head)(self.line), |heads| heads[number])
    }

    /// Whether it stands behind the level or the name of each dialect, in their order.
    pub(super) fn logged(&self) -> impl Iterator<Item = bool> + '_ {
        let heads = || DIALECTS.iter().map(|dialect| (dialect.head)(self.line)).collect();
        self.heads.get_or_init(heads).iter().map(|head| head.logged)
    }

    /// What it says by a dialect's words, if anything of interest, and the row that it fits.
    pub(super) fn read(&self, number: usize) -> Option<(Kind, Head<'a>, &'static Row)> {
        self.read_by(number, self.head(number))
    }

    /// As [`Seen::read`], of the line from `at` on.
    pub(super) fn read_from(&self, number: usize, at: usize) -> Option<(Kind, Head<'a>, &'static Row)> {
        self.read_by(number, (DIALECTS[number].head)(self.line.get(at..)?))
    }

    fn read_by(&self, number: usize, head: Head<'a>) -> Option<(Kind, Head<'a>, &'static Row)> {
        self.rows(number).find_map(|row| row.reads(&head).map(|kind| (kind, head, row)))
    }

    /// What it says if it has lost the level before it, and only this dialect has such words.
    pub(super) fn read_headless(&self, number: usize) -> Option<Kind> {
        let head = Head { logged: true, ..Head::bare(self.line) };
        self.rows(number).filter(|row| row.signs && row.level == Level::Logged).find_map(|row| row.reads(&head))
    }

    /// Whose line this can only be: a mark's, else a telling row's; the speaker before others.
    pub(super) fn owner(&self, speaker: Option<usize>) -> Option<usize> {
        let mut candidates: Vec<usize> = self.words().filter_map(Word::tells).collect();
        candidates.sort_unstable_by_key(|number| (Some(*number) != speaker, *number));
        candidates.dedup();
        let marked = |number: &usize| self.marks().any(|(whose, mark)| whose == *number && mark.fits(self.line));
        let told = |number: &usize| self.read(*number).is_some_and(|(_, _, row)| row.signs);
        let mut found = candidates.iter();
        found.find(|number| marked(number)).or_else(|| candidates.iter().find(|number| told(number))).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_true_of_its_sample() {
        for (number, dialect) in DIALECTS.iter().enumerate() {
            for row in dialect.all() {
                let id = dialect.author.id;
                let (_, head, read) = Registry::get()
                    .look(row.sample)
                    .read(number)
                    .unwrap_or_else(|| panic!("{id}: {:?} does not read its sample {:?}", row.words, row.sample));
                assert!(std::ptr::eq(row, read), "{id}: {:?} is read by {:?}", row.sample, read.words);
                if row.stands_first() {
                    assert!(row.words.len() > 1, "{id}: {:?} is too short", row.words);
                    assert!(head.words.starts_with(row.words));
                }
            }
        }
    }

    #[test]
    fn a_telling_line_is_nobody_elses() {
        for (number, dialect) in DIALECTS.iter().enumerate() {
            let rows = dialect.all().filter(|row| row.signs).map(|row| row.sample);
            for sample in rows.chain(dialect.marks.iter().map(|mark| mark.sample)) {
                let owner = Registry::get().look(sample).owner(None);
                assert_eq!(owner, Some(number), "{:?} of {} is another's", sample, dialect.author.id);
            }
        }
    }
}
