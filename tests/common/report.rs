//! Reading and judging, and whether the report is true and tame.

use std::collections::BTreeMap;

use serde_json::Value;
use ssh_why::diagnose::{Diagnosis, diagnose};
use ssh_why::model::{Role, Transcript};
use ssh_why::reader::Reader;
use ssh_why::report::human::{self, Page, Style};
use ssh_why::report::json;
use ssh_why::shell::Shell;
use ssh_why::transcript::unprintable;

/// Reads a log as the program does: in pieces of 64 KiB.
pub fn read(source: &str, bytes: &[u8]) -> Transcript {
    let mut reader = Reader::new(source);
    for piece in bytes.chunks(64 * 1024) {
        reader.feed(piece);
    }
    reader.finish()
}

/// A log and what it is read as.
pub struct Source {
    pub name: String,
    pub role: Role,
    pub bytes: Vec<u8>,
}

impl Source {
    pub fn new(name: &str, role: Role, bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            name: name.to_owned(),
            role,
            bytes: bytes.into(),
        }
    }
}

/// Reads, judges and reports.
pub fn judge(sources: &[Source]) -> Report {
    let logs = sources
        .iter()
        .map(|source| {
            let mut log = read(&source.name, &source.bytes);
            log.role = source.role;
            log
        })
        .collect();
    Report::of(diagnose(logs, Shell::Sh))
}

/// A diagnosis in all its forms.
pub struct Report {
    pub diagnosis: Diagnosis,
    pub json: Value,
    pub json_text: String,
    pub human: String,
}

impl Report {
    pub fn of(diagnosis: Diagnosis) -> Self {
        let json_text = json::render(&diagnosis);
        Self {
            json: serde_json::from_str(&json_text).expect("the report is one JSON document"),
            json_text,
            human: human::render(&diagnosis, &human::plain(80)),
            diagnosis,
        }
    }

    /// The human report with each painted piece between two marks.
    pub fn painted(&self) -> String {
        let paint = |style: Style, text: &str| {
            if style == Style::Plain {
                text.to_owned()
            } else {
                format!("\u{1b}[1m{text}\u{1b}[0m")
            }
        };
        human::render(
            &self.diagnosis,
            &Page {
                width: 80,
                paint: &paint,
            },
        )
    }

    pub fn verdict(&self) -> &str {
        self.diagnosis.verdict.cause
    }

    pub fn findings(&self) -> Vec<&str> {
        self.diagnosis
            .findings
            .iter()
            .map(|finding| finding.cause)
            .collect()
    }

