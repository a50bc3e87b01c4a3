//! What libssh can and cannot.

use crate::model::client::{no, partly, yes};
use crate::model::{Capability, Client};

/// Runs of its sample client and of ssh-python against OpenSSH 9.2.
const SEEN: &str = "seen with libssh 0.10.6 and 0.11.3";
const OLD: &str = "seen with libssh 0.10.6";
const NEW: &str = "seen with libssh 0.11.3 in ssh-python 1.2";
const API: &str = "https://api.libssh.org/stable/group__libssh__session.html";

pub(super) const CLIENT: Client = Client {
    versions: "libssh 0.10.6, and 0.11.3 in ssh-python 1.2",
    also: &["ssh-python"],
    answers: &[
        partly(
            Capability::Config,
            "reads ~/.ssh/config and /etc/ssh/ssh_config, unless the program says no; it warns of options that it does not know",
            SEEN,
        ),
        yes(Capability::KnownHosts, "reads ~/.ssh/known_hosts and /etc/ssh/ssh_known_hosts", OLD),
        yes(Capability::HashedHosts, "finds hashed names in known_hosts", OLD),
        no(Capability::HostAuthority, "does not heed @cert-authority lines", OLD),
        yes(Capability::Agent, "asks the agent of SSH_AUTH_SOCK", SEEN),
        yes(Capability::DefaultFiles, "tries id_ed25519, id_ecdsa and id_rsa in ~/.ssh, also beside a named key", OLD),
        yes(
            Capability::Order,
            "offers the agent's keys first, then the named one, then default files; naming one keeps none of the others back",
            OLD,
        ),
        yes(Capability::OpenSshFormat, "reads OpenSSH's key format, also with Windows line ends", OLD),
        yes(Capability::Pem, "reads PKCS#1, PKCS#8 and SEC1", NEW),
        no(Capability::Ppk, "reads no PPK files; puttygen FILE.ppk -O private-openssh -o FILE converts them", OLD),
        yes(Capability::Ed25519, "takes ed25519 keys", SEEN),
        partly(
            Capability::Encrypted,
            "opens an encrypted key only if the program gives it the passphrase; else it passes over the key",
            SEEN,
        ),
        partly(
            Capability::RsaSha2,
            "signs with RSA by SHA-2, and not at all for a server that does not say that it takes it",
            OLD,
        ),
        partly(
            Capability::Certificates,
            "offers no certificate by itself (0.10); with one beside the key, 0.11 offers the plain key and stops",
            SEEN,
        ),
        partly(Capability::Fido, "signs with a FIDO key that an agent holds; it reads no file of one", NEW),
        yes(Capability::NamingAKey, "takes a key by SSH_OPTIONS_IDENTITY, or from IdentityFile in ~/.ssh/config", API),
        yes(
            Capability::LoggingMore,
            "tells of each key at level 3: SSH_OPTIONS_LOG_VERBOSITY, LIBSSH_DEBUG=3, or LogLevel in ~/.ssh/config",
            API,
        ),
    ],
};
