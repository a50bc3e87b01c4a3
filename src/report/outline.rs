//! What a report is made of: sections of blocks, each with its weight. How they look is the forms' business.

use super::exchange::Lane;
use super::link::Link;
use crate::model::Certainty;
use crate::model::excerpt::Excerpt;
use crate::shell::Shell;

/// What a piece of text is; colours are the form's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Running text.
    Plain,
    /// A heading.
    Heading,
    /// The verdict, where all is well.
    Good,
    /// The verdict, where something is wrong.
    Bad,
    /// A warning, or a verdict that is open.
    Warning,
    /// What is to be typed.
    Command,
    /// Places and side remarks.
    Dim,
}

/// Something to type or to write into a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// The shell that it is a command of; `None` for lines of `~/.ssh/config`.
    pub shell: Option<Shell>,
    /// Its lines.
    pub text: String,
}

/// A piece of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// The verdict in one sentence.
    Verdict {
        /// Good, bad or open.
        style: Style,
        /// The cause's id.
        cause: String,
        /// How sure it is.
        certainty: Certainty,
        /// The sentence.
        summary: String,
    },
    /// Running text.
    Para(Style, String),
    /// An item of a list.
    Step {
        /// Plain, or a warning.
        style: Style,
        /// The item.
        text: String,
        /// What goes with it.
        code: Option<Code>,
        /// What a short report leaves out.
        more: Vec<Self>,
    },
    /// Something to type, alone.
    Code(Code),
    /// What stands in a log.
    Quote {
        /// File and line.
        place: String,
        /// The words, letter for letter.
        text: String,
        /// The line itself, where the report shows it.
        link: Option<Link>,
    },
    /// Rows of cells.
    Table(Table),
    /// A remark of less weight.
    Aside(String),
    /// The exchange as a picture; a form without pictures leaves it out.
    Exchange(Vec<Lane>),
    /// Lines of a log; a form without folds leaves them out.
    Log(Log),
}

impl Block {
    /// Whether only some forms have a place for it.
    pub(super) fn is_special(&self) -> bool {
        matches!(self, Self::Exchange(_) | Self::Log(_))
    }
}

/// What is shown of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
    /// The number of the log, from 0.
    pub number: usize,
    /// Its name.
    pub source: String,
    /// Its lines.
    pub excerpt: Excerpt,
}

/// A table. The second column is the one that gives way where there is no room.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The columns' heads, and what to call a column where that is too long.
    pub heads: Vec<(String, String)>,
    /// The rows.
    pub rows: Vec<Row>,
}

/// A row of a table, with remarks below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What it amounts to.
    pub style: Style,
    /// One for each head.
    pub cells: Vec<String>,
    /// Remarks.
    pub notes: Vec<(Style, String)>,
}

/// Who wants a section.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Everybody.
    Always,
    /// A short report, as far as there is room: the lowest number first.
    Room(u8),
    /// Who asked for all of it.
    Full,
    /// Who passes it on, in a ticket or a file.
    Shared,
}

/// A part of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Who wants it.
    pub weight: Weight,
    /// Its heading.
    pub heading: Option<String>,
    /// How many of its blocks a short report shows, where there is no room for more; those without what goes into
    /// `more`. `None`: all of it or none.
    pub short: Option<usize>,
    /// What matters most, to be said once more at the end of what is longer than a screen.
    pub again: bool,
    /// What it says.
    pub blocks: Vec<Block>,
}

impl Section {
    /// A part with a heading.
    pub(super) fn new(weight: Weight, heading: impl Into<String>, blocks: Vec<Block>) -> Self {
        Self { weight, heading: Some(heading.into()), short: None, again: false, blocks }
    }

    /// A part without one.
    pub(super) fn bare(weight: Weight, blocks: Vec<Block>) -> Self {
        Self { weight, heading: None, short: None, again: false, blocks }
    }

    pub(super) fn short(self, short: usize) -> Self {
        Self { short: Some(short), ..self }
    }
}

/// A report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    /// What it is on, for a title.
    pub title: String,
    /// Its parts that have something to say.
    pub sections: Vec<Section>,
    /// Running text of some length, with blank lines between its paragraphs.
    pub airy: bool,
}
