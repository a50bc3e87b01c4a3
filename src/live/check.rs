//! `check`: asks git hosts and CI hosts at the same time, compares, and tries what it would suggest.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::config::{self, Answer};
use super::probe::{Target, leading, probe};
use super::process::Failure;
use super::thread::{Beside, beside};
use super::{Stage, gather, hosts, keys, paths};
use crate::diagnose::{Diagnosis, diagnose};
use crate::model::Change;
use crate::model::facts::AllKeys;
use crate::model::session::Typed;
use crate::model::{Fact, HostFacts, Key, Kind, Outcome, Role, Session, Suggestion, Transcript};
use crate::provider;
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
    /// Git hosts, by name.
    pub vcs: Vec<String>,
    /// Other destinations: a host each, with its own options.
    pub others: Vec<(Role, Typed, Vec<String>)>,
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
    let mut vcs = plan.vcs.clone();
    let mut why = None;
    if vcs.is_empty() && !plan.others.iter().any(|(role, ..)| *role == Role::Vcs) {
        let chosen = hosts::choose(&plan.ssh, &plan.common, (plan.timeout / 4).min(Duration::from_secs(3)));
        vcs = chosen.hosts;
        why = Some(chosen.why);
    }
    let git_hosts: Vec<Target> = thread::scope(|scope| {
        let asked: Vec<_> = vcs.iter().map(|host| beside(scope, || git_host(plan, host))).collect();
        asked.into_iter().filter_map(Beside::join).collect()
    });
    let targets: Vec<Target> = git_hosts
        .into_iter()
        .chain(plan.others.iter().map(|(role, typed, args)| other(plan, *role, typed, args)))
        .collect();
    let targets = tell_apart(targets);
    let (probed, mut facts) = thread::scope(|scope| {
        let machine = beside(scope, || gather::machine_facts(&[], plan.timeout.min(FACTS)));
        let probed = probe_all(plan, &targets, deadline, progress);
        let facts = machine.join().unwrap_or_default();
        probed.map(|probed| (probed, facts))
    })?;
    facts.wanted_login.clone_from(&plan.login);
    facts.chosen = why.map(|why| (vcs, why.to_owned()));
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
    verify(plan, &mut diagnosis, progress)?;
    Ok(diagnosis)
}

/// A git host as a target: as `git` unless the user or the configuration says otherwise.
fn git_host(plan: &Plan, name: &str) -> Target {
    let mut words = vec!["ssh".to_owned()];
    words.extend(plan.common.iter().cloned());
    words.push("-T".to_owned());
    words.push(name.to_owned());
    let mut typed = crate::shell::parse_ssh(&words).unwrap_or_default();
    typed.own = true;
    if typed.user.is_none() && config::user(&plan.ssh, &plan.common, &typed.host, plan.timeout / 4).is_none() {
        let user = provider::by_host(&typed.host).and_then(|provider| provider.users.first()).unwrap_or(&"git");
        typed.user = Some((*user).to_owned());
    }
    let mut args = plan.common.clone();
    args.extend(endpoint(&typed));
    Target { name: typed.host.clone(), role: Role::Vcs, args, typed }
}

/// Port, user and host as ssh's words.
fn endpoint(typed: &Typed) -> Vec<String> {
    let mut words = Vec::new();
    if let Some(port) = typed.port {
        words.extend(["-p".to_owned(), port.to_string()]);
    }
    words.push(match &typed.user {
        Some(user) => format!("{user}@{}", typed.host),
        None => typed.host.clone(),
    });
    words
}

fn other(plan: &Plan, role: Role, typed: &Typed, args: &[String]) -> Target {
    let mut words = plan.common.clone();
    words.extend(args.iter().cloned());
    words.extend(endpoint(typed));
    let mut typed = typed.clone();
    // What the user gave for every ssh belongs to the suggested command, too.
    let all: Vec<String> =
        std::iter::once("ssh".to_owned()).chain(plan.common.iter().cloned()).chain(["x".to_owned()]).collect();
    if let Some(common) = crate::shell::parse_ssh(&all) {
        typed.options.splice(0..0, common.options);
    }
    typed.own = true;
    Target { name: typed.host.clone(), role, args: words, typed }
}

/// Two targets on one host are called by host and port.
fn tell_apart(mut targets: Vec<Target>) -> Vec<Target> {
    let names: Vec<String> = targets.iter().map(|target| target.name.clone()).collect();
    for target in &mut targets {
        if names.iter().filter(|name| **name == target.name).count() > 1 {
            target.name = format!("{}:{}", target.name, target.typed.port.unwrap_or(22));
        }
    }
    targets
}

