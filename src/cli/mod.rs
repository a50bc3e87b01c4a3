//! The program: arguments, files, the terminal. The only layer that touches the world.

mod again;
mod args;
#[cfg(feature = "live")]
mod check;
mod error;
pub(crate) mod exit;
mod explain;
#[cfg(feature = "live")]
mod front;
#[cfg(feature = "live")]
mod job;
#[cfg(feature = "live")]
mod keys;
#[cfg(feature = "live")]
mod logs;
mod manual;
mod meant;
mod output;
mod packed;
#[cfg(feature = "live")]
mod pasted;
mod read;
mod redact;
mod redaction;
mod run;
#[cfg(feature = "live")]
mod signals;
mod since;
mod source;
mod tickets;

pub use run::run;
