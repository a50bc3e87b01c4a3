//! Causes before the host key: name, address, port, line, algorithms.

mod connect;

pub(super) mod connection_closed;
pub(super) mod connection_refused;
pub(super) mod connection_timeout;
pub(super) mod dns;
pub(super) mod kex_mismatch;
pub(super) mod network_unreachable;
pub(super) mod proxy_failed;
pub(super) mod rate_limited;
