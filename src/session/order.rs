//! In which order OpenSSH's client tells of a run, and what stands out of it.
//!
//! A banner comes in whole lines, and so does what follows a line end within a name or a reason that a server sends:
//! ssh lets it through (log.c, `do_log`). Such a line looks as if ssh had printed it. But the client goes on behind it
//! from where it was. So a statement that has no place there waits. If the run then goes on from where it stood, what
//! waited was the other side's; if it does not, it was the client's, and is told in its turn.

use crate::model::server::Stamp;
use crate::model::{At, Author, Key, Kind, Session};

/// Statements that wait at most. No client says as much out of place.
const WAITING: usize = 20_000;

/// A statement, and whose it looks.
#[derive(Debug)]
pub(crate) struct Said {
    /// `None` where the line may be anybody's.
    pub(crate) author: Option<Author>,
    /// Which of several connections in one log it belongs to.
    pub(crate) stream: Option<String>,
    /// It stands behind the program's level.
    pub(crate) logged: bool,
    /// The program stops with it.
    pub(crate) ends: bool,
    /// When it was written.
    pub(crate) when: Option<Stamp>,
    pub(crate) at: At,
    pub(crate) kind: Kind,
}

/// How far a run has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    /// The log does not show it.
    #[default]
    Unknown,
    Begun,
    Connecting,
    Connected,
    /// The server has told its software.
    Answered,
    Authenticating,
    HostKey,
    Service,
    /// The server has told its methods.
    Told,
    Trying,
    LoggedIn,
    /// A session is open.
    Open,
}

/// What is told now: what has waited, and then the statement, where it does not wait itself.
#[derive(Debug, Default)]
pub(crate) struct Turn {
    pub(crate) waited: Vec<Said>,
    pub(crate) now: Option<Said>,
}

impl Turn {
    const fn now(said: Said) -> Self {
        Self { waited: Vec::new(), now: Some(said) }
    }
}

/// Follows a run, and lets wait what does not follow.
#[derive(Debug, Default)]
pub(crate) struct Order {
    place: Place,
    waiting: Vec<Said>,
    /// How far the run has come that what waits would be.
    inner: Place,
    /// What waits is such a run from its beginning on, or its login.
    whole: bool,
    /// What waits is the same run, if lines are missing before it.
    skips: bool,
    /// Lines were left out of what waits.
    gap: bool,
    /// More came than can wait.
    flood: bool,
    /// Several programs of the kind tell of one command.
    hops: bool,
    /// Other programs that have spoken before the server could: they write into the same log.
    beside: Vec<Author>,
}

impl Order {
    /// Whether nothing waits.
    pub(crate) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Whether a run stands where its server may speak, and has not ended.
    pub(crate) fn is_within(&self) -> bool {
        (Place::Connected..Place::LoggedIn).contains(&self.place) && self.waiting.is_empty()
    }

    /// All that waits, but for what stands before an end that names this session: ssh went on up to there.
    pub(crate) fn rest(&mut self, session: Option<&Session>) -> Vec<Said> {
        let mut rest = std::mem::take(&mut self.waiting);
        (self.gap, self.flood) = (false, false);
        let Some(session) = session.filter(|_| self.place > Place::Service) else { return rest };
        let again = |said: &Said| matches!(&said.kind, Kind::Command(typed) if session.typed.as_ref() == Some(typed));
        let until = rest.iter().position(again).unwrap_or(rest.len());
        if let Some(end) = rest[..until].iter().rposition(|said| is_own_end(&said.kind, session)) {
            let first = rest[..end].iter().take_while(|said| is_own_hang_up(&said.kind, session)).count();
            rest.drain(first..end);
        }
        rest
    }

