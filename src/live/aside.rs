//! What is asked at the same time as git's own question: who one is for the host, and what plain ssh would get.

use std::time::Duration;

use super::Until;
use super::config::{self, Answer, Options};
use super::destination::{Destination, Purpose};
use super::git;
use super::order;
use super::probe::probe;
use super::program::Program;
use crate::model::facts::{GitSsh, Plain};
use crate::model::{At, Event, Fact, Kind, Outcome, Session, Transcript};
use crate::{provider, reader};

/// Settings by which one ssh gets elsewhere, or gets in as somebody else, than another.
const TELLING: &[&str] = &[
    "hostname",
    "port",
    "user",
    "identityfile",
    "identitiesonly",
    "identityagent",
    "certificatefile",
    "pkcs11provider",
    "securitykeyprovider",
    "pubkeyauthentication",
    "preferredauthentications",
    "proxyjump",
    "proxycommand",
    "addressfamily",
    "bindaddress",
    "hostkeyalias",
    "userknownhostsfile",
    "stricthostkeychecking",
];

/// How long programs may take to say what they are.
const ASK: Duration = Duration::from_secs(2);

/// Accounts of git hosts that greet and have no shell.
const GREETING: &[&str] = &["git", "gitea", "forgejo", "gogs", "gitolite", "gitolite3"];

/// Whether a login without a command is greeted there, and starts no shell.
pub(crate) fn greets(target: &Destination) -> bool {
    let user = target.command.user.as_deref();
    provider::by_host(&target.command.host).is_some() || user.is_some_and(|user| GREETING.contains(&user))
}

/// Whether a session got what it came for.
pub(crate) fn is_well(session: &Session) -> bool {
    let refused = session.any(|kind| matches!(kind, Kind::RepositoryRefused { .. }));
    session.outcome == Outcome::Authenticated && !refused
}

/// The host's greeting, where a repository is asked for: a connection that asks for nothing is greeted.
pub(crate) fn greeting(ssh: &Program, target: &Destination, answer: &Answer, until: Until<'_>) -> Option<Transcript> {
    target.service.as_ref().filter(|_| greets(target) && !until.is_over())?;
    let mut greeted = target.clone();
    greeted.service = None;
    if let Some(quick) = answer.options.known().and_then(quick_exchange) {
        greeted.command.options.insert(0, ('o', Some(quick)));
    }
    probe(ssh, &greeted, answer, until, &|_| {}).ok()?.pop()
}

/// Key exchanges that cost a few milliseconds. Those with a post-quantum part cost some builds of OpenSSH a hundred, at both
/// ends, which the connection that is asked for would wait for.
const QUICK: &[&str] = &["curve25519-sha256", "curve25519-sha256@libssh.org", "ecdh-sha2-nistp256"];

/// The user's own key exchanges, the quick ones first. `None`: none of them is.
fn quick_exchange(options: &Options) -> Option<String> {
    let (_, own) = options.iter().find(|(key, _)| key == "kexalgorithms")?;
    let (quick, rest): (Vec<&str>, Vec<&str>) = own.split(',').partition(|name| QUICK.contains(name));
    let all = || quick.iter().chain(&rest).copied().collect::<Vec<_>>().join(",");
    (!quick.is_empty()).then(|| format!("KexAlgorithms={}", all()))
}

/// Adds a greeting to the log of the connection that asked for a repository, if one key let both in.
pub(crate) fn add_greeting(log: &mut Transcript, greeted: Transcript) {
    let Some(other) = greeted.sessions.into_iter().next_back() else { return };
    let Some(session) = log.sessions.last_mut() else { return };
    let print = |accepted: &Option<crate::model::Accepted>| {
        accepted.as_ref().and_then(|accepted| accepted.key.fingerprint.clone())
    };
    let both = session.outcome == Outcome::Authenticated && other.outcome == Outcome::Authenticated;
    if !both || print(&session.accepted) != print(&other.accepted) {
        return;
    }
    let greeting = other.events.into_iter().find(|event| matches!(event.kind, Kind::Greeting(_)));
    let Some(Event { at, kind }) = greeting else { return };
    log.lines += 1;
    if let Some(heard) = &mut log.heard {
        reader::add_line(heard, &at.text);
    }
    if session.login.is_none() {
        session.login = other.login;
    }
    session.events.push(Event { at: At { line: log.lines, text: at.text }, kind });
}

