//! `ssh-why redact`.

use std::fs::File;
use std::io::{self, BufReader, IsTerminal, Write};
use std::path::{Path, PathBuf};

use super::again::{Again, Next};
use super::args::RedactArgs;
use super::error::Error;
use super::exit;
use super::redaction::{redactor, tell};
use super::source::{self, is_input};
use crate::reader::PIECE;
use crate::redact::{Breaks, Learner, Redactor, Rewriter, Untouched};
use crate::text::unprintable;

/// A log, and how it is to be read a second time.
struct Log {
    again: Again,
    breaks: Breaks,
    untouched: Untouched,
}

/// Where a log is written to.
enum Out<'a> {
    File(File),
    /// Standard output; a terminal, or not.
    Shown(io::StdoutLock<'a>, bool),
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
    let mut redactor = redactor(&args.keep, &args.also);
    let mut logs = Vec::new();
    for path in &files {
        logs.push(learn(path, &mut redactor)?);
    }
    for (log, target) in logs.iter_mut().zip(&targets) {
        match target {
            Some(target) => {
                let failed = |source: io::Error| match source.kind() {
                    io::ErrorKind::AlreadyExists => Error::ReportExists { path: target.clone() },
                    _ => Error::ReportFile { path: target.clone(), source },
                };
                let file = File::create_new(target).map_err(failed)?;
                rewrite(log, &mut redactor, &mut Out::File(file))?;
            }
            None => {
                let out = io::stdout().lock();
                let terminal = out.is_terminal();
                rewrite(log, &mut redactor, &mut Out::Shown(out, terminal))?;
            }
        }
    }
    tell(&redactor.replaced(), &args.keep);
    Ok(exit::WELL)
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
    let mut learner = Learner::new(&path.to_string_lossy());
    let again = Again::first(path, &mut |piece| learner.feed(piece, redactor))?;
    let (_, breaks, untouched) = learner.finish_with_parts(redactor);
    Ok(Log { again, breaks, untouched })
}

/// Writes a log again.
fn rewrite(log: &mut Log, redactor: &mut Redactor, out: &mut Out<'_>) -> Result<(), Error> {
    let mut rewriter = Rewriter::new(log.breaks);
    let mut text = Vec::new();
    let mut failed = None;
    let parts = redactor.parts(&log.untouched);
    let parts = if out.is_terminal() { &[] } else { parts };
    let done = log.again.again_in_parts(parts, &mut |next| {
        let at_rest = rewriter.is_at_rest();
        let mut feed = |piece: &[u8], out: &mut Out<'_>| {
            text.clear();
            rewriter.feed(piece, redactor, &mut text);
            out.write(&text)
        };
        let written = match next {
            Next::Piece(piece) => feed(piece, out),
            Next::Part(part) if at_rest => out.copy(part),
            Next::Part(mut part) => source::rest(&mut part, &mut |piece| feed(piece, out)),
        };
        written.or_else(enough).map_err(|error| {
            let kind = error.kind();
            failed = Some(error);
            kind.into()
        })
    });
    if let Some(error) = failed {
        return Err(Error::Output(error));
    }
    done?;
    text.clear();
    rewriter.finish(redactor, &mut text);
    out.write(&text).and_then(|()| out.flush()).or_else(enough).map_err(Error::Output)
}

impl Out<'_> {
    fn is_terminal(&self) -> bool {
        matches!(self, Self::Shown(_, true))
    }

    fn write(&mut self, text: &[u8]) -> io::Result<()> {
        match self {
            Self::File(file) => file.write_all(text),
            Self::Shown(out, terminal) => show(out, text, *terminal),
        }
    }

    /// Writes a part of a file as it stands; where the system can, without a look at it.
    fn copy(&mut self, part: io::Take<&File>) -> io::Result<()> {
        self.flush()?;
        let mut part = BufReader::with_capacity(PIECE, part);
        match self {
            Self::File(file) => io::copy(&mut part, file),
            Self::Shown(out, _) => io::copy(&mut part, out),
        }
        .map(drop)
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::File(file) => file.flush(),
            Self::Shown(out, _) => out.flush(),
        }
    }
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
