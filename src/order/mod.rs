//! Foretells which identities ssh will put to a server, in which order, and which it will leave out, and why.
//!
//! The rules are those of ssh's `pubkey_prepare` and `load_public_identity_files`. What depends on the server
//! (its `server-sig-algs`, from 9.6 on) can't be foretold.

#[cfg(feature = "live")]
mod fate;
#[cfg(feature = "live")]
mod foretell;
#[cfg(feature = "live")]
mod given;
mod identity;
#[cfg(feature = "live")]
mod pattern;
#[cfg(feature = "live")]
mod told;
#[cfg(feature = "live")]
mod usable;
#[cfg(feature = "live")]
mod version;

#[cfg(feature = "live")]
pub(crate) use foretell::foretell;
#[cfg(feature = "live")]
pub(crate) use given::{Certified, Given, Listed};
pub use identity::{Identity, Origin, Step};
#[cfg(feature = "live")]
pub(crate) use told::corrected;
#[cfg(feature = "live")]
pub(crate) use version::openssh_version;