/// Whether git's ssh can be asked in our way: what it is told on its own line comes first, and must leave a probe what
/// makes it safe. `None`: it can.
pub(crate) fn unlike(ssh: &Program, target: &Destination, answer: &Answer, limit: Duration) -> Option<String> {
    if !ssh.wraps {
        return None;
    }
    if let Fact::Unknown(why) = &answer.options {
        return Some(format!("it does not answer -G as ssh does ({why})"));
    }
    let mut words: Vec<String> = Vec::new();
    for option in config::quiet(&answer.options, limit) {
        words.extend(["-o".to_owned(), option]);
    }
    words.extend(target.words(Purpose::Ask));
    let quiet = config::ask(ssh, &words, limit).ok()?;
    let options = quiet.known()?;
    let is = |name: &str, wanted: &[&str]| value(options, name).is_none_or(|value| wanted.contains(&value.as_str()));
    let safe = is("controlpath", &["none"]) && is("permitlocalcommand", &["no"]) && is("tunnel", &["no", "false"]);
    (!safe).then(|| "it joins connections or runs commands of its own".to_owned())
}

/// In what git's ssh differs from plain ssh at the same destination, and what plain ssh gets there.
pub(crate) fn plain(usual: &Program, target: &Destination, answer: &Answer, until: Until<'_>) -> Option<GitSsh> {
    let git = target.git.clone()?;
    if git.unlike.is_some() {
        return Some(git);
    }
    let plain = git::plain(target)?;
    let asked = config::ask_all(usual, &plain.words(Purpose::Ask), until.left()).ok()?;
    let mut differs = match (answer.options.known(), asked.options.known()) {
        (Some(ours), Some(theirs)) => compared(ours, theirs),
        _ => Vec::new(),
    };
    let other = target.program.as_ref().filter(|program| !program.wraps && program.name != usual.name);
    let version = |program: &Program| order::version(program, ASK).map(|(major, minor)| format!("{major}.{minor}"));
    if let Some(versions) = other.and_then(|other| Some((version(other)?, version(usual)?)))
        && versions.0 != versions.1
    {
        differs.push(("version".to_owned(), versions));
    }
    if differs.is_empty() {
        return Some(git);
    }
    let log = probe(usual, &plain, &asked, until, &|_| {}).ok()?.pop()?;
    let came = log.sessions.last().map(|session| Plain {
        outcome: session.outcome,
        key: session.accepted.as_ref().map(|accepted| accepted.key.clone()),
        opened: session.any(|kind| matches!(kind, Kind::RepositoryOpened { .. })),
    });
    let came = came.filter(|_| !until.is_over());
    Some(GitSsh { differs, plain: came, ..git })
}

fn value(options: &Options, name: &str) -> Option<String> {
    let all: Vec<&str> = options.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str()).collect();
    (!all.is_empty()).then(|| all.join(", "))
}

/// Settings with two values.
fn compared(ours: &Options, theirs: &Options) -> Vec<(String, (String, String))> {
    let told = |options: &Options, name: &str| value(options, name).unwrap_or_else(|| "none".to_owned());
    let both = |name: &&str| ((*name).to_owned(), (told(ours, name), told(theirs, name)));
    TELLING.iter().map(both).filter(|(_, (ours, theirs))| ours != theirs).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_exchanges_are_the_users_own() {
        let own = |list: &str| quick_exchange(&vec![("kexalgorithms".to_owned(), list.to_owned())]);
        assert_eq!(
            own("sntrup761x25519-sha512,curve25519-sha256,diffie-hellman-group16-sha512").as_deref(),
            Some("KexAlgorithms=curve25519-sha256,sntrup761x25519-sha512,diffie-hellman-group16-sha512")
        );
        assert_eq!(own("sntrup761x25519-sha512,mlkem768x25519-sha256"), None);
        assert_eq!(quick_exchange(&Vec::new()), None);
    }
}
