//! What a value is that tells whose a log is.

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sort {
    /// A login name, here or on the other side; so are the homes that are called after it.
    User,
    /// A host's name.
    Host,
    /// An IPv4 or IPv6 address.
    Address,
    /// A port that no service is known by.
    Port,
    /// A file or a folder with a name of its own.
    Name,
    /// A key's comment.
    Comment,
    /// A repository, or who owns it.
    Repository,
    /// A key's fingerprint.
    Fingerprint,
    /// A public key itself.
    PublicKey,
    /// A password, a token, a cookie, a variable's value.
    Secret,
    /// A private key.
    PrivateKey,
}

impl Sort {
    /// Every sort that a user may want to keep.
    pub const KEPT: &[Self] = &[
        Self::User,
        Self::Host,
        Self::Address,
        Self::Port,
        Self::Name,
        Self::Comment,
        Self::Repository,
        Self::Fingerprint,
    ];

    /// Its name in a sentence and on the command line, for several.
    pub fn plural(self) -> &'static str {
        match self {
            Self::User => "users",
            Self::Host => "hosts",
            Self::Address => "addresses",
            Self::Port => "ports",
            Self::Name => "names",
            Self::Comment => "comments",
            Self::Repository => "repositories",
            Self::Fingerprint => "fingerprints",
            Self::PublicKey => "public keys",
            Self::Secret => "secrets",
            Self::PrivateKey => "private keys",
        }
    }

    /// Its name in a sentence.
    pub fn singular(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Repository => "repository",
            sort => sort.plural().trim_end_matches('s'),
        }
    }

    /// What stands where a value of this sort was cut out.
    pub(super) fn cut(self) -> Option<&'static str> {
        match self {
            Self::PublicKey => Some("[public key cut out]"),
            Self::Secret => Some("[secret cut out]"),
            Self::PrivateKey => Some("[private key cut out]"),
            _ => None,
        }
    }

    /// Whether its values are words, which may stand anywhere in a log.
    pub(super) fn is_word(self) -> bool {
        matches!(self, Self::User | Self::Host | Self::Name | Self::Comment | Self::Repository)
    }
}
