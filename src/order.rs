//! Foretells which identities ssh will put to a server, in which order, and which it will leave out, and why.
//!
//! The rules are those of ssh's `pubkey_prepare` and `load_public_identity_files`. What depends on the server
//! (its `server-sig-algs`, from 9.6 on) can't be foretold.

use crate::model::Fact;
use crate::model::facts::{Form, KeyFile, Problem, PublicKey};
use crate::model::{Family, HostFacts, KeyType};

/// OpenSSH's version in what it says of itself: `OpenSSH_9.2p1 Debian-2`.
pub(crate) fn openssh_version(said: &str) -> Option<(u32, u32)> {
    let digits = said.split("OpenSSH_").nth(1)?.trim_start_matches(|c: char| !c.is_ascii_digit());
    let (major, rest) = digits.split_once('.')?;
    let minor: String = rest.chars().take_while(char::is_ascii_digit).collect();
    Some((major.parse().ok()?, minor.parse().ok()?))
}

/// Where an identity comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// The agent alone.
    Agent,
    /// The configuration.
    Config,
    /// ssh's built-in list of names.
    Default,
    /// The command line.
    Argument,
    /// Found beside the others; ssh is not told of it.
    Found,
}

impl Origin {
    /// The word of the reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Config => "config",
            Self::Default => "default",
            Self::Argument => "argument",
            Self::Found => "found",
        }
    }
}

/// How ssh puts an identity to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It asks first whether the key would do.
    Query,
    /// It knows no public half, so it signs at once.
    Sign,
    /// The same, once somebody has typed the passphrase.
    SignAfterPassphrase,
}

/// An identity file that applies, with what the facts do not say of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Listed<'a> {
    /// The file.
    pub file: &'a KeyFile,
    /// Where its name stands.
    pub origin: Origin,
}

/// A certificate that `CertificateFile` names and that could be read.
#[derive(Clone, Debug)]
pub(crate) struct Certified {
    /// The file.
    pub path: String,
    /// Where its name stands.
    pub origin: Origin,
    /// The certificate.
    pub key: PublicKey,
    /// A user's, not a host's.
    pub for_users: bool,
}

/// What the order follows from.
#[derive(Clone, Debug)]
pub(crate) struct Given<'a> {
    /// OpenSSH's version; `None` stands for a recent one.
    pub version: Option<(u32, u32)>,
    /// Options and agent.
    pub facts: &'a HostFacts,
    /// The identity files, in ssh's order.
    pub files: Vec<Listed<'a>>,
    /// How many `CertificateFile` lines apply, whether they could be read or not.
    pub certificate_files: usize,
    /// Those that could be read.
    pub certificates: Vec<Certified>,
    /// Whether ssh can reach FIDO authenticators.
    pub authenticators: bool,
}

/// One identity, and what ssh will do with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The file that ssh names it by.
    pub path: Option<String>,
    /// The agent's comment, of a key without a file.
    pub label: Option<String>,
    /// The key that is offered. `None`: only the private file shows it.
    pub key: Option<PublicKey>,
    /// Whether the agent holds it.
    pub in_agent: bool,
    /// Where it comes from.
    pub origin: Origin,
    /// The file that it comes from, as an index into `Given::files`.
    pub file: Option<usize>,
    /// How it is put to the server.
    pub step: Step,
    /// Its place, from 1; `None` where ssh leaves it out.
    pub order: Option<usize>,
    /// Why it is left out, as a clause.
    pub left_out: Option<String>,
}

