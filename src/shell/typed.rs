//! A command at a shell prompt: which program, which destination, which options.

use super::options::takes_value;
use super::words::split;
use crate::model::session::Typed;
use crate::text::Sought;

/// Longest line that is looked at, in bytes: nobody types a longer one.
const LONGEST: usize = 8192;

/// Places in a line that are tried.
const PLACES: usize = 20;

/// Words of which every line with such a command holds one.
pub(crate) const COMMANDS: &[&str] =
    &["ssh ", "ssh\t", "ssh.exe", "git ", "git\t", "git.exe", "scp ", "scp\t", "sftp ", "sftp\t"];

/// The names of their programs.
const NAMES: [Sought; 4] = [Sought::new("ssh"), Sought::new("git"), Sought::new("scp"), Sought::new("sftp")];

/// Words behind a program's name with which a sentence goes on: `ssh to box failed`, `ssh connection refused`.
const PROSE: &[&str] = &[
    "to",
    "into",
    "from",
    "via",
    "with",
    "for",
    "on",
    "in",
    "at",
    "as",
    "by",
    "is",
    "was",
    "are",
    "not",
    "and",
    "or",
    "the",
    "a",
    "an",
    "does",
    "can",
    "cannot",
    "could",
    "will",
    "should",
    "works",
    "worked",
    "fails",
    "failed",
    "connect",
    "connects",
    "connected",
    "connecting",
    "connection",
    "connections",
    "error",
    "errors",
    "key",
    "keys",
    "login",
    "logins",
    "session",
    "access",
];

/// The ssh, git, scp or sftp command in a line, if there is one that names a destination.
///
/// A line of prose counts only where the command cannot be mistaken: a user, a port or an option stands
/// before its destination.
pub(crate) fn typed(line: &str) -> Option<Typed> {
    if line.len() > LONGEST {
        return None;
    }
    if !NAMES.iter().any(|name| name.is_in(line)) {
        return None;
    }
    // `GIT_SSH_COMMAND="ssh -v" git clone …` runs git.
    let found = programs(line, &["git"])
        .find_map(|(start, rest)| parse_git(&split(rest)).map(|typed| (start, typed)))
        .or_else(|| {
            programs(line, &["ssh", "sftp", "scp"]).find_map(|(start, rest)| {
                let words = split(rest);
                let typed = if words[0].contains("scp") { parse_scp(&words)? } else { parse_ssh(&words)? };
                let before = line[..start].trim_end();
                let sure = typed.user.is_some() || typed.port.is_some() || !typed.options.is_empty();
                let prompted = before.is_empty() || at_prompt(before) || before.ends_with("command:");
                let sentence = before.is_empty() && may_be_a_sentence(&typed);
                (prompted && !sentence && plausible(&typed.host) || sure && addressed(&typed)).then_some((start, typed))
            })
        });
    let (start, mut typed) = found?;
    let before = &line[..start];
    typed.sudo = before.split_whitespace().any(|word| word == "sudo");
    typed.local_user = prompt_user(before);
    Some(typed)
}

/// Places where a program's name stands as a word of its own, and the text from there on.
fn programs<'a>(line: &'a str, names: &'a [&str]) -> impl Iterator<Item = (usize, &'a str)> {
    names.iter().flat_map(move |name| {
        line.match_indices(name).take(PLACES).filter_map(move |(start, _)| {
            let after = line[start + name.len()..].trim_start_matches(".exe");
            let before = line[..start].chars().next_back();
            let opens = before.is_none_or(|c| c.is_whitespace() || "$#%>❯➜»›`/\\(:".contains(c));
            // `Command "git fetch …" returned status code 128`
            let quoted = before == Some('"') && *name == "git";
            let end = if quoted { line[start..].find('"') } else { None };
            let rest = &line[start..start + end.unwrap_or(line.len() - start)];
            (opens || end.is_some()).then_some((start, rest)).filter(|_| after.starts_with([' ', '\t']))
        })
    })
}

/// Whether the text before a command ends like a prompt, with `sudo`, `time` or assignments at most between.
pub(super) fn at_prompt(before: &str) -> bool {
    let mut rest = before;
    loop {
        rest = rest.trim_end();
        if rest.is_empty() || ends_a_prompt(rest) {
            return true;
        }
        let word = rest.rsplit(char::is_whitespace).next().unwrap_or_default();
        if !is_beside_a_command(word) {
            return false;
        }
        rest = &rest[..rest.len() - word.len()];
    }
}

