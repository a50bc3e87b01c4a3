//! `ssh-why check`: the command line's side of it.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, IsTerminal, Read, Write};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::args::{CheckArgs, LookArgs};
use super::error::{self, Error};
use super::{job, logs, output, pasted, redaction, signals};
use crate::live::check::check;
use crate::live::destination::{self, Destination};
use crate::live::gather::Seen;
use crate::live::plan::Plan;
use crate::live::program::Program;
use crate::live::{Progress, Stage};
use crate::model::Role;
use crate::model::session::Typed;
use crate::report::Report;
use crate::{provider, reader};

/// Progress shows only if it takes longer than this.
const PATIENCE: Duration = Duration::from_millis(500);

pub(super) fn run(args: &CheckArgs) -> Result<u8, Error> {
    look(&plan(args)?, &args.look)
}

/// Looks at what a plan names, and reports.
pub(super) fn look(plan: &Plan, args: &LookArgs) -> Result<u8, Error> {
    output::ready(&args.report)?;
    logs::ready(args.log.as_deref())?;
    let guard = signals::guard();
    let progress: Progress = Mutex::new(BTreeMap::new());
    let done = AtomicBool::new(false);
    let diagnosis = thread::scope(|scope| {
        if io::stderr().is_terminal() {
            // Without a thread there is no progress to see, and that is all.
            let _ = thread::Builder::new().spawn_scoped(scope, || show(&progress, &done));
        }
        let diagnosis = check(plan, &progress);
        done.store(true, Ordering::Relaxed);
        diagnosis
    });
    guard.settle();
    let mut diagnosis = diagnosis?;
    logs::keep(args.log.as_deref(), &mut diagnosis);
    let heard = match output::shows_logs(&args.report) {
        true => diagnosis.case.transcripts.iter().map(logs::heard).collect(),
        false => Vec::new(),
    };
    redaction::diagnosis(&mut diagnosis, heard, &args.report.redaction);
    let section = job::begin(&args.report);
    let written = output::report(&Report::Diagnosis(&diagnosis), &args.report, None);
    job::end(section);
    written?;
    job::tell(&diagnosis, &args.report);
    Ok(super::exit::code(&diagnosis))
}

fn plan(args: &CheckArgs) -> Result<Plan, Error> {
    let common = args.ssh.common();
    let mut destinations = Vec::new();
    for host in &args.vcs {
        destinations.push(Destination::new(Role::Vcs, words_for(host)?, &common));
    }
    for destination in &args.destinations {
        destinations.push(other(args, destination, &common)?);
    }
    for command in &args.ci {
        let pasted = pasted::read(command)?;
        if let Some(warning) = pasted.warning {
            error::warn(&warning);
        }
        destinations.push(Destination::new(Role::Ci, pasted.command, &common));
    }
    let choose = args.destinations.is_empty() || !args.ci.is_empty();
    Ok(Plan { common, destinations, choose, ..asked(&args.look) })
}

/// A plan without destinations.
pub(super) fn asked(args: &LookArgs) -> Plan {
    Plan {
        ssh: Program::default(),
        common: Vec::new(),
        destinations: Vec::new(),
        choose: false,
        all_keys: args.all_keys,
        login: args.account.account.as_ref().map(|login| login.as_str().to_owned()),
        published: args.account.published(),
        job: job::here(),
        seen: Seen::default(),
        timeout: Duration::from_secs(args.timeout),
        shell: args.report.shell.into(),
    }
}

/// A destination's words. A file that can be no host, or is a log, is not asked for as one.
pub(super) fn words_for(destination: &str) -> Result<Typed, Error> {
    let typed = Destination::parse(destination);
    let path = Path::new(destination);
    if path.is_file() && (typed.is_none() || is_log(path)) {
        return Err(Error::FileForHost { path: path.to_owned() });
    }
    typed.ok_or_else(|| Error::Destination(destination.to_owned()))
}

/// Whether ssh's words are near the beginning of a file.
fn is_log(path: &Path) -> bool {
    const BEGINNING: u64 = 64 * 1024;
    let mut text = Vec::new();
    let read = File::open(path).and_then(|file| file.take(BEGINNING).read_to_end(&mut text));
    read.is_ok() && !reader::read("", &text).sessions.is_empty()
}

/// A destination of the command line.
fn other(args: &CheckArgs, destination: &str, common: &[String]) -> Result<Destination, Error> {
    let mut typed = words_for(destination)?;
    typed.port = typed.port.or(args.ssh.port);
    typed.user = typed.user.take().or_else(|| args.ssh.user.clone());
    if !destination::is_safe(&typed) {
        return Err(Error::Destination(typed.user.unwrap_or_default()));
    }
    if let Some(hop) = &args.ssh.jump {
        typed.options.push(('J', Some(hop.clone())));
    }
    let role = if provider::by_host(&typed.host).is_some() { Role::Vcs } else { Role::Ci };
    Ok(Destination::new(role, typed, common))
}

/// Shows what each host is waited for, on a terminal: a line a host, drawn over.
fn show(progress: &Progress, done: &AtomicBool) {
    let begun = Instant::now();
    let mut drawn = 0;
    let mut out = io::stderr();
    while !done.load(Ordering::Relaxed) {
        thread::sleep(Duration::from_millis(50));
        if begun.elapsed() < PATIENCE {
            continue;
        }
        let stages: Vec<(String, Stage)> = progress
            .lock()
            .map(|stages| stages.iter().map(|(name, stage)| (name.clone(), *stage)).collect())
            .unwrap_or_default();
        let mut text = erase(drawn);
        for (name, stage) in &stages {
            let clean: String = name.chars().filter(|c| !crate::text::unprintable(*c)).take(60).collect();
            let state = if matches!(stage, Stage::Done | Stage::Unreached) {
                "done".to_owned()
            } else {
                format!("waits for {} ({} s)", stage.words(), begun.elapsed().as_secs())
            };
            text.push_str(&format!("{clean}: {state}\n"));
        }
        drawn = stages.len();
        let _ = out.write_all(text.as_bytes());
    }
    let _ = out.write_all(erase(drawn).as_bytes());
}

/// Goes up over the lines that were drawn, and clears them.
fn erase(lines: usize) -> String {
    if lines == 0 { String::new() } else { format!("\u{1b}[{lines}A\u{1b}[J") }
}
