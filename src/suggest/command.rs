//! The command that works: the user's own, with the right key.
//!
//! Its words come from a log, which is not trusted. A host or user that could be read as an option is refused,
//! and of the options typed in the log only those come along that can do no more than reach the host.

use super::front;
use super::words::{Refusal, comes_along, is_destination, is_word, keyword, offers, replaced};
use crate::model::fix::Piece;
use crate::model::session::Typed;
use crate::model::{Action, Audience, Author, Change, Fix, HostName, Session};
use crate::shell::options::is_harmless;
use crate::shell::{Shell, join};

/// Remote commands that come along from a log: a shell's name and nothing else.
const SHELLS: &[&str] =
    &["bash", "cmd", "cmd.exe", "fish", "ksh", "powershell", "powershell.exe", "pwsh", "pwsh.exe", "sh", "zsh"];

/// Options that the rules write for other programs. Any other word with a dash in front comes from a log.
const OURS: &[&str] = &["-C", "-L", "-P", "-R", "-f", "-l", "-y", "--file", "--global", "--local", "--push", "--unset"];

/// Those that no file's name of a log may be taken for: they are puttygen's, behind a name that is none of them.
const OF_PUTTYGEN: &[&str] = &["-O", "-o"];

/// What asks ssh-keygen for the keys of a name: ssh itself would take the name behind it for its configuration.
const OF_KEYGEN: &[&str] = &["-F"];

/// The words of the session's command with `change` made.
///
/// # Errors
/// The log names no destination, or one that can't stand in a command.
pub(crate) fn command(session: &Session, change: &Change) -> Result<Vec<String>, Refusal> {
    let own = session.typed.as_ref().filter(|typed| typed.own);
    if let Some((typed, front)) = own.and_then(|typed| Some((typed, typed.front.as_ref()?))) {
        return front::command(typed, front, change);
    }
    if session.author != Author::OPENSSH {
        return Err(Refusal::OtherClient(session.author.name));
    }
    let mut words = vec!["ssh".to_owned()];
    let mut push = |more: &[&str]| words.extend(more.iter().map(|word| (*word).to_owned()));
    push(&offers(change)?.iter().map(String::as_str).collect::<Vec<_>>());
    let typed = session.typed.as_ref().filter(|typed| typed.program == "ssh");
    let is_own = typed.is_some_and(|typed| typed.own);
    let host = destination_host(session)?;
    let way = change.way.as_ref();
    if let Some((other, _)) = way.filter(|_| is_own) {
        // The configuration's block for the host applies only under its own name.
        push(&["-o", &format!("HostName={other}")]);
    }
    for (letter, value) in typed.map(|typed| typed.options.as_slice()).unwrap_or_default() {
        match (letter, value) {
            // Ours already.
            (letter, None) if change.flags.contains(&format!("-{letter}").as_str()) => {}
            ('v', None) => {}
            (letter, None) if is_harmless(*letter) => push(&[&format!("-{letter}")]),
            ('J', Some(jump)) if jump.split(',').all(is_destination) => push(&["-J", jump]),
            // The user stands before the host.
            ('o', Some(option)) if !is_own && keyword(option) == "user" => {}
            // Without the files that it keeps to, it would offer others.
            ('o', Some(option)) if !is_own && keeps_to_lost_files(option, typed, change) => {}
            ('o', Some(option)) if comes_along(option, change) => push(&["-o", option]),
            // The keys that the command names are its point; one of them is as good as a key that the log names.
            ('i', Some(key)) if change.key.is_none() && (is_own || is_file(key)) => push(&["-i", key]),
            ('i' | 'p' | 'l' | 'E', _) => {}
            ('o', Some(option)) if is_own && !replaced(option, change) => push(&["-o", option]),
            (letter, Some(value)) if is_own && *letter != 'o' => push(&[&format!("-{letter}"), value]),
            (letter, None) if is_own => push(&[&format!("-{letter}")]),
            _ => {}
        }
    }
    let dialled = || session.port.filter(|port| typed.is_none() && *port != 22);
    // ssh's own port needs no word.
    let other = way.map(|(_, port)| *port).filter(|port| *port != crate::provider::PORT);
    let port = other.or(session.typed.as_ref().and_then(|typed| typed.port)).or_else(dialled);
    if let Some(port) = port {
        push(&["-p", &port.to_string()]);
    }
    let user = change.user.as_deref().or_else(|| match typed {
        Some(typed) => typed.user.as_deref(),
        // Without the command, name only a user that is not simply the local one.
        None => session
            .user
            .as_deref()
            .filter(|user| is_meant(session, user))
            .or_else(|| session.typed.as_ref()?.user.as_deref()),
    });
    let host = match way {
        Some((other, _)) if !is_own => other,
        _ => &host,
    };
    match user {
        Some(user) if !is_word(user) => return Err(Refusal::Unsafe(user.to_owned())),
        Some(user) => push(&[&format!("{user}@{host}")]),
        None => push(&[host.as_str()]),
    }
    if let Some(typed) = typed.filter(|typed| typed.own || is_shell(&typed.command)) {
        words.extend(typed.command.iter().cloned());
    }
    Ok(words)
}