    /// The next statement, behind what `session` has told so far.
    pub(crate) fn take(&mut self, said: Said, session: Option<&Session>) -> Turn {
        let own = is_own(&said);
        if let Some(author) = said.author.filter(|_| !own) {
            if self.place < Place::Connected && !self.beside.contains(&author) {
                self.beside.push(author);
            }
            if self.beside.contains(&author) {
                return Turn::now(said);
            }
        }
        let place = Some(&said).filter(|_| own).and_then(|said| place_of(&said.kind, said.logged));
        if self.waiting.is_empty() {
            return self.first(said, place, own, session);
        }
        let Some(place) = place else { return self.wait(said, session) };
        // Neither a line that is sent twice nor one line more is a run.
        let twice = self.skips && (place == self.inner && place != Place::Told || follows(self.place, place));
        if self.whole && !twice && follows(self.inner, place) {
            self.inner = behind(&said.kind, place);
            let told = self.skips || matches!(place, Place::Authenticating | Place::HostKey | Place::Open);
            // What a remote command shows may be whole logs; only the end of its own run tells.
            return if told && self.place < Place::LoggedIn {
                self.all(said, self.inner, session)
            } else {
                self.wait(said, session)
            };
        }
        if self.place >= Place::LoggedIn && self.gap {
            return self.all(said, Place::Unknown, session);
        }
        if follows(self.place, place) && is_of(&said.kind, session) {
            // ssh reads what comes with a hang-up to its end.
            let hung_up = |said: &Said| session.is_some_and(|session| is_own_hang_up(&said.kind, session));
            if place == Place::LoggedIn && self.place < place && self.waiting.iter().any(hung_up) {
                return self.all(said, place, session);
            }
            // What it says of itself in between stays, and that lines are missing.
            let stands = self.stands(session);
            self.waiting
                .retain(|said| said.kind == Kind::Elided || said.logged && is_own(said) && fits(&said.kind, stands));
            if place == Place::LoggedIn && self.place < place {
                (self.inner, self.whole, self.skips, self.flood) = (place, true, false, false);
                return self.wait(said, session);
            }
            let place = behind(&said.kind, place);
            return self.all(said, place, session);
        }
        if self.gap {
            let place = behind(&said.kind, place);
            return self.all(said, place, session);
        }
        self.whole = begins(place);
        self.skips = false;
        self.inner = place;
        self.wait(said, session)
    }

    /// As nothing waits.
    fn first(&mut self, said: Said, place: Option<Place>, own: bool, session: Option<&Session>) -> Turn {
        if matches!(said.kind, Kind::Command(_)) {
            self.hops = false;
        }
        // A hop's run stands within that of its target.
        self.hops |= self.place < Place::Connected && matches!(said.kind, Kind::Proxy { jump: true, .. });
        if self.hops {
            self.place = Place::Unknown;
            return Turn::now(said);
        }
        let login = place == Some(Place::LoggedIn) && self.place < Place::LoggedIn;
        match place {
            Some(place) if self.place <= Place::Connecting && begins(place) => return self.pass(said, place),
            Some(place) if self.place == Place::Unknown => return self.pass(said, place),
            // The keys are exchanged anew from time to time.
            Some(Place::HostKey) if self.place >= Place::LoggedIn => return Turn::now(said),
            Some(place) if follows(self.place, place) && is_of(&said.kind, session) && !login => {
                return self.pass(said, place);
            }
            None if own && fits(&said.kind, self.stands(session)) => return Turn::now(said),
            None if self.place < Place::Connected => return Turn::now(said),
            _ => {}
        }
        self.inner = place.unwrap_or_default();
        let of_another =
            !matches!(said.kind, Kind::Offering { .. } | Kind::TryingPrivate { .. }) && !is_of(&said.kind, session);
        self.skips = self.place < self.inner && !login && !of_another;
        self.whole = self.skips || login && is_of(&said.kind, session) || place.is_some_and(begins);
        self.wait(said, session)
    }

    /// How far the run has come. Where lines are missing, one behind the list of methods may be, too.
    fn stands(&self, session: Option<&Session>) -> Place {
        let trimmed = |session: &Session| !session.any(|kind| matches!(kind, Kind::ServiceAccepted));
        if self.place == Place::Told && session.is_some_and(trimmed) { Place::Trying } else { self.place }
    }

    fn pass(&mut self, said: Said, place: Place) -> Turn {
        self.place = behind(&said.kind, place);
        Turn::now(said)
    }

