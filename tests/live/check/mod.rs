//! `ssh-why check` against real servers, agents and key files: a table of scenes, each with its verdict.
//!
//! Every scene is played in a home of its own (see `kit`). After each one holds: nothing was written to the
//! home or the agents, no process is left, no CI host was asked for more than a login, standard error is empty,
//! and a command that was suggested logs in when a shell runs it.

#[macro_use]
pub(crate) mod scene;

mod agents;
mod command;
mod connection;
mod files;
mod host_keys;
mod interrupted;
mod logs;
mod offers;
mod program;
mod providers;
mod published;
mod terminal;
mod trust;
mod untouched;
mod users;
