//! One log under each kind of damage that a paste does: the same sessions, the same verdict, true line numbers.

use std::fs;

use crate::kit::{Report, Source, assert_schema, assert_tame, assert_true, judge, lines, names, project};
use serde_json::Value;
use ssh_why::model::Role;

/// The logs that are damaged.
const BASES: &[&str] = &["accepted", "refused"];

/// Variants in which each line is still a line of its own, and how many stand before the first.
const LINE_BY_LINE: &[(&str, u64)] = &[
    ("quoted", 0),
    ("quoted-twice", 0),
    ("indented", 0),
    ("indented-by-tab", 0),
    ("fenced", 3),
    ("github-actions", 0),
    ("jenkins", 0),
    ("docker-compose", 0),
    ("colours", 0),
    ("entities", 0),
    ("spans", 0),
    ("br", 0),
    ("bbcode", 1),
    ("crlf", 0),
    ("cr", 0),
    ("utf-16le", 0),
    ("utf-16be", 0),
    ("utf-16le-marked", 0),
    ("utf-16be-marked", 0),
    ("latin-1", 1),
];

/// Variants in which lines were joined, broken or left out.
const RESHAPED: &[&str] =
    &["br-in-one-line", "json-string", "one-line", "quoted-printable", "wrapped", "elided", "cut-head", "cut-tail"];

fn variant(base: &str, name: &str) -> (Report, Vec<Source>) {
    let path = project("fixtures/paste").join(base).join(format!("{name}.log"));
    let bytes = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let sources = vec![Source::new(&format!("{name}.log"), Role::Other, bytes)];
    let report = judge(&sources);
    let what = format!("paste/{base}/{name}.log");
    assert_true(&report, &sources, &what);
    assert_tame(&report, &what);
    assert_schema(&report.json, &what);
    (report, sources)
}

/// The sessions without the numbers of lines.
fn sessions(report: &Report) -> Vec<Value> {
    fn without_lines(value: &mut Value) {
        match value {
            Value::Object(fields) => {
                fields.remove("line");
                fields.values_mut().for_each(without_lines);
            }
            Value::Array(list) => list.iter_mut().for_each(without_lines),
            _ => {}
        }
    }
    report
        .sessions()
        .into_iter()
        .map(|(_, session)| {
            let mut session = session.clone();
            without_lines(&mut session);
            session
        })
        .collect()
}

/// Each offer's and the accepted key's place.
fn places(report: &Report) -> Vec<u64> {
    let sessions = report.sessions();
    let offers = sessions.iter().flat_map(|(_, session)| session["offered"].as_array().unwrap());
    let accepted = sessions.iter().map(|(_, session)| &session["accepted"]).filter(|key| !key.is_null());
    offers.chain(accepted).map(|key| key["line"].as_u64().unwrap()).collect()
}

/// Asserts that the line of each offer, and of the accepted key, names that key.
fn assert_places(report: &Report, sources: &[Source], what: &str) {
    let lines = lines(&sources[0].bytes);
    for (_, session) in report.sessions() {
        let offers = session["offered"].as_array().unwrap().iter();
        for key in offers.chain(Some(&session["accepted"]).filter(|key| !key.is_null())) {
            let name = key["path"].as_str().or(key["label"].as_str()).unwrap();
            let line = &lines[key["line"].as_u64().unwrap() as usize - 1];
            assert!(line.contains(name), "{what}: {name} is not in {line}");
        }
    }
}

/// Asserts that a variant says all that the clean log says.
fn assert_same(base: &str, name: &str) -> (Report, Report) {
    let (clean, _) = variant(base, "clean");
    let (damaged, sources) = variant(base, name);
    let what = format!("paste/{base}/{name}.log");
    assert_eq!(sessions(&damaged), sessions(&clean), "{what}");
    assert_eq!(damaged.verdict(), clean.verdict(), "{what}");
    assert_eq!(damaged.findings(), clean.findings(), "{what}");
    assert_eq!(damaged.json["suggestion"], clean.json["suggestion"], "{what}");
    assert_places(&damaged, &sources, &what);
    (clean, damaged)
}

#[test]
fn the_clean_logs_are_read() {
    let (accepted, sources) = variant("accepted", "clean");
    assert_places(&accepted, &sources, "accepted");
    let [session] = sessions(&accepted).try_into().unwrap();
    assert_eq!(session["offered"].as_array().unwrap().len(), 2);
    assert_eq!(session["accepted"]["label"], "ed1@host1.example.net");
    assert_eq!(session["outcome"], "authenticated");
    assert_eq!(session["login"], "jane.doe");

    let (refused, sources) = variant("refused", "clean");
    assert_places(&refused, &sources, "refused");
    let [session] = sessions(&refused).try_into().unwrap();
    assert_eq!(session["offered"].as_array().unwrap().len(), 4);
    assert!(session["offered"].as_array().unwrap().iter().all(|offer| offer["reply"] == "refused"));
    assert_eq!(session["outcome"], "denied");
    assert_eq!(refused.verdict(), "key-rejected");
}

#[test]
fn margins_marks_and_encodings_change_nothing() {
    for base in BASES {
        for (name, before) in LINE_BY_LINE {
            let (clean, damaged) = assert_same(base, name);
            let moved: Vec<u64> = places(&clean).iter().map(|line| line + before).collect();
            assert_eq!(places(&damaged), moved, "paste/{base}/{name}.log");
        }
    }
}