/// Whether a word of a log's `-i` says no more than the name of a file here: ssh would put other things for a `%`, and Windows
/// goes to another machine for what begins with two slashes, of either kind.
fn is_file(word: &str) -> bool {
    let elsewhere = word.strip_prefix(['/', '\\']).is_some_and(|rest| rest.starts_with(['/', '\\']));
    !word.is_empty()
        && !word.starts_with('-')
        && !elsewhere
        && !word.contains(['%', '$'])
        && !word.chars().any(crate::text::unprintable)
}

/// Whether an option has ssh keep to key files that don't come along from the log, with no other in their place.
fn keeps_to_lost_files(option: &str, typed: Option<&Typed>, change: &Change) -> bool {
    let lost = |(letter, value): &(char, Option<String>)| match (letter, value) {
        ('o', Some(option)) => keyword(option) == "identityfile",
        ('i', Some(key)) => !is_file(key),
        _ => false,
    };
    keyword(option) == "identitiesonly"
        && change.key.is_none()
        && typed.is_some_and(|typed| typed.options.iter().any(lost))
}

/// Writes what a fix shows, for a shell. A fix whose words can't be written keeps its title, which then says why.
///
/// # Errors
/// A command could not be written: why.
pub(crate) fn write(fix: &mut Fix, session: &Session, shell: Shell) -> Result<(), Refusal> {
    let written = match &fix.action.clone() {
        Action::Step | Action::Visit(_) => Ok(()),
        Action::Run(words) => run(words, shell).map(|line| fix.show_command(words.clone(), line)),
        Action::Script(script) => {
            // A server's shell is its own, whatever the client's is.
            let shell = if fix.audience == Audience::Administrator { Shell::Sh } else { shell };
            if script.bourne && shell != Shell::Sh {
                return Ok(());
            }
            pieces(&script.pieces, shell).map(|line| fix.show_command(Vec::new(), line))
        }
        Action::Rerun(change) | Action::Try(change) => command(session, change)
            .and_then(|argv| Ok((join(&argv, shell)?, argv)))
            .map(|(line, argv)| fix.show_command(argv, line)),
        Action::Config(block) => block.lines().map_err(Refusal::from).and_then(|lines| {
            match lines.lines().any(|line| line.chars().any(crate::text::unprintable)) {
                true => Err(Refusal::Unsafe(lines)),
                false => {
                    fix.show_config(lines);
                    Ok(())
                }
            }
        }),
    };
    if let Err(refusal) = &written {
        let what = if matches!(fix.action, Action::Config(_)) { "no lines are shown" } else { "no command is shown" };
        fix.title = format!("{} ({what}: {refusal})", fix.title);
    }
    written
}

/// A program's words; one that the program would take for an option is refused, and one that says nothing.
fn run(words: &[String], shell: Shell) -> Result<String, Refusal> {
    let own: &[&str] = match words.first().map(String::as_str) {
        Some("puttygen") => OF_PUTTYGEN,
        Some("ssh-keygen") => OF_KEYGEN,
        _ => &[],
    };
    let is_ours = |word: &str| OURS.contains(&word) || own.contains(&word);
    // No passphrase is a word of ours.
    let before = std::iter::once("").chain(words.iter().map(String::as_str));
    if words.iter().zip(before).any(|(word, before)| word.is_empty() && before != "-P") {
        return Err(Refusal::Unsafe(String::new()));
    }
    match words.iter().find(|word| word.starts_with('-') && !is_ours(word)) {
        Some(word) => Err(Refusal::Option(word.clone())),
        None => Ok(join(words, shell)?),
    }
}

fn pieces(pieces: &[Piece], shell: Shell) -> Result<String, Refusal> {
    let written: Result<Vec<String>, Refusal> = pieces
        .iter()
        .map(|piece| match piece {
            Piece::Own(text) => Ok((*text).to_owned()),
            Piece::Word(word) if word.starts_with('-') => Err(Refusal::Option(word.clone())),
            Piece::Word(word) => Ok(join(&[word], shell)?),
        })
        .collect();
    Ok(written?.join(" "))
}

