//! Commands that have ssh run for them, changed so that the ssh which they run does what is wanted.

use super::words::{Refusal, comes_along, is_destination, is_word, offers, replaced};
use crate::model::command::{Front, Typed};
#[cfg(feature = "live")]
use crate::model::{Block, HostName};
use crate::model::{Change, Fix, Session};
use crate::shell::options::is_harmless;
use crate::shell::{Shell, join};

/// The words of the command with `change` made.
///
/// # Errors
/// A word can't stand in a command.
pub(super) fn command(typed: &Typed, front: &Front, change: &Change) -> Result<Vec<String>, Refusal> {
    let mut words = front.before.clone();
    let plain = *change == Change::none();
    match typed.program.as_str() {
        "git" if plain => words.extend(front.rest.iter().cloned()),
        "git" => {
            let line = line(typed, front, change)?;
            let clone = front.repository.as_ref().is_some_and(|repository| repository.clone);
            let setting = format!("core.sshCommand={line}");
            if front.by_environment {
                words.splice(0..0, ["env".to_owned(), format!("GIT_SSH_COMMAND={line}")]);
                words.extend(front.rest.iter().cloned());
            } else if clone {
                // The clone remembers it.
                let (name, rest) = front.rest.split_at(front.rest.len().min(1));
                words.extend(name.iter().cloned().chain(["-c".to_owned(), setting]).chain(with_no_ssh(rest)));
            } else {
                words.extend(["-c".to_owned(), setting].into_iter().chain(front.rest.iter().cloned()));
            }
        }
        "rsync" => {
            words.extend(["-e".to_owned(), line(typed, front, change)?]);
            words.extend(front.rest.iter().cloned());
        }
        _ => {
            words.extend(changed(change, true)?);
            words.extend(front.rest.iter().cloned());
        }
    }
    Ok(words)
}

/// The words of a clone without its own choice of an ssh, which would win as the later one.
fn with_no_ssh(words: &[String]) -> Vec<String> {
    let of_ssh = |setting: &str| setting.to_ascii_lowercase().starts_with("core.sshcommand=");
    let mut kept = Vec::new();
    let mut words = words.iter().peekable();
    while let Some(word) = words.next() {
        let apart = matches!(word.as_str(), "-c" | "--config") && words.peek().is_some_and(|value| of_ssh(value));
        let joined = word.strip_prefix("--config=").or_else(|| word.strip_prefix("-c")).is_some_and(of_ssh);
        if apart {
            words.next();
        } else if !joined {
            kept.push(word.clone());
        }
    }
    kept
}

/// Options that make the change, of ssh or of a program that copies. What is named first counts.
fn changed(change: &Change, copies: bool) -> Result<Vec<String>, Refusal> {
    let mut words = offers(change)?;
    let mut push = |more: &[&str]| words.extend(more.iter().map(|word| (*word).to_owned()));
    // Others of the configuration or the agent would come first.
    if change.key.is_some() && !change.options.iter().any(|option| option.starts_with("IdentitiesOnly=")) {
        push(&["-o", "IdentitiesOnly=yes"]);
    }
    match change.user.as_deref() {
        Some(user) if !is_word(user) => return Err(Refusal::Unsafe(user.to_owned())),
        Some(user) => push(&["-o", &format!("User={user}")]),
        None => {}
    }
    if let Some((host, port)) = &change.way {
        // -p is ssh's alone: scp has another letter, and both have the option.
        let port = if copies {
            vec!["-o".to_owned(), format!("Port={port}")]
        } else {
            vec!["-p".to_owned(), port.to_string()]
        };
        push(&["-o", &format!("HostName={host}")]);
        words.extend(port);
    }
    Ok(words)
}

/// The ssh that is to be run, as a line for a Bourne shell, which git and rsync read it as on every system.
fn line(typed: &Typed, front: &Front, change: &Change) -> Result<String, Refusal> {
    let mut words = vec!["ssh".to_owned()];
    words.extend(changed(change, false)?);
    for (letter, value) in &typed.options {
        let nobodys = front.handed.contains(&(*letter, value.clone()));
        let kept = match (letter, value) {
            ('v', None) => false,
            (letter, None) if nobodys => is_harmless(*letter),
            (_, None) => true,
            ('i', _) if change.key.is_some() => false,
            ('p', Some(port)) => change.way.is_none() && port.parse::<u16>().is_ok(),
            ('J', Some(jump)) if nobodys => jump.split(',').all(is_destination),
            ('o', Some(option)) if nobodys => comes_along(option, change),
            ('o', Some(option)) => !replaced(option, change),
            (_, Some(_)) => !nobodys,
        };
        let again = *letter == 'o' && value.as_ref().is_some_and(|value| words.contains(value));
        if kept && !again {
            words.push(format!("-{letter}"));
            words.extend(value.clone());
        }
    }
    Ok(join(&words, Shell::Sh)?)
}

