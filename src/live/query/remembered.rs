//! The host keys that ssh remembers for a destination, looked up as ssh would. What can't be looked up is told.

use std::fs;
use std::io::ErrorKind;
use std::time::{Duration, Instant};

use crate::live::config::Options;
use crate::live::paths::Tokens;
use crate::live::{gather, known_hosts, process};
use crate::model::facts::option;
use crate::model::{Fact, HostFacts};
use crate::wire;

/// Host keys that are remembered for a destination.
#[derive(Clone, Debug, Default)]
pub(super) struct Remembered {
    /// As bytes.
    pub(super) keys: Vec<Vec<u8>>,
    pub(super) revoked: Vec<Vec<u8>>,
    /// Something could not be looked up, so that what is not here may be known all the same.
    pub(super) unclear: bool,
}

/// What ssh remembers of a destination, within a time for all of it.
pub(super) fn remembered(options: &Options, home: Option<&str>, limit: Duration) -> Remembered {
    let deadline = Instant::now() + limit;
    let config = Fact::Known(options.clone());
    let mut tokens = gather::tokens(&HostFacts {
        config,
        files: Vec::new(),
        agent: Fact::Absent,
        user_line: None,
        git: None,
        published: None,
        open_master: None,
    });
    if let Some(home) = home {
        tokens.home = Some(home.to_owned());
    }
    let mut names: Vec<String> = known_hosts::name(options).into_iter().collect();
    // ssh looks for the name without its port, too.
    if option(options, "hostkeyalias").is_none() {
        names.extend(option(options, "hostname").map(str::to_owned));
    }
    names.dedup();
    let mut all = Remembered::default();
    let global = option(options, "globalknownhostsfile").unwrap_or_default();
    let files: Vec<String> =
        [&known_hosts::user_files(options), global].iter().flat_map(|list| all.files(list, &tokens)).collect();
    for name in &names {
        for file in &files {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                all.unclear = true;
                continue;
            }
            match process::run("ssh-keygen", ["-F", name, "-f", file], left) {
                Ok(output) if output.status.success() => all.add(&output.text()),
                // It has no such name.
                Ok(output) if output.status.code() == Some(1) => {}
                _ => all.unclear = true,
            }
        }
        if !all.keys.is_empty() {
            break;
        }
    }
    let set = |name: &str| option(options, name).filter(|value| !value.eq_ignore_ascii_case("none"));
    // What a program says is not asked for.
    all.unclear |= set("knownhostscommand").is_some();
    if let Some(list) = set("revokedhostkeys") {
        all.revoke(list, &tokens);
    }
    all
}

impl Remembered {
    /// The files that a list of ssh's names. It prints names side by side and without quotes, whatever blanks they
    /// have; so the longest that is a file is meant.
    fn files(&mut self, list: &str, tokens: &Tokens) -> Vec<String> {
        let words: Vec<&str> = list.split(' ').collect();
        let mut files = Vec::new();
        let mut at = 0;
        while at < words.len() {
            let found = (at + 1..=words.len()).rev().find_map(|end| {
                let path = tokens.expand(words.get(at..end)?.join(" ").trim_matches('"')).ok()?;
                match fs::metadata(&path) {
                    Ok(meta) => meta.is_file().then_some((end, path)),
                    Err(error) => {
                        self.unclear |= error.kind() == ErrorKind::PermissionDenied;
                        None
                    }
                }
            });
            at = found.as_ref().map_or(at + 1, |(end, _)| *end);
            files.extend(found.map(|(_, path)| path));
        }
        files
    }

    /// Adds the lines that `ssh-keygen -F` finds.
    pub(super) fn add(&mut self, found: &str) {
        for line in found.lines().filter(|line| !line.starts_with('#')) {
            let mut words = line.split_ascii_whitespace();
            let first = words.next().unwrap_or_default();
            let marker = first.starts_with('@').then_some(first);
            if marker.is_some() {
                words.next();
            }
            let blob = words.nth(1).and_then(wire::decode);
            match (marker, blob) {
                (None, Some(blob)) => self.keys.push(blob),
                (Some("@revoked"), Some(blob)) => self.revoked.push(blob),
                _ => {}
            }
        }
    }

    /// Adds the keys of `RevokedHostKeys`: a list of them, or a KRL, which is not read here.
    fn revoke(&mut self, list: &str, tokens: &Tokens) {
        let read = tokens.expand(list.trim_matches('"')).ok().and_then(|path| fs::read(path).ok());
        let Some(bytes) = read.filter(|bytes| !bytes.starts_with(b"SSHKRL")) else {
            self.unclear = true;
            return;
        };
        let text = String::from_utf8_lossy(&bytes);
        self.revoked.extend(text.lines().filter_map(wire::public_line).map(|key| key.blob));
    }
}

#[cfg(all(test, unix))]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAfuCHKVTjquxvt6CM6tdG4SLp1Btn/nOeHHE5UOzRdf";
    const LIMIT: Duration = Duration::from_secs(10);

    fn look(lines: &[(&str, &str)], limit: Duration) -> (usize, usize, bool) {
        let options: Options = [("hostname", "h.example"), ("port", "22"), ("globalknownhostsfile", "/dev/null")]
            .iter()
            .chain(lines)
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let all = remembered(&options, None, limit);
        (all.keys.len(), all.revoked.len(), all.unclear)
    }

    #[test]
    fn what_can_not_be_looked_up_is_told() {
        let place = tempfile::tempdir().unwrap();
        let file = |name: &str, text: String| {
            let path = place.path().join(name);
            fs::write(&path, text).unwrap();
            path.to_str().unwrap().to_owned()
        };
        let known = file("known", format!("h.example {KEY}\n"));
        let blank = file("my known hosts", format!("h.example {KEY}\n"));
        let token = file("known-h.example", format!("h.example {KEY}\n"));
        let other = file("other", format!("other.example {KEY}\n"));
        let revoked = file("revoked", format!("{KEY} note\n"));
        let folder = place.path().to_str().unwrap();
        let user = |files: &str| look(&[("userknownhostsfile", files)], LIMIT);
        assert_eq!(user(&known), (1, 0, false));
        assert_eq!(user(&format!("/no/such {blank} {other}")), (1, 0, false));
        assert_eq!(user(&token.replace("h.example", "%h")), (1, 0, false));
        assert_eq!(user(&other), (0, 0, false));
        assert_eq!(look(&[("userknownhostsfile", &other), ("knownhostscommand", "/bin/true")], LIMIT), (0, 0, true));
        assert_eq!(look(&[("userknownhostsfile", &other), ("revokedhostkeys", &revoked)], LIMIT), (0, 1, false));
        assert_eq!(look(&[("userknownhostsfile", &other), ("revokedhostkeys", folder)], LIMIT), (0, 0, true));
        // No time is as good as no ssh-keygen.
        assert_eq!(look(&[("userknownhostsfile", &known)], Duration::ZERO), (0, 0, true));
    }
}
