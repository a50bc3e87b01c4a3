//! What was concluded: all that a report shows.

use crate::model::{Case, Finding, SessionRef, Severity, Standing, Suggestion, Verdict};

/// Everything that a report shows.
#[derive(Clone, Debug)]
pub struct Diagnosis {
    /// What was read.
    pub case: Case,
    /// What was found, the most important first.
    pub findings: Vec<Finding>,
    /// What is to be said in one sentence.
    pub verdict: Verdict,
    /// The command that works, where there is one.
    pub suggestion: Option<Suggestion>,
    /// Why there is none, where one was to be expected.
    pub no_suggestion: Option<String>,
}

impl Diagnosis {
    /// The finding that the verdict speaks of.
    pub fn main(&self) -> Option<&Finding> {
        self.findings.iter().find(|finding| finding.cause == self.verdict.cause)
    }

    /// The session that a finding speaks of.
    pub fn session(&self, finding: &Finding) -> Option<SessionRef<'_>> {
        finding.session.and_then(|place| self.case.session(place))
    }

    /// How far the answer is a good one.
    pub fn answer(&self) -> Answer {
        let noted = |finding: &Finding| finding.severity == Severity::Note;
        match self.verdict.standing {
            Standing::Well if self.findings.iter().all(noted) => Answer::Well,
            Standing::Well | Standing::Failure => Answer::Found,
            Standing::Open => Answer::Open,
        }
    }
}

/// How far the answer is a good one: what a program's exit code tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Somebody was logged in by the means they wanted, and nothing else is to be mended.
    Well,
    /// A cause was found.
    Found,
    /// There was not enough to tell.
    Open,
}