/// The identities in the order in which ssh offers them, then those that it leaves out.
pub(crate) fn foretell(given: &Given<'_>) -> Vec<Identity> {
    let (files, mut dropped) = files(given);
    let mut files: Vec<Option<Identity>> = files.into_iter().map(Some).collect();
    let mut order = Vec::new();
    for certificate in &given.certificates {
        let identity = Identity {
            path: Some(certificate.path.clone()),
            origin: certificate.origin,
            ..of_key(certificate.key.clone())
        };
        match unusable_certificate(given, certificate) {
            Some(why) => dropped.push(left_out(identity, why)),
            None => order.push(identity),
        }
    }
    let mut others = Vec::new();
    let agent = given.facts.agent.known().and_then(|agent| agent.keys.known());
    for held in agent.map(Vec::as_slice).unwrap_or_default() {
        let from_agent = Identity {
            label: Some(held.key.comment.clone()),
            in_agent: true,
            origin: Origin::Agent,
            ..of_key(held.key.clone())
        };
        if let Some(why) = too_short(given, &held.key) {
            dropped.push(left_out(from_agent, why));
            continue;
        }
        let same = |file: &Option<Identity>| {
            let key = file.as_ref().and_then(|file| file.key.as_ref());
            file.as_ref().is_some_and(|file| file.step == Step::Query)
                && key.is_some_and(|key| key.blob == held.key.blob)
        };
        match files.iter_mut().find(|file| same(file)).and_then(Option::take) {
            Some(mut file) => {
                file.in_agent = true;
                order.push(file);
            }
            None if option(given, "identitiesonly") == Some("yes") => {
                dropped.push(left_out(from_agent, "IdentitiesOnly is set, and no IdentityFile names it".into()))
            }
            None => others.push(from_agent),
        }
    }
    order.append(&mut others);
    order.extend(files.into_iter().flatten());
    let mut offered = Vec::new();
    for identity in order {
        match filtered(given, &identity) {
            Some(why) => dropped.push(left_out(identity, why)),
            None => offered.push(identity),
        }
    }
    if let Some(why) = disabled(given) {
        return offered.into_iter().map(|identity| left_out(identity, why.to_owned())).chain(dropped).collect();
    }
    for (at, identity) in offered.iter_mut().enumerate() {
        identity.order = Some(at + 1);
    }
    offered.append(&mut dropped);
    offered
}

fn of_key(key: PublicKey) -> Identity {
    Identity {
        path: None,
        label: None,
        key: Some(key),
        in_agent: false,
        origin: Origin::Config,
        file: None,
        step: Step::Query,
        order: None,
        left_out: None,
    }
}

fn left_out(identity: Identity, why: String) -> Identity {
    Identity { left_out: Some(why), ..identity }
}

fn option<'a>(given: &Given<'a>, name: &str) -> Option<&'a str> {
    given.facts.option(name)
}

/// The files' identities, each followed by its certificate, and those that come to nothing.
fn files(given: &Given<'_>) -> (Vec<Identity>, Vec<Identity>) {
    let (mut files, mut dropped) = (Vec::new(), Vec::new());
    let mut put = |identity: Identity, why: Option<String>| match why {
        Some(why) => dropped.push(left_out(identity, why)),
        None => files.push(identity),
    };
    for (index, listed) in given.files.iter().enumerate() {
        let file = listed.file;
        let base = Identity {
            path: Some(file.path.clone()),
            key: None,
            origin: listed.origin,
            file: Some(index),
            ..of_key(PublicKey::default())
        };
        match public_half(given, listed) {
            Some(key) => {
                let why = unusable(given, key);
                put(Identity { key: Some(key.clone()), ..base.clone() }, why);
            }
            None => {
                let (key, step, why) = private_alone(given, file);
                put(Identity { key, step, ..base.clone() }, why);
            }
        }
        if let Some(certificate) = file.certificate.known()
            && given.certificate_files == 0
        {
            let why = match certificate.for_users {
                true => unusable(given, &certificate.key),
                false => Some("it is a host's certificate, not a user's".into()),
            };
            put(Identity { key: Some(certificate.key.clone()), ..base }, why);
        }
    }
    (files, dropped)
}

/// The public half that ssh knows before it reads the private one.
fn public_half<'a>(given: &Given<'_>, listed: &Listed<'a>) -> Option<&'a PublicKey> {
    // The clear part of a private file is read from 8.3 on.
    let reads_clear_part = given.version.is_none_or(|version| version >= (8, 3));
    let from_private = listed.file.form == Fact::Known(Form::OpenSsh) && !listed.file.public_beside;
    listed.file.offered.known().filter(|_| reads_clear_part || !from_private)
}

