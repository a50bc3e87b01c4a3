//! Git hosts as data: names, ports, server software, greetings, refusals, host keys, pages.
//!
//! To add one, add a [`Provider`] to `catalogue.rs` under [`PROVIDERS`].

mod catalogue;
mod find;
mod git_host;
mod words;

pub use catalogue::PROVIDERS;
pub use find::{by_host, by_id, by_software, mistaken};
pub(crate) use find::{misspelt, named, of};
pub use words::greeting;
pub(crate) use words::refusal;
pub(crate) use words::{beginnings, parts};

/// ssh's own port (RFC 4253 §4.1).
pub(crate) const PORT: u16 = 22;
