//! Where to connect: parsed once from what the user named, and written once for each purpose.

use std::time::Duration;

use super::config::Answer;
use super::program::Program;
use super::{config, paths};
use crate::model::Role;
use crate::model::command::Front;
use crate::model::facts::GitSsh;
use crate::model::session::Typed;
use crate::shell::options::{About, about};
use crate::{provider, shell};

/// Longest host name, as resolvers have it.
const LONGEST: usize = 255;

/// A host to connect to, and how.
#[derive(Clone, Debug, Default)]
pub(crate) struct Destination {
    /// What to call it.
    pub name: String,
    /// Git host, CI host, or neither is known.
    pub role: Role,
    /// The user's command: host, user, port and options.
    pub command: Typed,
    /// The ssh to run, where it is not the usual one.
    pub program: Option<Program>,
    /// What is asked after the login, where it is a repository.
    pub service: Option<Service>,
    /// How git runs ssh for it, where that is not how its user does.
    pub git: Option<GitSsh>,
    /// Of the options those that git's settings name.
    pub told: Vec<(char, Option<String>)>,
    /// The words are those of a whole command: nothing is filled in.
    pub exact: bool,
    /// Neither the command line nor the repository names it.
    pub guessed: bool,
    /// What its ssh has told already.
    pub asked: Option<Asked>,
}

/// What an ssh told of a destination before it was wanted.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// The ssh.
    pub ssh: Program,
    /// The words that it was asked with.
    pub of: Vec<String>,
    /// What it told.
    pub answer: Answer,
}

/// A repository that a git host is asked for, as git asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Service {
    /// The remote command: `git-upload-pack 'PATH'`.
    pub command: String,
    /// The repository's path.
    pub path: String,
    /// Whether it is to be written to.
    pub write: bool,
}

/// What a destination is written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// `ssh -G`: what applies to it.
    Ask,
    /// A login whose way through jump hosts stands in a `ProxyCommand` of our own.
    Probe,
}

impl Destination {
    /// A destination of the command line, with the options that the command line has for every ssh.
    pub(crate) fn new(role: Role, command: Typed, common: &[String]) -> Self {
        let mut command = command;
        command.options.splice(0..0, options(common));
        command.own = true;
        Self { name: command.host.clone(), role, command, ..Self::default() }
    }

