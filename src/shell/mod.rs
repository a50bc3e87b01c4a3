//! Shell words: commands read from a prompt, and commands written so that a shell reads them back exactly.

pub mod options;
mod other;
mod programs;
mod quote;
mod typed;
mod words;

pub(crate) use other::{Place, elsewhere, place};
pub use quote::{Shell, Unquotable, join};
pub(crate) use typed::COMMANDS;
pub use typed::{parse_git, parse_ssh, typed};
pub use words::split;
