//! JSON, of the diagnosis itself and not of its outline.

use serde::Serialize;

use crate::report::look::{Look, Report};
use crate::report::{document, keys_document};

/// One document over many lines.
pub(super) fn pretty(report: &Report<'_>, _: &Look<'_>) -> String {
    match report {
        Report::Diagnosis(diagnosis) => ended(serde_json::to_string_pretty(&document::Document::of(diagnosis))),
        Report::Survey(survey) => ended(serde_json::to_string_pretty(&keys_document::Document::of(survey))),
    }
}

/// One document in one line.
pub(super) fn line(report: &Report<'_>, _: &Look<'_>) -> String {
    match report {
        Report::Diagnosis(diagnosis) => compact(&document::Document::of(diagnosis)),
        Report::Survey(survey) => compact(&keys_document::Document::of(survey)),
    }
}

fn compact(document: &impl Serialize) -> String {
    ended(serde_json::to_string(document))
}

fn ended(text: serde_json::Result<String>) -> String {
    let mut text = text.unwrap_or_default();
    text.push('\n');
    text
}
