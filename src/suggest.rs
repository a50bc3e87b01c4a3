//! The command that works: the user's own, with the right key.
//!
//! Its words come from a log, which is not trusted. A host or user that could be read as an option is refused,
//! and of the options typed in the log only those come along that can do no more than reach the host.

use crate::model::Session;
use crate::model::session::Typed;
use crate::shell::{Shell, Unquotable, join};

/// Why there is no command to suggest.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The log names no destination.
    #[error("the log does not show the destination")]
    NoDestination,
    /// A word of the destination could be taken for something else.
    #[error("{0:?} can't stand safely in a command")]
    Unsafe(String),
    /// The user's shell has no quoting for a word.
    #[error(transparent)]
    Unquotable(#[from] Unquotable),
}

/// Options without a value that come along.
const FLAGS: &str = "46CNTtnqx";

/// `-o` options that come along, in lower case.
const KEYWORDS: &[&str] = &[
    "addressfamily",
    "batchmode",
    "ciphers",
    "compression",
    "connectionattempts",
    "connecttimeout",
    "hostkeyalgorithms",
    "kexalgorithms",
    "macs",
    "numberofpasswordprompts",
    "port",
    "pubkeyacceptedalgorithms",
    "pubkeyacceptedkeytypes",
    "requesttty",
    "serveralivecountmax",
    "serveraliveinterval",
    "stricthostkeychecking",
    "tcpkeepalive",
    "user",
];

/// What to change in the command.
#[derive(Clone, Debug, Default)]
pub struct Change<'a> {
    /// The key to use.
    pub key: Option<&'a str>,
    /// `-o` options to add.
    pub options: Vec<&'a str>,
    /// The user to log in as.
    pub user: Option<&'a str>,
}

/// The words of the session's command with `change` made.
///
/// # Errors
/// The log names no destination, or one that can't stand in a command.
pub fn command(session: &Session, change: &Change<'_>) -> Result<Vec<String>, Refusal> {
    let mut words = vec!["ssh".to_owned()];
    let mut push = |more: &[&str]| words.extend(more.iter().map(|word| (*word).to_owned()));
    if let Some(key) = change.key {
        push(&["-i", key]);
    }
    for option in &change.options {
        push(&["-o", option]);
    }
    let typed = session.typed.as_ref().filter(|typed| typed.program == "ssh");
    let is_own = typed.is_some_and(|typed| typed.own);
    for (letter, value) in typed.map(|typed| typed.options.as_slice()).unwrap_or_default() {
        match (letter, value) {
            (letter, None) if FLAGS.contains(*letter) => push(&[&format!("-{letter}")]),
            ('J', Some(jump)) if jump.split(',').all(is_destination) => push(&["-J", jump]),
            ('o', Some(option)) if comes_along(option, change) => push(&["-o", option]),
            // Given to this program by its user: meant as it stands.
            ('i' | 'p' | 'l' | 'E', _) | ('v', None) => {}
            ('o', Some(option)) if is_own && !replaced(option, change) => push(&["-o", option]),
            (letter, Some(value)) if is_own && *letter != 'o' => push(&[&format!("-{letter}"), value]),
            (letter, None) if is_own => push(&[&format!("-{letter}")]),
            _ => {}
        }
    }
    let port =
        typed.and_then(|typed| typed.port).or_else(|| session.port.filter(|port| typed.is_none() && *port != 22));
    if let Some(port) = port {
        push(&["-p", &port.to_string()]);
    }
    let host = destination_host(session, typed)?;
    let user = change.user.or_else(|| match typed {
        Some(typed) => typed.user.as_deref(),
        // Without the command, name only a user that is not simply the local one.
        None => session.user.as_deref().filter(|user| is_meant(session, user)),
    });
    match user {
        Some(user) if !is_word(user) => return Err(Refusal::Unsafe(user.to_owned())),
        Some(user) => push(&[&format!("{user}@{host}")]),
        None => push(&[&host]),
    }
    if let Some(typed) = typed {
        words.extend(typed.command.iter().cloned());
    }
    Ok(words)
}

/// As [`command`], written for a shell.
///
/// # Errors
/// As there, and where a word can't be quoted.
pub fn line(session: &Session, change: &Change<'_>, shell: Shell) -> Result<String, Refusal> {
    Ok(join(&command(session, change)?, shell)?)
}

