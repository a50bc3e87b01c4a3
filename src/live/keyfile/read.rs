//! Reads a plain file, as far as it matters, and what the system says of it.

use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::Path;

use crate::model::Fact;
use crate::model::facts::{KeyFile, damage};

/// What is read of one file, in bytes. No key is longer.
const MOST: u64 = 64 * 1024;

/// Why a file was not read.
pub(super) enum Unread {
    Missing,
    Denied(String),
    NotAFile(&'static str),
}

impl From<io::Error> for Unread {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::Missing,
            kind => Self::Denied(kind.to_string()),
        }
    }
}

/// A plain file's content, as far as it matters. Neither a pipe nor a device can hold this up.
pub(super) fn read(path: &Path) -> Result<(Metadata, Vec<u8>), Unread> {
    let plain = |meta: &Metadata| match () {
        () if meta.is_file() => Ok(()),
        () if meta.is_dir() => Err(Unread::NotAFile(damage::FOLDER)),
        () => Err(Unread::NotAFile("it is a pipe, a socket or a device")),
    };
    plain(&fs::metadata(path)?)?;
    let file = open(path)?;
    // What was looked at before may have been replaced since.
    let meta = file.metadata()?;
    plain(&meta)?;
    let mut bytes = Vec::new();
    file.take(MOST).read_to_end(&mut bytes)?;
    Ok((meta, bytes))
}

#[cfg(unix)]
fn open(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    let flags = nix::libc::O_NONBLOCK | nix::libc::O_NOCTTY;
    fs::OpenOptions::new().read(true).custom_flags(flags).open(path)
}

#[cfg(not(unix))]
fn open(path: &Path) -> io::Result<File> {
    File::open(path)
}

#[cfg(unix)]
pub(super) fn modes(file: &mut KeyFile, meta: &Metadata) {
    use std::os::unix::fs::MetadataExt;
    file.mode = Fact::Known(meta.mode() & 0o7777);
    file.owned = Fact::Known(meta.uid() == nix::unistd::getuid().as_raw());
}

#[cfg(not(unix))]
pub(super) fn modes(file: &mut KeyFile, _meta: &Metadata) {
    let why = "this system has no such modes";
    file.mode = Fact::Unknown(why.into());
    file.owned = Fact::Unknown(why.into());
}

/// Whether ssh passes over the file because of its mode: others may read what is the user's own.
pub(super) fn too_open(file: &KeyFile) -> Option<u32> {
    let mode = *file.mode.known()?;
    (mode & 0o077 != 0 && file.owned == Fact::Known(true)).then_some(mode)
}
