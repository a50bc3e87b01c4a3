//! What Go's x/crypto/ssh can and cannot.

use crate::model::client::{no, partly, yes};
use crate::model::{Capability, Client};

/// Runs of small programs with x/crypto, and of rclone 1.60.1, packer 1.6.6 and go-git 5.4.2.
const SEEN: &str = "seen with x/crypto 0.4.0, 0.25.0 and 0.55.0";
const OLD: &str = "seen with x/crypto 0.4.0";

pub(super) const CLIENT: Client = Client {
    versions: "golang.org/x/crypto/ssh 0.4.0 to 0.55.0",
    also: &["terraform", "packer", "rclone", "drone-ssh", "go-git", "gogs", "flux"],
    answers: &[
        no(
            Capability::Config,
            "reads no ~/.ssh/config, unless the program does: go-git takes Host, HostName and Port from it, rclone and terraform take nothing",
            "seen with x/crypto 0.55.0, go-git 5.4.2 and rclone 1.60.1",
        ),
        partly(
            Capability::KnownHosts,
            "reads known_hosts only if the program asks for it; a port other than 22 must stand there as [HOST]:PORT",
            SEEN,
        ),
        yes(Capability::HashedHosts, "finds hashed names in known_hosts", SEEN),
        partly(
            Capability::HostAuthority,
            "says \"key mismatch\" of a host that has an @cert-authority line alone and shows a plain key",
            SEEN,
        ),
        partly(
            Capability::Agent,
            "asks the agent only if the program hands it on; rclone does so without key_file alone, go-git where no key is named",
            "seen with rclone 1.60.1 and go-git 5.4.2",
        ),
        no(Capability::DefaultFiles, "tries no default files: the program names each key", SEEN),
        partly(
            Capability::Order,
            "tries the first of a program's publickey methods only: keys of a second one are never offered",
            "seen with x/crypto 0.4.0 and 0.55.0",
        ),
        yes(Capability::OpenSshFormat, "reads keys in OpenSSH's format, also with Windows line ends", SEEN),
        yes(
            Capability::Pem,
            "reads PKCS#1, PKCS#8 and SEC1",
            "https://pkg.go.dev/golang.org/x/crypto/ssh#ParseRawPrivateKey",
        ),
        no(
            Capability::Ppk,
            "reads no PPK files (\"no key found\"); puttygen FILE.ppk -O private-openssh -o FILE converts them",
            SEEN,
        ),
        yes(Capability::Ed25519, "takes ed25519 keys", SEEN),
        partly(
            Capability::Encrypted,
            "opens an encrypted key only if the program hands its passphrase on, and never asks for one",
            SEEN,
        ),
        yes(
            Capability::RsaSha2,
            "signs with RSA by SHA-2 from 2022 on; what was built with an older one signs by SHA-1, which OpenSSH 8.8 refuses",
            "seen with x/crypto of December 2021, 0.4.0 and 0.55.0",
        ),
        partly(Capability::Certificates, "offers a certificate only if the program hands it on", SEEN),
        partly(Capability::Fido, "signs with a FIDO key that an agent holds; it reads no file of one", OLD),
        yes(
            Capability::NamingAKey,
            "takes a key by its program's setting: private_key in terraform's connection block, ssh_private_key_file in packer, key_file in rclone, key or key_path in drone-ssh",
            "https://developer.hashicorp.com/terraform/language/resources/provisioners/connection",
        ),
        partly(
            Capability::LoggingMore,
            "logs nothing itself; TF_LOG=debug, PACKER_LOG=1 and rclone -vv tell where they connect, and only the server's log names the keys",
            "seen with packer 1.6.6 and rclone 1.60.1",
        ),
    ],
};
