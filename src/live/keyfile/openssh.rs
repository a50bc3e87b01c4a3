//! OpenSSH's own form of a private key, and what is wrong where ssh can't read one.

use super::content::{Content, torn};
use crate::model::Fact;
use crate::model::facts::{Form, PublicKey, damage};
use crate::wire;

const BEGIN: &str = "-----BEGIN OPENSSH PRIVATE KEY-----";
const END: &str = "-----END OPENSSH PRIVATE KEY-----";

/// OpenSSH's own form (PROTOCOL.key). ssh wants its first line and its last line end exactly so.
pub(super) fn openssh(text: &str) -> Content {
    let strict = text.strip_prefix(BEGIN).and_then(|rest| rest.strip_prefix('\n'));
    let body = strict.and_then(|rest| rest.split_once(&format!("\n{END}\n"))).map(|(body, _)| body);
    let damage = match body {
        Some(_) => None,
        None => Some(misfit(text)),
    };
    let loose = body.or_else(|| {
        let (_, rest) = text.split_once(BEGIN)?;
        Some(rest.split_once(END).map_or(rest, |(body, _)| body))
    });
    let code: String =
        loose.unwrap_or_default().replace("\\n", "").chars().filter(|c| !c.is_ascii_whitespace()).collect();
    let decoded = wire::decode(&code);
    let broken_code = decoded.is_none();
    // Of a damaged body the public part, which comes first, may still be whole.
    let bytes = decoded.unwrap_or_else(|| {
        let whole = code.bytes().take_while(|c| is_base64(*c)).count() / 4 * 4;
        wire::decode(&code[..whole]).unwrap_or_default()
    });
    let parts = clear_part(&bytes);
    let damage = damage.or_else(|| match &parts {
        _ if broken_code => Some(match code.trim_end_matches('=').bytes().all(is_base64) {
            true => "a line is cut off",
            false => "one of its lines is damaged",
        }),
        None => Some("its content is damaged"),
        Some(parts) if !parts.whole => Some("a line is cut off"),
        Some(_) => None,
    });
    let public = parts.as_ref().and_then(|parts| parts.public.clone());
    Content {
        form: Form::OpenSsh,
        encrypted: match &parts {
            Some(parts) => Fact::Known(parts.encrypted),
            None => Fact::Unknown("its content is damaged".into()),
        },
        offered: public.clone().filter(|_| body.is_some() && !broken_code),
        own: public,
        damage: damage.map(str::to_owned),
    }
}

fn is_base64(c: u8) -> bool {
    c.is_ascii_alphanumeric() || c == b'+' || c == b'/'
}

/// What ssh's own form lacks, where its frame is not as it must be.
fn misfit(text: &str) -> &'static str {
    if let Some(torn) = torn(text) {
        return torn;
    }
    match () {
        () if text.starts_with('\u{feff}') => damage::BYTE_ORDER_MARK,
        () if text.contains('\r') => damage::CR_LF,
        () if !text.contains(END) => "its end is cut off",
        () if text.ends_with(END) => damage::NO_LAST_END,
        () if text.lines().any(|line| line.trim_start() != line) => damage::INDENTED,
        () if !text.starts_with(BEGIN) => "something stands before its first line",
        () if !text.starts_with(&format!("{BEGIN}\n")) => "its first line is damaged",
        () => "its last line is damaged",
    }
}

/// What OpenSSH's form shows without a passphrase.
struct ClearPart {
    encrypted: bool,
    public: Option<PublicKey>,
    /// Whether all that is announced follows.
    whole: bool,
}

fn clear_part(bytes: &[u8]) -> Option<ClearPart> {
    let mut reader = wire::Reader(bytes.strip_prefix(b"openssh-key-v1\0")?);
    let cipher = reader.text()?;
    let _kdf = reader.string()?;
    let _kdf_options = reader.string()?;
    if reader.number()? != 1 {
        return None;
    }
    let public = wire::public_key(reader.string()?, "");
    // After the private part there may be an authentication tag, which is not counted in.
    let whole = reader.string().is_some();
    public.as_ref()?;
    Some(ClearPart { encrypted: cipher != "none", public, whole })
}