/// Whether a prompt may end so.
pub(super) fn ends_a_prompt(text: &str) -> bool {
    // Nearly all words end in a letter or a digit.
    !text.ends_with(|c: char| c.is_ascii_alphanumeric())
        && text.ends_with(['$', '#', '%', '>', '❯', '➜', '»', '›', 'λ', ')', '~', '✗', '/', '\\', '`'])
}

/// Whether a word may stand between a prompt and a command.
pub(super) fn is_beside_a_command(word: &str) -> bool {
    matches!(word, "sudo" | "time" | "exec" | "command" | "timeout" | "-E" | "-H")
        || word.contains('=')
        || word.starts_with("git:(")
}

/// The local login name in a prompt such as `dev@laptop:~$`.
pub(super) fn prompt_user(before: &str) -> Option<String> {
    let at = before.find('@')?;
    let user = before[..at].rsplit(|c: char| !c.is_alphanumeric() && !"._-".contains(c)).next()?;
    let host = before[at + 1..].chars().next()?;
    (!user.is_empty() && host.is_alphanumeric()).then(|| user.to_owned())
}

/// Whether a word can be a host: a name, an address, or an alias.
pub(super) fn plausible(host: &str) -> bool {
    let colons_of_an_address = host.ends_with("::") || host.ends_with('>');
    !host.is_empty()
        && !host.starts_with('-')
        && (!host.ends_with(':') || colons_of_an_address)
        && host.chars().all(|c| c.is_alphanumeric() || "._:%[]-<>".contains(c))
}

/// Whether a line that begins with `ssh` may be a sentence about it, `ssh exited with code: 0`: what would be its host
/// is a word like any other, and more words follow; or it is a word that a sentence goes on with.
fn may_be_a_sentence(typed: &Typed) -> bool {
    let host = typed.host.as_str();
    let a_word = typed.user.is_none() && typed.port.is_none() && host.chars().all(char::is_alphabetic);
    PROSE.contains(&host) || a_word && typed.options.is_empty() && !typed.command.is_empty()
}

/// Whether a word can be an account's name.
pub(super) fn is_user(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || "._-+\\".contains(c))
}

/// Whether a destination stands on its own in prose: it has a user, or its host has a dot or a port.
fn addressed(typed: &Typed) -> bool {
    plausible(&typed.host)
        && typed.host.len() > 1
        && (typed.user.is_some() || typed.port.is_some() || typed.host.contains(['.', ':']))
        && !typed.host.ends_with(['.', ':'])
}

/// Reads `ssh` and its arguments as ssh does: options, destination, more options, remote command.
///
/// Returns `None` where there is no destination.
pub(crate) fn parse_ssh(words: &[String]) -> Option<Typed> {
    let mut typed = Typed { program: "ssh".into(), ..Typed::default() };
    let mut words = words.iter().skip(1).peekable();
    let mut named = false;
    while let Some(word) = words.peek() {
        if word.as_str() == "--" {
            if !named {
                words.next();
                destination(words.next()?, &mut typed);
            }
            typed.command = words.cloned().collect();
            break;
        }
        match word.strip_prefix('-').filter(|letters| !letters.is_empty()) {
            Some(letters) => {
                let letters = letters.to_owned();
                words.next();
                options(&letters, &mut words, &mut typed)?;
            }
            None if !named => {
                destination(words.next()?, &mut typed);
                named = true;
            }
            None => {
                typed.command = words.cloned().collect();
                break;
            }
        }
    }
    (!typed.host.is_empty()).then_some(typed)
}

/// One word of options: `-vvT`, `-p22`, `-p 22`.
fn options<'a>(
    letters: &str,
    words: &mut std::iter::Peekable<impl Iterator<Item = &'a String>>,
    typed: &mut Typed,
) -> Option<()> {
    for (at, letter) in letters.char_indices() {
        if !letter.is_ascii_alphanumeric() {
            return None;
        }
        if !takes_value(letter) {
            typed.options.push((letter, None));
            continue;
        }
        let glued = &letters[at + 1..];
        let value = if glued.is_empty() { words.next().cloned()? } else { glued.to_owned() };
        // Of a user or a port that is named twice, also in the destination, the first counts (ssh.c, 9.2p1).
        let later = match sets(letter, &value) {
            Some((Sets::User, name)) => {
                typed.user.replace(typed.user.clone().unwrap_or_else(|| name.to_owned())).is_some()
            }
            Some((Sets::Port, number)) => {
                let given = typed.port.is_some();
                typed.port = typed.port.or_else(|| number.parse().ok());
                given
            }
            None => false,
        };
        if !later {
            typed.options.push((letter, Some(value)));
        }
        break;
    }
    Some(())
}

