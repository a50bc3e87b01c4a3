//! The forms of a report: one file, one line each.

mod escape;
mod html;
mod json;
mod markdown;
mod picture;
mod terminal;

pub use terminal::whole as on_terminal;

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
    /// Writes it, with a line end.
    pub write: fn(&Report<'_>, &Look<'_>) -> String,
}

/// All forms; the first is the default.
pub const FORMS: &[Form] = &[
    Form { name: "human", about: "Text for a terminal", endings: &["txt"], write: terminal::write },
    Form { name: "json", about: "One JSON document, see docs/json.md", endings: &["json"], write: json::pretty },
    Form { name: "jsonl", about: "The same in one line", endings: &["jsonl", "ndjson"], write: json::line },
    Form { name: "markdown", about: "For a ticket", endings: &["md", "markdown"], write: markdown::write },
    Form { name: "html", about: "One page, nothing else needed", endings: &["html", "htm"], write: html::write },
];

/// The form with this name.
pub fn by_name(name: &str) -> Option<&'static Form> {
    FORMS.iter().find(|form| form.name == name)
}

/// The form of a file with this ending, in any case.
pub fn by_ending(ending: &str) -> Option<&'static Form> {
    FORMS.iter().find(|form| form.endings.iter().any(|known| known.eq_ignore_ascii_case(ending)))
}
