//! libssh2: its trace, the messages of programs made after its examples, and curl, which speaks through it.

mod bindings;
mod client;
mod curl;
pub(super) mod errors;

use crate::dialect::table::{Dialect, Head, Row, bare, first, holds, logged};
use crate::dialect::words::{kind, methods, sha256};
use crate::model::{Author, Key, Kind, Side};
use errors::{error, numbered};

pub(super) static LIBSSH2: Dialect = Dialect {
    author: Author { id: "libssh2", name: "libssh2", side: Side::Client, read: true },
    client: Some(&client::CLIENT),
    rows: &[TRACE, EXAMPLES, bindings::ROWS, curl::ROWS],
    marks: &[
        first("[libssh2] ", "[libssh2] 0.966650 Key Ex: Sent KEX: curve25519-sha256"),
        first("  File \"ssh2/", "  File \"ssh2/utils.pyx\", line 166, in ssh2.utils.handle_error_codes"),
        holds("-packages/pssh/", "  File \"/usr/lib/python3/dist-packages/pssh/clients/common.py\", line 40"),
    ],
    noise: &["all done", "* Closing connection", "* Connection #"],
    noise_within: &["--:--:--"],
    levels: &[],
    twice: true,
    head,
    words_at: |line| match line {
        [b'*', b' ', rest @ ..] => rest.iter().position(|byte| *byte != b' ').map(|blanks| 2 + blanks),
        _ => line.starts_with(b"[libssh2] ").then(|| words_in(line)).flatten(),
    },
};

/// `[libssh2] SECONDS.MICROSECONDS CONTEXT: WORDS` (libssh2's misc.c); curl puts `* ` before what it tells at -v.
fn head(line: &str) -> Head<'_> {
    if let Some(rest) = line.strip_prefix("[libssh2] ") {
        let words = rest.split_once(' ').map_or(rest, |(_, words)| words);
        return Head { stream: None, logged: true, words };
    }
    curl::head(line)
}

/// Where the words of a line of the trace begin.
fn words_in(line: &[u8]) -> Option<usize> {
    let mark = b"[libssh2] ".len();
    line[mark..].iter().position(|byte| *byte == b' ').map(|at| mark + at + 1)
}

/// The trace (LIBSSH2_TRACE_AUTH, _KEX, _ERROR).
const TRACE: &[Row] = &[
    logged(
        "Key Ex: Server's SHA256 Fingerprint: ",
        "[libssh2] 1.010100 Key Ex: Server's SHA256 Fingerprint: hjAO84XfxbYkhzXXot8sGcrInnyh8rPd0eQH1UDaw/k=",
        |print| Some(Kind::HostKey { kind: String::new(), fingerprint: Some(sha256(print)?) }),
    ),
    logged(
        "Key Ex: Server to Client extension server-sig-algs: ",
        "[libssh2] 1.013316 Key Ex: Server to Client extension server-sig-algs: ssh-ed25519,rsa-sha2-512",
        |list| Some(Kind::ServerSigAlgs { list: list.trim().to_owned() }),
    ),
    logged(
        "Userauth: Permitted auth methods: ",
        "[libssh2] 1.063828 Userauth: Permitted auth methods: publickey",
        |list| Some(Kind::Methods { list: methods(list) }),
    ),
    logged(
        "Userauth: Loading public key file: ",
        "[libssh2] 0.305294 Userauth: Loading public key file: /home/dev/.ssh/id.pub",
        |path| Some(Kind::KeyFile { path: private(path) }),
    ),
    logged(
        "Userauth: Computing public key from private key file: ",
        "[libssh2] 1.039955 Userauth: Computing public key from private key file: /home/dev/.ssh/id",
        |path| Some(Kind::KeyFile { path: path.trim_end().to_owned() }),
    ),
    logged("Key Ex: Signing using ", "[libssh2] 0.305328 Key Ex: Signing using ssh-ed25519", |algorithm| {
        Some(Kind::NextKey { kind: kind(algorithm.trim()), agent: false })
    }),
    logged(
        "Userauth: Attempting publickey authentication",
        "[libssh2] 0.305330 Userauth: Attempting publickey authentication",
        |rest| match rest.contains("phase 2") {
            true => Some(Kind::ServerAccepts { key: None }),
            false => Some(Kind::Offering { key: Key::default(), explicit: false, token: false }),
        },
    ),
    // Only after the server's yes.
    logged(
        "Userauth: Loading private key file: ",
        "[libssh2] 0.311860 Userauth: Loading private key file: /home/dev/.ssh/id",
        |_| Some(Kind::ServerAccepts { key: None }),
    ),
    logged(
        "Userauth: Publickey authentication successful",
        "[libssh2] 0.781996 Userauth: Publickey authentication successful",
        |_| Some(Kind::Succeeded { method: "publickey".into() }),
    ),
    logged(
        "Failure Event: ",
        "[libssh2] 0.755691 Failure Event: -18 - Username/PublicKey combination invalid",
        |rest| {
            let (code, text) = rest.split_once(" - ")?;
            failure(code.parse().ok()?, text)
        },
    )
    // What is signed was accepted before.
    .also(|line| line.contains(": -42 - agent sign failure").then_some(Kind::ServerAccepts { key: None })),
];

