//! What conch can and cannot.

use crate::model::client::{no, partly, yes};
use crate::model::{Capability, Client};

/// Runs against OpenSSH 9.2.
const SEEN: &str = "seen with Twisted 26.10.0";
const MANUAL: &str = "https://docs.twisted.org/en/stable/conch/man/conch-man.html";

pub(super) const CLIENT: Client = Client {
    versions: "Twisted 22 to 26",
    also: &["twisted", "cftp"],
    answers: &[
        no(Capability::Config, "reads no ~/.ssh/config: an alias there is an unknown name to it", SEEN),
        partly(
            Capability::KnownHosts,
            "reads known_hosts by the bare name and address and never finds [HOST]:PORT lines",
            SEEN,
        ),
        yes(Capability::HashedHosts, "finds hashed names in known_hosts", SEEN),
        no(Capability::HostAuthority, "does not heed @cert-authority lines", SEEN),
        yes(Capability::Agent, "asks the agent of SSH_AUTH_SOCK unless --noagent; of a dead one it says nothing", SEEN),
        partly(
            Capability::DefaultFiles,
            "tries ~/.ssh/id_rsa and id_dsa only, and only with their .pub beside them",
            SEEN,
        ),
        yes(
            Capability::Order,
            "tries the agent's keys first, then the files of -i; one without a .pub beside it is passed over in silence",
            SEEN,
        ),
        yes(Capability::OpenSshFormat, "reads keys in OpenSSH's format", SEEN),
        partly(Capability::Pem, "reads PKCS#1 and SEC1, and no PKCS#8", SEEN),
        no(Capability::Ppk, "reads no PPK files, and passes over them in silence", SEEN),
        yes(Capability::Ed25519, "takes ed25519 keys, but looks for no ~/.ssh/id_ed25519 by itself", SEEN),
        partly(
            Capability::Encrypted,
            "asks for the passphrase on /dev/tty after the server has said yes; without one it stays there",
            SEEN,
        ),
        no(
            Capability::RsaSha2,
            "signs with RSA by SHA-1 only (ssh-rsa), which OpenSSH from 8.8 on refuses as it would an unknown key",
            SEEN,
        ),
        no(Capability::Certificates, "offers no certificates", SEEN),
        partly(Capability::Fido, "signs with a FIDO key that an agent holds; it reads no file of one", SEEN),
        yes(
            Capability::NamingAKey,
            "takes a key by -i FILE with FILE.pub beside it, and --noagent leaves out the agent's",
            MANUAL,
        ),
        yes(Capability::LoggingMore, "tells more with -v --log, or --logfile FILE", MANUAL),
    ],
};
