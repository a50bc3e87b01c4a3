//! The program: arguments, files, the terminal. The only layer that touches the world.

mod args;
#[cfg(feature = "live")]
mod check;
mod error;
pub mod exit;
mod explain;
#[cfg(feature = "live")]
mod front;
#[cfg(feature = "live")]
mod keys;
mod output;
#[cfg(feature = "live")]
mod pasted;
mod read;
mod redact;
mod redaction;
#[cfg(feature = "live")]
mod signals;

use clap::{CommandFactory, Parser};

use args::{Args, Command};
use error::Error;

/// Runs the program and returns its exit code.
pub fn run() -> u8 {
    let words: Vec<std::ffi::OsString> = std::env::args_os().collect();
    #[cfg(feature = "live")]
    let words = {
        let command = Args::command();
        let known: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
        front::as_subcommand(words, &known)
    };
    let args = match Args::try_parse_from(words) {
        Ok(args) => args,
        Err(usage) => {
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
        Command::Read(args) => read::run(&args),
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
        Command::Man => {
            let mut page = Vec::new();
            let rendered = clap_mangen::Man::new(Args::command()).render(&mut page);
            rendered.map_err(Error::Output)?;
            output::write(&page).map(|()| exit::WELL)
        }
    }
}
