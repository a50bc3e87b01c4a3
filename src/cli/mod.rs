//! The program: arguments, files, the terminal. The only layer that touches the world.

mod args;
#[cfg(feature = "live")]
mod check;
mod error;
pub(crate) mod exit;
mod explain;
#[cfg(feature = "live")]
mod front;
#[cfg(feature = "live")]
mod job;
#[cfg(feature = "live")]
mod keys;
#[cfg(feature = "live")]
mod logs;
mod meant;
mod output;
mod packed;
#[cfg(feature = "live")]
mod pasted;
mod read;
mod redact;
mod redaction;
#[cfg(feature = "live")]
mod signals;
mod since;
mod tickets;

use clap::{CommandFactory, Parser};

use args::{Args, Command};
use error::Error;

/// Runs the program and returns its exit code.
pub fn run() -> u8 {
    let command = Args::command();
    let known: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
    let words: Vec<std::ffi::OsString> = std::env::args_os().collect();
    #[cfg(feature = "live")]
    let words = front::as_subcommand(words, &known);
    let words = meant::words(words, &known, meant::is_piped());
    let args = match Args::try_parse_from(words) {
        Ok(args) => args,
        Err(usage) => {
            if let Some(error) = meant::nothing(&usage) {
                error.report();
                return exit::USAGE;
            }
            // Help and version go to standard output and are no failure.
            let failed = usage.use_stderr();
            let _ = usage.print();
            return if failed { exit::USAGE } else { exit::WELL };
        }
    };
    match dispatch(args) {
        Ok(code) => code,
        Err(error) => {
            error.report();
            exit::USAGE
        }
    }
}

fn dispatch(args: Args) -> Result<u8, Error> {
    match args.command {
        Command::Read(args) => tickets::read(&args),
        #[cfg(feature = "live")]
        Command::Check(args) => check::run(&args),
        #[cfg(feature = "live")]
        Command::Keys(args) => keys::run(&args),
        #[cfg(feature = "live")]
        Command::InFront(args) => front::run(&args),
        Command::Redact(args) => redact::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Args::command(), "ssh-why", &mut script);
            output::write(&script).map(|()| exit::WELL)
        }
        Command::Man { command } => manual(command.as_deref()),
    }
}

/// The manual page of the program, which holds every option, or of one subcommand.
fn manual(name: Option<&str>) -> Result<u8, Error> {
    let whole = Args::command();
    let shown = || whole.get_subcommands().filter(|command| !command.is_hide_set());
    let mut page = Vec::new();
    match name {
        None => {
            clap_mangen::Man::new(whole.clone()).render(&mut page).map_err(Error::Output)?;
            for command in shown() {
                let mut options = Vec::new();
                clap_mangen::Man::new(command.clone()).render_options_section(&mut options).map_err(Error::Output)?;
                let heading = format!(".SH OPTIONS OF {}", command.get_name().to_uppercase());
                page.extend(String::from_utf8_lossy(&options).replacen(".SH OPTIONS", &heading, 1).bytes());
            }
        }
        Some(name) => {
            let found = shown().find(|command| command.get_name() == name);
            let found = found.ok_or_else(|| Error::NoSubcommand(name.to_owned()))?;
            let titled = found.clone().bin_name(format!("ssh-why {name}")).version(env!("CARGO_PKG_VERSION"));
            let title = format!("ssh-why-{name}");
            clap_mangen::Man::new(titled).title(title).render(&mut page).map_err(Error::Output)?;
        }
    }
    output::write(&page).map(|()| exit::WELL)
}