    /// Whether another one leads to the same place, for the same purpose.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        let place = |one: &Self| (one.command.host.clone(), one.command.user.clone(), one.command.port);
        place(self) == place(other) && self.service == other.service
    }

    /// Reads a destination as people have it: `[user@]host`, `ssh://[user@]host[:port]/…`, `user@host:path`,
    /// `user@host:PORT`, `[::1]:PORT`, git's `[user@host:PORT]:path`, and a known provider's page, `https://github.com/…`.
    /// `None`: it is none, or a word of it could be taken for an option.
    pub(crate) fn parse(text: &str) -> Option<Typed> {
        let text = match web_host(text) {
            // A page says nothing of how another host is reached by ssh.
            Some(host) => Some(host).filter(|host| provider::by_host(host).is_some())?,
            None => text,
        };
        let url = text.strip_prefix("ssh://").map(|rest| rest.split('/').next().unwrap_or(rest));
        let text = match text.strip_prefix('[').and_then(|rest| rest.split_once("]:")) {
            // All of it in brackets, as git has it where a port is named; the path is behind them.
            Some((inner, _)) if url.is_none() && inner.contains('@') => inner,
            _ => text,
        };
        let (user, place) = match url.unwrap_or(text).rsplit_once('@') {
            Some((user, place)) => (Some(user), place),
            None => (None, url.unwrap_or(text)),
        };
        let (host, port) = place_of(place, url.is_some())?;
        let typed = Typed {
            program: "ssh".into(),
            user: user.filter(|user| !user.is_empty()).map(str::to_owned),
            host: host.to_owned(),
            port,
            ..Typed::default()
        };
        is_safe(&typed).then_some(typed)
    }

    /// Fills in the user that a git host is logged in to as, where neither the command nor the configuration names
    /// one. `git`: hosts that no provider is known for are logged in to as git, too.
    pub(crate) fn complete(&mut self, ssh: &Program, git: bool, limit: Duration) {
        let user = usual_user(&self.command.host, git).filter(|_| self.command.user.is_none());
        let Some(user) = user else { return };
        if config::user(ssh, &leading(&self.command), &self.command.host, limit).is_none() {
            self.command.user = Some(user.to_owned());
        }
    }

    /// User and host, and the port where it is named.
    pub(crate) fn told_as(&self) -> String {
        let user = self.command.user.as_ref().map(|user| format!("{user}@")).unwrap_or_default();
        match self.command.port {
            Some(port) => format!("ssh://{user}{}:{port}", self.command.host),
            None => format!("{user}{}", self.command.host),
        }
    }

    /// ssh's words for it: options, then the destination. No remote command, and nothing that is done after a login.
    pub(crate) fn words(&self, purpose: Purpose) -> Vec<String> {
        let mut words = match purpose {
            Purpose::Ask => leading(&self.command),
            Purpose::Probe => {
                let mut command = self.command.clone();
                command.options.retain(|(letter, _)| *letter != 'J');
                leading(&command)
            }
        };
        if let Some(port) = self.command.port {
            words.extend(["-p".to_owned(), port.to_string()]);
        }
        words.push(match &self.command.user {
            Some(user) => format!("{user}@{}", self.command.host),
            None => self.command.host.clone(),
        });
        words
    }

    /// The configuration file that every ssh on the way reads.
    pub(crate) fn config(&self) -> Option<&str> {
        self.command.options.iter().find(|(letter, _)| *letter == 'F').and_then(|(_, file)| file.as_deref())
    }

    /// The way round a blocked port 22, where its provider has one.
    pub(crate) fn round(&self) -> Option<Self> {
        let (host, port) = provider::by_host(&self.command.host).filter(|_| self.role == Role::Vcs)?.alternate?;
        if self.command.port == Some(port) || self.command.host == host {
            return None;
        }
        // The configuration's block for the host still applies so.
        let mut command = self.command.clone();
        command.options.push(('o', Some(format!("HostName={host}"))));
        command.port = Some(port);
        Some(Self { name: host.to_owned(), command, ..self.clone() })
    }

    /// This destination as `argv` would have it, if `argv` leads to the same place and changes no more than which key
    /// is used and how. A command that was written from a log gives nothing but that: where to connect is the
    /// user's choice, made on the command line.
    pub(crate) fn changed_by(&self, argv: &[String]) -> Option<Self> {
        let own = &self.command;
        let wanted = match &own.front {
            Some(front) => shell::parse_ssh(&self.inner(front, argv)?),
            None => shell::parse_ssh(argv),
        };
        let wanted = wanted.filter(is_safe)?;
        let provider = provider::by_host(&own.host);
        let users = provider.map(|provider| provider.users).unwrap_or_default();
        // As this machine's own user, or as git, where a line of the configuration names another.
        let local = own.user.is_none() && wanted.user == Some(paths::local_user())
            || own.user.is_none() && self.role == Role::Vcs && wanted.user.as_deref() == Some("git");
        let same_user =
            wanted.user == own.user || local || wanted.user.as_deref().is_some_and(|user| users.contains(&user));
        let round = provider.and_then(|provider| provider.alternate);
        let same_place = |host: &str| host == own.host;
        let straight = same_place(&wanted.host) && wanted.port.or(own.port) == own.port;
        let name = wanted.options.iter().find_map(|(letter, value)| {
            let value = value.as_deref().filter(|_| *letter == 'o')?;
            value.strip_prefix("HostName=")
        });
        let around = round.is_some_and(|(host, port)| {
            let by_name = same_place(&wanted.host) && name == Some(host) || wanted.host == host;
            by_name && wanted.port == Some(port)
        });
        if !same_user || !straight && !around {
            return None;
        }
        let fits = |(letter, value): &(char, Option<String>)| {
            own.options.contains(&(*letter, value.clone()))
                || matches!(letter, 'p' | 'l' | 'T' | 't' | 'v' | 'i')
                || *letter == 'o' && value.as_deref().is_some_and(|option| is_change(option, around, round))
                || *letter == 'o' && value.as_deref().is_some_and(|option| names_user(option, users))
        };
        if !wanted.options.iter().all(fits) {
            return None;
        }
        let mut command = own.clone();
        let added = wanted.options.into_iter().filter(|option| !own.options.contains(option));
        command.options.splice(0..0, added);
        if around {
            command.port = wanted.port;
            command.host.clone_from(&wanted.host);
        }
        command.user = wanted.user;
        command.command.clear();
        Some(Self { name: command.host.clone(), command, ..self.clone() })
    }
}

