//! `check`: asks git hosts and CI hosts at the same time, compares, and tries what it would suggest.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::config::{self, Answer};
use super::destination::{Destination, Purpose, leading};
use super::probe::probe;
use super::process::Failure;
use super::thread::{Beside, beside};
use super::{Stage, gather, hosts, keys};
use crate::diagnose::{Diagnosis, diagnose};
use crate::model::Change;
use crate::model::facts::AllKeys;
use crate::model::{Fact, HostFacts, Key, Kind, Outcome, Role, Session, Suggestion, Transcript};
use crate::rules;
use crate::shell::{Shell, join};
use crate::suggest;
use crate::survey::Reply;

/// What to check.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The ssh program.
    pub ssh: String,
    /// Options for every ssh that is run (`-F`, `-o`, `-i`).
    pub common: Vec<String>,
    /// What the user named, git hosts first.
    pub destinations: Vec<Destination>,
    /// Whether git hosts are to be chosen where the user named none.
    pub choose: bool,
    /// Where a key is refused, ask the host about all keys here.
    pub all_keys: bool,
    /// The account that was meant.
    pub login: Option<String>,
    /// For each connection.
    pub timeout: Duration,
    /// For the suggested command.
    pub shell: Shell,
}

/// How long a git host may stay silent before the way round its port is tried, too.
const PATIENCE: Duration = Duration::from_secs(3);

/// How long local facts may take; they are looked for while ssh runs.
const FACTS: Duration = Duration::from_secs(2);

/// How the probes get on, for the terminal.
pub type Progress = Mutex<BTreeMap<String, Stage>>;

/// Checks, and judges.
///
/// # Errors
/// There is no ssh, or it can't be started.
pub fn check(plan: &Plan, progress: &Progress) -> Result<Diagnosis, Failure> {
    let deadline = Instant::now() + plan.timeout;
    let mut places = plan.destinations.clone();
    let mut chosen = None;
    if plan.choose && !places.iter().any(|place| place.role == Role::Vcs) {
        let found = hosts::choose(&plan.ssh, &plan.common, (plan.timeout / 4).min(Duration::from_secs(3)));
        let read = |host: &String| Some(Destination::new(Role::Vcs, Destination::parse(host)?, &plan.common));
        places.splice(0..0, found.hosts.iter().filter_map(read));
        chosen = Some((found.hosts, found.why.to_owned()));
    }
    let targets: Vec<Destination> = thread::scope(|scope| {
        let asked: Vec<_> = places.into_iter().map(|place| beside(scope, || completed(plan, place))).collect();
        asked.into_iter().filter_map(Beside::join).collect()
    });
    let targets = tell_apart(targets);
    let (probed, mut facts) = thread::scope(|scope| {
        let machine = beside(scope, || gather::machine_facts(&[], plan.timeout.min(FACTS)));
        let probed = probe_all(plan, &targets, deadline, progress);
        let facts = machine.join().unwrap_or_default();
        probed.map(|probed| (probed, facts))
    })?;
    facts.wanted_login.clone_from(&plan.login);
    facts.chosen = chosen;
    let mut transcripts = Vec::new();
    for probed in probed {
        // A jump host's own log stands before its target's.
        let last = probed.transcripts.len().saturating_sub(1);
        facts.other_files.retain(|file| !probed.facts.files.iter().any(|listed| listed.path == file.path));
        for (index, log) in probed.transcripts.into_iter().enumerate() {
            facts.hosts.push((index == last).then(|| probed.facts.clone()));
            transcripts.push(log);
        }
    }
    let mut diagnosis = diagnose(transcripts, facts, plan.shell);
    if plan.all_keys {
        ask_about_all(plan, &mut diagnosis)?;
    }
    verify(plan, &targets, &mut diagnosis, progress)?;
    Ok(diagnosis)
}

