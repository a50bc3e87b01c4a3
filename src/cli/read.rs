//! `ssh-why read`: explains pasted logs.

use std::path::Path;

use super::again::Again;
use super::args::ReadArgs;
use super::error::Error;
use super::source::{is_input, open, pieces, terminal};
use super::{output, redaction};
use crate::diagnose::diagnose;
use crate::model::{Facts, Role, Transcript};
use crate::reader::Reader;
use crate::report::Report;
use crate::server::Wanted;

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
