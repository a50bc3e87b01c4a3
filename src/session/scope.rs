//! Which run of a client a statement belongs to.
//!
//! The match is exhaustive: a new statement does not compile until it has been said where it begins, continues or
//! ends a run.

use crate::model::{Kind, ProxyFault, SessionFault};

/// What a statement says of the run that it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Scope {
    /// It shows that some client ran. Words that anybody may write do not.
    pub(super) begins: bool,
    /// Whose it is where a jump host's run stands before its target's.
    pub(super) of: Of,
    /// Whether it can be about a run that has ended.
    pub(super) after_end: AfterEnd,
}

/// A jump host's run, or that of the target behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    /// Whichever is being read.
    Either,
    /// The target's: a hop never says so.
    Target,
    /// The target's, once the hop has let it through.
    Behind,
    /// As `Behind`, and the hop says it once itself.
    BehindAfterOwn,
    /// Each side says it once.
    Once,
    /// The target's, once the hop has ended or has let it through.
    Later,
}

/// What a statement is that comes after a run's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AfterEnd {
    /// Still of that run.
    Same,
    /// Of a new one.
    New,
    /// Of a new one, unless a connection was being tried.
    UnlessTrying,
    /// Of a new one, unless it is one more address of the same host.
    UnlessSameHost,
    /// Of a new one, unless it is one more wrong line of the configuration.
    UnlessListing,
    /// Of a new one, if the end was a login, no connection had come up, or nothing could follow it.
    IfFinal,
    /// Of a new one, if no connection had come up.
    IfNetwork,
    /// Of a new one, if the connection was closed and nobody logged in.
    IfClosed,
    /// Of a new one, unless the end was of this kind: no common algorithm.
    UnlessKex,
    /// Of a new one, unless nobody logged in because of the host key.
    UnlessHostKey,
    /// Of a new one, unless somebody logged in.
    UnlessLogin,
    /// Of a new one, unless somebody logged in, with one factor at least.
    UnlessFactor,
}

const fn scope(begins: bool, of: Of, after_end: AfterEnd) -> Scope {
    Scope { begins, of, after_end }
}

