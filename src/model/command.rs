//! What the user typed, and what the other side greeted with.

/// A command as the user typed it, read as ssh reads its arguments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed {
    /// `ssh`, `git`, `scp` …
    pub program: String,
    /// Options before the destination, each with its argument if it takes one, in order.
    pub options: Vec<(char, Option<String>)>,
    /// The user, by `-l` or `USER@`.
    pub user: Option<String>,
    /// The host as typed: a name, an address, or an alias of the configuration.
    pub host: String,
    /// The port, by `-p`.
    pub port: Option<u16>,
    /// The remote command's words.
    pub command: Vec<String>,
    /// The local login name, where the prompt shows it.
    pub local_user: Option<String>,
    /// Whether the command ran as another local user (`sudo`).
    pub sudo: bool,
    /// Given to this program by its user, not found in a log: all its options are meant.
    pub own: bool,
}

impl Typed {
    /// The value of the first `-o NAME=value`, its name in any case.
    pub fn option(&self, name: &str) -> Option<&str> {
        self.options.iter().find_map(|(letter, value)| {
            let (key, value) = value.as_deref().filter(|_| *letter == 'o')?.split_once(['=', ' '])?;
            key.trim().eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// A git host's greeting after authentication.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Greeting {
    /// The provider's id, see `provider`.
    pub provider: &'static str,
    /// The account or repository that it names.
    pub login: Option<String>,
    /// The login is a repository's deploy key and no account.
    pub deploy: bool,
    /// The greeting is given to anybody, so it names no account.
    pub anonymous: bool,
}
