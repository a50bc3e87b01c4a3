//! What git would do for a command: asked of git, never worked out here.
//!
//! git is run with an ssh that only tells the words it was given. It fails then, before it has read or written
//! anything; where an address leads, which remote is meant and what is included is git's own answer.

mod ask;
mod call;
mod program;
mod submodules;

pub(crate) use ask::{Trouble, unaliased};
pub(crate) use call::{destinations, plain, remotes};