    fn wait(&mut self, said: Said, session: Option<&Session>) -> Turn {
        if self.waiting.len() >= WAITING && !self.flood {
            let ended = |session: &Session| self.waiting.iter().any(|said| is_own_end(&said.kind, session));
            if self.place >= Place::LoggedIn || session.is_some_and(ended) {
                return self.all(said, Place::Unknown, session);
            }
            self.flood = true;
        }
        if !self.flood {
            self.gap |= said.kind == Kind::Elided;
            self.waiting.push(said);
        }
        Turn::default()
    }

    fn all(&mut self, said: Said, place: Place, session: Option<&Session>) -> Turn {
        let waited = self.rest(session);
        self.place = place;
        Turn { waited, now: Some(said) }
    }
}

fn is_own(said: &Said) -> bool {
    said.author.is_none_or(|author| author == Author::OPENSSH)
}

/// Where a run is behind this statement.
fn place_of(kind: &Kind, logged: bool) -> Option<Place> {
    Some(match kind {
        Kind::Command(_) | Kind::ClientVersion { .. } => Place::Begun,
        Kind::Succeeded { .. } | Kind::AuthenticatedTo { .. } => Place::LoggedIn,
        _ if !logged => return None,
        Kind::Connecting { .. } => Place::Connecting,
        Kind::Established | Kind::Proxy { .. } => Place::Connected,
        Kind::RemoteSoftware { .. } => Place::Answered,
        Kind::Authenticating { .. } => Place::Authenticating,
        // Up to 5.5 it says no more of the key than that it is known.
        Kind::HostKey { .. } | Kind::HostKeyKnown { .. } => Place::HostKey,
        Kind::ServiceAccepted => Place::Service,
        Kind::Methods { .. } => Place::Told,
        Kind::NextMethod { .. }
        | Kind::Offering { .. }
        | Kind::TryingPrivate { .. }
        | Kind::ServerAccepts { .. }
        | Kind::NoMoreMethods => Place::Trying,
        Kind::SessionOpened | Kind::SessionRequest { .. } | Kind::ExitStatus { .. } => Place::Open,
        _ => return None,
    })
}

/// Where a run is that has come there with this statement: nothing follows the last.
fn behind(kind: &Kind, place: Place) -> Place {
    if matches!(kind, Kind::ExitStatus { .. }) { Place::Unknown } else { place }
}

/// Whether a run may begin there.
fn begins(place: Place) -> bool {
    place <= Place::Connecting
}

/// Whether a run that has come so far goes on there.
fn follows(place: Place, next: Place) -> bool {
    use Place::{
        Answered, Authenticating, Begun, Connected, Connecting, HostKey, LoggedIn, Open, Service, Told, Trying, Unknown,
    };
    match place {
        Unknown => false,
        Begun => matches!(next, Begun | Connecting | Connected),
        Connecting => matches!(next, Connecting | Connected | Answered),
        Connected => next == Answered,
        // Up to 6.8 nothing says who logs in.
        Answered => matches!(next, Authenticating | HostKey),
        Authenticating => next == HostKey,
        HostKey => matches!(next, HostKey | Service),
        Service => matches!(next, Service | Told | LoggedIn),
        Told | Trying => matches!(next, Told | Trying | LoggedIn),
        LoggedIn => matches!(next, LoggedIn | Open),
        Open => next == Open,
    }
}

/// Whether a client says by its own names that this session was refused.
fn is_own_end(kind: &Kind, session: &Session) -> bool {
    matches!(kind, Kind::Denied { user: Some(user), host: Some(host), .. }
        if session.user.as_ref() == Some(user) && session.host.as_ref() == Some(host))
}

/// Whether the server of this session hung up.
fn is_own_hang_up(kind: &Kind, session: &Session) -> bool {
    matches!(kind, Kind::Disconnected { address, .. } | Kind::DisconnectedFrom { address, .. } if session.address == *address)
}

