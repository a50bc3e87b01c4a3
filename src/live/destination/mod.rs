//! Where to connect: parsed once from what the user named, and written once for each purpose.

mod changed;
mod parse;
mod target;

pub(crate) use parse::{are_hops, is_safe, web_host};
pub(crate) use target::{Asked, Destination, Purpose, Service, leading};
