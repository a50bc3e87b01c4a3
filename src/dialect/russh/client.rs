//! What russh can and cannot.

use crate::model::client::{no, partly, yes};
use crate::model::{Capability, Client};

/// Runs of small programs against OpenSSH 9.2 and Go's server.
const SEEN: &str = "seen with russh 0.65.1";
const HOSTS: &str = "https://docs.rs/russh/0.65.1/src/russh/keys/known_hosts.rs.html";

pub(super) const CLIENT: Client = Client {
    versions: "russh 0.65.1",
    also: &[],
    answers: &[
        no(Capability::Config, "reads no ~/.ssh/config by itself (russh-config is a crate of its own)", SEEN),
        partly(Capability::KnownHosts, "reads known_hosts only if the program asks for it", SEEN),
        yes(Capability::HashedHosts, "finds hashed names in known_hosts", HOSTS),
        no(Capability::HostAuthority, "does not heed @cert-authority lines", HOSTS),
        partly(Capability::Agent, "asks the agent only if the program does", SEEN),
        no(Capability::DefaultFiles, "tries no default files: the program names each", SEEN),
        partly(Capability::Order, "goes by the program's order", SEEN),
        yes(Capability::OpenSshFormat, "reads keys in OpenSSH's format, also with Windows line ends", SEEN),
        yes(
            Capability::Pem,
            "reads PKCS#1, PKCS#8 and SEC1",
            "https://docs.rs/russh/latest/russh/keys/fn.decode_secret_key.html",
        ),
        yes(Capability::Ppk, "opens PPK files", SEEN),
        yes(Capability::Ed25519, "takes ed25519 keys", SEEN),
        partly(Capability::Encrypted, "opens an encrypted key only with a passphrase that the program hands on", SEEN),
        yes(
            Capability::RsaSha2,
            "signs with RSA by the hash that the program chooses, and by SHA-1 where the server names none",
            SEEN,
        ),
        partly(Capability::Certificates, "offers a certificate only if the program hands it on", SEEN),
        partly(
            Capability::Fido,
            "signs with a FIDO key that an agent holds; with the file of one it ends after the server's yes",
            SEEN,
        ),
        yes(
            Capability::NamingAKey,
            "takes a key by load_secret_key(PATH, PASSPHRASE) and authenticate_publickey",
            "https://docs.rs/russh/latest/russh/client/struct.Handle.html",
        ),
        yes(
            Capability::LoggingMore,
            "logs through the log crate: RUST_LOG=russh=debug in a program that has a logger",
            SEEN,
        ),
    ],
};
