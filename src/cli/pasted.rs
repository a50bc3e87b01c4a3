//! The command that a CI job prints, as `--ci` takes it.
//!
//! Whoever writes the job's output writes this line, so it says where to connect and no more: nothing in it runs a
//! program here, reads another configuration, or makes a host key good. What a login needs beyond that its user gives
//! to this program.

use super::error::Error;
use crate::live::destination::{Destination, are_hops, is_safe};
use crate::model::session::Typed;
use crate::shell::options::{About, about, is_harmless};
use crate::shell::{self, Shell};

/// What a pasted command means.
pub(super) struct Pasted {
    /// The command, as far as it is followed.
    pub(super) command: Typed,
    /// What is left out, in a sentence.
    pub(super) warning: Option<String>,
}

/// `-o` options that are followed, in lower case: they choose a key, or how to wait.
const TAKEN: &[&str] = &[
    "addressfamily",
    "batchmode",
    "compression",
    "connectionattempts",
    "connecttimeout",
    "escapechar",
    "exitonforwardfailure",
    "gssapiauthentication",
    "identitiesonly",
    "identityfile",
    "ipqos",
    "kbdinteractiveauthentication",
    "numberofpasswordprompts",
    "passwordauthentication",
    "port",
    "preferredauthentications",
    "pubkeyacceptedalgorithms",
    "pubkeyacceptedkeytypes",
    "pubkeyauthentication",
    "requesttty",
    "serveralivecountmax",
    "serveraliveinterval",
    "tcpkeepalive",
    "user",
];

/// `-o` options that are left out in any case, in lower case. A host key is judged by the user's settings alone.
const NOT_DONE: &[&str] = &[
    "addkeystoagent",
    "checkhostip",
    "ciphers",
    "clearallforwardings",
    "controlmaster",
    "controlpath",
    "controlpersist",
    "dynamicforward",
    "forkafterauthentication",
    "forwardagent",
    "forwardx11",
    "forwardx11trusted",
    "globalknownhostsfile",
    "hashknownhosts",
    "hostkeyalgorithms",
    "kexalgorithms",
    "localcommand",
    "localforward",
    "loglevel",
    "macs",
    "permitlocalcommand",
    "remotecommand",
    "remoteforward",
    "sendenv",
    "sessiontype",
    "setenv",
    "stdinnull",
    "stricthostkeychecking",
    "tunnel",
    "tunneldevice",
    "updatehostkeys",
    "userknownhostsfile",
    "visualhostkey",
];

/// What becomes of an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Taken,
    LeftOut,
    Refused,
}

/// Reads the command that a CI job prints.
pub(super) fn read(command: &str) -> Result<Pasted, Error> {
    let fail =
        |why: &str, hint: String| Err(Error::CiCommand { command: command.to_owned(), why: why.to_owned(), hint });
    let whole = "give the whole line as the job prints it, in quotes: --ci 'ssh -p 64784 54.224.97.243'";
    let words = shell::split(line_of_ssh(command).unwrap_or_else(|| unprompted(command)));
    let Some(first) = words.first() else {
        return fail("it is empty", whole.into());
    };
    if !matches!(first.rsplit(['/', '\\']).next(), Some("ssh" | "ssh.exe")) {
        return fail("it does not begin with ssh", whole.into());
    }
    if has_no_port(&words) {
        return fail(
            "what stands after -p is no port",
            "the port comes first and the address after it: ssh -p PORT ADDRESS; look the port up in the job's output"
                .into(),
        );
    }
    let Some(mut typed) = shell::parse_ssh(&words).filter(|typed| typed.host != "--") else {
        return fail("it names no host", whole.into());
    };
    if !is_safe(&typed) {
        return fail("its host or user can't be one", whole.into());
    }
    let (mut left_out, mut refused) = (Vec::new(), Vec::new());
    for option in std::mem::take(&mut typed.options) {
        match fate(&option) {
            Fate::Taken => typed.options.push(option),
            Fate::LeftOut => left_out.push(option),
            Fate::Refused => refused.push(option),
        }
    }
    if !refused.is_empty() {
        let mut words = vec!["ssh-why".to_owned(), "check".to_owned()];
        words.extend(refused.iter().flat_map(given));
        words.extend(["--ci".to_owned(), line(&rest(&typed))]);
        let why = format!("{} is not taken from a pasted line", names(&refused));
        return fail(
            &why,
            format!("if you know what it does and want it, give it to ssh-why itself: {}", line(&words)),
        );
    }
    let warning = (!left_out.is_empty()).then(|| {
        format!(
            "{} of the CI job's command is left out: a check only logs in, and judges host keys by your own settings",
            names(&left_out)
        )
    });
    typed.own = true;
    Ok(Pasted { command: typed, warning })
}

