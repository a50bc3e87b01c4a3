//! `ssh-why check`: the command line's side of it.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal, Write};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::args::CheckArgs;
use super::error::Error;
use super::{output, signals};
use crate::live::Stage;
use crate::live::check::{Plan, Progress, check};
use crate::live::probe::leading;
use crate::model::Role;
use crate::model::session::Typed;
use crate::report::Report;
use crate::{provider, shell};

/// Progress shows only if it takes longer than this.
const PATIENCE: Duration = Duration::from_millis(500);

pub(super) fn run(args: &CheckArgs) -> Result<u8, Error> {
    let plan = plan(args)?;
    output::ready(&args.report)?;
    let guard = signals::guard();
    let progress: Progress = Mutex::new(BTreeMap::new());
    let done = AtomicBool::new(false);
    let diagnosis = thread::scope(|scope| {
        if io::stderr().is_terminal() {
            // Without a thread there is no progress to see, and that is all.
            let _ = thread::Builder::new().spawn_scoped(scope, || show(&progress, &done));
        }
        let diagnosis = check(&plan, &progress);
        done.store(true, Ordering::Relaxed);
        diagnosis
    });
    guard.settle();
    let diagnosis = diagnosis?;
    output::report(&Report::Diagnosis(&diagnosis), &args.report, None)?;
    Ok(super::code(&diagnosis))
}

fn plan(args: &CheckArgs) -> Result<Plan, Error> {
    let mut others = Vec::new();
    for destination in &args.destinations {
        others.push(other(args, destination)?);
    }
    for command in &args.ci {
        let typed = ci_command(command)?;
        let options = leading(&typed);
        others.push((Role::Ci, typed, options));
    }
    for host in &args.vcs {
        words_for(host)?;
    }
    Ok(Plan {
        ssh: "ssh".to_owned(),
        common: args.ssh.common(),
        vcs: args.vcs.clone(),
        others,
        all_keys: args.all_keys,
        login: args.login.clone(),
        timeout: Duration::from_secs(args.timeout),
        shell: args.report.shell.into(),
    })
}

pub(super) fn words_for(destination: &str) -> Result<Typed, Error> {
    let bad = || Error::Destination(destination.to_owned());
    if destination.starts_with('-') || destination.contains(char::is_whitespace) {
        return Err(bad());
    }
    shell::parse_ssh(&["ssh".to_owned(), destination.to_owned()]).ok_or_else(bad)
}

/// A destination of the command line.
fn other(args: &CheckArgs, destination: &str) -> Result<(Role, Typed, Vec<String>), Error> {
    let mut typed = words_for(destination)?;
    typed.port = typed.port.or(args.ssh.port);
    typed.user = typed.user.take().or_else(|| args.ssh.user.clone());
    let mut options = Vec::new();
    if let Some(hop) = &args.ssh.jump {
        typed.options.push(('J', Some(hop.clone())));
        options.extend(["-J".to_owned(), hop.clone()]);
    }
    let role = if provider::by_host(&typed.host).is_some() { Role::Vcs } else { Role::Ci };
    Ok((role, typed, options))
}

/// Reads the command that a CI job prints.
fn ci_command(command: &str) -> Result<Typed, Error> {
    let fail = |why, hint| Err(Error::CiCommand { command: command.to_owned(), why, hint });
    let text = command.trim().trim_start_matches(['$', '>', '#']).trim();
    let mut words = shell::split(text);
    if words.first().is_none_or(|word| !matches!(word.rsplit(['/', '\\']).next(), Some("ssh" | "ssh.exe"))) {
        words.insert(0, "ssh".to_owned());
    }
    let ported = words
        .iter()
        .position(|word| word == "-p")
        .and_then(|at| words.get(at + 1))
        .or_else(|| words.iter().find(|word| word.starts_with("-p") && word.len() > 2));
    if let Some(port) = ported
        && port.trim_start_matches("-p").parse::<u16>().is_err()
    {
        return fail(
            "what stands after -p is no port",
            "the port comes first and the address after it: ssh -p PORT ADDRESS; look the port up in the job's output",
        );
    }
    match shell::parse_ssh(&words) {
        Some(mut typed) if !typed.host.is_empty() && typed.host != "--" => {
            typed.own = true;
            Ok(typed)
        }
        _ => fail(
            "it names no host",
            "give the whole line as the job prints it, in quotes: --ci 'ssh -p 64784 54.224.97.243'",
        ),
    }
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
