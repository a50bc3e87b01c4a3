//! What Dropbear's client can and cannot.

use crate::model::client::{no, partly, yes};
use crate::model::{Capability, Client};

/// Runs of Debian's build, and of one with a trace, against OpenSSH 9.2 and Go's server.
const SEEN: &str = "seen with dbclient 2022.83 and 2026.94";
const OLD: &str = "seen with dbclient 2022.83";

pub(super) const CLIENT: Client = Client {
    versions: "dbclient 2022.83 and 2026.94",
    also: &["dbclient"],
    answers: &[
        no(Capability::Config, "reads no ~/.ssh/config: an alias there is an unknown name to it", SEEN),
        partly(
            Capability::KnownHosts,
            "reads ~/.ssh/known_hosts by the host's name alone: a line for [host]:port is not found, and one without a port counts for every port",
            SEEN,
        ),
        no(Capability::HashedHosts, "does not find hashed names in known_hosts", SEEN),
        no(Capability::HostAuthority, "does not heed @cert-authority lines", SEEN),
        yes(Capability::Agent, "asks the agent of SSH_AUTH_SOCK, also beside -i", SEEN),
        partly(Capability::DefaultFiles, "tries ~/.ssh/id_dropbear and no other file", SEEN),
        yes(
            Capability::Order,
            "offers the files of -i first, then all of the agent's keys; -i does not keep those back",
            SEEN,
        ),
        no(
            Capability::OpenSshFormat,
            "reads no key of OpenSSH's and ends with \"String too long\"; dropbearconvert openssh dropbear FILE FILE.db converts it",
            SEEN,
        ),
        no(Capability::Pem, "reads no PEM key; dropbearconvert openssh dropbear FILE FILE.db converts it", SEEN),
        no(Capability::Ppk, "reads no PPK files, and ends with \"String too long\"", OLD),
        yes(Capability::Ed25519, "takes ed25519 keys", SEEN),
        no(Capability::Encrypted, "has no encrypted keys; put such a key into an agent", SEEN),
        partly(
            Capability::RsaSha2,
            "signs with RSA by rsa-sha2-256; from 2026 on no more by SHA-1, and then leaves the key out without a word",
            SEEN,
        ),
        no(Capability::Certificates, "offers no certificates", SEEN),
        no(
            Capability::Fido,
            "offers a FIDO key of the agent by another name (ssh-ed25519), which OpenSSH refuses",
            OLD,
        ),
        yes(Capability::NamingAKey, "takes a key by -i FILE, in its own format", SEEN),
        partly(
            Capability::LoggingMore,
            "tells more with -v only if it was built with DEBUG_TRACE; Debian's build was not, so look at the server's log",
            SEEN,
        ),
    ],
};