impl Destination {
    /// The words of the ssh that a changed command has run for it. What is not the user's own word must be options.
    fn inner(&self, front: &Front, argv: &[String]) -> Option<Vec<String>> {
        let line = |word: &String| {
            let (name, value) = word.split_once('=')?;
            matches!(name, "core.sshCommand" | "GIT_SSH_COMMAND").then(|| shell::split(value))
        };
        let added = argv.len().checked_sub(front.before.len() + front.rest.len())?;
        let mut words = match self.command.program.as_str() {
            "git" => argv.iter().find_map(line)?,
            "rsync" => shell::split(argv.get(front.before.len() + 1)?),
            _ => {
                let options = argv.get(front.before.len()..front.before.len() + added)?;
                ["ssh".to_owned()].into_iter().chain(options.iter().cloned()).collect()
            }
        };
        if let Some(port) = self.command.port.filter(|_| !words.iter().any(|word| word.starts_with("-p"))) {
            words.extend(["-p".to_owned(), port.to_string()]);
        }
        if let Some(user) = &self.command.user {
            words.extend(["-l".to_owned(), user.clone()]);
        }
        words.push(self.command.host.clone());
        Some(words)
    }
}

/// The user that a host is logged in to as where nobody names one. `git`: hosts that no provider is known for are
/// logged in to as git, too.
fn usual_user(host: &str, git: bool) -> Option<&'static str> {
    match provider::by_host(host) {
        // Where each user has an own one, only the configuration can name it.
        Some(provider) => provider.users.first().copied(),
        None => git.then_some("git"),
    }
}

/// Whether an option names a user whom the provider takes.
fn names_user(option: &str, users: &[&str]) -> bool {
    option.split_once('=').is_some_and(|(name, user)| name == "User" && users.contains(&user))
}

/// `-o` options that say which key is used and how, and the provider's own other name.
fn is_change(option: &str, around: bool, round: Option<(&str, u16)>) -> bool {
    const CHANGES: &[&str] = &[
        "IdentitiesOnly",
        "PubkeyAuthentication",
        "PreferredAuthentications",
        "PubkeyAcceptedAlgorithms",
        "PubkeyAcceptedKeyTypes",
        "IdentityAgent",
        "IdentityFile",
    ];
    let (name, value) = option.split_once('=').unwrap_or((option, ""));
    CHANGES.contains(&name) || around && name == "HostName" && round.is_some_and(|(host, _)| host == value)
}

/// Of a command's options those that lead ssh to its destination, as words. The others forward something, join or
/// keep a connection, run something or write somewhere; port and user are the destination's.
pub(crate) fn leading(typed: &Typed) -> Vec<String> {
    let mut words = Vec::new();
    // `-o` is safe, since a probe's own stand before it and the first value counts.
    let leads = |letter: char| matches!(about(letter), Some(About::Way | About::Algorithms));
    for (letter, value) in typed.options.iter().filter(|(letter, _)| leads(*letter)) {
        words.push(format!("-{letter}"));
        words.extend(value.clone());
    }
    words
}

