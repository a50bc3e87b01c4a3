//! Says why ssh was refused, shows the lines that prove it, and prints the command that works.
//!
//! ```text
//! bytes ─▶ text ─▶ dialect ─▶ session ─▶ compare ─▶ rules ─▶ diagnose ─▶ report
//!          records statements  sessions   fates      findings  verdict     text
//! ```
//!
//! Layers import only from layers above them in this list (`tests/house/layers.rs` holds them to it):
//! `model`; `text`, `provider`, `wire`; `shell`, `order`; `survey`, `dialect`; `session`, `server`; `reader`; `redact`; `compare`, `join`, `suggest`;
//! `rules`; `diagnose`; `report`; `facade`; `live`; `cli`; `inside`.
//! All but `live` and `cli` (and what `inside` shows of them) is pure: no file, process, network or clock.
//!
//! What other programs may rely on is what this page shows: [`explain`], [`model`], [`report`]. What the
//! program, the page and the tests of this project use beside it is [`inside`], which changes without notice.

#[cfg(feature = "cli")]
mod cli;
mod compare;
mod diagnose;
mod dialect;
mod facade;
#[doc(hidden)]
pub mod inside;
mod join;
#[cfg(feature = "live")]
mod live;
pub mod model;
mod order;
mod provider;
mod reader;
mod redact;
pub mod report;
mod rules;
mod server;
mod session;
mod shell;
mod suggest;
mod survey;
mod text;
#[cfg_attr(not(feature = "live"), expect(dead_code, reason = "only live runs read keys from files and agents"))]
mod wire;

pub use diagnose::{Answer, Diagnosis};
pub use facade::{Source, Wish, explain};
pub use report::form::{FORMS, Form, by_name};
pub use report::look::{Look, Report};
pub use shell::Shell;
