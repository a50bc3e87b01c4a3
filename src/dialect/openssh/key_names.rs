//! How OpenSSH names a key in a line, in each of its forms.

use crate::dialect::table::Glue;
use crate::model::key::is_fingerprint;
use crate::model::{Key, KeyType};

/// A key and the marks behind it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) key: Key,
    pub(crate) explicit: bool,
    pub(crate) token: bool,
}

/// Whether a word is a key's type, as `sshkey_type` prints it.
pub(crate) fn is_type(word: &str) -> bool {
    KeyType::named(word).is_some()
}

/// `NAME TYPE FINGERPRINT[ explicit][ token| authenticator][ agent]` (7.9 on), `TYPE FINGERPRINT NAME`
/// (7.6 to 7.8), or `NAME` alone.
pub(crate) fn named(text: &str) -> Named {
    let rejoined = rejoin_fingerprint(text);
    let mut named = Named::default();
    let mut rest = rejoined.as_deref().unwrap_or(text).trim();
    let mut agent = false;
    while let Some((before, mark)) = rest.rsplit_once(' ') {
        match mark {
            "agent" if before.contains(' ') || before.is_empty() => agent = true,
            "explicit" => named.explicit = true,
            "token" => named.token = true,
            "authenticator" => {}
            _ => break,
        }
        rest = before.trim_end();
    }
    // The newer form: the last type that a fingerprint, or what stands for one, follows.
    if let Some((name, kind, fingerprint)) = name_first(rest) {
        named.key.kind = Some(kind.to_owned());
        named.key.fingerprint = fingerprint;
        named.key.agent = Some(agent);
        name_key(&mut named.key, name, agent && !named.explicit || named.token);
        return named;
    }
    let mut words = rest.splitn(3, ' ');
    if let (Some(kind), Some(print), name) = (words.next(), words.next(), words.next())
        && is_type(kind)
        && (is_fingerprint(print) || print.starts_with("SHA256:"))
    {
        named.key.kind = Some(kind.to_owned());
        named.key.fingerprint = fingerprint_of(print);
        name_key(&mut named.key, name.unwrap_or_default(), false);
        return named;
    }
    // Cut or blacked out: a fingerprint alone, or a name alone.
    match rest.rsplit_once(' ').filter(|(_, last)| last.starts_with("SHA256:")) {
        Some((name, print)) => {
            named.key.fingerprint = fingerprint_of(print);
            named.key.agent = Some(agent);
            name_key(&mut named.key, name, agent && !named.explicit);
        }
        None => {
            named.key.agent = agent.then_some(true);
            name_key(&mut named.key, rest, agent && !named.explicit);
        }
    }
    named
}

/// Whether a line ends where its key should go on: before its name or its fingerprint, or in the middle of that.
pub(crate) fn goes_on(rest: &str) -> Option<Glue> {
    let rest = rest.strip_prefix(':')?.trim();
    let last = rest.rsplit(' ').next().unwrap_or_default();
    let cut = |print: &str| {
        print.len() < 43 && print.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
    };
    match last.strip_prefix("SHA256:") {
        Some(print) if cut(print) => Some(Glue::Nothing),
        Some(_) => None,
        // A file's name or an agent's comment, and the type before the fingerprint.
        None => (rest.is_empty() || is_type(last)).then_some(Glue::Blank),
    }
}

/// A fingerprint that a narrow window broke in two, made whole again.
fn rejoin_fingerprint(text: &str) -> Option<String> {
    let start = text.rfind("SHA256:")? + 7;
    let first = text[start..].split(' ').next()?;
    let rest = &text[start + first.len()..];
    let second = rest.split_whitespace().next()?;
    let base64 = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'));
    if first.len() + second.len() != 43 || first.len() < 20 || !base64(first) || !base64(second) {
        return None;
    }
    let after = rest.trim_start().get(second.len()..)?;
    Some(format!("{}{first}{second}{after}", &text[..start]))
}

/// Splits `NAME TYPE FINGERPRINT…` at its last type. A name may hold blanks, types and fingerprints itself.
fn name_first(text: &str) -> Option<(&str, &str, Option<String>)> {
    let mut end = text.len();
    let mut loose = None;
    while let Some(at) = text[..end].rfind(' ') {
        let word_start = text[..at].rfind(' ').map_or(0, |start| start + 1);
        let word = &text[word_start..at];
        let after = text[at + 1..].split(' ').next().unwrap_or_default();
        if word_start > 0 && is_type(word) {
            let name = text[..word_start].trim_end();
            if after.starts_with("SHA256:") || is_fingerprint(after) {
                return Some((name, word, fingerprint_of(after)));
            }
            if loose.is_none() && after.starts_with(['[', '<', '.', 'x', 'X', '*', '…']) {
                loose = Some((name, word, None));
            }
        }
        end = at;
    }
    // A type at the very end: the fingerprint was cut off.
    let last = text.rsplit_once(' ').filter(|(name, kind)| is_type(kind) && !name.is_empty());
    loose.or_else(|| last.map(|(name, kind)| (name, kind, None)))
}