/// The name of a session's host that its command and its configuration go by: as typed, since the configuration
/// may know the typed name; else as dialled.
///
/// # Errors
/// The log names none, or one that could be taken for something else.
pub(crate) fn destination_host(session: &Session) -> Result<HostName, Refusal> {
    let typed = session.typed.as_ref();
    let host = typed
        .filter(|typed| typed.program == "ssh")
        .map(|typed| typed.host.as_str())
        .or(session.host.as_deref())
        .or(session.address.as_deref())
        .or(typed.map(|typed| typed.host.as_str()))
        .ok_or(Refusal::NoDestination)?;
    HostName::try_from(host).map_err(|_| match host.is_ascii() {
        true => Refusal::Unsafe(host.to_owned()),
        false => Refusal::OtherLetters(host.to_owned()),
    })
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

/// Whether a remote command is only a shell's name, a `--` before it aside.
fn is_shell(command: &[String]) -> bool {
    match command {
        [dashes, shell] if dashes == "--" => SHELLS.contains(&shell.as_str()),
        [shell] => SHELLS.contains(&shell.as_str()),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::typed;

    fn written(session: &Session, change: &Change, shell: Shell) -> Result<String, Refusal> {
        Ok(join(&command(session, change)?, shell)?)
    }

    fn session(line: &str) -> Session {
        Session { typed: typed(line), ..Session::default() }
    }

    fn with_key(line: &str) -> String {
        let change = Change { key: Some("/home/dev/.ssh/id".into()), ..Change::default() };
        written(&session(line), &change, Shell::Sh).unwrap()
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
            "ssh -i /home/dev/.ssh/id -T -J me@hop dev@box"
        );
        assert_eq!(with_key("$ ssh -l dev box"), "ssh -i /home/dev/.ssh/id dev@box");
    }

    #[test]
    fn what_the_user_gave_here_is_kept_whole() {
        let mut session = session("$ ssh -F conf -o StrictHostKeyChecking=no -o User=me -p 22 dev@box uptime -a");
        let Some(typed) = session.typed.as_mut() else { panic!("no command") };
        typed.own = true;
        let change = Change::none().key("/home/dev/100%");
        assert_eq!(
            written(&session, &change, Shell::Sh).unwrap(),
            "ssh -o 'IdentityFile=/home/dev/100%%' -F conf -o StrictHostKeyChecking=no -o User=me -p 22 me@box uptime -a",
            "the first of two users counts"
        );
        let change = Change { user: Some("git".into()), ..Change::none() };
        let line = written(&session, &change, Shell::Sh).unwrap();
        assert_eq!(line, "ssh -F conf -o StrictHostKeyChecking=no -p 22 git@box uptime -a");
    }

    #[test]
    fn no_option_comes_from_the_log() {
        let sly = "$ ssh -o ProxyCommand=evil -o ConnectTimeout=3 -F /tmp/evil -E /home/dev/.profile -L 1:a:2 box";
        assert_eq!(with_key(sly), "ssh -i /home/dev/.ssh/id -o ConnectTimeout=3 box");
        let user =
            "$ ssh -l dev -o 'User=x;evil' -o 'User \"-x\"' -o 'Port=22;x' -o User=me -o 'ConnectTimeout = 5' box";
        assert_eq!(with_key(user), "ssh -i /home/dev/.ssh/id -o 'ConnectTimeout = 5' dev@box");
        let option = Session { host: Some("-oProxyCommand=evil".into()), ..Session::default() };
        assert!(matches!(command(&option, &Change::default()), Err(Refusal::Unsafe(_))));
        for host in ["g\u{456}thub.com", "github.com\u{2024}evil.example"] {
            let host = Session { host: Some(host.into()), ..Session::default() };
            let refusal = command(&host, &Change::default()).map_err(|refusal| refusal.to_string());
            assert!(refusal.is_err_and(|said| said.contains("\\u{") && said.is_ascii()), "as it looks");
        }
        let user = Session { host: Some("box".into()), user: Some("x\\".into()), ..Session::default() };
        assert!(matches!(command(&user, &Change::default()), Err(Refusal::Unsafe(_))));
        assert!(matches!(run(&["chmod".into(), "600".into(), String::new()], Shell::Sh), Err(Refusal::Unsafe(_))));
        let user = Session { host: Some("box".into()), user: Some("-oProxyCommand=evil".into()), ..Session::default() };
        assert!(matches!(command(&user, &Change::default()), Err(Refusal::Unsafe(_))));
    }
}