/// Probes all targets at the same time, each with the way round a blocked port where its provider has one.
fn probe_all(plan: &Plan, targets: &[Target], deadline: Instant, progress: &Progress) -> Result<Vec<Probed>, Failure> {
    thread::scope(|scope| {
        let running: Vec<_> =
            targets.iter().map(|target| beside(scope, move || probe_one(plan, target, deadline, progress))).collect();
        running.into_iter().map(|thread| thread.join().unwrap_or(Err(Failure::Interrupted))).collect()
    })
}

fn probe_one(plan: &Plan, target: &Target, deadline: Instant, progress: &Progress) -> Result<Probed, Failure> {
    let tell = |stage| {
        if let Ok(mut stages) = progress.lock() {
            stages.insert(target.name.clone(), stage);
        }
    };
    let left = deadline.saturating_duration_since(Instant::now());
    let answer: Answer = config::ask_all(&plan.ssh, &target.args, left)?;
    let home = paths::home();
    thread::scope(|scope| {
        let facts = beside(scope, || gather::with_config(answer.options.clone(), left.min(FACTS)));
        let over = AtomicBool::new(false);
        let (primary, round) = thread::scope(|scope| {
            let round = round(plan, target).map(|round| {
                let over = &over;
                beside(scope, move || probe_round(plan, target, &round, deadline, over, progress))
            });
            let primary = probe(&plan.ssh, target, &answer, home.as_deref(), deadline, &tell);
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

/// The way round a blocked port 22, where the git host's provider has one.
fn round(plan: &Plan, target: &Target) -> Option<Target> {
    let (host, port) = provider::by_host(&target.typed.host).filter(|_| target.role == Role::Vcs)?.alternate?;
    if target.typed.port == Some(port) || target.typed.host == host {
        return None;
    }
    // The configuration's block for the host still applies so.
    let mut typed = target.typed.clone();
    typed.options.push(('o', Some(format!("HostName={host}"))));
    typed.port = Some(port);
    let mut args = plan.common.clone();
    args.extend(["-o".to_owned(), format!("HostName={host}")]);
    args.extend(endpoint(&typed));
    Some(Target { name: host.to_owned(), role: Role::Vcs, args, typed })
}

/// Takes the way round if the straight one is closed, or silent for long. Returns what was reached, if anything.
fn probe_round(
    plan: &Plan,
    target: &Target,
    round: &Target,
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
    let answer = config::ask_all(&plan.ssh, &round.args, left).ok()?;
    let logs = probe(&plan.ssh, round, &answer, paths::home().as_deref(), deadline, &|_| ()).ok()?;
    let reached = |log: &Transcript| log.sessions.iter().any(Session::reached_authentication);
    logs.into_iter().next_back().filter(reached)
}

/// Whether a target's connection never came up.
fn progress_failed(progress: &Progress, target: &Target) -> bool {
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

/// Tries the suggested command, as safely as a probe; if it does not log in, the next best.
fn verify(plan: &Plan, diagnosis: &mut Diagnosis, progress: &Progress) -> Result<(), Failure> {
    let Some(suggestion) = diagnosis.suggestion.clone() else {
        return Ok(());
    };
    let role =
        diagnosis.main().and_then(|finding| diagnosis.session(finding)).map_or(Role::Ci, |entry| entry.session.role);
    let mut candidates = vec![suggestion.argv.clone()];
    if let Some(at) = suggestion.argv.iter().position(|word| word == "-i")
        && !suggestion.argv.iter().any(|word| word == "IdentitiesOnly=yes")
    {
        // The named key alone, in case others come before it.
        let mut alone = suggestion.argv.clone();
        alone.splice(at + 2..at + 2, ["-o".to_owned(), "IdentitiesOnly=yes".to_owned()]);
        candidates.push(alone);
    }
    let mut tried = None;
    for argv in candidates {
        if logs_in(plan, role, &argv, progress)? {
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
    diagnosis.suggestion = Some(tried.unwrap_or(Suggestion { verified: Some(false), ..suggestion }));
    Ok(())
}

/// Whether a command logs in. Its remote command is not run.
fn logs_in(plan: &Plan, role: Role, argv: &[String], progress: &Progress) -> Result<bool, Failure> {
    let Some(mut typed) = crate::shell::parse_ssh(argv) else {
        return Ok(false);
    };
    typed.own = true;
    typed.command.clear();
    let mut args = leading(&typed);
    args.extend(endpoint(&typed));
    let target = Target { name: typed.host.clone(), role, args, typed };
    let tell = |_: Stage| {
        if let Ok(mut stages) = progress.lock() {
            stages.insert(target.name.clone(), Stage::Verifying);
        }
    };
    let deadline = Instant::now() + plan.timeout;
    let answer = config::ask_all(&plan.ssh, &target.args, plan.timeout)?;
    let tried = probe(&plan.ssh, &target, &answer, paths::home().as_deref(), deadline, &tell)?;
    let last = tried.last().and_then(|log| log.sessions.last());
    Ok(last.is_some_and(|session| session.outcome == Outcome::Authenticated))
}
