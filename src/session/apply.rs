//! What each statement changes in a run.

use super::place::{is_address, proxied};
use super::run::Run;
use crate::model::{At, Key, Kind, Offer, Outcome, Reply, SessionFault, Step};

impl Run {
    pub(super) fn apply(&mut self, at: At, mut kind: Kind) {
        if let Kind::LoadKeyFailed { path, .. } | Kind::IdentityMissing { path, .. } = &mut kind
            && path.is_empty()
        {
            match self.tried() {
                Some(tried) => *path = tried,
                // Other clients say that a key is no good, and never which.
                None if !self.is_foreign() => return,
                None => {}
            }
        }
        // The error that names no host is about the one that was looked up.
        if let (Kind::ResolveFailed { host, .. }, Some(known)) = (&mut kind, &self.session.host)
            && host.is_empty()
        {
            host.clone_from(known);
        }
        if let Kind::PrivateHalfFailed { path, .. } = &kind
            && let Some(reason) = self.damage().filter(|_| self.is_public_half_missing(path))
        {
            kind = Kind::LoadKeyFailed { path: path.clone(), reason, public: false };
        }
        if let Kind::KeyDenied { methods } = kind {
            // Where the log has told of keys, the word is of the last of them.
            let accepted = self.now().is_some_and(|offer| offer.reply() == Reply::Accepted);
            if self.session.offered.is_empty() || accepted {
                self.refused(&at, None);
            }
            kind = Kind::Denied { user: None, host: None, methods };
        }
        match &kind {
            Kind::Command(typed) => {
                self.session.typed.get_or_insert_with(|| typed.clone());
            }
            Kind::Connecting { host, address, port } => {
                if host.is_some() {
                    self.session.host.clone_from(host);
                }
                self.session.address.clone_from(address);
                self.session.port = *port;
                self.connected = true;
            }
            Kind::ClientSoftware { version } => self.session.client = Some(version.clone()),
            Kind::Destination { user, host, port } => {
                self.place(Some(host), None, *port);
                if self.session.user.is_none() {
                    self.session.user.clone_from(user);
                }
            }
            Kind::User { user } => self.session.user = Some(user.clone()),
            Kind::AddressFailed { address, port, .. } => {
                self.session.address = Some(address.clone());
                self.place(None, None, *port);
            }
            Kind::ConnectFailed { host, port, .. } => {
                // Other clients name the address that they dialled, whatever name they were given.
                let dialled = self.is_foreign() && host.as_deref().is_some_and(is_address);
                let (host, address) = if dialled { (None, host.as_deref()) } else { (host.as_deref(), None) };
                self.place(host, address, *port);
                self.ends(Outcome::Network, &at);
            }
            Kind::ResolveFailed { host, .. } => {
                self.place(Some(host.as_str()).filter(|host| !host.is_empty()), None, None);
                self.ends(Outcome::Network, &at);
            }
            Kind::Established => self.connected = true,
            Kind::Proxy { command, jump } => {
                self.jump |= *jump;
                self.connected = true;
                let (host, port) = proxied(command);
                self.place(host.as_deref(), None, port);
            }
            Kind::ProxyTrouble { .. } => {
                self.ends(Outcome::Network, &at);
                self.soft = self.session.outcome == Outcome::Network;
            }
            Kind::IdentityFile { .. }
            | Kind::IdentityLoaded { .. }
            | Kind::IdentityMissing { .. }
            | Kind::LoadKeyFailed { .. }
            | Kind::TooOpen { .. } => {
                self.identity(&at, &kind);
            }
            Kind::RemoteSoftware { software } => {
                // Told a second time, it may come without its comment.
                let known = self.session.server_software.as_deref();
                if !known.is_some_and(|known| known.starts_with(software.as_str())) {
                    self.session.server_software = Some(software.clone());
                }
                self.connected = true;
            }
            Kind::Authenticating { host, port, user } => {
                self.session.host = Some(host.clone());
                self.session.port = port.or(self.session.port);
                self.session.user = Some(user.clone());
                self.connected = true;
            }
            Kind::HostKeyUnknown { host, address, port, strict } => {
                self.place(host.as_deref(), address.as_deref(), *port);
                if *strict {
                    self.ends(Outcome::HostKey, &at);
                }
            }
            Kind::HostKeyAlias { alias } => self.session.alias = Some(alias.clone()),
            Kind::GaveUp { .. } => self.drops(&at),
            Kind::Resolving { host, port } => self.place(Some(host), None, *port),
            Kind::HostKeyKnown { host, port } => self.place(host.as_deref(), None, *port),
            Kind::HostKeyAdded { host, address, port } => self.place(host.as_deref(), address.as_deref(), *port),
            Kind::HostKeyRemembered { host, port, .. } => self.place(host.as_deref(), None, *port),
            Kind::HostKeyChanged { host } | Kind::HostKeyNotAmong { host } => {
                let known =
                    host.as_deref().map(|host| match host.strip_prefix('[').and_then(|rest| rest.split_once("]:")) {
                        Some((host, port)) => (host, port.parse().ok()),
                        None => (host, None),
                    });
                self.place(known.map(|(host, _)| host), None, known.and_then(|(_, port)| port));
                self.ends(Outcome::HostKey, &at);
            }
            Kind::HostKeyNotPublished { .. } => self.end(Outcome::HostKey, &at),
            Kind::HostKeyFailed => self.ends(Outcome::HostKey, &at),
            Kind::NoCommonAlgorithm { address, port, .. } => {
                self.place(None, address.as_deref(), *port);
                self.ends(Outcome::Kex, &at);
            }
            Kind::ServiceAccepted | Kind::ServerSigAlgs { .. } => self.key_exchanged = true,
            Kind::Methods { list } | Kind::CredentialWanted { methods: list } => self.answered(&at, list),
            Kind::Requested => self.requested(&at),
            Kind::KeyRefusalTold => self.refusal_told(),
            Kind::NextMethod { method } => {
                self.key_exchanged = true;
                self.method = Some(method.clone());
                self.leave(&at);
                self.current = None;
            }
            Kind::KeyFile { path } => {
                self.file = Some(path.clone());
                self.untold = true;
                self.next = Key::default();
                self.identity(&at, &kind);
            }
            Kind::NextKey { kind, agent } => {
                self.next.kind.clone_from(kind);
                if *agent {
                    self.file = None;
                    self.next.agent = Some(true);
                }
            }
            Kind::RequestSent => self.request_sent(&at),
            Kind::KeyNamed { key } => self.named(key),
            Kind::Offering { key, token, .. } => self.offered(&at, key, *token),
            Kind::KeySent { kind } => self.key_sent(&at, kind.as_deref()),
            Kind::PrivateHalfFailed { path, reason } => self.private_half_failed(&at, path, reason),
            Kind::Refused { key } => self.refused(&at, key.as_ref()),
            Kind::TryingPrivate { path } => {
                self.key_exchanged = true;
                self.leave(&at);
                self.current = None;
                let key = Key { path: Some(path.clone()), ..Key::default() };
                self.pending = Some(Offer::new(key, Step::Tried, at.clone()));
            }
            // The next answer may be to a key that is not shown.
            Kind::Elided => {
                self.current = None;
                self.pending = None;
            }
            // Some clients say the same when they have gone through an agent's keys.
            Kind::AgentEmpty if self.session.offered.iter().any(|offer| offer.key.agent == Some(true)) => return,
            Kind::NoMutualAlgorithm => self.withheld(&at),
            Kind::ServerAccepts { key } => self.accepts(&at, key.as_ref()),
            Kind::AcceptedFingerprint { fingerprint } | Kind::Signing { fingerprint, .. } => {
                self.fingerprint(&at, &kind, fingerprint)
            }
            Kind::SigningFailed { key, reason } => self.signs(&at, key, Step::SigningFailed(reason.clone())),
            Kind::AgentRefused { key } => self.signs(&at, key, Step::AgentRefused),
            Kind::PresenceWanted { key } => self.signs(&at, key, Step::Touch),
            Kind::PublicMismatch { path } => {
                let key = Key { path: Some(path.clone()), agent: Some(false), ..Key::default() };
                self.signs(&at, &key, Step::Mismatched);
            }
            Kind::PassphrasePrompt { path } => self.prompted(&at, Step::Prompted, Some(path)),
            Kind::NoTerminal { .. } => {
                self.prompted(&at, Step::Unasked, None);
                if self.is_foreign() && !self.is_about_the_host() {
                    self.ends_unasked(&at);
                }
            }
            Kind::PassphraseRefused => self.prompted(&at, Step::NoPassphrase, None),
            Kind::PasswordPrompt { user, host } => {
                self.place(host.as_deref(), None, None);
                if self.session.user.is_none() {
                    self.session.user.clone_from(user);
                }
            }
            Kind::Succeeded { method } => self.succeeds(&at, Some(method)),
            Kind::AuthenticatedTo { host, address, port, method } => {
                if !self.closed || self.session.outcome == Outcome::Authenticated {
                    self.place(Some(host), address.as_deref(), *port);
                }
                self.succeeds(&at, method.as_deref());
            }
            Kind::Partial { method } => {
                self.partial = true;
                self.key_exchanged = true;
                if method.as_deref().unwrap_or("publickey") == "publickey" {
                    // The line proves that a key was tried, whatever else the log shows.
                    if method.is_some() && self.is_foreign() && self.current.is_none() && self.pending.is_none() {
                        self.offer_untold(&at);
                    }
                    self.credit(&at);
                }
                self.current = None;
                self.drop_pending();
            }
            Kind::Denied { user, host, methods } => {
                self.place(host.as_deref(), None, None);
                if self.session.user.is_none() {
                    self.session.user.clone_from(user);
                }
                // A client that tells no list leaves open what the server would take.
                if self.session.methods_left.is_none() && !(methods.is_empty() && self.is_foreign()) {
                    self.session.methods_left = Some(methods.clone());
                }
                if !self.is_ended() || self.session.outcome == Outcome::Denied {
                    self.end(if self.partial { Outcome::Partial } else { Outcome::Denied }, &at);
                }
                self.closed = true;
            }
            Kind::NoMoreMethods => {
                self.leave(&at);
                self.ends(if self.partial { Outcome::Partial } else { Outcome::Denied }, &at);
            }
            Kind::Disconnected { address, port, text } => {
                self.place(None, address.as_deref(), *port);
                // A log without -v does not say when the server spoke; that it did is all there is. And whoever ends it
                // before the key exchange closes the line without a message.
                let told = text.to_ascii_lowercase().contains("authentication");
                let late = told || !self.session.verbose() || text.is_empty() && self.is_foreign();
                self.key_exchanged |= late;
                self.drops(&at);
            }
            Kind::DisconnectedFrom { address, port } => {
                self.place(None, address.as_deref(), *port);
                if self.session.reached_authentication() {
                    self.drops(&at);
                }
            }
            Kind::Closed { address, port, .. } => {
                self.place(None, address.as_deref(), *port);
                self.drops(&at);
            }
            Kind::ConnectionFailed { address, port, .. } => {
                self.place(None, address.as_deref(), *port);
                self.drops(&at);
                self.closed = false;
            }
            Kind::Broken => self.drops(&at),
            Kind::IdentificationFailed { .. } => self.ends(Outcome::Network, &at),
            Kind::MultiplexFailed { .. } if !self.connected && !self.is_ended() => {
                self.end(Outcome::ClientError, &at);
                self.soft = true;
            }
            Kind::SessionOpened
            | Kind::SessionBroken
            | Kind::ExitStatus { .. }
            | Kind::SessionClosed { .. }
            | Kind::RemoteShell
            | Kind::Greeting(_)
            | Kind::RepositoryRefused { .. } => {
                let open = !self.is_ended();
                self.session_seen(&at, &kind);
                // Where no client marks a server's words, they may be a banner's, before a login that fails.
                self.soft |= open && self.is_foreign() && kind == Kind::RemoteShell;
            }
            Kind::Attempted { methods } => {
                // Without any it had nothing to ask with, so nobody refused.
                if methods.is_empty() {
                    return self.stop_with(at, kind);
                }
                self.key_exchanged = true;
                self.leave(&at);
                self.ends(if self.partial { Outcome::Partial } else { Outcome::Denied }, &at);
                self.closed = true;
            }
            // A server's words; the others are the client's own, of a session that it has.
            Kind::SessionFailed { what: SessionFault::AllButSftp } => {}
            Kind::SessionFailed { .. } => self.session_seen(&at, &kind),
            Kind::ConfigError { .. } | Kind::Crashed { .. } => self.ends(Outcome::ClientError, &at),
            Kind::ClientFailed { .. } => self.stopped(&at),
            Kind::ClientEnded => {
                let open = !self.is_ended();
                self.stopped(&at);
                self.closed = false;
                self.soft |= open;
            }
            Kind::Interrupted => {
                // A client that has gone through all that it has, and stays.
                let idle = self.is_foreign() && self.session.methods_first.is_some() && self.current.is_none();
                if idle {
                    self.ends(if self.partial { Outcome::Partial } else { Outcome::Denied }, &at);
                }
                let waits = self.session.host.is_some()
                    && !self.session.any(|kind| {
                        matches!(kind, Kind::Established | Kind::RemoteSoftware { .. } | Kind::Proxy { .. })
                    });
                if waits && self.connected {
                    self.ends(Outcome::Network, &at);
                }
            }
            _ => {}
        }
        if !matches!(kind, Kind::ReadingConfig { .. }) || self.session.events.len() < 50 {
            self.keep(at, kind);
        }
    }

    /// What only a session that is logged in can show.
    fn session_seen(&mut self, at: &At, kind: &Kind) {
        match kind {
            Kind::Greeting(greeting) if self.session.login.is_none() => {
                self.session.login.clone_from(&greeting.login);
            }
            Kind::RepositoryRefused { account: Some(account), .. }
                if self.session.login.is_none() && account != "deploy key" =>
            {
                self.session.login = Some(account.clone());
            }
            Kind::SessionClosed { host, .. } => self.place(Some(host), None, None),
            _ => {}
        }
        if self.is_ended()
            || matches!(kind, Kind::ExitStatus { .. } if self.session.any(|kind| matches!(kind, Kind::Multiplexed { .. })))
        {
            return;
        }
        if self.session.any(|kind| matches!(kind, Kind::Multiplexed { .. })) {
            return;
        }
        let by_key =
            if self.sent { self.fold_signature() } else { self.session.accepted.is_some() || self.current.is_some() };
        let method = by_key.then_some("publickey");
        self.succeeds(at, method);
    }

    /// As [`Run::stopped`], by this statement.
    fn stop_with(&mut self, at: At, kind: Kind) {
        self.stopped(&at);
        self.keep(at, kind);
    }
}