/// A line without a prompt's end in front.
fn unprompted(line: &str) -> &str {
    line.trim().trim_start_matches(['$', '>', '#']).trim()
}

/// The line with ssh's command in a job's whole step, from `ssh` on: a line that begins with it, else one that names a
/// port or a user behind it. `None`: one line alone, or none with such a command.
fn line_of_ssh(text: &str) -> Option<&str> {
    let lines: Vec<&str> = text.lines().map(unprompted).filter(|line| !line.is_empty()).collect();
    if lines.len() < 2 {
        return None;
    }
    let begins = |line: &str| {
        let first = line.split_whitespace().next().unwrap_or_default();
        matches!(first.rsplit(['/', '\\']).next(), Some("ssh" | "ssh.exe"))
    };
    lines.iter().copied().find(|line| begins(line)).or_else(|| lines.iter().find_map(|line| within(line)))
}

/// From `ssh` on, in a line of prose: only where a port or a user is named.
fn within(line: &str) -> Option<&str> {
    let opens = |at: &usize| line[..*at].ends_with([' ', '\t', '`', ':', '$']);
    let tails = line.match_indices("ssh ").map(|(at, _)| at).filter(opens).map(|at| &line[at..]);
    let sure = |tail: &&str| {
        let typed = shell::parse_ssh(&shell::split(tail));
        typed.is_some_and(|typed| typed.port.is_some() || typed.user.is_some())
    };
    tails.into_iter().find(sure)
}

/// Whether `-p` stands before something else than a port.
fn has_no_port(words: &[String]) -> bool {
    let ported = words
        .iter()
        .position(|word| word == "-p")
        .and_then(|at| words.get(at + 1))
        .or_else(|| words.iter().find(|word| word.starts_with("-p") && word.len() > 2));
    ported.is_some_and(|port| port.trim_start_matches("-p").parse::<u16>().is_err())
}

fn fate((letter, value): &(char, Option<String>)) -> Fate {
    match value {
        None if is_harmless(*letter) => Fate::Taken,
        // A check only logs in, and by the user's own algorithms.
        _ if matches!(about(*letter), Some(About::Beyond | About::Algorithms)) => Fate::LeftOut,
        Some(value) if value.chars().any(char::is_control) => Fate::Refused,
        Some(_) if matches!(letter, 'p' | 'l' | 'i') => Fate::Taken,
        Some(hops) if *letter == 'J' && are_hops(hops) => Fate::Taken,
        Some(option) if *letter == 'o' => keyword_fate(option),
        _ => Fate::Refused,
    }
}

fn keyword_fate(option: &str) -> Fate {
    let end = option.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(option.len());
    let keyword = option[..end].to_ascii_lowercase();
    let value = option[end..].trim_start().trim_start_matches('=').trim();
    match keyword.as_str() {
        "port" if value.parse::<u16>().is_err() => Fate::Refused,
        "user" if Destination::parse(&format!("{value}@host")).is_none() => Fate::Refused,
        "proxyjump" if are_hops(value) => Fate::Taken,
        word if TAKEN.contains(&word) => Fate::Taken,
        word if NOT_DONE.contains(&word) => Fate::LeftOut,
        _ => Fate::Refused,
    }
}

/// Options, as they are named in a sentence.
fn names(options: &[(char, Option<String>)]) -> String {
    let name = |(letter, value): &(char, Option<String>)| match value {
        Some(value) if *letter == 'o' => {
            format!("-o {}", value.split(['=', ' ', '\t']).find(|word| !word.is_empty()).unwrap_or_default())
        }
        _ => format!("-{letter}"),
    };
    options.iter().map(name).collect::<Vec<_>>().join(", ")
}

/// An option as this program takes it: what it has no letter for goes after `-o`.
fn given((letter, value): &(char, Option<String>)) -> Vec<String> {
    let value = value.clone().unwrap_or_default();
    match letter {
        'F' | 'J' | 'o' => vec![format!("-{letter}"), value],
        'I' => vec!["-o".to_owned(), format!("PKCS11Provider={value}")],
        'b' => vec!["-o".to_owned(), format!("BindAddress={value}")],
        'B' => vec!["-o".to_owned(), format!("BindInterface={value}")],
        _ => Vec::new(),
    }
}

