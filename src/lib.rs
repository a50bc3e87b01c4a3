//! Says why ssh was refused, shows the lines that prove it, and prints the command that works.
//!
//! ```text
//! bytes ─▶ text ─▶ dialect ─▶ session ─▶ compare ─▶ rules ─▶ diagnose ─▶ report
//!          records statements  sessions   fates      findings  verdict     text
//! ```
//!
//! Layers import only from layers above them in this list (`tests/house/layers.rs` holds them to it):
//! `model`; `text`, `provider`, `wire`; `shell`, `order`; `survey`, `dialect`; `session`; `reader`; `compare`, `suggest`;
//! `rules`; `diagnose`; `report`; `live`; `cli`.
//! All but `live` and `cli` is pure: no file, process, network or clock.

#[cfg(feature = "cli")]
pub mod cli;
pub mod compare;
pub mod diagnose;
pub mod dialect;
#[cfg(feature = "live")]
pub mod live;
pub mod model;
pub mod order;
pub mod provider;
pub mod reader;
pub mod report;
pub mod rules;
mod session;
pub mod shell;
pub mod suggest;
pub mod survey;
pub mod text;
pub mod wire;
