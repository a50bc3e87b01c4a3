//! From a stream of bytes to a transcript: lines, records, statements, sessions.
//!
//! Works on a stream, so that a log's length costs no memory, and so that a live client's output is just one
//! more source.

mod excerpt;
#[cfg(test)]
mod far;
mod source;
mod state;

pub(crate) use excerpt::Excerpter;
#[cfg(feature = "cli")]
pub(crate) use source::PIECE;
#[cfg(feature = "live")]
pub(crate) use source::add_line;
pub use source::{Reader, read};
