//! Public keys and certificates as bytes (RFC 4253 section 6.6, PROTOCOL.certkeys), and as lines of text.

use base64ct::{Base64, Base64Unpadded, Encoding};
use sha2::{Digest, Sha256};
use ssh_key::public::KeyData;
use ssh_key::{EcdsaCurve, Mpint};

use crate::model::facts::{Certificate, PublicKey};
use crate::model::{Family, KeyType};

/// Reads RFC 4251's data types from bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader<'a>(pub &'a [u8]);

impl<'a> Reader<'a> {
    /// The next bytes.
    pub(crate) fn bytes(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    /// One byte.
    pub(crate) fn byte(&mut self) -> Option<u8> {
        self.bytes(1).map(|bytes| bytes[0])
    }

    /// Four bytes.
    pub(crate) fn number(&mut self) -> Option<u32> {
        self.bytes(4)?.try_into().ok().map(u32::from_be_bytes)
    }

    /// Eight bytes.
    pub(crate) fn long(&mut self) -> Option<u64> {
        self.bytes(8)?.try_into().ok().map(u64::from_be_bytes)
    }

    /// Bytes with their length before them.
    pub(crate) fn string(&mut self) -> Option<&'a [u8]> {
        let length = self.number()?;
        self.bytes(usize::try_from(length).ok()?)
    }

    /// Such a string that is text.
    pub(crate) fn text(&mut self) -> Option<&'a str> {
        std::str::from_utf8(self.string()?).ok()
    }
}

/// Appends bytes with their length before them.
pub(crate) fn put_string(to: &mut Vec<u8>, bytes: &[u8]) {
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    to.extend_from_slice(&length.to_be_bytes());
    to.extend_from_slice(bytes);
}

/// Fields of a key after its name; `None` where they are not as elsewhere.
fn fields(kind: &KeyType) -> Option<usize> {
    let own = match kind.family {
        Family::Rsa | Family::Ecdsa | Family::Xmss => 2,
        Family::Dsa => 4,
        Family::Ed25519 | Family::MlDsa44Ed25519 => 1,
    };
    // The application that a FIDO key is for.
    let more = usize::from(kind.is_security_key());
    (!kind.name.ends_with("-V00")).then_some(own + more)
}

/// The algorithm's name, at the beginning of a key's bytes.
pub(crate) fn algorithm_name(blob: &[u8]) -> Option<&str> {
    Reader(blob)
        .text()
        .filter(|name| !name.is_empty() && name.len() <= 64 && name.bytes().all(|byte| byte.is_ascii_graphic()))
}

/// A key whose fields were told apart.
struct Parsed<'a> {
    kind: &'static KeyType,
    bits: u32,
    /// The key without certificate.
    plain: Vec<u8>,
    /// What follows the key's own fields: nothing, or the certificate's.
    rest: Reader<'a>,
}

fn parse(blob: &[u8]) -> Option<Parsed<'_>> {
    let mut reader = Reader(blob);
    let kind = KeyType::on_wire(reader.text()?)?;
    if kind.is_certificate() {
        // The nonce.
        reader.string()?;
    }
    let mut plain = Vec::new();
    put_string(&mut plain, kind.plain().wire?.as_bytes());
    for _ in 0..fields(kind)? {
        put_string(&mut plain, reader.string()?);
    }
    if !kind.is_certificate() && !reader.0.is_empty() {
        return None;
    }
    let bits = bits(kind.family, &plain)?;
    Some(Parsed { kind, bits, plain, rest: reader })
}

/// A plain key's bits, as ssh counts them; `None` for bytes that are no such key. 0: nobody counts them.
fn bits(family: Family, plain: &[u8]) -> Option<u32> {
    match family {
        // Types that the crate does not know.
        Family::Xmss => return Some(256),
        Family::MlDsa44Ed25519 => return Some(0),
        Family::Rsa | Family::Dsa | Family::Ecdsa | Family::Ed25519 => {}
    }
    Some(match ssh_key::PublicKey::from_bytes(plain).ok()?.key_data() {
        KeyData::Rsa(key) => width(&key.n),
        KeyData::Dsa(key) => width(&key.p),
        KeyData::Ecdsa(key) => match key.curve() {
            EcdsaCurve::NistP256 => 256,
            EcdsaCurve::NistP384 => 384,
            EcdsaCurve::NistP521 => 521,
        },
        _ => 256,
    })
}

/// Bits of a positive whole number.
fn width(number: &Mpint) -> u32 {
    let digits = number.as_positive_bytes().unwrap_or_default();
    let top = digits.first().map_or(0, |byte| byte.leading_zeros());
    u32::try_from(digits.len() * 8).unwrap_or(u32::MAX).saturating_sub(top)
}

