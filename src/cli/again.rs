//! Logs that are read twice. What can be read only once is kept meanwhile, in memory, and from a certain length on in a
//! file without a name.

use std::fs::{File, Metadata};
#[cfg(feature = "live")]
use std::io::Cursor;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::error::Error;
use super::packed;
use super::source::{self, Failure, is_input};

/// How much of what can be read only once is held in memory.
const HELD: usize = 16 << 20;

/// A log that can be read again.
pub(super) struct Again {
    name: PathBuf,
    bytes: Bytes,
}

/// What comes next where a log is read again.
pub(super) enum Next<'a> {
    Piece(&'a [u8]),
    /// One of the parts that were asked for.
    Part(io::Take<&'a File>),
}

enum Bytes {
    /// With what was known of it before it was read.
    File(File, Option<Metadata>),
    Spool(tempfile::SpooledTempFile),
    #[cfg(feature = "live")]
    Held(Cursor<Vec<u8>>),
}

impl Read for Bytes {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::File(file, _) => file.read(buffer),
            Self::Spool(spool) => spool.read(buffer),
            #[cfg(feature = "live")]
            Self::Held(held) => held.read(buffer),
        }
    }
}

impl Bytes {
    fn rewind(&mut self) -> io::Result<()> {
        let begin = SeekFrom::Start(0);
        match self {
            Self::File(file, _) => file.seek(begin),
            Self::Spool(spool) => spool.seek(begin),
            #[cfg(feature = "live")]
            Self::Held(held) => held.seek(begin),
        }
        .map(drop)
    }
}

impl Again {
    /// Reads a file, a pipe or standard input for the first time.
    pub(super) fn first(path: &Path, each: &mut dyn FnMut(&[u8])) -> Result<Self, Error> {
        if is_input(path) {
            return Self::spool("standard input".into(), &mut source::terminal(), each);
        }
        let name = path.to_owned();
        let mut file = source::open(path)?;
        let before = file.metadata().ok();
        if !before.as_ref().is_some_and(Metadata::is_file) {
            // A pipe with a name.
            return Self::spool(name, &mut file, each);
        }
        let done = source::pieces(&mut file, &mut |piece| {
            each(piece);
            Ok(())
        });
        done.map_err(|failure| failure.of(name.clone()))?;
        Ok(Self { name, bytes: Bytes::File(file, before) })
    }

    /// What is in memory already.
    #[cfg(feature = "live")]
    pub(super) fn held(name: &str, bytes: Vec<u8>) -> Self {
        Self { name: name.into(), bytes: Bytes::Held(Cursor::new(bytes)) }
    }

    fn spool(name: PathBuf, input: &mut impl Read, each: &mut dyn FnMut(&[u8])) -> Result<Self, Error> {
        let mut spool = tempfile::SpooledTempFile::new(HELD);
        let mut full = None;
        let done = source::pieces(input, &mut |piece| {
            each(piece);
            spool.write_all(piece).map_err(|error| {
                let kind = error.kind();
                full = Some(error);
                kind.into()
            })
        });
        if let Some(source) = full {
            return Err(Error::Spool { path: name, source });
        }
        done.map_err(|failure| failure.of(name.clone()))?;
        Ok(Self { name, bytes: Bytes::Spool(spool) })
    }

    /// Reads it again, from its beginning.
    pub(super) fn again(&mut self, each: &mut dyn FnMut(&[u8]) -> io::Result<()>) -> Result<(), Error> {
        let Self { name, bytes } = self;
        let done = bytes.rewind().map_err(Failure::from).and_then(|()| source::pieces(bytes, each));
        done.map_err(|failure| failure.of(name.clone()))
    }

    /// The same, where some parts are handed on as parts of the file. Of no file, and of one that has changed since it was
    /// read for the first time, there are but pieces.
    pub(super) fn again_in_parts(
        &mut self,
        parts: &[Range<u64>],
        each: &mut dyn FnMut(Next<'_>) -> io::Result<()>,
    ) -> Result<(), Error> {
        let (Bytes::File(file, before), false) = (&mut self.bytes, parts.is_empty()) else {
            return self.again(&mut |piece| each(Next::Piece(piece)));
        };
        let name = &self.name;
        let mut read = || -> Result<(), Failure> {
            file.rewind()?;
            let packed = is_packed(file)?;
            let mut at = 0;
            for part in parts {
                if packed || has_changed(file, before.as_ref()) {
                    break;
                }
                let mut rest = (&*file).take(part.start - at);
                match at {
                    0 => source::pieces(&mut rest, &mut |piece| each(Next::Piece(piece)))?,
                    _ => source::rest(&mut rest, &mut |piece| each(Next::Piece(piece)))?,
                }
                if has_changed(file, before.as_ref()) {
                    at = part.start;
                    break;
                }
                each(Next::Part((&*file).take(part.end - part.start)))?;
                // Whoever takes it may have had enough before its end.
                at = file.seek(SeekFrom::Start(part.end))?;
            }
            match at {
                0 => source::pieces(file, &mut |piece| each(Next::Piece(piece))),
                _ => Ok(source::rest(file, &mut |piece| each(Next::Piece(piece)))?),
            }
        };
        read().map_err(|failure| failure.of(name.clone()))
    }
}

/// Whether a file was written to since then, as far as it can be told.
fn has_changed(file: &File, before: Option<&Metadata>) -> bool {
    let of = |file: &Metadata| Some((file.len(), file.modified().ok()?));
    let now = file.metadata().ok();
    before.and_then(of).is_none_or(|before| now.as_ref().and_then(of) != Some(before))
}

/// Whether a file at its beginning is a rotated log, which is unpacked.
fn is_packed(mut file: &File) -> io::Result<bool> {
    let mut beginning = Vec::new();
    file.take(packed::GZIP.len() as u64).read_to_end(&mut beginning)?;
    file.rewind()?;
    Ok(beginning == packed::GZIP)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What comes of a log, with parts in brackets; `change` is done to it before it is read again.
    fn again(bytes: &[u8], change: impl Fn(&Path)) -> String {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        let mut again = Again::first(file.path(), &mut |_| {}).unwrap();
        change(file.path());
        let mut text = String::new();
        let take = &mut |next: Next<'_>| {
            match next {
                Next::Piece(piece) => text.push_str(&String::from_utf8_lossy(piece)),
                // No more than its beginning.
                Next::Part(part) => {
                    let mut begun = String::new();
                    part.take(2).read_to_string(&mut begun)?;
                    text.push_str(&format!("[{begun}]"));
                }
            }
            Ok(())
        };
        again.again_in_parts(&[3..6, 6..9, 12..14], take).unwrap();
        text
    }

    #[test]
    fn parts_are_handed_on_as_long_as_the_file_stays() {
        assert_eq!(again(b"one|||||| two..three", |_| {}), "one[||][||] tw[o.].three");
        let added = |path: &Path| {
            std::io::Write::write_all(&mut File::options().append(true).open(path).unwrap(), b", four").unwrap();
        };
        assert_eq!(again(b"one|||||| two..three", added), "one|||||| two..three, four");
        let older = |path: &Path| {
            let file = File::options().write(true).open(path).unwrap();
            file.set_modified(std::time::SystemTime::UNIX_EPOCH).unwrap();
        };
        assert_eq!(again(b"one|||||| two..three", older), "one|||||| two..three");
    }
}
