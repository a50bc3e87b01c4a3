//! What a dialect is made of: rows of wordings, marks, and how its lines begin.
//!
//! All that the reader needs to know of a program's words is derived from these rows: which row a line fits,
//! which lines of a long log are worth a look ([`super::sieve`]), where a record may begin inside a line that
//! holds several, and which records may have been broken before their end.

use crate::model::brief::Brief;
use crate::model::{Author, Client, Kind};
use crate::text::{Sought, begins};

/// A program whose lines are read, or recognised.
pub(crate) struct Dialect {
    /// Who it is.
    pub(crate) author: Author,
    /// What it can and cannot, if it is a client whose lines are read.
    pub(crate) client: Option<&'static Client>,
    /// Its wordings, in groups.
    pub(crate) rows: &'static [&'static [Row]],
    /// Words that no other program prints, and that say nothing else.
    pub(crate) marks: &'static [Mark],
    /// Beginnings of plain lines that are always there and decide nothing.
    pub(crate) noise: &'static [&'static str],
    /// Words within such lines.
    pub(crate) noise_within: &'static [Sought],
    /// What it puts before each line that it logs, where that is always the same.
    pub(crate) levels: &'static [&'static str],
    /// It tells things twice: in its log, and to its user.
    pub(crate) twice: bool,
    /// Takes a line apart.
    pub(crate) head: fn(&str) -> Head<'_>,
}

/// A line, taken apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Head<'a> {
    /// Which of several connections in one log it belongs to: a process, a thread, a number.
    pub(crate) stream: Option<&'a str>,
    /// It stands behind a level or a name that this program puts before what it logs.
    pub(crate) logged: bool,
    /// What it says.
    pub(crate) words: &'a str,
}

impl<'a> Head<'a> {
    /// A line that is all words.
    pub(crate) fn bare(words: &'a str) -> Self {
        Self { stream: None, logged: false, words }
    }
}

/// The head of each line of a program that puts nothing before its words.
pub(crate) fn bare_head(line: &str) -> Head<'_> {
    Head::bare(line)
}

/// On which lines a row speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    /// Behind the program's level or name only.
    Logged,
    /// Without it only.
    Bare,
    /// On both.
    Any,
}

impl Level {
    pub(crate) fn fits(self, logged: bool) -> bool {
        match self {
            Self::Logged => logged,
            Self::Bare => !logged,
            Self::Any => true,
        }
    }
}

/// What to make of a line that holds a row's words. `None`: not this row after all.
#[derive(Clone, Copy)]
pub(crate) enum Read {
    /// The row's words stand first; of what stands behind them.
    After(fn(&str) -> Option<Kind>),
    /// The row's words stand anywhere; of what stands before and behind them.
    Around(fn(&str, &str) -> Option<Kind>),
    /// The row's words stand anywhere; of what stands before them, and of them with what stands behind.
    From(fn(&str, &str) -> Option<Kind>),
}

/// What was lost where a line was broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Glue {
    /// A blank.
    Blank,
    /// Nothing: it was broken in the middle of a word.
    Nothing,
    /// A line end of the other side's: what follows is its own, whatever it says.
    Theirs,
}

/// Reads a whole line for what it says besides.
type Besides = fn(&str) -> Option<Kind>;

/// Statements that a row makes besides its own, at most.
const BESIDES: usize = 3;

