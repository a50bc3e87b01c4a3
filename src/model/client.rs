//! What a client can and cannot do, as far as it decides whether a key reaches a server.

/// A question that is asked of every client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Capability {
    /// Whether it reads `~/.ssh/config`.
    Config,
    /// Whether it reads `~/.ssh/known_hosts`.
    KnownHosts,
    /// Whether it finds hashed names there.
    HashedHosts,
    /// Whether it heeds `@cert-authority` lines there.
    HostAuthority,
    /// Whether it asks the agent.
    Agent,
    /// Which key files it tries unasked.
    DefaultFiles,
    /// In which order keys come: the agent's, the named one, the default files.
    Order,
    /// Whether it reads keys in OpenSSH's format.
    OpenSshFormat,
    /// Whether it reads keys in PEM (PKCS#1, PKCS#8, SEC1).
    Pem,
    /// Whether it reads PuTTY's keys.
    Ppk,
    /// Whether it takes ed25519 keys.
    Ed25519,
    /// Whether it opens encrypted keys.
    Encrypted,
    /// Whether it signs with RSA keys by SHA-2 (RFC 8332).
    RsaSha2,
    /// Whether it offers certificates.
    Certificates,
    /// Whether it signs with FIDO keys.
    Fido,
    /// How it is given a key.
    NamingAKey,
    /// How it is made to tell more.
    LoggingMore,
}

impl Capability {
    /// All of them, in the order in which they are shown.
    pub const ALL: &[Self] = &[
        Self::Config,
        Self::KnownHosts,
        Self::HashedHosts,
        Self::HostAuthority,
        Self::Agent,
        Self::DefaultFiles,
        Self::Order,
        Self::OpenSshFormat,
        Self::Pem,
        Self::Ppk,
        Self::Ed25519,
        Self::Encrypted,
        Self::RsaSha2,
        Self::Certificates,
        Self::Fido,
        Self::NamingAKey,
        Self::LoggingMore,
    ];

    /// The question in a word or two.
    pub fn title(self) -> &'static str {
        match self {
            Self::Config => "~/.ssh/config",
            Self::KnownHosts => "known_hosts",
            Self::HashedHosts => "hashed known_hosts",
            Self::HostAuthority => "@cert-authority",
            Self::Agent => "agent",
            Self::DefaultFiles => "default key files",
            Self::Order => "order of keys",
            Self::OpenSshFormat => "OpenSSH key format",
            Self::Pem => "PEM keys",
            Self::Ppk => "PPK keys",
            Self::Ed25519 => "ed25519",
            Self::Encrypted => "encrypted keys",
            Self::RsaSha2 => "RSA with SHA-2",
            Self::Certificates => "certificates",
            Self::Fido => "FIDO keys",
            Self::NamingAKey => "naming a key",
            Self::LoggingMore => "logging more",
        }
    }
}

/// Whether a client does it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Does {
    /// It does.
    Yes,
    /// It does not.
    No,
    /// Under conditions that the answer names.
    Partly,
    /// Nobody has seen it yet, and nothing that can be cited says so: no `says` and no `source` then.
    Unknown,
}

impl Does {
    /// As a table shows it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Partly => "partly",
            Self::Unknown => "not known",
        }
    }
}

/// What is known of one client's capability.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The question.
    pub of: Capability,
    /// The answer.
    pub does: Does,
    /// More of it: what follows the client's name in a sentence, without a full stop ("reads no ~/.ssh/config").
    /// Empty where nothing is known.
    pub says: &'static str,
    /// How it is known: the version it was seen with, or the address of the documentation.
    pub source: &'static str,
}

/// The page shows no table of a client's: it goes without the sources.
const fn kept(source: &'static str) -> &'static str {
    if cfg!(feature = "cli") { source } else { "" }
}

/// Nor with what no finding says.
const fn told(of: Capability, says: &'static str) -> &'static str {
    let unsaid = matches!(of, Capability::Ed25519 | Capability::Fido);
    if cfg!(feature = "cli") || !unsaid { says } else { "" }
}

/// It does.
pub(crate) const fn yes(of: Capability, says: &'static str, source: &'static str) -> Answer {
    Answer { of, does: Does::Yes, says: told(of, says), source: kept(source) }
}

/// It does not.
pub(crate) const fn no(of: Capability, says: &'static str, source: &'static str) -> Answer {
    Answer { of, does: Does::No, says: told(of, says), source: kept(source) }
}

/// Under conditions.
pub(crate) const fn partly(of: Capability, says: &'static str, source: &'static str) -> Answer {
    Answer { of, does: Does::Partly, says: told(of, says), source: kept(source) }
}

/// What a client can and cannot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Client {
    /// The versions that the answers were found with.
    pub versions: &'static str,
    /// Programs that speak through it, and print its words.
    pub also: &'static [&'static str],
    /// An answer to each question, in their order.
    pub answers: &'static [Answer],
}

impl Client {
    /// The answer to one question.
    pub fn answer(&self, of: Capability) -> Option<&Answer> {
        self.answers.iter().find(|answer| answer.of == of && answer.does != Does::Unknown)
    }
}
