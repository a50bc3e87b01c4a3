//! Its log.

use super::methods::{method_set, partial};
use super::packet::{requested, signer};
use crate::dialect::table::{Row, logged};
use crate::dialect::words::{self, between};
use crate::model::{Key, Kind};

/// russh's log at debug (client/mod.rs, client/encrypted.rs, client/kex.rs, keys/agent/client.rs).
pub(super) const ROWS: &[Row] = &[
    logged("ssh id = Standard(\"SSH-2.0-", "[2026-11-27T09:27:35Z DEBUG russh::client] ssh id = Standard(\"SSH-2.0-russh_0.65.1\")", |rest| {
        Some(Kind::ClientSoftware { version: rest.split('"').next()?.to_owned() })
    }),
    logged(
        "received server host key: Ok(\"",
        "[2026-11-27T09:27:35Z DEBUG russh::client::kex] received server host key: Ok(\"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBtSZ3afkZU28ZhVEsLpOWM41Oyi4OwkZR9RIDHhg/x/\") (certificate: false)",
        |rest| {
            let line = rest.split('"').next()?;
            let kind = words::kind(line.split(' ').next()?).unwrap_or_default();
            Some(Kind::HostKey { kind, fingerprint: Some(crate::wire::public_line(line)?.fingerprint) })
        },
    ),
    logged(
        "waiting service request, Some(6) ",
        "[2026-11-27T09:27:35Z DEBUG russh::client::encrypted] waiting service request, Some(6) 6",
        |_| Some(Kind::ServiceAccepted),
    ),
    // SSH_AGENT_IDENTITIES_ANSWER, and the number of keys in the four bytes behind it.
    logged("identities: [12, ", "[2026-11-27T09:27:35Z DEBUG russh::keys::agent::client] identities: [12, 0, 0, 0, 0]", |rest| {
        let count: Vec<u32> = rest.split([',', ']']).take(4).filter_map(|byte| byte.trim().parse().ok()).collect();
        let count = count.iter().fold(0_u32, |sum, byte| sum.wrapping_mul(256).wrapping_add(*byte));
        Some(if count == 0 { Kind::AgentEmpty } else { Kind::NextKey { kind: None, agent: true } })
    }),
    // What the agent is asked to sign (RFC 4252 §7): the session's id, SSH_MSG_USERAUTH_REQUEST, the user.
    logged(
        "sign_request: [",
        "[2026-11-27T09:27:35Z DEBUG russh::keys::agent::client] sign_request: [0, 0, 0, 1, 7, 50, 0, 0, 0, 3, 100, 101, 118, 0, 0]",
        |rest| signer(rest).map(|user| Kind::User { user }),
    ),
    logged(
        "write_auth_request: key - ",
        "[2026-11-27T09:27:35Z DEBUG russh::client::encrypted] write_auth_request: key - Ed25519",
        |algorithm| offering(algorithm, ""),
    ),
    logged(
        "write_auth_request: cert - ",
        "[2026-11-27T09:27:35Z DEBUG russh::client::encrypted] write_auth_request: cert - Ed25519",
        |algorithm| offering(algorithm, "-CERT"),
    ),
    // Up to 0.50 the packet itself, byte by byte.
    logged(
        "enc: [",
        "[2026-11-27T09:27:35Z DEBUG russh::client::encrypted] enc: [0, 0, 0, 111, 50, 0, 0, 0, 3, 100, 101, 118]",
        |bytes| requested(bytes).map(|user| Kind::User { user }),
    ),
    // SSH_MSG_USERAUTH_REQUEST: the only line of a key that the agent holds.
    logged("> msg type 50, ", "[2026-11-27T09:27:35Z DEBUG russh::sshbuffer] > msg type 50, len 113", |_| {
        Some(Kind::RequestSent)
    }),
    // SSH_MSG_USERAUTH_PK_OK.
    logged("< msg type 60, ", "[2026-11-27T09:27:35Z DEBUG russh::client] < msg type 60, seqn 4, len 300", |_| {
        Some(Kind::ServerAccepts { key: None })
    }),
    logged(
        "remaining methods MethodSet([",
        "[2026-11-27T09:27:35Z DEBUG russh::client::encrypted] remaining methods MethodSet([PublicKey]), partial success false",
        |rest| Some(Kind::Methods { list: method_set(rest) }),
    )
    .also(|line| partial(line, "partial success true")),
    logged("userauth_success", "[2026-11-27T09:27:35Z DEBUG russh::client::encrypted] userauth_success", |_| {
        Some(Kind::SessionOpened)
    }),
    logged(
        "disconnected: ReceivedDisconnect(",
        "[2026-11-27T09:27:35Z DEBUG russh::client] disconnected: ReceivedDisconnect(RemoteDisconnectInfo { reason_code: ProtocolError, message: \"Too many authentication failures\", lang_tag: \"\" })",
        |rest| {
            let text = between(rest, "message: \"", "\", lang_tag").or_else(|| between(rest, "message: \"", "\""))?;
            Some(Kind::Disconnected { address: None, port: None, text: text.to_owned() })
        },
    ),
    logged("drop session", "[2026-11-27T09:27:35Z DEBUG russh::client] drop session", |_| {
        Some(Kind::ClientEnded)
    }),
];

/// A key put to the server; `algorithm` as russh's own name for it: `Ed25519`, `Rsa { hash: Some(Sha512) }`.
fn offering(algorithm: &str, certificate: &str) -> Option<Kind> {
    let name = algorithm.split([' ', '{', '(']).next()?;
    let kind = match name {
        "Rsa" => "RSA",
        "Ed25519" => "ED25519",
        "Ecdsa" => "ECDSA",
        "Dsa" => "DSA",
        "SkEd25519" => "ED25519-SK",
        "SkEcdsaSha2NistP256" => "ECDSA-SK",
        _ => return Some(Kind::Offering { key: Key::default(), explicit: false, token: false }),
    };
    let key = Key { kind: Some(format!("{kind}{certificate}")), ..Key::default() };
    Some(Kind::Offering { key, explicit: false, token: false })
}
