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
    /// The command that starts this one, where the user's own starts ssh by itself: git, scp, sftp, rsync.
    pub front: Option<Front>,
}

/// A command of the user's that has ssh run for it. `options` of its [`Typed`] are what it hands to ssh.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Front {
    /// Words up to the place where options for ssh may be put: `git -C x`, `scp`.
    pub before: Vec<String>,
    /// The other words, as they were typed.
    pub rest: Vec<String>,
    /// The environment names the ssh, so that no setting of git's can: `GIT_SSH_COMMAND`, `RSYNC_RSH`.
    pub by_environment: bool,
    /// Of the options for ssh those that a repository's own configuration names: nobody typed them.
    pub handed: Vec<(char, Option<String>)>,
    /// What is asked of a git host.
    pub repository: Option<Repository>,
}

/// A repository on a git host, and the local one whose remote it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Repository {
    /// The path that the host is asked for.
    pub path: String,
    /// Whether it is to be written to.
    pub write: bool,
    /// The remote's name, where the address is a remote's.
    pub remote: Option<String>,
    /// The remote has an address of its own for pushing.
    pub push_address: bool,
    /// The work tree of the local repository; `None` outside of one.
    pub work_tree: Option<String>,
    /// The host will have a clone made: what goes into its configuration can be said on the command line.
    pub clone: bool,
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
