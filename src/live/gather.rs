//! Gathers what is known of this machine: for a destination, and whatever the destination.

use std::path::{Path, PathBuf};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use super::agent;
use super::config::{self, Options};
pub use super::keyfile::Seen;
use super::paths::{self, Tokens};
use super::process::Failure;
use super::program::Program;
use super::thread::apart;
use crate::model::facts::{Agent, Form, KeyFile, Problem};
use crate::model::{Fact, Facts, HostFacts};
use crate::wire;

/// ssh's own limit for RSA keys, where it does not say another.
const RSA_BITS: u32 = 1024;

/// Files in the user's `.ssh` that are looked at.
const MOST_FILES: usize = 500;

/// What applies to one destination, and what ssh would find. `args` are the words of an ssh command.
///
/// # Errors
/// There is no ssh, or it can't be started.
pub fn host_facts(ssh: &Program, args: &[String], seen: &Seen, limit: Duration) -> Result<HostFacts, Failure> {
    let config = config::ask(ssh, args, limit)?;
    Ok(with_config(config, seen, limit))
}

/// The same, where ssh has been asked already.
pub fn with_config(config: Fact<Options>, seen: &Seen, limit: Duration) -> HostFacts {
    let mut facts = HostFacts {
        config,
        files: Vec::new(),
        agent: Fact::Unknown("ssh does not say which agent it asks".into()),
        user_line: None,
        git: None,
        published: None,
        open_master: None,
    };
    if facts.config.known().is_none() {
        return facts;
    }
    let tokens = tokens(&facts);
    facts.open_master = facts.option("controlpath").filter(|path| is_answered(path)).map(str::to_owned);
    facts.agent = match agent::socket(facts.option("identityagent"), &tokens) {
        Fact::Known(socket) => Fact::Known(agent::list(&socket, limit)),
        Fact::Absent => Fact::Absent,
        Fact::Unknown(why) => Fact::Unknown(why),
    };
    let named = identity_files(&facts, &tokens);
    facts.files = inspect_all(&named, required_rsa_bits(&facts), seen, limit);
    for file in &mut facts.files {
        pardon(file, facts.agent.known());
    }
    facts
}

/// Whether something listens at a socket. It is asked nothing.
#[cfg(unix)]
fn is_answered(path: &str) -> bool {
    std::os::unix::net::UnixStream::connect(path).is_ok()
}

#[cfg(not(unix))]
fn is_answered(_path: &str) -> bool {
    false
}

/// What the `%` tokens stand for at this destination.
pub fn tokens(facts: &HostFacts) -> Tokens {
    let option = |name| facts.option(name).unwrap_or_default().to_owned();
    let host = option("hostname");
    let typed = facts.option("host").map_or_else(|| host.clone(), str::to_owned);
    Tokens {
        port: option("port"),
        user: option("user"),
        jump: option("proxyjump"),
        alias: facts.option("hostkeyalias").map_or_else(|| typed.clone(), str::to_owned),
        typed,
        host,
        ..Tokens::here()
    }
}

/// The identity files that apply, in ssh's order, with `~` and `%` replaced.
pub fn identity_files(facts: &HostFacts, tokens: &Tokens) -> Vec<String> {
    named(facts, tokens, "identityfile")
}

/// The certificates that the config names.
pub fn certificate_files(facts: &HostFacts, tokens: &Tokens) -> Vec<String> {
    named(facts, tokens, "certificatefile")
}

fn named(facts: &HostFacts, tokens: &Tokens, option: &str) -> Vec<String> {
    facts
        .options(option)
        .map(unquoted)
        .filter(|name| !name.eq_ignore_ascii_case("none"))
        .map(|name| tokens.expand(name).unwrap_or_else(|_| name.to_owned()))
        .collect()
}

/// `ssh -G` puts no quotes around names, but a config line's own may have come through.
fn unquoted(name: &str) -> &str {
    let inner = name.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    inner.unwrap_or(name)
}

/// ssh's least size of an RSA key.
pub fn required_rsa_bits(facts: &HostFacts) -> u32 {
    facts.option("requiredrsasize").and_then(|bits| bits.parse().ok()).unwrap_or(RSA_BITS)
}

/// Looks at files, all of them within `limit`: a file on a dead network disk must not hold this up.
pub fn inspect_all(names: &[String], rsa_bits: u32, seen: &Seen, limit: Duration) -> Vec<KeyFile> {
    let deadline = Instant::now() + limit;
    let (give, take) = channel();
    let work = names.to_vec();
    let seen = seen.clone();
    let started = apart(move || {
        for name in work {
            if give.send(seen.inspect(&name, rsa_bits)).is_err() {
                return;
            }
        }
    });
    let next = || {
        let left = deadline.saturating_duration_since(Instant::now());
        take.recv_timeout(left).ok()
    };
    let slow = match started {
        Ok(()) => format!("it could not be read within {limit:?}"),
        Err(error) => format!("this system starts no more threads: {error}"),
    };
    names.iter().map(|name| next().unwrap_or_else(|| unread(name, &slow))).collect()
}

fn unread(name: &str, why: &str) -> KeyFile {
    KeyFile {
        path: name.to_owned(),
        form: Fact::Unknown(why.into()),
        encrypted: Fact::Unknown(why.into()),
        offered: Fact::Unknown(why.into()),
        public_beside: false,
        own: Fact::Unknown(why.into()),
        certificate: Fact::Unknown(why.into()),
        mode: Fact::Unknown(why.into()),
        owned: Fact::Unknown(why.into()),
        problems: vec![Problem::Unreadable(why.into())],
    }
}

