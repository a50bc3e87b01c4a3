//! One run of a client, as far as its log shows it.

pub use super::command::{Greeting, Typed};

use super::author::Author;
use super::event::{At, Event, Kind};
use super::key::Key;
use super::offer::Offer;

/// Which side of the comparison a log or a session stands on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Role {
    /// A git host.
    Vcs,
    /// A host that is to be reached with the key that the git host takes.
    Ci,
    /// Neither is known.
    #[default]
    Other,
}

impl Role {
    /// The word of the JSON report.
    pub fn word(self) -> &'static str {
        match self {
            Self::Vcs => "vcs",
            Self::Ci => "ci",
            Self::Other => "other",
        }
    }
}

/// How a session ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Logged in, whatever came after.
    Authenticated,
    /// A factor was accepted, another was still needed at the end.
    Partial,
    /// Every method was refused or given up.
    Denied,
    /// The peer or the line ended it after the key exchange without a refusal.
    Disconnected,
    /// The host key was not trusted.
    HostKey,
    /// No algorithm in common.
    Kex,
    /// No connection, or it ended before or in the key exchange.
    Network,
    /// ssh stopped by itself.
    ClientError,
    /// The log does not show the end.
    #[default]
    Unknown,
}

impl Outcome {
    /// The word of the JSON report.
    pub fn word(self) -> &'static str {
        match self {
            Self::Authenticated => "authenticated",
            Self::Partial => "partial",
            Self::Denied => "denied",
            Self::Disconnected => "disconnected",
            Self::HostKey => "host-key",
            Self::Kex => "kex",
            Self::Network => "network",
            Self::ClientError => "client-error",
            Self::Unknown => "unknown",
        }
    }
}

/// The key that the server said it accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The key.
    pub key: Key,
    /// The line that says so: PK_OK, or the success that followed a key without a public half.
    pub at: At,
}

/// What became of a file that ssh looked for a key in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdentityState {
    /// A public half was read.
    Loaded,
    /// The file does not exist.
    Absent,
    /// The file exists, and ssh cannot use it.
    Unusable,
}

impl IdentityState {
    /// The word of the JSON report.
    pub fn word(self) -> &'static str {
        match self {
            Self::Loaded => "loaded",
            Self::Absent => "absent",
            Self::Unusable => "unusable",
        }
    }
}

/// A file that ssh looked for a key in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The file.
    pub path: String,
    /// What became of it.
    pub state: IdentityState,
    /// ssh's own reason where it gives one.
    pub reason: Option<String>,
    /// The user named this file, by `-i` or in the configuration.
    pub named: bool,
    /// The line that says so.
    pub at: At,
}

/// One run of a client, as far as its log shows it. (Not RFC 4254's session, which is a channel.)
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Session {
    /// What the user of this program calls the other side, where it is a probe's.
    pub called: Option<String>,
    /// The command that started it, where the log shows it.
    pub typed: Option<Typed>,
    /// The name under which the host key is looked for, where it is another (`HostKeyAlias`).
    pub alias: Option<String>,
    /// Who wrote its lines.
    pub author: Author,
    /// The client's version string.
    pub client: Option<String>,
    /// The host that was dialled (after `HostName`).
    pub host: Option<String>,
    /// The address that was dialled last.
    pub address: Option<String>,
    /// The port.
    pub port: Option<u16>,
    /// The remote user.
    pub user: Option<String>,
    /// The server's software, after `SSH-2.0-`.
    pub server_software: Option<String>,
    /// Files that ssh looked for keys in.
    pub identities: Vec<Identity>,
    /// Keys put to the server, in order.
    pub offered: Vec<Offer>,
    /// Keys that the client tried to open and put to no server.
    pub unopened: Vec<Offer>,
    /// The key that the server accepted last.
    pub accepted: Option<Accepted>,
    /// How it ended.
    pub outcome: Outcome,
    /// The line that shows the end.
    pub end: Option<At>,
    /// The method of a login.
    pub method: Option<String>,
    /// The last list of methods that can continue.
    pub methods_left: Option<Vec<String>>,
    /// The first list: what the server takes at all.
    pub methods_first: Option<Vec<String>>,
    /// The account that the greeting names.
    pub login: Option<String>,
    /// Which side it stands on.
    pub role: Role,
    /// It only leads to the next session, as a jump host.
    pub jump_host: bool,
    /// Statements, in order.
    pub events: Vec<Event>,
    /// Lines that could not be read while this session ran.
    pub unread: u64,
    /// The log shows both the session's beginning and its end.
    pub complete: bool,
    /// How many keys were refused in a row before the end; counts what `offered` may miss.
    pub refusals: u32,
    /// When its first and its last line were written, where a margin tells.
    pub written: Option<(super::server::Stamp, super::server::Stamp)>,
    /// What only a server's log knows; `None` for a client's run.
    pub served: Option<super::server::Served>,
}

