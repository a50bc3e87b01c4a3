//! One rule a cause: what proves it, how certain that is, what mends it.
//!
//! A rule is a pure function over one session and the case around it. The order of [`RULES`] is the order of
//! precedence: of two causes of one session the earlier is the verdict, and [`Rule::explains`] names those
//! that merely follow from it.
//!
//! To add one: write it into the file of its stage, add it to [`RULES`], write `docs/causes/<id>.md`.

mod after;
mod agent;
mod authentication;
mod client;
mod connection;
mod draft;
mod hangs;
mod host_key;
mod identities;
mod local;
mod offers;

use crate::model::{Case, Cause, Finding, Kind, Outcome, Session, SessionRef};
use crate::shell::Shell;

use draft::Draft;
pub(crate) use offers::only;

/// What a rule looks at: one session, and the case around it.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    /// The case.
    pub case: &'a Case,
    /// The session.
    pub entry: SessionRef<'a>,
    /// The shell that commands are written for.
    pub shell: Shell,
}

impl<'a> Scene<'a> {
    fn session(&self) -> &'a Session {
        self.entry.session
    }

    fn ended(&self, outcome: Outcome) -> bool {
        self.entry.session.outcome == outcome
    }

    /// Authentication was tried, and nobody was logged in.
    fn refused(&self) -> bool {
        let session = self.entry.session;
        match session.outcome {
            Outcome::Denied | Outcome::Disconnected => session.reached_authentication(),
            // Cut at a password prompt, or right after the keys: publickey is over.
            Outcome::Unknown => {
                session.reached_authentication() && session.verbose()
                    || session.any(|kind| {
                        matches!(
                            kind,
                            Kind::AgentRefused { .. }
                                | Kind::SigningFailed { .. }
                                | Kind::PublicMismatch { .. }
                                | Kind::TooOpen { .. }
                                | Kind::LoadKeyFailed { public: false, .. }
                                | Kind::SecurityKeyTrouble { .. }
                        )
                    })
            }
            _ => false,
        }
    }
}

/// One cause.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Stable id, kebab-case; also the name of its page.
    pub id: Cause,
    /// Causes that need no saying of their own once this one is found.
    pub explains: &'static [Cause],
    /// Its page, as `ssh-why explain` prints it.
    pub page: &'static str,
    /// The check. `None`: only a server's log or two machines' can show it.
    pub check: Option<fn(&Scene<'_>) -> Option<Finding>>,
    /// No log can show it: the check needs facts of the local machine.
    pub local: bool,
}

impl Rule {
    /// The page's one sentence on what the cause means.
    pub fn summary(&self) -> &'static str {
        self.page.lines().skip(1).find(|line| !line.trim().is_empty()).unwrap_or_default()
    }
}

macro_rules! rule {
    ($id:literal, local $check:expr $(, explains $($other:literal)+)?) => {
        Rule { local: true, ..rule!($id, Some($check) $(, explains $($other)+)?) }
    };
    ($id:literal, $check:expr $(, explains $($other:literal)+)?) => {
        Rule { id: $id, explains: &[$($($other),+)?], page: include_str!(concat!("../../docs/causes/", $id, ".md")), check: $check, local: false }
    };
}

/// All causes, in order of precedence.
pub const RULES: &[Rule] = &[
    rule!("config-error", Some(client::config_error)),
    rule!("proxy-failed", Some(connection::proxy_failed), explains "connection-closed"),
    rule!("dns", Some(connection::dns)),
    rule!("rate-limited", Some(connection::rate_limited), explains "connection-closed"),
    rule!("connection-refused", Some(connection::refused)),
    rule!("network-unreachable", Some(connection::unreachable)),
    rule!("connection-timeout", Some(connection::timeout)),
    rule!("ci-session-over", Some(after::ci_session_over)),
    rule!("connection-closed", Some(connection::closed)),
    rule!("kex-mismatch", Some(connection::kex_mismatch)),
    rule!("host-key-changed", Some(host_key::changed)),
    rule!("host-key-unknown", Some(host_key::unknown)),
    rule!("multiplexed", Some(client::multiplexed)),
    rule!("too-many-failures", Some(offers::too_many_failures), explains "key-not-offered" "key-rejected"),
    rule!("partial-success", Some(authentication::partial_success), explains "key-rejected"),
    rule!("security-key", Some(agent::security_key), explains "no-identity" "key-rejected" "accepted-then-denied"),
    rule!("agent-refused", Some(agent::agent_refused), explains "key-rejected" "accepted-then-denied"),
    rule!("pkcs11", Some(agent::pkcs11), explains "no-identity" "key-rejected" "accepted-then-denied"),
    rule!("pubkey-mismatch", Some(identities::pubkey_mismatch), explains "key-rejected" "accepted-then-denied"),
    rule!("identity-invalid", Some(identities::invalid), explains "no-identity" "identity-permissions" "key-rejected"),
    rule!("identity-permissions", Some(identities::permissions), explains "no-identity" "key-rejected"),
    rule!("identity-unreadable", Some(identities::unreadable), explains "no-identity" "key-rejected"),
    rule!("key-too-short", Some(identities::too_short), explains "no-identity" "key-rejected"),
    rule!("passphrase", Some(identities::passphrase), explains "no-identity" "key-rejected" "accepted-then-denied"),
    rule!("wrong-user", Some(authentication::wrong_user), explains "key-rejected" "no-identity"),
    rule!("wrong-host", Some(authentication::wrong_host), explains "key-rejected" "method-unavailable"),
    rule!("identity-missing", Some(identities::missing), explains "no-identity" "key-rejected"),
    rule!("agent-other", local local::agent_other, explains "no-identity" "key-not-offered" "key-rejected"),
    rule!("identities-only", Some(agent::identities_only), explains "no-identity"),
    rule!("signature-algorithm", Some(offers::signature_algorithm), explains "key-rejected" "no-identity"),
    rule!("accepts-any", Some(authentication::accepts_any), explains "accepted-then-denied"),
    rule!("accepted-then-denied", Some(authentication::accepted_then_denied), explains "key-rejected"),
    rule!("key-not-offered", Some(offers::key_not_offered), explains "key-rejected" "no-identity" "agent-unreachable"),
    rule!("pubkey-disabled", Some(client::pubkey_disabled), explains "no-identity"),
    rule!("method-unavailable", Some(authentication::method_unavailable)),
    rule!("agent-unreachable", Some(agent::agent_unreachable), explains "no-identity"),
    rule!("no-identity", Some(identities::none)),
    rule!("certificate", Some(offers::certificate), explains "key-rejected"),
    rule!("key-rejected", Some(offers::key_rejected)),
    rule!("ci-keys", Some(offers::ci_keys)),
    rule!("other-home", Some(identities::other_home)),
    rule!("wrong-account", Some(after::wrong_account), explains "repo-access" "authenticated"),
    rule!("repo-access", Some(after::repo_access), explains "authenticated" "deploy-key"),
    rule!("deploy-key", Some(after::deploy_key), explains "authenticated"),
    rule!("server-side", None),
    rule!("git-differs", None),
    rule!("authenticated", Some(after::authenticated)),
    rule!("unknown", Some(after::unknown)),
];

/// The rule with this id.
pub fn by_id(id: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.id == id)
}

/// A rule's place in the order of precedence.
pub(crate) fn rank(id: &str) -> usize {
    RULES.iter().position(|rule| rule.id == id).unwrap_or(RULES.len())
}