/// A failure's number and text. 0 is none: the call worked.
fn failure(code: i32, text: &str) -> Option<Kind> {
    match (text.trim_end(), code) {
        ("agent list id failed", 0) => Some(Kind::NextKey { kind: None, agent: true }),
        ("agent list id failed", _) => Some(Kind::AgentFailed { reason: "its keys could not be listed".into() }),
        ("agent sign failure", 0) => Some(Kind::ServerAccepts { key: None }),
        ("agent sign failure", _) => Some(Kind::AgentRefused { key: Key { agent: Some(true), ..Key::default() } }),
        // Told twice over: the cause has been said one line before.
        (text, _) if text.starts_with("Callback returned error") => None,
        (_, 0) => None,
        (text, code) => error(text, Some(code)),
    }
}

/// The private half of a public key's file.
fn private(path: &str) -> String {
    let path = path.trim_end();
    path.strip_suffix("-cert.pub").or_else(|| path.strip_suffix(".pub")).unwrap_or(path).to_owned()
}

/// What libssh2's examples tell their user (example/ssh2.c, ssh2_agent.c), and programs that were made after them.
const EXAMPLES: &[Row] = &[
    // No example's: what programs say of what libssh2_session_banner_get gives, the server's identification string.
    bare("banner: SSH-2.0-", "banner: SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10", |software| {
        Some(Kind::RemoteSoftware { software: software.trim().to_owned() })
    }),
    bare("Authentication methods: ", "Authentication methods: publickey", |list| {
        Some(Kind::Methods { list: methods(list) })
    }),
    // The same numbers as in curl's line.
    bare("Host check: ", "Host check: 2, key: <none>", curl::host_check).signs(),
    // What programs say of libssh2_knownhost_check's answer.
    bare("known_hosts: ", "known_hosts: 2 entries, check: not found", |rest| {
        Some(match rest.split_once("check: ")?.1.trim() {
            "match" => Kind::HostKeyKnown { host: None, port: None },
            "mismatch" => Kind::HostKeyChanged { host: None },
            "not found" => Kind::HostKeyUnknown { host: None, address: None, port: None, strict: false },
            _ => return None,
        })
    }),
    bare("Authentication by public key failed.", "Authentication by public key failed.", |_| {
        Some(Kind::KeyDenied { methods: Vec::new() })
    })
    .signs(),
    bare("Authentication by password failed.", "Authentication by password failed.", |_| Some(Kind::PasswordRefused))
        .signs()
        .ends(),
    bare("No supported authentication methods found.", "No supported authentication methods found.", |_| {
        Some(Kind::Denied { user: None, host: None, methods: Vec::new() })
    })
    .signs(),
    // The examples print the number alone, programs made after them the message.
    bare(
        "Authentication by public key failed: ",
        "Authentication by public key failed: Callback returned error (-19)",
        numbered,
    )
    .also(|line| errors::after_yes(line).then_some(Kind::ServerAccepts { key: None }))
    .signs()
    .ends(),
    bare("Authentication by public key succeeded", "Authentication by public key succeeded.", |_| {
        Some(Kind::Succeeded { method: "publickey".into() })
    })
    .signs(),
    bare(
        "Failure establishing SSH session: ",
        "Failure establishing SSH session: Failed getting banner (-13)",
        |rest| numbered(rest).or_else(|| coded(rest)),
    )
    .signs(),
    bare("Failure connecting to ssh-agent: ", "Failure connecting to ssh-agent: no auth sock variable (-39)", |rest| {
        let reason = rest.split(" (-").next().unwrap_or(rest).trim_end().to_owned();
        Some(Kind::AgentFailed { reason })
    })
    .signs()
    .ends(),
    bare(
        "Authentication with username ",
        "Authentication with username dev and public key dev@laptop failed!",
        |rest| {
            let (_, key) = tried(rest)?;
            match rest.trim_end().ends_with("succeeded!") {
                true => Some(Kind::Succeeded { method: "publickey".into() }),
                false => Some(Kind::Refused { key: Some(key) }),
            }
        },
    )
    .also(|line| tried(line.split_once("with username ")?.1).map(|(user, _)| Kind::User { user }))
    .also(|line| {
        let (_, key) = tried(line.split_once("with username ")?.1)?;
        line.trim_end().ends_with("succeeded!").then_some(Kind::ServerAccepts { key: Some(key) })
    })
    .signs(),
    bare(": Waiting for USERAUTH response", ": Waiting for USERAUTH response (-19)", |_| {
        error("Waiting for USERAUTH response", None)
    }),
    bare(": Unable to send userauth-", ": Unable to send userauth-publickey request (-7)", |_| {
        error("Unable to send userauth-", None)
    }),
    bare("Couldn't continue authentication", "Couldn't continue authentication", |_| {
        Some(Kind::Denied { user: None, host: None, methods: Vec::new() })
    }),
];

/// `-13`: an error by its number alone (libssh2.h).
fn coded(rest: &str) -> Option<Kind> {
    let text = match rest.trim().parse().ok()? {
        -5 | -8 => "Unable to exchange encryption keys",
        -2 | -13 | -43 => "Failed getting banner",
        -9 | -30 => "Timed out waiting on socket",
        -1 | -7 => "socket disconnect",
        _ => return None,
    };
    error(text, Some(if text.starts_with("Unable") { -5 } else { 0 }))
}

/// `USER and public key COMMENT failed!`: a key of the agent's, by its comment.
fn tried(rest: &str) -> Option<(String, Key)> {
    let (user, rest) = rest.split_once(" and public key ")?;
    let rest = rest.trim_end();
    let label = rest.strip_suffix(" failed!").or_else(|| rest.strip_suffix(" succeeded!"))?;
    let label = Some(label.to_owned()).filter(|label| !label.is_empty());
    Some((user.to_owned(), Key { label, agent: Some(true), ..Key::default() }))
}
