//! `check`: asks git hosts and CI hosts at the same time, compares, and tries what it would suggest.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::config::{self, Answer};
use super::destination::{Destination, Purpose, leading};
use super::plan::Plan;
use super::probe::probe;
use super::process::Failure;
use super::program::Program;
use super::thread::{Beside, beside};
use super::{Progress, Stage, Until, all_keys, aside, gather, hosts, origin, paths, trial};
use crate::diagnose::{Diagnosis, diagnose};
use crate::model::facts::{ConfigLine, option};
use crate::model::{Fact, HostFacts, Outcome, Role, Session, Transcript};

/// How long a git host may stay silent before the way round its port is tried, too.
const PATIENCE: Duration = Duration::from_secs(3);

/// How long local facts may take; they are looked for while ssh runs.
const FACTS: Duration = Duration::from_secs(2);

/// Checks, and judges.
///
/// # Errors
/// There is no ssh, or it can't be started.
pub(crate) fn check(plan: &Plan, progress: &Progress) -> Result<Diagnosis, Failure> {
    let deadline = Instant::now() + plan.timeout;
    let mut places = plan.destinations.clone();
    let mut chosen = None;
    if plan.choose && !places.iter().any(|place| place.role == Role::Vcs) {
        let found = hosts::choose(&plan.ssh, &plan.common, (plan.timeout / 4).min(Duration::from_secs(3)));
        chosen = Some((found.places.iter().map(Destination::told_as).collect(), found.why.to_owned()));
        places.splice(0..0, found.places);
    }
    let targets: Vec<Destination> = thread::scope(|scope| {
        let asked: Vec<_> = places.into_iter().map(|place| beside(scope, || completed(plan, place))).collect();
        asked.into_iter().filter_map(Beside::join).collect()
    });
    let targets = tell_apart(targets);
    let (probed, mut facts) = thread::scope(|scope| {
        let machine = beside(scope, || gather::machine_facts(&[], &plan.seen, plan.timeout.min(FACTS)));
        let probed = probe_all(plan, &targets, deadline, progress);
        let facts = machine.join().unwrap_or_default();
        probed.map(|probed| (probed, facts))
    })?;
    facts.wanted_login.clone_from(&plan.login);
    facts.job = plan.job;
    facts.chosen = chosen;
    let mut transcripts = Vec::new();
    for (probed, target) in probed.into_iter().zip(&targets) {
        // A jump host's own log stands before its target's.
        let last = probed.transcripts.len().saturating_sub(1);
        facts.other_files.retain(|file| !probed.facts.files.iter().any(|listed| listed.path == file.path));
        for (index, log) in probed.transcripts.into_iter().enumerate() {
            if target.guessed {
                facts.guessed.insert(transcripts.len());
            }
            facts.hosts.push((index == last).then(|| probed.facts.clone()));
            transcripts.push(log);
        }
    }
    facts.match_keys();
    let mut diagnosis = diagnose(transcripts, facts, plan.shell);
    if plan.all_keys {
        all_keys::ask(plan, &targets, &mut diagnosis)?;
    }
    trial::verify(plan, &targets, &mut diagnosis, progress)?;
    Ok(diagnosis)
}

/// With the user that a git host is logged in to as, and the sign that no terminal is wanted there.
fn completed(plan: &Plan, mut place: Destination) -> Destination {
    if place.exact {
        return place;
    }
    let git = place.role == Role::Vcs;
    place.complete(&plan.ssh, git, plan.timeout / 4);
    if git && !place.command.options.contains(&('T', None)) {
        place.command.options.push(('T', None));
    }
    place
}

/// Two targets on one host are called by host and port.
fn tell_apart(mut targets: Vec<Destination>) -> Vec<Destination> {
    let names: Vec<String> = targets.iter().map(|target| target.name.clone()).collect();
    for target in &mut targets {
        if names.iter().filter(|name| **name == target.name).count() > 1 {
            target.name = match &target.service {
                Some(service) => format!("{}:{}", target.name, service.path),
                None => format!("{}:{}", target.name, target.command.port.unwrap_or(22)),
            };
        }
    }
    targets
}

/// Probes all targets at the same time, each with the way round a blocked port where its provider has one.
fn probe_all(
    plan: &Plan,
    targets: &[Destination],
    deadline: Instant,
    progress: &Progress,
) -> Result<Vec<Probed>, Failure> {
    thread::scope(|scope| {
        let running: Vec<_> =
            targets.iter().map(|target| beside(scope, move || probe_one(plan, target, deadline, progress))).collect();
        running.into_iter().map(|thread| thread.join().unwrap_or(Err(Failure::Interrupted))).collect()
    })
}

