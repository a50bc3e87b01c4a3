//! What libssh logs, and what its sample client tells its user.

use crate::dialect::table::{Row, any, bare, logged, within};
use crate::dialect::words::{kind, methods};
use crate::model::{Key, Kind};

pub(super) const DENIED: &str = "Access denied for '";

pub(super) const ROWS: &[Row] = &[
    logged("libssh ", "[2026/11/27 09:32:52.831111, 2] ssh_connect:  libssh 0.10.6 (c) 2003-2023", |rest| {
        let version = rest.split_once(" (c)")?.0;
        Some(Kind::ClientSoftware { version: format!("libssh_{version}") })
    })
    .signs(),
    logged("Socket connection callback: 1 ", "[2026/11/27 09:32:52.832038, 1] socket_callback_connected:  Socket connection callback: 1 (0)", |_| {
        Some(Kind::Established)
    }),
    logged("SSH server banner: SSH-2.0-", "[2026/11/27 09:32:52.843385, 2] ssh_client_connection_callback:  SSH server banner: SSH-2.0-OpenSSH_9.2p1 Debian-2", |rest| {
        Some(Kind::RemoteSoftware { software: rest.trim_end().to_owned() })
    })
    .signs(),
    logged("Signature verified and valid", "[2026/11/27 09:32:52.857998, 2] ssh_packet_newkeys:  Signature verified and valid", |_| {
        Some(Kind::ServiceAccepted)
    }),
    logged("Extension: server-sig-algs=<", "[2026/11/27 09:32:51.889948, 3] ssh_packet_ext_info:  Extension: server-sig-algs=<ssh-ed25519,rsa-sha2-256>", |rest| {
        Some(Kind::ServerSigAlgs { list: rest.trim_end().trim_end_matches('>').to_owned() })
    }),
    logged(DENIED, "[2026/11/27 09:32:52.144862, 1] ssh_packet_userauth_failure:  Access denied for 'publickey'. Authentication that can continue: publickey", |rest| {
        let (method, list) = answered(rest)?;
        let refused = (method == "publickey").then_some(Kind::Refused { key: None });
        Some(Kind::Several(refused.into_iter().chain([Kind::Methods { list }]).collect()))
    })
    .signs(),
    logged("Partial success for '", "[2026/11/29 15:10:12.326072, 2] ssh_packet_userauth_failure:  Partial success for 'publickey'. Authentication that can continue: password", |rest| {
        let (method, list) = answered(rest)?;
        Some(Kind::Several(vec![Kind::Partial { method: Some(method.to_owned()) }, Kind::Methods { list }]))
    })
    .signs(),
    logged("Trying identity ", "[2026/11/29 15:06:55.332815, 3] ssh_userauth_agent:  Trying identity dev@laptop", |rest| {
        let key = Key { label: Some(rest.trim_end().to_owned()), agent: Some(true), ..Key::default() };
        Some(Kind::Offering { key, explicit: false, token: false })
    }),
    logged("Agent count: ", "[2026/11/29 15:06:55.332799, 3] ssh_agent_get_ident_count:  Agent count: 3", |rest| {
        let count = rest.trim().parse().ok()?;
        Some(if count == 0 { Kind::AgentEmpty } else { Kind::AgentCount { count } })
    }),
    logged("Trying to authenticate with ", "[2026/11/27 09:32:51.946481, 3] ssh_userauth_publickey_auto:  Trying to authenticate with /home/dev/.ssh/id_rsa", |rest| {
        Some(Kind::KeyFile { path: rest.trim_end().to_owned() })
    }),
    // SSH_MSG_USERAUTH_PK_OK, while a key is tried.
    logged("Dispatching handler for packet type 60", "[2026/11/27 09:32:51.947902, 3] ssh_packet_process:  Dispatching handler for packet type 60", |rest| {
        rest.is_empty().then_some(Kind::ServerAccepts { key: None })
    }),
    logged("Public key of ", "[2026/11/29 15:06:55.346797, 3] ssh_userauth_agent:  Public key of dev@laptop accepted by server", |rest| {
        let of_agent = |label: &str| Key { label: Some(label.to_owned()), agent: Some(true), ..Key::default() };
        match rest.strip_suffix(" accepted by server") {
            Some(label) => Some(Kind::ServerAccepts { key: Some(of_agent(label)) }),
            // The refusal itself stands in the line before.
            None => Some(Kind::KeyNamed { key: of_agent(rest.strip_suffix(" refused by server")?) }),
        }
    }),
    logged("Authentication successful", "[2026/11/27 09:32:51.961534, 3] ssh_packet_userauth_success:  Authentication successful", |_| {
        Some(Kind::SessionOpened)
    }),
    logged("Successfully authenticated using ", "[2026/11/27 09:33:02.059235, 2] ssh_userauth_publickey_auto:  Successfully authenticated using /home/dev/.ssh/key", |rest| {
        let key = Key { path: Some(rest.trim_end().to_owned()), ..Key::default() };
        Some(Kind::Several(vec![
            Kind::ServerAccepts { key: Some(key) },
            Kind::Succeeded { method: "publickey".into() },
        ]))
    })
    .signs(),
    logged("Creating a channel ", "[2026/11/27 09:33:02.059301, 2] channel_open:  Creating a channel 43 with 64000 window", |_| {
        Some(Kind::SessionOpened)
    }),
    logged("Tried every public key, none matched", "[2026/11/27 09:32:52.914426, 2] ssh_userauth_publickey_auto:  Tried every public key, none matched", |_| {
        Some(Kind::NoMoreMethods)
    })
    .signs(),
    logged("Error opening ", "[2026/11/27 09:32:52.914337, 1] ssh_pki_import_pubkey_file:  Error opening /home/dev/.ssh/id_rsa.pub: No such file or directory", |rest| {
        let (path, reason) = rest.rsplit_once(": ")?;
        let (path, reason) = (path.to_owned(), reason.trim_end().to_owned());
        Some(if path.ends_with(".pub") {
            Kind::LoadKeyFailed { path, reason, public: true }
        } else {
            Kind::IdentityMissing { path, reason, named: false }
        })
    }),
    logged(
        "Parsing private key: ",
        "[2026/11/27 09:33:02.374146, 1] pki_private_key_from_base64:  Parsing private key: error:1E08010C:DECODER routines::unsupported",
        |rest| {
            Some(Kind::LoadKeyFailed { path: String::new(), reason: rest.trim_end().to_owned(), public: false })
        },
    ),
    // An encrypted key is being opened; nothing else tells that it is one.
    logged("Opening OpenSSH private key: ciphername: ", "[2026/11/27 09:33:01.767221, 2] ssh_pki_openssh_import:  Opening OpenSSH private key: ciphername: aes256-ctr, kdf: bcrypt, nkeys: 1", |rest| {
        (!rest.starts_with("none")).then_some(Kind::PassphrasePrompt { path: String::new() })
    }),
    logged("Failed to read private key: ", "[2026/11/27 09:33:01.767238, 1] ssh_userauth_publickey_auto:  Failed to read private key: /home/dev/.ssh/id_rsa", |rest| {
        Some(Kind::PrivateHalfFailed { path: rest.trim_end().to_owned(), reason: "failed to read it".into() })
    })
    .signs(),
    logged("Error from connect(", "[2026/11/27 09:32:52.914295, 1] ssh_socket_unix:  Error from connect(/home/dev/.agent.sock): Connection refused", |rest| {
        Some(Kind::AgentFailed { reason: rest.rsplit_once("): ")?.1.trim_end().to_owned() })
    })
    .signs(),
    logged("Agent reports failure in signing the key", "[2026/11/27 09:32:52.914295, 1] ssh_agent_sign_data:  Agent reports failure in signing the key", |_| {
        Some(Kind::AgentRefused { key: Key::default() })
    })
    .signs(),
    logged("Received SSH_MSG_DISCONNECT", "[2026/11/27 09:32:52.914295, 1] ssh_packet_disconnect_callback:  Received SSH_MSG_DISCONNECT: 2:Too many authentication failures", |rest| {
        disconnected(rest.trim_start_matches(':'))
    })
    .signs(),
    logged("The key algorithm '", "[2026/11/27 09:32:52.914295, 1] ssh_userauth_try_publickey:  The key algorithm 'ssh-rsa' is not allowed to be used by PUBLICKEY_ACCEPTED_TYPES configuration option", |rest| {
        let (algorithm, _) = rest.split_once("' is not allowed ")?;
        let key = Key { kind: kind(algorithm), ..Key::default() };
        let reason = format!("{algorithm} is not among the signature algorithms that it may use with this server");
        Some(Kind::Skipped { key, reason })
    })
    .signs(),
    any("Socket error: ", "[2026/11/27 09:32:52.914295, 1] ssh_socket_exception_callback:  Socket error: disconnected", |rest| {
        Some(Kind::Closed { address: None, port: None, reset: rest.contains("reset"), proxied: false })
    }),
    any("Timeout connecting to ", "[2026/11/27 09:32:52.914295, 1] ssh_connect:  Timeout connecting to box", |rest| {
        let host = Some(rest.trim_end().to_owned()).filter(|host| !host.is_empty());
        Some(Kind::ConnectFailed { host, port: None, reason: "Connection timed out".into() })
    }),
    any("Failed to resolve hostname ", "Failed to resolve hostname box (Name or service not known)", |rest| {
        let (host, reason) = rest.split_once(" (")?;
        Some(Kind::ResolveFailed { host: host.to_owned(), reason: reason.trim_end().trim_end_matches(')').to_owned() })
    })
    .signs(),
    any("kex error : no match for method ", "[2026/11/29 15:10:12.469040, 1] ssh_kex_select_methods:  kex error : no match for method server host key algo: server [ssh-rsa], client [ssh-ed25519]", |rest| {
        let (what, lists) = rest.split_once(": server [")?;
        let offer = lists.split(']').next().map(str::to_owned);
        Some(Kind::NoCommonAlgorithm { what: what.to_owned(), offer, address: None, port: None })
    })
    .signs(),
    logged("Connection refused", "[2026/11/27 09:33:03.069405, 1] socket_callback_connected:  Connection refused", |_| {
        failed("Connection refused")
    }),
    logged("Connection timed out", "[2026/11/27 09:33:03.069405, 1] socket_callback_connected:  Connection timed out", |_| {
        failed("Connection timed out")
    }),
    logged("No route to host", "[2026/11/27 09:33:03.069405, 1] socket_callback_connected:  No route to host", |_| {
        failed("No route to host")
    }),
    logged("Network is unreachable", "[2026/11/27 09:33:03.069405, 1] socket_callback_connected:  Network is unreachable", |_| {
        failed("Network is unreachable")
    }),
];

