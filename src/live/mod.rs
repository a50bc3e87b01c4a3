//! Touches the world: runs the user's own ssh, reads key files, asks the agent. Nothing of the user's is written.

pub(crate) mod agent;
pub(crate) mod all_keys;
pub(crate) mod aside;
pub(crate) mod check;
pub mod config;
pub(crate) mod destination;
pub mod gather;
pub(crate) mod git;
pub(crate) mod hop;
pub(crate) mod host_key;
pub(crate) mod hosts;
pub(crate) mod keyfile;
pub(crate) mod keys;
pub(crate) mod known_hosts;
mod names;
pub mod order;
pub(crate) mod origin;
#[cfg(unix)]
mod orphans;
pub(crate) mod paths;
pub(crate) mod plan;
pub(crate) mod probe;
pub(crate) mod process;
pub mod program;
pub(crate) mod public_file;
pub(crate) mod published;
pub mod query;
pub(crate) mod repository;
mod stage;
pub(crate) mod streams;
pub(crate) mod tagged;
pub(crate) mod thread;
mod trial;
mod until;
pub(crate) mod watch;

pub(crate) use stage::{Progress, Stage};
pub(crate) use until::Until;