/// What is left of a command.
fn rest(typed: &Typed) -> Vec<String> {
    let mut words = vec!["ssh".to_owned()];
    for (letter, value) in &typed.options {
        if matches!(letter, 'p' | 'l') {
            continue;
        }
        words.push(format!("-{letter}"));
        words.extend(value.clone());
    }
    words.extend(typed.port.into_iter().flat_map(|port| ["-p".to_owned(), port.to_string()]));
    words.push(match &typed.user {
        Some(user) => format!("{user}@{}", typed.host),
        None => typed.host.clone(),
    });
    words.extend(typed.command.iter().cloned());
    words
}

fn line(words: &[String]) -> String {
    shell::join(words, Shell::Sh).unwrap_or_else(|_| words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(command: &str) -> String {
        match read(command) {
            Ok(pasted) => panic!("{command}: {:?}", pasted.command),
            Err(error) => error.to_string() + " " + &error.hint().unwrap_or_default(),
        }
    }

    #[test]
    fn where_to_connect_is_taken() {
        for (line, options) in [
            ("ssh -p 64784 54.224.97.243", 1),
            ("$ /usr/bin/ssh -4 -i key -J me@hop:22,other -p 1 u@box -- powershell.exe", 4),
            ("ssh.exe box -p 2222 -o ConnectTimeout=3 -o 'IdentityFile key'", 3),
        ] {
            let pasted = read(line).unwrap_or_else(|error| panic!("{line}: {error}"));
            assert_eq!((pasted.command.options.len(), pasted.warning), (options, None), "{line}");
        }
    }

    #[test]
    fn nothing_of_it_is_run() {
        for option in [
            "-o ProxyCommand=evil",
            "-oproxycommand=evil",
            "-o 'ProxyCommand evil'",
            "-o ' ProxyCommand=evil'",
            "-o '\"ProxyCommand\" evil'",
            "-o KnownHostsCommand=evil",
            "-F evil",
            "-I evil",
            "-o PKCS11Provider=evil",
            "-o SecurityKeyProvider=evil",
            "-o 'Match exec evil'",
            "-o Include=evil",
            "-J 'hop -oProxyCommand=evil'",
            "-J -oProxyCommand=evil",
            "-o ProxyJump=-evil",
            "-o HostKeyAlias=evil",
            "-o HostName=evil",
            "-o User=-evil",
        ] {
            for line in [format!("ssh {option} -p 1 box"), format!("ssh -p 1 box {option}")] {
                let said = refusal(&line);
                assert!(said.contains("ssh-why check"), "{line}: {said}");
                assert!(said.contains("--ci 'ssh -p 1 box'"), "{line}: {said}");
            }
        }
        assert!(refusal("ssh -F cfg box").contains("ssh-why check -F cfg --ci 'ssh box'"));
    }

    #[test]
    fn what_is_no_login_is_named() {
        let pasted = read("ssh -A -L 1:a:2 -o StrictHostKeyChecking=no -o LocalCommand=evil box").ok();
        let warning = pasted.and_then(|pasted| pasted.warning).unwrap_or_default();
        for name in ["-A", "-L", "-o StrictHostKeyChecking", "-o LocalCommand"] {
            assert!(warning.contains(name), "{name}: {warning}");
        }
    }

    #[test]
    fn a_whole_step_has_its_line() {
        for step in [
            "You can now SSH into this box if your SSH VCS key is the same:\n\n    $ ssh -p 64784 54.224.97.243\n\nThe job waits.\n",
            "Failed checks\nUse this: ssh -p 64784 54.224.97.243\n",
            "To connect\r\nssh -p 64784 54.224.97.243\r\n",
        ] {
            let typed = read(step).unwrap_or_else(|error| panic!("{step}: {error}")).command;
            assert_eq!((typed.host.as_str(), typed.port), ("54.224.97.243", Some(64784)), "{step}");
        }
        refusal("curl https://box/x\nwget box\n");
        refusal("nothing of ssh here\nnor here\n");
    }

    #[test]
    fn other_words_are_no_host() {
        for line in ["", "ssh", "ssh -", "curl box", "box", "ssh -l -evil box", "ssh -evil@box", "ssh -p box", "ssh --"]
        {
            refusal(line);
        }
    }
}
