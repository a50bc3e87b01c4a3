//! A destination as a command that was written from a log would have it.

use super::parse::is_safe;
use super::target::Destination;
use crate::live::paths;
use crate::model::Role;
use crate::model::command::Front;
use crate::{provider, shell};

impl Destination {
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

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::live::destination::Purpose;

    fn words(line: &str) -> Vec<String> {
        line.split(' ').map(str::to_owned).collect()
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
