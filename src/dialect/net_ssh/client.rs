//! What Net::SSH can and cannot.

use crate::model::client::{no, partly, yes};
use crate::model::{Capability, Client};

/// Runs of Debian 12's (Ruby 3.1, OpenSSL 3) against OpenSSH 9.2.
const SEEN: &str = "seen with net-ssh 7.0.1";

pub(super) const CLIENT: Client = Client {
    versions: "net-ssh 7.0.1",
    also: &["capistrano", "sshkit", "vagrant", "kitchen"],
    answers: &[
        yes(Capability::Config, "reads ~/.ssh/config, unless it is told config: false", SEEN),
        yes(
            Capability::KnownHosts,
            "reads ~/.ssh/known_hosts; a host that is not in it is taken, unless verify_host_key is :always",
            SEEN,
        ),
        yes(Capability::HashedHosts, "finds hashed names in known_hosts", SEEN),
        yes(Capability::HostAuthority, "heeds @cert-authority lines", SEEN),
        yes(Capability::Agent, "asks the agent of SSH_AUTH_SOCK, unless it is told use_agent: false", SEEN),
        yes(
            Capability::DefaultFiles,
            "tries id_ed25519, id_rsa, id_dsa and id_ecdsa in ~/.ssh, then in ~/.ssh2, unless keys are named",
            SEEN,
        ),
        yes(
            Capability::Order,
            "offers the agent's keys before the named ones, also where keys are named; keys_only: true keeps them back",
            SEEN,
        ),
        partly(
            Capability::OpenSshFormat,
            "reads keys in OpenSSH's format only without Windows line ends, and none of RSA where Ruby has OpenSSL 3; \
             a copy that ssh-keygen -p -m PEM rewrote is read",
            SEEN,
        ),
        yes(Capability::Pem, "reads PEM keys, also with Windows line ends; ed25519 in PKCS#8 makes it crash", SEEN),
        no(Capability::Ppk, "reads no PPK files", SEEN),
        partly(Capability::Ed25519, "takes ed25519 keys if the gems ed25519 and bcrypt_pbkdf are there", SEEN),
        partly(
            Capability::Encrypted,
            "asks for a passphrase at a terminal, or takes it as passphrase; without either it ends after the server's yes",
            SEEN,
        ),
        partly(
            Capability::RsaSha2,
            "signs with RSA by SHA-2 with a PEM file or an agent (7.0 on), and tries each key with each algorithm",
            SEEN,
        ),
        yes(Capability::Certificates, "offers FILE-cert.pub beside a key by itself", SEEN),
        no(Capability::Fido, "passes over FIDO keys of the agent, and reads no file of one", SEEN),
        yes(
            Capability::NamingAKey,
            "takes keys by keys: ['FILE'], keys_only: true; Capistrano in ssh_options, Vagrant as config.ssh.private_key_path",
            "https://net-ssh.github.io/net-ssh/Net/SSH.html",
        ),
        yes(
            Capability::LoggingMore,
            "tells more with verbose: :debug; Capistrano in ssh_options, Vagrant with VAGRANT_LOG=debug",
            "https://net-ssh.github.io/net-ssh/Net/SSH.html",
        ),
    ],
};