    /// The sessions of all logs, as the JSON report has them, each with its source.
    pub fn sessions(&self) -> Vec<(&str, &Value)> {
        let logs = self.json["transcripts"].as_array().unwrap();
        logs.iter()
            .flat_map(|log| {
                let source = log["source"].as_str().unwrap();
                log["sessions"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(move |session| (source, session))
            })
            .collect()
    }
}

/// A log's text, whatever its encoding; what is no text becomes U+FFFD.
pub fn decode(bytes: &[u8]) -> String {
    let nuls = |from: usize| {
        bytes
            .iter()
            .skip(from)
            .step_by(2)
            .take(256)
            .filter(|byte| **byte == 0)
            .count()
    };
    let utf16 = |big: bool, bytes: &[u8]| -> String {
        let units = bytes.chunks(2).map(|pair| {
            let pair = [pair[0], *pair.get(1).unwrap_or(&0)];
            if big {
                u16::from_be_bytes(pair)
            } else {
                u16::from_le_bytes(pair)
            }
        });
        char::decode_utf16(units)
            .map(|c| c.unwrap_or('\u{fffd}'))
            .collect()
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => utf16(false, rest),
        [0xfe, 0xff, rest @ ..] => utf16(true, rest),
        _ if nuls(1) > 64 && nuls(0) < 8 => utf16(false, bytes),
        _ if nuls(0) > 64 && nuls(1) < 8 => utf16(true, bytes),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// A log's lines, as an editor numbers them.
pub fn lines(bytes: &[u8]) -> Vec<String> {
    let text = decode(bytes);
    let end = if text.contains('\n') { '\n' } else { '\r' };
    let mut lines: Vec<String> = text.split(end).map(visible).collect();
    if lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

/// A line without colours and other characters that can't be seen.
fn visible(line: &str) -> String {
    let mut plain = String::new();
    let mut rest = line;
    while let Some(at) = rest.find("\u{1b}[") {
        plain.push_str(&rest[..at]);
        rest = rest[at + 2..].trim_start_matches(|c: char| c.is_ascii_digit() || c == ';');
        rest = rest.get(1..).unwrap_or_default();
    }
    plain.push_str(rest);
    plain
        .chars()
        .filter(|c| *c == '\t' || !unprintable(*c))
        .collect()
}

/// Asserts that every quote of the report stands in the line that it names, and that the verdict has one.
pub fn assert_true(report: &Report, sources: &[Source], what: &str) {
    let lines: BTreeMap<&str, Vec<String>> = sources
        .iter()
        .map(|source| (source.name.as_str(), lines(&source.bytes)))
        .collect();
    let cause = report.json["verdict"]["cause"].as_str().unwrap();
    let findings = report.json["findings"].as_array().unwrap();
    assert!(
        cause == "unknown"
            || findings.iter().any(|finding| {
                finding["cause"] == cause
                    && finding["evidence"]
                        .as_array()
                        .is_some_and(|quotes| !quotes.is_empty())
            }),
        "{what}: nothing proves the verdict {cause}"
    );
    for finding in findings {
        let quotes = finding["evidence"].as_array().unwrap();
        assert!(
            !quotes.is_empty(),
            "{what}: {} quotes nothing",
            finding["cause"]
        );
        for quote in quotes {
            let (source, number) = (
                quote["source"].as_str().unwrap(),
                quote["line"].as_u64().unwrap(),
            );
            let said = quote["text"].as_str().unwrap();
            let line = lines
                .get(source)
                .unwrap_or_else(|| panic!("{what}: {source} was not read"))
                .get((number as usize).wrapping_sub(1))
                .unwrap_or_else(|| panic!("{what}: {source} has no line {number}"));
            assert!(
                line.contains(said),
                "{what}: {source}:{number} is\n  {line:?}\nand not\n  {said:?}"
            );
        }
    }
    for (source, session) in report.sessions() {
        let count = lines[source].len() as u64;
        let named = ["identities", "offered"]
            .iter()
            .flat_map(|list| session[list].as_array().unwrap());
        for place in named.chain(Some(&session["accepted"]).filter(|key| !key.is_null())) {
            let number = place["line"].as_u64().unwrap();
            assert!(
                (1..=count).contains(&number),
                "{what}: {source} has no line {number}"
            );
        }
    }
}

/// Asserts that a report can't act on a terminal, and that it says in each form the same.
pub fn assert_tame(report: &Report, what: &str) {
    let bad = |text: &str| text.chars().find(|c| *c != '\n' && unprintable(*c));
    assert_eq!(bad(&report.human), None, "{what}: in the human report");
    // Escaped they do no harm, but a program that prints a string of it would.
    walk(&report.json, &mut |text| {
        assert_eq!(
            text.chars().find(|c| *c != '\n' && unprintable(*c)),
            None,
            "{what}: in the JSON report: {text:?}"
        )
    });
    assert!(
        report.human.starts_with(report.verdict()),
        "{what}: {}",
        report.human
    );
    assert!(report.human.ends_with('\n') && report.json_text.ends_with('\n'));
    let painted = report
        .painted()
        .replace("\u{1b}[1m", "")
        .replace("\u{1b}[0m", "");
    assert_eq!(painted, report.human, "{what}: colours change the words");
    if let Some(suggestion) = &report.diagnosis.suggestion {
        assert_eq!(
            shlex::split(&suggestion.command).as_ref(),
            Some(&suggestion.argv),
            "{what}"
        );
        assert!(
            report.human.contains(&suggestion.command),
            "{what}: the command is not shown"
        );
    }
}

fn walk(value: &Value, each: &mut impl FnMut(&str)) {
    match value {
        Value::String(text) => each(text),
        Value::Array(list) => list.iter().for_each(|value| walk(value, each)),
        Value::Object(fields) => fields.iter().for_each(|(name, value)| {
            each(name);
            walk(value, each);
        }),
        _ => {}
    }
}
