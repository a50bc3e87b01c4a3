//! Which git host a name, a session or a slip of the pen stands for.

use super::catalogue::PROVIDERS;
use super::git_host::Provider;
use crate::model::session::Session;

/// The provider that answers at `host`.
pub fn by_host(host: &str) -> Option<&'static Provider> {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    PROVIDERS.iter().find(|provider| provider.serves(&host))
}

/// The provider whose server calls itself `software`.
pub fn by_software(software: &str) -> Option<&'static Provider> {
    PROVIDERS.iter().find(|provider| provider.software.iter().any(|name| software.starts_with(name)))
}

/// The provider with this id.
pub fn by_id(id: &str) -> Option<&'static Provider> {
    PROVIDERS.iter().find(|provider| provider.id == id)
}

/// The provider that a user meant who typed `host`, where that is another host.
pub fn mistaken(host: &str) -> Option<&'static Provider> {
    let host = host.to_ascii_lowercase();
    PROVIDERS.iter().find(|provider| provider.mistaken_for.contains(&host.as_str()))
}

/// The host of a provider that a misspelt name was meant to be: one or two letters differ, as in `githib.com`.
pub(crate) fn misspelt(host: &str) -> Option<(&'static str, &'static Provider)> {
    let host = host.to_ascii_lowercase();
    let names = PROVIDERS.iter().flat_map(|provider| provider.hosts.iter().map(move |name| (*name, provider)));
    // A name that holds a provider's is no slip: the provider itself, or somebody's own server.
    if names.clone().any(|(name, _)| host.contains(name)) {
        return None;
    }
    let like = names.filter(|(name, _)| name.len().abs_diff(host.len()) <= 3);
    // Letters put in, taken out, replaced, or exchanged with their neighbour.
    let near = like.map(|(name, provider)| (strsim::osa_distance(&host, name), name, provider));
    let near = near.min_by_key(|(far, ..)| *far)?;
    let (far, name, provider) = near;
    // A longer name leaves more room for a slip.
    (far <= name.len() / 5).then_some((name, provider))
}

/// The provider that a session's names stand for: the dialled host, its host key's alias, or what was typed.
pub(crate) fn named(session: &Session) -> Option<&'static Provider> {
    let typed = session.typed.as_ref().filter(|typed| typed.own || session.host.is_none());
    let names = [session.host.as_deref(), session.alias.as_deref(), typed.map(|typed| typed.host.as_str())];
    names.into_iter().flatten().find_map(by_host)
}

/// The provider on the other side of a session: by its names, its greeting or its software.
pub(crate) fn of(session: &Session) -> Option<&'static Provider> {
    let greeted = || {
        session
            .first(|kind| match kind {
                crate::model::Kind::Greeting(greeting) => by_id(greeting.provider),
                _ => None,
            })
            .map(|(provider, _)| provider)
    };
    let software = || session.server_software.as_deref().and_then(by_software);
    named(session).or_else(greeted).or_else(software)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_slip_of_the_pen() {
        let meant = |name: &str| misspelt(name).map(|(host, _)| host);
        for (name, host) in [
            ("githib.com", "github.com"),
            ("GitHbu.com", "github.com"),
            ("gitlab.con", "gitlab.com"),
            ("bitbuket.org", "bitbucket.org"),
        ] {
            assert_eq!(meant(name), Some(host), "{name}");
        }
        for name in
            ["github.com", "mygitlab.com", "github.corp.example", "git.example.org", "box", "", "gitlab", "hub.com"]
        {
            assert_eq!(meant(name), None, "{name}");
        }
    }

    #[test]
    fn ids_and_hosts_are_unique() {
        let ids: BTreeSet<_> = PROVIDERS.iter().map(|provider| provider.id).collect();
        assert_eq!(ids.len(), PROVIDERS.len());
        let hosts: Vec<_> = PROVIDERS.iter().flat_map(|provider| provider.hosts).collect();
        assert_eq!(hosts.iter().collect::<BTreeSet<_>>().len(), hosts.len());
    }

    #[test]
    fn fingerprints_are_whole() {
        for provider in PROVIDERS {
            for key in provider.host_keys {
                assert!(crate::model::key::is_fingerprint(key.fingerprint), "{} {}", provider.id, key.fingerprint);
            }
        }
    }

    #[test]
    fn hosts_are_found_under_any_spelling() {
        assert_eq!(by_host("GitHub.com.").map(|provider| provider.id), Some("github"));
        assert_eq!(by_host("ssh.github.com").map(|provider| provider.id), Some("github"));
        assert_eq!(by_host("git-codecommit.eu-west-1.amazonaws.com").map(|provider| provider.id), Some("codecommit"));
        assert!(by_host("github.com.evil.example").is_none());
        assert!(by_host("notgithub.com").is_none());
    }
}
