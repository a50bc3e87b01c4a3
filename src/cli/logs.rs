//! `--log DIR`: the live logs, kept in files that the report names.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::again::Again;
use super::error::{self, Error};
use crate::diagnose::Diagnosis;
use crate::model::Transcript;

/// Files of one name that are tried: each check adds one.
const MOST: usize = 1000;

/// Makes the folder, for its user alone, before anybody is asked.
pub(super) fn ready(folder: Option<&Path>) -> Result<(), Error> {
    let Some(folder) = folder else { return Ok(()) };
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|source| Error::LogFolder { path: folder.to_owned(), source })
}

/// Writes a file for each live log, and has the report name it in place of `live:HOST`. A log that can't be written is
/// told of, and the report goes on.
pub(super) fn keep(folder: Option<&Path>, diagnosis: &mut Diagnosis) {
    let Some(folder) = folder else { return };
    for at in 0..diagnosis.case.transcripts.len() {
        let log = &diagnosis.case.transcripts[at];
        let Some(text) = &log.heard else { continue };
        match write(folder, &log.source, text) {
            Ok(path) => rename(diagnosis, at, &path.to_string_lossy()),
            Err(source) => error::warn(&format!("the log of {} was not kept: {source}", log.source)),
        }
    }
}

/// What was heard, for a report that shows lines of it.
pub(super) fn heard(log: &Transcript) -> Option<Again> {
    log.heard.clone().map(|bytes| Again::held(&log.source, bytes))
}

/// Calls a log by another name, in everything that quotes it.
fn rename(diagnosis: &mut Diagnosis, at: usize, name: &str) {
    let log = &mut diagnosis.case.transcripts[at];
    let old = std::mem::replace(&mut log.source, name.to_owned());
    for finding in &mut diagnosis.findings {
        let own = finding.session.is_some_and(|(log, _)| log == at);
        // Two logs of one name: a finding speaks of its own.
        let other = finding
            .session
            .and_then(|(log, _)| diagnosis.case.transcripts.get(log))
            .is_some_and(|log| log.source == old);
        let quotes = finding.evidence.iter_mut().filter(|quote| quote.source == old && (own || !other));
        quotes.for_each(|quote| name.clone_into(&mut quote.source));
    }
}

/// Writes a log into a new file that its user alone can read.
fn write(folder: &Path, source: &str, text: &[u8]) -> io::Result<PathBuf> {
    let host = source.strip_prefix("live:").unwrap_or(source);
    let plain = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' };
    let stem: String = host.trim_start_matches('.').chars().map(plain).collect();
    for number in 1..=MOST {
        let name = if number == 1 { format!("{stem}.log") } else { format!("{stem}-{number}.log") };
        let path = folder.join(name);
        match create(&path) {
            Ok(mut file) => return file.write_all(text).map(|()| path),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
