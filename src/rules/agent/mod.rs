//! The agent, FIDO authenticators and tokens: absent, silent, unwilling.

pub(super) mod agent_other;
pub(super) mod agent_refused;
pub(super) mod agent_unreachable;
pub(super) mod identities_only;
pub(super) mod pkcs11;
pub(super) mod security_key;
