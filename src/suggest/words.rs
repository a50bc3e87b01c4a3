//! Which words of a log, or of nobody's, may stand in a command.

use crate::model::fix::{Unwritable, config_word};
use crate::model::{Change, HostName};
use crate::shell::Unquotable;
#[cfg(feature = "live")]
use crate::shell::options::is_harmless;

/// Why there is no command to suggest.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    /// The log names no destination.
    #[error("the log does not show the destination")]
    NoDestination,
    /// The log is another program's, and so was the command.
    #[error("the command was {0}'s, not ssh's")]
    OtherClient(&'static str),
    /// A word of the destination could be taken for something else.
    #[error("{0:?} can't stand safely in a command")]
    Unsafe(String),
    /// A host that looks like another, maybe.
    #[error("the host's name has other letters than ASCII's, and may look like another's: {}", .0.escape_default())]
    OtherLetters(String),
    /// A word that a program would take for an option.
    #[error("{0:?} would be taken for an option")]
    Option(String),
    /// `ssh_config` has no way to write a word.
    #[error(transparent)]
    Unwritable(#[from] Unwritable),
    /// The user's shell has no quoting for a word.
    #[error(transparent)]
    Unquotable(#[from] Unquotable),
}

/// What the change is by options alone: flags, the key, settings.
pub(super) fn offers(change: &Change) -> Result<Vec<String>, Refusal> {
    let mut words: Vec<String> = change.flags.iter().map(|flag| (*flag).to_owned()).collect();
    let mut push = |more: [&str; 2]| words.extend(more.map(str::to_owned));
    match change.key.as_deref() {
        // ssh expands a % in it, and looks for a file of -i before that.
        Some(key) if key.contains('%') || key.contains("${") => {
            push(["-o", &format!("IdentityFile={}", config_word("IdentityFile", key)?)]);
        }
        Some(key) => push(["-i", key]),
        None => {}
    }
    for option in &change.options {
        push(["-o", option]);
    }
    Ok(words)
}

/// `-o` options that come along from a log, in lower case: they reach no further than the connection, and none
/// says whom to trust or with which algorithms.
pub(super) const KEYWORDS: &[&str] = &[
    "addressfamily",
    "batchmode",
    "compression",
    "connectionattempts",
    "connecttimeout",
    "identitiesonly",
    "numberofpasswordprompts",
    "port",
    "requesttty",
    "serveralivecountmax",
    "serveraliveinterval",
    "tcpkeepalive",
    "user",
];

pub(super) fn comes_along(option: &str, change: &Change) -> bool {
    let name = keyword(option);
    let value = option.trim_start().get(name.len()..).unwrap_or_default();
    let value = value.trim_start_matches([' ', '\t', '=']).trim_end();
    // ssh gives the user's name to the programs of a configuration, whatever stands in it.
    let plain = match name.as_str() {
        "user" => is_word(value),
        _ => !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_alphanumeric()),
    };
    KEYWORDS.contains(&name.as_str()) && plain && !replaced(option, change)
}

#[cfg(feature = "live")]
/// Whether an option that others wrote says no more than how to connect, or with which key file: it runs nothing, leads
/// nowhere else, and trusts nobody.
pub(crate) fn is_mere((letter, value): &(char, Option<String>)) -> bool {
    match (letter, value) {
        (letter, None) => is_harmless(*letter),
        (_, Some(value)) if value.chars().any(crate::text::unprintable) => false,
        ('i' | 'l' | 'p', Some(_)) => true,
        // Another file could have a program run.
        ('F', Some(file)) => file == "none" || file == "/dev/null",
        ('o', Some(option)) => {
            let keyword = keyword(option);
            keyword == "identityfile" || KEYWORDS.contains(&keyword.as_str())
        }
        _ => false,
    }
}

/// Whether the change sets the same option.
pub(super) fn replaced(option: &str, change: &Change) -> bool {
    let own = keyword(option);
    let by_key = change.key.is_some() && own == "identityfile";
    let by_user = change.user.is_some() && own == "user";
    let by_way = change.way.is_some() && matches!(own.as_str(), "port" | "hostname");
    by_key || by_user || by_way || change.options.iter().any(|ours| keyword(ours) == own)
}

pub(super) fn keyword(option: &str) -> String {
    let name = option.trim_start().split(['=', ' ', '\t']).next().unwrap_or_default();
    name.trim().to_ascii_lowercase()
}

/// `[user@]host[:port]`, and no option.
pub(super) fn is_destination(text: &str) -> bool {
    let (user, host) = text.rsplit_once('@').map_or((None, text), |(user, host)| (Some(user), host));
    user.is_none_or(is_word) && HostName::try_from(host).is_ok()
}

/// Login names, as strict as ssh itself since 9.6 (ssh.c, `valid_ruser`), and no backslash in front or at the end.
pub(super) fn is_word(user: &str) -> bool {
    !user.is_empty()
        && user.len() <= 255
        && !user.starts_with(['-', '\\'])
        && !user.ends_with('\\')
        && !user.chars().any(|c| c.is_control() || "'`\";&<>|(){}$!* ".contains(c) || crate::text::unprintable(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_come_along_with_plain_values_alone() {
        for option in ["ConnectTimeout=5", "ConnectTimeout = 5", "batchmode yes", "User=me.too"] {
            assert!(comes_along(option, &Change::none()), "{option}");
        }
        for option in
            ["User=x;evil", "User \"-x\"", "User=-x", "User=", "Port=22;x", "RequestTTY=%h", "ProxyCommand=evil"]
        {
            assert!(!comes_along(option, &Change::none()), "{option}");
        }
    }
}
