//! `ssh-why keys`: the command line's side of it.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use super::args::KeysArgs;
use super::error::Error;
use super::{check, exit, output};
use crate::live::keys::{Named, Plan, survey};
use crate::live::{paths, process};
use crate::report::Report;

/// Exit code of a program that SIGINT ended, as shells give it.
const INTERRUPTED: i32 = 130;

pub(super) fn run(args: &KeysArgs) -> Result<u8, Error> {
    let plan = plan(args)?;
    output::ready(&args.report)?;
    let _ = ctrlc::set_handler(|| {
        process::end_all();
        #[allow(clippy::exit, reason = "the handler's thread ends the program; nothing is left to undo")]
        std::process::exit(INTERRUPTED);
    });
    let asked: Vec<&str> = args.offer.iter().map(String::as_str).collect();
    if !asked.is_empty() && io::stderr().is_terminal() {
        let hosts: String = asked.join(", ");
        let clean = hosts.chars().filter(|c| !crate::text::unprintable(*c));
        let _ = writeln!(io::stderr(), "asking {}", clean.collect::<String>());
    }
    let survey = survey(&plan)?;
    output::report(&Report::Survey(&survey), &args.report, paths::home().as_deref())?;
    Ok(match survey.well() {
        Some(true) => exit::WELL,
        Some(false) => exit::FOUND,
        None => exit::UNKNOWN,
    })
}

fn plan(args: &KeysArgs) -> Result<Plan, Error> {
    let offers: Result<Vec<Named>, Error> = args.offer.iter().map(|destination| named(args, destination)).collect();
    Ok(Plan {
        ssh: "ssh".to_owned(),
        common: args.ssh.common(),
        destination: args.destination.as_deref().map(|destination| named(args, destination)).transpose()?,
        offers: offers?,
        host_keys: args.host_keys.clone(),
        login: args.login,
        timeout: Duration::from_secs(args.timeout),
    })
}

/// A destination of the command line.
fn named(args: &KeysArgs, destination: &str) -> Result<Named, Error> {
    let mut typed = check::words_for(destination)?;
    let mut words = Vec::new();
    let mut push = |letter: &str, value: &str| words.extend([letter.to_owned(), value.to_owned()]);
    if let Some(file) = &args.ssh.config {
        push("-F", file);
    }
    if let Some(port) = args.ssh.port.filter(|_| typed.port.is_none()) {
        push("-p", &port.to_string());
        typed.port = Some(port);
    }
    if let Some(user) = args.ssh.user.clone().filter(|_| typed.user.is_none()) {
        push("-l", &user);
        typed.user = Some(user);
    }
    let mut options = Vec::new();
    if let Some(hop) = &args.ssh.jump {
        push("-J", hop);
        options.extend(["-J".to_owned(), hop.clone()]);
    }
    words.push(destination.to_owned());
    Ok(Named { typed, options, words })
}
