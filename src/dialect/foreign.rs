//! Other clients' and servers' logs: recognised, so that their lines are not taken for OpenSSH's client.

/// Who wrote a line, where its words leave no doubt. `None` for most lines of any log.
pub fn recognise(text: &str) -> Option<&'static str> {
    MARKS.iter().find(|(_, mark)| mark.fits(text)).map(|(name, _)| *name)
}

enum Mark {
    Starts(&'static str),
    Holds(&'static str),
}

impl Mark {
    fn fits(&self, text: &str) -> bool {
        match self {
            Self::Starts(words) => text.starts_with(words),
            Self::Holds(words) => text.contains(words),
        }
    }
}

use Mark::{Holds, Starts};

const MARKS: &[(&str, Mark)] = &[
    ("sshd", Holds("sshd[")),
    ("sshd", Holds("sshd-session[")),
    ("sshd", Holds("sshd-auth[")),
    ("sshd", Holds("[preauth]")),
    ("sshd", Starts("Server listening on ")),
    ("sshd", Starts("debug1: sshd version ")),
    ("sshd", Starts("debug1: sshd-session version ")),
    ("sshd", Starts("debug1: Server will not fork when running in debugging mode")),
    ("sshd", Starts("debug1: inetd sockets after dup")),
    ("sshd", Starts("debug1: Client protocol version 2.0; client software version ")),
    ("sshd", Starts("debug1: userauth-request for user ")),
    ("sshd", Starts("Accepted publickey for ")),
    ("sshd", Starts("Failed publickey for ")),
    ("sshd", Starts("Authentication refused: bad ownership or modes for ")),
    ("dropbear", Holds("dropbear[")),
    ("plink", Starts("We claim version: SSH-2.0-PuTTY")),
    ("plink", Starts("Looking up host \"")),
    ("plink", Starts("We believe remote version has ")),
    ("plink", Starts("Using username \"")),
    ("plink", Starts("Offered public key")),
    ("plink", Starts("Server refused our key")),
    ("plink", Starts("FATAL ERROR: ")),
    ("paramiko", Holds("paramiko.")),
    ("paramiko", Starts("DEBUG:paramiko")),
    ("asyncssh", Holds("asyncssh.")),
    ("asyncssh", Holds("[conn=")),
    ("go", Holds("ssh: handshake failed: ")),
    ("go", Holds("ssh: unable to authenticate, attempted methods")),
    ("libgit2", Holds("class=Ssh (")),
    ("jsch", Holds("com.jcraft.jsch")),
    ("ssh2.js", Holds("All configured authentication methods failed")),
];

/// The words of all marks that a plain line can fit.
#[cfg(test)]
pub(super) fn wordings() -> impl Iterator<Item = &'static str> {
    MARKS.iter().map(|(_, mark)| match mark {
        Starts(words) | Holds(words) => *words,
    })
}

#[cfg(test)]
mod tests {
    use super::recognise;

    #[test]
    fn servers_are_not_clients() {
        assert_eq!(
            recognise("May 10 22:47:08 web sshd[5799]: Connection closed by 192.0.2.1 port 59061 [preauth]"),
            Some("sshd")
        );
        assert_eq!(recognise("debug1: Offering public key: /home/dev/.ssh/id_rsa"), None);
        assert_eq!(recognise("git@github.com: Permission denied (publickey)."), None);
    }
}