/// One wording.
pub(crate) struct Row {
    /// The words that every such line has.
    pub(crate) words: &'static str,
    /// On which lines.
    pub(crate) level: Level,
    /// A whole line that this row is for, which the tests hold it to. The program goes without.
    #[cfg(test)]
    pub(crate) sample: &'static str,
    /// What it says.
    pub(crate) read: Read,
    /// No other program prints it, so it tells who speaks.
    pub(crate) signs: bool,
    /// Without a level, it begins a record even inside a line that holds several.
    pub(crate) opens: Option<fn(&str) -> bool>,
    /// It may still come long after a login: it ends a session, or is of another run.
    pub(crate) late: bool,
    /// What a whole line of this row says besides, and first: where the client goes, mostly.
    pub(crate) also: [Option<Besides>; BESIDES],
    /// The program stops with it: nothing of the same run follows.
    pub(crate) ends: bool,
    /// Anybody's lines begin so: it is this program's only while this program speaks.
    pub(crate) common: bool,
    /// Without a level, it is still this program's behind another one's words: a tool's prefix, a quote. Of what stands
    /// behind its words.
    pub(crate) inside: Option<fn(&str) -> bool>,
    /// Whether what stands behind its words was broken off before its end, and goes on in the next line.
    pub(crate) wraps: Option<fn(&str) -> Option<Glue>>,
    /// Of a server's line that comes by the million: what stands behind its words, without a copy, where it is plain.
    pub(crate) brief: Option<fn(&str) -> Option<Brief<'_>>>,
}

impl Row {
    #[cfg_attr(not(test), expect(unused_variables, reason = "samples are the tests'"))]
    const fn new(words: &'static str, level: Level, sample: &'static str, read: Read) -> Self {
        Self {
            words,
            level,
            #[cfg(test)]
            sample,
            read,
            signs: false,
            opens: None,
            late: false,
            also: [None; BESIDES],
            ends: false,
            common: false,
            inside: None,
            wraps: None,
            brief: None,
        }
    }

    pub(crate) const fn signs(self) -> Self {
        Self { signs: true, inside: Some(|_| true), ..self }
    }

    /// Other programs may have its words; with what stands behind them here they are this one's.
    pub(crate) const fn inside_if(self, fits: fn(&str) -> bool) -> Self {
        Self { inside: Some(fits), ..self }
    }

    pub(crate) const fn opens(self) -> Self {
        self.opens_if(|_| true)
    }

    /// As [`Row::opens`], if what stands behind the words is fit for it.
    pub(crate) const fn opens_if(self, fits: fn(&str) -> bool) -> Self {
        Self { opens: Some(fits), ..self }
    }

    pub(crate) const fn late(self) -> Self {
        Self { late: true, ..self }
    }

    /// May be said several times; the statements come in that order.
    pub(crate) const fn also(mut self, read: Besides) -> Self {
        let mut slot = 0;
        while self.also[slot].is_some() {
            slot += 1;
        }
        self.also[slot] = Some(read);
        self
    }

    pub(crate) const fn ends(self) -> Self {
        Self { ends: true, ..self }
    }

    pub(crate) const fn common(self) -> Self {
        Self { common: true, ..self }
    }

    pub(crate) const fn wraps(self, open: fn(&str) -> Option<Glue>) -> Self {
        Self { wraps: Some(open), ..self }
    }

    pub(crate) const fn brief(self, read: fn(&str) -> Option<Brief<'_>>) -> Self {
        Self { brief: Some(read), ..self }
    }

    /// What a line of this row says in all.
    pub(crate) fn with_also(&self, kind: Kind, line: &str) -> Kind {
        let mut all: Vec<Kind> = self.also.iter().flatten().filter_map(|read| read(line)).collect();
        if all.is_empty() {
            return kind;
        }
        all.push(kind);
        Kind::Several(all)
    }

    pub(super) fn reads(&self, head: &Head<'_>) -> Option<Kind> {
        if !self.level.fits(head.logged) {
            return None;
        }
        match self.read {
            Read::After(read) => head.words.strip_prefix(self.words).and_then(read),
            Read::Around(read) => head.words.split_once(self.words).and_then(|(before, after)| read(before, after)),
            Read::From(read) => head.words.find(self.words).and_then(|at| {
                let (before, rest) = head.words.split_at(at);
                read(before, rest)
            }),
        }
    }
}

