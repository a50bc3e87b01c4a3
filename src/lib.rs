//! Says why ssh was refused, shows the lines that prove it, and prints the command that works.
//!
//! ```text
//! bytes ─▶ text ─▶ dialect ─▶ session ─▶ compare ─▶ rules ─▶ diagnose ─▶ report
//!          records statements  sessions   fates      findings  verdict     text
//! ```
//!
//! Layers import only from layers above them in this list (`tests/house/layers.rs` holds them to it):
//! `model`; `text`, `provider`, `wire`; `shell`, `order`; `survey`, `dialect`; `session`, `server`; `reader`; `redact`; `compare`, `join`, `suggest`;
//! `rules`; `diagnose`; `report`; `facade`; `live`; `cli`.
//! All but `live` and `cli` is pure: no file, process, network or clock.
//!
//! What other programs may rely on is what this page shows: [`explain`], [`model`], [`report`]. The other modules are
//! open to this project's own tests only, and change without notice.

#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
#[doc(hidden)]
pub mod compare;
#[doc(hidden)]
pub mod diagnose;
mod dialect;
mod facade;
mod join;
#[cfg(feature = "live")]
#[doc(hidden)]
pub mod live;
pub mod model;
#[doc(hidden)]
pub mod order;
#[doc(hidden)]
pub mod provider;
#[doc(hidden)]
pub mod reader;
#[doc(hidden)]
pub mod redact;
pub mod report;
#[doc(hidden)]
pub mod rules;
mod server;
mod session;
#[doc(hidden)]
pub mod shell;
mod suggest;
#[doc(hidden)]
pub mod survey;
#[doc(hidden)]
pub mod text;
#[doc(hidden)]
pub mod wire;

pub use diagnose::{Answer, Diagnosis};
pub use facade::{Source, Wish, explain};
pub use report::form::{FORMS, Form, by_name};
pub use report::look::{Look, Report};
pub use shell::Shell;
