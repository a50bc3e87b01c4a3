//! What several runs of one log say alike, told once.

use crate::model::{Case, Evidence, Finding};

/// Which log, and which of its sessions.
type Place = (usize, usize);

/// Lines of other runs that one finding quotes at most beside its own.
const MORE: usize = 4;

/// Findings of several sessions of one log with the same words, of the same place and with the same remedies, are one:
/// retries tell nothing new. It is the first of them, and quotes a line of each of the others.
///
/// To come after the remedies are written: they are the sessions' own.
pub(super) fn fold(case: &Case, findings: &mut Vec<Finding>) {
    let mut once: Vec<(Finding, Vec<Evidence>)> = Vec::new();
    for finding in findings.drain(..) {
        match once.iter_mut().find(|(first, _)| is_alike(case, first, &finding)) {
            Some((_, more)) => more.extend(finding.evidence.into_iter().take(1)),
            None => once.push((finding, Vec::new())),
        }
    }
    findings.extend(once.into_iter().map(|(mut finding, more)| {
        for evidence in more.into_iter().take(MORE) {
            if !finding.evidence.contains(&evidence) {
                finding.evidence.push(evidence);
            }
        }
        finding
    }));
}

fn is_alike(case: &Case, one: &Finding, other: &Finding) -> bool {
    let (Some(here), Some(there)) = (one.session, other.session) else { return false };
    here.0 == there.0
        && here != there
        && one.severity == other.severity
        && one.second == other.second
        && (one.cause, one.reason, one.certainty) == (other.cause, other.reason, other.certainty)
        && (&one.title, &one.explanation, &one.fixes) == (&other.title, &other.explanation, &other.fixes)
        && is_one_place(case, here, there)
}

/// Whether two sessions are of one user and one host; a run that is not the first often leaves out its address.
fn is_one_place(case: &Case, one: Place, other: Place) -> bool {
    let (Some(one), Some(other)) = (case.session(one), case.session(other)) else { return false };
    let (one, other) = (one.session, other.session);
    (&one.host, one.port, &one.user, one.jump_host) == (&other.host, other.port, &other.user, other.jump_host)
        && one.address.as_ref().zip(other.address.as_ref()).is_none_or(|(one, other)| one == other)
}
