//! What AsyncSSH can and cannot.

use crate::model::client::{no, partly, yes};
use crate::model::{Capability, Client};

/// Runs against OpenSSH 9.2, dropbear 2022.83 and paramiko 2.8.1.
const SEEN: &str = "seen with asyncssh 2.24.1";
const MANUAL: &str = "https://asyncssh.readthedocs.io/en/latest/api.html";

pub(super) const CLIENT: Client = Client {
    versions: "asyncssh 2.0 to 2.24",
    also: &[],
    answers: &[
        yes(
            Capability::Config,
            "reads ~/.ssh/config unless config=None (Host, HostName, Port, User, IdentityFile)",
            SEEN,
        ),
        yes(
            Capability::KnownHosts,
            "reads known_hosts unless known_hosts=None, which trusts any host; of an unknown and a changed key it \
             says the same",
            SEEN,
        ),
        yes(Capability::HashedHosts, "finds hashed names in known_hosts", SEEN),
        yes(Capability::HostAuthority, "heeds @cert-authority lines", SEEN),
        yes(
            Capability::Agent,
            "asks the agent of SSH_AUTH_SOCK unless agent_path=None; of a dead one it says nothing",
            SEEN,
        ),
        yes(
            Capability::DefaultFiles,
            "tries ~/.ssh/id_ed25519_sk, id_ecdsa_sk, id_ed448, id_ed25519, id_ecdsa, id_rsa and id_dsa where \
             client_keys is not given, and passes over encrypted ones in silence",
            SEEN,
        ),
        yes(
            Capability::Order,
            "tries the agent's keys before client_keys, so that a full agent uses up the server's limit",
            SEEN,
        ),
        yes(Capability::OpenSshFormat, "reads keys in OpenSSH's format, also with Windows line ends", SEEN),
        yes(Capability::Pem, "reads PEM keys (PKCS#1, PKCS#8, SEC1)", SEEN),
        no(Capability::Ppk, "reads no PPK files; it says \"Invalid private key\"", SEEN),
        yes(Capability::Ed25519, "takes ed25519 keys", SEEN),
        partly(
            Capability::Encrypted,
            "opens encrypted keys only with passphrase=; without it, a named key stops it before it connects",
            SEEN,
        ),
        yes(Capability::RsaSha2, "signs with RSA by SHA-2, and by SHA-1 where the server names no algorithms", SEEN),
        yes(Capability::Certificates, "offers FILE-cert.pub beside the file first, then the bare key", SEEN),
        partly(
            Capability::Fido,
            "signs with a FIDO key that an agent holds; with the file of one it ends after the server's yes",
            SEEN,
        ),
        yes(
            Capability::NamingAKey,
            "takes a key by connect(client_keys=[FILE], agent_path=None); without agent_path=None the agent's keys \
             come first",
            MANUAL,
        ),
        yes(
            Capability::LoggingMore,
            "tells more with logging.basicConfig(level=logging.DEBUG) and asyncssh.set_debug_level(2)",
            MANUAL,
        ),
    ],
};