/// With the user that a git host is logged in to as, and the sign that no terminal is wanted there.
fn completed(plan: &Plan, mut place: Destination) -> Destination {
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
            target.name = format!("{}:{}", target.name, target.command.port.unwrap_or(22));
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
    let answer: Answer = config::ask_all(&plan.ssh, &target.words(Purpose::Ask), left)?;
    thread::scope(|scope| {
        let facts = beside(scope, || gather::with_config(answer.options.clone(), left.min(FACTS)));
        let over = AtomicBool::new(false);
        let (primary, round) = thread::scope(|scope| {
            let round = round(target, &answer).map(|round| {
                let over = &over;
                beside(scope, move || probe_round(plan, target, &round, deadline, over, progress))
            });
            let primary = probe(&plan.ssh, target, &answer, deadline, &tell);
            over.store(true, Ordering::Relaxed);
            (primary, round.and_then(Beside::join).flatten())
        });
        let mut transcripts = primary?;
        if let Some(log) = round {
            // Before the target's own log, so that this one stays the last.
            transcripts.insert(0, log);
        }
        let unknown = || HostFacts {
            config: answer.options.clone(),
            files: Vec::new(),
            agent: Fact::Unknown("it was not asked".into()),
        };
        Ok(Probed { transcripts, facts: facts.join().unwrap_or_else(unknown) })
    })
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
    let logs = probe(&plan.ssh, round, &answer, deadline, &|_| ()).ok()?;
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

/// Asks the host that refused which of all keys here it takes, without a signature; suggests one of them.
fn ask_about_all(plan: &Plan, diagnosis: &mut Diagnosis) -> Result<(), Failure> {
    if !rules::by_id(diagnosis.verdict.cause).is_some_and(|rule| rule.another_key) || diagnosis.suggestion.is_some() {
        return Ok(());
    }
    let Some(entry) = diagnosis.main().and_then(|finding| diagnosis.session(finding)) else { return Ok(()) };
    let session = entry.session.clone();
    let Some(typed) = session.typed.clone() else { return Ok(()) };
    let options = leading(&typed);
    // ssh has just talked to this very key; whether it is the right one, the report says elsewhere.
    let shown = session.first(|kind| match kind {
        Kind::HostKey { fingerprint, .. } => fingerprint.clone(),
        _ => None,
    });
    let survey = keys::survey(&keys::Plan {
        ssh: plan.ssh.clone(),
        common: Vec::new(),
        destination: None,
        offers: vec![keys::Named { typed, options, words: Vec::new() }],
        host_keys: shown.map(|(print, _)| print).into_iter().collect(),
        login: false,
        timeout: plan.timeout,
    })?;
    let Some(host) = survey.hosts.first() else { return Ok(()) };
    let replies = || survey.rows.iter().filter_map(|row| row.offers.first().map(|offer| (row, &offer.reply)));
    let accepted: Vec<Key> = replies()
        .filter(|(_, reply)| matches!(reply, Reply::Accepted(_)))
        .map(|(row, _)| Key {
            path: row.identity.path.clone(),
            label: row.identity.label.clone(),
            kind: row.identity.key.as_ref().map(|key| key.kind.clone()),
            fingerprint: row.identity.key.as_ref().map(|key| key.fingerprint.clone()),
            agent: Some(row.identity.in_agent),
        })
        .collect();
    let answer = AllKeys {
        destination: host.destination.clone(),
        asked: host.offered,
        unanswered: replies().filter(|(_, reply)| matches!(reply, Reply::Unknown(_))).count(),
        accepted,
        accepts_any: host.accepts_any,
    };
    let path = answer.accepted.iter().filter(|_| !answer.accepts_any).find_map(|key| key.path.clone());
    if let Some(path) = path {
        let change = Change::none().key(path).option("IdentitiesOnly=yes");
        if let Some((argv, command)) = suggest::command(&session, &change)
            .ok()
            .and_then(|argv| join(&argv, plan.shell).ok().map(|line| (argv, line)))
        {
            diagnosis.suggestion = Some(Suggestion { command, argv, verified: None });
        }
    }
    diagnosis.case.facts.all_keys = Some(answer);
    Ok(())
}

/// Tries the suggested command, as safely as a probe; if it does not log in, the next best. Only a command that leads
/// to one of `targets` is tried: no log and no server says where to connect.
fn verify(plan: &Plan, targets: &[Destination], diagnosis: &mut Diagnosis, progress: &Progress) -> Result<(), Failure> {
    let Some(suggestion) = diagnosis.suggestion.clone() else {
        return Ok(());
    };
    let mut candidates = vec![suggestion.argv.clone()];
    if let Some(at) = suggestion.argv.iter().position(|word| word == "-i")
        && !suggestion.argv.iter().any(|word| word == "IdentitiesOnly=yes")
    {
        // The named key alone, in case others come before it.
        let mut alone = suggestion.argv.clone();
        alone.splice(at + 2..at + 2, ["-o".to_owned(), "IdentitiesOnly=yes".to_owned()]);
        candidates.push(alone);
    }
    let mut verified = None;
    let mut tried = None;
    for argv in candidates {
        let Some(place) = targets.iter().find_map(|target| target.changed_by(&argv)) else {
            continue;
        };
        verified = Some(false);
        if logs_in(plan, &place, progress)? {
            tried = join(&argv, plan.shell).ok().map(|command| Suggestion { command, argv, verified: Some(true) });
            break;
        }
    }
    // The way round a port is worth a word only if it leads somewhere.
    if tried.is_none()
        && rules::by_id(diagnosis.verdict.cause).is_some_and(|rule| rule.stage == rules::Stage::Connection)
    {
        diagnosis.suggestion = None;
        return Ok(());
    }
    diagnosis.suggestion = Some(tried.unwrap_or(Suggestion { verified, ..suggestion }));
    Ok(())
}

/// Whether a command logs in. Its remote command is not run.
fn logs_in(plan: &Plan, target: &Destination, progress: &Progress) -> Result<bool, Failure> {
    let tell = |_: Stage| {
        if let Ok(mut stages) = progress.lock() {
            stages.insert(target.name.clone(), Stage::Verifying);
        }
    };
    let deadline = Instant::now() + plan.timeout;
    let answer = config::ask_all(&plan.ssh, &target.words(Purpose::Ask), plan.timeout)?;
    let tried = probe(&plan.ssh, target, &answer, deadline, &tell)?;
    let last = tried.last().and_then(|log| log.sessions.last());
    Ok(last.is_some_and(|session| session.outcome == Outcome::Authenticated))
}
