//! A log that is packed, as rotated ones are: unpacked piece by piece, up to a measure.

use std::io::{self, Read};

use flate2::read::MultiGzDecoder;

/// How gzip's files begin (RFC 1952 §2.3.1).
pub(super) const GZIP: &[u8] = &[0x1f, 0x8b];

/// How much may come out of a file of any size, in bytes.
const FREE: u64 = 64 << 20;

/// How many bytes may come out for one that is packed, beyond that. A log that says nearly the same in every line is
/// packed to a fiftieth; what is packed further was made to take time.
const RATIO: u64 = 100;

/// What is in a packed log. Reading fails where it is more than any log would be.
pub(super) struct Unpacked<R> {
    packed: MultiGzDecoder<Counted<R>>,
    count: u64,
    free: u64,
}

impl<R: Read> Unpacked<R> {
    pub(super) fn new(packed: R) -> Self {
        Self::beyond(packed, FREE)
    }

    fn beyond(packed: R, free: u64) -> Self {
        Self { packed: MultiGzDecoder::new(Counted { inner: packed, count: 0 }), count: 0, free }
    }
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.packed.read(buffer)?;
        self.count += count as u64;
        if self.count > self.free && self.count / RATIO > self.packed.get_ref().count {
            let why = format!("it unpacks to more than {RATIO} times its size, as no log does");
            return Err(io::Error::new(io::ErrorKind::InvalidData, why));
        }
        Ok(count)
    }
}

/// Counts what is read.
struct Counted<R> {
    inner: R,
    count: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.count += count as u64;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write;

    /// What is free in the tests.
    const SOME: u64 = 1 << 20;

    /// So many bytes of `piece`, packed.
    fn packed(piece: &[u8], count: u64) -> Vec<u8> {
        let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
        for _ in 0..count / piece.len() as u64 {
            packer.write_all(piece).unwrap();
        }
        packer.finish().unwrap()
    }

    fn unpack(packed: &[u8]) -> io::Result<u64> {
        io::copy(&mut Unpacked::beyond(packed, SOME), &mut io::sink())
    }

    #[test]
    fn what_no_log_is_has_an_end() {
        let error = unpack(&packed(&[0; 1 << 16], SOME * 8)).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
        // Many small files in one.
        let many = packed(&[b'\n'; 1 << 16], 1 << 16).repeat(100);
        assert_eq!(unpack(&many).unwrap_err().kind(), io::ErrorKind::InvalidData);
    }

    #[test]
    fn a_log_of_a_kind_is_read_to_its_end() {
        assert_eq!(unpack(&packed(&[0; 1 << 16], SOME)).unwrap(), SOME);
        // Lines that differ in a number, far beyond.
        let lines: String = (0..4000).map(|n| format!("Nov 27 09:20:23 box sshd[{n}]: debug1: x\n")).collect();
        let count = SOME * 4 / lines.len() as u64 * lines.len() as u64;
        assert_eq!(unpack(&packed(lines.as_bytes(), count)).unwrap(), count);
    }
}
