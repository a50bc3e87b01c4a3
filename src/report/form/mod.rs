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
pub const FORMS: &[Form] = &[terminal::FORM, json::FORM, json::LINES, markdown::FORM, html::FORM];