#[test]
fn lost_and_broken_line_ends_change_nothing() {
    for base in BASES {
        for name in ["br-in-one-line", "json-string", "one-line"] {
            let (_, damaged) = assert_same(base, name);
            assert!(places(&damaged).iter().all(|line| *line == 1), "paste/{base}/{name}.log");
        }
        for name in ["quoted-printable", "wrapped", "elided"] {
            let (clean, damaged) = assert_same(base, name);
            assert_ne!(places(&damaged), places(&clean), "paste/{base}/{name}.log is as the clean one");
        }
    }
}

#[test]
fn a_cut_head_hides_the_server_only() {
    for base in BASES {
        let (clean, _) = variant(base, "clean");
        let (cut, sources) = variant(base, "cut-head");
        let ([whole], [rest]): ([Value; 1], [Value; 1]) =
            (sessions(&clean).try_into().unwrap(), sessions(&cut).try_into().unwrap());
        for field in ["offered", "accepted", "outcome", "method", "methods_left", "login", "host"] {
            assert_eq!(rest[field], whole[field], "paste/{base}/cut-head.log: {field}");
        }
        assert_eq!(rest["server_software"], Value::Null);
        assert_eq!(cut.verdict(), clean.verdict());
        assert_eq!(cut.json["transcripts"][0]["complete"], false);
        assert_places(&cut, &sources, base);
    }
}

#[test]
fn a_cut_tail_hides_the_end_only() {
    for (base, verdict) in [("accepted", "unknown"), ("refused", "key-rejected")] {
        let (clean, _) = variant(base, "clean");
        let (cut, sources) = variant(base, "cut-tail");
        let ([whole], [rest]): ([Value; 1], [Value; 1]) =
            (sessions(&clean).try_into().unwrap(), sessions(&cut).try_into().unwrap());
        for field in ["offered", "accepted", "methods_left", "host", "port", "user", "server_software"] {
            assert_eq!(rest[field], whole[field], "paste/{base}/cut-tail.log: {field}");
        }
        assert_eq!(rest["outcome"], "unknown", "the log does not show it");
        assert_eq!(cut.verdict(), verdict);
        assert_eq!(cut.json["transcripts"][0]["complete"], false);
        assert_places(&cut, &sources, base);
    }
}

#[test]
fn two_connections_in_one_paste_are_two_sessions() {
    let (both, sources) = variant("two-connections", "both");
    let (accepted, _) = variant("accepted", "clean");
    let (refused, _) = variant("refused", "clean");
    let expected = [sessions(&accepted), sessions(&refused)].concat();
    assert_eq!(sessions(&both), expected);
    assert_eq!(both.verdict(), "key-rejected");
    let first = lines(&fs::read(project("fixtures/paste/accepted/clean.log")).unwrap()).len() as u64;
    let second: Vec<u64> = places(&refused).iter().map(|line| line + first + 1).collect();
    assert!(places(&both).len() == 7 && second.iter().all(|line| places(&both).contains(line)));
    assert_places(&both, &sources, "two-connections");
}

#[test]
fn a_jump_hosts_lines_are_its_own() {
    let (report, sources) = variant("jump-host", "ssh");
    let [jump, target] = sessions(&report).try_into().unwrap();
    assert_eq!((jump["host"].as_str(), jump["jump_host"].as_bool()), (Some("jump.example.com"), Some(true)));
    assert_eq!(jump["outcome"], "authenticated");
    assert_eq!(jump["accepted"]["path"], "/home/dev/.ssh/id_rsa");
    assert_eq!(target["outcome"], "denied");
    assert_eq!(target["accepted"], Value::Null);
    assert_eq!(target["offered"][0]["path"], "/home/dev/.ssh/id_inner");
    assert_eq!(report.verdict(), "key-rejected");
    assert_places(&report, &sources, "jump-host");
}

#[test]
fn every_variant_is_tested() {
    for base in BASES {
        let mut have = names(&project("fixtures/paste").join(base), false);
        let mut known: Vec<String> = LINE_BY_LINE
            .iter()
            .map(|(name, _)| *name)
            .chain(RESHAPED.iter().copied())
            .chain(["clean"])
            .map(|name| format!("{name}.log"))
            .collect();
        have.sort();
        known.sort();
        assert_eq!(have, known, "{base}");
    }
}

/// The variants in the project are those that the script makes today.
#[cfg(unix)]
#[test]
fn the_script_makes_these_variants() {
    let folder = tempfile::tempdir().unwrap();
    let made =
        std::process::Command::new("sh").arg(project("fixtures/make.sh")).arg(folder.path()).output().expect("sh runs");
    assert!(made.status.success(), "fixtures/make.sh: {}", String::from_utf8_lossy(&made.stderr));
    let mut compared = 0;
    for path in crate::kit::files(folder.path()) {
        let inside = path.strip_prefix(folder.path()).unwrap();
        let kept = fs::read(project("fixtures/paste").join(inside))
            .unwrap_or_else(|error| panic!("{}: {error}", inside.display()));
        assert!(kept == fs::read(&path).unwrap(), "{} is not what fixtures/make.sh makes: run it", inside.display());
        compared += 1;
    }
    assert_eq!(compared, BASES.len() * (LINE_BY_LINE.len() + RESHAPED.len()) + 1);
}
