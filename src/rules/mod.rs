//! One rule a cause: what proves it, how certain that is, what mends it.
//!
//! A rule is a pure function over one session and the case around it. The order of [`RULES`] is the order of
//! precedence: of two causes of one session the earlier is the verdict, and [`Rule::explains`] names those
//! that merely follow from it.
//!
//! To add one: write its file in the folder of its stage and its page in `docs/causes`; name the file in the
//! folder's `mod.rs` and the rule in [`RULES`].

mod after;
mod agent;
mod authentication;
mod client;
mod connection;
mod draft;
mod find;
mod foreign;
mod hangs;
mod here;
mod host_key;
mod identities;
mod offers;
mod rule;
mod scene;
pub(crate) mod server;

pub use find::by_id;
pub(crate) use find::{late_key, rank};
pub(crate) use foreign::adapt;
pub(crate) use rule::Rule;
#[cfg(feature = "live")]
pub(crate) use rule::Stage;
pub(crate) use scene::Scene;

/// All causes, in order of precedence.
pub const RULES: &[Rule] = &[
    client::config_error::RULE,
    after::git_differs::RULE,
    connection::proxy_failed::RULE,
    connection::dns::RULE,
    connection::rate_limited::RULE,
    connection::connection_refused::RULE,
    connection::network_unreachable::RULE,
    connection::connection_timeout::RULE,
    after::ci_session_over::RULE,
    connection::connection_closed::RULE,
    connection::kex_mismatch::RULE,
    host_key::host_key_changed::RULE,
    host_key::host_key_unknown::RULE,
    client::multiplexed::RULE,
    offers::too_many_failures::RULE,
    authentication::partial_success::RULE,
    agent::security_key::RULE,
    agent::agent_refused::RULE,
    agent::pkcs11::RULE,
    identities::pubkey_mismatch::RULE,
    identities::identity_invalid::RULE,
    identities::identity_permissions::RULE,
    identities::identity_unreadable::RULE,
    identities::key_too_short::RULE,
    identities::passphrase::RULE,
    authentication::wrong_user::RULE,
    authentication::wrong_host::RULE,
    identities::identity_missing::RULE,
    agent::agent_other::RULE,
    agent::identities_only::RULE,
    offers::signature_algorithm::RULE,
    authentication::accepts_any::RULE,
    authentication::accepted_then_denied::RULE,
    offers::key_not_offered::RULE,
    client::pubkey_disabled::RULE,
    authentication::method_unavailable::RULE,
    agent::agent_unreachable::RULE,
    identities::no_identity::RULE,
    offers::certificate::RULE,
    offers::key_rejected::RULE,
    offers::ci_keys::RULE,
    identities::other_home::RULE,
    after::wrong_account::RULE,
    after::deploy_key::RULE,
    after::repo_access::RULE,
    authentication::server_side::RULE,
    after::session_failed::RULE,
    after::authenticated::RULE,
    after::unknown::RULE,
];
