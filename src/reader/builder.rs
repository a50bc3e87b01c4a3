//! From statements to sessions.
//!
//! Whether a key was accepted, refused or not sent is rarely said by one line: it follows from what comes next
//! (sshconnect2.c, `userauth_pubkey` and `input_userauth_failure`). This file holds that order of events, and
//! where one session ends and the next begins.

use crate::model::session::{Accepted, Identity, IdentityState, Typed};
use crate::model::{At, Dialect, Event, Key, Kind, Offer, Outcome, Reply, Session, Transcript};

/// Statements that are kept of one session; later ones still change its state.
const KEPT: usize = 2000;

/// Sessions that are kept of one source, and statements that are kept of each once there are many: a source made
/// to be large costs no more.
const MOST_SESSIONS: usize = 8000;
const KEPT_OF_MANY: usize = 150;

/// Nested clients that are followed: jump hosts behind jump hosts.
const DEPTH: usize = 10;

/// A session that is being read.
#[derive(Debug, Default)]
struct Open {
    session: Session,
    /// The offer that the server's next answer is about.
    current: Option<usize>,
    /// A file that ssh tries without a public half: signed with at once, or not there at all.
    pending: Option<(Key, At)>,
    method: Option<String>,
    partial: bool,
    key_exchanged: bool,
    /// A jump host's own client may follow in this log.
    jump: bool,
    connected: bool,
    /// The end may still be overruled.
    soft: bool,
    closed: bool,
}

/// Makes sessions of statements.
#[derive(Debug)]
pub(super) struct Builder {
    source: String,
    stack: Vec<Open>,
    done: Vec<Session>,
    typed: Option<Typed>,
    called: Option<String>,
    foreign: Option<&'static str>,
    foreign_now: bool,
}

impl Builder {
    pub(super) fn new(source: String) -> Self {
        Self {
            source,
            stack: Vec::new(),
            done: Vec::new(),
            typed: None,
            called: None,
            foreign: None,
            foreign_now: false,
        }
    }

    /// The command that starts the next session, where no log has to show it.
    pub(super) fn typed(&mut self, typed: Typed, called: String) {
        self.typed = Some(typed);
        self.called = Some(called);
    }

    /// The session that is being read.
    pub(super) fn current(&self) -> Option<&Session> {
        self.stack.last().map(|open| &open.session).or(self.done.last())
    }

    /// A line of another program: what follows is its, until OpenSSH's client shows itself again.
    pub(super) fn foreign(&mut self, name: &'static str) {
        self.foreign.get_or_insert(name);
        self.foreign_now = true;
    }

    pub(super) fn take(&mut self, at: At, kind: Kind, foreign_line: bool) {
        match &kind {
            Kind::Command(typed) if !at.text.contains("debug3: ") => {
                self.close_all();
                self.foreign_now = false;
                self.typed = Some(typed.clone());
                return;
            }
            Kind::ClientVersion { .. } => self.foreign_now = false,
            _ => {}
        }
        if self.foreign_now || foreign_line {
            return;
        }
        if let Kind::ClientVersion { version } = &kind {
            self.start(version.clone(), at);
            return;
        }
        self.surface(&kind);
        let anew = match self.stack.last() {
            None => self.typed.is_some() || begins(&kind),
            Some(open) => open.begins_another(&kind),
        };
        if anew {
            self.close_all();
            self.open();
        }
        if let Some(open) = self.stack.last_mut() {
            open.apply(at, kind);
        }
    }

    fn open(&mut self) {
        let session = Session { called: self.called.take(), typed: self.typed.take(), ..Session::default() };
        self.stack.push(Open { session, ..Open::default() });
    }

    /// The client's first line.
    fn start(&mut self, version: String, at: At) {
        match self.stack.last() {
            Some(open) if open.is_prelude() => {}
            Some(open)
                if self.stack.len() < DEPTH
                    && open.jump
                    && open.session.server_software.is_none()
                    && !open.is_ended() =>
            {
                self.open()
            }
            _ => {
                self.close_all();
                self.open();
            }
        }
        if let Some(open) = self.stack.last_mut() {
            open.session.client = Some(version.clone());
            open.keep(at, Kind::ClientVersion { version });
        }
    }

