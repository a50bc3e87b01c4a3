//! Who wrote a log.

/// Which end of the connection a program is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Side {
    /// The one that connects.
    #[default]
    Client,
    /// The one that is connected to.
    Server,
}

impl Side {
    /// The word of the JSON report.
    pub fn word(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Server => "server",
        }
    }
}

/// A program, or a family of programs, whose words a log is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Author {
    /// Stable id, as in the JSON report.
    pub id: &'static str,
    /// Its name in a sentence.
    pub name: &'static str,
    /// The end of the connection that it is.
    pub side: Side,
    /// Its lines are read; else only recognised.
    pub read: bool,
    /// A client whose own log, at its most, has a line for each key that it offers. The silence of any other's says
    /// nothing of its keys.
    pub tells_offers: bool,
}

impl Author {
    /// OpenSSH's client, whose words an unmarked line is taken for.
    pub const OPENSSH: Self =
        Self { id: "openssh", name: "OpenSSH's client", side: Side::Client, read: true, tells_offers: true };
}

impl Default for Author {
    fn default() -> Self {
        Self::OPENSSH
    }
}
