//! What applies to a destination: asked of the user's own ssh (`ssh -G`, OpenSSH 6.8 on), never worked out here.

use std::time::Duration;

use super::process::{self, Failure};
use super::program::Program;
use crate::model::Fact;

/// Options with their values, lower-case names, in ssh's order.
pub type Options = Vec<(String, String)>;

/// What ssh answered, and what it said beside.
#[derive(Clone, Debug)]
pub struct Answer {
    /// What applies.
    pub options: Fact<Options>,
    /// ssh's own warnings and errors; no server has had a word in them.
    pub said: String,
    /// It did not answer in time. A run by settings that nobody knows could be through a jump host whose key is remembered.
    pub late: bool,
}

/// Asks ssh what applies. `args` are the words of an ssh command: options and destination.
///
/// # Errors
/// There is no ssh, or it can't be started.
pub fn ask(ssh: &Program, args: &[String], limit: Duration) -> Result<Fact<Options>, Failure> {
    ask_all(ssh, args, limit).map(|answer| answer.options)
}

/// As [`ask`], with ssh's own words.
///
/// # Errors
/// As there.
pub fn ask_all(ssh: &Program, args: &[String], limit: Duration) -> Result<Answer, Failure> {
    let words = std::iter::once("-G").chain(args.iter().map(String::as_str));
    match process::run(&ssh.name, ssh.with(words), limit) {
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            let listed = parse(&output.text());
            let options = if output.status.success() && !listed.is_empty() {
                Fact::Known(listed)
            } else {
                let first = said.lines().find(|line| !line.trim().is_empty());
                let old = said.contains("illegal option") || said.contains("unknown option");
                Fact::Unknown(if old {
                    "this ssh is older than 6.8 and has no -G".to_owned()
                } else {
                    first.unwrap_or("ssh gave no reason").trim().to_owned()
                })
            };
            // The usage message of an old ssh says nothing of the configuration.
            let said = if said.contains("usage: ssh") { String::new() } else { said };
            Ok(Answer { options, said, late: false })
        }
        Err(slow @ (Failure::Timeout(..) | Failure::Interrupted)) => {
            Ok(Answer { options: Fact::Unknown(slow.to_string()), said: String::new(), late: true })
        }
        Err(missing) => Err(missing),
    }
}

/// The user that the configuration sets for a host. `None`: it sets none, so ssh takes the local login name.
///
/// `ssh -G` alone can't tell a user that is set from one that is not, if both are the local name. So ssh is
/// asked with a configuration that reads the user's own and then sets a mark: the first value counts.
pub fn user(ssh: &Program, common: &[String], host: &str, limit: Duration) -> Option<String> {
    let mut own = "~/.ssh/config".to_owned();
    let mut words = vec!["-G".to_owned(), "-F".to_owned(), "/dev/stdin".to_owned()];
    let mut common = common.iter();
    while let Some(word) = common.next() {
        if word == "-F" {
            own = common.next()?.clone();
        } else {
            words.push(word.clone());
        }
    }
    let own = std::path::absolute(&own)
        .ok()
        .filter(|_| !own.starts_with('~'))
        .map_or(own, |path| path.to_string_lossy().into_owned());
    words.push(host.to_owned());
    let system = if own.starts_with('~') { "Include /etc/ssh/ssh_config\nMatch all\n" } else { "" };
    marked_user(ssh, &words, &format!("Include \"{own}\"\nMatch all\n{system}"), limit)?
}

/// The user by a configuration that ends in a mark: `Some(None)` where nothing before that sets one.
fn marked_user(ssh: &Program, words: &[String], lines: &str, limit: Duration) -> Option<Option<String>> {
    const UNSET: &str = "no-user-is-set";
    let asked = format!("{lines}User {UNSET}\n");
    let all = ssh.with(words.iter().map(String::as_str));
    let output = process::run_fed(&ssh.name, all, asked.as_bytes(), limit).ok()?;
    let user = parse(&output.text()).into_iter().find(|(key, _)| key == "user")?.1;
    Some((user != UNSET).then_some(user))
}

/// Whether these lines of a configuration, or the options, set a user for a host. `None`: ssh does not tell.
pub fn sets_user(ssh: &Program, options: &[String], host: &str, lines: &str, limit: Duration) -> Option<bool> {
    let first = ["-G", "-F", "/dev/stdin"].map(str::to_owned);
    let words: Vec<String> = first.into_iter().chain(options.iter().cloned()).chain([host.to_owned()]).collect();
    Some(marked_user(ssh, &words, &format!("{lines}\nMatch all\n"), limit)?.is_some())
}

fn parse(text: &str) -> Options {
    text.lines()
        .filter_map(|line| line.split_once(' '))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect()
}

/// Whether ssh knows an option at all: `-G` lists all that it knows and that have a value.
pub fn knows(options: &Fact<Options>, name: &str) -> bool {
    options.known().is_some_and(|options| options.iter().any(|(key, _)| key == name))
}

/// Options for a run that changes nothing: no prompt, no old connection, no forwarding, no command. They go before
/// the user's own, so that they count.
pub fn quiet(options: &Fact<Options>, limit: Duration) -> Vec<String> {
    let mut words: Vec<String> = [
        "BatchMode=yes",
        "ControlMaster=no",
        "ControlPath=none",
        "ClearAllForwardings=yes",
        "Tunnel=no",
        "PermitLocalCommand=no",
    ]
    .map(str::to_owned)
    .into();
    words.push(format!("ConnectTimeout={}", limit.as_millis().div_ceil(1000).max(1)));
    // Newer options, where this ssh knows them.
    for (name, option) in [
        ("updatehostkeys", "UpdateHostKeys=no"),
        ("addkeystoagent", "AddKeysToAgent=no"),
        ("remotecommand", "RemoteCommand=none"),
        ("controlpersist", "ControlPersist=no"),
        ("forkafterauthentication", "ForkAfterAuthentication=no"),
    ] {
        if knows(options, name) {
            words.push(option.to_owned());
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_listed_in_order() {
        let options = parse("user git\nhostname github.com\nidentityfile ~/.ssh/a\nidentityfile ~/.ssh/b c\n");
        assert_eq!(options[3], ("identityfile".to_owned(), "~/.ssh/b c".to_owned()));
        assert!(knows(&Fact::Known(options), "user"));
    }
}
