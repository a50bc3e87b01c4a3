//! A host to connect to, and how, with ssh's words for it.

use std::time::Duration;

use crate::live::config::{self, Answer};
use crate::live::program::Program;
use crate::model::Role;
use crate::model::facts::GitSsh;
use crate::model::session::Typed;
use crate::shell::options::{About, about};
use crate::{provider, shell};

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

#[cfg(test)]
mod tests {
    use super::*;

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
}
