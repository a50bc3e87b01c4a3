//! The library's own errors, as Ruby prints them.

use super::failure::{closed, is_about_passphrase, said};
use super::sshkit::{account, executing, raised};
use crate::dialect::table::{Row, from};
use crate::model::{Key, Kind};

/// What Ruby prints of an error: `file.rb:159:in 'sign': WORDS (CLASS)`, or `CLASS: WORDS`.
pub(super) const ROWS: &[Row] = &[
    // The server's words, which must not be taken for any of those below.
    raised("disconnected: ", "Net::SSH::Disconnect: disconnected: Too many authentication failures (2)", |before, rest| {
        let ours = before.contains("Net::SSH::Disconnect") || rest.contains("(Net::SSH::Disconnect)");
        let text = rest.rsplit_once(" (Net::SSH").map_or(rest, |(text, _)| text);
        let text = text.trim_end().rsplit_once(" (").map_or(text, |(text, _)| text).to_owned();
        ours.then_some(Kind::Disconnected { address: None, port: None, text })
    }),
    raised(
        "Authentication failed for user ",
        "net/ssh.rb:267:in `start': Authentication failed for user dev@box.example (Net::SSH::AuthenticationFailed)",
        |_, rest| {
            let (user, host) = account(rest)?;
            Some(Kind::Denied { user: Some(user), host: Some(host), methods: Vec::new() })
        },
    )
    .signs(),
    raised(
        "agent could not sign data with requested identity",
        "agent.rb:159:in `sign': agent could not sign data with requested identity (Net::SSH::Authentication::AgentError)",
        |_, _| Some(Kind::AgentRefused { key: Key { agent: Some(true), ..Key::default() } }),
    )
    .signs()
    .ends(),
    raised(
        "Decrypt failed on private key",
        "ed25519.rb:71:in `read': Decrypt failed on private key (Net::SSH::Authentication::ED25519::OpenSSHPrivateKeyLoader::DecryptError)",
        |_, _| Some(Kind::PassphraseRefused),
    )
    .signs()
    .ends(),
    raised(
        "the given identity is known, but the private key could not be loaded: ",
        "key_manager.rb:168:in `sign': the given identity is known, but the private key could not be loaded: OpenSSL::PKey::PKeyError (rsa#set_key= is incompatible with OpenSSL 3.0) (Net::SSH::Authentication::KeyManagerError)",
        |_, rest| {
            let reason = said(rest.split(" (Net::SSH").next()?).to_owned();
            Some(if is_about_passphrase(&reason) {
                Kind::PassphraseRefused
            } else {
                Kind::LoadKeyFailed { path: String::new(), reason, public: false }
            })
        },
    )
    .signs()
    .ends(),
    from(
        "fingerprint ",
        "always.rb:53:in `process_cache_miss': fingerprint SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s is unknown for \"[box.example]:2222,[192.0.2.1]:2222\" (Net::SSH::HostKeyUnknown)",
        |_, line| {
            let (before, names) = line.split_once(" for \"")?;
            let mut places = names.split('"').next()?.split(',').map(place);
            let (host, port) = places.next()?;
            let address = places.next().map(|(address, _)| address.to_owned());
            let host = Some(host.to_owned());
            if before.ends_with(" does not match") {
                return Some(Kind::HostKeyChanged { host });
            }
            before.ends_with(" is unknown").then_some(Kind::HostKeyUnknown { host, address, port, strict: true })
        },
    )
    .also(executing),
    raised(
        "could not settle on ",
        "algorithms.rb:410:in `negotiate': could not settle on host_key algorithm (Net::SSH::Exception)",
        |_, rest| {
            let what = match rest.split(' ').next()? {
                "kex" => "key exchange method",
                "host_key" => "host key type",
                name if name.starts_with("encryption") => "cipher",
                name if name.starts_with("hmac") => "MAC",
                name => name,
            };
            Some(Kind::NoCommonAlgorithm { what: what.to_owned(), offer: None, address: None, port: None })
        },
    )
    .signs(),
    raised(
        "connection closed by remote host",
        "Net::SSH::Disconnect: connection closed by remote host",
        |_, _| closed(false),
    ),
    // Releases up to 6 in their own key exchange, where Ruby has OpenSSL 3.
    raised(
        "pkeys are immutable on OpenSSL 3.0 (OpenSSL::PKey::PKeyError)",
        "lib/net/ssh/transport/kex/ecdh_sha2_nistp256.rb:21:in `generate_key!': pkeys are immutable on OpenSSL 3.0 (OpenSSL::PKey::PKeyError)",
        |before, _| {
            let reason = "it can't use OpenSSL 3; Net::SSH 7 can".to_owned();
            before.contains("/net/ssh/").then_some(Kind::ClientFailed { reason })
        },
    )
    .ends(),
    raised("Net::SSH::ConnectionTimeout", "session.rb:90:in `rescue in initialize': Net::SSH::ConnectionTimeout (Net::SSH::ConnectionTimeout)", |_, _| {
        Some(Kind::ConnectFailed { host: None, port: None, reason: "Connection timed out".into() })
    })
    .signs(),
];

/// A name as known_hosts has it: `box.example`, or `[box.example]:2222`.
fn place(name: &str) -> (&str, Option<u16>) {
    match name.strip_prefix('[').and_then(|name| name.split_once("]:")) {
        Some((host, port)) => (host, port.parse().ok()),
        None => (name, None),
    }
}
