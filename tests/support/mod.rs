//! Real parts to test against: homes, servers, agents, and runs of the program, all on this machine alone.
//!
//! Each program runs in a [`World`]: libnss_wrapper gives it a password database and a hosts file of its own, so
//! that `~/.ssh` is a folder of the test's and `github.com` is this machine. What is started is stopped, by its
//! process id, and what is written is removed, when the [`Stage`] goes.

#![allow(dead_code, unused_imports, reason = "each test crate uses its own part of this")]
#![allow(clippy::unwrap_used, reason = "what can't be set up fails the test")]

mod agent;
mod dropbear;
mod fake_server;
mod fake_ssh;
mod go_server;
mod home;
mod keys;
mod needs;
mod process;
mod run;
mod server;
mod sshd;
mod stage;
mod world;

pub(crate) use agent::Agent;
pub(crate) use dropbear::Dropbear;
pub(crate) use fake_server::{FakeServer, Manner};
pub(crate) use fake_ssh::{FakeSsh, Oddity};
pub(crate) use go_server::GoServer;
pub(crate) use home::Home;
pub(crate) use keys::{Key, KeyMaker, Validity};
pub(crate) use process::{Daemon, all, marked, pause, until};
pub(crate) use run::{Ran, Run};
pub(crate) use server::Server;
pub(crate) use sshd::Sshd;
pub(crate) use stage::{DEFAULT_LIMIT, Stage};
pub(crate) use world::World;
