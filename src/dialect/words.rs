//! Small readers that several programs' dialects share.

use crate::model::key::is_fingerprint;
use crate::model::key_type::KeyType;
use crate::model::{Kind, ProxyFault};

/// An MD5 fingerprint however it is printed: with colons or without, behind `MD5:`, in quotes or as Python's bytes.
/// The form that is returned is OpenSSH's of old: sixteen bytes in lower case, with colons.
pub(super) fn md5(text: &str) -> Option<String> {
    let bare = unquoted(text).trim_start_matches("MD5:");
    let digits: Vec<char> = bare.chars().filter(|c| *c != ':').collect();
    let whole = digits.len() == 32 && digits.iter().all(char::is_ascii_hexdigit);
    whole.then(|| {
        let bytes: Vec<String> = digits.chunks(2).map(|byte| byte.iter().collect::<String>().to_lowercase()).collect();
        bytes.join(":")
    })
}

/// A SHA-256 fingerprint however it is printed: with or without `SHA256:` and padding, in quotes or as Python's bytes.
/// The form that is returned is OpenSSH's.
pub(super) fn sha256(text: &str) -> Option<String> {
    let bare = unquoted(text.trim().trim_end_matches(['.', ',']));
    let digits = bare.strip_prefix("SHA256:").unwrap_or(bare).trim_end_matches('=');
    Some(format!("SHA256:{digits}")).filter(|text| is_fingerprint(text))
}

/// Without quotes, brackets, and the `b` that Python puts before bytes.
fn unquoted(text: &str) -> &str {
    let text = text.trim().trim_matches(['(', ')']);
    let text = text.strip_prefix('b').filter(|rest| rest.starts_with(['\'', '"'])).unwrap_or(text);
    text.trim_matches(['\'', '"'])
}

/// Whether a path looks like a key's, where a program tells only that it could not open some file.
pub(super) fn is_key_file(path: &str) -> bool {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    path.contains(".ssh/")
        || path.contains(".ssh\\")
        || name.starts_with("id_")
        || [".pem", ".ppk", ".key"].iter().any(|end| name.ends_with(end))
}

/// What is said, without the end of a sentence that it was put into.
pub(super) fn unframed(text: &str) -> &str {
    let text = text.trim_end();
    let text = text.split_once("\" ").map_or(text, |(said, _)| said);
    text.trim_end_matches([')', '"', '}', ','])
}

/// What stands between the first pair of these.
pub(super) fn between<'a>(text: &'a str, open: &str, close: &str) -> Option<&'a str> {
    text.split_once(open)?.1.split_once(close).map(|(inner, _)| inner)
}

/// A list of methods, however it is written: with commas or blanks, in brackets, in quotes or as Python's bytes.
pub(super) fn methods(text: &str) -> Vec<String> {
    let bare = |word: &str| {
        let word = word.trim().trim_matches(['[', ']', '(', ')']);
        let word = word.strip_prefix('b').filter(|rest| rest.starts_with(['\'', '"'])).unwrap_or(word);
        word.trim_matches(['\'', '"']).to_owned()
    };
    text.split([',', ' ']).map(bare).filter(|word| !word.is_empty()).collect()
}

/// A host that was logged in to opens no channel onwards (SSH_OPEN_ADMINISTRATIVELY_PROHIBITED, RFC 4254 §5.1).
pub(super) fn no_way_onwards() -> Kind {
    let text = "the way onwards is administratively prohibited".into();
    Kind::Several(vec![Kind::Established, Kind::ProxyTrouble { what: ProxyFault::Forwarding, text }])
}

/// Ports of services of other kinds: the web, name servers, containers, databases, caches, queues, Kubernetes. What a
/// program or a library says of a connection to one is nothing of SSH's. 443 may be: git hosts have a server there.
const OTHERS: &[u16] =
    &[53, 80, 389, 636, 2375, 2376, 3306, 5432, 5672, 6379, 6443, 8080, 8443, 9092, 9200, 11211, 27017];

/// Whether a port may be an SSH server's, in words that are the same for any connection.
pub(super) fn may_be_ssh(port: u16) -> bool {
    !OTHERS.contains(&port)
}

/// The type, as OpenSSH prints it, of the keys that a signature algorithm signs with.
pub(super) fn kind(algorithm: &str) -> Option<String> {
    let wire = match algorithm {
        "rsa-sha2-256" | "rsa-sha2-512" => "ssh-rsa",
        other => other,
    };
    KeyType::on_wire(wire).map(|one| one.name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_fingerprint_in_many_forms() {
        let form = "aa:80:15:34:c7:f9:9a:ec:bc:0e:82:2e:cd:05:68:5c";
        for printed in
            [form, "b'aa801534c7f99aecbc0e822ecd05685c'", "MD5:AA:80:15:34:C7:F9:9A:EC:BC:0E:82:2E:CD:05:68:5C"]
        {
            assert_eq!(md5(printed).as_deref(), Some(form), "{printed}");
        }
        assert_eq!(md5("aa801534"), None, "cut");
        let form = "b2:80:15:34:c7:f9:9a:ec:bc:0e:82:2e:cd:05:68:5c";
        assert_eq!(md5(form).as_deref(), Some(form), "no bytes of Python's");
        let form = "SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s";
        for printed in [
            form,
            "uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s=",
            "b'SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s='.",
        ] {
            assert_eq!(sha256(printed).as_deref(), Some(form), "{printed}");
        }
        assert_eq!(sha256("SHA256:short="), None);
    }

    #[test]
    fn lists_of_methods() {
        for list in
            ["publickey,password", "[b'publickey', b'password']", "[publickey password]", "['publickey', 'password']"]
        {
            assert_eq!(methods(list), ["publickey", "password"], "{list}");
        }
        assert!(methods("[]").is_empty());
    }
}