/// What libssh's sample client tells its user (examples/ssh_client.c), and programs that began as a copy of it.
pub(super) const SAMPLE: &[Row] = &[
    bare("Connection failed : ", "Connection failed : Connection refused", |rest| {
        matches!(rest, "Connection refused" | "Connection timed out" | "No route to host" | "Network is unreachable")
            .then(|| failed(rest))?
    })
    .signs(),
    bare("Automatic pubkey failed", "Automatic pubkey failed. Do you want to try a specific key? (y/n)", |_| {
        Some(Kind::NoMoreMethods)
    })
    .signs(),
    bare(
        "The server is unknown. Do you trust the host key",
        "The server is unknown. Do you trust the host key (yes/no)?",
        |_| Some(Kind::HostKeyUnknown { host: None, address: None, port: None, strict: true }),
    )
    .signs(),
    bare("Host key for server changed", "Host key for server changed : server's one is now :", |_| {
        Some(Kind::HostKeyChanged { host: None })
    })
    .signs(),
];

/// `ssh_get_error` behind a program's own words: with what the server hung up, by RFC 4253's number and its own text.
pub(super) const ERRORS: &[Row] = &[within(
    "Received SSH_MSG_DISCONNECT: ",
    "Authentication failed: Received SSH_MSG_DISCONNECT: 2:Too many authentication failures",
    |_, rest| disconnected(rest),
)
.signs()
.ends()];

/// `2:Too many authentication failures`.
fn disconnected(rest: &str) -> Option<Kind> {
    let (number, text) = rest.split_once(':')?;
    let text = text.trim_end().to_owned();
    number.trim().parse::<u32>().ok().map(|_| Kind::Disconnected { address: None, port: None, text })
}

/// The method that was refused, and the list of those that can go on.
pub(super) fn answered(rest: &str) -> Option<(&str, Vec<String>)> {
    let (method, list) = rest.split_once("'. Authentication that can continue: ")?;
    Some((method, methods(list.trim_end())))
}

pub(super) fn failed(reason: &str) -> Option<Kind> {
    Some(Kind::ConnectFailed { host: None, port: None, reason: reason.to_owned() })
}
