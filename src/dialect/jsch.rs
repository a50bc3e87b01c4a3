//! JSch for Java, and what speaks through it: the lines of its logger, and its exceptions (0.1.4x to 0.1.55, and the fork from 0.2 on).
//!
//! Some of its words are OpenSSH's with another meaning: `Authentications that can continue` is the client's own list.

use super::table::{Dialect, Head, Row, any, holds, logged, within};
use super::words::{between, kind, methods};
use crate::model::client::{no, partly, yes};
use crate::model::{Author, Capability, Client, Key, Kind, Side};
use crate::shell::{self, Place};

pub(super) static JSCH: Dialect = Dialect {
    author: Author { id: "jsch", name: "JSch", side: Side::Client, read: true, tells_offers: false },
    client: Some(&CLIENT),
    rows: &[LOG, EXCEPTIONS, SYSTEM],
    marks: &[holds("com.jcraft.jsch", "com.jcraft.jsch.JSchException: something else")],
    noise: &[
        "INFO: kex: ",
        "INFO: Check",
        "INFO: SSH_MSG_",
        "INFO: expecting ",
        "INFO: Disconnecting from ",
        "INFO: Authentications that can continue: ",
        // Its own list, and no statement of OpenSSH's.
        "Authentications that can continue: ",
        "kex: ",
        "at ",
        "... ",
    ],
    noise_within: &[],
    levels: &[],
    twice: false,
    head,
};

/// What a program's logger puts before a line, mostly; which it is, is the program's own choice.
const LEVELS: &[&str] = &["INFO: ", "WARN: ", "DEBUG: ", "ERROR: ", "FATAL: "];

/// Ant's tasks.
const TASKS: &[&str] = &["[sshexec] ", "[scp] ", "[sshsession] "];

/// A host and its port.
fn connecting((host, port): (&str, &str)) -> Option<Kind> {
    let port = Some(port.trim_end().parse().ok()?);
    (!host.contains(' ')).then(|| Kind::Connecting { host: Some(host.to_owned()), address: None, port })
}

/// How far into a line a logger's name may reach, in bytes.
const NEAR: usize = 110;

/// The words behind what a framework of loggers puts before them: `TIME [THREAD] LEVEL NAME - WORDS`, `TIME LEVEL … NAME : WORDS`.
fn logger(line: &str) -> &str {
    let starts = line.as_bytes().first().is_some_and(|byte| byte.is_ascii_digit() || b"[DIWE".contains(byte));
    let near = line.get(..NEAR).unwrap_or(line);
    let named = ["INFO ", "WARN ", "DEBUG ", "ERROR "].iter().any(|level| starts && near.contains(level));
    let gap = || [" - ", " : "].iter().find_map(|gap| Some(near.find(gap)? + gap.len()));
    // A name in brackets and a level, and nothing between that and the words: `[ssh] INFO Connecting to …`.
    let bracketed = || {
        let (name, rest) = near.strip_prefix('[')?.split_once("] ")?;
        let (level, words) = rest.split_once(' ')?;
        let known = LEVELS.iter().any(|one| one.trim_end_matches([':', ' ']) == level);
        (known && !name.contains(' ')).then(|| near.len() - words.len())
    };
    named.then(|| gap().or_else(bracketed)).flatten().map_or(line, |at| &line[at..])
}

fn head(line: &str) -> Head<'_> {
    match TASKS.iter().find_map(|task| line.strip_prefix(task)) {
        Some(words) => Head { stream: None, logged: true, words },
        None => Head::bare(LEVELS.iter().find_map(|level| line.strip_prefix(level)).unwrap_or_else(|| named(line))),
    }
}

/// What programs' own loggers put before the words: DBeaver's, Android's, and those of issues that were handed on.
const NAMES: &[&str] = &[" - SSH INFO: ", "SSH INFO: ", "jschLog=", "D/JSch: ", "I/JSch: ", "W/JSch: "];

/// The words behind such a name, or behind a logger's.
fn named(line: &str) -> &str {
    let near = line.get(..NEAR).unwrap_or(line);
    let behind = NAMES.iter().find_map(|name| Some(near.find(name)? + name.len()));
    // `Level: 1, message: WORDS`
    let numbered = || {
        let (level, words) = line.strip_prefix("Level: ")?.split_once(", message: ")?;
        (level.len() == 1).then(|| line.len() - words.len())
    };
    behind.or_else(numbered).map_or_else(|| logger(line), |at| &line[at..])
}

