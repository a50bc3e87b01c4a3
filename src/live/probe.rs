//! One run of the user's own ssh, read as it comes, and ended as soon as its answer is known.
//!
//! ssh's own words and the server's come by different ways: `-E` sends the log to a pipe of its own, so a
//! banner can't pass for a line of the log. The pipe is ssh's standard input, which `-n` keeps it from reading:
//! so no file has to be made, and none is left behind.

use std::process::Command;
use std::time::{Duration, Instant};

use super::config::{self, Answer};
use super::destination::{Destination, Purpose};
use super::hop::{self, Way};
use super::host_key::{Judge, Next, Policy};
use super::process::Failure;
use super::program::Program;
use super::tagged;
use super::watch::{After, End, Task, Watch};
use super::{Stage, Until};
use crate::model::{Role, Transcript};
use crate::reader::Reader;

/// Probes one target: what ssh said, the jump host's own run first where there is one. `tell` hears what it waits for.
/// Where ssh has not told in time what applies, none is started.
///
/// # Errors
/// There is no ssh, or it can't be started.
pub(crate) fn probe(
    ssh: &Program,
    target: &Destination,
    answer: &Answer,
    until: Until<'_>,
    tell: &dyn Fn(Stage),
) -> Result<Vec<Transcript>, Failure> {
    tell(Stage::Connecting);
    let until = if answer.late { Until { deadline: Instant::now(), ..until } } else { until };
    let policy = Policy::of(target, answer);
    let mut judge = policy.first();
    loop {
        let (run, next) = judged(ssh, target, answer, &policy, &judge, until, tell)?;
        // A run that was stopped early is not told of: the next one is the connection that counts.
        if let Next::Again(other) = next
            && !until.left().is_zero()
            && !until.is_over()
        {
            judge = other;
            continue;
        }
        tell(match run.session().map(Stage::of) {
            Some(Stage::Unreached) => Stage::Unreached,
            _ => Stage::Done,
        });
        let (mut logs, mut log) = run.finish();
        log.role = target.role;
        logs.push(log);
        return Ok(logs);
    }
}

/// One run, and what follows from it.
fn judged(
    ssh: &Program,
    target: &Destination,
    answer: &Answer,
    policy: &Policy<'_>,
    judge: &Judge,
    until: Until<'_>,
    tell: &dyn Fn(Stage),
) -> Result<(Watch, Next), Failure> {
    let mut separate = true;
    let places = tagged::option(ssh, answer.options.known(), until.left());
    let mut run = loop {
        let way = match answer.options.known() {
            Some(options) => hop::way(ssh, options, target.config(), until)?,
            None => None,
        };
        let limit = until.left();
        let args = arguments(target, answer, policy.words(judge), limit, separate, places, way.as_ref());
        let mut reader = Reader::live(format!("live:{}", target.name));
        reader.typed(target.command.clone(), &target.name);
        reader.feed(answer.said.as_bytes());
        let mut run = Watch::new(reader);
        let mut command = Command::new(&ssh.name);
        command.args(&ssh.first).args(args);
        let after = match (&target.service, target.role) {
            (Some(_), _) => After::Refs,
            (None, Role::Vcs) => After::Greeting,
            (None, _) => After::Nothing,
        };
        let task = Task { until, separate, tagged: places.is_some(), after, tell };
        let end = run.run(&mut command, &task, way.map(|way| way.logs).unwrap_or_default())?;
        if end != End::NoLog || !separate {
            break run;
        }
        // This system has no /dev/stdin: the log comes on standard error, banner and all.
        separate = false;
    };
    let next = policy.after(judge, run.session());
    if let Next::Forged(fingerprint) = &next {
        run.distrusted(fingerprint);
    }
    Ok((run, next))
}

/// The arguments for a run that changes nothing: no prompt, no old connection, no forwarding, no command.
fn arguments(
    target: &Destination,
    answer: &Answer,
    judged: Vec<String>,
    limit: Duration,
    separate: bool,
    places: Option<&str>,
    way: Option<&Way>,
) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut push = |more: &[&str]| words.extend(more.iter().map(|word| (*word).to_owned()));
    push(&["-v", "-n", "-T", "-x", "-a"]);
    if separate {
        push(&["-E", "/dev/stdin"]);
    }
    if target.role != Role::Vcs {
        // A CI host is logged in to, and nothing more.
        push(&["-N"]);
    }
    // The first value counts, so these stand before the user's own.
    for option in config::quiet(&answer.options, limit).iter().map(String::as_str).chain(places) {
        // ssh refuses a command beside one of the configuration, as it refuses git's.
        if target.service.is_none() || option != "RemoteCommand=none" {
            push(&["-o", option]);
        }
    }
    if let Some(way) = way {
        push(&["-o", &format!("ProxyCommand={}", way.command)]);
    }
    words.extend(judged);
    words.extend(target.words(if way.is_some() { Purpose::Probe } else { Purpose::Ask }));
    words.extend(target.service.iter().map(|service| service.command.clone()));
    words
}
