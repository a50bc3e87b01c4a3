//! libgit2, which speaks SSH through libssh2: the errors of git2 for Rust and of pygit2.

use super::bound::destination;
use super::libssh2::errors::error;
use super::table::{Dialect, Row, bare, bare_head, holds, within};
use crate::model::client::{no, partly, yes};
use crate::model::{Author, Capability, Client, Kind, Side};
use crate::text::Sought;

pub(super) static LIBGIT2: Dialect = Dialect {
    author: Author { id: "libgit2", name: "libgit2", side: Side::Client, read: true, tells_offers: false },
    client: Some(&CLIENT),
    rows: &[ROWS],
    marks: &[
        holds("class=Ssh (", "error authenticating: something else; class=Ssh (23)"),
        holds(
            "/site-packages/pygit2/",
            "File \"/home/dev/.venv/lib/python3.11/site-packages/pygit2/errors.py\", line 119",
        ),
    ],
    noise: &[],
    noise_within: &[
        Sought::new("raise error"),
        Sought::new("payload.check_error(err)"),
        Sought::new("check_error(error_code)"),
    ],
    levels: &[],
    twice: true,
    head: bare_head,
};

const ROWS: &[Row] = &[
    // How git2 for Rust ends each message: its class, and a code if there is one.
    within("; class=", "failed to connect to box.example: Connection refused; class=Os (2)", |said, class| {
        // What git says on the other side stands in the lines before.
        let ended = said.is_empty() && class.starts_with("Ssh (23); code=Eof");
        messages(said).find_map(message).or_else(|| {
            let text = "git ended on the other side".to_owned();
            ended.then_some(Kind::RepositoryRefused { text, account: None })
        })
    })
    .also(destination)
    .ends(),
    // How it shows one for its programmer.
    within(
        "Error { code: -",
        "Error: Error { code: -1, klass: 23, message: \"failed to start SSH session: Failed getting banner\" }",
        |_, rest| {
            let (_, rest) = rest.split_once(", klass: ")?;
            message(rest.split_once("message: \"")?.1.trim_end().trim_end_matches("\" }").trim_end_matches("\\n"))
        },
    )
    .also(destination)
    .signs()
    .ends(),
    // What programs print of the question that their callback is asked, as Python and Rust show its types.
    within("<CredentialType.", "asked: git <CredentialType.SSH_KEY|SSH_CUSTOM|SSH_MEMORY: 70>", |_, rest| wanted(rest))
        .signs(),
    within("CredentialType(", "asked: git CredentialType(SSH_KEY | SSH_MEMORY | SSH_CUSTOM)", |_, rest| wanted(rest)),
    bare("_pygit2.GitError: ", "_pygit2.GitError: failed to connect to box.example: Connection refused", raised)
        .signs()
        .ends(),
    // Up to 0.26.
    bare("pygit2.GitError: ", "pygit2.GitError: failed to connect to box.example: Connection refused", raised)
        .signs()
        .ends(),
    // Other programs print the message alone.
    bare(
        "Failed to authenticate SSH session: ",
        "Failed to authenticate SSH session: Callback returned error",
        |rest| message(&format!("Failed to authenticate SSH session: {rest}")),
    )
    .signs()
    .ends(),
    bare("_pygit2.AuthError: ", "_pygit2.AuthError: authentication required but no callback set", raised)
        .signs()
        .ends(),
    bare("TypeError: ", "TypeError: invalid credential type", raised).common().ends(),
    bare("_pygit2.CertificateError: ", "_pygit2.CertificateError: invalid or unknown remote ssh hostkey", message)
        .signs()
        .ends(),
];

/// Which methods a callback may give a credential for (git_credential_t, include/git2/credential.h). It may be asked for a
/// user's name before, which is none.
fn wanted(types: &str) -> Option<Kind> {
    let types = types.split([':', '>', ')']).next()?;
    let known =
        [("SSH_KEY", "publickey"), ("SSH_INTERACTIVE", "keyboard-interactive"), ("USERPASS_PLAINTEXT", "password")];
    let has = |name: &str| types.split('|').any(|one| one.trim().trim_start_matches("GIT_CREDENTIAL_") == name);
    let methods: Vec<String> =
        known.iter().filter(|(name, _)| has(name)).map(|(_, method)| (*method).to_owned()).collect();
    (!methods.is_empty()).then_some(Kind::CredentialWanted { methods })
}

/// The text, and what stands behind each colon of it: programs put their own words before a message.
fn messages(text: &str) -> impl Iterator<Item = &str> {
    std::iter::once(text).chain(text.match_indices(": ").map(|(at, colon)| &text[at + colon.len()..]))
}

/// An exception, whatever it says: a callback's own end it, too.
fn raised(text: &str) -> Option<Kind> {
    Some(message(text).unwrap_or_else(|| Kind::ClientFailed { reason: text.trim_end().to_owned() }))
}

