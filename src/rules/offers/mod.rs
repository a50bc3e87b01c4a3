//! What the server made of the keys, and which it never saw.

pub(super) mod account;
pub(super) mod by_agent;
pub(super) mod keys;

pub(super) mod certificate;
pub(super) mod ci_keys;
pub(super) mod key_not_offered;
pub(super) mod key_rejected;
pub(super) mod signature_algorithm;
pub(super) mod too_many_failures;