/// What an option says that the destination may say, too.
enum Sets {
    User,
    Port,
}

/// Reads `-l NAME`, `-p NUMBER`, `-o User=NAME`, `-o 'Port NUMBER'`.
fn sets(letter: char, value: &str) -> Option<(Sets, &str)> {
    match letter {
        'l' => Some((Sets::User, value)),
        'p' => Some((Sets::Port, value)),
        'o' => {
            let (name, value) = value.trim_start().split_once(['=', ' ', '\t'])?;
            let value = value.trim_matches(['=', ' ', '\t', '"']);
            match name.to_ascii_lowercase().as_str() {
                "user" if !value.starts_with('-') => Some((Sets::User, value)),
                "port" => Some((Sets::Port, value)),
                _ => None,
            }
        }
        _ => None,
    }
}

/// `[user@]host` or `ssh://[user@]host[:port]`.
fn destination(text: &str, typed: &mut Typed) {
    let (text, url) = match text.strip_prefix("ssh://") {
        Some(rest) => (rest.split('/').next().unwrap_or(rest), true),
        None => (text, false),
    };
    let (user, host) = match text.rsplit_once('@') {
        Some((user, host)) => (Some(user), host),
        None => (None, text),
    };
    // A shell history may show an escaped `git\@host`.
    if let Some(user) = user.map(|user| user.trim_end_matches('\\')).filter(|user| !user.is_empty()) {
        typed.user = typed.user.take().or_else(|| Some(user.to_owned()));
    }
    match host.rsplit_once(':').filter(|(name, _)| url && !name.contains(':')) {
        Some((name, port)) => {
            typed.host = name.to_owned();
            typed.port = typed.port.or_else(|| port.parse().ok());
        }
        None => typed.host = host.to_owned(),
    }
}

/// Reads a git command that names a repository by an ssh address.
pub(crate) fn parse_git(words: &[String]) -> Option<Typed> {
    const TRANSFERS: &[&str] = &["clone", "push", "pull", "fetch", "ls-remote", "submodule", "remote"];
    let mut rest = words.iter().skip(1).skip_while(|word| !TRANSFERS.contains(&word.as_str()));
    rest.next()?;
    let mut typed = Typed { program: "git".into(), ..Typed::default() };
    let address = rest.find(|word| word.starts_with("ssh://") || scp_like(word))?;
    if address.starts_with("ssh://") {
        destination(address, &mut typed);
    } else if let Some((place, _)) = address.split_once("]:") {
        // In brackets git takes a port, and an IPv6 address.
        destination(&format!("ssh://{}", place.replacen('[', "", 1)), &mut typed);
    } else {
        destination(address.split_once(':')?.0, &mut typed);
    }
    (plausible(&typed.host)).then_some(typed)
}

/// `[user@]host:path`, and no Windows drive. A word alone that a colon ends is one of a sentence.
fn scp_like(word: &str) -> bool {
    let Some((host, path)) = word.split_once(':') else { return false };
    let named = !path.is_empty() || host.contains(['@', '.']);
    named && host.len() > 1 && !host.starts_with('-') && !host.contains(['/', '\\']) && !path.starts_with("//")
}

