//! `ssh-why redact`.

use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use super::again::Again;
use super::args::RedactArgs;
use super::error::Error;
use super::exit;
use super::redaction::{redactor, tell};
use super::source::is_input;
use crate::redact::{Breaks, Learner, Redactor, Rewriter};
use crate::text::unprintable;

/// A log, and how it is to be read a second time.
struct Log {
    again: Again,
    breaks: Breaks,
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
                let mut file = File::create_new(target).map_err(failed)?;
                rewrite(log, &mut redactor, &mut |text| file.write_all(text))?;
            }
            None => {
                let mut out = io::stdout().lock();
                let shown = out.is_terminal();
                rewrite(log, &mut redactor, &mut |text| show(&mut out, text, shown))?;
                out.flush().or_else(enough).map_err(Error::Output)?;
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
    let (_, breaks) = learner.finish(redactor);
    Ok(Log { again, breaks })
}

/// Writes a log again.
fn rewrite(
    log: &mut Log,
    redactor: &mut Redactor,
    write: &mut dyn FnMut(&[u8]) -> io::Result<()>,
) -> Result<(), Error> {
    let mut rewriter = Rewriter::new(log.breaks);
    let mut text = Vec::new();
    let mut failed = None;
    let done = log.again.again(&mut |piece| {
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
    done?;
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
