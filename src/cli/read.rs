//! `ssh-why read`: explains pasted logs.

use std::fs::File;
use std::io::{self, IsTerminal, Read, Write};
use std::path::Path;

use super::args::ReadArgs;
use super::error::Error;
use super::output;
use crate::diagnose::diagnose;
use crate::model::{Facts, Role, Transcript};
use crate::reader::Reader;
use crate::report::Report;

/// How much is read at a time.
const PIECE: usize = 64 * 1024;

pub(super) fn run(args: &ReadArgs) -> Result<u8, Error> {
    output::ready(&args.report)?;
    let diagnosis = diagnose(transcripts(args)?, Facts::default(), args.report.shell.into());
    output::report(&Report::Diagnosis(&diagnosis), &args.report, None)?;
    Ok(super::exit::code(&diagnosis))
}

fn transcripts(args: &ReadArgs) -> Result<Vec<Transcript>, Error> {
    let given =
        |files: &'_ [std::path::PathBuf], role| files.iter().map(move |file| (file.clone(), role)).collect::<Vec<_>>();
    let mut sources = given(&args.files, Role::Other);
    sources.extend(given(&args.vcs, Role::Vcs));
    sources.extend(given(&args.ci, Role::Ci));
    if sources.is_empty() {
        sources.push(("-".into(), Role::Other));
    }
    if sources.iter().filter(|(path, _)| path == Path::new("-")).count() > 1 {
        return Err(Error::TwoInputs);
    }
    sources
        .into_iter()
        .map(|(path, role)| {
            let mut log = if path == Path::new("-") { standard_input() } else { file(&path) }?;
            log.role = role;
            Ok(log)
        })
        .collect()
}

fn standard_input() -> Result<Transcript, Error> {
    let mut input = io::stdin().lock();
    if input.is_terminal() {
        let _ = writeln!(io::stderr(), "Paste the log, then press Ctrl-D on a line of its own.");
    }
    read("-", &mut input).map_err(|source| Error::Input { path: "standard input".into(), source })
}

fn file(path: &Path) -> Result<Transcript, Error> {
    let failed = |source: io::Error| match source.kind() {
        io::ErrorKind::IsADirectory => Error::Folder { path: path.to_owned() },
        _ if path.is_dir() => Error::Folder { path: path.to_owned() },
        _ => Error::Input { path: path.to_owned(), source },
    };
    let mut file = File::open(path).map_err(failed)?;
    read(&path.to_string_lossy(), &mut file).map_err(failed)
}

fn read(name: &str, input: &mut impl Read) -> io::Result<Transcript> {
    let mut reader = Reader::new(name);
    let mut piece = vec![0; PIECE];
    let mut filled = fill(input, &mut piece)?;
    while filled > 0 {
        reader.feed(&piece[..filled]);
        filled = fill(input, &mut piece)?;
    }
    Ok(reader.finish())
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
