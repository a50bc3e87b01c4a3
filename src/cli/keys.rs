//! `ssh-why keys`: the command line's side of it.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal, Write};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::args::KeysArgs;
use super::error::Error;
use super::{check, exit, output, redaction, signals};
use crate::live::destination::is_safe;
use crate::live::gather::Seen;
use crate::live::keys::{Asked, Named, Plan, survey_telling};
use crate::live::paths;
use crate::live::program::Program;
use crate::report::Report;

/// How far each host has been asked.
type Progress = Mutex<BTreeMap<String, Asked>>;

pub(super) fn run(args: &KeysArgs) -> Result<u8, Error> {
    let plan = plan(args)?;
    output::ready(&args.report)?;
    let guard = signals::guard();
    let progress: Progress = Mutex::new(BTreeMap::new());
    let done = AtomicBool::new(false);
    let survey = thread::scope(|scope| {
        if !args.offer.is_empty() && io::stderr().is_terminal() {
            // Without a thread there is no progress to see, and that is all.
            let _ = thread::Builder::new().spawn_scoped(scope, || show(&progress, &done));
        }
        let tell = |host: &str, asked: Asked| {
            if let Ok(mut progress) = progress.lock() {
                progress.insert(host.to_owned(), asked);
            }
        };
        let survey = survey_telling(&plan, &tell);
        done.store(true, Ordering::Relaxed);
        survey
    });
    guard.settle();
    let mut survey = survey?;
    redaction::survey(&mut survey, &args.report.redaction);
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
        ssh: Program::default(),
        common: args.ssh.common(),
        destination: args.destination.as_deref().map(|destination| named(args, destination)).transpose()?,
        offers: offers?,
        host_keys: args.host_keys.clone(),
        login: args.login,
        published: args.account.published(),
        seen: Seen::default(),
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
    if !is_safe(&typed) {
        return Err(Error::Destination(typed.user.unwrap_or_default()));
    }
    let mut options = Vec::new();
    if let Some(hop) = &args.ssh.jump {
        push("-J", hop);
        options.extend(["-J".to_owned(), hop.clone()]);
    }
    words.push(destination.to_owned());
    Ok(Named { typed, options, words })
}

/// Shows on a terminal how far each host has been asked: one line, drawn over.
fn show(progress: &Progress, done: &AtomicBool) {
    let begun = Instant::now();
    let mut out = io::stderr();
    let mut drawn = String::new();
    while !done.load(Ordering::Relaxed) {
        let hosts: Vec<String> = progress
            .lock()
            .map(|hosts| hosts.iter().filter_map(|(host, asked)| state(host, *asked)).collect())
            .unwrap_or_default();
        if !hosts.is_empty() {
            let line: String = hosts.join("; ").chars().take(60).collect();
            let text = format!("asking {line} ({} s)", begun.elapsed().as_secs());
            if text != drawn {
                let _ = write!(out, "\r\u{1b}[K{text}").and_then(|()| out.flush());
                drawn = text;
            }
        }
        thread::sleep(Duration::from_millis(50));
    }
    if !drawn.is_empty() {
        let _ = write!(out, "\r\u{1b}[K").and_then(|()| out.flush());
    }
}

/// What a host is asked now.
fn state(host: &str, asked: Asked) -> Option<String> {
    let clean: String = host.chars().filter(|c| !crate::text::unprintable(*c)).take(40).collect();
    match asked {
        Asked::Keys(done, of) => Some(format!("{clean}: {done} of {of} keys")),
        Asked::LogsIn => Some(format!("{clean}: logs in")),
        Asked::Done => None,
    }
}