impl Session {
    /// A line of it was written at this time.
    pub fn was_written(&mut self, when: super::server::Stamp) {
        let first = self.written.map_or(when, |(first, _)| first);
        self.written = Some((first, when));
    }

    /// The first statement that `pick` takes.
    pub fn first<'a, T>(&'a self, mut pick: impl FnMut(&'a Kind) -> Option<T>) -> Option<(T, &'a At)> {
        self.events.iter().find_map(|event| pick(&event.kind).map(|value| (value, &event.at)))
    }

    /// The last statement that `pick` takes.
    pub fn last<'a, T>(&'a self, mut pick: impl FnMut(&'a Kind) -> Option<T>) -> Option<(T, &'a At)> {
        self.events.iter().rev().find_map(|event| pick(&event.kind).map(|value| (value, &event.at)))
    }

    /// Whether some statement satisfies `test`.
    pub fn any(&self, mut test: impl FnMut(&Kind) -> bool) -> bool {
        self.events.iter().any(|event| test(&event.kind))
    }

    /// The release of OpenSSH's client as (major, minor), where the log shows it: `OpenSSH_for_Windows_8.6p1` is
    /// (8, 6). `None` for any other client.
    pub fn openssh(&self) -> Option<(u32, u32)> {
        let version = self.client.as_deref().filter(|_| self.author.id == Author::OPENSSH.id)?;
        let digits = version.rsplit('_').next()?;
        let (major, rest) = digits.split_once('.')?;
        let minor: String = rest.chars().take_while(char::is_ascii_digit).collect();
        Some((major.parse().ok()?, minor.parse().ok()?))
    }

    /// What to call the other side in a sentence: the host as this program's user named it, else the dialled
    /// host, its address, or what was typed.
    pub fn peer(&self) -> &str {
        let typed = self.typed.as_ref().map(|typed| typed.host.as_str());
        let names = [self.called.as_deref(), self.host.as_deref(), self.address.as_deref(), typed];
        names.into_iter().flatten().next().unwrap_or("the server")
    }

    /// Whether two runs went to the same place: one host and port, and no other user.
    pub fn same_place(&self, other: &Self) -> bool {
        let port = |session: &Self| session.port.unwrap_or(22);
        let differ = self.user.is_some() && other.user.is_some() && self.user != other.user;
        self.peer() == other.peer() && port(self) == port(other) && !differ
    }

    /// The program was asked for a credential once more: the one before let nobody in.
    pub fn asked_again(&self) -> Option<&At> {
        let asked = |event: &&Event| matches!(event.kind, Kind::CredentialWanted { .. });
        self.events.iter().filter(asked).nth(1).map(|event| &event.at)
    }

    /// Whether the log shows that authentication had begun.
    pub fn reached_authentication(&self) -> bool {
        self.methods_first.is_some()
            || !self.offered.is_empty()
            || matches!(self.outcome, Outcome::Authenticated | Outcome::Partial | Outcome::Denied)
            || self.any(|kind| {
                matches!(
                    kind,
                    Kind::ServiceAccepted
                        | Kind::TryingPrivate { .. }
                        | Kind::NextMethod { .. }
                        | Kind::PasswordRefused
                )
            })
    }

    /// Refused passwords that the log shows.
    pub fn refused_passwords(&self) -> usize {
        self.events.iter().filter(|event| event.kind == Kind::PasswordRefused).count()
    }

    /// Whether the log may lack a key that was tried: by the paste's own word lines are left out where keys come, or
    /// anywhere if it does not show where that begins.
    pub fn lacks_keys(&self) -> bool {
        let begins = |event: &Event| matches!(&event.kind, Kind::NextMethod { method } if method == "publickey");
        let from = self.events.iter().position(begins).unwrap_or(0);
        self.events[from..].iter().any(|event| event.kind == Kind::Elided)
    }

    /// Whether the log shows where keys begin. Only OpenSSH says so.
    pub fn shows_first_key(&self) -> bool {
        self.author != Author::OPENSSH
            || self.any(|kind| matches!(kind, Kind::NextMethod { method } if method == "publickey"))
    }

    /// Whether a log that tells much lacks the beginning: of the login, where there was one, else of the connection. What it
    /// does not show there may have been.
    pub fn begins_late(&self) -> bool {
        let own = self.author == Author::OPENSSH;
        let login = own && self.reached_authentication();
        self.verbose()
            && !self.any(|kind| match kind {
                Kind::ServiceAccepted => true,
                Kind::ReadingConfig { .. } | Kind::Resolving { .. } | Kind::Proxy { .. } => own && !login,
                Kind::ClientVersion { .. } | Kind::Connecting { .. } | Kind::Established => !login,
                Kind::ClientSoftware { .. } | Kind::RemoteSoftware { .. } | Kind::Destination { .. } => !own,
                _ => false,
            })
    }

