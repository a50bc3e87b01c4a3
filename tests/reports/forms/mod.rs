//! The forms of a report: what each looks like, that no text of a log acts on it, and that a pass reaches all texts.
//!
//! `UPDATE=1 cargo test --test reports forms` writes `fixtures/reports/`.

mod cmark;
mod contrast;
mod hostile;
mod lines;
mod sample;
mod schema;
mod texts;

use std::collections::BTreeSet;

use crate::kit::{Source, judge, project, text, written};
use sample::{KEPT, cases, full, read, survey};
use serde_json::Value;
use ssh_why::inside::diagnose::Diagnosis;
use ssh_why::model::{Role, Suggestion};
use ssh_why::report::{FORMS, Look, Report};

/// What is of the file and not of the report.
fn stable(form: &str, text: &str) -> String {
    let text = text.replace(env!("CARGO_PKG_VERSION"), "VERSION");
    match (form, text.split_once("<style>"), text.split_once("</style>")) {
        ("html", Some((before, _)), Some((_, after))) => {
            let (head, rest) = before.split_once("sha256-").expect("the style sheet's digest");
            let (_, rest) = rest.split_once('\'').expect("its end");
            format!("{head}sha256-DIGEST'{rest}<style></style>{after}")
        }
        _ => text,
    }
}

