//! Looks at a key file and at what lies beside it. Nothing private is kept: of a private key's content only
//! the public part leaves this module.

mod content;
mod inspect;
mod openssh;
mod read;
mod sniff;

pub(crate) use inspect::{flaw, inspect, public_key, read_certificate};