/// Whether a statement can be about this session, which the log has told of up to there.
fn is_of(kind: &Kind, session: Option<&Session>) -> bool {
    let Some(session) = session else { return true };
    let same = |host: &String| session.host.as_ref().is_none_or(|known| known == host);
    match kind {
        Kind::Authenticating { host, .. } | Kind::AuthenticatedTo { host, .. } => same(host),
        Kind::Offering { .. } | Kind::TryingPrivate { .. } => {
            let told = |method: bool| {
                session.any(|kind| match kind {
                    Kind::NextMethod { .. } => method,
                    Kind::ServiceAccepted => !method,
                    _ => false,
                })
            };
            told(true) || !told(false)
        }
        // What was never offered is not accepted.
        Kind::ServerAccepts { key: Some(key) } => session.offered.iter().any(|offer| is_same(&offer.key, key)),
        _ => true,
    }
}

fn is_same(one: &Key, other: &Key) -> bool {
    match (&one.fingerprint, &other.fingerprint) {
        (Some(one), Some(other)) => one == other,
        _ => one.name() == other.name(),
    }
}

/// Whether the client says so at that place of a run, and goes on.
fn fits(kind: &Kind, place: Place) -> bool {
    use Place::{Answered, Connected, HostKey, LoggedIn, Told, Trying};
    match kind {
        Kind::ReadingConfig { .. } | Kind::HostBlock { .. } | Kind::Resolving { .. } => place < Connected,
        Kind::IdentityFile { .. } | Kind::IdentityLoaded { .. } => place <= Connected,
        Kind::LoadKeyFailed { .. }
        | Kind::IdentityMissing { .. }
        | Kind::TooOpen { .. }
        | Kind::PrivateHalfFailed { .. }
        | Kind::PublicMismatch { .. } => place <= Connected || place == Trying,
        Kind::PasswordPrompt { .. } | Kind::PasswordRefused => place == Told || place == Trying,
        Kind::TokenTrouble { .. }
        | Kind::AgentFailed { .. }
        | Kind::AgentEmpty
        | Kind::AgentCount { .. }
        | Kind::Planned { .. }
        | Kind::Skipped { .. }
        | Kind::SecurityKeyTrouble { .. } => place <= Connected || (HostKey..=Trying).contains(&place),
        Kind::PeerSaid { .. } => place == Connected,
        Kind::HostKeyKnown { .. }
        | Kind::HostKeyAlias { .. }
        | Kind::HostKeyUnknown { .. }
        | Kind::HostKeyChanged { .. }
        | Kind::HostKeyRemembered { .. }
        | Kind::HostKeyWarned
        | Kind::HostKeyRevoked
        | Kind::HostKeyAdded { .. }
        | Kind::HostKeyNotAmong { .. }
        | Kind::HostKey { .. } => (Answered..=HostKey).contains(&place),
        Kind::ServerSigAlgs { .. } | Kind::ForcedCommand => place >= HostKey,
        Kind::PassphrasePrompt { .. }
        | Kind::PassphraseRefused
        | Kind::NoTerminal { .. }
        | Kind::AcceptedFingerprint { .. }
        | Kind::Signing { .. }
        | Kind::SigningFailed { .. }
        | Kind::AgentRefused { .. }
        | Kind::NoMutualAlgorithm
        | Kind::PresenceWanted { .. }
        | Kind::Partial { .. } => place == Trying,
        Kind::Greeting(_)
        | Kind::RepositoryRefused { .. }
        | Kind::RepositoryOpened { .. }
        | Kind::RemoteShell
        | Kind::AccountRefused { .. }
        | Kind::SessionFailed { .. }
        | Kind::SessionLasted { .. }
        | Kind::SessionClosed { .. }
        | Kind::SessionBroken
        | Kind::Git { .. }
        | Kind::ProxyTrouble { .. }
        | Kind::Disconnected { .. }
        | Kind::DisconnectedFrom { .. }
        | Kind::Closed { .. }
        | Kind::ConnectionFailed { .. }
        | Kind::Broken => place >= LoggedIn,
        Kind::Several(parts) => parts.iter().all(|part| fits(part, place)),
        _ => false,
    }
}