const LOG: &[Row] = &[
    any("Connecting to ", "INFO: Connecting to box.example port 2222", |rest| connecting(rest.split_once(" port ")?)),
    // Ant's tasks say it in their own way, and first.
    logged("Connecting to ", "[sshexec] Connecting to box.example:2222", |rest| connecting(rest.rsplit_once(':')?)),
    any("Connection established", "INFO: Connection established", |rest| rest.is_empty().then_some(Kind::Established)),
    any("Remote version string: SSH-2.0-", "INFO: Remote version string: SSH-2.0-OpenSSH_9.2p1 Debian-2", |rest| {
        Some(Kind::RemoteSoftware { software: rest.trim_end().to_owned() })
    })
    .signs(),
    any("Local version string: SSH-2.0-", "INFO: Local version string: SSH-2.0-JSCH-0.1.54", |rest| {
        Some(Kind::ClientSoftware { version: rest.trim_end().to_owned() })
    })
    .signs(),
    any("SSH_MSG_SERVICE_ACCEPT received", "INFO: SSH_MSG_SERVICE_ACCEPT received", |_| Some(Kind::ServiceAccepted))
        .signs()
        .also(|_| Some(Kind::MethodsKept)),
    any("Next authentication method: ", "INFO: Next authentication method: publickey", |method| {
        Some(Kind::NextMethod { method: method.trim_end().to_owned() })
    }),
    any("Authentication succeeded (", "INFO: Authentication succeeded (publickey).", |rest| {
        Some(Kind::Succeeded { method: rest.split(')').next()?.to_owned() })
    }),
    // The fork says what became of each key, and names its algorithm.
    within(" preauth success", "DEBUG: ssh-ed25519 preauth success", |algorithm, _| {
        Some(Kind::ServerAccepts { key: Some(of(algorithm)?) })
    })
    .signs(),
    within(" preauth failure", "DEBUG: ssh-ed25519 preauth failure", |algorithm, _| {
        // An RSA key is asked about once for each hash.
        (algorithm != "rsa-sha2-256").then_some(())?;
        Some(Kind::Refused { key: Some(of(algorithm)?) })
    })
    .signs(),
    within(" auth failure", "DEBUG: ssh-ed25519 auth failure", |algorithm, _| {
        of(algorithm).map(|_| Kind::Refused { key: None })
    })
    .signs(),
];

/// A key of which the algorithm is known.
fn of(algorithm: &str) -> Option<Key> {
    // A type that OpenSSH has not.
    let own = (algorithm == "ssh-ed448").then(|| "ED448".to_owned());
    Some(Key { kind: Some(own.or_else(|| kind(algorithm))?), ..Key::default() })
}

