//! Causes on the client's side that no key can mend.

pub(super) mod config_error;
pub(super) mod multiplexed;
pub(super) mod pubkey_disabled;
