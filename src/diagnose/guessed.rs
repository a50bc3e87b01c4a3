//! Hosts that nobody named. They are candidates: one that takes a key is enough, and none of them outranks a host
//! that was named.

use std::collections::BTreeSet;

use crate::model::{Case, Finding, Severity, Standing};
use crate::rules::rank;

/// Puts what is said of guessed hosts behind what is said of named ones. Where any host lets in, the guessed ones that
/// do not have one note between them.
pub(super) fn step_back(case: &Case, findings: &mut Vec<Finding>) {
    let guessed = |log: usize| case.facts.guessed.contains(&log);
    // The way round a port and the jump host are not what was asked for.
    let asked = |log: &usize| case.facts.hosts.get(*log).is_some_and(Option::is_some);
    let well = findings.iter().filter(|finding| finding.standing == Standing::Well);
    let lets_in: BTreeSet<usize> = well.filter_map(log).filter(asked).collect();
    let fails = |finding: &Finding| log(finding).is_some_and(|log| guessed(log) && !lets_in.contains(&log));
    if lets_in.is_empty() {
        let named = (0..case.transcripts.len()).any(|log| asked(&log) && !guessed(log));
        for finding in findings.iter_mut().filter(|finding| named && fails(finding)) {
            finding.second |= finding.severity == Severity::Error;
        }
        return;
    }
    let (behind, rest): (Vec<_>, Vec<_>) = std::mem::take(findings).into_iter().partition(fails);
    let first = behind.into_iter().filter(|one| one.standing == Standing::Failure).min_by_key(|one| rank(one.cause));
    findings.extend(rest);
    findings.extend(first.map(|finding| Finding {
        severity: Severity::Note,
        explanation:
            "Nobody named this host, so it need not let you in: --vcs HOST names the one that is meant.".into(),
        fixes: Vec::new(),
        ..finding
    }));
}

/// Whether a finding is of a host that was named on the command line, and asked.
pub(super) fn is_named(case: &Case, finding: &Finding) -> bool {
    let asked = |log: usize| case.facts.hosts.get(log).is_some_and(Option::is_some);
    log(finding).is_some_and(|log| asked(log) && !case.facts.guessed.contains(&log))
}

fn log(finding: &Finding) -> Option<usize> {
    finding.session.map(|(log, _)| log)
}