/// What one of libgit2's messages says (src/libgit2/transports/ssh_libssh2.c, streams/socket.c), without its class.
pub(super) fn message(text: &str) -> Option<Kind> {
    let text = text.split("; class=").next().unwrap_or(text).trim_end();
    if let Some(rest) = text.strip_prefix("failed to connect to ") {
        let (host, reason) = rest.split_once(": ")?;
        return Some(Kind::ConnectFailed { host: Some(host.to_owned()), port: None, reason: reason.to_owned() });
    }
    if let Some(rest) = text.strip_prefix("failed to resolve address for ") {
        let (host, reason) = rest.split_once(": ")?;
        return Some(Kind::ResolveFailed { host: host.to_owned(), reason: reason.to_owned() });
    }
    if let Some(rest) = text.strip_prefix("remote rejected authentication: ") {
        return match error(rest, None)? {
            // The callback is asked for keys until the server hangs up; so says the beginning of the message.
            Kind::Closed { .. } => Some(Kind::Disconnected { address: None, port: None, text: text.to_owned() }),
            other => Some(other),
        };
    }
    // Up to 1.7 the first has a capital.
    let of_libssh2 = [
        "failed to authenticate SSH session: ",
        "Failed to authenticate SSH session: ",
        "error authenticating: ",
        "failed to start SSH session: ",
    ];
    if let Some((start, rest)) = of_libssh2.iter().find_map(|start| Some((start, text.strip_prefix(start)?))) {
        return match error(rest, None)? {
            // The line went down in the middle of the login.
            Kind::Closed { .. } if start.contains("authenticat") => {
                Some(Kind::Disconnected { address: None, port: None, text: String::new() })
            }
            other => Some(other),
        };
    }
    if text.starts_with("authentication required but no callback set") {
        return Some(Kind::Attempted { methods: Vec::new() });
    }
    if text.starts_with("invalid or unknown remote ssh hostkey") {
        return Some(Kind::HostKeyFailed);
    }
    // What git says on the other side comes only after the login.
    let of_git = ["fatal: ", "ERROR: ", "remote: "];
    of_git
        .iter()
        .any(|start| text.starts_with(start))
        .then(|| Kind::RepositoryRefused { text: text.to_owned(), account: None })
}

/// Runs of pygit2 1.21.0.
const SEEN: &str = "seen with libgit2 1.9.7 by pygit2 1.21.0";

const CLIENT: Client = Client {
    versions: "libgit2 1.9.7 with libssh2",
    also: &["pygit2", "git2", "rugged", "nodegit"],
    answers: &[
        no(Capability::Config, "reads no ~/.ssh/config: an alias there is an unknown name to it", SEEN),
        partly(
            Capability::KnownHosts,
            "leaves it to the program's callback whether a host key that known_hosts does not hold is taken",
            SEEN,
        ),
        yes(Capability::HashedHosts, "finds hashed names in known_hosts", SEEN),
        no(Capability::HostAuthority, "does not heed @cert-authority lines", SEEN),
        partly(Capability::Agent, "asks the agent only if the program's callback says so", SEEN),
        no(Capability::DefaultFiles, "tries no default files: the program's callback names each key", SEEN),
        partly(
            Capability::Order,
            "asks the program's callback again after each refusal; one that gives the same key each time goes on until the server hangs up",
            SEEN,
        ),
        yes(Capability::OpenSshFormat, "reads keys in OpenSSH's format, also with Windows line ends", SEEN),
        yes(Capability::Pem, "reads PKCS#1, PKCS#8 and SEC1", "seen with libssh2 1.10.0"),
        no(Capability::Ppk, "reads no PPK files; puttygen FILE.ppk -O private-openssh -o FILE converts them", SEEN),
        yes(Capability::Ed25519, "takes ed25519 keys", SEEN),
        partly(
            Capability::Encrypted,
            "opens an encrypted key only with a passphrase that the callback gives, and says \"Failed getting response\" without",
            SEEN,
        ),
        yes(Capability::RsaSha2, "signs with RSA by SHA-2 if it is built with libssh2 1.11 or newer", SEEN),
        partly(
            Capability::Certificates,
            "offers a certificate only if it is named as the public key's file",
            "seen with libssh2 1.11.1",
        ),
        no(Capability::Fido, "has the agent sign with a FIDO key and is refused all the same", SEEN),
        yes(
            Capability::NamingAKey,
            "takes a key by its credentials callback: pygit2.Keypair(USER, PUBLIC, PRIVATE, PASSPHRASE), or KeypairFromAgent(USER)",
            "https://www.pygit2.org/remotes.html",
        ),
        no(
            Capability::LoggingMore,
            "tells no more than its last error; what the callback is asked for can be printed there, and the server's log names the keys",
            SEEN,
        ),
    ],
};