fn parse_scp(words: &[String]) -> Option<Typed> {
    let mut typed = Typed { program: "scp".into(), ..Typed::default() };
    let mut rest = words.iter().skip(1).peekable();
    let mut found = None;
    while let Some(word) = rest.next() {
        if let Some(letters) = word.strip_prefix('-') {
            // scp's port is -P.
            if letters == "P" {
                typed.port = rest.next()?.parse().ok();
            } else {
                options(letters, &mut rest, &mut typed)?;
            }
        } else if scp_like(word) && found.is_none() {
            found = word.split_once(':').map(|(host, _)| host.to_owned());
        }
    }
    destination(&found?, &mut typed);
    Some(typed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Typed {
        typed(line).unwrap_or_else(|| panic!("no command in {line}"))
    }

    #[test]
    fn prompts() {
        let ci = read("dev@laptop:~$ ssh -v -p 64784 54.224.97.243");
        assert_eq!((ci.host.as_str(), ci.port, ci.local_user.as_deref()), ("54.224.97.243", Some(64784), Some("dev")));
        assert_eq!(read("➜  ~ ssh -T git@github.com").user.as_deref(), Some("git"));
        assert_eq!(read("C:\\Users\\dev>ssh -T git@github.com").host, "github.com");
        assert_eq!(read("PS C:\\> ssh.exe -i \"my key\" box").options, [('i', Some("my key".into()))]);
        assert_eq!(
            read("[dev@ws ~]$ GIT_SSH_COMMAND=\"ssh -v\" git clone git@github.com:acme/widgets.git").program,
            "git"
        );
        assert_eq!(read("$ time ssh -v -F /dev/null -T git@github.com").host, "github.com");
        for address in ["[git@box:2222]:acme/widgets", "git@[box:2222]:acme/widgets"] {
            let git = read(&format!("$ git clone {address}"));
            assert_eq!(
                (git.user.as_deref(), git.host.as_str(), git.port),
                (Some("git"), "box", Some(2222)),
                "{address}"
            );
        }
        assert_eq!(read("$ git fetch git@[::1]:acme/widgets").host, "::1");
        assert_eq!(read("~/.ssh> ssh box").host, "box");
        assert!(read("$ sudo ssh box").sudo);
        assert_eq!(read("$ ssh git\\@bitbucket.org").user.as_deref(), Some("git"));
    }

    #[test]
    fn ssh_reads_on_after_the_destination() {
        let command = read("ssh ubuntu@box -v -p 2222 -- powershell.exe");
        assert_eq!(command.port, Some(2222));
        assert_eq!(command.command, ["--", "powershell.exe"]);
        assert_eq!(read("ssh ssh://git@git.example.com:2222/x").port, Some(2222));
    }

    /// As `ssh -G` of 9.2p1 says it.
    #[test]
    fn of_two_users_or_ports_the_first_counts() {
        for (line, user, port) in [
            ("ssh -l ann bob@box.example", "ann", None),
            ("ssh bob@box.example -l ann", "bob", None),
            ("ssh -o User=ann bob@box.example", "ann", None),
            ("ssh -o 'user ann' bob@box.example", "ann", None),
            ("ssh bob@box.example -oUser=ann", "bob", None),
            ("ssh -o Port=5 -p 6 bob@box.example", "bob", Some(5)),
            ("ssh -p 6 -oport=5 bob@box.example", "bob", Some(6)),
            ("ssh -p 6 ssh://bob@box.example:2222", "bob", Some(6)),
            ("ssh ssh://bob@box.example:2222 -p 6", "bob", Some(2222)),
        ] {
            let read = read(line);
            assert_eq!((read.user.as_deref(), read.port), (Some(user), port), "{line}");
        }
        // What lost is not carried along: in front of the host it would win.
        assert_eq!(read("ssh bob@box.example -l ann -o User=eve -p 5 -p 6").options, [('p', Some("5".into()))]);
    }

    #[test]
    fn a_command_that_a_program_quotes() {
        let line = r#"Command "git fetch --tags -- ssh://ci.bot@git.example.com:29418/a.git +refs/heads/*:refs/x/*" returned status code 128:"#;
        let fetch = read(line);
        assert_eq!(
            (fetch.user.as_deref(), fetch.host.as_str(), fetch.port),
            (Some("ci.bot"), "git.example.com", Some(29418))
        );
        assert_eq!(
            read(r#"Command "git ls-remote -h git@git.example.com:****/****.git HEAD" failed"#).host,
            "git.example.com"
        );
        assert!(typed(r#"say "git" and mean git@git.example.com:x"#).is_none());
    }

    #[test]
    fn blanks_of_other_scripts() {
        assert_eq!(read("$\u{a0}sudo\u{3000}ssh box").host, "box");
        assert!(typed("say\u{a0}ssh box").is_none());
    }

    #[test]
    fn prose_is_no_command() {
        assert!(typed("I use ssh to log in").is_none());
        assert!(typed("the ssh key was wrong").is_none());
        assert!(typed("ssh: connect to host github.com port 22: Connection refused").is_none());
        assert!(typed("please run ssh -v").is_none());
        assert!(typed("ssh to 'box.example:22' still not possible (attempt 0)").is_none());
        assert!(typed("ssh connection refused").is_none());
        assert!(typed("ssh exited with code: 0").is_none());
        assert!(typed("ssh failed: exit status 255").is_none());
        assert!(typed("ssh -v shows:").is_none());
        assert!(typed("ssh keeps asking for a password").is_none());
        assert!(typed("git push fails with this:").is_none());
        assert_eq!(read("ssh box").host, "box");
        assert_eq!(read("ssh box.example uptime").host, "box.example");
        assert_eq!(read("ssh web-1 uptime").host, "web-1");
        assert_eq!(read("$ ssh box uptime").host, "box");
        assert_eq!(read("ssh -T box uptime").host, "box");
        assert_eq!(read("$ ssh key").host, "key");
        assert!(typed("when I do ssh -vT git@github.com").is_some());
    }
}