fn probe_one(plan: &Plan, target: &Destination, deadline: Instant, progress: &Progress) -> Result<Probed, Failure> {
    let tell = |stage| {
        if let Ok(mut stages) = progress.lock() {
            stages.insert(target.name.clone(), stage);
        }
    };
    let left = deadline.saturating_duration_since(Instant::now());
    let mut target = target.clone();
    let mut ssh = plan.ssh_for(&target).clone();
    let mut answer = match target.asked.take() {
        Some(asked) if !asked.answer.late && asked.ssh == ssh && asked.of == target.words(Purpose::Ask) => asked.answer,
        _ => config::ask_all(&ssh, &target.words(Purpose::Ask), left)?,
    };
    if let Some(why) = aside::unlike(&ssh, &target, &answer, left) {
        // What can't be asked in our way is told of, and plain ssh is asked.
        ssh = plan.ssh.clone();
        target.program = None;
        target.git.as_mut().map(|git| git.unlike.replace(why));
        answer = config::ask_all(&ssh, &target.words(Purpose::Ask), left)?;
    }
    let (ssh, target, answer) = (&ssh, &target, &answer);
    let (known, settled) = (AtomicBool::new(false), AtomicBool::new(false));
    thread::scope(|scope| {
        let until = |over| Until { deadline, over: Some(over) };
        let (for_greeting, for_plain) = (until(&known), until(&settled));
        let greeting = beside(scope, move || aside::greeting(ssh, target, answer, for_greeting));
        let plain = beside(scope, move || aside::plain(&plan.ssh, target, answer, for_plain));
        let published =
            beside(scope, move || plan.published.as_ref()?.look_up(&target.command.host, &answer.options, left));
        let line = beside(scope, || user_line(ssh, target, answer, left.min(FACTS)));
        let facts = beside(scope, || gather::with_config(answer.options.clone(), &plan.seen, left.min(FACTS)));
        let over = AtomicBool::new(false);
        let (primary, round) = thread::scope(|scope| {
            let round = round(target, answer).map(|round| {
                let over = &over;
                beside(scope, move || probe_round(plan, target, &round, deadline, over, progress))
            });
            let primary = probe(ssh, target, answer, deadline.into(), &tell);
            over.store(true, Ordering::Relaxed);
            (primary, round.and_then(Beside::join).flatten())
        });
        let last = primary.as_ref().ok().and_then(|logs| logs.last()?.sessions.last());
        let fails = last.is_none_or(|session| !aside::is_well(session));
        settled.store(!fails, Ordering::Relaxed);
        // Whose key it was is worth waiting for, where one was taken and nobody has said: a greeting has its own limit.
        let told = |session: &Session| session.outcome != Outcome::Authenticated || session.login.is_some();
        known.store(last.is_none_or(told), Ordering::Relaxed);
        let greeted = greeting.join().flatten();
        let mut transcripts = primary?;
        if let (Some(log), Some(greeted)) = (transcripts.last_mut(), greeted) {
            aside::add_greeting(log, greeted);
        }
        if let Some(log) = round {
            // Before the target's own log, so that this one stays the last.
            transcripts.insert(0, log);
        }
        let unknown = || HostFacts {
            config: answer.options.clone(),
            files: Vec::new(),
            agent: Fact::Unknown("it was not asked".into()),
            user_line: None,
            git: None,
            published: None,
            open_master: None,
        };
        let mut facts = facts.join().unwrap_or_else(unknown);
        facts.user_line = line.join().flatten();
        facts.git = plain.join().flatten();
        facts.published = published.join().flatten();
        Ok(Probed { transcripts, facts })
    })
}

/// The line of the configuration that names the user, where the command names none and it is not who runs this.
fn user_line(ssh: &Program, target: &Destination, answer: &Answer, limit: Duration) -> Option<ConfigLine> {
    let user = option(answer.options.known()?, "user")?;
    if target.command.user.is_some() || user == paths::local_user() {
        return None;
    }
    origin::of_user(ssh, &leading(&target.command), &target.command.host, limit)
}

/// The way round a blocked port 22, where the git host's provider has one. It is the same host, with the same keys.
fn round(target: &Destination, answer: &Answer) -> Option<Destination> {
    let mut round = target.round()?;
    if !config::knows(&answer.options, "hostkeyalias") {
        round.command.options.push(('o', Some(format!("HostKeyAlias={}", target.command.host))));
    }
    Some(round)
}

/// Takes the way round if the straight one is closed, or silent for long. Returns what was reached, if anything.
fn probe_round(
    plan: &Plan,
    target: &Destination,
    round: &Destination,
    deadline: Instant,
    over: &AtomicBool,
    progress: &Progress,
) -> Option<Transcript> {
    let patience = Instant::now() + PATIENCE.min(plan.timeout / 3);
    let stage = || progress.lock().ok().and_then(|stages| stages.get(&target.name).copied()).unwrap_or_default();
    while Instant::now() < patience && !over.load(Ordering::Relaxed) {
        thread::sleep(Duration::from_millis(5));
    }
    let ended = over.load(Ordering::Relaxed);
    let stuck = matches!(stage(), Stage::Waiting | Stage::Connecting | Stage::Identification | Stage::KeyExchange);
    if !ended && !stuck || ended && !progress_failed(progress, target) {
        return None;
    }
    let left = deadline.saturating_duration_since(Instant::now());
    let answer = config::ask_all(&plan.ssh, &round.words(Purpose::Ask), left).ok()?;
    let logs = probe(&plan.ssh, round, &answer, deadline.into(), &|_| ()).ok()?;
    let reached = |log: &Transcript| log.sessions.iter().any(Session::reached_authentication);
    logs.into_iter().next_back().filter(reached)
}

/// Whether a target's connection never came up.
fn progress_failed(progress: &Progress, target: &Destination) -> bool {
    progress.lock().is_ok_and(|stages| stages.get(&target.name) == Some(&Stage::Unreached))
}

/// What a probe found, and what is known of its destination here.
#[derive(Clone, Debug)]
struct Probed {
    /// What ssh said, the jump host's own run first where there is one.
    transcripts: Vec<Transcript>,
    facts: HostFacts,
}