/// Where the command goes: as typed, since the configuration may know the typed name; else as dialled.
fn destination_host(session: &Session, typed: Option<&Typed>) -> Result<String, Refusal> {
    let host = typed
        .map(|typed| typed.host.as_str())
        .or(session.host.as_deref())
        .or(session.address.as_deref())
        .ok_or(Refusal::NoDestination)?;
    if is_host(host) { Ok(host.to_owned()) } else { Err(Refusal::Unsafe(host.to_owned())) }
}

/// Whether a log without the typed command shows a user that was chosen: it differs from the home's owner.
fn is_meant(session: &Session, user: &str) -> bool {
    use crate::model::Kind;
    let at_home = |path: &str| {
        let path = path.replace('\\', "/");
        path.split('/').any(|part| part == user) || user == "root" && path.starts_with("/root/")
    };
    !session.any(|kind| match kind {
        Kind::IdentityFile { path, .. } | Kind::ReadingConfig { path } | Kind::TryingPrivate { path } => at_home(path),
        _ => false,
    })
}

fn comes_along(option: &str, change: &Change<'_>) -> bool {
    KEYWORDS.contains(&keyword(option).as_str()) && !replaced(option, change)
}

/// Whether the change sets the same option.
fn replaced(option: &str, change: &Change<'_>) -> bool {
    let own = keyword(option);
    let by_key = change.key.is_some() && own == "identityfile";
    by_key || change.options.iter().any(|ours| keyword(ours) == own)
}

fn keyword(option: &str) -> String {
    let name = option.split(['=', ' ']).next().unwrap_or_default();
    name.trim().to_ascii_lowercase()
}

/// `[user@]host[:port]`, and no option.
fn is_destination(text: &str) -> bool {
    let (user, host) = text.rsplit_once('@').map_or((None, text), |(user, host)| (Some(user), host));
    user.is_none_or(is_word) && is_host(host)
}

/// Names and addresses: what a resolver can take and no shell or ssh_config gives a meaning to.
fn is_host(host: &str) -> bool {
    host.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '[' || c == ':')
        && host.len() <= 255
        && host.chars().all(|c| c.is_ascii_alphanumeric() || ".-_:%[]".contains(c))
}

/// Login names, as strict as ssh itself since 9.6 (ssh.c, `valid_ruser`), and no backslash in front.
fn is_word(user: &str) -> bool {
    !user.is_empty()
        && user.len() <= 255
        && !user.starts_with(['-', '\\'])
        && !user.chars().any(|c| c.is_control() || "'`\";&<>|(){}$!* ".contains(c) || crate::text::unprintable(c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::typed;

    fn session(line: &str) -> Session {
        Session { typed: typed(line), ..Session::default() }
    }

    fn with_key(line: &str) -> String {
        let change = Change { key: Some("/home/dev/.ssh/id"), ..Change::default() };
        super::line(&session(line), &change, Shell::Sh).unwrap()
    }

    #[test]
    fn the_command_stays_the_users() {
        assert_eq!(with_key("$ ssh -v -p 64784 54.224.97.243"), "ssh -i /home/dev/.ssh/id -p 64784 54.224.97.243");
        assert_eq!(
            with_key("$ ssh -p 64784 54.224.97.243 -- powershell.exe"),
            "ssh -i /home/dev/.ssh/id -p 64784 54.224.97.243 -- powershell.exe"
        );
        assert_eq!(
            with_key("$ ssh -i other -T -J me@hop dev@box uptime"),
            "ssh -i /home/dev/.ssh/id -T -J me@hop dev@box uptime"
        );
        assert_eq!(with_key("$ ssh -l dev box"), "ssh -i /home/dev/.ssh/id dev@box");
    }

    #[test]
    fn no_option_comes_from_the_log() {
        let sly = "$ ssh -o ProxyCommand=evil -o ConnectTimeout=3 -F /tmp/evil -E /home/dev/.profile -L 1:a:2 box";
        assert_eq!(with_key(sly), "ssh -i /home/dev/.ssh/id -o ConnectTimeout=3 box");
        let option = Session { host: Some("-oProxyCommand=evil".into()), ..Session::default() };
        assert!(matches!(command(&option, &Change::default()), Err(Refusal::Unsafe(_))));
        let user = Session { host: Some("box".into()), user: Some("-oProxyCommand=evil".into()), ..Session::default() };
        assert!(matches!(command(&user, &Change::default()), Err(Refusal::Unsafe(_))));
    }
}
