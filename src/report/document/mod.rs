//! The document of a diagnosis, schema 1. Fields are only ever added.
//!
//! These types are the document's own, so that a change within the program can't change it. `docs/report.schema.json`
//! is made of them.

mod facts;
mod finding;
mod key;
mod pairs;
mod tool;
mod transcript;
mod whole;

pub(super) use tool::{TOOL, Tool};
pub(super) use whole::Document;
