//! Go's x/crypto/ssh: the errors that it gives, as terraform, packer, rclone, drone-ssh, go-git and others print them.
//!
//! It logs nothing: an error at the end is all there is, and most of its words have several causes.

use super::table::{Dialect, Head, Row, holds, within};
use super::words::{between, methods};
use crate::model::client::{no, partly, unknown, yes};
use crate::model::{Author, Capability, Client, Key, Kind, Side};
use crate::shell::{Place, place};

pub(super) static GO: Dialect = Dialect {
    author: Author { id: "go", name: "Go's x/crypto/ssh", side: Side::Client, read: true },
    client: Some(&CLIENT),
    rows: &[ERRORS, FILES, WRAPPERS],
    marks: &[
        holds("ssh: handshake failed: ", "ssh: handshake failed: something else"),
        holds("Waiting for SSH to become available...", "==> null: Waiting for SSH to become available..."),
        holds("Timeout waiting for SSH.", "==> null: Error waiting for SSH: Timeout waiting for SSH."),
    ],
    noise: &[],
    noise_within: &[],
    levels: &[],
    // One error is printed by each layer that it goes through.
    twice: true,
    head: |line| Head::bare(line),
    words_at: |_| None,
};

/// What the library itself says of a connection (client.go, client_auth.go, common.go, knownhosts.go).
const ERRORS: &[Row] = &[
    within("ssh: handshake failed: agent: ", "ssh: handshake failed: agent: failed to sign challenge", |_, _| {
        Some(Kind::AgentRefused { key: Key::default() })
    })
    .also(destination)
    .signs()
    .ends(),
    within(
        "ssh: handshake failed: ",
        "ssh: handshake failed: ssh: unable to authenticate, attempted methods [none publickey], no supported methods remain",
        |_, reason| handshake(reason),
    )
    .also(destination)
    .signs(),
    within(
        "ssh: unable to authenticate, attempted methods [",
        "ssh: unable to authenticate, attempted methods [none publickey], no supported methods remain",
        |_, rest| attempted(rest),
    )
    .also(destination)
    .signs(),
    within("knownhosts: key is unknown", "box:22: knownhosts: key is unknown", |_, _| unknown_host()).signs(),
    within("knownhosts: key mismatch", "box:22: knownhosts: key mismatch", |_, _| other_host()).signs(),
    within(
        "unable to find any valid known_hosts file",
        "error: unable to find any valid known_hosts file, set SSH_KNOWN_HOSTS env variable",
        |_, _| Some(Kind::HostKeyUnknown { host: None, address: None, port: None, strict: false }),
    )
    .signs()
    .ends(),
    within("dial tcp", "dial tcp 192.0.2.1:22: connect: connection refused", dialled),
    within(
        "dial unix",
        "failed to open SSH_AUTH_SOCK: dial unix /run/agent.sock: connect: connection refused",
        |before, rest| {
            // Docker's socket and others are reached so, too.
            let agent = |text: &str| text.contains("SSH_AUTH_SOCK") || text.to_ascii_lowercase().contains("agent");
            (agent(before) || agent(rest)).then(|| Kind::AgentFailed { reason: format!("dial unix{}", rest.trim_end()) })
        },
    )
    .ends(),
    within(
        "SSH agent requested but SSH_AUTH_SOCK not-specified",
        "couldn't connect to ssh-agent: SSH agent requested but SSH_AUTH_SOCK not-specified",
        |_, _| Some(Kind::AgentFailed { reason: "SSH_AUTH_SOCK is not set".into() }),
    )
    .signs()
    .ends(),
];

