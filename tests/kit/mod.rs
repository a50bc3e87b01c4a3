//! What the tests share: the fixtures and what makes a report true; and real parts to test against, homes, servers,
//! agents, and runs of the program, all on this machine alone.
//!
//! Each program runs in a [`World`]: libnss_wrapper gives it a password database and a hosts file of its own, so
//! that `~/.ssh` is a folder of the test's and `github.com` is this machine. What is started is stopped, by its
//! process id, and what is written is removed, when the [`Stage`] goes.

#![allow(dead_code, unused_imports, unreachable_pub, reason = "each wing uses its own part of this")]
#![allow(clippy::unwrap_used, reason = "what can't be set up fails the test")]

pub(crate) mod busy;
mod logs;
pub(crate) mod origin;
pub(crate) mod play;
mod schema;

pub(crate) use logs::{
    Case, Report, Source, Wanted, assert_schema, assert_tame, assert_true, cases, files, json_of, judge, lines, logs,
    names, project, proptest_cases, read, read_by_sh, text, written,
};

pub(crate) use schema::fits_schema;

#[cfg(all(feature = "live", target_os = "linux"))]
mod agent;
#[cfg(all(feature = "live", target_os = "linux"))]
mod dropbear;
#[cfg(all(feature = "live", target_os = "linux"))]
mod fake_server;
#[cfg(all(feature = "live", target_os = "linux"))]
mod fake_ssh;
#[cfg(all(feature = "live", target_os = "linux"))]
mod git_host;
#[cfg(all(feature = "live", target_os = "linux"))]
mod gitolite;
#[cfg(all(feature = "live", target_os = "linux"))]
mod go_server;
#[cfg(all(feature = "live", target_os = "linux"))]
mod home;
#[cfg(all(feature = "live", target_os = "linux"))]
mod https;
#[cfg(all(feature = "live", target_os = "linux"))]
mod keys;
#[cfg(all(feature = "live", target_os = "linux"))]
mod listener;
#[cfg(all(feature = "live", target_os = "linux"))]
mod needs;
#[cfg(all(feature = "live", target_os = "linux"))]
mod place;
#[cfg(all(feature = "live", target_os = "linux"))]
mod process;
#[cfg(all(feature = "live", target_os = "linux"))]
mod run;
#[cfg(all(feature = "live", target_os = "linux"))]
mod server;
#[cfg(all(feature = "live", target_os = "linux"))]
mod sshd;
#[cfg(all(feature = "live", target_os = "linux"))]
mod stage;
#[cfg(all(feature = "live", target_os = "linux"))]
mod tunnel;
#[cfg(all(feature = "live", target_os = "linux"))]
mod world;

#[cfg(all(feature = "live", target_os = "linux"))]
pub(crate) use agent::{Agent, Answer};
#[cfg(all(feature = "live", target_os = "linux"))]
pub(crate) use dropbear::Dropbear;
#[cfg(all(feature = "live", target_os = "linux"))]
pub(crate) use fake_server::{FakeServer, Field, Manner};
#[cfg(all(feature = "live", target_os = "linux"))]
pub(crate) use fake_ssh::{FakeSsh, Oddity};
#[cfg(all(feature = "live", target_os = "linux"))]
pub(crate) use git_host::{GitHost, GitServer, Right};
#[cfg(all(feature = "live", target_os = "linux"))]
pub(crate) use gitolite::gitolite;
#[cfg(all(feature = "live", target_os = "linux"))]
pub(crate) use go_server::{GoServer, Later};
#[cfg(all(feature = "live", target_os = "linux"))]
pub(crate) use home::{Home, Snapshot};
#[cfg(all(feature = "live", target_os = "linux"))]
pub(crate) use https::{Https, Page};
#[cfg(all(feature = "live", target_os = "linux"))]
pub(crate) use keys::{Key, KeyMaker, Validity};
#[cfg(all(feature = "live", target_os = "linux"))]
pub(crate) use place::{Fifty, Place, mode};
#[cfg(all(feature = "live", target_os = "linux"))]
pub(crate) use process::{Daemon, all, marked, pause, until};
#[cfg(all(feature = "live", target_os = "linux"))]
pub(crate) use run::{Ran, Run};
#[cfg(all(feature = "live", target_os = "linux"))]
pub(crate) use server::Server;
#[cfg(all(feature = "live", target_os = "linux"))]
pub(crate) use sshd::Sshd;
#[cfg(all(feature = "live", target_os = "linux"))]
pub(crate) use stage::{DEFAULT_LIMIT, Stage};
#[cfg(all(feature = "live", target_os = "linux"))]
pub(crate) use tunnel::Tunnel;
#[cfg(all(feature = "live", target_os = "linux"))]
pub(crate) use world::World;
