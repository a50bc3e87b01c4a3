//! What the rules make of whole logs.

#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

#[path = "../kit/mod.rs"]
mod kit;

mod cases;
mod fixes;
mod open;
mod pairs;
mod parts;
mod refusals;
mod servers;
mod servers_alone;
