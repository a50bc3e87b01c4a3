//! The command that works: the user's own, changed.

mod command;
mod front;
mod words;

pub(crate) use command::{command, destination_host, write};
#[cfg(feature = "live")]
pub(crate) use front::accounts;
pub(crate) use front::lasting;
pub(crate) use words::Refusal;
#[cfg(feature = "live")]
pub(crate) use words::is_mere;
