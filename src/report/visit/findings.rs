//! The texts of a diagnosis: what it is on, what was found, what to do.

use super::texts::{Pass, Texts};
use crate::diagnose::Diagnosis;
use crate::model::case::{Case, Comparison};
use crate::model::finding::{Evidence, Finding, Suggestion, Verdict};

impl Diagnosis {
    /// Hands every text that a report may show to `pass`, which may change it.
    pub fn each_text(&mut self, pass: &mut dyn FnMut(&mut String)) {
        let Self { case, findings, verdict, suggestion, no_suggestion } = self;
        case.each(pass);
        findings.each(pass);
        verdict.each(pass);
        suggestion.each(pass);
        no_suggestion.each(pass);
    }
}

impl Diagnosis {
    /// Hands every port that a report may show to `pass`, which may change it.
    pub fn each_port(&mut self, pass: &mut dyn FnMut(&mut u16)) {
        for session in self.case.transcripts.iter_mut().flat_map(|log| &mut log.sessions) {
            let typed = session.typed.as_mut().and_then(|typed| typed.port.as_mut());
            session.port.iter_mut().chain(typed).for_each(&mut *pass);
        }
    }
}

impl Texts for Case {
    fn each(&mut self, pass: Pass<'_>) {
        let Self { transcripts, joins: _, apart: _, comparisons, facts } = self;
        transcripts.each(pass);
        comparisons.each(pass);
        facts.each(pass);
    }
}

impl Texts for Comparison {
    fn each(&mut self, pass: Pass<'_>) {
        let Self { vcs: _, ci: _, key, fate: _, proven: _ } = self;
        key.each(pass);
    }
}

impl Texts for Finding {
    fn each(&mut self, pass: Pass<'_>) {
        let Self {
            cause: _,
            reason: _,
            severity: _,
            certainty: _,
            title,
            explanation,
            evidence,
            fixes,
            session: _,
            standing: _,
            second: _,
        } = self;
        title.each(pass);
        explanation.each(pass);
        evidence.each(pass);
        for fix in fixes {
            fix.each_text(pass);
        }
    }
}

impl Texts for Evidence {
    fn each(&mut self, pass: Pass<'_>) {
        let Self { source, line: _, text } = self;
        source.each(pass);
        text.each(pass);
    }
}

impl Texts for Verdict {
    fn each(&mut self, pass: Pass<'_>) {
        let Self { cause: _, certainty: _, summary, standing: _ } = self;
        summary.each(pass);
    }
}

impl Texts for Suggestion {
    fn each(&mut self, pass: Pass<'_>) {
        let Self { command, argv, verified: _, before } = self;
        command.each(pass);
        argv.each(pass);
        for fix in before {
            fix.each_text(pass);
        }
    }
}
