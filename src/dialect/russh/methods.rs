//! Methods of a login as russh names them.

use crate::model::Kind;

/// `PublicKey, KeyboardInteractive]), …` in the words of RFC 4252.
pub(super) fn method_set(rest: &str) -> Vec<String> {
    let list = rest.split(']').next().unwrap_or_default();
    let names = list.split(',').map(str::trim).filter(|name| !name.is_empty());
    names
        .map(|name| match name {
            "PublicKey" => "publickey".to_owned(),
            "Password" => "password".to_owned(),
            "KeyboardInteractive" => "keyboard-interactive".to_owned(),
            "HostBased" => "hostbased".to_owned(),
            other => other.to_ascii_lowercase(),
        })
        .collect()
}

/// The login went on with another method, if the line has these words.
pub(super) fn partial(line: &str, words: &str) -> Option<Kind> {
    line.contains(words).then(|| Kind::Partial { method: Some("publickey".into()) })
}
