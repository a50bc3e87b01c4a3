//! What libssh2 can and cannot, and curl through it.

use crate::model::client::{no, partly, yes};
use crate::model::{Capability, Client};

/// Runs of small programs with it and of curl, and the formats that it was given.
const SEEN: &str = "seen with libssh2 1.11.1";
const CURL: &str = "seen with curl 7.88.1 and libssh2 1.10.0";

pub(super) const CLIENT: Client = Client {
    versions: "libssh2 1.10.0 and 1.11.1, curl 7.88.1",
    also: &["curl"],
    answers: &[
        no(
            Capability::Config,
            "reads no ~/.ssh/config, and curl neither: an alias there is an unknown name to it",
            CURL,
        ),
        partly(
            Capability::KnownHosts,
            "reads known_hosts if the program asks for it, as curl does; libssh2 1.10 ends in \"Unable to exchange encryption keys\" where the file has an RSA line of a newer OpenSSH server",
            CURL,
        ),
        yes(Capability::HashedHosts, "finds hashed names in known_hosts", CURL),
        no(Capability::HostAuthority, "does not heed @cert-authority lines", SEEN),
        partly(
            Capability::Agent,
            "asks the agent if the program does; curl does so after the key file, and names none of the agent's keys",
            CURL,
        ),
        partly(
            Capability::DefaultFiles,
            "tries the files that the program names; curl without --key looks for ~/.ssh/id_rsa and id_dsa alone, never for id_ed25519",
            CURL,
        ),
        partly(Capability::Order, "goes by the program's order; curl's is the key file first, the agent then", CURL),
        yes(Capability::OpenSshFormat, "reads keys in OpenSSH's format, also with Windows line ends", SEEN),
        yes(Capability::Pem, "reads PKCS#1, PKCS#8 and SEC1", "seen with libssh2 1.10.0"),
        no(
            Capability::Ppk,
            "reads no PPK files; puttygen FILE.ppk -O private-openssh -o FILE converts them",
            "seen with libssh2 1.10.0",
        ),
        yes(Capability::Ed25519, "takes ed25519 keys", SEEN),
        partly(
            Capability::Encrypted,
            "opens an encrypted key only with a passphrase that the program hands on (curl: --pass), and says \"Callback returned error\" without",
            SEEN,
        ),
        partly(
            Capability::RsaSha2,
            "signs with RSA by SHA-2 from 1.11 on; 1.10 signs by SHA-1, which OpenSSH 8.8 and newer refuse",
            "seen with libssh2 1.10.0 and 1.11.1",
        ),
        partly(Capability::Certificates, "offers a certificate only if it is named as the public key's file", SEEN),
        partly(
            Capability::Fido,
            "has the agent sign with a FIDO key and is refused all the same; libssh2_userauth_publickey_sk (1.11 on) is made for them",
            SEEN,
        ),
        yes(
            Capability::NamingAKey,
            "takes a key by the program's setting; curl by --key FILE, with --pubkey FILE.pub where it can't be worked out",
            "https://curl.se/docs/manpage.html",
        ),
        partly(
            Capability::LoggingMore,
            "tells more with curl -v; its own trace (libssh2_trace) only where it was built with it",
            "seen with libssh2 1.11.1 and curl 7.88.1",
        ),
    ],
};
