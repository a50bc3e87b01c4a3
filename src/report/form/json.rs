//! JSON, of the diagnosis itself and not of its outline.

use serde::Serialize;

use super::entry::Form;
use crate::report::look::{Look, Report};
use crate::report::{document, keys_document};
use crate::text::unprintable;

/// One document over many lines.
pub(super) const FORM: Form =
    Form { name: "json", about: "One JSON document, see docs/json.md", endings: &["json"], logs: false, write: pretty };

/// One document in one line, so that many make a file of lines.
pub(super) const LINES: Form =
    Form { name: "jsonl", about: "The same in one line", endings: &["jsonl", "ndjson"], logs: false, write: line };

fn pretty(report: &Report<'_>, _: &Look<'_>) -> String {
    match report {
        Report::Diagnosis(diagnosis) => ended(serde_json::to_string_pretty(&document::Document::of(diagnosis))),
        Report::Survey(survey) => shown(&ended(serde_json::to_string_pretty(&keys_document::Document::of(survey)))),
    }
}

fn line(report: &Report<'_>, _: &Look<'_>) -> String {
    match report {
        Report::Diagnosis(diagnosis) => compact(&document::Document::of(diagnosis)),
        Report::Survey(survey) => shown(&compact(&keys_document::Document::of(survey))),
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

/// A document whose strings hold no character that moves a cursor or turns a line round: a key's comment, an agent's
/// and a server's words are others' words. Each stands as U+FFFD, as in the report for people.
fn shown(document: &str) -> String {
    let mut text = String::with_capacity(document.len());
    let mut rest = document.chars();
    while let Some(c) = rest.next() {
        match c {
            '\n' => text.push(c),
            '\\' => match rest.next() {
                // Control characters stand as escapes: \b, \t, \u001b.
                Some('u') => {
                    rest.nth(3);
                    text.push('\u{fffd}');
                }
                Some(quoted @ ('"' | '\\' | '/')) => text.extend([c, quoted]),
                _ => text.push('\u{fffd}'),
            },
            c if unprintable(c) => text.push('\u{fffd}'),
            c => text.push(c),
        }
    }
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

    #[test]
    fn others_words_move_no_cursor() {
        let words = ["a\u{1b}[2J", "b\\u001b\"/", "c\u{202e}\u{9b}\n\t"];
        let text = shown(&serde_json::to_string(&words).unwrap_or_default());
        let read: Vec<String> = serde_json::from_str(&text).unwrap_or_default();
        assert_eq!(read, ["a\u{fffd}[2J", "b\\u001b\"/", "c\u{fffd}\u{fffd}\u{fffd}\u{fffd}"]);
    }
}
