//! Rows of dumps of packets: whatever was sent, passwords and keys among it.
//!
//! Lengths, flags and SSH's own words stay, so that a packet is still one; every other byte becomes an `x`.

use std::sync::LazyLock;

use regex::Regex;

/// Text that packets have, whosever they are (RFC 4250 §4); parts of it stand at rows' ends.
const PROTOCOL: &str = "ssh-userauth ssh-connection publickey password keyboard-interactive hostbased none git \
    SSH-2.0-OpenSSH_ ssh-rsa ssh-ed25519 rsa-sha2-256 rsa-sha2-512 ecdsa-sha2-nistp256 ecdsa-sha2-nistp384 \
    ecdsa-sha2-nistp521 ssh-dss server-sig-algs session exec shell exit-status en-US";

/// A row: its offset, bytes in hexadecimal with blanks or colons between, and mostly their characters.
static ROW: LazyLock<Regex> = LazyLock::new(|| {
    #[allow(clippy::expect_used, reason = "a constant pattern, compiled by the tests")]
    Regex::new(r"^([ \t>|]*[0-9a-fA-F]{4,8}:?[ \t]+)((?:[0-9a-fA-F]{2}[ :]{1,2}){3,}[0-9a-fA-F]{2})((?:[ \t|]+)?)(.*)$")
        .expect("a constant pattern")
});

/// A row without what was sent. `None` for other lines.
pub(super) fn masked(line: &str) -> Option<String> {
    let start = line.trim_start_matches([' ', '\t', '>', '|']).as_bytes();
    if start.len() < 16 || !start.iter().take(4).all(u8::is_ascii_hexdigit) {
        return None;
    }
    let row = ROW.captures(line)?;
    let (lead, hex, gap, text) = (&row[1], &row[2], &row[3], &row[4]);
    let digits: Vec<&str> = hex.split([' ', ':']).filter(|byte| !byte.is_empty()).collect();
    let bytes: Vec<u8> = digits.iter().filter_map(|byte| u8::from_str_radix(byte, 16).ok()).collect();
    let bytes = mask(&bytes);
    let mut out = lead.to_owned();
    let mut rest = hex;
    for (digits, byte) in digits.iter().zip(&bytes) {
        let at = rest.find(digits)?;
        out.push_str(&rest[..at]);
        out.push_str(&format!("{byte:02x}"));
        rest = &rest[at + digits.len()..];
    }
    out.push_str(gap);
    if !text.is_empty() {
        let shown = |byte: &u8| if byte.is_ascii_graphic() || *byte == b' ' { char::from(*byte) } else { '.' };
        out.extend(bytes.iter().map(shown));
    }
    Some(out)
}

fn mask(bytes: &[u8]) -> Vec<u8> {
    let mut masked = Vec::with_capacity(bytes.len());
    for run in bytes.chunk_by(|left, right| left.is_ascii_graphic() == right.is_ascii_graphic()) {
        let own = std::str::from_utf8(run).is_ok_and(|text| PROTOCOL.contains(text));
        if run[0].is_ascii_graphic() && own {
            masked.extend_from_slice(run);
        } else {
            masked.extend(run.iter().map(|byte| if *byte < 0x20 { *byte } else { b'x' }));
        }
    }
    masked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sent_is_not_shown() {
        for (row, shared) in [
            (
                "  00000000  00 00 00 06 64 65 70 6c 6f 79 00 00 00 0e 73 73  ....deploy....ss",
                "  00000000  00 00 00 06 78 78 78 78 78 78 00 00 00 0e 73 73  ....xxxxxx....ss",
            ),
            (
                "00000000  00:00:00:09:70:75:62:6c:69:63:6b:65:79:00        ....publickey.",
                "00000000  00:00:00:09:70:75:62:6c:69:63:6b:65:79:00        ....publickey.",
            ),
            ("0010: 8f 91 e2 41 42 43", "0010: 78 78 78 78 78 78"),
        ] {
            assert_eq!(masked(row).as_deref(), Some(shared));
        }
        for line in ["2024-05-01 10:00:00 debug1: hello", "deadbeef is no row of a dump", "debug1: 00 00 00 00 00"] {
            assert_eq!(masked(line), None, "{line}");
        }
    }
}
