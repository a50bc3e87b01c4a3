//! Which git hosts to ask where the user names none, and why those.

use std::thread;
use std::time::Duration;

use super::destination::Destination;
use super::program::Program;
use super::thread::beside;
use super::{config, git};
use crate::model::Role;
use crate::provider::PROVIDERS;

/// Git hosts, and where they come from.
#[derive(Clone, Debug)]
pub(crate) struct Chosen {
    /// The destinations.
    pub places: Vec<Destination>,
    /// Why these, for the report.
    pub why: &'static str,
}

/// The git hosts to ask: the repository's, else those that the user's files name, else the two that most use.
pub(crate) fn choose(ssh: &Program, args: &[String], limit: Duration) -> Chosen {
    let places = git::remotes(args, limit);
    if !places.is_empty() {
        return Chosen { places, why: "this repository's remotes" };
    }
    let read = |hosts: &[String]| {
        let place = |host: &String| {
            let place = Destination::new(Role::Vcs, Destination::parse(host)?, args);
            Some(Destination { guessed: true, ..place })
        };
        hosts.iter().filter_map(place).collect()
    };
    let hosts = of_files(ssh, args, limit);
    if !hosts.is_empty() {
        return Chosen { places: read(&hosts), why: "named in your known_hosts or configuration" };
    }
    let usual = ["git@github.com", "git@bitbucket.org"].map(str::to_owned);
    Chosen { places: read(&usual), why: "the usual ones; --vcs names others" }
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
