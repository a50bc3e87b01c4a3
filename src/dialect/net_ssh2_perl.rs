//! Perl's Net::SSH2, which speaks through libssh2: what `error` and `die_with_error` give (0.73).

use super::libssh2::errors::{after_yes, error};
use super::table::{Dialect, Row, bare, bare_head, holds, within};
use super::words::methods;
use crate::model::client::{no, partly, yes};
use crate::model::{Author, Capability, Client, Key, Kind, Side};
use crate::shell::{Place, place};

pub(super) static NET_SSH2_PERL: Dialect = Dialect {
    author: Author {
        id: "net-ssh2-perl",
        name: "Perl's Net::SSH2",
        side: Side::Client,
        read: true,
        tells_offers: false,
    },
    client: Some(&CLIENT),
    rows: &[ROWS],
    marks: &[holds(" LIBSSH2_ERROR_", "die: something else (-1 LIBSSH2_ERROR_SOCKET_NONE) at x.pl line 5.")],
    noise: &["methods: "],
    noise_within: &[],
    levels: &[],
    twice: true,
    head: bare_head,
};

const ROWS: &[Row] = &[
    within(
        " LIBSSH2_ERROR_",
        "login as dev: Callback returned error (-19 LIBSSH2_ERROR_PUBLICKEY_UNVERIFIED) at x.pl line 11.",
        |before, _| before.rsplit_once(" (").and_then(|(said, code)| died(said, code)),
    )
    .also(bound)
    .also(user)
    .also(accepted)
    .signs()
    .ends(),
    within(
        " LIBSSH2_ERROR_",
        "/home/dev/.ssh/id: -18 LIBSSH2_ERROR_AUTHENTICATION_FAILED Username/PublicKey combination invalid",
        |before, rest| if before.contains(" (-") { None } else { failed(before, rest) },
    )
    .also(bound)
    .also(user)
    .also(accepted)
    .signs(),
    within("no libssh2 error registered", "login as dev: no libssh2 error registered at x.pl line 11.", |_, _| {
        Some(Kind::Attempted { methods: Vec::new() })
    })
    .also(user)
    .signs(),
    // No words of the module's: what programs say of what auth_list gives.
    bare("methods: ", "methods: publickey,password", |list| {
        let list = methods(list);
        let known = ["publickey", "password", "keyboard-interactive", "hostbased", "gssapi-with-mic", "gssapi-keyex"];
        // What else a server puts there says nothing, and is nobody's line.
        Some(match list.iter().all(|method| known.contains(&method.as_str())) {
            true => Kind::Methods { list },
            false => Kind::Several(Vec::new()),
        })
    }),
];

/// `WHAT: TEXT (CODE NAME) at FILE line N.`: the end of the program.
fn died(said: &str, code: &str) -> Option<Kind> {
    let code = code.parse().ok();
    let kind = tails(said).find_map(|text| error(text, code))?;
    Some(match kind {
        // It has tried all it had; what each came to was told before, or nowhere.
        Kind::Refused { .. } => Kind::KeyDenied { methods: Vec::new() },
        other => other,
    })
}

/// `[WHAT: ]CODE NAME TEXT`: one attempt, with the key that the program names before it.
fn failed(before: &str, rest: &str) -> Option<Kind> {
    let (what, code) = before.rsplit_once(' ').unwrap_or(("", before));
    let (_, text) = rest.split_once(' ')?;
    let what = what.trim_end_matches(':');
    let file = what.contains('/').then(|| what.to_owned());
    let agent = what.to_ascii_lowercase().contains("agent").then_some(true);
    let key = Key { path: file.clone(), agent, ..Key::default() };
    Some(match error(text, code.parse().ok())? {
        Kind::Refused { .. } => Kind::Refused { key: Some(key) },
        Kind::SigningFailed { reason, .. } if agent.is_none() => Kind::SigningFailed { key, reason },
        Kind::SigningFailed { .. } => Kind::AgentRefused { key },
        Kind::IdentityMissing { reason, named, .. } => {
            Kind::IdentityMissing { path: file.unwrap_or_default(), reason, named }
        }
        Kind::LoadKeyFailed { reason, public, .. } => {
            Kind::LoadKeyFailed { path: file.unwrap_or_default(), reason, public }
        }
        other => other,
    })
}

