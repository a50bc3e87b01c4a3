//! Links to lines of the logs that a report shows.

use crate::diagnose::Diagnosis;
use crate::model::{Evidence, Finding};

/// A line of a log that the report shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// The number of the log, from 0.
    pub log: usize,
    /// The number of the line, from 1.
    pub line: u64,
}

/// The log and the line that a quote stands in. None for a fact of the machine, and where two logs of one name leave
/// open which is meant.
pub(super) fn place(diagnosis: &Diagnosis, finding: &Finding, evidence: &Evidence) -> Option<Link> {
    let logs = &diagnosis.case.transcripts;
    let named = |log: &usize| logs.get(*log).is_some_and(|log| log.source == evidence.source);
    let own = finding.session.map(|(log, _)| log).filter(named);
    let log = own.or_else(|| {
        let mut all = (0..logs.len()).filter(named);
        all.next().filter(|_| all.next().is_none())
    })?;
    (evidence.line > 0).then_some(Link { log, line: evidence.line })
}

/// A link to the line that a quote stands in, if that line is shown.
pub(super) fn to_quote(diagnosis: &Diagnosis, finding: &Finding, evidence: &Evidence) -> Option<Link> {
    place(diagnosis, finding, evidence).and_then(|link| shown(diagnosis, link))
}

/// A link, if its line is shown.
pub(super) fn shown(diagnosis: &Diagnosis, link: Link) -> Option<Link> {
    let excerpt = diagnosis.case.transcripts.get(link.log)?.excerpt.as_ref()?;
    excerpt.marks(link.line).then_some(link)
}
