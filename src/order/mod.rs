//! Foretells which identities ssh will put to a server, in which order, and which it will leave out, and why.
//!
//! The rules are those of ssh's `pubkey_prepare` and `load_public_identity_files`. What depends on the server
//! (its `server-sig-algs`, from 9.6 on) can't be foretold.

mod foretell;
mod given;
mod identity;
mod pattern;
mod told;
mod usable;
mod version;

pub(crate) use foretell::foretell;
pub(crate) use given::{Certified, Given, Listed};
pub use identity::{Identity, Origin, Step};
pub(crate) use told::corrected;
pub(crate) use version::openssh_version;
