//! What a rule looks at: one session, and the case around it.

use crate::model::{
    At, Author, Block, Case, Certainty, Change, Fate, Fix, HostName, Key, Kind, Outcome, Role, Session, SessionRef,
};
use crate::suggest;

/// One session, and the case around it.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    /// The case.
    pub case: &'a Case,
    /// The session.
    pub entry: SessionRef<'a>,
}

impl<'a> Scene<'a> {
    pub(super) fn session(&self) -> &'a Session {
        self.entry.session
    }

    /// What the client is called in a sentence.
    pub(super) fn client(&self) -> &'static str {
        client_of(self.entry.session)
    }

    /// Whether the client is another one than OpenSSH's.
    pub(super) fn is_foreign(&self) -> bool {
        self.entry.session.author != Author::OPENSSH
    }

    pub(super) fn ended(&self, outcome: Outcome) -> bool {
        self.entry.session.outcome == outcome
    }

    /// Authentication was tried, and nobody was logged in.
    pub(super) fn refused(&self) -> bool {
        let session = self.entry.session;
        match session.outcome {
            Outcome::Denied | Outcome::Disconnected => session.reached_authentication(),
            // Cut at a password prompt, or right after the keys: publickey is over. Some words only a failure has.
            Outcome::Unknown => {
                session.reached_authentication() && session.verbose()
                    || self.key_failed()
                    || session.any(|kind| {
                        matches!(kind, Kind::PasswordPrompt { .. } | Kind::PassphraseRefused | Kind::NoMutualAlgorithm)
                    })
            }
            // Many clients stop at the first key that they can't use.
            Outcome::ClientError => {
                self.key_failed()
                    || session.accepted.is_some()
                    || session.any(|kind| matches!(kind, Kind::IdentityMissing { named: true, .. }))
            }
            _ => false,
        }
    }

    /// What the account's shell says in place of a session, and how certainly it says so: a banner has the same words
    /// before a login, and a file that is shown has them after it, but then all goes well.
    pub(super) fn turned_away(&self) -> Option<(&'a str, &'a At, Certainty)> {
        let session = self.session();
        let (text, at) = session.last(|kind| match kind {
            Kind::AccountRefused { text } if !text.contains("another user") => Some(text.as_str()),
            Kind::PasswordExpired => Some("its password has expired"),
            Kind::TailnetRefused => Some("tailnet policy"),
            _ => None,
        })?;
        let status = self.exit_status();
        let certainty = match session.outcome {
            Outcome::Authenticated if status == Some(0) => return None,
            Outcome::Authenticated if status.is_some() => Certainty::Certain,
            Outcome::Authenticated => Certainty::Likely,
            _ if session.accepted.is_some() => Certainty::Certain,
            // Where the log would show a yes to a key, there must be one.
            _ if session.verbose() && self.by_key() => return None,
            _ => Certainty::Likely,
        };
        Some((text, at, certainty))
    }

    /// The last that was tried is a key. Tailscale's server asks for none.
    fn by_key(&self) -> bool {
        let method = self.session().last(|kind| match kind {
            Kind::NextMethod { method } => Some(method.as_str()),
            _ => None,
        });
        method.is_none_or(|(method, _)| method == "publickey")
            && !self.session().any(|kind| *kind == Kind::TailnetRefused)
    }

    /// What the session's command or shell ended with.
    pub(super) fn exit_status(&self) -> Option<i32> {
        let status = |kind: &Kind| match kind {
            Kind::ExitStatus { status } => Some(*status),
            _ => None,
        };
        self.session().last(status).map(|(status, _)| status)
    }

    /// The server's own list has no publickey, and so no key was offered.
    pub(super) fn takes_no_keys(&self) -> bool {
        let session = self.session();
        let methods = session.methods_first.as_ref().or(session.methods_left.as_ref());
        let without = methods.is_some_and(|methods| !methods.iter().any(|method| method == "publickey"));
        without && session.offered.is_empty() && session.accepted.is_none()
    }

    /// The host of a CI job, whose keys are its account's: nobody can change a file there.
    pub(super) fn is_ci_host(&self) -> bool {
        self.session().role == Role::Ci && self.case.with_role(Role::Vcs).next().is_some()
    }

    /// Somebody was logged in by another method than keys, which came later in ssh's list.
    pub(super) fn let_in_otherwise(&self) -> bool {
        let by_other = |method: &str| !matches!(method, "publickey" | "none");
        self.ended(Outcome::Authenticated)
            && self.session().method.as_deref().is_some_and(by_other)
            && self.session().accepted.is_none()
    }

    /// The client could not use a key of its own.
    fn key_failed(&self) -> bool {
        self.entry.session.any(|kind| {
            matches!(
                kind,
                Kind::AgentRefused { .. }
                    | Kind::SigningFailed { .. }
                    | Kind::PublicMismatch { .. }
                    | Kind::TooOpen { .. }
                    | Kind::LoadKeyFailed { public: false, .. }
                    | Kind::PassphraseRefused
                    | Kind::PrivateHalfFailed { .. }
                    | Kind::SecurityKeyTrouble { .. }
            )
        })
    }

    /// Lines of configuration for the session's host. `None` where the log does not name it.
    pub(super) fn block(&self) -> Option<Block> {
        suggest::destination_host(self.entry.session).ok().map(|host| Block::for_host(&host))
    }

    /// The user's command once more, where it is known and nothing else is known to be wrong.
    pub(super) fn again(&self) -> Option<Fix> {
        let typed = self.session().typed.as_ref().filter(|typed| typed.own || typed.program == "ssh")?;
        HostName::try_from(typed.host.as_str()).ok()?;
        Some(Fix::rerun("then run your command again", Change::none()))
    }

    /// A key that a git host takes and that was not put to this host.
    pub(super) fn unused_key(&self) -> Option<&'a Key> {
        let compared = self.case.compared(self.entry.id()).find(|comparison| comparison.key.is_some())?;
        let unused = matches!(compared.fate, Fate::NeverOffered | Fate::NotReached);
        compared.key.as_ref().filter(|_| unused)
    }

    /// Whether the log shows that the agent's keys were there and none was tried.
    pub(super) fn agent_kept_back(&self) -> bool {
        let session = self.entry.session;
        let held = session.any(|kind| matches!(kind, Kind::AgentCount { count } if *count > 0));
        held && !session.any(|kind| matches!(kind, Kind::Planned { key, .. } if key.agent == Some(true)))
            && !session.offered.iter().any(|offer| offer.key.agent == Some(true))
    }
}

/// What to call a session's client in a sentence.
pub(super) fn client_of(session: &Session) -> &'static str {
    match session.author {
        Author::OPENSSH => "ssh",
        other => other.name,
    }
}
