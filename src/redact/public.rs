//! What everybody knows, and so may stay: git hosts, their keys and user, loopback, well-known ports and files.

use core::net::IpAddr;

use super::sort::Sort;
use crate::provider::{self, PROVIDERS};

/// Domains that SSH's extensions are named after (RFC 4251 §6).
const EXTENDERS: &[&str] = &[
    "openssh.com",
    "libssh.org",
    "lysator.liu.se",
    "ssh.com",
    "ucc.asn.au",
    "tartarus.org",
    "tinyssh.org",
    "cr.yp.to",
    "libassh.org",
    "dropbear.org",
    "dbclient.org",
];

/// Domains of software and of its documentation.
const DOMAINS: &[&str] = &[
    "openssh.com",
    "openssh.org",
    "libssh.org",
    "libssh2.org",
    "lysator.liu.se",
    "ssh.com",
    "ucc.asn.au",
    "tartarus.org",
    "tinyssh.org",
    "cr.yp.to",
    "amazonaws.com",
    "openbsd.org",
    "debian.org",
    "ubuntu.com",
    "launchpad.net",
    "redhat.com",
    "fedoraproject.org",
    "kernel.org",
    "git-scm.com",
    "github.com",
    "gitlab.com",
    "bitbucket.org",
    "atlassian.com",
    "atlassian.net",
    "microsoft.com",
    "azure.com",
    "apple.com",
    "golang.org",
    "go.dev",
    "rust-lang.org",
    "python.org",
    "paramiko.org",
    "asyncssh.org",
    "twistedmatrix.com",
    "apache.org",
    "jcraft.com",
    "stackoverflow.com",
    "superuser.com",
    "serverfault.com",
    "stackexchange.com",
    "wikipedia.org",
    "rfc-editor.org",
    "ietf.org",
    "gnu.org",
    "gnupg.org",
    "crates.io",
    "docs.rs",
    "npmjs.com",
    "pypi.org",
];

/// Of these only the domain itself is everybody's; what stands before it may be somebody's.
const RENTED: &[&str] = &["amazonaws.com", "azure.com", "atlassian.net"];

/// Names that stand for no host in particular.
const NOBODY: &[&str] = &[
    "localhost",
    "localhost.localdomain",
    "unknown",
    "none",
    "remote",
    "any",
    "nil",
    "null",
    "github",
    "gitlab",
    "bitbucket",
];

/// Ports beyond 1023 that services are known by: SSH's second choices, git servers' own.
const PORTS: &[u16] = &[2222, 7999, 8022, 22222, 29418];

/// Addresses that every machine has: of its own, of its resolver, of its network.
const EVERYBODYS: &[&str] = &["127.0.0.1", "127.0.1.1", "127.0.0.53", "::1", "255.255.255.255"];

/// Whether a value tells nothing of whose the log is.
pub(super) fn is(sort: Sort, value: &str) -> bool {
    match sort {
        Sort::User => PROVIDERS.iter().any(|provider| provider.users.contains(&value)),
        Sort::Host => host(value),
        Sort::Address => address(value),
        Sort::Port => value.parse::<u16>().map_or(true, |port| port < 1024 || PORTS.contains(&port)),
        Sort::Fingerprint => {
            let whole = format!("SHA256:{value}");
            PROVIDERS.iter().any(|provider| provider.host_key(&whole).is_some())
        }
        _ => host(value),
    }
}

/// Whether a host is everybody's.
pub(super) fn host(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let below = |domain: &&&str| name.strip_suffix(**domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    let domain = DOMAINS.iter().chain(EXTENDERS).find(below);
    NOBODY.contains(&name.as_str())
        || provider::mistaken(&name).is_some()
        || provider::by_host(&name).is_some_and(|_| before_provider(&name).is_none())
        || domain.is_some_and(|domain| name == *domain || !RENTED.contains(domain))
}

/// What a customer's own name is, where a provider gives each one under its domain.
pub(super) fn before_provider(name: &str) -> Option<&str> {
    let low = name.to_ascii_lowercase();
    let domains = PROVIDERS.iter().flat_map(|provider| provider.hosts).filter(|host| host.starts_with('.'));
    domains.filter(|domain| low.ends_with(**domain)).map(|domain| &name[..name.len() - domain.len()]).next()
}

/// Whether `name@domain` is an algorithm's or an extension's name.
pub(super) fn is_extension(name: &str, domain: &str) -> bool {
    let domain = domain.to_ascii_lowercase();
    let vendor = EXTENDERS
        .iter()
        .any(|known| domain == *known || domain.strip_suffix(known).is_some_and(|rest| rest.ends_with('.')));
    vendor && !name.contains('.')
}

fn address(value: &str) -> bool {
    match value.parse::<IpAddr>() {
        Ok(address) => address.is_unspecified() || EVERYBODYS.contains(&value),
        // A network card's address, or none.
        Err(_) => {
            !super::address::is_hardware(value)
                || value.bytes().all(|byte| matches!(byte, b'f' | b'F' | b'0' | b':' | b'-'))
        }
    }
}
