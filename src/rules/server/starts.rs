//! What keeps a server from starting, and what it could not read as it did.

use super::cause::cause;
use crate::model::told::Told;
use crate::model::{Certainty, Event, Evidence, Finding, Kind, Severity, Standing};
use crate::rules::rule::Rule;
use crate::server::reasons::{self, Ground, Reason};

/// What keeps a server from starting.
pub(super) fn starts(rules: &'static [Rule], source: &str, notes: &[Event], serves: bool) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    for event in notes {
        let Kind::Server(told) = &event.kind else { continue };
        let Told::Start { reason, subject } = &**told else { continue };
        let Some(reason) = reasons::by_id(reason) else { continue };
        if let Some(known) = found.iter_mut().find(|finding| finding.reason == Some(reason.id)) {
            known.evidence.push(Evidence::new(source, &event.at));
            continue;
        }
        let ground = Ground { subject: subject.as_deref(), ..Ground::default() };
        found.push(Finding {
            cause: cause(rules, reason.id),
            reason: Some(reason.id),
            standing: Standing::Failure,
            severity: if serves { reason.severity.min(Severity::Warning) } else { reason.severity },
            second: false,
            certainty: Certainty::Certain,
            title: started(reason, subject.as_deref()),
            explanation: reason.means.to_owned(),
            evidence: vec![Evidence::new(source, &event.at)],
            fixes: (reason.fixes)(&ground),
            session: None,
        });
    }
    found.iter_mut().for_each(|finding| finding.evidence.truncate(8));
    found
}

fn started(reason: &Reason, subject: Option<&str>) -> String {
    let about = subject.map(|subject| format!(": {subject}")).unwrap_or_default();
    format!("of the server, {}{about}", reason.words)
}
