//! How the house is kept: its layers, its lists, its documents.

#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

#[path = "../kit/mod.rs"]
mod kit;

mod catalogue;
#[cfg(feature = "cli")]
mod clients;
mod docs;
mod imports;
mod layers;
mod modules;
mod remaking;