/// What becomes of a file whose public half is not known before it is read.
fn private_alone(given: &Given<'_>, file: &KeyFile) -> (Option<PublicKey>, Step, Option<String>) {
    let own = file.own.known().cloned();
    let step = match file.encrypted {
        Fact::Known(true) => Step::SignAfterPassphrase,
        _ => Step::Sign,
    };
    let stopped = file.problems.iter().find_map(|problem| match problem {
        Problem::Missing => Some("it does not exist".to_owned()),
        Problem::Unreadable(why) => Some(format!("it can't be read: {why}")),
        Problem::Invalid(why) => Some(why.clone()),
        Problem::TooOpen(mode) => Some(format!("others may read it (mode {mode:04o})")),
        Problem::TooShort(bits) => Some(short(given, *bits)),
        Problem::PublicMismatch | Problem::Certificate(_) => None,
    });
    (own, step, stopped)
}

fn required_bits(given: &Given<'_>) -> u32 {
    let set = option(given, "requiredrsasize").and_then(|bits| bits.parse().ok());
    set.unwrap_or(1024)
}

fn short(given: &Given<'_>, bits: u32) -> String {
    format!("its {bits} bits are fewer than the {} that ssh wants", required_bits(given))
}

fn too_short(given: &Given<'_>, key: &PublicKey) -> Option<String> {
    let rsa = KeyType::named(&key.kind).is_some_and(|kind| kind.family == Family::Rsa);
    (rsa && key.bits < required_bits(given)).then(|| short(given, key.bits))
}

fn unusable(given: &Given<'_>, key: &PublicKey) -> Option<String> {
    let no_authenticator = KeyType::named(&key.kind).is_some_and(KeyType::is_security_key) && !given.authenticators;
    too_short(given, key)
        .or_else(|| no_authenticator.then(|| "ssh has no SecurityKeyProvider to reach its authenticator".into()))
}

fn unusable_certificate(given: &Given<'_>, certificate: &Certified) -> Option<String> {
    match certificate.for_users {
        true => unusable(given, &certificate.key),
        false => Some("it is a host's certificate, not a user's".into()),
    }
}

/// Whether `PubkeyAcceptedAlgorithms` rules a key out.
fn filtered(given: &Given<'_>, identity: &Identity) -> Option<String> {
    let accepted = option(given, "pubkeyacceptedalgorithms").or_else(|| option(given, "pubkeyacceptedkeytypes"))?;
    let algorithm = crate::wire::algorithm_name(&identity.key.as_ref()?.blob)?;
    let names = KeyType::on_wire(algorithm).map_or_else(|| vec![algorithm], |kind| kind.algorithms());
    let allowed = names.iter().any(|name| in_pattern_list(name, accepted));
    (!allowed).then(|| format!("PubkeyAcceptedAlgorithms leaves out {algorithm}"))
}

