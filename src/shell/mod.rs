//! Shell words: commands read from a prompt, and commands written so that a shell reads them back exactly.

mod fields;
mod git_call;
pub mod options;
mod other;
mod programs;
mod quote;
mod remote_copy;
mod typed;
mod words;

pub(crate) use fields::{bound, is_told};
pub use git_call::{GitCall, Whom, git_call};
pub(crate) use other::{Place, announced, elsewhere, place};
pub use quote::{Shell, Unquotable, join};
pub use remote_copy::remote_copy;
pub(crate) use typed::COMMANDS;
pub use typed::{parse_git, parse_ssh, typed};
pub use words::split;
