//! Standard output and the terminal.

use std::io::{self, IsTerminal, Write};

use colored::Colorize;

use super::args::{Color, Format, ReportArgs};
use super::error::Error;
use crate::diagnose::Diagnosis;
use crate::report::human::{Page, Style};
use crate::report::{human, json};

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

/// Writes the report in the form that was asked for.
pub(super) fn report(diagnosis: &Diagnosis, args: &ReportArgs) -> Result<(), Error> {
    let text = match args.format {
        Format::Json => json::render(diagnosis),
        Format::Human => {
            let width = width(args.color).clamp(40, 100);
            human::render(diagnosis, &Page { width, paint: &paint })
        }
    };
    write(text.as_bytes())
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
