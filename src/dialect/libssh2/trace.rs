//! The trace (LIBSSH2_TRACE_AUTH, _KEX, _ERROR).

use super::errors::error;
use crate::dialect::table::{Row, logged};
use crate::dialect::words::{kind, methods, sha256};
use crate::model::{Key, Kind};

pub(super) const ROWS: &[Row] = &[
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
