//! What a form is.

use crate::report::look::{Look, Report};

/// A form.
#[derive(Clone, Copy, Debug)]
pub struct Form {
    /// What `--format` calls it.
    pub name: &'static str,
    /// What it is, for the help.
    pub about: &'static str,
    /// Endings of files that are written in this form.
    pub endings: &'static [&'static str],
    /// Whether it shows lines of the logs themselves, for which they are read once more.
    pub logs: bool,
    /// Writes it, with a line end.
    pub write: fn(&Report<'_>, &Look<'_>) -> String,
}
