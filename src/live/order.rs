//! What ssh will offer to a destination: the facts for `crate::order`, gathered.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::gather::{self, Seen, inspect_all};
use super::program::Program;
use super::{keyfile, process};
use crate::dialect;
use crate::model::{HostFacts, Kind};
use crate::order::{Certified, Given, Identity, Listed, Origin, foretell, openssh_version};
use crate::shell::options::takes_value;
use crate::wire;

/// Lists of names that ssh has built in, as `ssh -G` prints them; the newest first.
const DEFAULTS: &[&str] = &[
    "id_rsa id_ecdsa id_ecdsa_sk id_ed25519 id_ed25519_sk id_mldsa44_ed25519",
    "id_rsa id_ecdsa id_ecdsa_sk id_ed25519 id_ed25519_sk",
    "id_rsa id_ecdsa id_ecdsa_sk id_ed25519 id_ed25519_sk id_xmss id_dsa",
    "id_rsa id_dsa id_ecdsa id_ecdsa_sk id_ed25519 id_ed25519_sk id_xmss",
    "id_rsa id_dsa id_ecdsa id_ed25519 id_xmss",
    "id_rsa id_dsa id_ecdsa id_ed25519",
];

/// The identities of a destination in ssh's order, then those that it would not offer.
///
/// `args` are the words of the ssh command that `facts` are for.
pub fn identities(ssh: &str, args: &[String], facts: &HostFacts, seen: &Seen, limit: Duration) -> Vec<Identity> {
    let version = version(&Program::named(ssh), limit);
    let tokens = gather::tokens(facts);
    let argued = arguments(args);
    let expand = |name: &String| tokens.expand(name).unwrap_or_else(|_| name.clone());
    let argued: Vec<String> = argued.iter().map(expand).collect();
    let by_default = are_defaults(facts);
    let origin = |path: &String| match () {
        () if argued.contains(path) => Origin::Argument,
        () if by_default => Origin::Default,
        () => Origin::Config,
    };
    let files = facts.files.iter().map(|file| Listed { file, origin: origin(&file.path) }).collect();
    let named = gather::certificate_files(facts, &tokens);
    let certificates = named.iter().filter_map(|path| certified(path, origin(path)));
    let given = Given {
        version,
        facts,
        files,
        certificate_files: named.len(),
        certificates: certificates.collect(),
        authenticators: has_authenticators(facts),
    };
    let mut identities = foretell(&given);
    if version >= Some((10, 5))
        && let Some(told) = ask(ssh, args, limit)
    {
        identities = crate::order::corrected(identities, &told);
    }
    // ssh itself drops an -i that it can't find, and takes its default names instead.
    let known = |path: &String| facts.files.iter().any(|file| file.path == *path);
    let absent: Vec<String> = argued.into_iter().filter(|path| !known(path)).collect();
    identities.extend(inspect_all(&absent, gather::required_rsa_bits(facts), seen, limit).into_iter().map(|file| {
        Identity {
            path: Some(file.path),
            label: None,
            key: None,
            in_agent: false,
            origin: Origin::Argument,
            file: None,
            step: crate::order::Step::Sign,
            order: None,
            left_out: Some("ssh does not find it and goes on without".into()),
        }
    }));
    identities
}

/// The newest list that ssh itself may name. Only 10.5 and later know the option.
fn ask(ssh: &str, args: &[String], limit: Duration) -> Option<Vec<crate::model::Key>> {
    let words = std::iter::once("-Z").chain(args.iter().map(String::as_str));
    let output = process::run(ssh, words, limit).ok()?;
    let keys = planned(&output.text());
    (output.status.success() && !keys.is_empty()).then_some(keys)
}

/// The keys of a plan, as ssh prints it.
fn planned(text: &str) -> Vec<crate::model::Key> {
    let plan = "Will attempt key: ";
    text.lines()
        .map(|line| line.trim().trim_start_matches("debug1: ").trim_start_matches(plan))
        .filter(|name| !name.is_empty())
        .filter_map(|name| match dialect::read_line(&format!("debug1: {plan}{name}")) {
            Some(Kind::Planned { key, .. }) => Some(key),
            _ => None,
        })
        .collect()
}

/// OpenSSH's version, as it tells it. It is asked once a run.
pub fn version(ssh: &Program, limit: Duration) -> Option<(u32, u32)> {
    static TOLD: Mutex<BTreeMap<Program, (u32, u32)>> = Mutex::new(BTreeMap::new());
    let mut told = TOLD.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(version) = told.get(ssh) {
        return Some(*version);
    }
    let version = ask_version(ssh, limit)?;
    told.insert(ssh.clone(), version);
    Some(version)
}

