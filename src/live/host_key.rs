//! Who judges a host key: the user's own ssh, with the user's own files and settings.
//!
//! A probe remembers no key, and else trusts what `ssh -o BatchMode=yes` would trust. One thing differs, and only
//! at a CI host: its key may be new, since each job has another. Where it can't be told what the user's settings
//! are, ssh is strict.

use std::ops::RangeInclusive;
use std::path::Path;

use super::config::{Answer, Options};
use super::destination::Destination;
use super::known_hosts;
use crate::model::{Kind, Outcome, Role, Session};
use crate::provider;

/// The user's `StrictHostKeyChecking`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Setting {
    Yes,
    Ask,
    New,
    Off,
}

/// How one run of ssh judges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Judge {
    /// What is unknown stops it.
    Strict,
    /// What is unknown does not stop it, and is not remembered.
    New,
    /// Nothing stops it: the user's own wish.
    Off,
    /// As the user's settings say, which can't be asked for; only keys of this kind, of which none is known.
    Own(String),
    /// What is unknown does not stop it, for an ssh that has no word for that; only keys of this kind, of which
    /// none is known.
    Pinned(String),
}

/// What follows from a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// That was it.
    Done,
    /// The key is none that the host's provider publishes.
    Forged(String),
    /// Another run, judged so.
    Again(Judge),
}

/// How a destination's host key is judged.
#[derive(Clone, Debug)]
pub(crate) struct Policy<'a> {
    options: Option<&'a Options>,
    setting: Option<Setting>,
    ci: bool,
    published: bool,
}

fn value<'a>(options: &'a Options, wanted: &str) -> Option<&'a str> {
    options.iter().find(|(key, _)| key == wanted).map(|(_, value)| value.as_str())
}

impl<'a> Policy<'a> {
    /// From what applies to a destination, if that is known. `ci`: an unknown key does not stop a run where ssh
    /// would ask. `git`: a key may be held against those that a provider publishes.
    pub(crate) fn new(options: Option<&'a Options>, typed: &str, ci: bool, git: bool) -> Self {
        let setting = options.map(|options| match value(options, "stricthostkeychecking") {
            Some("no" | "off" | "false") => Setting::Off,
            Some("accept-new") => Setting::New,
            Some("ask") => Setting::Ask,
            _ => Setting::Yes,
        });
        let names = options.map(|options| [value(options, "hostname"), value(options, "hostkeyalias")]);
        let published = git
            && [Some(typed)]
                .into_iter()
                .chain(names.into_iter().flatten())
                .flatten()
                .filter_map(provider::by_host)
                .any(|provider| !provider.host_keys.is_empty());
        Self { options, setting, ci, published }
    }

    /// The policy for a destination.
    pub(crate) fn of(target: &Destination, answer: &'a Answer) -> Self {
        let (ci, git) = (target.role == Role::Ci, target.role == Role::Vcs);
        Self::new(answer.options.known(), &target.command.host, ci, git)
    }

    /// Whether the user's own ssh stops at an unknown key and asks, or may do so.
    pub(crate) fn asks(&self) -> bool {
        matches!(self.setting, None | Some(Setting::Ask))
    }

    /// Whether ssh has `accept-new` (7.6): `SyslogFacility` came with it.
    fn has_new(&self) -> bool {
        self.setting == Some(Setting::New)
            || self.options.is_some_and(|options| value(options, "syslogfacility").is_some())
    }

    /// Whether an unknown key may be gone on with.
    fn takes_new(&self) -> bool {
        matches!(self.setting, Some(Setting::New)) || self.ci && self.setting == Some(Setting::Ask)
    }

    /// How to begin. Nothing is offered to a host before its key has been held against those that are published.
    pub(crate) fn first(&self) -> Judge {
        match self.setting {
            _ if self.published => Judge::Strict,
            Some(Setting::Off) => Judge::Off,
            _ if self.takes_new() && self.has_new() => Judge::New,
            _ => Judge::Strict,
        }
    }