/// The scope of a statement.
pub(super) fn of(kind: &Kind) -> Scope {
    use AfterEnd::{
        IfClosed, IfFinal, IfNetwork, New, Same, UnlessFactor, UnlessHostKey, UnlessKex, UnlessListing, UnlessLogin,
        UnlessSameHost, UnlessTrying,
    };
    use Of::{Behind, BehindAfterOwn, Either, Later, Once, Target};
    match kind {
        // A server's statements have a life of their own, and never come here.
        Kind::Server(_)
        | Kind::Command(_)
        | Kind::HostBlock { .. }
        | Kind::Git { .. }
        | Kind::OverHttp
        | Kind::Interrupted
        | Kind::Elided
        | Kind::RemoteShell
        | Kind::Crashed { .. }
        | Kind::SessionClosed { dropped: false, .. }
        | Kind::SessionRequest { .. }
        | Kind::SessionLasted { .. }
        | Kind::ForcedCommand
        | Kind::DisconnectedFrom { .. }
        | Kind::ExitStatus { .. }
        | Kind::KeyNamed { .. }
        | Kind::TokenTrouble { .. } => scope(false, Either, Same),
        Kind::SessionFailed { what } => scope(*what != SessionFault::AllButSftp, Either, Same),
        Kind::SessionClosed { dropped: true, .. } => scope(true, Either, Same),
        // Its parts are taken one by one.
        Kind::Several(_) => scope(false, Either, Same),
        Kind::ProxyTrouble { what, .. } => scope(*what != ProxyFault::Way, Target, Same),
        Kind::AccountRefused { .. } | Kind::PasswordExpired | Kind::TailnetRefused => scope(true, Either, Same),
        Kind::ClientVersion { .. } => scope(true, Either, New),
        Kind::ReadingConfig { .. } | Kind::ResolveFailed { .. } => scope(true, Either, New),
        Kind::ConfigError { .. } => scope(true, Either, UnlessListing),
        Kind::Connecting { .. } => scope(true, Either, UnlessTrying),
        Kind::ConnectFailed { .. } => scope(true, Either, UnlessSameHost),
        Kind::RemoteSoftware { .. } | Kind::ClientSoftware { .. } => scope(true, Once, New),
        Kind::Authenticating { .. } | Kind::Offering { .. } | Kind::KeySent { .. } => scope(true, Behind, New),
        Kind::Methods { .. } | Kind::NextMethod { .. } => scope(true, Behind, IfNetwork),
        Kind::TryingPrivate { .. }
        | Kind::Planned { .. }
        | Kind::ServerAccepts { .. }
        | Kind::HostKey { .. }
        | Kind::MethodsKept
        | Kind::CredentialWanted { .. }
        | Kind::Requested
        | Kind::KeyRefusalTold
        | Kind::ServiceAccepted => scope(true, Behind, Same),
        Kind::SessionOpened => scope(true, BehindAfterOwn, Same),
        Kind::Greeting(_) => scope(true, Behind, UnlessFactor),
        Kind::AuthenticatedTo { address: None, .. } => scope(true, Target, Same),
        Kind::IdentificationFailed { .. } => scope(true, Later, IfClosed),
        Kind::Closed { proxied: true, .. } => scope(true, Target, IfClosed),
        Kind::Closed { .. } | Kind::Disconnected { .. } => scope(true, Either, IfClosed),
        Kind::Denied { .. } | Kind::KeyDenied { .. } => scope(true, Either, IfFinal),
        Kind::Attempted { .. } => scope(true, Either, IfFinal),
        Kind::ClientFailed { .. } | Kind::ClientEnded => scope(true, Either, Same),
        Kind::NoCommonAlgorithm { .. } => scope(true, Either, UnlessKex),
        Kind::HostKeyFailed
        | Kind::HostKeyChanged { .. }
        | Kind::HostKeyNotAmong { .. }
        | Kind::HostKeyAdded { .. } => scope(true, Either, UnlessHostKey),
        Kind::HostKeyUnknown { .. } => scope(true, Either, UnlessLogin),
        Kind::Resolving { .. }
        | Kind::AddressFailed { .. }
        | Kind::Established
        | Kind::Proxy { .. }
        | Kind::IdentityFile { .. }
        | Kind::IdentityLoaded { .. }
        | Kind::IdentityMissing { .. }
        | Kind::LoadKeyFailed { .. }
        | Kind::PrivateHalfFailed { .. }
        | Kind::TooOpen { .. }
        | Kind::HostKeyKnown { .. }
        | Kind::HostKeyRevoked
        | Kind::HostKeyWarned
        | Kind::HostKeyRemembered { .. }
        | Kind::HostKeyNotPublished { .. }
        | Kind::HostKeyAlias { .. }
        | Kind::ServerSigAlgs { .. }
        | Kind::AgentFailed { .. }
        | Kind::AgentEmpty
        | Kind::AgentCount { .. }
        | Kind::Skipped { .. }
        | Kind::NoMutualAlgorithm
        | Kind::AcceptedFingerprint { .. }
        | Kind::Signing { .. }
        | Kind::SigningFailed { .. }
        | Kind::AgentRefused { .. }
        | Kind::PublicMismatch { .. }
        | Kind::PassphrasePrompt { .. }
        | Kind::PassphraseRefused
        | Kind::NoTerminal { .. }
        | Kind::SecurityKeyTrouble { .. }
        | Kind::PresenceWanted { .. }
        | Kind::PasswordPrompt { .. }
        | Kind::PasswordRefused
        | Kind::Succeeded { .. }
        | Kind::AuthenticatedTo { .. }
        | Kind::Partial { .. }
        | Kind::NoMoreMethods
        | Kind::PeerSaid { .. }
        | Kind::ConnectionFailed { .. }
        | Kind::Broken
        | Kind::SessionBroken
        | Kind::Multiplexed { .. }
        | Kind::MultiplexFailed { .. }
        | Kind::NoMaster
        | Kind::RepositoryRefused { .. }
        | Kind::Destination { .. }
        | Kind::RepositoryOpened { .. }
        | Kind::User { .. }
        | Kind::KeyFile { .. }
        | Kind::NextKey { .. }
        | Kind::RequestSent
        | Kind::Refused { .. }
        | Kind::GaveUp { .. } => scope(true, Either, Same),
    }
}
