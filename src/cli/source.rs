//! Files, pipes and standard input that hold a log, in pieces.

use std::fs::File;
use std::io::{self, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use super::error::{Error, clean};
use super::packed;
use crate::reader::PIECE;

/// Whether a path stands for standard input.
pub(super) fn is_input(path: &Path) -> bool {
    path == Path::new("-")
}

/// Standard input; on a terminal, what to do is said first.
pub(super) fn terminal() -> io::StdinLock<'static> {
    let input = io::stdin().lock();
    if input.is_terminal() {
        let _ = writeln!(io::stderr(), "Paste the log, then press Ctrl-D on a line of its own.");
    }
    input
}

/// Opens a log.
pub(super) fn open(path: &Path) -> Result<File, Error> {
    let failed = |source| Failure::Read(source).of(path.to_owned());
    if path.is_dir() {
        return Err(Error::Folder { path: path.to_owned() });
    }
    let _patience = Patience::with(path);
    File::open(path).map_err(failed)
}

/// How long a named pipe may have nobody who writes before that is told.
const PATIENCE: Duration = Duration::from_millis(1500);

/// As long as it lives, a named pipe is waited for: to open one takes somebody who writes to it.
struct Patience(Arc<AtomicBool>);

impl Patience {
    /// Tells on a terminal that it waits, once it has waited for long. `None`: the file is there at once, or nobody would see.
    fn with(path: &Path) -> Option<Self> {
        if !is_named_pipe(path) || !io::stderr().is_terminal() {
            return None;
        }
        let over = Arc::new(AtomicBool::new(false));
        let (told, name) = (Arc::clone(&over), clean(path.display().to_string()));
        let wait = move || {
            thread::sleep(PATIENCE);
            if !told.load(Ordering::Relaxed) {
                let _ =
                    writeln!(io::stderr(), "{name} is a named pipe, and nothing writes to it yet. Ctrl-C ends this.");
            }
        };
        thread::Builder::new().spawn(wait).ok().map(|_| Self(over))
    }
}

impl Drop for Patience {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[cfg(unix)]
fn is_named_pipe(path: &Path) -> bool {
    use std::os::unix::fs::FileTypeExt;
    path.metadata().is_ok_and(|file| file.file_type().is_fifo())
}

#[cfg(not(unix))]
fn is_named_pipe(_path: &Path) -> bool {
    false
}

/// Why a source was not read.
pub(super) enum Failure {
    Read(io::Error),
    /// It is a private key: nobody's log, and not to be shown.
    PrivateKey,
}

impl Failure {
    pub(super) fn of(self, path: PathBuf) -> Error {
        match self {
            Self::Read(source) => Error::Input { path, source },
            Self::PrivateKey => Error::PrivateKey { path },
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Read(error)
    }
}

/// How files begin that are no log: what OpenSSH, OpenSSL and PuTTY write private keys as.
const PRIVATE_KEYS: &[&[u8]] = &[
    b"-----BEGIN OPENSSH PRIVATE KEY-----",
    b"-----BEGIN RSA PRIVATE KEY-----",
    b"-----BEGIN EC PRIVATE KEY-----",
    b"-----BEGIN DSA PRIVATE KEY-----",
    b"-----BEGIN PRIVATE KEY-----",
    b"-----BEGIN ENCRYPTED PRIVATE KEY-----",
    b"PuTTY-User-Key-File-",
];

/// Hands what is in a source to `each`, in pieces; unpacks a rotated log.
pub(super) fn pieces(input: &mut impl Read, each: &mut dyn FnMut(&[u8]) -> io::Result<()>) -> Result<(), Failure> {
    let mut piece = vec![0; PIECE];
    let filled = fill(input, &mut piece)?;
    let beginning = &piece[..filled];
    if PRIVATE_KEYS.iter().any(|start| beginning.trim_ascii_start().starts_with(start)) {
        return Err(Failure::PrivateKey);
    }
    if beginning.starts_with(packed::GZIP) {
        let begun = beginning.to_vec();
        let mut unpacked = packed::Unpacked::new(io::Cursor::new(begun).chain(input));
        let filled = fill(&mut unpacked, &mut piece)?;
        return Ok(from(&mut unpacked, piece, filled, each)?);
    }
    Ok(from(input, piece, filled, each)?)
}

/// Hands on what is left of a source whose beginning was looked at.
pub(super) fn rest(input: &mut impl Read, each: &mut dyn FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
    all(input, vec![0; PIECE], each)
}

/// Hands on a first piece, and the rest.
fn from(
    input: &mut impl Read,
    piece: Vec<u8>,
    filled: usize,
    each: &mut dyn FnMut(&[u8]) -> io::Result<()>,
) -> io::Result<()> {
    if filled > 0 {
        each(&piece[..filled])?;
    }
    all(input, piece, each)
}

fn all(input: &mut impl Read, mut piece: Vec<u8>, each: &mut dyn FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
    loop {
        let filled = fill(input, &mut piece)?;
        if filled == 0 {
            return Ok(());
        }
        each(&piece[..filled])?;
    }
}

/// Fills the buffer as far as the input goes: its first piece decides on the encoding.
fn fill(input: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match input.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(more) => filled += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}