    /// Whether lines of several runs of ssh's stand in it as one: of another host, address or user than it began with, of
    /// a second login, or of a login that begins behind its keys.
    pub fn is_mixed(&self) -> bool {
        let typed = self.typed.as_ref().filter(|typed| typed.program == "ssh");
        let mut first = [None, None, typed.and_then(|typed| typed.user.as_deref())];
        let (mut logins, mut keys) = (0, false);
        // What comes behind a login is of its session.
        let login = self.events.iter().position(|event| matches!(event.kind, Kind::AuthenticatedTo { .. }));
        let until = login.map_or(self.events.len(), |at| at + 1);
        self.author == Author::OPENSSH
            && self.events[..until].iter().any(|event| {
                // The host, its address, the user.
                let said = match &event.kind {
                    Kind::Connecting { host, address, .. } => {
                        // A host may have several, of which the last one counts.
                        first[1] = None;
                        [host.as_deref(), address.as_deref(), None]
                    }
                    Kind::Authenticating { host, user, .. } => {
                        logins += 1;
                        [Some(host.as_str()), None, Some(user.as_str())]
                    }
                    Kind::ServiceAccepted | Kind::RemoteSoftware { .. } if keys => return true,
                    Kind::Offering { .. } | Kind::TryingPrivate { .. } | Kind::ServerAccepts { .. } => {
                        keys = true;
                        return false;
                    }
                    Kind::AuthenticatedTo { host, address: Some(address), .. } => {
                        [Some(host.as_str()), Some(address.as_str()), None]
                    }
                    Kind::Denied { host, user, .. } | Kind::PasswordPrompt { user, host } => {
                        [host.as_deref(), None, user.as_deref()]
                    }
                    Kind::Closed { address, .. } | Kind::Disconnected { address, .. } => {
                        [None, address.as_deref(), None]
                    }
                    _ => return false,
                };
                let other = |(known, said): (&Option<&str>, &Option<&str>)| {
                    known.zip(*said).is_some_and(|(known, said)| !known.eq_ignore_ascii_case(said))
                };
                let mixed = logins > 1 || first.iter().zip(&said).any(other);
                first.iter_mut().zip(said).for_each(|(known, said)| *known = known.or(said));
                mixed
            })
    }

    /// Whether the log is one of `ssh -v`, or of another client that tells as much: it shows offers, or would if there
    /// had been any. A version line alone is what `ssh -V` prints, too, and that nothing is left to try is what other
    /// clients say without any log.
    pub fn verbose(&self) -> bool {
        let own = self.author == Author::OPENSSH;
        if !self.offered.is_empty() || !self.author.tells_offers {
            return !self.offered.is_empty();
        }
        self.any(|kind| {
            matches!(
                kind,
                Kind::Methods { .. }
                    | Kind::NextMethod { .. }
                    | Kind::TryingPrivate { .. }
                    | Kind::Connecting { .. }
                    | Kind::Planned { .. }
                    | Kind::ReadingConfig { .. }
                    | Kind::IdentityFile { .. }
                    | Kind::Authenticating { .. }
                    | Kind::ServiceAccepted
                    | Kind::ClientSoftware { .. }
            ) || own && *kind == Kind::NoMoreMethods
        }) || self.events.iter().any(|event| event.at.text.contains("debug1: "))
    }
}

/// One source of log text and what was read in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Transcript {
    /// The file's name as given, `-` for standard input.
    pub source: String,
    /// As asked for by a flag, else as the hosts in it say.
    pub role: Role,
    /// Whose words: those of its first session, else of the program that is recognised in it.
    pub author: Author,
    /// The first client's version string.
    pub client: Option<String>,
    /// Every session in it shows its beginning and its end.
    pub complete: bool,
    /// Lines in all.
    pub lines: u64,
    /// Lines that say nothing this program knows of.
    pub unread: u64,
    /// Lines long after a login that were only counted: nothing in them could begin or end a session.
    pub passed: u64,
    /// Lines of programs that are recognised and not read.
    pub foreign: u64,
    /// It came with its line ends lost or spelt out: where one line ended is a guess.
    pub mangled: bool,
    /// Bytes that were no text in the source's encoding.
    pub invalid: u64,
    /// Runs of a client, in order; a jump host's before the one behind it.
    pub sessions: Vec<Session>,
    /// What a server's log adds up to; `None` for a client's.
    pub server: Option<super::server::ServerLog>,
    /// What was read, of a live log: nobody else has it. Its lines are those that are counted.
    pub heard: Option<Vec<u8>>,
    /// The lines that a report shows of it, where one is wanted that shows some.
    pub excerpt: Option<super::excerpt::Excerpt>,
}