/// What makes a change last, for a git command in a repository: in its own settings.
pub(crate) fn lasting(session: &Session, change: &Change) -> Vec<Fix> {
    let own = session.typed.as_ref().filter(|typed| typed.own && typed.program == "git");
    let Some((typed, front)) = own.and_then(|typed| Some((typed, typed.front.as_ref()?))) else { return Vec::new() };
    let Some(repository) = &front.repository else { return Vec::new() };
    let Ok(line) = line(typed, front, &Change { flags: &[], ..change.clone() }) else { return Vec::new() };
    let Some(work_tree) = repository.work_tree.as_deref().filter(|_| !repository.clone) else { return Vec::new() };
    let mut fixes = Vec::new();
    if front.by_environment {
        fixes.push(Fix::step("take GIT_SSH_COMMAND out of the environment, which outranks git's settings"));
    }
    let words = ["git", "-C", work_tree, "config", "core.sshCommand", &line];
    fixes.push(Fix::run("for this repository, for good", &words));
    fixes
}

#[cfg(feature = "live")]
/// What gives one of several accounts its own key for good: a second name of the host, and the remote's address by that
/// name; or a setting for all repositories below a folder.
pub(crate) fn accounts(session: &Session, change: &Change, login: Option<&str>, home: Option<&str>) -> Vec<Fix> {
    written_accounts(session, change, login, home).unwrap_or_default()
}

#[cfg(feature = "live")]
fn written_accounts(session: &Session, change: &Change, login: Option<&str>, home: Option<&str>) -> Option<Vec<Fix>> {
    let typed = session.typed.as_ref().filter(|typed| typed.own && typed.program == "git")?;
    let front = typed.front.as_ref()?;
    let repository = front.repository.as_ref()?;
    let key = change.key.as_deref()?;
    let dialled = HostName::try_from(session.host.as_deref()?).ok()?;
    // An account's name, else the key's: both become part of a name.
    let file = key.rsplit('/').next().unwrap_or(key);
    let label: String =
        login.unwrap_or(file).chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let label = label.trim_matches('-').to_ascii_lowercase();
    let alias = HostName::try_from(format!("{}-{label}", typed.host).as_str()).ok().filter(|_| !label.is_empty())?;
    let mut block = Block::for_host(&alias).with("HostName", dialled.as_str());
    if let Some(port) = session.port.filter(|port| *port != 22) {
        block = block.with("Port", port.to_string());
    }
    block = block.with("IdentityFile", key).with("IdentitiesOnly", "yes");
    if change.options.iter().any(|option| option == "IdentityAgent=none") {
        block = block.with("IdentityAgent", "none");
    }
    let mut fixes = vec![Fix::block("give the host a second name with this key, in ~/.ssh/config", block)];
    let user = typed.user.as_deref().filter(|user| is_word(user)).map(|user| format!("{user}@")).unwrap_or_default();
    let path = repository.path.as_str();
    let plain = !path.is_empty() && path.chars().all(|c| c.is_ascii_alphanumeric() || "._~/-+".contains(c));
    let address =
        if path.starts_with('/') { format!("ssh://{user}{alias}{path}") } else { format!("{user}{alias}:{path}") };
    let work_tree = repository.work_tree.as_deref().filter(|_| !repository.clone);
    if let (Some(work_tree), Some(remote), true) = (work_tree, repository.remote.as_deref(), plain) {
        let mut words = vec!["git", "-C", work_tree, "remote", "set-url"];
        words.extend(repository.push_address.then_some("--push").filter(|_| repository.write));
        words.extend([remote, address.as_str()]);
        fixes.push(Fix::run("and use that name in the remote's address", &words));
    }
    if let (Some(work_tree), Some(home)) = (work_tree, home)
        && let Some((above, _)) = work_tree.rsplit_once('/').filter(|(above, _)| !above.is_empty())
        && let Ok(line) = line(typed, front, &Change { flags: &[], ..change.clone() })
    {
        let file = format!("{}/.gitconfig-{label}", home.trim_end_matches('/'));
        let words = ["git", "config", "--file", &file, "core.sshCommand", &line];
        fixes.push(Fix::run(
            format!("or give all repositories below {above} this key: make a file of settings"),
            &words,
        ));
        let condition = format!("includeIf.gitdir:{above}/.path");
        fixes.push(Fix::run("and have git read it there", &["git", "config", "--global", &condition, &file]));
    }
    Some(fixes)
}
