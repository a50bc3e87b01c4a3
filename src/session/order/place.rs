//! How far a run of OpenSSH's client has come, and what it says there.

use crate::model::Kind;

/// How far a run has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
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

/// Where a run is behind this statement.
pub(super) fn place_of(kind: &Kind, logged: bool) -> Option<Place> {
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
pub(super) fn behind(kind: &Kind, place: Place) -> Place {
    if matches!(kind, Kind::ExitStatus { .. }) { Place::Unknown } else { place }
}

/// Whether a run may begin there.
pub(super) fn begins(place: Place) -> bool {
    place <= Place::Connecting
}

/// Whether a run that has come so far goes on there.
pub(super) fn follows(place: Place, next: Place) -> bool {
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

/// Whether the client says so at that place of a run, and goes on.
pub(super) fn fits(kind: &Kind, place: Place) -> bool {
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
        | Kind::PasswordExpired
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