    /// Goes back to the session behind a jump host where a line can only be that one's.
    fn surface(&mut self, kind: &Kind) {
        while self.stack.len() > 1 {
            let Some(top) = self.stack.last() else { return };
            let through = matches!(top.session.outcome, Outcome::Authenticated);
            let back = match kind {
                Kind::RemoteSoftware { .. } => top.session.server_software.is_some(),
                Kind::Closed { proxied: true, .. }
                | Kind::AuthenticatedTo { address: None, .. }
                | Kind::ProxyTrouble { .. } => true,
                Kind::IdentificationFailed { .. } => top.is_ended() || through,
                Kind::Authenticating { .. }
                | Kind::Offering { .. }
                | Kind::Methods { .. }
                | Kind::NextMethod { .. }
                | Kind::TryingPrivate { .. }
                | Kind::Planned { .. }
                | Kind::ServerAccepts { .. }
                | Kind::HostKey { .. }
                | Kind::ServiceAccepted
                | Kind::SessionOpened
                | Kind::Greeting(_) => {
                    through
                        && !matches!(kind, Kind::SessionOpened if !top.session.any(|kind| matches!(kind, Kind::SessionOpened)))
                }
                _ => top.is_ended() && !through && top.begins_another(kind),
            };
            if !back {
                return;
            }
            self.close();
        }
    }

    fn close(&mut self) {
        if let Some(mut open) = self.stack.pop() {
            open.session.jump_host = !self.stack.is_empty();
            let mut session = open.finish();
            if self.done.len() >= MOST_SESSIONS {
                return;
            }
            if self.done.len() >= MOST_SESSIONS / 4 {
                session.events.truncate(KEPT_OF_MANY);
            }
            self.done.push(session);
        }
    }

    fn close_all(&mut self) {
        while !self.stack.is_empty() {
            self.close();
        }
    }

    pub(super) fn finish(mut self) -> Transcript {
        self.close_all();
        let sessions = self.done;
        Transcript {
            source: self.source,
            dialect: match self.foreign {
                Some(name) if sessions.is_empty() => Dialect::Foreign(name),
                _ => Dialect::OpenSsh,
            },
            client: sessions.iter().find_map(|session| session.client.clone()),
            complete: !sessions.is_empty() && sessions.iter().all(|session| session.complete),
            sessions,
            ..Transcript::default()
        }
    }
}

/// Whether a statement shows that some client ran. Those that anybody may write do not.
fn begins(kind: &Kind) -> bool {
    !matches!(
        kind,
        Kind::Git { .. }
            | Kind::Interrupted
            | Kind::RemoteShell
            | Kind::AccountRefused { .. }
            | Kind::Crashed { .. }
            | Kind::SessionClosed { .. }
            | Kind::DisconnectedFrom { .. }
            | Kind::ExitStatus { .. }
            | Kind::NoTerminal { .. }
            | Kind::ProxyTrouble { .. }
            | Kind::TokenTrouble { .. }
            | Kind::Command(_)
            | Kind::HostBlock { .. }
            | Kind::HostKeyKnown { .. }
    )
}

impl Open {
    /// Only what ssh prints before its first line.
    fn is_prelude(&self) -> bool {
        self.session.client.is_none()
            && !self.connected
            && self.session.offered.is_empty()
            && self.session.methods_first.is_none()
            && (self.session.outcome == Outcome::Unknown || self.soft)
    }

    fn is_ended(&self) -> bool {
        self.session.outcome != Outcome::Unknown && !self.soft
    }