fn ask_version(ssh: &Program, limit: Duration) -> Option<(u32, u32)> {
    let output = process::run(&ssh.name, ssh.with(["-V"]), limit).ok()?;
    openssh_version(&String::from_utf8_lossy(&output.stderr))
}

fn certified(path: &str, origin: Origin) -> Option<Certified> {
    let key =
        keyfile::public_key(Path::new(path)).or_else(|| keyfile::public_key(Path::new(&format!("{path}.pub"))))?;
    let certificate = wire::certificate(&key)?;
    Some(Certified { path: path.to_owned(), origin, for_users: certificate.for_users, key })
}

/// Whether ssh lists its built-in names, since nobody gave it others.
fn are_defaults(facts: &HostFacts) -> bool {
    let names: Vec<&str> =
        facts.options("identityfile").map(|name| name.rsplit(['/', '\\']).next().unwrap_or(name)).collect();
    let listed = names.join(" ");
    DEFAULTS.contains(&listed.as_str())
}

/// Whether ssh can reach FIDO authenticators: built in, by a library, or not at all.
fn has_authenticators(facts: &HostFacts) -> bool {
    match facts.option("securitykeyprovider") {
        None | Some("none") => false,
        Some(variable) if variable.starts_with('$') => {
            std::env::var_os(variable.trim_start_matches('$')).is_some_and(|value| !value.is_empty())
        }
        Some(_) => true,
    }
}

/// The identity and certificate files that the words of an ssh command name.
pub fn arguments(args: &[String]) -> Vec<String> {
    let mut files = Vec::new();
    let mut words = args.iter();
    while let Some(word) = words.next() {
        let Some(letters) = word.strip_prefix('-').filter(|rest| !rest.is_empty()) else {
            break;
        };
        if word == "--" {
            break;
        }
        // Letters without a value may stand before one with a value: -vi FILE.
        let Some((at, letter)) = letters.char_indices().find(|(_, c)| takes_value(*c)) else {
            continue;
        };
        let glued = &letters[at + letter.len_utf8()..];
        let value = match glued {
            "" => words.next().map(String::as_str),
            glued => Some(glued),
        };
        match (letter, value) {
            ('i', Some(file)) => files.push(file.to_owned()),
            ('o', Some(setting)) => files.extend(setting_of(setting)),
            _ => {}
        }
    }
    files
}

/// `IdentityFile=FILE`, `IdentityFile FILE`, in any case.
fn setting_of(setting: &str) -> Option<String> {
    let (name, value) = setting.trim().split_once(['=', ' '])?;
    let wanted = ["identityfile", "certificatefile"];
    let value = value.trim_start_matches(['=', ' ']).trim_matches('"');
    wanted.contains(&name.trim().to_ascii_lowercase().as_str()).then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::KeyType;

    #[test]
    fn files_that_the_command_line_names() {
        let words = [
            "-vi",
            "/a",
            "-i/b",
            "-p",
            "22",
            "-oIdentityFile=/c",
            "-o",
            "identityfile \"/d e\"",
            "-T",
            "h",
            "-i",
            "/no",
        ];
        let words = words.map(str::to_owned);
        assert_eq!(arguments(&words), ["/a", "/b", "/c", "/d e"]);
    }

    #[test]
    fn built_in_names_are_those_of_key_types() {
        for list in DEFAULTS {
            for name in list.split(' ') {
                assert!(KeyType::of_default_file(name).is_some(), "{name}");
            }
        }
    }

    #[test]
    fn ssh_tells_its_plan_with_or_without_the_words_of_its_log() {
        let print = "SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s";
        let text = format!("Will attempt key: /a b RSA {print} explicit agent\n/c ED25519 {print}\n\n/d\n");
        let keys = planned(&text);
        let names: Vec<_> = keys.iter().map(|key| key.path.as_deref()).collect();
        assert_eq!(names, [Some("/a b"), Some("/c"), Some("/d")]);
        assert_eq!(keys[0].fingerprint.as_deref(), Some(print));
    }

    #[test]
    fn versions() {
        assert!(version(&Program::default(), Duration::from_secs(10)) >= Some((6, 0)));
        assert_eq!(version(&Program::named("no-such-program-here"), Duration::from_secs(1)), None);
    }
}
