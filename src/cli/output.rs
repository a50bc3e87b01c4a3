//! Standard output and the terminal.

use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::path::Path;

use colored::Colorize;

use super::args::{Color, ReportArgs};
use super::error::Error;
use crate::report::form::{self, Form};
use crate::report::outline::Style;
use crate::report::{Look, Report};

/// Columns of running text where no terminal tells.
const WIDTH: usize = 80;

/// Writes to standard output. A reader that has had enough (`| head`) is no failure.
pub(super) fn write(bytes: &[u8]) -> Result<(), Error> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Error::Output(error)),
        _ => Ok(()),
    }
}

/// Refuses a report file that could not be written in the end.
pub(super) fn ready(args: &ReportArgs) -> Result<(), Error> {
    let Some(path) = &args.report else { return Ok(()) };
    form_of(path)?;
    if path.symlink_metadata().is_ok() {
        return Err(Error::ReportExists { path: path.clone() });
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let source = match folder.metadata() {
        Ok(found) if found.is_dir() => return Ok(()),
        Ok(_) => io::ErrorKind::NotADirectory.into(),
        Err(source) => source,
    };
    Err(Error::ReportFile { path: path.clone(), source })
}

/// Whether a form is wanted that shows lines of the logs themselves.
pub(super) fn shows_logs(args: &ReportArgs) -> bool {
    let file = args.report.as_deref().and_then(|path| form_of(path).ok());
    args.format.logs || file.is_some_and(|form| form.logs)
}

fn form_of(path: &Path) -> Result<&'static Form, Error> {
    let ending = path.extension().and_then(|ending| ending.to_str());
    ending.and_then(form::by_ending).ok_or_else(|| Error::ReportEnding { path: path.to_owned() })
}

/// Writes the report in the form that was asked for, and into the file that was named.
pub(super) fn report(report: &Report<'_>, args: &ReportArgs, home: Option<&str>) -> Result<(), Error> {
    let widest = match report {
        Report::Diagnosis(_) => 100,
        Report::Survey(_) => 160,
    };
    let width = width(args.color).clamp(40, widest);
    let shell = args.shell.into();
    write(text(report, args, width, home).as_bytes())?;
    let Some(path) = &args.report else { return Ok(()) };
    let text = (form_of(path)?.write)(report, &Look { shell, home, ..Look::default() });
    new_file(path, text.as_bytes()).map_err(|source| match source.kind() {
        io::ErrorKind::AlreadyExists => Error::ReportExists { path: path.clone() },
        _ => Error::ReportFile { path: path.clone(), source },
    })
}

/// Writes a file that is not there yet, not even since this program was started: all of it or none.
fn new_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create_new(path)?;
    file.write_all(bytes).inspect_err(|_| {
        // What has failed is told; that a part of it stays is the least of it.
        let _ = std::fs::remove_file(path);
    })
}

/// A report in the form that was asked for.
pub(super) fn text(report: &Report<'_>, args: &ReportArgs, width: usize, home: Option<&str>) -> String {
    let look = Look { width, verbose: args.verbose, shell: args.shell.into(), home, paint: &paint };
    (args.format.write)(report, &look)
}

/// The columns of standard output; the colours are switched as the user wants them.
pub(super) fn width(wanted: Color) -> usize {
    let terminal = io::stdout().is_terminal();
    colored::control::set_override(colours(wanted, terminal));
    let columns = terminal.then(terminal_size::terminal_size).flatten().map(|(width, _)| usize::from(width.0));
    columns.unwrap_or(WIDTH)
}

fn colours(wanted: Color, terminal: bool) -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    match wanted {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => terminal && !set("NO_COLOR") && std::env::var_os("TERM").is_none_or(|term| term != "dumb"),
    }
}

pub(super) fn paint(style: Style, text: &str) -> String {
    match style {
        Style::Plain => text.to_owned(),
        Style::Heading => text.bold().to_string(),
        Style::Good => text.green().bold().to_string(),
        Style::Bad => text.red().bold().to_string(),
        Style::Warning => text.yellow().to_string(),
        Style::Command => text.cyan().bold().to_string(),
        Style::Dim => text.dimmed().to_string(),
    }
}
