//! The document as a whole.

use serde::Serialize;

use super::facts::{AllKeys, GitHosts, Job, Published, all_keys, git_hosts, job, published};
use super::finding::{Finding, Suggestion, Verdict, finding, suggestion, verdict};
use super::pairs::{Comparison, Join, compared, joined};
use super::tool::{TOOL, Tool};
use super::transcript::{Transcript, transcript};
use crate::diagnose::Diagnosis;

/// One document. `null` is what is not known; a list is never `null`.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(in crate::report) struct Document<'a> {
    schema: u32,
    tool: Tool,
    transcripts: Vec<Transcript<'a>>,
    comparisons: Vec<Comparison<'a>>,
    joins: Vec<Join<'a>>,
    findings: Vec<Finding<'a>>,
    verdict: Verdict<'a>,
    suggestion: Option<Suggestion<'a>>,
    git_hosts: Option<GitHosts<'a>>,
    all_keys: Option<AllKeys<'a>>,
    published: Vec<Published<'a>>,
    job: Option<Job>,
}

impl<'a> Document<'a> {
    /// The document of this diagnosis.
    pub(in crate::report) fn of(diagnosis: &'a Diagnosis) -> Self {
        Self {
            schema: 1,
            tool: TOOL,
            transcripts: diagnosis.case.transcripts.iter().map(transcript).collect(),
            comparisons: diagnosis.case.comparisons.iter().map(|comparison| compared(diagnosis, comparison)).collect(),
            joins: diagnosis.case.joins.iter().filter_map(|join| joined(diagnosis, join)).collect(),
            findings: diagnosis.findings.iter().map(finding).collect(),
            verdict: verdict(&diagnosis.verdict),
            suggestion: diagnosis.suggestion.as_ref().map(suggestion),
            git_hosts: diagnosis.case.facts.chosen.as_ref().map(git_hosts),
            published: diagnosis.case.facts.published().map(published).collect(),
            job: diagnosis.case.facts.job.map(job),
            all_keys: diagnosis.case.facts.all_keys.as_ref().map(all_keys),
        }
    }
}
