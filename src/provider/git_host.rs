//! What is known of a git host.

/// A published host key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HostKey {
    /// `RSA`, `ECDSA`, `ED25519`.
    pub kind: &'static str,
    /// `SHA256:…`
    pub fingerprint: &'static str,
    /// Not valid any more: since when, and what to know about it.
    pub retired: Option<&'static str>,
}

/// A key that is valid today.
pub(super) const fn current(kind: &'static str, fingerprint: &'static str) -> HostKey {
    HostKey { kind, fingerprint, retired: None }
}

/// A key that was replaced.
pub(super) const fn retired(kind: &'static str, fingerprint: &'static str, since: &'static str) -> HostKey {
    HostKey { kind, fingerprint, retired: Some(since) }
}

/// A git host, or a kind of git host that people run themselves.
#[derive(Clone, Copy, Debug)]
pub struct Provider {
    /// Stable id, kebab-case.
    pub id: &'static str,
    /// Its name in a sentence.
    pub name: &'static str,
    /// Host names; one that begins with a dot stands for all names under it.
    pub hosts: &'static [&'static str],
    /// Login names that it takes; empty where each user has an own one.
    pub users: &'static [&'static str],
    /// Host and port that reach it where port 22 is blocked.
    pub alternate: Option<(&'static str, u16)>,
    /// Beginnings of its server's software name that no other product has.
    pub software: &'static [&'static str],
    /// Published host keys.
    pub host_keys: &'static [HostKey],
    /// Where a user registers keys.
    pub keys_page: Option<&'static str>,
    /// Address of an account's public keys, `{}` standing for the account.
    pub public_keys: Option<&'static str>,
    /// It says yes to a key before it knows whose it is.
    pub accepts_any: bool,
    /// Names by which people reach something else when they mean this host.
    pub mistaken_for: &'static [&'static str],
}

impl Provider {
    /// The host keys that it publishes today, as `TYPE FINGERPRINT`, joined by commas.
    pub fn published(&self) -> String {
        let current = self.host_keys.iter().filter(|key| key.retired.is_none());
        current.map(|key| format!("{} {}", key.kind, key.fingerprint)).collect::<Vec<_>>().join(", ")
    }

    pub(super) fn serves(&self, host: &str) -> bool {
        self.hosts.iter().any(|name| match name.strip_prefix('.') {
            Some(_) => host.ends_with(name),
            None => host == *name,
        }) || self.alternate.is_some_and(|(name, _)| host == name)
    }

    /// Whether `user` may log in. `None` where that differs from user to user.
    pub fn takes_user(&self, user: &str) -> Option<bool> {
        (!self.users.is_empty()).then(|| self.users.contains(&user))
    }

    /// The published host key with this fingerprint.
    pub fn host_key(&self, fingerprint: &str) -> Option<&'static HostKey> {
        self.host_keys.iter().find(|key| key.fingerprint == fingerprint)
    }
}
