//! UTF-8, UTF-16 as PowerShell's `>` writes it, or UTF-32, with or without a byte order mark.

/// Makes UTF-8 of a stream of bytes. UTF-8 passes as it is, without a copy.
#[derive(Debug, Default)]
pub(crate) struct Decoder {
    form: Option<Form>,
    /// Bytes of the mark that the stream begins with.
    mark: u64,
    /// Bytes of a unit that is not whole.
    odd: Vec<u8>,
    high: Option<u16>,
    text: Vec<u8>,
    /// UTF-16 units that were no text.
    pub(crate) invalid: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Bytes,
    Utf16 { big: bool },
    Utf32 { big: bool },
}

impl Decoder {
    /// The next piece of the stream, as UTF-8 (or whatever bytes stand in its place).
    ///
    /// The first piece decides on the encoding, so it should be as long as the reader can make it.
    pub(crate) fn decode<'a>(&'a mut self, piece: &'a [u8]) -> &'a [u8] {
        let (form, skip) = match self.form {
            Some(form) => (form, 0),
            None => sniff(piece),
        };
        self.form = Some(form);
        self.mark += skip as u64;
        let piece = &piece[skip..];
        match form {
            Form::Bytes => piece,
            Form::Utf16 { big } => {
                self.text.clear();
                self.utf16(piece, big);
                &self.text
            }
            Form::Utf32 { big } => {
                self.text.clear();
                self.utf32(piece, big);
                &self.text
            }
        }
    }

    /// The bytes of the mark before the text, where that passes as it is.
    pub(crate) fn passed_over(&self) -> Option<u64> {
        (self.form == Some(Form::Bytes)).then_some(self.mark)
    }

    fn utf16(&mut self, piece: &[u8], big: bool) {
        let odd = std::mem::take(&mut self.odd);
        let mut bytes = odd.into_iter().chain(piece.iter().copied());
        while let Some(first) = bytes.next() {
            let Some(second) = bytes.next() else {
                self.odd.push(first);
                return;
            };
            let unit = if big { u16::from_be_bytes([first, second]) } else { u16::from_le_bytes([first, second]) };
            for decoded in char::decode_utf16(self.high.take().into_iter().chain([unit])) {
                match decoded {
                    Ok(c) => self.text.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
                    Err(lone) if lone.unpaired_surrogate() == unit && (0xd800..0xdc00).contains(&unit) => {
                        self.high = Some(unit)
                    }
                    Err(_) => {
                        self.invalid += 1;
                        self.text.extend_from_slice("\u{fffd}".as_bytes());
                    }
                }
            }
        }
    }
}

impl Decoder {
    fn utf32(&mut self, piece: &[u8], big: bool) {
        for byte in piece {
            self.odd.push(*byte);
            let Ok(unit) = <[u8; 4]>::try_from(self.odd.as_slice()) else { continue };
            self.odd.clear();
            let unit = if big { u32::from_be_bytes(unit) } else { u32::from_le_bytes(unit) };
            let c = char::from_u32(unit).unwrap_or_else(|| {
                self.invalid += 1;
                '\u{fffd}'
            });
            self.text.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        }
    }
}

/// The encoding and the length of its mark.
fn sniff(piece: &[u8]) -> (Form, usize) {
    match piece {
        [0xff, 0xfe, 0, 0, ..] => (Form::Utf32 { big: false }, 4),
        [0, 0, 0xfe, 0xff, ..] => (Form::Utf32 { big: true }, 4),
        [0xff, 0xfe, ..] => (Form::Utf16 { big: false }, 2),
        [0xfe, 0xff, ..] => (Form::Utf16 { big: true }, 2),
        [0xef, 0xbb, 0xbf, ..] => (Form::Bytes, 3),
        _ => {
            // Text that is mostly ASCII has a NUL as every other byte.
            let sample = &piece[..piece.len().min(512) & !1];
            let nuls = |from: usize| sample.iter().skip(from).step_by(2).filter(|byte| **byte == 0).count();
            let (even, odd) = (nuls(0), nuls(1));
            let half = sample.len() / 2;
            // Three of four in UTF-32, of which the second half of a unit tells which end comes first.
            let pairs = |from: usize| sample.chunks_exact(4).filter(|unit| unit[from..from + 2] == [0, 0]).count();
            let (first, last, quarter) = (pairs(0), pairs(2), sample.len() / 4);
            if quarter >= 2 && last * 8 > quarter * 7 && first * 8 < quarter {
                (Form::Utf32 { big: false }, 0)
            } else if quarter >= 2 && first * 8 > quarter * 7 && last * 8 < quarter {
                (Form::Utf32 { big: true }, 0)
            } else if half >= 4 && odd * 2 > half && even * 8 < half {
                (Form::Utf16 { big: false }, 0)
            } else if half >= 4 && even * 2 > half && odd * 8 < half {
                (Form::Utf16 { big: true }, 0)
            } else {
                (Form::Bytes, 0)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn through(bytes: &[u8], step: usize) -> String {
        let mut decoder = Decoder::default();
        let mut text = Vec::new();
        let (first, rest) = bytes.split_at(bytes.len().min(64));
        text.extend_from_slice(decoder.decode(first));
        for piece in rest.chunks(step) {
            text.extend_from_slice(decoder.decode(piece));
        }
        String::from_utf8_lossy(&text).into_owned()
    }

    #[test]
    fn every_form_gives_the_same_text() {
        let text = "debug1: Offering public key: /home/dev/.ssh/ü😀 RSA\r\ndebug1: more\r\n".repeat(5);
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let wide: Vec<u8> = text.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect();
        let wide_big: Vec<u8> = text.chars().flat_map(|c| u32::from(c).to_be_bytes()).collect();
        let marked = |mark: &[u8], bytes: &[u8]| [mark, bytes].concat();
        for step in [1, 2, 3, 7, 1000] {
            assert_eq!(through(text.as_bytes(), step), text);
            assert_eq!(through(&marked(&[0xef, 0xbb, 0xbf], text.as_bytes()), step), text);
            for (bytes, mark) in [(&wide, [0xff, 0xfe, 0, 0]), (&wide_big, [0, 0, 0xfe, 0xff])] {
                assert_eq!(through(bytes, step), text);
                assert_eq!(through(&marked(&mark, bytes), step), text);
            }
            assert_eq!(through(&little, step), text);
            assert_eq!(through(&big, step), text);
            assert_eq!(through(&marked(&[0xff, 0xfe], &little), step), text);
            assert_eq!(through(&marked(&[0xfe, 0xff], &big), step), text);
        }
    }

    #[test]
    fn lone_surrogates_become_marks() {
        let mut decoder = Decoder::default();
        let text = decoder.decode(&[0xff, 0xfe, 0x00, 0xd8, b'a', 0, 0x00, 0xdc]).to_vec();
        assert!(String::from_utf8(text).unwrap().contains('a'));
        assert_eq!(decoder.invalid, 2);
    }
}
