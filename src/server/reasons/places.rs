//! Whether a path that a log names can be what a reason is about. A log may name any file, and a line of it may be
//! forged: what changes a file is printed only for one whose name says that it is such a file.

/// What a file or a folder can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// A user's file of keys (`AuthorizedKeysFile`).
    Keys,
    /// Anybody's file of keys: to be looked at, not to be changed.
    AnyKeys,
    /// A list of revoked keys (`RevokedKeys`).
    Revoked,
    /// A host key of the server's (`HostKey`).
    HostKey,
    /// The folder that sshd's unprivileged processes are shut into.
    Empty,
}

impl Place {
    /// Whether a path can be one, for this account.
    pub(crate) fn fits(self, path: &str, account: Option<&str>) -> bool {
        if !is_file(path) {
            return false;
        }
        let (folder, name) = path.rsplit_once('/').unwrap_or_default();
        let has = |words: &[&str]| words.iter().any(|word| name.to_ascii_lowercase().contains(word));
        match self {
            Self::Keys => {
                // `/etc/ssh/keys/dev` and `dev.pub` are the user's own.
                let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
                let own = account.is_some_and(|account| [name, stem].contains(&account)) && folder.contains("key");
                (name.starts_with("authorized_keys") || own) && !is_others(path, account)
            }
            Self::AnyKeys => name.starts_with("authorized_keys"),
            Self::Revoked => has(&["revoke", "krl"]),
            Self::HostKey => has(&["host"]) && has(&["key", "rsa", "dsa", "ed25519"]),
            Self::Empty => has(&["empty"]) || name == "sshd",
        }
    }
}

/// A whole name that leads nowhere else.
pub(crate) fn is_file(path: &str) -> bool {
    let up = path.split('/').any(|part| part == "..");
    path.starts_with('/') && !up && !path.chars().any(crate::text::unprintable)
}

/// Whether a file or a folder is the user's own: the home of that name, or the `.ssh` of a home that is named so.
pub(crate) fn is_own(path: &str, account: Option<&str>) -> bool {
    let Some(account) = account else { return false };
    let below = |home: &str| path.strip_prefix(home).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    if is_others(path, Some(account)) {
        return false;
    }
    let usual = match account {
        "root" => below("/root"),
        _ => below(&format!("/home/{account}")) || below(&format!("/Users/{account}")),
    };
    usual || names(path, account) && format!("{path}/").contains("/.ssh/")
}

/// Whether it stands in a home whose name is not this user's.
pub(crate) fn is_others(path: &str, account: Option<&str>) -> bool {
    let mut parts = path.split('/').skip(1);
    let home = match (parts.next(), parts.next()) {
        (Some("root"), _) => true,
        (Some("home" | "Users"), home) => home.is_some(),
        _ => false,
    };
    home && !account.is_some_and(|account| names(path, account))
}

/// Whether a folder on the way has the user's name, without a directory's domain (`dev@example.com`).
fn names(path: &str, account: &str) -> bool {
    let short = account.split('@').next().filter(|short| *short != "root").unwrap_or(account);
    let home = path.split("/.ssh").next().unwrap_or_default();
    home.split('/').any(|part| part == account || part == short)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_named_like_one_is_one() {
        let dev = Some("dev");
        for (place, yes) in [
            (Place::Keys, "/home/dev/.ssh/authorized_keys"),
            (Place::Keys, "/home/EXAMPLE/dev/.ssh/authorized_keys2"),
            (Place::Keys, "/etc/ssh/keys/dev"),
            (Place::Keys, "/etc/ssh/authorized_keys.d/dev"),
            (Place::Keys, "/etc/ssh/authorized_keys"),
            (Place::Revoked, "/etc/ssh/revoked_keys"),
            (Place::Revoked, "/etc/ssh/KRL"),
            (Place::HostKey, "/etc/ssh/ssh_host_ed25519_key"),
            (Place::HostKey, "/etc/dropbear/dropbear_rsa_host_key"),
            (Place::Empty, "/run/sshd"),
            (Place::Empty, "/var/empty"),
            (Place::Empty, "/usr/share/empty.sshd"),
        ] {
            assert!(place.fits(yes, dev), "{place:?} {yes}");
        }
        for no in [
            "",
            "/",
            "/etc/passwd",
            "/etc/dev",
            "/etc/nologin",
            "/etc/ssh/keys/../../shadow",
            "authorized_keys",
            "/root/.ssh/authorized_keys",
            "/home/other/.ssh/authorized_keys",
            "/home/.ssh/authorized_keys",
            "/home/dev/.ssh/id_ed25519",
            "/usr/bin/ssh-keygen",
            "/usr/bin/sudo",
            "/etc/ssh/sshd_config",
            "/home/dev/.ssh/authorized_keys\u{202e}",
        ] {
            for place in [Place::Keys, Place::Revoked, Place::HostKey, Place::Empty] {
                assert!(!place.fits(no, dev), "{place:?} {no}");
            }
        }
        assert!(!Place::Keys.fits("/home/dev/.ssh/authorized_keys", None));
        assert!(Place::Keys.fits("/root/.ssh/authorized_keys", Some("root")));
    }

    #[test]
    fn what_is_everybodys_is_not_the_users() {
        let dev = Some("dev");
        for own in ["/home/dev", "/home/dev/.ssh", "/srv/homes/dev/.ssh/authorized_keys", "/Users/dev/.ssh"] {
            assert!(is_own(own, dev), "{own}");
        }
        for other in [
            "/",
            "/home",
            "/etc/ssh/keys/dev",
            "/home/developer",
            "/dev",
            "/dev/shm",
            "/root/.ssh",
            "/home/other/.ssh",
            "/var/lib/other/.ssh/authorized_keys",
        ] {
            assert!(!is_own(other, dev), "{other}");
        }
        assert!(!is_own("/home/dev", None));
        assert!(is_own("/home/example.com/dev/.ssh", Some("dev@example.com")));
        assert!(!is_own("/root/.ssh", Some("root@example.com")));
    }
}
