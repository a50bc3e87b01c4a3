//! Key files: missing, unreadable, too open, broken, encrypted, mismatched.

pub(super) mod files;

pub(super) mod identity_invalid;
pub(super) mod identity_missing;
pub(super) mod identity_permissions;
pub(super) mod identity_unreadable;
pub(super) mod key_too_short;
pub(super) mod no_identity;
pub(super) mod other_home;
pub(super) mod passphrase;
pub(super) mod pubkey_mismatch;