/// A line behind the program's level or name.
pub(crate) const fn logged(words: &'static str, sample: &'static str, read: fn(&str) -> Option<Kind>) -> Row {
    Row::new(words, Level::Logged, sample, Read::After(read))
}

/// A line without.
pub(crate) const fn bare(words: &'static str, sample: &'static str, read: fn(&str) -> Option<Kind>) -> Row {
    Row::new(words, Level::Bare, sample, Read::After(read))
}

/// A line at any level, since a message's level differs from release to release.
pub(crate) const fn any(words: &'static str, sample: &'static str, read: fn(&str) -> Option<Kind>) -> Row {
    Row::new(words, Level::Any, sample, Read::After(read))
}

/// A line in which a program shows the other side's words behind its own: whatever they are, it says nothing.
pub(crate) const fn shows(words: &'static str, sample: &'static str) -> Row {
    any(words, sample, |_| Some(Kind::Several(Vec::new())))
}

/// Words that stand within a line without a level.
pub(crate) const fn within(words: &'static str, sample: &'static str, read: fn(&str, &str) -> Option<Kind>) -> Row {
    Row::new(words, Level::Bare, sample, Read::Around(read))
}

/// Words that stand within a line without a level, and belong to what is read.
pub(crate) const fn from(words: &'static str, sample: &'static str, read: fn(&str, &str) -> Option<Kind>) -> Row {
    Row::new(words, Level::Bare, sample, Read::From(read))
}

/// Words that stand within a line behind a level.
pub(crate) const fn logged_within(
    words: &'static str,
    sample: &'static str,
    read: fn(&str, &str) -> Option<Kind>,
) -> Row {
    Row::new(words, Level::Logged, sample, Read::Around(read))
}

/// Words that stand within a line at any level.
pub(crate) const fn any_within(words: &'static str, sample: &'static str, read: fn(&str, &str) -> Option<Kind>) -> Row {
    Row::new(words, Level::Any, sample, Read::Around(read))
}

/// Words that only one program prints.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark {
    /// The words.
    pub(crate) words: &'static str,
    /// They stand first in the line; else anywhere.
    pub(crate) first: bool,
    /// Its lines stand beside those of another program, which goes on speaking.
    pub(crate) aside: bool,
    /// A line with it, which the tests hold it to.
    #[cfg(test)]
    pub(crate) sample: &'static str,
}

impl Mark {
    #[cfg_attr(not(test), expect(unused_variables, reason = "samples are the tests'"))]
    const fn new(words: &'static str, sample: &'static str) -> Self {
        Self {
            words,
            first: false,
            aside: false,
            #[cfg(test)]
            sample,
        }
    }

    pub(crate) fn fits(&self, line: &str) -> bool {
        if self.first { line.starts_with(self.words) } else { line.contains(self.words) }
    }
}

/// A mark at a line's beginning.
pub(crate) const fn first(words: &'static str, sample: &'static str) -> Mark {
    Mark { first: true, ..Mark::new(words, sample) }
}

/// A mark anywhere in a line.
pub(crate) const fn holds(words: &'static str, sample: &'static str) -> Mark {
    Mark::new(words, sample)
}

/// A mark anywhere in a line of a program that runs another one and writes beside it.
pub(crate) const fn aside(words: &'static str, sample: &'static str) -> Mark {
    Mark { aside: true, ..Mark::new(words, sample) }
}

impl Dialect {
    /// All rows.
    pub(crate) fn all(&self) -> impl Iterator<Item = &'static Row> + use<> {
        self.rows.iter().copied().flatten()
    }

    /// Whether a plain line begins as one that decides nothing.
    pub(crate) fn is_dull(&self, line: &str) -> bool {
        self.noise.iter().any(|start| begins(line.as_bytes(), start))
    }

    /// Whether a plain line is one that is always there and decides nothing. It counts as understood.
    pub(crate) fn is_noise(&self, line: &str) -> bool {
        self.is_dull(line) || self.noise_within.iter().any(|words| words.is_in(line))
    }
}
