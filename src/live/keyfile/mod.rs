//! Looks at a key file and at what lies beside it. Nothing private is kept: of a private key's content only
//! the public part leaves this module.

mod content;
mod inspect;
mod openssh;
mod read;
mod seen;
mod sniff;

#[cfg(test)]
pub(crate) use inspect::inspect;
pub(crate) use inspect::{flaw, public_key, read_certificate};
pub use seen::Seen;