    /// What follows from a run.
    pub(crate) fn after(&self, used: &Judge, session: Option<&Session>) -> Next {
        let Some(session) = session.filter(|session| session.outcome == Outcome::HostKey) else {
            return Next::Done;
        };
        let wrong = session
            .any(|kind| matches!(kind, Kind::HostKeyChanged { .. } | Kind::HostKeyWarned | Kind::HostKeyRevoked));
        let shown = session.first(|kind| match kind {
            Kind::HostKey { kind, fingerprint } => Some((kind.clone(), fingerprint.clone())),
            _ => None,
        });
        let Some(((kind, fingerprint), _)) = shown else { return Next::Done };
        if self.published
            && let Some(provider) = provider::named(session).filter(|provider| !provider.host_keys.is_empty())
            && let Some(fingerprint) = fingerprint
            && provider.host_key(&fingerprint).is_none_or(|key| key.retired.is_some())
        {
            return if wrong { Next::Done } else { Next::Forged(fingerprint) };
        }
        let strict = || session.any(|kind| matches!(kind, Kind::HostKeyUnknown { strict: true, .. }));
        match (used, self.setting) {
            (Judge::Strict, Some(Setting::Off)) => Next::Again(Judge::Off),
            (Judge::Strict, Some(_)) if !wrong && self.takes_new() => {
                Next::Again(if self.has_new() { Judge::New } else { Judge::Pinned(kind) })
            }
            (Judge::Strict, None) if !wrong && self.ci => Next::Again(Judge::Own(kind)),
            // ssh names its reason where the user's own setting is strict.
            (Judge::Own(_), None) if !wrong && !strict() => Next::Again(Judge::Pinned(kind)),
            _ => Next::Done,
        }
    }

    /// The options for a run. They go before the user's own, so that they count.
    pub(crate) fn words(&self, judge: &Judge) -> Vec<String> {
        let mut words = Vec::new();
        let mut push = |option: String| words.extend(["-o".to_owned(), option]);
        let files = self.options.and_then(files);
        match judge {
            Judge::New if files.is_some() => {
                push("StrictHostKeyChecking=accept-new".into());
                push(format!("UserKnownHostsFile={}", files.map(|files| files.names).unwrap_or_default()));
            }
            Judge::Strict | Judge::New => {
                push("StrictHostKeyChecking=yes".into());
                // It has an address remembered beside a name that is known.
                if self.options.is_none_or(|options| value(options, "checkhostip") != Some("no")) {
                    push(match files.filter(|files| files.exact) {
                        Some(files) => format!("UserKnownHostsFile={}", files.names),
                        None => "CheckHostIP=no".to_owned(),
                    });
                }
            }
            Judge::Off => {
                push("StrictHostKeyChecking=no".into());
                let names = files.map_or_else(|| "/dev/null".to_owned(), |files| files.names);
                push(format!("UserKnownHostsFile={names}"));
            }
            Judge::Own(kind) | Judge::Pinned(kind) => {
                if matches!(judge, Judge::Pinned(_)) {
                    push("StrictHostKeyChecking=no".into());
                }
                push("UserKnownHostsFile=/dev/null".into());
                push(format!("HostKeyAlgorithms={}", self.algorithms(kind)));
            }
        }
        words
    }

    /// The algorithms of a kind of key, as far as this ssh has them.
    fn algorithms(&self, kind: &str) -> String {
        let known = self.options.and_then(|options| value(options, "hostkeyalgorithms")).unwrap_or_default();
        let rsa = ["rsa-sha2-512", "rsa-sha2-256"];
        let more = rsa.into_iter().filter(|name| kind == "ssh-rsa" && known.split(',').any(|other| other == *name));
        more.chain([kind]).collect::<Vec<_>>().join(",")
    }
}

/// Most files that ssh takes (`SSH_MAX_HOSTS_FILES`).
const MOST: usize = 32;

