//! `ssh-why read`: explains pasted logs.

use std::fs::File;
use std::io::{self, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use super::again::{Again, is_input};
use super::args::ReadArgs;
use super::error::{Error, clean};
use super::{output, packed, redaction};
use crate::diagnose::diagnose;
use crate::model::{Facts, Role, Transcript};
use crate::reader::Reader;
use crate::report::Report;
use crate::server::Wanted;

/// How much is read at a time.
const PIECE: usize = 64 * 1024;

pub(super) fn run(args: &ReadArgs) -> Result<u8, Error> {
    output::ready(&args.report)?;
    let (transcripts, logs) = transcripts(args)?.into_iter().unzip();
    let mut diagnosis = diagnose(transcripts, Facts::default(), args.report.shell.into());
    redaction::diagnosis(&mut diagnosis, logs, &args.report.redaction);
    output::report(&Report::Diagnosis(&diagnosis), &args.report, None)?;
    Ok(super::exit::code(&diagnosis))
}

fn transcripts(args: &ReadArgs) -> Result<Vec<Log>, Error> {
    let given =
        |files: &'_ [std::path::PathBuf], role| files.iter().map(move |file| (file.clone(), role)).collect::<Vec<_>>();
    let mut sources = given(&args.files, Role::Other);
    sources.extend(given(&args.vcs, Role::Vcs));
    sources.extend(given(&args.ci, Role::Ci));
    if sources.is_empty() {
        sources.push(("-".into(), Role::Other));
    }
    if sources.iter().filter(|(path, _)| is_input(path)).count() > 1 {
        return Err(Error::TwoInputs);
    }
    sources
        .into_iter()
        .map(|(path, role)| {
            let mut log = log(&path, args)?;
            log.0.role = role;
            Ok(log)
        })
        .collect()
}

/// A log, and how to read it again, where a form is wanted that shows lines of it.
pub(super) type Log = (Transcript, Option<Again>);

/// Reads one log.
pub(super) fn log(path: &Path, args: &ReadArgs) -> Result<Log, Error> {
    let wanted = Wanted { user: args.user.clone(), since: args.since.clone() };
    let mut reader = Reader::new(path.to_string_lossy()).wanting(wanted);
    if output::shows_logs(&args.report) {
        let again = Again::first(path, &mut |piece| reader.feed(piece))?;
        return Ok((reader.finish(), Some(again)));
    }
    let mut feed = |piece: &[u8]| {
        reader.feed(piece);
        Ok(())
    };
    if is_input(path) {
        pieces(&mut terminal(), &mut feed).map_err(|failure| failure.of("standard input".into()))?;
    } else {
        pieces(&mut open(path)?, &mut feed).map_err(|failure| failure.of(path.to_owned()))?;
    }
    Ok((reader.finish(), None))
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
        return Ok(all(&mut unpacked, piece, filled, each)?);
    }
    Ok(all(input, piece, filled, each)?)
}

fn all(
    input: &mut impl Read,
    mut piece: Vec<u8>,
    mut filled: usize,
    each: &mut dyn FnMut(&[u8]) -> io::Result<()>,
) -> io::Result<()> {
    while filled > 0 {
        each(&piece[..filled])?;
        filled = fill(input, &mut piece)?;
    }
    Ok(())
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