/// Why no key is used at all.
fn disabled(given: &Given<'_>) -> Option<&'static str> {
    if matches!(option(given, "pubkeyauthentication"), Some("no" | "false")) {
        return Some("PubkeyAuthentication is off");
    }
    let preferred = option(given, "preferredauthentications")?;
    let named = preferred.split(',').any(|method| method == "publickey");
    (!named).then_some("PreferredAuthentications leaves out publickey")
}

/// ssh's pattern lists: `*`, `?`, commas, and `!` that rules out.
fn in_pattern_list(name: &str, list: &str) -> bool {
    let mut found = false;
    for pattern in list.split(',') {
        match pattern.strip_prefix('!') {
            Some(pattern) if fits(name.as_bytes(), pattern.as_bytes()) => return false,
            Some(_) => {}
            None => found |= fits(name.as_bytes(), pattern.as_bytes()),
        }
    }
    found
}

fn fits(name: &[u8], pattern: &[u8]) -> bool {
    let (mut at, mut star) = ((0, 0), None);
    while at.0 < name.len() {
        match pattern.get(at.1) {
            Some(b'*') => {
                star = Some(at);
                at.1 += 1;
            }
            Some(c) if *c == b'?' || *c == name[at.0] => at = (at.0 + 1, at.1 + 1),
            _ => match star {
                Some((name_at, pattern_at)) => {
                    star = Some((name_at + 1, pattern_at));
                    at = (name_at + 1, pattern_at + 1);
                }
                None => return false,
            },
        }
    }
    pattern[at.1.min(pattern.len())..].iter().all(|c| *c == b'*')
}

/// Takes over the order that ssh itself tells (`ssh -Z`, 10.5 on): names and fingerprints as it prints them.
pub(crate) fn corrected(identities: Vec<Identity>, told: &[crate::model::Key]) -> Vec<Identity> {
    let mut left: Vec<Option<Identity>> = identities.into_iter().map(Some).collect();
    let mut order = Vec::new();
    for key in told {
        let fits = |identity: &Identity| {
            let print = identity.key.as_ref().map(|key| key.fingerprint.as_str());
            let kind = identity.key.as_ref().map(|key| key.kind.as_str());
            match &key.fingerprint {
                Some(wanted) => {
                    print == Some(wanted)
                        && kind == key.kind.as_deref()
                        && (key.path.is_none() || key.path == identity.path)
                }
                None => key.path.is_some() && key.path == identity.path,
            }
        };
        let found = left.iter_mut().find(|one| one.as_ref().is_some_and(fits)).and_then(Option::take);
        // A file without a public half is planned, even where nothing will come of it.
        let dead = |one: &Identity| key.fingerprint.is_none() && one.left_out.is_some();
        match found {
            Some(identity) if dead(&identity) => left.push(Some(identity)),
            Some(mut identity) => {
                identity.order = Some(order.len() + 1);
                identity.left_out = None;
                order.push(identity);
            }
            None => {}
        }
    }
    for mut identity in left.into_iter().flatten() {
        if identity.order.take().is_some() {
            identity.left_out = Some("ssh does not plan to use it".into());
        }
        order.push(identity);
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        for (name, list, found) in [
            ("ssh-rsa", "ssh-rsa", true),
            ("ssh-rsa", "ssh-*", true),
            ("ssh-rsa", "*", true),
            ("ssh-rsa", "ssh-rs?", true),
            ("ssh-rsa", "*-rsa", true),
            ("ssh-rsa-x", "*-rsa", false),
            ("ssh-rsa", "*,!ssh-rsa", false),
            ("ssh-rsa", "ssh-rsa-cert", false),
            ("", "", true),
        ] {
            assert_eq!(in_pattern_list(name, list), found, "{name} {list}");
        }
    }

    fn named(path: &str, print: &str, order: Option<usize>) -> Identity {
        Identity {
            path: Some(path.into()),
            order,
            left_out: order.is_none().then(|| "x".into()),
            ..of_key(PublicKey { kind: "RSA".into(), fingerprint: print.into(), ..PublicKey::default() })
        }
    }

    #[test]
    fn ssh_has_the_last_word() {
        let told = |path: &str, print: &str| crate::model::Key {
            path: Some(path.into()),
            kind: Some("RSA".into()),
            fingerprint: Some(print.into()),
            ..crate::model::Key::default()
        };
        let ours =
            vec![named("/a", "SHA256:1", Some(1)), named("/b", "SHA256:2", Some(2)), named("/c", "SHA256:3", None)];
        let corrected = corrected(ours, &[told("/c", "SHA256:3"), told("/a", "SHA256:1")]);
        let order: Vec<_> = corrected.iter().map(|one| (one.path.as_deref().unwrap_or_default(), one.order)).collect();
        assert_eq!(order, [("/c", Some(1)), ("/a", Some(2)), ("/b", None)]);
        assert!(corrected[2].left_out.is_some());
    }
}
