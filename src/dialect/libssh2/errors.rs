//! libssh2's error messages (src/userauth.c, agent.c, pem.c, transport.c, session.c), as all print them that speak through it.
//!
//! A number goes with each. It tells more than the words where one message has several causes.

use crate::model::{Key, Kind};

/// LIBSSH2_ERROR_KEX_FAILURE.
const KEX_FAILURE: i32 = -5;

/// What a message means, and with which number.
type Meaning = fn(&str, Option<i32>) -> Kind;

/// Messages by their beginning; of two that fit the longer stands first.
const MESSAGES: &[(&str, Meaning)] = &[
    ("Username/PublicKey combination invalid", |_, _| Kind::Refused { key: None }),
    // Said also of a partial success: the key was good.
    ("Invalid signature for supplied public key", |_, _| Kind::Refused { key: None }),
    // The signature is made by a function that the program hands on: a file's key that does not open, or the agent's no.
    ("Callback returned error", |text, _| Kind::SigningFailed { key: Key::default(), reason: text.to_owned() }),
    ("Unable to extract public key from private key file: Unable to open private key file", missing),
    ("Unable to open private key file", missing),
    ("Unable to open public key file", missing),
    ("Unable to extract public key from private key", unusable),
    ("Unable to initialize private key from file", unusable),
    ("Invalid data in public key file", unusable),
    ("Invalid public key, too short", unusable),
    ("Invalid key data, not base64 encoded", unusable),
    ("Missing public key data", unusable),
    ("no auth sock variable", agent),
    ("failed connecting with agent", agent),
    ("failed connecting agent", agent),
    ("failed closing the agent socket", agent),
    ("unable to connect to agent pipe", agent),
    ("Failed getting banner", |text, _| Kind::IdentificationFailed { text: text.to_owned() }),
    ("Timed out waiting on socket", |_, _| timed_out()),
    ("Timeout waiting for", |_, _| timed_out()),
    ("Unable to exchange encryption keys", exchange),
    ("Unrecoverable error exchanging keys", exchange),
    // The server has hung up: its words are never shown.
    ("Waiting for USERAUTH response", closed),
    ("Unable to send userauth-", closed),
    ("Failed getting response", closed),
    ("socket disconnect", closed),
    ("Authentication failed (username/password)", |_, _| Kind::PasswordRefused),
    // Net::SSH2's own, of all that it was given to try.
    ("All authentication methods failed", |_, _| Kind::Attempted { methods: vec!["publickey".into()] }),
    ("Host key verification failed", |_, _| Kind::HostKeyFailed),
    // Of a name that has no address: Perl's socket is told to connect to nothing.
    ("Unable to connect to remote host: Invalid argument", |text, _| Kind::ResolveFailed {
        host: String::new(),
        reason: text.to_owned(),
    }),
    ("Unable to connect to remote host: ", |text, _| Kind::ConnectFailed {
        host: None,
        port: None,
        reason: text.trim_start_matches("Unable to connect to remote host: ").to_owned(),
    }),
    // Nothing was tried, so nothing has failed.
    ("no libssh2 error registered", |_, _| Kind::Attempted { methods: Vec::new() }),
];

fn missing(text: &str, _: Option<i32>) -> Kind {
    Kind::IdentityMissing { path: String::new(), reason: text.to_owned(), named: true }
}

fn unusable(text: &str, _: Option<i32>) -> Kind {
    Kind::LoadKeyFailed { path: String::new(), reason: text.to_owned(), public: false }
}

fn agent(text: &str, _: Option<i32>) -> Kind {
    Kind::AgentFailed { reason: text.to_owned() }
}

fn closed(_: &str, _: Option<i32>) -> Kind {
    Kind::Closed { address: None, port: None, reset: false, proxied: false }
}

fn timed_out() -> Kind {
    Kind::ConnectionFailed { address: None, port: None, reason: "timed out".into() }
}

fn no_common(what: &str) -> Kind {
    Kind::NoCommonAlgorithm { what: what.to_owned(), offer: None, address: None, port: None }
}

fn exchange(text: &str, code: Option<i32>) -> Kind {
    match code {
        Some(KEX_FAILURE) => no_common("algorithm for the key exchange"),
        // libgit2 keeps the number to itself. A line that breaks between the banners and the key exchange is rare.
        None => no_common("algorithm"),
        _ => closed(text, code),
    }
}

/// What a message says. `code` is its number, where the program prints it.
pub(in crate::dialect) fn error(text: &str, code: Option<i32>) -> Option<Kind> {
    let text = text.trim();
    let (_, meaning) = MESSAGES.iter().find(|(start, _)| text.starts_with(start))?;
    Some(meaning(text, code))
}

/// A message and the number in brackets behind it: `Failed getting banner (-13)`.
pub(in crate::dialect) fn numbered(text: &str) -> Option<Kind> {
    let (message, code) = text.trim_end().trim_end_matches(')').rsplit_once(" (").unwrap_or((text, ""));
    error(message, code.split(' ').next().and_then(|code| code.parse().ok()))
}

/// Whether a message tells that the server had said yes to the key: only then is anything signed.
pub(in crate::dialect) fn after_yes(text: &str) -> bool {
    text.contains("Callback returned error") || text.contains("Invalid signature for supplied public key")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_tells_more_than_the_words() {
        let exchange = "Unable to exchange encryption keys";
        assert!(matches!(numbered(&format!("{exchange} (-5)")), Some(Kind::NoCommonAlgorithm { .. })));
        assert!(matches!(numbered(&format!("{exchange} (-1 LIBSSH2_ERROR_SOCKET_NONE)")), Some(Kind::Closed { .. })));
        assert!(matches!(error("Unable to open public key file", None), Some(Kind::IdentityMissing { .. })));
        assert_eq!(error("something else", Some(-18)), None);
    }
}
