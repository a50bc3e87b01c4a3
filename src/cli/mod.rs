//! The program: arguments, files, the terminal. The only layer that touches the world.

mod args;
#[cfg(feature = "live")]
mod check;
mod error;
mod explain;
#[cfg(feature = "live")]
mod keys;
mod output;
#[cfg(feature = "live")]
mod pasted;
mod read;
#[cfg(feature = "live")]
mod signals;

use clap::{CommandFactory, Parser};

use args::{Args, Command};
use error::Error;

use crate::diagnose::Answer;

/// Exit codes, as the contract has them.
pub mod exit {
    /// All is well.
    pub const WELL: u8 = 0;
    /// A cause was found.
    pub const FOUND: u8 = 1;
    /// Wrong usage, or input that can't be read.
    pub const USAGE: u8 = 2;
    /// Not enough to tell.
    pub const UNKNOWN: u8 = 3;
}

/// The code that a verdict stands for.
fn code(diagnosis: &crate::diagnose::Diagnosis) -> u8 {
    match diagnosis.answer() {
        Answer::Well => exit::WELL,
        Answer::Found => exit::FOUND,
        Answer::Open => exit::UNKNOWN,
    }
}

/// Runs the program and returns its exit code.
pub fn run() -> u8 {
    let args = match Args::try_parse() {
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
