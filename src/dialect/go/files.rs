//! What is said of key files and of known_hosts (x/crypto's ssh/keys.go and knownhosts.go), and by the program that reads
//! them.

use crate::dialect::bound::destination;
use crate::dialect::table::{Read, Row, from, within};
use crate::dialect::words::{between, is_key_file, unframed};
use crate::model::Kind;

pub(super) const ROWS: &[Row] = &[
    encrypted("ssh: this private key is passphrase protected", "parse: ssh: this private key is passphrase protected")
        .signs(),
    // packer breaks its lines.
    within("private key is passphrase protected", "private key is passphrase protected", |before, _| {
        before.is_empty().then_some(Kind::PassphraseRefused)
    })
    .ends(),
    encrypted("bcrypt_pbkdf: empty password", "error: bcrypt_pbkdf: empty password").signs(),
    encrypted("x509: decryption password incorrect", "x509: decryption password incorrect"),
    encrypted("ssh: cannot decode encrypted private keys", "parse: ssh: cannot decode encrypted private keys: pem")
        .signs(),
    spoilt("ssh: no key found", "unable to parse private key: ssh: no key found"),
    spoilt("ssh: invalid openssh private key", "parse: ssh: invalid openssh private key format"),
    spoilt("ssh: malformed OpenSSH key", "parse: ssh: malformed OpenSSH key"),
    spoilt("ssh: unsupported key type ", "ssh: unsupported key type \"ENCRYPTED PRIVATE KEY\""),
    spoilt("ssh: unhandled key type", "parse: ssh: unhandled key type"),
    spoilt(
        "ssh: unknown cipher ",
        "ssh: unknown cipher \"aes256-gcm\", only supports \"aes256-ctr\" or \"aes256-cbc\"",
    ),
    spoilt("ssh: unknown KDF ", "ssh: unknown KDF \"x\", only supports \"bcrypt\""),
    spoilt("ssh: multi-key files are not supported", "ssh: multi-key files are not supported"),
    spoilt("ssh: public key does not match private key", "ssh: public key does not match private key"),
    spoilt("ssh: padding not as expected", "ssh: padding not as expected"),
    spoilt("ssh: only P-256, P-384 and P-521 EC keys", "ssh: only P-256, P-384 and P-521 EC keys are supported"),
    within(
        "ssh: signer and cert have different public key",
        "failed to create cert signer: ssh: signer and cert have different public key",
        |before, _| unusable(before, "the certificate is another key's"),
    )
    .also(destination)
    .signs()
    .ends(),
    // The words of Go's os package, of a file that the program calls a key.
    within(
        ": no such file or directory",
        "unable to read private key: open /home/dev/.ssh/id: no such file or directory",
        |before, _| file(before, "no such file or directory"),
    )
    .also(destination)
    .ends(),
    within(
        ": permission denied",
        "unable to read private key: open /home/dev/.ssh/id: permission denied",
        |before, _| file(before, "permission denied"),
    )
    .also(destination)
    .ends(),
    within(
        "unable to find any valid known_hosts file",
        "error: unable to find any valid known_hosts file, set SSH_KNOWN_HOSTS env variable",
        |_, _| unlisted(),
    )
    .also(destination)
    .signs()
    .ends(),
    from("knownhosts: ", "knownhosts: /home/dev/.ssh/known_hosts:3: illegal base64 data at input byte 0", |_, rest| {
        let (place, reason) = rest.strip_prefix("knownhosts: ")?.split_once(": ")?;
        let (path, line) = place.rsplit_once(':').filter(|(path, _)| path.contains('/'))?;
        line.parse::<u32>()
            .is_ok()
            .then(|| Kind::ConfigError { text: format!("{path} line {line}: {}", unframed(reason)) })
    })
    .also(destination)
    .signs()
    .ends(),
];

const fn encrypted(words: &'static str, sample: &'static str) -> Row {
    within(words, sample, |_, _| Some(Kind::PassphraseRefused)).also(destination).ends()
}

/// A key that can't be used; the words tell why.
const fn spoilt(words: &'static str, sample: &'static str) -> Row {
    from(words, sample, |before, rest| match rest.contains("ENCRYPTED PRIVATE KEY") {
        // What PKCS#8 calls an encrypted key.
        true => Some(Kind::PassphraseRefused),
        false => unusable(before, unframed(rest.strip_prefix("ssh: ").unwrap_or(rest))),
    })
    .also(destination)
    .signs()
    .ends()
}

/// What the library says of a key that can't be used, where a program asks for it in the middle of the handshake.
pub(super) fn spoilt_by(reason: &str) -> Option<Kind> {
    let row = ROWS.iter().find(|row| row.words.starts_with("ssh: ") && reason.starts_with(row.words))?;
    match row.read {
        Read::From(read) => read("", reason),
        Read::Around(read) => read("", &reason[row.words.len()..]),
        Read::After(_) => None,
    }
}

/// A key that can't be used, and its file, where the program names it: `Failed to read key "/home/dev/.ssh/id": …`.
fn unusable(before: &str, reason: &str) -> Option<Kind> {
    // rclone has its settings in the remote's name.
    let set = before.split_once("key_file=").and_then(|(_, rest)| rest.split([',', ':', '"']).next());
    let named = set.or_else(|| between(before, "\"", "\"").filter(|path| path.contains('/')));
    Some(Kind::LoadKeyFailed { path: named.unwrap_or_default().to_owned(), reason: reason.to_owned(), public: false })
}

/// A file that could not be opened: a key's, or known_hosts.
fn file(before: &str, reason: &str) -> Option<Kind> {
    let (said, path) = before.rsplit_once("open ")?;
    if path.rsplit(['/', '\\']).next()?.contains("known_hosts") {
        return unlisted();
    }
    let said = said.to_ascii_lowercase();
    let key = is_key_file(path)
        || ["private key", "key file", "keyfile", "ssh key", "identity"].iter().any(|words| said.contains(words));
    key.then(|| Kind::IdentityMissing { path: path.to_owned(), reason: reason.to_owned(), named: true })
}

/// There is no known_hosts, and the program goes no further without.
fn unlisted() -> Option<Kind> {
    Some(Kind::HostKeyUnknown { host: None, address: None, port: None, strict: false })
}
