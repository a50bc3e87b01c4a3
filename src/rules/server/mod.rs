//! What a server's own log proves, in findings.

mod cause;
mod connections;
pub(in crate::rules) mod open;
mod reason;
mod starts;

pub(crate) use connections::findings;
