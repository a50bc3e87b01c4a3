//! Shell words: commands read from a prompt, and commands written so that a shell reads them back exactly.

mod fields;
#[cfg(feature = "live")]
mod git_call;
pub(crate) mod options;
mod other;
mod programs;
mod quote;
#[cfg(feature = "live")]
mod remote_copy;
mod task;
mod told;
mod typed;
mod words;

pub(crate) use fields::{bound, is_told};
#[cfg(feature = "live")]
pub(crate) use git_call::{GitCall, Whom, git_call};
#[cfg(feature = "live")]
pub(crate) use git_call::{git_verb, without_alias};
pub(crate) use other::{Place, announced, elsewhere, goes_elsewhere, place};
pub(crate) use quote::Unquotable;
pub use quote::{Shell, join};
#[cfg(feature = "live")]
pub(crate) use remote_copy::remote_copy;
pub(crate) use task::{Aim, aimed, may_be_a_tools};
pub(crate) use told::places;
pub(crate) use typed::{COMMANDS, parse_ssh, typed};
pub(crate) use words::split;
