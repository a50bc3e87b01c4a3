//! A folder of tickets, or many logs of many people: one report each, several at a time, in order.
//!
//! A log that stands in the folder itself is a ticket; a folder in it that holds logs is one, too, of all of them
//! together: a client's log and its server's.

use std::ffi::OsStr;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::thread::{self, ScopedJoinHandle};

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
        Some(found) => run(args, found),
    }
}

/// Tickets, and what of the folders could not be looked into.
#[derive(Default)]
struct Found {
    tickets: Vec<Ticket>,
    unread: Vec<Error>,
}

/// The tickets that are meant: with a folder among the files, or with `--each`. `None` where one report is.
fn of(args: &ReadArgs) -> Result<Option<Found>, Error> {
    if !args.each && !args.files.iter().any(|path| path.is_dir()) {
        return Ok(None);
    }
    let mut found = Found::default();
    for path in &args.files {
        if path.is_dir() {
            let before = found.tickets.len() + found.unread.len();
            found.look_into(path)?;
            if found.tickets.len() + found.unread.len() == before {
                return Err(Error::Folder { path: path.clone() });
            }
        } else {
            found.tickets.push(vec![path.clone()]);
        }
    }
    Ok(Some(found))
}

impl Found {
    fn look_into(&mut self, folder: &Path) -> Result<(), Error> {
        for path in entries(folder)? {
            let paths = if path.is_dir() { entries(&path) } else { Ok(vec![path]) };
            match paths {
                Ok(paths) => {
                    let ticket: Ticket = paths.into_iter().filter(|path| is_log(path)).collect();
                    self.tickets.extend(Some(ticket).filter(|ticket| !ticket.is_empty()));
                }
                Err(error) => self.unread.push(error),
            }
        }
        Ok(())
    }
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
    // A link that leads nowhere is one that can't be read, and is told.
    ending.is_some_and(|ending| LOGS.contains(&ending)) && (path.is_file() || path.is_symlink() && !path.exists())
}

/// Reads the tickets, and prints a report of each. What can't be read is told, and the others are reported all the same.
///
/// The exit code is that of the worst: something could not be read, a cause was found, or not enough was there to tell.
fn run(args: &ReadArgs, found: Found) -> Result<u8, Error> {
    let Found { tickets, unread } = found;
    let width = output::width(args.report.color);
    let processors = thread::available_parallelism().map_or(1, usize::from);
    let failed = |unread: &[Error]| {
        unread.iter().for_each(Error::report);
        if unread.is_empty() { exit::WELL } else { exit::USAGE }
    };
    let mut code = failed(&unread);
    for batch in tickets.chunks(processors * AHEAD) {
        let share = batch.len().div_ceil(processors);
        let parts: Vec<Vec<Done>> = thread::scope(|scope| {
            let work = |part: &[Ticket]| -> Vec<Done> { part.iter().map(|ticket| one(args, ticket, width)).collect() };
            let start = |part| thread::Builder::new().spawn_scoped(scope, move || work(part));
            let running: Vec<_> = batch.chunks(share).map(|part| (part, start(part))).collect();
            let done = |(part, thread): (&[Ticket], std::io::Result<ScopedJoinHandle<'_, _>>)| match thread {
                Ok(thread) => thread.join().unwrap_or_else(|panic| resume_unwind(panic)),
                // The system starts no more threads.
                Err(_) => work(part),
            };
            running.into_iter().map(done).collect()
        });
        for done in parts.into_iter().flatten() {
            code = worse(code, failed(&done.unread));
            if let Some((text, own)) = done.report {
                output::write(text.as_bytes())?;
                code = worse(code, own);
            }
        }
    }
    Ok(code)
}

/// What became of a ticket.
struct Done {
    /// Its report; none where none of its logs could be read.
    report: Option<(String, u8)>,
    /// The logs of it that could not be read, and why.
    unread: Vec<Error>,
}

/// Of two exit codes the one that stands for both.
fn worse(one: u8, other: u8) -> u8 {
    let rank = |code: &u8| match *code {
        exit::WELL => 0,
        exit::UNKNOWN => 1,
        exit::FOUND => 2,
        _ => 3,
    };
    std::cmp::max_by_key(one, other, rank)
}

/// The report of one ticket.
fn one(args: &ReadArgs, ticket: &Ticket, width: usize) -> Done {
    let (mut logs, mut unread) = (Vec::new(), Vec::new());
    for path in ticket {
        match read::log(path, args) {
            Ok(log) => logs.push(log),
            Err(error) => unread.push(error),
        }
    }
    if logs.is_empty() {
        return Done { report: None, unread };
    }
    let (transcripts, logs) = logs.into_iter().unzip();
    let mut diagnosis = diagnose(transcripts, Facts::default(), args.report.shell.into());
    redaction::diagnosis(&mut diagnosis, logs, &args.report.redaction);
    let code = exit::code(&diagnosis);
    let mut text = output::text(&Report::Diagnosis(&diagnosis), &args.report, width, None);
    if args.report.format.name == crate::report::FORMS[0].name {
        // The report does not say whose it is.
        let names: Vec<String> = diagnosis.case.transcripts.iter().map(|log| log.source.clone()).collect();
        let names: String = names.join(", ").chars().filter(|c| !crate::text::unprintable(*c)).collect();
        text = format!("== {names}\n{text}\n");
    }
    Done { report: Some((text, code)), unread }
}