/// What is said of key files (keys.go), and by the program that reads them.
const FILES: &[Row] = &[
    within(
        "ssh: this private key is passphrase protected",
        "unable to parse private key: ssh: this private key is passphrase protected",
        |_, _| Some(Kind::PassphraseRefused),
    )
    .signs()
    .ends(),
    // packer breaks its lines.
    within("private key is passphrase protected", "private key is passphrase protected", |before, _| {
        before.is_empty().then_some(Kind::PassphraseRefused)
    })
    .ends(),
    within("bcrypt_pbkdf: empty password", "error: bcrypt_pbkdf: empty password", |_, _| Some(Kind::PassphraseRefused))
        .signs()
        .ends(),
    within("x509: decryption password incorrect", "x509: decryption password incorrect", |_, _| {
        Some(Kind::PassphraseRefused)
    })
    .ends(),
    within(
        "ssh: cannot decode encrypted private keys",
        "unable to parse private key: ssh: cannot decode encrypted private keys",
        |_, _| Some(Kind::PassphraseRefused),
    )
    .signs()
    .ends(),
    within("ssh: no key found", "unable to parse private key: ssh: no key found", |before, _| {
        unusable(before, "no key found")
    })
    .signs()
    .ends(),
    within(
        "ssh: invalid openssh private key format",
        "unable to parse private key: ssh: invalid openssh private key format",
        |before, _| unusable(before, "invalid openssh private key format"),
    )
    .signs()
    .ends(),
    within("ssh: malformed OpenSSH key", "unable to parse private key: ssh: malformed OpenSSH key", |before, _| {
        unusable(before, "malformed OpenSSH key")
    })
    .signs()
    .ends(),
    within("ssh: unsupported key type ", "ssh: unsupported key type \"ENCRYPTED PRIVATE KEY\"", |before, kind| {
        // What PKCS#8 calls an encrypted key.
        match kind.contains("ENCRYPTED") {
            true => Some(Kind::PassphraseRefused),
            false => unusable(before, &format!("unsupported key type {}", kind.trim_end())),
        }
    })
    .signs()
    .ends(),
    within("ssh: unhandled key type", "unable to parse private key: ssh: unhandled key type", |before, _| {
        unusable(before, "unhandled key type")
    })
    .signs()
    .ends(),
    within(
        "ssh: signer and cert have different public key",
        "failed to create cert signer: ssh: signer and cert have different public key",
        |before, _| unusable(before, "the certificate is another key's"),
    )
    .signs()
    .ends(),
    // The words of Go's os package, of a file that the program calls a key.
    within(
        ": no such file or directory",
        "unable to read private key: open /home/dev/.ssh/id: no such file or directory",
        |before, _| key_file(before, "no such file or directory"),
    )
    .ends(),
    within(
        ": permission denied",
        "unable to read private key: open /home/dev/.ssh/id: permission denied",
        |before, _| key_file(before, "permission denied"),
    )
    .ends(),
];

/// What programs say that speak through it.
const WRAPPERS: &[Row] = &[
    // go-git's word for what the git server said after the login (plumbing/transport/common.go).
    within("repository not found", "error: repository not found", |_, rest| {
        let text = "repository not found".to_owned();
        rest.trim().is_empty().then_some(Kind::RepositoryRefused { text, account: None })
    }),
    within(
        "Using ssh communicator to connect: ",
        "==> null: Using ssh communicator to connect: box.example",
        |_, host| known_place(host),
    )
    .signs(),
    within("[INFO] Attempting SSH connection to ", "[INFO] Attempting SSH connection to 192.0.2.1:22...", |_, rest| {
        let Place { host, port, .. } = place(rest.trim_end().trim_end_matches('.'))?;
        Some(Kind::Connecting { host: None, address: Some(host), port })
    })
    .signs(),
    within("):   Host: ", "null_resource.box (remote-exec):   Host: 192.0.2.1", |_, host| known_place(host)).signs(),
    within("):   User: ", "null_resource.box (remote-exec):   User: dev", |_, user| {
        Some(Kind::User { user: user.trim().to_owned() }).filter(|_| !user.trim().contains(' '))
    })
    .signs(),
    within("): Connected!", "null_resource.box (remote-exec): Connected!", |_, _| Some(Kind::SessionOpened)).signs(),
    within(
        "Creating backend with remote \"",
        "DEBUG : Creating backend with remote \":sftp,host=box,port=2222,user=dev:\"",
        |_, remote| {
            let Place { user, host, port } = place(remote.trim_end().trim_end_matches('"'))?;
            Some(Kind::Destination { user, host, port })
        },
    )
    .signs(),
];

/// What ended the handshake; the login is part of it.
fn handshake(reason: &str) -> Option<Kind> {
    if let Some(rest) = reason.strip_prefix("ssh: unable to authenticate, attempted methods [") {
        return attempted(rest);
    }
    if let Some(rest) = reason.strip_prefix("ssh: disconnect, reason ") {
        let text = rest.split_once(": ").map_or("", |(_, text)| text).trim_end().trim_end_matches(')');
        return Some(Kind::Disconnected { address: None, port: None, text: text.trim_matches('"').to_owned() });
    }
    if let Some(rest) = reason.strip_prefix("ssh: no common algorithm for ") {
        return no_common_algorithm(rest);
    }
    if reason.starts_with("EOF") {
        return Some(Kind::Closed { address: None, port: None, reset: false, proxied: false });
    }
    if reason.starts_with("knownhosts: key is unknown") || reason.starts_with("ssh: no authorities for hostname") {
        return unknown_host();
    }
    if reason.starts_with("knownhosts: key mismatch") || reason.starts_with("ssh: host key mismatch") {
        return other_host();
    }
    if reason.starts_with("read ") || reason.starts_with("write ") || reason.starts_with("context deadline exceeded") {
        return broken(reason);
    }
    let greeted_wrong = ["ssh: overflow reading version string", "ssh: invalid packet length", "ssh: unexpected"];
    let text = || reason.trim_end().to_owned();
    match greeted_wrong.iter().any(|words| reason.starts_with(words)) {
        true => Some(Kind::IdentificationFailed { text: text() }),
        false => Some(Kind::ClientFailed { reason: text() }),
    }
}

