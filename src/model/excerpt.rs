//! The lines of a log that a report shows.

/// All lines of a short log; of a long one its beginning, its end, and what stands round the lines that are spoken of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Excerpt {
    /// Lines that the log has in all.
    pub total: u64,
    /// Those that are shown, in order.
    pub lines: Vec<Line>,
}

/// A line of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Counted from 1.
    pub number: u64,
    /// Its beginning, or all of it; whatever characters stand there.
    pub text: String,
    /// Its end is left out.
    pub cut: bool,
    /// The report speaks of it.
    pub marked: bool,
}

impl Excerpt {
    /// Whether this line is shown, and marked.
    pub fn marks(&self, number: u64) -> bool {
        self.lines.binary_search_by_key(&number, |line| line.number).is_ok_and(|at| self.lines[at].marked)
    }
}
