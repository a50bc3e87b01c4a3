//! What PuTTY and plink can and cannot.

use crate::model::client::{no, partly, yes};
use crate::model::{Capability, Client};

/// Runs of plink against OpenSSH 9.2 and dropbear, and PuTTY's own manual.
const SEEN: &str = "seen with plink 0.78";
const MANUAL: &str = "https://the.earth.li/~sgtatham/putty/0.83/htmldoc/";

pub(super) const CLIENT: Client = Client {
    versions: "PuTTY and plink 0.60 to 0.83",
    also: &["plink", "pscp", "psftp"],
    answers: &[
        no(
            Capability::Config,
            "reads no ~/.ssh/config: an alias there is an unknown name to it; it has saved sessions of its own",
            SEEN,
        ),
        no(
            Capability::KnownHosts,
            "reads no known_hosts: it keeps host keys of its own (the registry, or ~/.putty/sshhostkeys)",
            SEEN,
        ),
        no(Capability::HashedHosts, "reads no known_hosts", SEEN),
        no(
            Capability::HostAuthority,
            "reads no known_hosts; its own host certificate authorities are set in its configuration (0.78 on)",
            MANUAL,
        ),
        yes(
            Capability::Agent,
            "asks the agent: Pageant, or on Unix the one of SSH_AUTH_SOCK, which it calls Pageant all the same",
            SEEN,
        ),
        no(Capability::DefaultFiles, "tries no default files: without -i it has only the agent's keys", SEEN),
        yes(
            Capability::Order,
            "asks the agent first; with -i only for that key, and then offers the file once more",
            SEEN,
        ),
        no(
            Capability::OpenSshFormat,
            "does not log in with a key in OpenSSH's format; puttygen FILE -o FILE.ppk converts it",
            SEEN,
        ),
        no(Capability::Pem, "does not log in with a PEM key; puttygen FILE -o FILE.ppk converts it", SEEN),
        yes(Capability::Ppk, "reads PPK files, also with Windows line ends (version 3 from 0.75 on)", SEEN),
        yes(Capability::Ed25519, "takes ed25519 keys", SEEN),
        partly(
            Capability::Encrypted,
            "asks for the passphrase after the server has said yes; with -batch it cannot ask",
            SEEN,
        ),
        yes(Capability::RsaSha2, "signs with RSA by SHA-2 (0.75 on)", SEEN),
        partly(
            Capability::Certificates,
            "offers a certificate only if it is named with -cert or stands in the PPK file (0.78 on)",
            SEEN,
        ),
        partly(Capability::Fido, "signs with a FIDO key that an agent holds; it reads no file of one", SEEN),
        yes(Capability::NamingAKey, "takes a key by -i FILE.ppk, or in Connection > SSH > Auth > Credentials", MANUAL),
        yes(
            Capability::LoggingMore,
            "tells more with plink -v, with -sshlog FILE, or in the Event Log of a window",
            MANUAL,
        ),
    ],
};