/// Words as options.
fn options(words: &[String]) -> Vec<(char, Option<String>)> {
    let all: Vec<String> =
        ["ssh".to_owned()].into_iter().chain(words.iter().cloned()).chain(["x".to_owned()]).collect();
    shell::parse_ssh(&all).map(|typed| typed.options).unwrap_or_default()
}

/// Whether no word of a destination can be taken for an option, or for more than a name.
pub(crate) fn is_safe(typed: &Typed) -> bool {
    let user = typed.user.as_deref();
    is_host(&typed.host)
        && user.is_none_or(|user| {
            !user.is_empty()
                && user.len() <= LONGEST
                && !user.starts_with('-')
                && !user.ends_with('\\')
                // A shell's own, as ssh refuses them itself from 9.6 on (ssh.c, `valid_ruser`): `%r` in a ProxyCommand
                // is a shell's word.
                && !user.chars().any(|c| c.is_whitespace() || "'`\";&<>|(){}".contains(c) || crate::text::unprintable(c))
        })
}

/// Whether a word can be a host: an alias of the configuration, a name, or an address.
fn is_host(host: &str) -> bool {
    !host.is_empty()
        && host.len() <= LONGEST
        && !host.starts_with('-')
        && !host.chars().any(|c| c.is_whitespace() || "/'\"`\\$&;<>|()@".contains(c) || crate::text::unprintable(c))
}

/// Whether `text` names jump hosts and nothing else: `[user@]host[:port]`, joined by commas.
pub(crate) fn are_hops(text: &str) -> bool {
    text.split(',').all(|hop| Destination::parse(hop).is_some())
}

/// The host of a web page's address.
pub(crate) fn web_host(text: &str) -> Option<&str> {
    let rest = ["https://", "http://"].iter().find_map(|scheme| text.strip_prefix(scheme))?;
    let place = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let place = place.rsplit_once('@').map_or(place, |(_, place)| place);
    Some(place.split(':').next().unwrap_or(place))
}

