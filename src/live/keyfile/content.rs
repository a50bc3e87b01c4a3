//! What was found in a file's bytes.

use crate::model::Fact;
use crate::model::facts::{Form, PublicKey, damage};

/// What a file's bytes are.
pub(super) struct Content {
    pub(super) form: Form,
    pub(super) encrypted: Fact<bool>,
    /// The public key that ssh finds in the file itself.
    pub(super) offered: Option<PublicKey>,
    pub(super) own: Option<PublicKey>,
    /// Why ssh can't read it as a private key.
    pub(super) damage: Option<String>,
}

impl Content {
    pub(super) fn no_key(form: Form, damage: &str) -> Self {
        Self { form, encrypted: Fact::Absent, offered: None, own: None, damage: Some(damage.to_owned()) }
    }
}

/// What keeps any reader from finding a key's lines.
pub(super) fn torn(text: &str) -> Option<&'static str> {
    let lines = text.trim_end().lines().count();
    if lines > 1 {
        return None;
    }
    Some(match text.contains("\\n") {
        true => damage::SPELT_ENDS,
        false => "its line ends are lost",
    })
}
