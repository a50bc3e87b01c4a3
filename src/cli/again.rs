//! Logs that are read twice. What can be read only once is kept meanwhile, in memory, and from a certain length on in a
//! file without a name.

use std::fs::File;
#[cfg(feature = "live")]
use std::io::Cursor;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::error::Error;
use super::source::{self, Failure, is_input};

/// How much of what can be read only once is held in memory.
const HELD: usize = 16 << 20;

/// A log that can be read again.
pub(super) struct Again {
    name: PathBuf,
    bytes: Bytes,
}

enum Bytes {
    File(File),
    Spool(tempfile::SpooledTempFile),
    #[cfg(feature = "live")]
    Held(Cursor<Vec<u8>>),
}

impl Read for Bytes {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::File(file) => file.read(buffer),
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
            Self::File(file) => file.seek(begin),
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
        if !file.metadata().is_ok_and(|file| file.is_file()) {
            // A pipe with a name.
            return Self::spool(name, &mut file, each);
        }
        let done = source::pieces(&mut file, &mut |piece| {
            each(piece);
            Ok(())
        });
        done.map_err(|failure| failure.of(name.clone()))?;
        Ok(Self { name, bytes: Bytes::File(file) })
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
}