/// Host and port. Outside of an address `ssh://…` a number behind a colon is a port, and anything else a path.
fn place_of(place: &str, url: bool) -> Option<(&str, Option<u16>)> {
    if let Some(rest) = place.strip_prefix('[') {
        let (host, rest) = rest.split_once(']')?;
        // git's, with the port inside; an address has more colons than one.
        if let Some((host, port)) = host.split_once(':').filter(|(_, port)| !url && !port.contains(':')) {
            return Some((host, Some(port.parse().ok()?)));
        }
        let port = match rest.strip_prefix(':') {
            Some(port) if url || port.chars().all(|c| c.is_ascii_digit()) => Some(port.parse().ok()?),
            Some(_) => None,
            None if rest.is_empty() => None,
            None => return None,
        };
        return Some((host, port));
    }
    match place.split_once(':') {
        // An IPv6 address without its brackets.
        Some((_, rest)) if rest.contains(':') && !url && !rest.contains('/') => Some((place, None)),
        Some((host, port)) if url => Some((host, Some(port.parse().ok()?))),
        Some((host, rest)) if !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit()) => {
            Some((host, Some(rest.parse().ok()?)))
        }
        Some((host, _)) => Some((host, None)),
        None => Some((place, None)),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn read(text: &str) -> (Option<String>, String, Option<u16>) {
        let typed = Destination::parse(text).unwrap_or_else(|| panic!("{text}"));
        (typed.user, typed.host, typed.port)
    }

    fn words(line: &str) -> Vec<String> {
        line.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn destinations_as_people_have_them() {
        let git = Some("git".to_owned());
        assert_eq!(read("git@github.com"), (git.clone(), "github.com".into(), None));
        assert_eq!(read("ssh://git@box:2222/org/repo.git"), (git.clone(), "box".into(), Some(2222)));
        assert_eq!(read("git@box:org/repo.git"), (git.clone(), "box".into(), None));
        assert_eq!(read("git@box:2222"), (git.clone(), "box".into(), Some(2222)));
        assert_eq!(read("[git@box:2222]:org/repo.git"), (git.clone(), "box".into(), Some(2222)));
        assert_eq!(read("git@[box:2222]:org/repo.git"), (git.clone(), "box".into(), Some(2222)));
        assert_eq!(read("[box:2222]:org/repo.git"), (None, "box".into(), Some(2222)));
        assert_eq!(read("git@[::1]:repo.git"), (git, "::1".into(), None));
        assert_eq!(read("[::1]:22"), (None, "::1".into(), Some(22)));
        assert_eq!(read("[::1]"), (None, "::1".into(), None));
        assert_eq!(read("::1"), (None, "::1".into(), None));
        for odd in ["", "-", "-oProxyCommand=x", "-l@box", "git@-box", "a b", "ssh://", "box$(id)", "ssh://box:x", "@"]
        {
            assert!(Destination::parse(odd).is_none(), "{odd}");
        }
    }

    #[test]
    fn a_users_name_is_no_shells_word() {
        for user in ["a`id`", "a;id", "a|id", "a$(id)", "a'b", "{a,b}", "a\\", "-oX=y"] {
            assert!(Destination::parse(&format!("{user}@h")).is_none(), "{user}");
            let typed = shell::parse_ssh(&["ssh", "-l", user, "h"].map(str::to_owned));
            assert!(typed.is_none_or(|typed| !is_safe(&typed)), "{user}");
        }
        for user in ["dev", "EXAMPLE\\dev", "dev@example.com", "o/r", "PC$"] {
            let typed = shell::parse_ssh(&["ssh", "-l", user, "h"].map(str::to_owned)).unwrap();
            assert!(is_safe(&typed), "{user}");
        }
    }

    #[test]
    fn nobody_is_git_where_each_user_has_an_own_name() {
        for (host, user) in [
            ("github.com", Some("git")),
            ("git.launchpad.net", None),
            ("git-codecommit.eu-west-1.amazonaws.com", None),
            ("octocat.ghe.com", None),
            ("git.example.org", Some("git")),
        ] {
            assert_eq!(usual_user(host, true), user, "{host}");
        }
        assert_eq!(usual_user("git.example.org", false), None);
    }

    #[test]
    fn hops() {
        assert!(are_hops("me@hop:22,other"));
        for odd in ["-oProxyCommand=x", "hop,-x", "", "none;id", "%(x)"] {
            assert!(!are_hops(odd), "{odd}");
        }
    }

    #[test]
    fn a_command_of_a_log_chooses_no_place() {
        let typed = shell::parse_ssh(&words("ssh -J hop -p 64784 dev@box")).unwrap();
        let place = Destination::new(Role::Ci, typed, &words("-F cfg"));
        let try_it = |line: &str| place.changed_by(&words(line));
        let tried = try_it("ssh -i /k -o IdentitiesOnly=yes -F cfg -J hop -p 64784 dev@box -- powershell.exe").unwrap();
        assert_eq!(tried.words(Purpose::Ask), words("-i /k -o IdentitiesOnly=yes -F cfg -J hop -p 64784 dev@box"));
        for elsewhere in [
            "ssh -J hop -p 64784 dev@other",
            "ssh -J hop -p 22 dev@box",
            "ssh -J hop -p 64784 root@box",
            "ssh -J evil -p 64784 dev@box",
            "ssh -o ProxyCommand=x -p 64784 dev@box",
            "ssh -o HostName=other -p 64784 dev@box",
            "ssh -o StrictHostKeyChecking=no -p 64784 dev@box",
            "ssh -F other -p 64784 dev@box",
        ] {
            assert!(try_it(elsewhere).is_none(), "{elsewhere}");
        }
        let git = Destination::new(Role::Vcs, Destination::parse("me@github.com").unwrap(), &[]);
        assert!(git.changed_by(&words("ssh git@github.com")).is_some());
        assert!(git.changed_by(&words("ssh root@github.com")).is_none());
        assert!(git.changed_by(&words("ssh -o HostName=ssh.github.com -p 443 git@github.com")).is_some());
        assert!(git.changed_by(&words("ssh -o HostName=evil.example -p 443 git@github.com")).is_none());
    }
}
