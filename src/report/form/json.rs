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

#[cfg(test)]
mod tests {
    use schemars::JsonSchema;
    use schemars::generate::SchemaSettings;

    use super::*;

    fn schema<T: JsonSchema>(title: &str) -> String {
        // As it is written: a field that may be null is there all the same.
        let mut schema = SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<T>();
        schema.insert("title".to_owned(), title.into());
        let mut text = serde_json::to_string_pretty(&schema).unwrap();
        text.push('\n');
        text
    }

    /// `UPDATE=1 cargo test --lib schemas` writes them.
    #[test]
    fn schemas_are_those_of_the_types() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
        for (name, made) in [
            ("report.schema.json", schema::<document::Document<'_>>("A report of ssh-why read or ssh-why check")),
            ("keys.schema.json", schema::<keys_document::Document<'_>>("A report of ssh-why keys")),
        ] {
            let path = folder.join(name);
            if std::env::var_os("UPDATE").is_some() {
                std::fs::write(&path, &made).unwrap();
            }
            let kept = std::fs::read_to_string(&path).unwrap_or_default();
            assert!(kept == made, "docs/{name} is not that of the types; run UPDATE=1 cargo test --lib schemas");
        }
    }
}