#[test]
fn reports_look_as_they_are_kept() {
    let survey = survey();
    let read: Vec<(&str, Diagnosis)> = KEPT.iter().map(|(name, logs)| (*name, read(logs))).collect();
    let mut all: Vec<(&str, Report<'_>)> = read.iter().map(|(name, one)| (*name, Report::Diagnosis(one))).collect();
    all.push(("keys", Report::Survey(&survey)));
    let mut changed = Vec::new();
    for (name, report) in all {
        for form in FORMS {
            let kept = project("fixtures/reports").join(format!("{name}.{}", form.endings[0]));
            let made = stable(form.name, &(form.write)(&report, &Look { home: Some("/home/dev"), ..Look::default() }));
            if std::env::var_os("UPDATE").is_some() {
                std::fs::write(&kept, &made).unwrap();
            }
            if std::fs::read_to_string(&kept).ok().as_ref() != Some(&made) {
                changed.push(kept.display().to_string());
            }
        }
    }
    assert!(changed.is_empty(), "not as kept; UPDATE=1 cargo test --test reports forms writes them: {changed:?}");
}

/// Each client is asked for the log that it can make, and a server's side for the other one.
#[test]
fn what_is_asked_next_can_be_done() {
    let ask = |log: &str| {
        let log = Source::new("log", Role::Other, log.as_bytes());
        let page = written("markdown", &judge(&[log]).diagnosis, &Look::default());
        page.split_once("### What to ask next\n\n").map(|(_, rest)| rest.split("\n\n#").next().unwrap().to_owned())
    };
    let go = "ssh: handshake failed: ssh: unable to authenticate, attempted methods [none publickey], no supported methods remain\n";
    let go = ask(go).unwrap();
    assert!(go.contains("`TF_LOG=debug`") && !go.contains("as it was typed"), "{go}");
    let server = ask(
        "Nov 27 09:20:22 web01 sshd[379]: Connection closed by authenticating user dev 192.0.2.7 port 34230 [preauth]\n",
    );
    assert_eq!(server.unwrap().trim(), "- the client's log of the same login, made with ssh `-v`");
    let ssh = ask("dev@box.example: Permission denied (publickey).\n").unwrap_or_default();
    assert!(ssh.is_empty() || ssh.contains("ssh -v"), "{ssh}");
    // What is to be done already says it.
    assert_eq!(ask("Exception in thread \"main\" com.jcraft.jsch.JSchException: Auth fail\n"), None);
}

/// Headings go down by one, each part is named, each picture is told in words, each id stands once.
#[test]
fn pages_can_be_heard() {
    for (_, diagnosis) in cases().iter().take(40) {
        let page = written("html", diagnosis, &Look::default());
        assert_eq!(page.matches("<h1>").count(), 1);
        assert_eq!(page.matches("<section ").count(), page.matches("<h2 id=").count());
        assert_eq!(page.matches("<svg ").count(), page.matches("<desc ").count());
        let ids: Vec<&str> = page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{ids:?}");
        for named in page.split("aria-labelledby=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(named.split(' ').all(|id| ids.contains(&id)), "{named}");
        }
    }
}

/// A screen of 24 rows and 80 columns, with the next prompt on its last row.
#[test]
fn a_screen_holds_what_matters() {
    let mut longer = Vec::new();
    let all = cases();
    for (name, diagnosis) in &all {
        let text = written("human", diagnosis, &Look { verbose: false, ..Look::default() });
        let rows: Vec<String> = text
            .lines()
            .flat_map(|line| {
                let letters: Vec<char> = line.chars().collect();
                let rows: Vec<String> = letters.chunks(80).map(|row| row.iter().collect()).collect();
                if rows.is_empty() { vec![String::new()] } else { rows }
            })
            .collect();
        if rows.len() > 23 {
            longer.push(format!("{name}: {} rows", rows.len()));
        }
        assert!(rows[0].starts_with(diagnosis.verdict.cause), "{name}: {text}");
        if let Some(suggestion) = &diagnosis.suggestion {
            assert!(text.contains(&suggestion.command), "{name}: {text}");
        }
        let proof = diagnosis.main().map_or(0, |finding| finding.evidence.len());
        let shown = diagnosis
            .main()
            .map_or(0, |finding| finding.evidence.iter().filter(|evidence| text.contains(&evidence.text)).count());
        assert!(shown >= proof.min(2), "{name}: {shown} of {proof} lines of proof\n{text}");
        assert!(written("human", diagnosis, &Look::default()).len() >= text.len() - "; the whole report: -v".len());
    }
    assert!(longer.len() * 50 <= all.len(), "more than a screen: {longer:?}");
}

/// What has no short form of its own is shown whole, however long: a list of keys.
#[test]
fn a_list_of_keys_is_never_cut() {
    let survey = survey();
    let human = ssh_why::report::form::by_name("human").unwrap();
    let whole = (human.write)(&Report::Survey(&survey), &Look::default());
    let brief = (human.write)(&Report::Survey(&survey), &Look { verbose: false, ..Look::default() });
    assert!(whole.lines().count() > 23);
    assert_eq!(brief, whole);
}

/// All strings of a document, with the names of their fields.
fn strings(value: &Value, name: &str, found: &mut Vec<(String, String)>) {
    match value {
        Value::String(text) => found.push((name.to_owned(), text.clone())),
        Value::Array(list) => list.iter().for_each(|value| strings(value, name, found)),
        Value::Object(fields) => fields.iter().for_each(|(name, value)| strings(value, name, found)),
        _ => {}
    }
}

/// Words that the documents themselves choose, so that no text of a log can stand there.
const CHOSEN: &[&str] = &[
    "role",
    "dialect",
    "side",
    "state",
    "reply",
    "outcome",
    "fate",
    "certainty",
    "severity",
    "audience",
    "cause",
    "name",
    "version",
    "origin",
    "problems",
];

/// A pass over all texts leaves none of a log's in any form.
#[test]
fn a_pass_reaches_every_text() {
    const MARK: &str = "marked";
    let mut all: Vec<(String, Diagnosis)> = cases();
    all.push(("full".to_owned(), full()));
    let mut told = 0;
    for (name, mut diagnosis) in all {
        if diagnosis.suggestion.is_none() {
            let words = vec!["ssh".to_owned(), "7.example".to_owned()];
            diagnosis.suggestion =
                Some(Suggestion { command: words.join(" "), argv: words, verified: None, before: Vec::new() });
        }
        let mut before = BTreeSet::new();
        diagnosis.each_text(&mut |text| {
            before.extend(text.split(' ').map(str::to_owned));
            MARK.clone_into(text);
        });
        // Names, addresses, fingerprints; other words are the report's own, too.
        before.retain(|word| {
            let number = word.trim_matches(|c: char| c.is_ascii_punctuation()).parse::<u32>().is_ok();
            word.len() > 5 && word.contains(|c: char| c.is_ascii_digit()) && !number
        });
        told += before.len();
        for form in FORMS {
            let text = written(form.name, &diagnosis, &Look::default());
            for word in &before {
                assert!(!text.contains(word.as_str()), "{name}: {word} in {}:\n{text}", form.name);
            }
        }
        let document: Value = serde_json::from_str(&written("jsonl", &diagnosis, &Look::default())).unwrap();
        check_marked(&document, MARK, &name);
    }
    assert!(told > 800, "{told}");
    let mut survey = survey();
    survey.each_text(&mut |text| MARK.clone_into(text));
    for form in FORMS {
        let text = (form.write)(&Report::Survey(&survey), &Look::default());
        for word in ["/dev", "laptop", "octocat", "SHA256", "example", "babeld", "luck", "/run", "token", "me2", "hung"]
        {
            assert!(!text.contains(word), "{word} in {}:\n{text}", form.name);
        }
        if form.name == "json" {
            let document: Value = serde_json::from_str(&text).unwrap();
            let mut document = document;
            // Sentences of ours round a text of the file's.
            document["identities"].as_array_mut().unwrap().iter_mut().for_each(|one| one["details"] = Value::Null);
            check_marked(&document, MARK, "keys");
        }
    }
}

fn check_marked(document: &Value, mark: &str, what: &str) {
    let mut found = Vec::new();
    strings(document, "", &mut found);
    assert!(found.len() > 10);
    for (field, text) in found {
        assert!(text == mark || CHOSEN.contains(&field.as_str()), "{what}: {field} is {text:?}");
    }
}

/// The list of forms is what help and pages speak of.
#[test]
fn each_form_has_a_name_and_an_ending_of_its_own() {
    let names: BTreeSet<&str> = FORMS.iter().map(|form| form.name).collect();
    let endings: Vec<&str> = FORMS.iter().flat_map(|form| form.endings.iter().copied()).collect();
    assert_eq!(names.len(), FORMS.len());
    assert_eq!(endings.iter().collect::<BTreeSet<_>>().len(), endings.len());
    for form in FORMS {
        assert!(text("README.md").contains(&format!("`{}`", form.name)), "README.md does not tell of {}", form.name);
    }
}
