//! Packets as a log of `-sshlog` shows them: a line that names the message, and its bytes in rows of sixteen.
//!
//! Such a log lacks the line that names the user. The first authentication request has the name in its bytes.

use crate::dialect::table::{Glue, Row, any};
use crate::model::Kind;

pub(super) const ROWS: &[Row] = &[any(
    "Outgoing packet #",
    "Outgoing packet #0x1, type 50 / 0x32 (SSH2_MSG_USERAUTH_REQUEST) \
     00000000  00 00 00 06 64 65 70 6c 6f 79 00 00 00 0e 73 73  ....deploy....ss",
    |rest| Some(Kind::User { user: user(&bytes(request(rest)?))? }),
)
.signs()
.wraps(|rest| {
    let dump = request(rest)?;
    let whole = user(&bytes(dump)).is_some() || dump.split_whitespace().count() > 8 * ROW;
    (!whole).then_some(Glue::Blank)
})];

/// Bytes of a row.
const ROW: usize = 16;

/// Longest user name that is believed, in bytes.
const LONGEST: usize = 64;

/// What follows the line that names an authentication request.
fn request(rest: &str) -> Option<&str> {
    rest.split_once("(SSH2_MSG_USERAUTH_REQUEST)").map(|(_, dump)| dump)
}

/// The bytes of a dump: behind each row's offset, up to sixteen of two digits.
fn bytes(dump: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut left = 0;
    for word in dump.split_whitespace() {
        let number = |digits| u32::from_str_radix(word, 16).ok().filter(|_| word.len() == digits);
        if let Some(offset) = number(8).filter(|offset| *offset as usize == bytes.len()) {
            left = ROW.min(usize::MAX - offset as usize);
        } else if left == 0 {
            continue;
        } else if let Some(byte) = number(2).and_then(|byte| u8::try_from(byte).ok()) {
            bytes.push(byte);
            left -= 1;
        } else {
            // The row's text begins: it was a short one.
            left = 0;
        }
    }
    bytes
}

/// The user of an authentication request: its first field (RFC 4252 section 5), a string (RFC 4251 section 5).
fn user(packet: &[u8]) -> Option<String> {
    let (length, rest) = packet.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_be_bytes(*length)).ok().filter(|length| (1..=LONGEST).contains(length))?;
    let name = String::from_utf8(rest.get(..length)?.to_vec()).ok()?;
    (!name.contains(char::is_control)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const REQUEST: &str = "0x1, type 50 / 0x32 (SSH2_MSG_USERAUTH_REQUEST)";

    #[test]
    fn a_name_goes_over_several_rows() {
        let dump = "00000000  00 00 00 12 61 6e 2d 65 78 74 72 61 2d 6c 6f 6e  ....an-extra-lon \
                    00000010  67 2d 6e 61 6d 65 00 00 00 0e 73 73 68 2d 63 6f  g-name....ssh-co";
        assert_eq!(user(&bytes(dump)).as_deref(), Some("an-extra-long-name"));
        let row = &ROWS[0];
        let wraps = row.wraps.unwrap_or(|_| None);
        assert_eq!(wraps(REQUEST), Some(Glue::Blank), "no row yet");
        assert_eq!(wraps(&format!("{REQUEST} {}", &dump[..76])), Some(Glue::Blank), "half of the name");
        assert_eq!(wraps(&format!("{REQUEST} {dump}")), None);
        assert_eq!(wraps("0x1, type 20 / 0x14 (SSH2_MSG_KEXINIT)"), None, "another message");
    }

    #[test]
    fn what_is_no_name_is_none() {
        assert_eq!(user(&[0, 0, 0, 0]), None);
        assert_eq!(user(&[0xff, 0xff, 0xff, 0xff, b'a']), None);
        assert_eq!(user(&[0, 0, 0, 2, 27, b'a']), None);
        assert!(bytes("words 00 00 00 02").is_empty(), "no offset");
    }
}
