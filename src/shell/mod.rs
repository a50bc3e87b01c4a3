//! Shell words: commands read from a prompt, and commands written so that a shell reads them back exactly.

mod git_call;
pub mod options;
mod other;
mod programs;
mod quote;
mod remote_copy;
mod typed;
mod words;

pub use git_call::{GitCall, Whom, git_call};
pub(crate) use other::{Place, elsewhere, place};
pub use quote::{Shell, Unquotable, join};
pub use remote_copy::remote_copy;
pub(crate) use typed::COMMANDS;
pub use typed::{parse_git, parse_ssh, typed};
pub use words::split;
