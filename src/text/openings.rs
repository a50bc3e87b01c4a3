//! What is asked of the dialects where a source's layout is in question.

/// Where records begin, as the programs' words tell.
pub(crate) struct Openings {
    /// Where a level stands that begins a record, in order.
    pub(crate) levels: fn(&str) -> Vec<usize>,
    /// Where a record without a level begins, and can be nothing else, in order.
    pub(crate) plain: fn(&str) -> Vec<usize>,
    /// Whether a log daemon wrote a line for a server: what stands before the words is a part of it.
    pub(crate) named: fn(&str) -> bool,
    /// Whether a line is a program's own from its first word on.
    pub(crate) begins: fn(&str) -> bool,
    /// Whether a line is, from its first word on, one of a program that has no such levels.
    pub(crate) unlevelled: fn(&str) -> bool,
    /// Whether a field of this name may say where its program was bound for.
    pub(crate) told: fn(&str) -> bool,
}
