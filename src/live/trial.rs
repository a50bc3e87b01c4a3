//! Tries the command that is suggested, and learns what has to be done before it works.

use std::time::Instant;

use super::config::{self, Answer};
use super::destination::{Destination, Purpose};
use super::host_key::Policy;
use super::plan::Plan;
use super::probe::probe;
use super::process::Failure;
use super::{Progress, Stage};
use crate::diagnose::{Diagnosis, diagnose};
use crate::model::{Action, Facts, Fix, Kind, Outcome, Severity, Suggestion, Transcript};
use crate::rules;
use crate::shell::join;

/// Tries the suggested command, as safely as a probe; if it does not log in, the next best. Only a command that leads
/// to one of `targets` is tried: no log and no server says where to connect.
pub(super) fn verify(
    plan: &Plan,
    targets: &[Destination],
    diagnosis: &mut Diagnosis,
    progress: &Progress,
) -> Result<(), Failure> {
    let Some(suggestion) = diagnosis.suggestion.clone() else {
        return Ok(());
    };
    // As it stands it has just failed: nothing of it is new before the steps are taken.
    if !suggestion.before.is_empty() {
        return Ok(());
    }
    let mut candidates = vec![suggestion.argv.clone()];
    if let Some(at) = suggestion.argv.iter().position(|word| word == "-i")
        && !suggestion.argv.iter().any(|word| word == "IdentitiesOnly=yes")
    {
        // The named key alone, in case others come before it.
        let mut alone = suggestion.argv.clone();
        alone.splice(at + 2..at + 2, ["-o".to_owned(), "IdentitiesOnly=yes".to_owned()]);
        candidates.push(alone);
    }
    candidates.extend(others(diagnosis).take(OTHERS));
    let deadline = Instant::now() + plan.timeout;
    let mut verified = None;
    let mut found = None;
    for argv in candidates {
        // What has failed is told; the next best is a favour, and has no time of its own.
        if verified.is_some() && Instant::now() >= deadline {
            break;
        }
        let Some((target, place)) = targets.iter().find_map(|target| Some((target, target.changed_by(&argv)?))) else {
            continue;
        };
        let answer = config::ask_all(plan.ssh_for(&place), &place.words(Purpose::Ask), plan.timeout)?;
        if answer.late {
            // Nothing was tried.
            continue;
        }
        verified = Some(false);
        let tried = log_in(plan, &place, &answer, progress)?;
        let works = tried.last().is_some_and(logged_in);
        let before = match tried.last() {
            Some(log) if works => question(&Policy::of(&place, &answer), log).into_iter().collect(),
            _ => before(plan, target, diagnosis, tried),
        };
        let Ok(command) = join(&argv, plan.shell) else { continue };
        if works || !before.is_empty() && found.is_none() {
            found = Some(Suggestion { command, argv, verified: Some(works), before });
        }
        if works {
            break;
        }
    }
    // The way round a port is worth a word only if it leads somewhere.
    if found.is_none()
        && rules::by_id(diagnosis.verdict.cause).is_some_and(|rule| rule.stage == rules::Stage::Connection)
    {
        diagnosis.suggestion = None;
        return Ok(());
    }
    diagnosis.suggestion = Some(found.unwrap_or(Suggestion { verified, ..suggestion }));
    Ok(())
}

/// Further commands that are tried, at most.
const OTHERS: usize = 3;

/// The other commands that the verdict's finding has.
fn others(diagnosis: &Diagnosis) -> impl Iterator<Item = Vec<String>> {
    let first = diagnosis.suggestion.as_ref().map(|suggestion| suggestion.argv.clone()).unwrap_or_default();
    let fixes = diagnosis.main().map(|finding| finding.fixes.clone()).unwrap_or_default();
    let reruns = fixes.into_iter().filter(|fix| matches!(fix.action, Action::Rerun(_)));
    reruns.map(|fix| fix.argv().to_vec()).filter(move |argv| !argv.is_empty() && *argv != first)
}

/// Runs a command's login. Its remote command is not run.
fn log_in(plan: &Plan, target: &Destination, answer: &Answer, progress: &Progress) -> Result<Vec<Transcript>, Failure> {
    let tell = |_: Stage| {
        if let Ok(mut stages) = progress.lock() {
            stages.insert(target.name.clone(), Stage::Verifying);
        }
    };
    let deadline = Instant::now() + plan.timeout;
    probe(plan.ssh_for(target), target, answer, deadline.into(), &tell)
}

/// What the trial went past, and the user's own ssh will not: it asks about a host key that it does not know.
fn question(policy: &Policy<'_>, log: &Transcript) -> Option<Fix> {
    let session = log.sessions.last().filter(|_| policy.asks())?;
    let new = session.any(|kind| matches!(kind, Kind::HostKeyAdded { .. }));
    let (print, _) = session.first(|kind| match kind {
        Kind::HostKey { fingerprint, .. } => fingerprint.as_deref(),
        _ => None,
    })?;
    new.then(|| Fix::step(format!("ssh does not know the host key yet and will ask: answer yes if {print} is right")))
}

fn logged_in(log: &Transcript) -> bool {
    let refused = |kind: &Kind| matches!(kind, Kind::RepositoryRefused { .. });
    log.sessions.last().is_some_and(|session| session.outcome == Outcome::Authenticated && !session.any(refused))
}

/// What has to be done once, before a command works that was tried and did not log in. Empty: it would not help.
fn before(plan: &Plan, target: &Destination, diagnosis: &Diagnosis, tried: Vec<Transcript>) -> Vec<Fix> {
    let source = format!("live:{}", target.name);
    let known = &diagnosis.case.facts;
    let logs = diagnosis.case.transcripts.iter().zip(&known.hosts);
    let mut here = logs.filter(|(log, _)| log.source == source).find_map(|(_, host)| host.clone());
    if let Some(here) = &mut here {
        // The command may name a key that the configuration does not.
        here.files.extend(known.other_files.iter().cloned());
    }
    let log: Vec<Transcript> = tried.into_iter().next_back().into_iter().collect();
    let facts = Facts { hosts: vec![here], ..Facts::default() };
    let judged = diagnose(log, facts, plan.shell);
    let mut failures = judged.findings.into_iter().filter(|finding| finding.severity == Severity::Error).peekable();
    let once = |finding: &crate::model::Finding| rules::by_id(finding.cause).is_some_and(|rule| rule.once);
    // The verdict's own cause decides: behind any other the command fails whatever is done before it.
    if !failures.peek().is_some_and(once) {
        return Vec::new();
    }
    failures.filter(once).flat_map(|finding| finding.once().to_vec()).collect()
}