    /// Whether a statement can't be about this session any more.
    fn begins_another(&self, kind: &Kind) -> bool {
        let outcome = self.session.outcome;
        if !self.is_ended() {
            return false;
        }
        let over = outcome != Outcome::Authenticated;
        match kind {
            Kind::Connecting { .. } => !(outcome == Outcome::Network && self.session.end.is_none()),
            Kind::ConnectFailed { host, .. } => {
                !(outcome == Outcome::Network && *host == self.session.host && !self.closed)
            }
            // ssh reads a file to its end and names every line that is wrong; only then it stops.
            Kind::ConfigError { .. } => {
                let last = self.session.last(|kind| match kind {
                    Kind::ConfigError { text } => Some(text.as_str()),
                    _ => None,
                });
                outcome != Outcome::ClientError
                    || last.is_none_or(|(text, _)| !text.contains(" line ") || text.starts_with("command-line"))
            }
            Kind::ResolveFailed { .. } | Kind::ReadingConfig { .. } | Kind::Authenticating { .. } => true,
            Kind::RemoteSoftware { .. } | Kind::Offering { .. } => true,
            Kind::Denied { .. } => outcome == Outcome::Authenticated || self.closed,
            Kind::Methods { .. } | Kind::NextMethod { .. } => outcome == Outcome::Network,
            Kind::Closed { .. } => over && self.closed,
            Kind::Disconnected { .. } => over && self.closed,
            Kind::IdentificationFailed { .. } => over && self.closed,
            Kind::NoCommonAlgorithm { .. } => outcome != Outcome::Kex,
            Kind::HostKeyFailed | Kind::HostKeyChanged { .. } => over && outcome != Outcome::HostKey,
            Kind::HostKeyUnknown { .. } => over,
            Kind::Greeting(_) => over && outcome != Outcome::Partial,
            _ => false,
        }
    }

    fn keep(&mut self, at: At, kind: Kind) {
        if self.session.events.len() < KEPT {
            self.session.events.push(Event { at, kind });
        }
    }

    fn end(&mut self, outcome: Outcome, at: &At) {
        self.session.outcome = outcome;
        self.session.end = Some(at.clone());
        self.soft = false;
    }

    /// Ends a session that had not ended yet.
    fn ends(&mut self, outcome: Outcome, at: &At) {
        if !self.is_ended() {
            self.end(outcome, at);
        }
    }

    /// The peer or the line ended it: before or after the key exchange.
    fn drops(&mut self, at: &At) {
        if !self.is_ended() {
            let late = self.key_exchanged || self.session.reached_authentication();
            self.end(if late { Outcome::Disconnected } else { Outcome::Network }, at);
        }
        self.closed = true;
    }

    fn place(&mut self, host: Option<&str>, address: Option<&str>, port: Option<u16>) {
        fn fill(place: &mut Option<String>, value: Option<&str>) {
            if let (None, Some(value)) = (&place, value) {
                *place = Some(value.to_owned());
            }
        }
        fill(&mut self.session.host, host);
        fill(&mut self.session.address, address);
        self.session.port = self.session.port.or(port);
    }