/// A fingerprint as shown, without what a pasted note put behind it.
pub(crate) fn fingerprint_of(text: &str) -> Option<String> {
    let text = text.trim_end_matches([',', '.', ')', ';', '\'', '"']);
    (text.starts_with("SHA256:") && text.len() > 7 || is_fingerprint(text)).then(|| text.to_owned())
}

/// Puts a shown name where it belongs: a file's into `path`, any other into `label`.
pub(crate) fn name_key(key: &mut Key, shown: &str, comment: bool) {
    let shown = shown.trim();
    let blacked_out = shown.is_empty() || shown.chars().all(|c| matches!(c, '.' | '*' | '…' | '-'));
    if blacked_out || shown.starts_with("<snip") {
        return;
    }
    let name = file_name(shown);
    if !comment || looks_like_path(&name) { key.path = Some(name) } else { key.label = Some(name) }
}

/// Whether a name can only be a file's.
pub(crate) fn looks_like_path(name: &str) -> bool {
    let drive = name.as_bytes().get(1) == Some(&b':') && name.starts_with(|c: char| c.is_ascii_alphabetic());
    name.starts_with(['/', '~', '\\', '$', '%'])
        || name.starts_with("./")
        || name.starts_with("../")
        || drive
        || (name.contains(['/', '\\']) && !name.contains([' ', '@']) && !name.contains("://"))
}

/// A file's own name: the escapes undone that ssh's log puts in (vis(3) with VIS_OCTAL, log.c since 4.9), and
/// quotes and blanks of the paste dropped. A name that would hold an unprintable character stays escaped.
pub(crate) fn file_name(shown: &str) -> String {
    let shown = shown.trim();
    if !shown.contains('\\') {
        return shown.to_owned();
    }
    let bytes = shown.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] != b'\\' {
            plain.push(bytes[at]);
            at += 1;
            continue;
        }
        match bytes.get(at + 1..) {
            Some([b'\\', ..]) => {
                plain.push(b'\\');
                at += 2;
            }
            Some([high @ b'0'..=b'3', middle @ b'0'..=b'7', low @ b'0'..=b'7', ..]) => {
                plain.push((high - b'0') * 64 + (middle - b'0') * 8 + (low - b'0'));
                at += 4;
            }
            // A lone backslash: these are not ssh's escapes, somebody has undone them already.
            _ => return shown.to_owned(),
        }
    }
    match String::from_utf8(plain) {
        Ok(name) if !name.chars().any(crate::text::unprintable) => name,
        _ => shown.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRINT: &str = "SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s";

    #[test]
    fn both_orders() {
        let new = named(&format!("/home/dev/.ssh/my key RSA {PRINT} explicit agent"));
        assert_eq!(new.key.path.as_deref(), Some("/home/dev/.ssh/my key"));
        assert_eq!(new.key.fingerprint.as_deref(), Some(PRINT));
        assert_eq!((new.explicit, new.key.agent), (true, Some(true)));
        let old = named(&format!("ED25519 {PRINT} /home/dev/.ssh/id"));
        assert_eq!((old.key.kind.as_deref(), old.key.path.as_deref()), (Some("ED25519"), Some("/home/dev/.ssh/id")));
        assert_eq!(old.key.agent, None);
    }

    #[test]
    fn a_name_may_look_like_marks() {
        let tricky = named(&format!("/home/dev/.ssh/key SHA256:x agent ED25519 {PRINT}"));
        assert_eq!(tricky.key.path.as_deref(), Some("/home/dev/.ssh/key SHA256:x agent"));
        assert_eq!(tricky.key.agent, Some(false));
    }

    #[test]
    fn comments_are_labels() {
        let agent = named(&format!("dev@laptop ECDSA {PRINT} agent"));
        assert_eq!((agent.key.label.as_deref(), agent.key.path), (Some("dev@laptop"), None));
    }

    #[test]
    fn escapes() {
        assert_eq!(file_name("/home/dev/.ssh/\\303\\251/id"), "/home/dev/.ssh/é/id");
        assert_eq!(file_name("C:\\\\Users\\\\dev/.ssh/id"), "C:\\Users\\dev/.ssh/id");
        assert_eq!(file_name("C:\\Users\\dev\\.ssh\\id"), "C:\\Users\\dev\\.ssh\\id");
        assert_eq!(file_name("/home/dev/a\\012b"), "/home/dev/a\\012b");
        assert_eq!(file_name("/home/dev/\\377"), "/home/dev/\\377");
    }

    #[test]
    fn blacked_out_parts() {
        assert_eq!(named("/home/dev/.ssh/id_rsa RSA [REDACTED]").key.path.as_deref(), Some("/home/dev/.ssh/id_rsa"));
        let dots = named(&format!("... ED25519 {PRINT}"));
        assert_eq!((dots.key.path, dots.key.fingerprint.as_deref()), (None, Some(PRINT)));
        assert_eq!(named("/home/dev/.ssh/id_rsa RSA").key.kind.as_deref(), Some("RSA"));
    }
}
