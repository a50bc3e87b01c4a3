//! What a key file's bytes are.

use super::content::{Content, torn};
use super::openssh::openssh;
use crate::model::facts::{Form, damage};
use crate::model::{Fact, KeyType};
use crate::wire;

/// Tells what they are by how they begin.
pub(super) fn sniff(bytes: &[u8]) -> Content {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Content::no_key(Form::Empty, damage::EMPTY);
    }
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Content::no_key(Form::Other, "it is saved as UTF-16");
    }
    let whole = String::from_utf8_lossy(bytes);
    let text = whole.trim_start_matches('\u{feff}');
    let start = text.trim_start();
    let lower = start.get(..start.len().min(64)).unwrap_or_default().to_ascii_lowercase();
    if start.starts_with("PuTTY-User-Key-File-") {
        return Content::no_key(Form::Putty, damage::PUTTY);
    }
    if lower.starts_with("<!doctype") || lower.starts_with("<html") || lower.starts_with("<?xml") {
        return Content::no_key(Form::Html, "it is a web page");
    }
    if start.starts_with("---- BEGIN SSH2") {
        return Content::no_key(Form::PublicRfc4716, "it is a public key");
    }
    if let Some(key) = wire::public_file(&whole) {
        let mut content = Content::no_key(Form::Public, "it is a public key");
        content.offered = Some(key);
        return content;
    }
    let Some(label) = label(text) else {
        let other = match first_word(start) {
            Some(word) if KeyType::on_wire(word).is_some() => "it is a public key, and damaged",
            _ => "it is no key",
        };
        return Content::no_key(Form::Other, other);
    };
    match label {
        "OPENSSH PRIVATE KEY" => openssh(&whole),
        "RSA PRIVATE KEY" | "DSA PRIVATE KEY" | "EC PRIVATE KEY" | "PRIVATE KEY" | "ENCRYPTED PRIVATE KEY" => {
            pem(&whole, label)
        }
        "PUBLIC KEY" | "RSA PUBLIC KEY" | "SSH2 PUBLIC KEY" => {
            Content::no_key(Form::Other, "it is a public key in PEM form")
        }
        "CERTIFICATE" | "CERTIFICATE REQUEST" => Content::no_key(Form::Other, "it is a certificate for TLS, not a key"),
        _ => Content::no_key(Form::Other, "it is no key that ssh knows"),
    }
}

fn first_word(text: &str) -> Option<&str> {
    text.split_ascii_whitespace().next()
}

/// What the first `-----BEGIN …-----` says.
fn label(text: &str) -> Option<&str> {
    let (_, after) = text.split_once("-----BEGIN ")?;
    after.split_once("-----").map(|(label, _)| label).filter(|label| label.len() < 64)
}

fn pem(text: &str, label: &str) -> Content {
    let encrypted = label == "ENCRYPTED PRIVATE KEY"
        || text.lines().take(4).any(|line| line.starts_with("Proc-Type:") && line.contains("ENCRYPTED"));
    let first_fits = text.trim_start_matches('\u{feff}').lines().any(|line| line.starts_with("-----BEGIN "));
    let damage = torn(text).or_else(|| match () {
        () if !first_fits => Some("its first line is indented"),
        () if !text.contains("-----END ") => Some("its end is cut off"),
        () => None,
    });
    Content {
        form: Form::Pem,
        encrypted: Fact::Known(encrypted),
        offered: None,
        own: None,
        damage: damage.map(str::to_owned),
    }
}