/// Words that one name may have.
const LONGEST: usize = 12;

/// The user's files behind one that swallows what ssh would remember: the first is the one that is written to.
struct Files {
    names: String,
    /// Whether it is sure that these are the files, and no others.
    exact: bool,
}

/// The user's files, for an option of ssh. `None`: a name can't be written.
///
/// `ssh -G` prints names without quotes, so a blank may stand within one. Then all that the words can mean are
/// named: a file too many can only make a key known or changed that would have been taken as new.
fn files(options: &Options) -> Option<Files> {
    let names = known_hosts::user_files(options);
    let words: Vec<&str> = names.split(' ').collect();
    let ranges = || (0..words.len()).flat_map(|from| (from..words.len().min(from + LONGEST)).map(move |to| from..=to));
    let there = |range: &RangeInclusive<usize>| {
        let name = words[range.clone()].join(" ");
        let path = Path::new(&name);
        !name.is_empty() && path.exists() && !path.is_dir()
    };
    let files: Vec<_> = ranges().filter(there).collect();
    // An older ssh does not say what `~` and tokens stand for.
    let open = |range: &RangeInclusive<usize>| {
        let name = words[range.clone()].join(" ");
        (name.starts_with('~') || name.contains(['%', '$']))
            && !files.iter().any(|file| file.start() <= range.end() && range.start() <= file.end())
    };
    let mut found = vec!["/dev/null".to_owned()];
    for range in files.iter().cloned().chain(ranges().filter(open)) {
        let name = words[range.clone()].join(" ");
        if name.contains(['"', '\\']) {
            return None;
        }
        // A file of exactly this name is no pattern any more.
        let name = if files.contains(&range) { name.replace('%', "%%") } else { name };
        let name = if name.contains([' ', '\t', '\'', '#']) { format!("\"{name}\"") } else { name };
        if !found.contains(&name) {
            found.push(name);
        }
    }
    let exact = files.iter().all(|range| range.start() == range.end());
    (found.len() <= MOST).then(|| Files { names: found.join(" "), exact })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn options(pairs: &[(&str, &str)]) -> Options {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    fn first(setting: &str, ci: bool) -> Judge {
        let options = options(&[("stricthostkeychecking", setting), ("syslogfacility", "USER")]);
        Policy::new(Some(&options), "box", ci, false).first()
    }

    #[test]
    fn the_users_setting_counts() {
        assert_eq!([first("true", true), first("ask", true)], [Judge::Strict, Judge::New]);
        assert_eq!([first("true", false), first("ask", false)], [Judge::Strict, Judge::Strict]);
        assert_eq!([first("accept-new", false), first("false", false)], [Judge::New, Judge::Off]);
        assert_eq!(Policy::new(None, "box", true, false).first(), Judge::Strict);
        let off = options(&[("stricthostkeychecking", "false"), ("hostname", "github.com")]);
        assert_eq!(Policy::new(Some(&off), "alias", false, true).first(), Judge::Strict);
    }

    #[test]
    fn a_blank_in_a_name_hides_no_file() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("my files");
        std::fs::create_dir(&folder).unwrap();
        let file = folder.join("known%h");
        std::fs::write(&file, "").unwrap();
        let line = format!("/none {}", file.display());
        let found = files(&options(&[("userknownhostsfile", &line)])).unwrap();
        assert_eq!(found.names, format!("/dev/null \"{}\"", file.display().to_string().replace('%', "%%")));
        assert!(!found.exact);
        let odd = folder.join("a\"b");
        std::fs::write(&odd, "").unwrap();
        let odd = options(&[("userknownhostsfile", odd.to_str().unwrap())]);
        assert!(files(&odd).is_none());
        let policy = Policy::new(Some(&odd), "box", true, false);
        assert!(policy.words(&Judge::New).contains(&"StrictHostKeyChecking=yes".to_owned()));
    }
}
