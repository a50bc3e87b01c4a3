//! Rows of dumps of packets: whatever was sent, passwords and keys among it.
//!
//! Lengths, flags and SSH's own words stay, so that a packet is still one; every other byte becomes an `x`.

use std::ops::Range;

use super::run::ends;

/// Text that packets have, whosever they are (RFC 4250 §4); parts of it stand at rows' ends.
const PROTOCOL: &str = "ssh-userauth ssh-connection publickey password keyboard-interactive hostbased none git \
    SSH-2.0-OpenSSH_ ssh-rsa ssh-ed25519 rsa-sha2-256 rsa-sha2-512 ecdsa-sha2-nistp256 ecdsa-sha2-nistp384 \
    ecdsa-sha2-nistp521 ssh-dss server-sig-algs session exec shell exit-status en-US";

/// Fewest groups of digits in a row.
const GROUPS: usize = 4;

/// A row: its offset, bytes in hexadecimal with blanks or colons between, and mostly their characters.
struct Row {
    /// Where the bytes stand: a byte each, or two as xxd(1) writes them.
    groups: Vec<Range<usize>>,
    /// Where their characters begin.
    text: usize,
}

fn row(line: &str) -> Option<Row> {
    let bytes = line.as_bytes();
    let hexadecimal = |at| ends(bytes, at, |byte| byte.is_ascii_hexdigit());
    let start = ends(bytes, 0, |byte| matches!(byte, b' ' | b'\t' | b'>' | b'|'));
    let offset = hexadecimal(start);
    if !(4..=8).contains(&(offset - start)) {
        return None;
    }
    let colon = bytes.get(offset) == Some(&b':');
    let mut at = ends(bytes, offset + usize::from(colon), |byte| matches!(byte, b' ' | b'\t'));
    if at == offset + usize::from(colon) {
        return None;
    }
    let mut groups: Vec<Range<usize>> = Vec::new();
    loop {
        let end = hexadecimal(at);
        let width = groups.first().map_or(end - at, ExactSizeIterator::len);
        let fits = end - at == width || width == 4 && end - at == 2;
        let byte = fits
            && (width == 2 || width == 4 && colon)
            && bytes.get(end).is_none_or(|byte| !byte.is_ascii_alphanumeric());
        if !byte {
            break;
        }
        groups.push(at..end);
        at = ends(bytes, end, |byte| matches!(byte, b' ' | b':'));
        if at == end || at > end + 2 {
            break;
        }
    }
    let last = groups.last()?.end;
    let text = ends(bytes, last, |byte| matches!(byte, b' ' | b'\t' | b'|'));
    (groups.len() >= GROUPS).then_some(Row { groups, text })
}

/// Whether a line is a row.
pub(super) fn is_row(line: &str) -> bool {
    row(line).is_some()
}

/// Puts a row without what was sent at the end of `out`. Other lines are none, and nothing is put.
pub(super) fn mask(line: &str, out: &mut String) -> bool {
    let Some(Row { groups, text }) = row(line) else { return false };
    let digits = groups.iter().flat_map(|group| line.as_bytes()[group.clone()].chunks_exact(2));
    let bytes: Vec<u8> = digits.map(|pair| digit(pair[0]) << 4 | digit(pair[1])).collect();
    let bytes = without_text(&bytes);
    let mut rest = bytes.iter();
    out.reserve(line.len());
    let mut from = 0;
    for group in groups {
        out.push_str(&line[from..group.start]);
        for byte in rest.by_ref().take(group.len() / 2) {
            out.extend([byte >> 4, byte & 0xf].map(|half| char::from(DIGITS[usize::from(half)])));
        }
        from = group.end;
    }
    out.push_str(&line[from..text]);
    if text < line.len() {
        let shown = |byte: &u8| if byte.is_ascii_graphic() || *byte == b' ' { char::from(*byte) } else { '.' };
        out.extend(bytes.iter().map(shown));
    }
    true
}

const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// What a hexadecimal digit stands for.
fn digit(byte: u8) -> u8 {
    match byte {
        b'0'..=b'9' => byte - b'0',
        _ => (byte | 0x20) - b'a' + 10,
    }
}

fn without_text(bytes: &[u8]) -> Vec<u8> {
    let mut masked = Vec::with_capacity(bytes.len());
    for run in bytes.chunk_by(|left, right| left.is_ascii_graphic() == right.is_ascii_graphic()) {
        let (first, last) = (masked.is_empty(), masked.len() + run.len() == bytes.len());
        if run[0].is_ascii_graphic() && is_own(run, first, last) {
            masked.extend_from_slice(run);
        } else {
            masked.extend(run.iter().map(|byte| if *byte < 0x20 { *byte } else { b'x' }));
        }
    }
    masked
}

/// Whether text is SSH's own: a whole word, but where the row ends.
fn is_own(text: &[u8], first: bool, last: bool) -> bool {
    text.len() > 1
        && PROTOCOL
            .split_ascii_whitespace()
            .map(str::as_bytes)
            .any(|word| word == text || first && word.ends_with(text) || last && word.starts_with(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(line: &str) -> Option<String> {
        let mut out = String::new();
        mask(line, &mut out).then_some(out)
    }

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
            ("00000010: 6465 706c 6f79 0000  deploy..", "00000010: 7878 7878 7878 0000  xxxxxx.."),
            ("0000  61 0a 62 0a 61 62 63 64  a.b.abcd", "0000  78 0a 78 0a 78 78 78 78  x.x.xxxx"),
            ("0010: 8f 91 e2 41 42 43", "0010: 78 78 78 78 78 78"),
        ] {
            assert_eq!(masked(row).as_deref(), Some(shared));
        }
        for line in ["2024-05-01 10:00:00 debug1: hello", "deadbeef is no row of a dump", "debug1: 00 00 00 00 00"] {
            assert_eq!(masked(line), None, "{line}");
        }
    }
}
