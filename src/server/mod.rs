//! What a server's log says of its connections: which lines belong to one, who came, how it ended, for which reason.
//!
//! A server's statements never become a client's, nor the other way round: each side has its own life here and in
//! `session`.

mod brief;
mod connection;
mod connections;
mod hash;
mod held;
mod host_keys;
mod kept;
mod names;
mod open;
pub(crate) mod reasons;
mod statements;
mod tally;

pub(crate) use brief::Line;
pub(crate) use connections::Connections;
pub(crate) use host_keys::is_of_its_host_keys;
#[cfg(feature = "cli")]
pub(crate) use kept::Wanted;
pub(crate) use names::is_same_user;
pub(crate) use reasons::told;
