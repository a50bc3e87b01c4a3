//! What sessions tell, whatever the log.

#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

#[path = "../kit/mod.rs"]
mod kit;

mod exchange;
mod foreign_origin;
mod origin;
mod properties;
mod whole_lines;
