//! Asks a server which public keys it takes, by the publickey query without a signature (RFC 4252 section 7):
//! nothing is signed, nobody is logged in, no private key is read.
//!
//! The server counts each refusal and ends the connection when it has had enough (MaxAuthTries). So only a few
//! keys go over one connection, and a key whose answer was cut off is asked again. A few connections are open at
//! once, far below MaxStartups; a server that punishes (PerSourcePenalties) is asked slowly.

mod connect;
mod door;
mod ffi;
mod guard;
mod hops;
mod host_key;
mod meter;
mod pace;
mod remembered;
mod run;
mod shared;
mod target;
mod throwaway;
mod turns;

pub use crate::survey::Reply;
pub use host_key::Trust;
pub use run::{ask, ask_telling};
pub use target::{Answers, Target};