/// What it throws. Wherever it stands, the words behind the class's name are the same.
const EXCEPTIONS: &[Row] = &[
    // The server's words, which must not be taken for any of those below.
    within(
        "Exception: SSH_MSG_DISCONNECT: ",
        "com.jcraft.jsch.JSchException: SSH_MSG_DISCONNECT: 2 Too many authentication failures ",
        |before, rest| {
            // The fork has a class of its own for it.
            ["JSch", "JSchSessionDisconnect"].iter().any(|class| before.ends_with(class)).then_some(())?;
            let text = rest.trim().trim_start_matches(|c: char| c.is_ascii_digit()).trim_start().to_owned();
            Some(Kind::Disconnected { address: None, port: None, text })
        },
    )
    .signs()
    .ends(),
    // The fork names the server's own list.
    within(
        "Auth fail for methods '",
        "com.jcraft.jsch.JSchException: Auth fail for methods 'publickey,password'",
        |_, rest| denied(methods(rest.split('\'').next()?)),
    )
    .signs()
    .also(destination),
    within(": Auth fail", "com.jcraft.jsch.JSchException: Auth fail", |_, _| denied(Vec::new()))
        .signs()
        .also(destination),
    // A question, for a password or a passphrase, that nobody answered.
    within(": Auth cancel", "com.jcraft.jsch.JSchException: Auth cancel", |_, _| denied(Vec::new()))
        .signs()
        .also(destination),
    // An encrypted key, and nobody who could be asked.
    within(": USERAUTH fail", "com.jcraft.jsch.JSchException: USERAUTH fail", |_, _| denied(Vec::new()))
        .signs()
        .also(|_| Some(Kind::PassphraseRefused)),
    // The fork leaves out the number of the array.
    within(": invalid privatekey", "com.jcraft.jsch.JSchException: invalid privatekey: [B@5acf9800", |_, _| {
        let reason = "invalid privatekey".to_owned();
        Some(Kind::LoadKeyFailed { path: String::new(), reason, public: false })
    })
    .signs()
    .ends(),
    within(
        "java.io.FileNotFoundException: ",
        "com.jcraft.jsch.JSchException: java.io.FileNotFoundException: /home/dev/.ssh/id_deploy (No such file or directory)",
        |before, rest| {
            let (path, reason) = rest.trim_end().rsplit_once(" (")?;
            let reason = reason.trim_end_matches(')').to_owned();
            if !before.contains("JSchException") {
                return None;
            }
            // `setKnownHosts` and `addIdentity` fail in the same words.
            if path.rsplit(['/', '\\']).next().is_some_and(|name| name.starts_with("known_hosts")) {
                let reason = format!("setKnownHosts can't open {path} ({reason})");
                return Some(Kind::ClientFailed { reason });
            }
            Some(Kind::IdentityMissing { path: path.to_owned(), reason, named: true })
        },
    )
    .ends(),
    within(
        "UnknownHostKey: ",
        "com.jcraft.jsch.JSchException: UnknownHostKey: box.example. ECDSA key fingerprint is 6d:08:aa",
        |_, rest| host_unknown(rest.split_once(". ")?.0),
    )
    .signs(),
    within("reject HostKey: ", "com.jcraft.jsch.JSchException: reject HostKey: box.example", |_, rest| {
        host_unknown(rest.split_whitespace().next()?)
    })
    .signs(),
    within(
        "HostKey has been changed: ",
        "com.jcraft.jsch.JSchException: HostKey has been changed: [box.example]:2222",
        |_, rest| Some(Kind::HostKeyChanged { host: Some(place(rest.trim_end()).0.to_owned()) }),
    )
    .signs(),
    within("revoked HostKey: ", "com.jcraft.jsch.JSchException: revoked HostKey: box.example", |_, _| {
        Some(Kind::HostKeyFailed)
    })
    .signs(),
    within(
        "Algorithm negotiation fail",
        "com.jcraft.jsch.JSchException: Algorithm negotiation fail",
        |_, rest| {
            let what = match between(rest, "algorithmName=\"", "\"").unwrap_or_default() {
                "kex" => "key exchange method",
                "server_host_key" => "host key type",
                name if name.starts_with("cipher") => "cipher",
                name if name.starts_with("mac") => "MAC",
                _ => "algorithm",
            };
            let offer = between(rest, "serverProposal=\"", "\"").map(str::to_owned);
            Some(Kind::NoCommonAlgorithm { what: what.to_owned(), offer, address: None, port: None })
        },
    )
    .signs(),
    within(
        "connection is closed by foreign host",
        "com.jcraft.jsch.JSchException: connection is closed by foreign host",
        |_, _| closed(false),
    )
    .signs(),
    within(
        "Session.connect: java.io.IOException: End of IO Stream Read",
        "com.jcraft.jsch.JSchException: Session.connect: java.io.IOException: End of IO Stream Read",
        |_, _| closed(false),
    )
    .signs(),
    within(
        "Session.connect: java.net.SocketException: Connection reset",
        "com.jcraft.jsch.JSchException: Session.connect: java.net.SocketException: Connection reset",
        |_, _| closed(true),
    )
    .signs(),
    within(
        "Session.connect: java.net.SocketTimeoutException: Read timed out",
        "com.jcraft.jsch.JSchException: Session.connect: java.net.SocketTimeoutException: Read timed out",
        |_, _| Some(Kind::ConnectionFailed { address: None, port: None, reason: "Read timed out".into() }),
    )
    .signs(),
    within(
        "timeout: socket is not established",
        "com.jcraft.jsch.JSchException: timeout: socket is not established",
        |_, _| failed("Connection timed out"),
    )
    .signs(),
];

/// What Java says of names and sockets, behind the library's own class.
const SYSTEM: &[Row] = &[
    within(
        "JSchException: java.net.ConnectException: ",
        "com.jcraft.jsch.JSchException: java.net.ConnectException: Connection refused",
        |_, reason| failed(reason.split([':', '(']).next()?),
    )
    .signs(),
    within(
        "JSchException: java.net.NoRouteToHostException: ",
        "com.jcraft.jsch.JSchException: java.net.NoRouteToHostException: No route to host",
        |_, reason| failed(reason.split([':', '(']).next()?),
    )
    .signs(),
    within(
        "JSchException: java.net.SocketException: Network is unreachable",
        "com.jcraft.jsch.JSchException: java.net.SocketException: Network is unreachable",
        |_, _| failed("Network is unreachable"),
    )
    .signs(),
    within(
        "JSchException: java.net.UnknownHostException: ",
        "com.jcraft.jsch.JSchException: java.net.UnknownHostException: box.example",
        |_, rest| {
            let (host, reason) = rest.trim_end().split_once(": ").unwrap_or((rest.trim_end(), "no such host"));
            Some(Kind::ResolveFailed { host: host.to_owned(), reason: reason.to_owned() })
        },
    )
    .signs(),
];