/// A public key alone is all that ssh needs of a key that its agent holds.
pub fn pardon(file: &mut KeyFile, agent: Option<&Agent>) {
    let held = |blob: &[u8]| {
        let keys = agent.and_then(|agent| agent.keys.known());
        keys.is_some_and(|keys| keys.iter().any(|one| wire::plain(&one.key.blob) == wire::plain(blob)))
    };
    let public = file.form == Fact::Known(Form::Public) || file.form.is_absent();
    if public && file.offered.known().is_some_and(|key| held(&key.blob)) {
        file.problems.retain(|problem| !matches!(problem, Problem::Invalid(_) | Problem::Missing));
    }
}

/// What is known whatever the destination. `listed` are files that are known already.
pub fn machine_facts(listed: &[String], seen: &Seen, limit: Duration) -> Facts {
    let home = paths::home();
    let other_files = match &home {
        Some(home) => other_files(&Path::new(home).join(".ssh"), listed, seen, limit),
        None => Vec::new(),
    };
    Facts {
        shell_agent: Some(agent::shell_agent(limit)),
        vaults: home.as_deref().map(|home| agent::vaults(home, limit)).unwrap_or_default(),
        other_files,
        local_user: Some(paths::local_user()).filter(|name| !name.is_empty()),
        home,
        other_home: paths::other_home(),
        ..Facts::default()
    }
}

/// What lies in a folder and in its folders; a link to a folder is not followed.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries =
        |folder: &Path| std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok).take(MOST_FILES);
    let is_folder = |entry: &std::fs::DirEntry| entry.file_type().is_ok_and(|kind| kind.is_dir());
    let (folders, files): (Vec<_>, Vec<_>) = entries(folder).partition(is_folder);
    let below = folders.iter().flat_map(|inner| entries(&inner.path())).filter(|entry| !is_folder(entry));
    files.iter().map(std::fs::DirEntry::path).chain(below.map(|entry| entry.path())).collect()
}

/// Private keys in a folder or in its folders that are not among `listed`, and public keys without a private file.
pub fn other_files(folder: &Path, listed: &[String], seen: &Seen, limit: Duration) -> Vec<KeyFile> {
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let known: Vec<PathBuf> = listed.iter().map(|name| real(Path::new(name))).collect();
    let mut names: Vec<String> = files_below(folder)
        .into_iter()
        .filter(|path| !is_bookkeeping(path) && !known.contains(&real(path)))
        .filter_map(|path| path.to_str().map(str::to_owned))
        .take(MOST_FILES)
        .collect();
    names.sort();
    inspect_all(&names, RSA_BITS, seen, limit)
        .into_iter()
        .filter(|file| match &file.form {
            Fact::Known(Form::OpenSsh | Form::Pem | Form::Putty) => true,
            // A public key whose private half lies elsewhere: in an agent, on a token.
            Fact::Known(Form::Public) => file
                .path
                .strip_suffix(".pub")
                .is_some_and(|private| !private.ends_with("-cert") && !Path::new(private).exists()),
            _ => false,
        })
        .collect()
}

/// Files of ssh that hold no key of the user's.
fn is_bookkeeping(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    ["known_hosts", "authorized_keys", "config", "environment", "rc", "allowed_signers"]
        .iter()
        .any(|other| name.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
}

#[cfg(all(test, unix))]
#[allow(clippy::unwrap_used, clippy::non_octal_unix_permissions, clippy::type_complexity, reason = "tests")]
mod tests {
    use super::*;
    use std::process::Command;

    const LIMIT: Duration = Duration::from_secs(20);

    fn key(folder: &Path, name: &str) -> String {
        let path = folder.join(name).to_str().unwrap().to_owned();
        let made = Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f", &path]).status();
        assert!(made.unwrap().success());
        path
    }

    #[test]
    fn files_of_a_destination_in_order() {
        let place = tempfile::tempdir().unwrap();
        let (one, two) = (key(place.path(), "one"), key(place.path(), "two o"));
        let config = place.path().join("config");
        std::fs::write(
            &config,
            format!("IdentityAgent none\nRequiredRSASize 3072\nHost h\nUser u\nIdentityFile {one}-%r-%h\nIdentityFile \"{two}\"\nIdentityFile {one}\n"),
        )
        .unwrap();
        let args = ["-F", config.to_str().unwrap(), "h"].map(str::to_owned);
        let facts = host_facts(&Program::default(), &args, &Seen::default(), LIMIT).unwrap();
        let told: Vec<_> = facts.files.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(told, [&format!("{one}-u-h"), &two, &one]);
        assert_eq!(facts.files[0].problems, [Problem::Missing]);
        assert!(facts.files[1].problems.is_empty());
        assert_eq!(facts.agent, Fact::Absent);
        assert_eq!(required_rsa_bits(&facts), 3072);
    }

    #[test]
    fn other_keys_are_found() {
        let place = tempfile::tempdir().unwrap();
        let listed = key(place.path(), "listed");
        let other = key(place.path(), "other");
        key(place.path(), "lone");
        std::fs::remove_file(place.path().join("lone")).unwrap();
        std::fs::write(place.path().join("known_hosts"), "h ssh-ed25519 AAAA\n").unwrap();
        std::fs::write(place.path().join("note"), "note\n").unwrap();
        let found = other_files(place.path(), &[listed], &Seen::default(), LIMIT);
        let told: Vec<_> = found.iter().map(|file| file.path.clone()).collect();
        assert_eq!(told, [place.path().join("lone.pub").to_str().unwrap(), &other]);
    }

    #[test]
    fn what_can_not_be_asked_is_unknown() {
        let facts = with_config(Fact::Unknown("old".into()), &Seen::default(), LIMIT);
        assert!(facts.files.is_empty());
        assert!(matches!(facts.agent, Fact::Unknown(_)));
        assert!(host_facts(&Program::named("no-such-program-here"), &[], &Seen::default(), LIMIT).is_err());
    }
}
