//! The program `ssh-why`; see the library for what it does.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(ssh_why::inside::cli::run())
}
