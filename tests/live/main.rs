//! `check` and `keys` against real servers, agents and key files.

#![cfg(all(feature = "live", target_os = "linux"))]
#![allow(clippy::print_stdout, reason = "each scene says what it found")]
#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

#[path = "../kit/mod.rs"]
mod kit;

mod bounds;
#[macro_use]
mod check;
mod clients;
mod front;
mod keys_command;
mod keys_order;
mod keys_query;
mod mends;
mod reasons;
mod servers;
