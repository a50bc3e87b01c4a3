//! Whether a server's host key is the right one: no answer of a stranger is believed, and no key offered to one.

use super::remembered::Remembered;
use crate::live::config::Options;
use crate::model::facts::option;
use crate::model::key_type::KEY_TYPES;
use crate::model::{Family, KeyType};
use crate::provider;
use crate::wire;

/// The kinds of host keys that libssh2 knows, in the order in which they are asked for: a server shows one of its
/// keys a connection.
pub(super) const KINDS: [Family; 3] = [Family::Ed25519, Family::Ecdsa, Family::Rsa];

/// The algorithms of host keys of a kind. libssh2 has neither certificates nor FIDO keys.
fn algorithms_of(family: Family) -> Vec<&'static str> {
    let fits = |kind: &&KeyType| kind.family == family && !kind.is_certificate() && !kind.is_security_key();
    KEY_TYPES.iter().filter(fits).flat_map(KeyType::algorithms).collect()
}

/// How far a host key is to be trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trust {
    /// known_hosts has it.
    Remembered,
    /// The host's owner publishes it.
    Published,
    /// The user named it.
    Named,
    /// Nothing is known of it, and ssh is told not to mind.
    Unminded,
    /// Nothing is known of it.
    Unknown,
    /// Whether it is known can't be told.
    Unclear,
    /// Another one is known.
    Changed,
    /// known_hosts has it marked as revoked.
    Revoked,
}

impl Trust {
    /// Whether keys may be offered to a server that shows it.
    pub fn is_enough(&self) -> bool {
        matches!(self, Self::Remembered | Self::Published | Self::Named | Self::Unminded)
    }

    /// In words, for `its host key …`.
    pub fn words(&self) -> &'static str {
        match self {
            Self::Remembered => "is the one in known_hosts",
            Self::Published => "is one that its owner publishes",
            Self::Named => "is the one that was named",
            Self::Unminded => "is not known, and StrictHostKeyChecking does not mind",
            Self::Unknown => "is not known",
            Self::Unclear => "can't be compared with what ssh remembers",
            Self::Changed => "is another than the one that is known",
            Self::Revoked => "is revoked",
        }
    }
}

impl Remembered {
    /// The algorithms to ask the server for, the remembered keys' first. libssh2's names, without certificates.
    /// After the first turn, those of one kind alone.
    pub(super) fn algorithms(&self, turn: usize) -> String {
        if let Some(alone) = turn.checked_sub(1).and_then(|turn| KINDS.get(turn)) {
            return algorithms_of(*alone).join(",");
        }
        let known: Vec<&str> = self.keys.iter().filter_map(|key| wire::algorithm_name(key)).collect();
        let is_known = |name: &&str| {
            KEY_TYPES
                .iter()
                .any(|kind| kind.algorithms().contains(name) && kind.wire.is_some_and(|wire| known.contains(&wire)))
        };
        let (first, rest): (Vec<&str>, Vec<&str>) = KINDS.into_iter().flat_map(algorithms_of).partition(is_known);
        // RSA with SHA-1 comes last of all, whatever is remembered.
        let (last, all): (Vec<&str>, Vec<&str>) = first.into_iter().chain(rest).partition(|name| *name == "ssh-rsa");
        [all, last].concat().join(",")
    }

    /// What to make of a host key. `named` are fingerprints that the user vouches for.
    pub(super) fn judge(&self, key: &[u8], options: &Options, named: &[String]) -> Trust {
        let value = |wanted: &str| option(options, wanted);
        let print = wire::fingerprint(key);
        if self.revoked.iter().any(|revoked| revoked == key) {
            return Trust::Revoked;
        }
        if self.keys.iter().any(|known| known == key) {
            return Trust::Remembered;
        }
        if named.contains(&print) {
            return Trust::Named;
        }
        if !self.keys.is_empty() {
            return Trust::Changed;
        }
        let published = value("hostname").and_then(provider::by_host).filter(|provider| !provider.host_keys.is_empty());
        if let Some(provider) = published {
            return match provider.host_key(&print) {
                Some(key) if key.retired.is_none() => Trust::Published,
                _ => Trust::Changed,
            };
        }
        match value("stricthostkeychecking") {
            _ if self.unclear => Trust::Unclear,
            Some("no" | "off" | "false" | "accept-new") => Trust::Unminded,
            _ => Trust::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GITHUB: &str = "AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
    const GITLAB: &str = "AAAAC3NzaC1lZDI1NTE5AAAAIAfuCHKVTjquxvt6CM6tdG4SLp1Btn/nOeHHE5UOzRdf";

    fn options(host: &str, strict: &str) -> Options {
        [("hostname", host), ("port", "22"), ("stricthostkeychecking", strict)]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into()
    }

    #[test]
    fn only_a_known_key_is_enough() {
        let (hub, lab) = (wire::decode(GITHUB).unwrap(), wire::decode(GITLAB).unwrap());
        let mut known = Remembered::default();
        let other = options("h.example", "ask");
        assert_eq!(known.judge(&lab, &other, &[]), Trust::Unknown);
        assert_eq!(known.judge(&lab, &other, &[wire::fingerprint(&lab)]), Trust::Named);
        assert_eq!(known.judge(&lab, &options("h.example", "accept-new"), &[]), Trust::Unminded);
        assert_eq!(known.judge(&hub, &options("github.com", "ask"), &[]), Trust::Published);
        assert_eq!(known.judge(&lab, &options("github.com", "no"), &[]), Trust::Changed);
        known.add(&format!(
            "# Host h found: line 1\n|1|x|y ssh-ed25519 {GITHUB} note\n@cert-authority *.e ssh-ed25519 {GITLAB}\n"
        ));
        assert_eq!(known.judge(&hub, &other, &[]), Trust::Remembered);
        assert_eq!(known.judge(&lab, &options("h.example", "no"), &[]), Trust::Changed);
        let unclear = Remembered { unclear: true, ..Remembered::default() };
        assert_eq!(unclear.judge(&lab, &options("h.example", "no"), &[]), Trust::Unclear);
        assert_eq!(unclear.judge(&hub, &options("github.com", "ask"), &[]), Trust::Published);
        known.add(&format!("@revoked h.example ssh-ed25519 {GITHUB}\n"));
        assert_eq!(known.judge(&hub, &other, &[wire::fingerprint(&hub)]), Trust::Revoked);
        assert!(known.algorithms(0).starts_with("ssh-ed25519,"));
    }
}
