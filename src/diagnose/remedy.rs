//! What mends it: the fixes as they are shown, and the one command that works.

use super::precedence::{is_main, rule};
use crate::model::{Action, Case, Change, Finding, Fix, Session, Suggestion};
use crate::shell::Shell;
use crate::suggest::{self, Refusal};

/// Puts what makes it last beside the command that works once, where that can be said.
pub(super) fn last(case: &Case, findings: &mut [Finding]) {
    for finding in findings.iter_mut().filter(|finding| is_main(finding)) {
        let named = |fix: &Fix| match &fix.action {
            Action::Rerun(change) if change.key.is_some() => Some(change.clone()),
            _ => None,
        };
        let found = finding.fixes.iter().enumerate().find_map(|(at, fix)| Some((at, named(fix)?)));
        let Some((at, change)) = found else { continue };
        let Some(entry) = change.session.or(finding.session).and_then(|place| case.session(place)) else { continue };
        finding.fixes.splice(at + 1..at + 1, suggest::lasting(entry.session, &change));
    }
}

/// Writes what the fixes show, for the shell that was asked for. Returns why the first command that works could
/// not be written.
pub(super) fn write(case: &Case, findings: &mut [Finding], shell: Shell) -> Option<Refusal> {
    let mut first = None;
    // What keeps a server from starting is of no session.
    let none = Session::default();
    for finding in findings {
        let main = is_main(finding);
        for fix in &mut finding.fixes {
            let other = match &fix.action {
                Action::Rerun(change) | Action::Try(change) => change.session,
                _ => None,
            };
            let entry = other.or(finding.session).and_then(|place| case.session(place));
            let session = entry.map_or(&none, |entry| entry.session);
            let cure = matches!(fix.action, Action::Rerun(_));
            let written = suggest::write(fix, session, shell);
            if main && cure && first.is_none() {
                first = Some(written.err());
            }
        }
        // The verdict is the first main finding's.
        if main && first.is_none() {
            first = Some(None);
        }
    }
    first.flatten()
}

/// The command that works, for the verdict's session.
pub(super) fn suggestion(findings: &[Finding]) -> Option<Suggestion> {
    let finding = findings.iter().find(|finding| is_main(finding))?;
    let fix = finding.fixes.iter().find(|fix| matches!(fix.action, Action::Rerun(_)))?;
    let again = fix.action == Action::Rerun(Change::none());
    let once = again && rule(finding).is_some_and(|rule| rule.once);
    Some(Suggestion {
        command: fix.command()?.to_owned(),
        argv: fix.argv().to_vec(),
        verified: None,
        before: if once { finding.once().to_vec() } else { Vec::new() },
    })
}
