//! A folder of tickets, or many logs of many people: one report each, several at a time, in order.
//!
//! A log that stands in the folder itself is a ticket; a folder in it that holds logs is one, too, of all of them
//! together: a client's log and its server's.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::thread;

use super::args::ReadArgs;
use super::error::Error;
use super::{exit, output, read, redaction};
use crate::diagnose::diagnose;
use crate::model::Facts;
use crate::report::Report;

/// Endings of logs.
const LOGS: &[&str] = &["log", "txt", "gz"];

/// Tickets that are read, and wait to be printed, for each processor.
const AHEAD: usize = 4;

/// The logs of one report.
type Ticket = Vec<PathBuf>;

/// Explains what is named: one report of all logs together, or one for each ticket.
pub(super) fn read(args: &ReadArgs) -> Result<u8, Error> {
    match of(args)? {
        None => read::run(args),
        Some(_) if args.report.report.is_some() => Err(Error::ManyReports),
        Some(tickets) => run(args, &tickets),
    }
}

/// The tickets that are meant: with a folder among the files, or with `--each`. `None` where one report is.
fn of(args: &ReadArgs) -> Result<Option<Vec<Ticket>>, Error> {
    if !args.each && !args.files.iter().any(|path| path.is_dir()) {
        return Ok(None);
    }
    let mut tickets = Vec::new();
    for path in &args.files {
        if path.is_dir() {
            let found = in_folder(path)?;
            if found.is_empty() {
                return Err(Error::Folder { path: path.clone() });
            }
            tickets.extend(found);
        } else {
            tickets.push(vec![path.clone()]);
        }
    }
    Ok(Some(tickets))
}

fn in_folder(folder: &Path) -> Result<Vec<Ticket>, Error> {
    let mut tickets = Vec::new();
    for path in entries(folder)? {
        let ticket = if path.is_dir() {
            entries(&path)?.into_iter().filter(|path| is_log(path)).collect()
        } else {
            vec![path].into_iter().filter(|path| is_log(path)).collect::<Ticket>()
        };
        tickets.extend(Some(ticket).filter(|ticket| !ticket.is_empty()));
    }
    Ok(tickets)
}

/// What is in a folder, by name.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let failed = |source| Error::Input { path: folder.to_owned(), source };
    let mut paths: Vec<PathBuf> = Vec::new();
    for entry in folder.read_dir().map_err(failed)? {
        paths.push(entry.map_err(failed)?.path());
    }
    paths.sort();
    Ok(paths)
}

fn is_log(path: &Path) -> bool {
    let ending = path.extension().and_then(OsStr::to_str);
    ending.is_some_and(|ending| LOGS.contains(&ending)) && path.is_file()
}

/// Reads the tickets, and prints a report of each. The exit code is that of the worst: a cause was found, or not enough
/// was there to tell.
fn run(args: &ReadArgs, tickets: &[Ticket]) -> Result<u8, Error> {
    let width = output::width(args.report.color);
    let processors = thread::available_parallelism().map_or(1, usize::from);
    let mut code = exit::WELL;
    for batch in tickets.chunks(processors * AHEAD) {
        let share = batch.len().div_ceil(processors);
        let parts: Vec<Vec<Result<(String, u8), Error>>> = thread::scope(|scope| {
            let work = |part: &[Ticket]| part.iter().map(|ticket| one(args, ticket, width)).collect();
            let running: Vec<_> = batch.chunks(share).map(|part| scope.spawn(move || work(part))).collect();
            running.into_iter().map(|part| part.join().unwrap_or_default()).collect()
        });
        for done in parts.into_iter().flatten() {
            let (text, own) = done?;
            output::write(text.as_bytes())?;
            code = match (code, own) {
                (exit::FOUND, _) | (_, exit::FOUND) => exit::FOUND,
                (one, other) => one.max(other),
            };
        }
    }
    Ok(code)
}

/// The report of one ticket.
fn one(args: &ReadArgs, ticket: &Ticket, width: usize) -> Result<(String, u8), Error> {
    let wanted = read::wanted(args);
    let logs: Result<Vec<_>, Error> = ticket.iter().map(|path| read::file(path, &wanted)).collect();
    let mut diagnosis = diagnose(logs?, Facts::default(), args.report.shell.into());
    redaction::diagnosis(&mut diagnosis, &args.report.redaction);
    let code = exit::code(&diagnosis);
    let mut text = output::text(&Report::Diagnosis(&diagnosis), &args.report, width, None);
    if args.report.format.name == crate::report::FORMS[0].name {
        // The report does not say whose it is.
        let names: Vec<String> = diagnosis.case.transcripts.iter().map(|log| log.source.clone()).collect();
        let names: String = names.join(", ").chars().filter(|c| !crate::text::unprintable(*c)).collect();
        text = format!("== {names}\n{text}\n");
    }
    Ok((text, code))
}
