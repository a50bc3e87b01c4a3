//! What people paste is read as what the program wrote.

#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

#[path = "../kit/mod.rs"]
mod kit;

mod beside;
mod far;
mod foreign;
mod go;
mod java;
mod libraries;
mod libssh2;
mod loggers;
mod others;
mod paste;
mod tools;
mod wrappers;
mod wraps;