/// A key from its bytes. Of an algorithm that is not known here, the algorithm's name stands for the kind.
pub(crate) fn public_key(blob: &[u8], comment: &str) -> Option<PublicKey> {
    let name = algorithm_name(blob)?;
    let (kind, bits, plain) = match parse(blob) {
        Some(parsed) => (parsed.kind.name.to_owned(), parsed.bits, parsed.plain),
        None if KeyType::on_wire(name).is_some_and(|kind| fields(kind).is_some()) => return None,
        None => (name.to_owned(), 0, blob.to_vec()),
    };
    Some(PublicKey { kind, bits, fingerprint: fingerprint(&plain), comment: comment.to_owned(), blob: blob.to_vec() })
}

/// The key's bytes without a certificate around them.
pub(crate) fn plain(blob: &[u8]) -> Vec<u8> {
    parse(blob).map_or_else(|| blob.to_vec(), |parsed| parsed.plain)
}

/// `SHA256:…`
pub(crate) fn fingerprint(blob: &[u8]) -> String {
    format!("SHA256:{}", Base64Unpadded::encode_string(&Sha256::digest(blob)))
}

/// A key in one line, as a `.pub` file has it: algorithm, base64, comment.
pub fn public_line(line: &str) -> Option<PublicKey> {
    let line = line.trim_start_matches([' ', '\t']);
    let (name, rest) = line.split_once([' ', '\t'])?;
    let rest = rest.trim_start_matches([' ', '\t']).trim_end_matches(['\r', '\n']);
    let (code, comment) = rest.split_once([' ', '\t']).unwrap_or((rest, ""));
    let blob = decode(code)?;
    let key = public_key(&blob, comment.trim())?;
    (algorithm_name(&blob) == Some(name)).then_some(key)
}

/// The first key of a file of public keys, as ssh looks for it: it stops where a private key begins.
pub(crate) fn public_file(text: &str) -> Option<PublicKey> {
    text.lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .take_while(|line| !line.starts_with("-----BEGIN"))
        .find_map(public_line)
}

/// Base64 with or without its padding.
pub(crate) fn decode(code: &str) -> Option<Vec<u8>> {
    Base64::decode_vec(code).ok().or_else(|| Base64Unpadded::decode_vec(code).ok())
}

/// What a certificate says. (The crate refuses those without an end, which are the usual ones.) Whether it is in date is for the caller's clock.
pub(crate) fn certificate(key: &PublicKey) -> Option<Certificate> {
    let mut rest = parse(&key.blob).filter(|parsed| parsed.kind.is_certificate())?.rest;
    let _serial = rest.long()?;
    let for_users = rest.number()? == 1;
    let _key_id = rest.string()?;
    let mut names = Reader(rest.string()?);
    let mut principals = Vec::new();
    while !names.0.is_empty() {
        principals.push(String::from_utf8_lossy(names.string()?).into_owned());
    }
    let (valid_after, valid_before) = (rest.long()?, rest.long()?);
    let (_critical, _extensions, _reserved) = (rest.string()?, rest.string()?, rest.string()?);
    let ca = fingerprint(rest.string()?);
    Some(Certificate { key: key.clone(), valid_after, valid_before, principals, ca, for_users, in_date: false })
}

/// A moment as a date and time in UTC.
pub(crate) fn date(seconds: u64) -> String {
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    // Howard Hinnant's civil_from_days, for days since 1970.
    let days = days + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02} {:02}:{:02} UTC", rest / 3600, rest / 60 % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";

    #[test]
    fn a_line_is_read() {
        // GitHub's host key, whose fingerprint is published.
        let key = public_line(&format!("{LINE} a b\r\n")).unwrap();
        assert_eq!(key.fingerprint, "SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU");
        assert_eq!((key.kind.as_str(), key.bits, key.comment.as_str()), ("ED25519", 256, "a b"));
        assert_eq!(public_file(&format!("# x\n\njunk\n {LINE}")).unwrap().blob, key.blob);
        assert_eq!(public_file(&format!("-----BEGIN X\n{LINE}")), None);
    }

    #[test]
    fn types_that_few_know() {
        for (wire, kind, fields) in [
            ("ssh-mldsa44-ed25519@openssh.com", "MLDSA44-ED25519", &[1344][..]),
            ("ssh-xmss@openssh.com", "XMSS", &[20, 68][..]),
            ("ssh-new@example.com", "ssh-new@example.com", &[1][..]),
        ] {
            let mut blob = Vec::new();
            put_string(&mut blob, wire.as_bytes());
            for length in fields {
                put_string(&mut blob, &vec![7; *length]);
            }
            assert_eq!(public_key(&blob, "").unwrap().kind, kind);
            assert_eq!(plain(&blob), blob);
        }
    }

    #[test]
    fn no_bytes_make_it_panic() {
        let blob = public_line(LINE).unwrap().blob;
        for end in 0..blob.len() {
            assert_eq!(public_key(&blob[..end], ""), None);
        }
        assert_eq!(public_key(&[0xff; 40], ""), None);
        assert_eq!(public_line("ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIA"), None);
    }

    #[test]
    fn dates() {
        assert_eq!(date(0), "1970-01-01 00:00 UTC");
        assert_eq!(date(951_782_400), "2000-02-29 00:00 UTC");
        assert_eq!(date(1_767_225_599), "2025-12-31 23:59 UTC");
    }
}
