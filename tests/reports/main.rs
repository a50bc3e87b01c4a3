//! What is said in the end: words for a shell, reports, and the program around them.

#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

#[path = "../kit/mod.rs"]
mod kit;

#[cfg(feature = "cli")]
mod cli;
mod crafted;
mod forms;
mod quoting;
mod redaction;
mod redaction_lines;