/// The text, and what stands behind each colon of it.
fn tails(text: &str) -> impl Iterator<Item = &str> {
    std::iter::once(text).chain(text.match_indices(": ").map(|(at, colon)| &text[at + colon.len()..]))
}

/// Where a program says that it goes: `connect to HOST:PORT: …`.
fn bound(line: &str) -> Option<Kind> {
    let said = line.split(" LIBSSH2_ERROR_").next()?;
    let Place { user, host, port } = said.split(' ').find_map(place)?;
    Some(Kind::Destination { user, host, port })
}

/// As whom it goes, in the words that a program hands to `die_with_error`: `login as USER: …`, `auth for user USER: …`.
fn user(line: &str) -> Option<Kind> {
    let (said, _) = line.split_once(": ")?;
    let (before, user) = said.rsplit_once(' ')?;
    let as_whom = before.ends_with(" as") || before.ends_with("user");
    let plain = user.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c));
    (as_whom && plain).then(|| Kind::User { user: user.to_owned() })
}

/// The server's yes, which must have come before an attempt failed so.
fn accepted(line: &str) -> Option<Kind> {
    (after_yes(line) && user(line).is_none()).then_some(Kind::ServerAccepts { key: None })
}

/// Runs of small programs against OpenSSH 9.2.
const SEEN: &str = "seen with Net::SSH2 0.73 and libssh2 1.10.0";

const CLIENT: Client = Client {
    versions: "Net::SSH2 0.73 with libssh2 1.10.0",
    also: &["Net::SSH2", "perl"],
    answers: &[
        no(Capability::Config, "reads no ~/.ssh/config", SEEN),
        partly(Capability::KnownHosts, "reads known_hosts only if the program calls check_hostkey", SEEN),
        yes(Capability::HashedHosts, "finds hashed names in known_hosts", SEEN),
        no(Capability::HostAuthority, "does not heed @cert-authority lines", SEEN),
        partly(Capability::Agent, "asks the agent only if the program calls auth_agent", SEEN),
        no(Capability::DefaultFiles, "tries no default files: the program names each", SEEN),
        partly(Capability::Order, "goes by the order of the program's calls", SEEN),
        yes(Capability::OpenSshFormat, "reads keys in OpenSSH's format, also with Windows line ends", SEEN),
        yes(Capability::Pem, "reads PKCS#1, PKCS#8 and SEC1; an encrypted one needs its .pub beside it", SEEN),
        no(Capability::Ppk, "reads no PPK files; puttygen FILE.ppk -O private-openssh -o FILE converts them", SEEN),
        yes(Capability::Ed25519, "takes ed25519 keys", SEEN),
        partly(Capability::Encrypted, "opens an encrypted key only with a passphrase that the program hands on", SEEN),
        partly(
            Capability::RsaSha2,
            "signs with RSA by SHA-1 where it is built with libssh2 1.10, as Debian 12's is, and OpenSSH 8.8 and newer refuse that",
            SEEN,
        ),
        partly(Capability::Certificates, "offers a certificate only if it is named as the public key's file", SEEN),
        no(Capability::Fido, "has the agent sign with a FIDO key and is refused all the same", SEEN),
        yes(
            Capability::NamingAKey,
            "takes a key by auth_publickey(USER, PUBLIC, PRIVATE, PASSPHRASE), or by auth with publickey and privatekey",
            "https://metacpan.org/pod/Net::SSH2",
        ),
        no(
            Capability::LoggingMore,
            "tells no more than $ssh2->error, which is to be printed after each attempt; Debian's libssh2 has no trace",
            SEEN,
        ),
    ],
};
