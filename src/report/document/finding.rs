//! What was found, and what mends it.

use serde::Serialize;

use crate::model;

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Finding<'a> {
    cause: &'a str,
    /// What a server's log gives as the reason.
    reason: Option<&'a str>,
    #[cfg_attr(test, schemars(extend("enum" = ["error", "warning", "note"])))]
    severity: &'static str,
    #[cfg_attr(test, schemars(extend("enum" = ["certain", "likely", "possible"])))]
    certainty: &'static str,
    title: &'a str,
    explanation: &'a str,
    evidence: Vec<Evidence<'a>>,
    fixes: Vec<Fix<'a>>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Evidence<'a> {
    source: &'a str,
    line: Option<u64>,
    text: &'a str,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Fix<'a> {
    title: &'a str,
    /// Who can do it.
    #[cfg_attr(test, schemars(extend("enum" = ["user", "administrator"])))]
    audience: &'static str,
    command: Option<&'a str>,
    config: Option<&'a str>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Verdict<'a> {
    cause: &'a str,
    #[cfg_attr(test, schemars(extend("enum" = ["certain", "likely", "possible"])))]
    certainty: &'static str,
    summary: &'a str,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Suggestion<'a> {
    command: &'a str,
    argv: &'a [String],
    verified: Option<bool>,
    /// What has to be done once before it works.
    before: Vec<Fix<'a>>,
}

pub(super) fn finding(finding: &model::Finding) -> Finding<'_> {
    Finding {
        cause: finding.cause,
        reason: finding.reason,
        severity: finding.severity.word(),
        certainty: finding.certainty.word(),
        title: &finding.title,
        explanation: &finding.explanation,
        evidence: finding
            .evidence
            .iter()
            .map(|evidence| Evidence {
                source: &evidence.source,
                line: Some(evidence.line).filter(|line| *line > 0),
                text: &evidence.text,
            })
            .collect(),
        fixes: finding.fixes.iter().map(fix).collect(),
    }
}

pub(super) fn fix(fix: &model::Fix) -> Fix<'_> {
    Fix { title: &fix.title, audience: fix.audience.word(), command: fix.command(), config: fix.config() }
}

pub(super) fn verdict(verdict: &model::Verdict) -> Verdict<'_> {
    Verdict { cause: verdict.cause, certainty: verdict.certainty.word(), summary: &verdict.summary }
}

pub(super) fn suggestion(suggestion: &model::Suggestion) -> Suggestion<'_> {
    Suggestion {
        command: &suggestion.command,
        argv: &suggestion.argv,
        verified: suggestion.verified,
        before: suggestion.before.iter().map(fix).collect(),
    }
}
