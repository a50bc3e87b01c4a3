//! A key as a log names it: by file, by agent comment, by fingerprint, or by less.

use base64ct::{Base64Unpadded, Encoding};

use super::key_type::{Family, KeyType};

/// A key as one line of a log names it. Every field is `None` where that line does not say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Key {
    /// The file's own name, with ssh's escapes undone.
    pub path: Option<String>,
    /// The name of a key that is not a file's: an agent comment or a token's label.
    pub label: Option<String>,
    /// The type as OpenSSH prints it: `RSA`, `ED25519-CERT`, `ECDSA-SK` …
    pub kind: Option<String>,
    /// `SHA256:…`, or colon-separated MD5 from OpenSSH up to 6.7; kept as the log shows it.
    pub fingerprint: Option<String>,
    /// Whether the agent holds it. OpenSSH says so from 7.9 on (at `-vv` from 7.2 on).
    pub agent: Option<bool>,
}

impl Key {
    /// What to call this key in a sentence: its file, else its label, else its fingerprint.
    pub fn name(&self) -> &str {
        self.path.as_deref().or(self.label.as_deref()).or(self.fingerprint.as_deref()).unwrap_or("an unnamed key")
    }

    /// Whether there is anything to call it by.
    pub fn is_named(&self) -> bool {
        self.path.is_some() || self.label.is_some() || self.fingerprint.is_some()
    }

    fn kind(&self) -> Option<&'static KeyType> {
        self.kind.as_deref().and_then(KeyType::named)
    }

    /// Whether this is a certificate (its fingerprint is that of the key it certifies).
    pub fn is_certificate(&self) -> bool {
        self.kind().is_some_and(KeyType::is_certificate)
    }

    /// The file to name with `-i`: a certificate's is the key that it certifies, which ssh finds it beside.
    pub fn file(&self) -> Option<&str> {
        self.path.as_deref().map(|path| if self.is_certificate() { plain_path(path) } else { path })
    }

    /// Whether this is a FIDO key, which signs only with its authenticator.
    pub fn is_security_key(&self) -> bool {
        self.kind().is_some_and(KeyType::is_security_key)
    }

    /// Whether this is an RSA key or certificate.
    pub fn is_rsa(&self) -> bool {
        self.kind().is_some_and(|kind| kind.family == Family::Rsa)
    }

    /// The whole fingerprint, if the log holds one that was not shortened or blacked out.
    pub fn whole_fingerprint(&self) -> Option<&str> {
        self.fingerprint.as_deref().filter(|text| is_fingerprint(text))
    }

    /// Fills what this key lacks from another mention of the same key.
    pub fn learn(&mut self, other: &Self) {
        fn fill<T: Clone>(mine: &mut Option<T>, theirs: &Option<T>) {
            if mine.is_none() {
                mine.clone_from(theirs);
            }
        }
        fill(&mut self.path, &other.path);
        fill(&mut self.kind, &other.kind);
        fill(&mut self.fingerprint, &other.fingerprint);
        fill(&mut self.agent, &other.agent);
        if self.path.is_none() {
            fill(&mut self.label, &other.label);
        }
    }
}

/// Whether `text` is a whole fingerprint: `SHA256:` and 43 base64 digits, `SHA512:` and 86, or sixteen hexadecimal bytes.
pub fn is_fingerprint(text: &str) -> bool {
    let digest = |start: &str, bytes: usize| {
        let digits = text.strip_prefix(start);
        digits.is_some_and(|digits| {
            Base64Unpadded::decode(digits, &mut [0; 64]).is_ok_and(|digest| digest.len() == bytes)
        })
    };
    digest("SHA256:", 32) || digest("SHA512:", 64) || is_md5(text)
}

fn is_md5(text: &str) -> bool {
    let bytes = text.strip_prefix("MD5:").unwrap_or(text);
    bytes.len() == 47
        && bytes.split(':').all(|byte| byte.len() == 2 && byte.bytes().all(|digit| digit.is_ascii_hexdigit()))
}

/// Whether two mentions have whole fingerprints that can be held against each other: by one digest.
pub fn is_comparable(left: &Key, right: &Key) -> bool {
    left.whole_fingerprint().zip(right.whole_fingerprint()).is_some_and(|(left, right)| is_md5(left) == is_md5(right))
}

/// Whether two mentions have whole fingerprints by different digests, which say nothing of each other.
pub fn has_other_digest(left: &Key, right: &Key) -> bool {
    left.whole_fingerprint().zip(right.whole_fingerprint()).is_some_and(|(left, right)| is_md5(left) != is_md5(right))
}

/// Whether two mentions name the same key.
///
/// `Some` only where it can be told: by two whole fingerprints of one kind, else by two files' names. A
/// comment alone proves nothing (two keys often carry the same), so labels never decide.
pub fn same_key(left: &Key, right: &Key) -> Option<bool> {
    if let (Some(left), Some(right)) = (left.whole_fingerprint(), right.whole_fingerprint()) {
        let md5 = |text: &str| text.trim_start_matches("MD5:").to_ascii_lowercase();
        if is_md5(left) == is_md5(right) {
            return Some(if is_md5(left) { md5(left) == md5(right) } else { left == right });
        }
    }
    if let (Some(left_kind), Some(right_kind)) = (&left.kind, &right.kind) {
        // A certificate carries the key that it certifies.
        let plain =
            |kind: &str| KeyType::named(kind).map_or_else(|| kind.to_owned(), |kind| kind.plain().name.to_owned());
        if plain(left_kind) != plain(right_kind) {
            return Some(false);
        }
    }
    match (&left.path, &right.path) {
        (Some(left), Some(right)) => Some(plain_path(left) == plain_path(right)),
        _ => None,
    }
}

/// A file's name without the suffixes under which ssh shows the same identity.
fn plain_path(path: &str) -> &str {
    let path = path.strip_suffix(".pub").unwrap_or(path);
    path.strip_suffix("-cert").unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(path: &str, fingerprint: &str) -> Key {
        Key {
            path: Some(path.into()),
            fingerprint: (!fingerprint.is_empty()).then(|| fingerprint.into()),
            ..Key::default()
        }
    }

    #[test]
    fn fingerprints_decide_before_paths() {
        let one = "SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s";
        let two = "SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU";
        assert_eq!(same_key(&key("/a", one), &key("/b", one)), Some(true));
        assert_eq!(same_key(&key("/a", one), &key("/a", two)), Some(false));
        assert_eq!(same_key(&key("/a", one), &key("/a", "SHA256:short")), Some(true));
    }

    #[test]
    fn comments_never_decide() {
        let labelled = Key { label: Some("me@laptop".into()), ..Key::default() };
        assert_eq!(same_key(&labelled, &labelled), None);
    }

    #[test]
    fn digests_of_two_kinds_do_not_compare() {
        let md5 = key("/a", "c3:f2:0a:7e:5f:70:36:9e:b2:84:6c:2c:40:64:a1:fc");
        let sha = key("/b", "SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s");
        assert_eq!(same_key(&md5, &sha), Some(false), "falls back to the files' names");
    }
}
