//! `ssh-why redact`.

use std::fs::File;
use std::io::{self, IsTerminal, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::args::RedactArgs;
use super::error::Error;
use super::redaction::tell;
use super::{exit, read};
use crate::redact::{Breaks, Learner, Redactor, Rewriter};
use crate::text::unprintable;

/// How much of what can be read only once is held in memory; the rest goes into a file without a name.
const HELD: usize = 16 << 20;

/// A log that can be read a second time.
enum Source {
    File(File),
    Spool(tempfile::SpooledTempFile),
}

/// A log, and how it is to be read a second time.
struct Log {
    source: Source,
    breaks: Breaks,
}

impl Read for Source {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::File(file) => file.read(buffer),
            Self::Spool(spool) => spool.read(buffer),
        }
    }
}

impl Source {
    fn rewind(&mut self) -> io::Result<()> {
        let begin = SeekFrom::Start(0);
        match self {
            Self::File(file) => file.seek(begin),
            Self::Spool(spool) => spool.seek(begin),
        }
        .map(drop)
    }
}

pub(super) fn run(args: &RedactArgs) -> Result<u8, Error> {
    let mut files = args.files.clone();
    if files.is_empty() {
        files.push("-".into());
    }
    if files.iter().filter(|path| is_input(path)).count() > 1 {
        return Err(Error::TwoInputs);
    }
    if let Some(folder) = args.into.as_ref().filter(|folder| !folder.exists()) {
        std::fs::create_dir(folder).map_err(|source| Error::ReportFile { path: folder.clone(), source })?;
    }
    let targets = files.iter().map(|path| target(args, path)).collect::<Result<Vec<_>, Error>>()?;
    let mut redactor = Redactor::keeping(&args.keep);
    let mut logs = Vec::new();
    for path in &files {
        logs.push(learn(path, &mut redactor)?);
    }
    for ((path, log), target) in files.iter().zip(&mut logs).zip(&targets) {
        match target {
            Some(target) => {
                let failed = |source: io::Error| match source.kind() {
                    io::ErrorKind::AlreadyExists => Error::ReportExists { path: target.clone() },
                    _ => Error::ReportFile { path: target.clone(), source },
                };
                let mut file = File::create_new(target).map_err(failed)?;
                rewrite(path, log, &mut redactor, &mut |text| file.write_all(text))?;
            }
            None => {
                let mut out = io::stdout().lock();
                let shown = out.is_terminal();
                rewrite(path, log, &mut redactor, &mut |text| show(&mut out, text, shown))?;
                out.flush().or_else(enough).map_err(Error::Output)?;
            }
        }
    }
    tell(&redactor.replaced(), &args.keep);
    Ok(exit::WELL)
}

fn is_input(path: &Path) -> bool {
    path == Path::new("-")
}

/// Where a log goes to, if not to standard output.
fn target(args: &RedactArgs, path: &Path) -> Result<Option<PathBuf>, Error> {
    let Some(folder) = &args.into else { return Ok(None) };
    let name = if is_input(path) { Path::new("log") } else { path };
    let target = folder.join(name.file_name().unwrap_or(name.as_os_str()));
    match target.symlink_metadata() {
        Ok(_) => Err(Error::ReportExists { path: target }),
        Err(_) => Ok(Some(target)),
    }
}

/// Looks through a log for names, and keeps it for a second look.
fn learn(path: &Path, redactor: &mut Redactor) -> Result<Log, Error> {
    if is_input(path) {
        return spool(path, &mut read::terminal(), redactor);
    }
    let mut file = read::open(path)?;
    if !file.metadata().is_ok_and(|file| file.is_file()) {
        // A pipe with a name.
        return spool(path, &mut file, redactor);
    }
    let mut learner = Learner::new(&path.to_string_lossy());
    let learnt = read::pieces(&mut file, &mut |piece| {
        learner.feed(piece, redactor);
        Ok(())
    });
    learnt.map_err(|failure| failure.of(path.to_owned()))?;
    let (_, breaks) = learner.finish(redactor);
    Ok(Log { source: Source::File(file), breaks })
}

fn spool(path: &Path, input: &mut impl Read, redactor: &mut Redactor) -> Result<Log, Error> {
    let mut spool = tempfile::SpooledTempFile::new(HELD);
    let mut learner = Learner::new(&path.to_string_lossy());
    let mut full = None;
    let learnt = read::pieces(input, &mut |piece| {
        learner.feed(piece, redactor);
        spool.write_all(piece).map_err(|error| {
            let kind = error.kind();
            full = Some(error);
            kind.into()
        })
    });
    let name = if is_input(path) { "standard input".into() } else { path.to_owned() };
    if let Some(source) = full {
        return Err(Error::Spool { path: name, source });
    }
    learnt.map_err(|failure| failure.of(name))?;
    let (_, breaks) = learner.finish(redactor);
    Ok(Log { source: Source::Spool(spool), breaks })
}

/// Writes a log again.
fn rewrite(
    path: &Path,
    log: &mut Log,
    redactor: &mut Redactor,
    write: &mut dyn FnMut(&[u8]) -> io::Result<()>,
) -> Result<(), Error> {
    log.source.rewind().map_err(|source| Error::Input { path: path.to_owned(), source })?;
    let mut rewriter = Rewriter::new(log.breaks);
    let mut text = Vec::new();
    let mut failed = None;
    let done = read::pieces(&mut log.source, &mut |piece| {
        text.clear();
        rewriter.feed(piece, redactor, &mut text);
        write(&text).or_else(enough).map_err(|error| {
            let kind = error.kind();
            failed = Some(error);
            kind.into()
        })
    });
    if let Some(error) = failed {
        return Err(Error::Output(error));
    }
    done.map_err(|failure| failure.of(path.to_owned()))?;
    text.clear();
    rewriter.finish(redactor, &mut text);
    write(&text).or_else(enough).map_err(Error::Output)
}

/// A reader that has had enough (`| head`) is no failure.
fn enough(error: io::Error) -> io::Result<()> {
    if error.kind() == io::ErrorKind::BrokenPipe { Ok(()) } else { Err(error) }
}

/// Writes to standard output; what a terminal would act on is not shown to one.
fn show(out: &mut impl Write, text: &[u8], terminal: bool) -> io::Result<()> {
    if !terminal {
        return out.write_all(text);
    }
    let shown: String = String::from_utf8_lossy(text)
        .chars()
        .filter(|c| *c != '\r')
        .map(|c| if unprintable(c) && !matches!(c, '\n' | '\t') { '\u{fffd}' } else { c })
        .collect();
    out.write_all(shown.as_bytes())
}
