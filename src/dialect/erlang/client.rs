//! What Erlang's ssh can and cannot.

use crate::model::client::{no, partly, yes};
use crate::model::{Capability, Client};

/// Runs against OpenSSH 9.2 and paramiko 2.8.1's demo server.
const SEEN: &str = "seen with Erlang/OTP 25.2.3 (ssh 4.15.2)";
const FILES: &str = "https://www.erlang.org/doc/apps/ssh/ssh_file.html";

pub(super) const CLIENT: Client = Client {
    versions: "Erlang/OTP 25 (ssh 4.15)",
    also: &["elixir"],
    answers: &[
        no(Capability::Config, "reads no ~/.ssh/config: an alias there is an unknown name to it", SEEN),
        yes(
            Capability::KnownHosts,
            "reads known_hosts in its user_dir (~/.ssh); of an unknown and of a changed key it says the same",
            SEEN,
        ),
        no(Capability::HashedHosts, "does not find hashed names in known_hosts", SEEN),
        no(Capability::HostAuthority, "does not heed @cert-authority lines", SEEN),
        partly(Capability::Agent, "asks the agent only with the option {key_cb, {ssh_agent, []}}", SEEN),
        yes(Capability::DefaultFiles, "tries id_ed25519, id_ecdsa and id_rsa of its user_dir, one file a type", SEEN),
        yes(
            Capability::Order,
            "tries ed25519, ECDSA and RSA in that order, an RSA key twice (by two hashes): two attempts to a server",
            SEEN,
        ),
        yes(Capability::OpenSshFormat, "reads keys in OpenSSH's format, also with Windows line ends", SEEN),
        yes(Capability::Pem, "reads PKCS#1 and SEC1", SEEN),
        no(Capability::Ppk, "reads no PPK files, and passes over them in silence", SEEN),
        yes(Capability::Ed25519, "takes ed25519 keys", SEEN),
        partly(
            Capability::Encrypted,
            "opens encrypted keys only with an option such as {rsa_pass_phrase, …}, and passes over others in silence",
            SEEN,
        ),
        yes(Capability::RsaSha2, "signs with RSA by SHA-2, and by SHA-1 only where it is told to", SEEN),
        no(Capability::Certificates, "offers no certificates", SEEN),
        no(Capability::Fido, "offers no FIDO key of an agent", SEEN),
        partly(
            Capability::NamingAKey,
            "takes no key file by name: give {user_dir, DIR} with the key in DIR as id_ed25519, id_ecdsa or id_rsa",
            FILES,
        ),
        yes(
            Capability::LoggingMore,
            "tells more with ssh_dbg:start(), ssh_dbg:on([authentication, ssh_messages]) before ssh:connect; \
             `Service not available` alone is a host key or a password that it may not ask about",
            "https://www.erlang.org/doc/apps/ssh/terminology.html",
        ),
    ],
};