    fn apply(&mut self, at: At, mut kind: Kind) {
        if let Kind::LoadKeyFailed { path, .. } = &mut kind
            && path.is_empty()
        {
            let Some(tried) = self.tried() else { return };
            *path = tried;
        }
        match &kind {
            Kind::Command(typed) => {
                self.session.typed.get_or_insert_with(|| typed.clone());
            }
            Kind::Connecting { host, address, port } => {
                self.session.host = Some(host.clone());
                self.session.address.clone_from(address);
                self.session.port = *port;
                self.connected = true;
            }
            Kind::AddressFailed { address, port, .. } => {
                self.session.address = Some(address.clone());
                self.place(None, None, *port);
            }
            Kind::ConnectFailed { host, port, .. } => {
                self.place(host.as_deref(), None, *port);
                self.ends(Outcome::Network, &at);
            }
            Kind::ResolveFailed { host, .. } => {
                self.place(Some(host), None, None);
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
                self.session.server_software = Some(software.clone());
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
            Kind::HostKeyChanged { host } => {
                self.place(host.as_deref(), None, None);
                self.ends(Outcome::HostKey, &at);
            }
            Kind::HostKeyNotPublished { .. } => self.end(Outcome::HostKey, &at),
            Kind::HostKeyFailed => self.ends(Outcome::HostKey, &at),
            Kind::NoCommonAlgorithm { address, port, .. } => {
                self.place(None, address.as_deref(), *port);
                self.ends(Outcome::Kex, &at);
            }
            Kind::ServiceAccepted | Kind::ServerSigAlgs { .. } => self.key_exchanged = true,
            Kind::Methods { list } => self.answered(&at, list),
            Kind::NextMethod { method } => {
                self.key_exchanged = true;
                self.method = Some(method.clone());
                self.current = None;
                self.pending = None;
            }
            Kind::Offering { key, token, .. } => {
                self.key_exchanged = true;
                self.pending = None;
                self.current = None;
                if *key == Key::default() {
                    // Cut off before it names a key.
                    self.keep(at, kind);
                    return;
                }
                self.offer(Offer { key: key.clone(), token: *token, at: at.clone(), ..Offer::default() });
            }
            Kind::TryingPrivate { path } => {
                self.key_exchanged = true;
                self.current = None;
                self.pending = Some((Key { path: Some(path.clone()), ..Key::default() }, at.clone()));
            }
            Kind::NoMutualAlgorithm => self.withheld(),
            Kind::ServerAccepts { key } => self.accepts(&at, key.as_ref()),
            Kind::AcceptedFingerprint { fingerprint } | Kind::Signing { fingerprint, .. } => {
                self.fingerprint(&kind, fingerprint)
            }
            Kind::SigningFailed { key, .. } | Kind::AgentRefused { key } | Kind::PresenceWanted { key } => {
                self.signs(&at, key)
            }
            Kind::PublicMismatch { path } => {
                self.signs(&at, &Key { path: Some(path.clone()), agent: Some(false), ..Key::default() })
            }
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
                if method.as_deref().unwrap_or("publickey") == "publickey" {
                    self.credit(&at);
                }
                self.current = None;
                self.pending = None;
            }
            Kind::Denied { user, host, methods } => {
                self.place(host.as_deref(), None, None);
                if self.session.user.is_none() {
                    self.session.user.clone_from(user);
                }
                if self.session.methods_left.is_none() {
                    self.session.methods_left = Some(methods.clone());
                }
                if !self.is_ended() || self.session.outcome == Outcome::Denied {
                    self.end(if self.partial { Outcome::Partial } else { Outcome::Denied }, &at);
                }
                self.closed = true;
            }
            Kind::NoMoreMethods => {
                self.pending = None;
                self.ends(if self.partial { Outcome::Partial } else { Outcome::Denied }, &at);
            }
            Kind::Disconnected { address, port, text } => {
                self.place(None, address.as_deref(), *port);
                let late = text.to_ascii_lowercase().contains("authentication");
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
            | Kind::ExitStatus { .. }
            | Kind::SessionClosed { .. }
            | Kind::RemoteShell
            | Kind::Greeting(_)
            | Kind::RepositoryRefused { .. } => {
                self.session_seen(&at, &kind);
            }
            Kind::ConfigError { .. } | Kind::Crashed { .. } => {
                self.ends(Outcome::ClientError, &at);
            }
            Kind::Interrupted => {
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

    /// The file of the key that is being tried.
    fn tried(&self) -> Option<String> {
        let pending = self.pending.as_ref().map(|(key, _)| key);
        let current = || {
            let offer = self.session.offered.get(self.current?)?;
            Some(&offer.key)
        };
        pending.or_else(current)?.path.clone()
    }

    /// What a line says of a file that may hold a key.
    fn identity(&mut self, at: &At, kind: &Kind) {
        let (path, state, reason, named) = match kind {
            // A certificate that isn't there is the rule.
            Kind::IdentityFile { path, loaded: false } if path.ends_with("-cert") => return,
            Kind::IdentityFile { path, loaded: true } => (path, IdentityState::Loaded, None, false),
            Kind::IdentityFile { path, loaded: false } => {
                (path, IdentityState::Absent, Some("ssh read no public half"), false)
            }
            Kind::IdentityLoaded { key: Key { path: Some(path), .. } } => (path, IdentityState::Loaded, None, false),
            Kind::IdentityMissing { path, reason, named } => {
                if self.pending.as_ref().is_some_and(|(key, _)| key.path.as_ref() == Some(path)) {
                    self.pending = None;
                }
                let unreadable = reason.contains("ermission denied");
                (
                    path,
                    if unreadable { IdentityState::Unusable } else { IdentityState::Absent },
                    Some(reason.as_str()),
                    *named,
                )
            }
            Kind::LoadKeyFailed { path, reason, public: false } => {
                // An unreadable or broken file was not signed with.
                self.pending = None;
                (path, IdentityState::Unusable, Some(reason.as_str()), false)
            }
            Kind::TooOpen { path } => (path, IdentityState::Unusable, Some("bad permissions"), false),
            _ => return,
        };
        if let Some(identity) = self.session.identities.iter_mut().find(|identity| identity.path == *path) {
            identity.state = state;
            identity.named |= named;
            identity.reason = reason.map(str::to_owned);
            identity.at = at.clone();
        } else if self.session.identities.len() < KEPT {
            self.session.identities.push(Identity {
                path: path.clone(),
                state,
                reason: reason.map(str::to_owned),
                named,
                at: at.clone(),
            });
        }
    }

    fn offer(&mut self, offer: Offer) {
        if self.session.offered.len() < KEPT {
            self.session.offered.push(offer);
            self.current = Some(self.session.offered.len() - 1);
        }
    }

    /// SSH_MSG_USERAUTH_FAILURE: the answer to the `none` request, or to the last key, or to another method.
    fn answered(&mut self, at: &At, list: &[String]) {
        self.key_exchanged = true;
        let session = &mut self.session;
        session.methods_left = Some(list.to_vec());
        if session.methods_first.is_none() {
            session.methods_first = Some(list.to_vec());
        }
        if let Some((key, tried)) = self.pending.take() {
            session.refusals += 1;
            self.offer(Offer {
                key,
                reply: Reply::Refused,
                signed_at_once: true,
                at: tried,
                answer: Some(at.clone()),
                ..Offer::default()
            });
        } else if let Some(offer) = self.current.and_then(|index| session.offered.get_mut(index)) {
            session.refusals += 1;
            match offer.reply {
                Reply::Unanswered if !offer.withheld => {
                    offer.reply = Reply::Refused;
                    offer.answer = Some(at.clone());
                }
                Reply::Accepted if !self.partial => offer.then_refused = Some(at.clone()),
                _ => {}
            }
        }
        self.current = None;
    }

    fn withheld(&mut self) {
        if let Some(offer) = self.current.and_then(|index| self.session.offered.get_mut(index)) {
            if offer.reply == Reply::Unanswered {
                offer.withheld = true;
            }
            self.current = None;
        }
        self.pending = None;
    }

    fn accepts(&mut self, at: &At, named: Option<&Key>) {
        self.key_exchanged = true;
        self.pending = None;
        let same = |offer: &Offer| match named {
            Some(key) => {
                offer.key.kind == key.kind
                    && match (&offer.key.fingerprint, &key.fingerprint) {
                        (Some(left), Some(right)) => left == right,
                        _ => offer.key.path == key.path && offer.key.label == key.label,
                    }
            }
            None => true,
        };
        let index = self
            .current
            .filter(|index| self.session.offered.get(*index).is_some_and(&same))
            .or_else(|| self.session.offered.iter().rposition(|offer| offer.reply != Reply::Refused && same(offer)));
        let index = match index {
            Some(index) => index,
            // The offer was left out of the paste.
            None => {
                let key = named.cloned().unwrap_or_default();
                if named.is_none() {
                    self.session.accepted = Some(Accepted { key, at: at.clone() });
                    return;
                }
                self.offer(Offer { key, at: at.clone(), ..Offer::default() });
                self.session.offered.len().saturating_sub(1)
            }
        };
        let Some(offer) = self.session.offered.get_mut(index) else {
            return;
        };
        offer.reply = Reply::Accepted;
        offer.withheld = false;
        offer.answer = Some(at.clone());
        if let Some(named) = named {
            offer.key.learn(named);
        }
        self.session.accepted = Some(Accepted { key: offer.key.clone(), at: at.clone() });
        self.current = Some(index);
    }

    fn fingerprint(&mut self, kind: &Kind, fingerprint: &str) {
        if let (Kind::Signing { .. }, Some((key, _))) = (kind, &mut self.pending) {
            key.fingerprint = Some(fingerprint.to_owned());
            if let Kind::Signing { kind, .. } = kind {
                key.kind.clone_from(kind);
            }
            return;
        }
        if let Some(offer) = self.current.and_then(|index| self.session.offered.get_mut(index)) {
            if offer.key.fingerprint.is_none() {
                offer.key.fingerprint = Some(fingerprint.to_owned());
            }
            if let Some(accepted) = &mut self.session.accepted
                && offer.reply == Reply::Accepted
            {
                accepted.key.learn(&offer.key);
            }
        }
    }

    /// A line about signing, which implies that this key was put to the server.
    fn signs(&mut self, at: &At, key: &Key) {
        if let Some((mut pending, tried)) = self.pending.take() {
            pending.learn(key);
            self.offer(Offer { key: pending, signed_at_once: true, at: tried, ..Offer::default() });
            return;
        }
        match self
            .current
            .or_else(|| self.session.offered.len().checked_sub(1))
            .and_then(|index| self.session.offered.get_mut(index))
        {
            Some(offer) if offer.key.kind.is_none() || key.kind.is_none() || offer.key.kind == key.kind => {
                offer.key.learn(key)
            }
            Some(_) => {}
            None if *key != Key::default() => {
                self.offer(Offer { key: key.clone(), at: at.clone(), ..Offer::default() });
                self.current = None;
            }
            None => {}
        }
    }

    fn succeeds(&mut self, at: &At, method: Option<&str>) {
        // 7.2 says so after a disconnect, too (sshconnect2.c of 7.2p1 ignores the error that it was given).
        if self.closed && self.session.outcome != Outcome::Authenticated {
            return;
        }
        if method == Some("publickey") && self.session.outcome != Outcome::Authenticated {
            self.credit(at);
        }
        if self.session.outcome != Outcome::Authenticated {
            self.end(Outcome::Authenticated, at);
        }
        if self.session.method.is_none() {
            self.session.method = method.map(str::to_owned);
        }
    }

    /// Publickey succeeded: the key that was tried last is the accepted one.
    fn credit(&mut self, at: &At) {
        if let Some((key, tried)) = self.pending.take() {
            self.session.accepted = Some(Accepted { key: key.clone(), at: at.clone() });
            self.offer(Offer {
                key,
                reply: Reply::Accepted,
                signed_at_once: true,
                at: tried,
                answer: Some(at.clone()),
                ..Offer::default()
            });
            return;
        }
        if let Some(offer) = self.current.and_then(|index| self.session.offered.get_mut(index))
            && offer.reply != Reply::Accepted
        {
            offer.reply = Reply::Accepted;
            offer.withheld = false;
            offer.answer = Some(at.clone());
            self.session.accepted = Some(Accepted { key: offer.key.clone(), at: at.clone() });
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
            Kind::SessionClosed { host } => self.place(Some(host), None, None),
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
        let by_key = self.session.accepted.is_some() || self.current.is_some();
        let method = by_key.then_some("publickey");
        self.succeeds(at, method);
    }

    fn finish(mut self) -> Session {
        self.name_old_offers();
        let session = &mut self.session;
        // What ssh planned knows more of a key than an old release's offer does; and one file holds one key.
        let mut planned: Vec<Key> = session
            .events
            .iter()
            .filter_map(|event| match &event.kind {
                Kind::Planned { key, .. } | Kind::IdentityLoaded { key } => Some(key.clone()),
                _ => None,
            })
            .collect();
        planned.extend(
            session
                .offered
                .iter()
                .map(|offer| &offer.key)
                .filter(|key| key.fingerprint.is_some() && key.path.is_some())
                .cloned(),
        );
        for offer in &mut session.offered {
            let twin = planned.iter().find(|key| {
                key.path.is_some() && key.path == offer.key.path || key.label.is_some() && key.label == offer.key.label
            });
            if let Some(twin) = twin {
                if offer.key.agent.is_none() {
                    offer.key.agent = twin.agent;
                }
                let agent = offer.key.agent;
                if offer.key.kind.is_none() || offer.key.kind == twin.kind {
                    offer.key.learn(twin);
                    offer.key.agent = agent;
                }
            }
        }
        if let Some(accepted) = &mut session.accepted
            && let Some(offer) = session.offered.iter().rfind(|offer| offer.reply == Reply::Accepted)
        {
            accepted.key = offer.key.clone();
        }
        if let Some(typed) = &session.typed {
            if session.host.is_none() {
                session.host = Some(typed.host.clone()).filter(|host| !host.is_empty());
            }
            // ssh's default, where the log ends before it names a port and no Host block may set another.
            let block =
                session.events.iter().any(|event| matches!(&event.kind, Kind::HostBlock { pattern } if pattern != "*"));
            let default =
                (session.client.is_some() && session.outcome == Outcome::Network && typed.program == "ssh" && !block)
                    .then_some(22);
            session.port = session.port.or(typed.port).or(default);
            // Up to 6.8 no line names the remote user: without another, it is the local login name.
            let alone = || (typed.program == "ssh" && !typed.sudo).then(|| typed.local_user.clone()).flatten();
            if session.user.is_none() {
                session.user = typed.user.clone().or_else(alone);
            }
        }
        if session.host.is_none() {
            let named = session.events.iter().find_map(|event| match &event.kind {
                Kind::HostBlock { pattern } if !pattern.contains(['*', '?', '!', ' ']) => Some(pattern.clone()),
                _ => None,
            });
            session.host = named;
        }
        let begun = session.client.is_some() || session.typed.is_some();
        session.complete = begun && session.outcome != Outcome::Unknown;
        self.session
    }

    /// Up to 7.8 an offer does not say whether its name is a file's or an agent comment.
    fn name_old_offers(&mut self) {
        let session = &mut self.session;
        let mut files: Vec<String> = session.identities.iter().map(|identity| identity.path.clone()).collect();
        if let Some(typed) = &session.typed {
            files.extend(
                typed.options.iter().filter(|(letter, _)| *letter == 'i').filter_map(|(_, value)| value.clone()),
            );
        }
        for offer in &mut session.offered {
            let key = &mut offer.key;
            let Some(name) = key.path.as_deref() else {
                continue;
            };
            if key.agent.is_none()
                && !offer.signed_at_once
                && !crate::dialect::looks_like_path(name)
                && !files.iter().any(|file| file == name)
            {
                key.label = key.path.take();
                key.agent = Some(true);
            }
        }
        if let Some(accepted) = &mut session.accepted
            && let Some(offer) = session.offered.iter().rfind(|offer| offer.reply == Reply::Accepted)
        {
            accepted.key = offer.key.clone();
        }
    }
}

/// The destination in a proxy command: `-W HOST:PORT`, or the last two words `HOST PORT`.
fn proxied(command: &str) -> (Option<String>, Option<u16>) {
    let words: Vec<&str> = command.split_whitespace().map(|word| word.trim_matches(['\'', '"'])).collect();
    let target = words.iter().position(|word| *word == "-W").and_then(|at| words.get(at + 1));
    if let Some((host, port)) = target.and_then(|target| target.rsplit_once(':')) {
        let host = host.trim_matches(['[', ']']);
        return if host.contains('%') { (None, None) } else { (Some(host.to_owned()), port.parse().ok()) };
    }
    match words.as_slice() {
        [.., host, port] if port.parse::<u16>().is_ok() && host.contains('.') && !host.contains('%') => {
            (Some((*host).to_owned()), port.parse().ok())
        }
        _ => (None, None),
    }
}