/// Which methods were tried, `none` among them: not which the server would take.
fn attempted(rest: &str) -> Option<Kind> {
    Some(Kind::Attempted { methods: methods(rest.split_once(']')?.0) })
}

/// `key exchange; client offered: [a b], server offered: [c d]`.
fn no_common_algorithm(rest: &str) -> Option<Kind> {
    let (what, lists) = rest.split_once(';')?;
    let what = match what {
        "key exchange" => "key exchange method",
        "host key" => "host key type",
        other if other.ends_with("MAC") => "MAC",
        other if other.ends_with("cipher") => "cipher",
        other => other,
    };
    let theirs = between(lists, "server offered: [", "]").or_else(|| between(lists, "peer offered: [", "]"));
    let offer = theirs.map(|list| list.split_whitespace().collect::<Vec<_>>().join(","));
    Some(Kind::NoCommonAlgorithm { what: what.into(), offer, address: None, port: None })
}

fn unknown_host() -> Option<Kind> {
    Some(Kind::HostKeyUnknown { host: None, address: None, port: None, strict: true })
}

fn other_host() -> Option<Kind> {
    Some(Kind::HostKeyNotAmong { host: None })
}

/// `read tcp 10.0.0.5:51234->192.0.2.1:22: read: connection reset by peer`.
fn broken(reason: &str) -> Option<Kind> {
    let peer = between(reason, "->", ": ").and_then(place);
    let (address, port) = peer.map_or((None, None), |peer| (Some(peer.host), peer.port));
    Some(match ["i/o timeout", "timed out", "deadline exceeded"].iter().any(|words| reason.contains(words)) {
        true => Kind::ConnectionFailed { address, port, reason: "timed out".into() },
        false => Kind::Closed { address, port, reset: reason.contains("reset"), proxied: false },
    })
}

/// `dial tcp 192.0.2.1:22: connect: connection refused`, `dial tcp: lookup box on 192.0.2.53:53: no such host`.
fn dialled(before: &str, rest: &str) -> Option<Kind> {
    // A request of the same program by HTTP.
    if before.contains("http") {
        return None;
    }
    if let Some(name) = between(rest, "lookup ", ": ") {
        let host = name.split(' ').next().unwrap_or_default().to_owned();
        let reason = rest.rsplit_once(": ").map_or(rest, |(_, reason)| reason).trim_end().trim_end_matches(')');
        return Some(Kind::ResolveFailed { host, reason: reason.to_owned() });
    }
    let (target, reason) = rest.strip_prefix(' ')?.split_once(": ")?;
    let (host, port) = target.rsplit_once(':')?;
    let host = host.trim_matches(['[', ']']).to_owned();
    let reason = reason.trim_start_matches("connect: ").trim_end().trim_end_matches(')').to_owned();
    let reason = if reason.contains("timeout") { "timed out".to_owned() } else { reason };
    let port = Some(port.parse().ok()?);
    match host.parse::<core::net::IpAddr>() {
        Ok(_) => Some(Kind::ConnectionFailed { address: Some(host), port, reason }),
        Err(_) => Some(Kind::ConnectFailed { host: Some(host), port, reason }),
    }
}

/// Where a line says that it was bound for: `unable to clone 'ssh://git@box/x', error: ssh: handshake failed: …`.
fn destination(line: &str) -> Option<Kind> {
    let before = line.split("ssh: ").next().unwrap_or_default();
    let Place { user, host, port } = before.split([' ', '(', ')']).find_map(place)?;
    Some(Kind::Destination { user, host, port })
}

fn known_place(host: &str) -> Option<Kind> {
    let host = host.trim().to_owned();
    (!host.is_empty() && !host.contains(' ')).then_some(Kind::Destination { user: None, host, port: None })
}

/// A key that can't be used, and its file, where the program names it: `Failed to read key "/home/dev/.ssh/id": …`.
fn unusable(before: &str, reason: &str) -> Option<Kind> {
    let named = between(before, "\"", "\"").filter(|path| path.contains('/'));
    Some(Kind::LoadKeyFailed { path: named.unwrap_or_default().to_owned(), reason: reason.to_owned(), public: false })
}

fn key_file(before: &str, reason: &str) -> Option<Kind> {
    let (said, path) = before.rsplit_once("open ")?;
    let key = said.to_ascii_lowercase().contains("key") || path.contains(".ssh/");
    key.then(|| Kind::IdentityMissing { path: path.to_owned(), reason: reason.to_owned(), named: true })
}

/// Runs of small programs with x/crypto, and of rclone 1.60.1, packer 1.6.6 and go-git 5.4.2.
const SEEN: &str = "seen with x/crypto 0.4.0, 0.25.0 and 0.55.0";

const CLIENT: Client = Client {
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
        unknown(Capability::Fido),
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
