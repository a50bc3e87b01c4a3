//! Which git hosts to ask where the user names none, and why those.

use std::thread;
use std::time::Duration;

use super::program::Program;
use super::thread::beside;
use super::{config, process};
use crate::provider::PROVIDERS;
use crate::shell;

/// Git hosts, and where they come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// Destinations, as ssh takes them.
    pub hosts: Vec<String>,
    /// Why these, for the report.
    pub why: &'static str,
}

/// The git hosts to ask: the repository's, else those that the user's files name, else the two that most use.
pub fn choose(ssh: &Program, args: &[String], limit: Duration) -> Chosen {
    let hosts = of_repository(limit);
    if !hosts.is_empty() {
        return Chosen { hosts, why: "this repository's remotes" };
    }
    let hosts = of_files(ssh, args, limit);
    if !hosts.is_empty() {
        return Chosen { hosts, why: "named in your known_hosts or configuration" };
    }
    Chosen {
        hosts: vec!["git@github.com".into(), "git@bitbucket.org".into()],
        why: "the usual ones; --vcs names others",
    }
}

/// The ssh hosts of the remotes of the repository that one stands in.
fn of_repository(limit: Duration) -> Vec<String> {
    let Ok(output) = process::run("git", ["remote", "-v"], limit) else {
        return Vec::new();
    };
    let mut hosts = Vec::new();
    for line in output.text().lines() {
        let Some(address) = line.split_whitespace().nth(1) else {
            continue;
        };
        let words = ["git".to_owned(), "clone".to_owned(), address.to_owned()];
        let Some(typed) = shell::parse_git(&words) else {
            continue;
        };
        let user = typed.user.map_or_else(String::new, |user| format!("{user}@"));
        let host = match typed.port {
            Some(port) => format!("ssh://{user}{}:{port}", typed.host),
            None => format!("{user}{}", typed.host),
        };
        if !hosts.contains(&host) {
            hosts.push(host);
        }
    }
    hosts
}

/// Known providers that known_hosts has a key of, or that the configuration treats unlike any other host.
fn of_files(ssh: &Program, args: &[String], limit: Duration) -> Vec<String> {
    let ask = |host: &str| {
        let words: Vec<String> = args.iter().cloned().chain([host.to_owned()]).collect();
        config::ask(ssh, &words, limit).ok().and_then(|fact| fact.known().cloned())
    };
    let Some(plain) = ask("host.invalid") else {
        return Vec::new();
    };
    let names: Vec<&str> = PROVIDERS
        .iter()
        .flat_map(|provider| provider.hosts)
        .copied()
        .filter(|host| !host.starts_with('.') && !host.starts_with("git-codecommit"))
        .collect();
    let home = super::paths::home();
    // A pattern that fits every name names none.
    let all_known = super::known_hosts::is_known(&plain, home.as_deref(), limit) == Some(true);
    let named: Vec<bool> = thread::scope(|scope| {
        let asked: Vec<_> = names
            .iter()
            .map(|name| {
                let (plain, ask, home) = (&plain, &ask, home.as_deref());
                beside(scope, move || {
                    let Some(options) = ask(name) else {
                        return false;
                    };
                    let treated = options
                        .iter()
                        .filter(|(key, _)| key != "host" && key != "hostname")
                        .ne(plain.iter().filter(|(key, _)| key != "host" && key != "hostname"));
                    treated || !all_known && super::known_hosts::is_known(&options, home, limit) == Some(true)
                })
            })
            .collect();
        asked.into_iter().map(|thread| thread.join().unwrap_or(false)).collect()
    });
    names.into_iter().zip(named).filter(|(_, named)| *named).map(|(name, _)| format!("git@{name}")).collect()
}
