//! From the words of the command line to an exit code.

use super::args::{Args, Command};
use super::error::Error;
#[cfg(feature = "live")]
use super::{check, front, keys};
use super::{exit, explain, manual, meant, output, redact, tickets};
use clap::{CommandFactory, Parser};

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
        Command::Man { command } => manual::write(command.as_deref()),
    }
}
