//! What OpenSSH's client can and cannot.

use crate::model::client::{no, partly, yes};
use crate::model::{Capability, Client};

/// Runs of the client of Debian 12.
const SEEN: &str = "seen with OpenSSH 9.2p1";
const CONFIG: &str = "https://man.openbsd.org/ssh_config";
const SSH: &str = "https://man.openbsd.org/ssh";

pub(super) const CLIENT: Client = Client {
    versions: "OpenSSH 5.3 to 10.5",
    also: &["git", "scp", "sftp", "rsync"],
    answers: &[
        yes(Capability::Config, "reads ~/.ssh/config and /etc/ssh/ssh_config", CONFIG),
        yes(Capability::KnownHosts, "reads ~/.ssh/known_hosts; another port than 22 stands there as [host]:port", SEEN),
        yes(Capability::HashedHosts, "finds hashed names in known_hosts", SEEN),
        yes(Capability::HostAuthority, "heeds @cert-authority lines in known_hosts", CONFIG),
        yes(Capability::Agent, "asks the agent of SSH_AUTH_SOCK or of IdentityAgent", CONFIG),
        yes(
            Capability::DefaultFiles,
            "tries id_rsa, id_ecdsa, id_ecdsa_sk, id_ed25519, id_ed25519_sk and others in ~/.ssh, unless a key is named",
            SEEN,
        ),
        yes(
            Capability::Order,
            "offers named keys that the agent holds, then the agent's others, then files; with IdentitiesOnly only named ones",
            CONFIG,
        ),
        yes(Capability::OpenSshFormat, "reads its own key format; Windows line ends in it make it invalid", SEEN),
        yes(Capability::Pem, "reads PKCS#1, SEC1 and RSA in PKCS#8; ed25519 in PKCS#8 is invalid to it", SEEN),
        no(Capability::Ppk, "reads no PPK files; puttygen FILE.ppk -O private-openssh -o FILE converts them", SEEN),
        yes(Capability::Ed25519, "takes ed25519 keys", SEEN),
        yes(
            Capability::Encrypted,
            "asks for the passphrase, at a terminal or by SSH_ASKPASS; with BatchMode it cannot ask",
            SSH,
        ),
        yes(
            Capability::RsaSha2,
            "signs with RSA by SHA-2 (7.2 on), and by SHA-1 only if it is told to (8.8 on)",
            "https://www.openssh.com/txt/release-8.8",
        ),
        yes(Capability::Certificates, "offers FILE-cert.pub beside a key by itself", SSH),
        partly(
            Capability::Fido,
            "signs with FIDO keys, if it was built with libfido2 (8.2 on)",
            "https://www.openssh.com/txt/release-8.2",
        ),
        yes(Capability::NamingAKey, "takes a key by -i FILE or IdentityFile", SSH),
        yes(Capability::LoggingMore, "tells more with -v, twice for more", SSH),
    ],
};