fn denied(methods: Vec<String>) -> Option<Kind> {
    Some(Kind::Denied { user: None, host: None, methods })
}

fn closed(reset: bool) -> Option<Kind> {
    Some(Kind::Closed { address: None, port: None, reset, proxied: false })
}

fn failed(reason: &str) -> Option<Kind> {
    Some(Kind::ConnectFailed { host: None, port: None, reason: reason.trim().to_owned() })
}

fn host_unknown(name: &str) -> Option<Kind> {
    let (host, port) = place(name);
    Some(Kind::HostKeyUnknown { host: Some(host.to_owned()), address: None, port, strict: true })
}

/// `box.example`, or `[box.example]:2222`.
fn place(name: &str) -> (&str, Option<u16>) {
    match name.strip_prefix('[').and_then(|name| name.split_once("]:")) {
        Some((host, port)) => (host, port.parse().ok()),
        None => (name, None),
    }
}

/// JGit puts the repository's address before the words: `ssh://git@box.example:2222/x.git: Auth fail`, `git@box.example:x.git: …`.
fn destination(line: &str) -> Option<Kind> {
    let before = line.split_once(": Auth ")?.0;
    let word = before.split_whitespace().next_back()?;
    if let Some(Place { user: Some(user), host, port: Some(port) }) = shell::place(word) {
        return Some(Kind::Destination { user: Some(user), host, port: Some(port) });
    }
    let (user, place) = word.trim_start_matches("ssh://").split_once('@')?;
    let (host, rest) = place.split_once([':', '/'])?;
    let port = word.starts_with("ssh://").then(|| rest.split('/').next()?.parse().ok()).flatten();
    Some(Kind::Destination { user: Some(user.to_owned()), host: host.to_owned(), port })
}

/// Runs of Debian 12's 0.1.55 (which calls itself 0.1.54) against OpenSSH 9.2.
const SEEN: &str = "seen with JSch 0.1.55";
const FORK: &str = "https://github.com/mwiede/jsch#readme";

const CLIENT: Client = Client {
    versions: "JSch 0.1.55",
    also: &["ant", "jgit"],
    answers: &[
        no(Capability::Config, "reads no ~/.ssh/config, unless the program gives it OpenSSHConfig", SEEN),
        partly(
            Capability::KnownHosts,
            "reads known_hosts if it is given the file by setKnownHosts, as ant's tasks do",
            SEEN,
        ),
        yes(Capability::HashedHosts, "finds hashed names in known_hosts", SEEN),
        no(Capability::HostAuthority, "does not heed @cert-authority lines", SEEN),
        no(Capability::Agent, "asks no agent; its fork does, where the program tells it to", FORK),
        no(Capability::DefaultFiles, "tries no default files", SEEN),
        yes(Capability::Order, "offers its keys in the order in which the program added them", SEEN),
        no(
            Capability::OpenSshFormat,
            "reads no key in OpenSSH's format, which ssh-keygen writes since 7.8; ssh-keygen -p -m PEM -f FILE rewrites it",
            SEEN,
        ),
        yes(Capability::Pem, "reads RSA and ECDSA keys in PEM, also with Windows line ends", SEEN),
        no(Capability::Ppk, "reads no PPK files of version 3, and none of version 2 that were tried", SEEN),
        no(Capability::Ed25519, "takes no ed25519 keys; its fork (com.github.mwiede:jsch) does", FORK),
        partly(
            Capability::Encrypted,
            "opens an encrypted key if it is given the passphrase or a UserInfo to ask by",
            SEEN,
        ),
        no(
            Capability::RsaSha2,
            "signs with RSA by SHA-1 only, which OpenSSH refuses since 8.8; its fork (com.github.mwiede:jsch) signs by SHA-2",
            FORK,
        ),
        no(Capability::Certificates, "offers no certificates", SEEN),
        no(Capability::Fido, "signs with no FIDO keys", SEEN),
        yes(Capability::NamingAKey, "takes a key by addIdentity(FILE); ant's tasks by keyfile", SEEN),
        yes(
            Capability::LoggingMore,
            "tells more with JSch.setLogger; what became of each key only the fork tells, at the level DEBUG",
            FORK,
        ),
    ],
};
