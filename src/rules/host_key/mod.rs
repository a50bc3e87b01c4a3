//! The server's key: remembered, changed, unknown.

pub(super) mod host_key_changed;
pub(super) mod host_key_unknown;
