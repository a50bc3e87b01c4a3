//! The command that works: the user's own, changed.

mod command;
mod front;
mod words;

pub(crate) use command::{command, destination_host, write};
pub(crate) use front::{accounts, lasting};
pub(crate) use words::Refusal;
