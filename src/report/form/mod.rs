//! The forms of a report: one file, one line each.

mod entry;
mod escape;
mod find;
mod html;
mod json;
mod log;
mod markdown;
mod picture;
mod terminal;

pub use entry::Form;
pub use find::{by_ending, by_name};
pub use terminal::whole as on_terminal;

/// All forms; the first is the default.
pub const FORMS: &[Form] = &[
    Form { name: "human", about: "Text for a terminal", endings: &["txt"], logs: false, write: terminal::write },
    Form {
        name: "json",
        about: "One JSON document, see docs/json.md",
        endings: &["json"],
        logs: false,
        write: json::pretty,
    },
    Form {
        name: "jsonl",
        about: "The same in one line",
        endings: &["jsonl", "ndjson"],
        logs: false,
        write: json::line,
    },
    Form { name: "markdown", about: "For a ticket", endings: &["md", "markdown"], logs: false, write: markdown::write },
    Form {
        name: "html",
        about: "One page, nothing else needed",
        endings: &["html", "htm"],
        logs: true,
        write: html::write,
    },
];
