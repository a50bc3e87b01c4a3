//! What nearly all lines of a busy server's log say, in the line's own words: nothing is copied.

/// A statement that needs no more than names, an address and a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Brief<'a> {
    /// All but the names.
    pub(crate) gist: Gist,
    /// The user that it names.
    pub(crate) user: Option<&'a str>,
    /// The client's address; empty where it names none.
    pub(crate) address: &'a str,
    /// The client's port.
    pub(crate) port: Option<u16>,
}

/// A statement without its names: connections whose lines have the same gists in the same order end for the same reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Gist {
    /// A line that proves this reason by itself; `ends` where nothing else of the connection can follow.
    Proof { reason: &'static str, ends: bool },
    /// Refused; `known` where the user is one that may log in.
    Failed { method: Method, known: bool },
    /// Logged in; `key` where the line names one.
    Accepted { method: Method, key: bool },
    /// The end, and whether the client said that it goes; `user` where the line names one, `after_login` where the words are
    /// those of a login's end. `known` as above.
    Ended { left: bool, user: bool, known: bool, after_login: bool },
    /// Cut off by the server after too many tries; `user` where the line names one, `known` as above.
    Cut { user: bool, known: bool },
    /// No ssh was spoken, or the line failed before.
    NoSsh,
}

/// The methods that a busy log is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Method {
    /// `none`, which asks what there is.
    None,
    /// A password.
    Password,
    /// Questions and answers, mostly PAM's.
    KeyboardInteractive,
    /// A key.
    PublicKey,
}

impl Method {
    /// The method of this name on the wire.
    pub(crate) fn of(name: &str) -> Option<Self> {
        match name {
            "none" => Some(Self::None),
            "password" => Some(Self::Password),
            "keyboard-interactive" => Some(Self::KeyboardInteractive),
            "publickey" => Some(Self::PublicKey),
            _ => None,
        }
    }
}

impl Gist {
    /// Whether the statement may be the first that a log shows of a connection.
    pub(crate) fn begins(self) -> bool {
        !matches!(self, Self::Ended { left: true, user: false, .. })
    }

    /// Whether it is the connection's end that it tells of.
    pub(crate) fn is_of_the_end(self) -> bool {
        matches!(self, Self::Ended { .. } | Self::Cut { .. } | Self::NoSsh)
    }

    /// Whether nothing but words of a login's end may still come.
    pub(crate) fn ends(self) -> bool {
        matches!(self, Self::Ended { .. } | Self::Cut { .. } | Self::Proof { ends: true, .. })
    }
}
