//! What Paramiko can and cannot.

use crate::model::client::{no, partly, yes};
use crate::model::{Capability, Client};

/// Runs of paramiko 5.1.0, fabric 3.2.3 and ansible-core 2.19 against OpenSSH 9.2.
const SEEN: &str = "seen with paramiko 5.1.0";
const FABRIC: &str = "seen with paramiko 5.1.0 and fabric 3.2.3";
const MANUAL: &str = "https://docs.paramiko.org/en/stable/api/client.html";

pub(super) const CLIENT: Client = Client {
    versions: "paramiko 1.18 to 5.1",
    also: &["fabric", "ansible", "netmiko", "sshtunnel"],
    answers: &[
        partly(
            Capability::Config,
            "reads no ~/.ssh/config by itself; fabric does, and a program can with paramiko.SSHConfig",
            FABRIC,
        ),
        partly(
            Capability::KnownHosts,
            "reads known_hosts only if the program calls load_system_host_keys or load_host_keys; fabric takes any \
             unknown host without a word",
            FABRIC,
        ),
        yes(Capability::HashedHosts, "finds hashed names in known_hosts", SEEN),
        no(
            Capability::HostAuthority,
            "knows no host authorities, and stops at a known_hosts that holds an @cert-authority line \
             (InvalidHostKey)",
            SEEN,
        ),
        yes(
            Capability::Agent,
            "asks the agent of SSH_AUTH_SOCK unless allow_agent=False; of a dead one it says nothing",
            SEEN,
        ),
        yes(
            Capability::DefaultFiles,
            "tries ~/.ssh/id_rsa, id_ecdsa and id_ed25519, also where a key is named, unless look_for_keys=False",
            SEEN,
        ),
        yes(
            Capability::Order,
            "tries pkey, then key_filename, then the agent's keys, then the default files; naming a key leaves out \
             none of the others, and at the second key some servers (AsyncSSH) hang up",
            SEEN,
        ),
        yes(Capability::OpenSshFormat, "reads keys in OpenSSH's format, also with Windows line ends", SEEN),
        partly(Capability::Pem, "reads PEM of its old kinds (RSA PRIVATE KEY, EC PRIVATE KEY) and no PKCS#8", SEEN),
        no(Capability::Ppk, "reads no PPK files; it says \"not a valid OPENSSH private key file\"", SEEN),
        yes(Capability::Ed25519, "takes ed25519 keys", SEEN),
        partly(
            Capability::Encrypted,
            "opens encrypted keys only with passphrase= (or password=), and never asks",
            SEEN,
        ),
        yes(
            Capability::RsaSha2,
            "signs with RSA by SHA-2 (2.9 on), and with a server that sends no server-sig-algs by rsa-sha2-512",
            SEEN,
        ),
        yes(
            Capability::Certificates,
            "offers FILE-cert.pub in place of the bare key where it lies beside the file",
            SEEN,
        ),
        partly(Capability::Fido, "signs with a FIDO key that an agent holds; it reads no file of one", SEEN),
        yes(
            Capability::NamingAKey,
            "takes a key by connect(key_filename=FILE, look_for_keys=False, allow_agent=False); fabric by -i FILE or \
             connect_kwargs, ansible by ansible_ssh_private_key_file",
            MANUAL,
        ),
        yes(
            Capability::LoggingMore,
            "tells more with logging.basicConfig(level=logging.DEBUG) or paramiko.util.log_to_file(FILE); fabric with \
             -d",
            "https://docs.paramiko.org/en/stable/api/util.html",
        ),
    ],
};
