//! A finding in the making.

use super::scene::Scene;
use crate::model::facts::ConfigLine;
use crate::model::{At, Certainty, Evidence, Finding, Fix, SessionRef, Severity, Standing};
use crate::text::visible;

/// Evidence that is quoted at most; more would bury the point.
const SHOWN: usize = 8;

/// A finding in the making. Every finding quotes at least one line, so it starts with one.
pub(super) struct Draft {
    finding: Finding,
}

impl Draft {
    pub(super) fn new(scene: &Scene<'_>, certainty: Certainty, title: impl Into<String>, at: &At) -> Self {
        let SessionRef { source, .. } = scene.entry;
        Self {
            finding: Finding {
                // The rule that made it puts its own id in.
                cause: "",
                reason: None,
                standing: Standing::Failure,
                second: false,
                severity: Severity::Error,
                certainty,
                title: title.into(),
                explanation: String::new(),
                evidence: vec![Evidence::new(source, at)],
                fixes: Vec::new(),
                session: Some(scene.entry.id()),
            },
        }
    }

    pub(super) fn severity(mut self, severity: Severity) -> Self {
        self.finding.severity = severity;
        self
    }

    pub(super) fn says(mut self, text: impl Into<String>) -> Self {
        self.finding.explanation = text.into();
        self
    }

    /// More lines of the same session.
    pub(super) fn and<'a>(self, scene: &Scene<'_>, lines: impl IntoIterator<Item = &'a At>) -> Self {
        self.and_of(scene.entry.source, lines)
    }

    /// More lines of another source.
    pub(super) fn and_of<'a>(mut self, source: &str, lines: impl IntoIterator<Item = &'a At>) -> Self {
        for at in lines {
            let evidence = Evidence::new(source, at);
            if self.finding.evidence.len() < SHOWN && !self.finding.evidence.contains(&evidence) {
                self.finding.evidence.push(evidence);
            }
        }
        self
    }

    /// A fact of the local machine, in place of a line: what can't be seen in it is left out, as from a line.
    pub(super) fn fact(mut self, place: &str, says: &str) -> Self {
        let source = format!("local: {}", visible(place.as_bytes()));
        self.finding.evidence.push(Evidence { source, line: 0, text: visible(says.as_bytes()) });
        self
    }

    /// A line of the local configuration.
    pub(super) fn config(self, line: &ConfigLine) -> Self {
        self.fact(&format!("{}:{}", line.file, line.line), &line.text)
    }

    pub(super) fn fix(mut self, fix: Fix) -> Self {
        self.finding.fixes.push(fix);
        self
    }

    pub(super) fn fixes(mut self, fixes: impl IntoIterator<Item = Fix>) -> Self {
        self.finding.fixes.extend(fixes);
        self
    }

    /// What it has come to.
    pub(super) fn finding(self) -> Finding {
        self.finding
    }

    pub(super) fn done(self) -> Option<Finding> {
        Some(self.finding)
    }
}
