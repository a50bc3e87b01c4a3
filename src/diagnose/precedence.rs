//! What comes first: which finding is the main one, what stands behind it, what weighs more.

use std::collections::BTreeMap;

use crate::model::{Author, Case, Certainty, Finding, Outcome, Role, Session, Severity, Standing};
use crate::rules::{self, Rule, rank};

/// A client can't know why it was refused; its server's log can. What the client's log alone says of a session stands
/// behind what the joined server's proves.
pub(super) fn step_back(case: &Case, findings: &mut [Finding], told: &[Finding]) {
    // A server that does not start, or not with all its keys, is behind what a client sees of it.
    let start = told.iter().any(|finding| finding.session.is_none() && is_main(finding));
    for finding in findings.iter_mut().filter(|_| start) {
        let outcome = finding.session.and_then(|place| case.session(place)).map(|entry| entry.session.outcome);
        finding.second |= finding.severity == Severity::Error && outcome == Some(Outcome::HostKey);
    }
    for join in &case.joins {
        let proven = |finding: &&Finding| finding.session == Some(join.server) && is_main(finding);
        let reason = told.iter().find(proven).filter(|finding| finding.reason.is_some());
        let Some(reason) = reason.filter(|_| join.certainty > Certainty::Possible) else { continue };
        for finding in findings.iter_mut().filter(|finding| finding.session == Some(join.client)) {
            finding.second |= finding.severity == Severity::Error && finding.cause != reason.cause;
        }
    }
}

/// Where the jump host has a log of its own, what keeps the user out there is the matter, and that the way to the host
/// behind it failed follows from it. In one log of both it is told as the way's.
pub(super) fn give_way(case: &Case, findings: &mut [Finding]) {
    let of_the_way = |finding: &Finding| is_main(finding) && rule(finding).is_some_and(|rule| rule.of_the_way);
    let jump = |finding: &Finding| {
        let place = finding.session?;
        case.jump_before(place).map(|jump| jump.id()).filter(|jump| jump.0 != place.0)
    };
    let shown: Vec<_> =
        findings.iter().filter(|finding| is_main(finding)).filter_map(|finding| finding.session).collect();
    for finding in findings.iter_mut().filter(|finding| of_the_way(finding)) {
        finding.second |= jump(finding).is_some_and(|jump| shown.contains(&jump));
    }
}

/// A host that did not answer and did later, in the same log, answers now: what keeps the user out is what it says, and
/// not that it was out of reach. Retries after a start tell it so.
pub(super) fn overtake(case: &Case, findings: &mut [Finding]) {
    let session = |place| case.session(place).map(|entry| entry.session);
    for finding in findings.iter_mut().filter(|finding| is_main(finding)) {
        let Some((log, number)) = finding.session else { continue };
        let Some(before) = session((log, number)).filter(|before| before.outcome == Outcome::Network) else { continue };
        let reached = |later: &Session| later.reached_authentication() && goes_there_again(before, later);
        finding.second = (number + 1..).map_while(|number| session((log, number))).any(reached);
    }
}

/// Whether a later run of a client's went where the earlier one did. Other clients often don't name the host again, once they
/// were there.
fn goes_there_again(before: &Session, later: &Session) -> bool {
    let named = [&later.host, &later.address];
    let same = [&before.host, &before.address]
        .into_iter()
        .flatten()
        .any(|place| named.iter().any(|named| named.as_ref() == Some(place)));
    let unnamed = named.iter().all(|place| place.is_none()) && later.author != Author::OPENSSH;
    let port = before.port.zip(later.port).is_none_or(|(before, later)| before == later);
    before.author == later.author && port && (unnamed || same)
}

/// Where line ends were lost, what is one record is a guess, and a server may have written what was cut out as one:
/// nothing that rests on such a source is certain.
pub(super) fn doubt(case: &Case, findings: &mut [Finding]) {
    let mangled: Vec<&str> = case.transcripts.iter().filter(|log| log.mangled).map(|log| log.source.as_str()).collect();
    for finding in findings {
        if finding.evidence.iter().any(|evidence| mangled.contains(&evidence.source.as_str())) {
            finding.certainty = finding.certainty.min(Certainty::Likely);
        }
    }
}

/// Whether a finding is what keeps the user out.
pub(super) fn is_main(finding: &Finding) -> bool {
    finding.severity == Severity::Error && !finding.second
}

pub(super) fn rule(finding: &Finding) -> Option<&'static Rule> {
    rules::by_id(finding.cause)
}

/// What a finding weighs: failures before warnings before notes, and a login before what is said beside it; a known
/// cause before an unknown one; of what is no failure, the certain before the likely; the target before its jump host;
/// the CI host before the git host.
fn weight(case: &Case, finding: &Finding) -> impl Ord + use<> {
    let entry = finding.session.and_then(|place| case.session(place));
    let jump = entry.is_some_and(|entry| entry.session.jump_host);
    let role = entry.map_or(2, |entry| match entry.session.role {
        Role::Ci => 0,
        Role::Vcs => 1,
        Role::Other => 2,
    });
    // An account that was named and is not the key's is what the user asked about.
    let asked = case.facts.wanted_login.is_some() && is_main(finding) && rule(finding).is_some_and(|rule| rule.account);
    let weight = if finding.second { Severity::Warning } else { finding.severity };
    let beside = finding.standing != Standing::Well;
    // Of two failures the verdict's is that of the host that matters.
    let doubt = (weight < Severity::Error).then_some(std::cmp::Reverse(finding.certainty));
    (!asked, finding.standing == Standing::Open, std::cmp::Reverse(weight), beside, doubt, jump, role)
}

/// Puts what comes first in front. In one log the later session comes before the earlier; of two logs that one whose
/// own first finding ranks higher, whichever was named first.
pub(super) fn sort(case: &Case, findings: &mut [Finding]) {
    let place = |finding: &Finding| finding.session.unwrap_or_else(|| (log_of(case, finding), 0));
    let within = |finding: &Finding| (std::cmp::Reverse(place(finding).1), rank(finding.cause));
    let mut first: BTreeMap<usize, usize> = BTreeMap::new();
    for log in 0..case.transcripts.len() {
        let of_log = findings.iter().filter(|finding| place(finding).0 == log);
        if let Some(lead) = of_log.min_by_key(|finding| (weight(case, finding), within(finding))) {
            first.insert(log, rank(lead.cause));
        }
    }
    let source = |log: usize| case.transcripts.get(log).map(|transcript| transcript.source.clone());
    findings.sort_by_cached_key(|finding| {
        let log = place(finding).0;
        (weight(case, finding), first.get(&log).copied(), source(log), within(finding))
    });
}

/// The log of a finding that is of no session: its evidence's.
fn log_of(case: &Case, finding: &Finding) -> usize {
    let source = finding.evidence.first().map(|evidence| &evidence.source);
    case.transcripts.iter().position(|log| Some(&log.source) == source).unwrap_or_default()
}
