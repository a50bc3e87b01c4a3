//! Every case of the fixtures through the library: what it must find, what it must not, and that it quotes truly.

use crate::kit::{Case, Report, Wanted, assert_schema, assert_tame, assert_true, cases, judge};
use serde_json::Value;
use ssh_why::model::Fix;

#[test]
fn causes_are_found() {
    let wrong: Vec<String> = cases("causes").iter().flat_map(|case| check(case, true)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Logs of other programs: whose they are, and the same judgement.
#[test]
fn other_programs_logs_are_read() {
    let mut read = 0;
    let wrong: Vec<String> = cases("dialects")
        .into_iter()
        .filter_map(remade)
        .flat_map(|case| {
            let case = &case;
            read += 1;
            let report = judge(&case.sources());
            let dialect = report.json["transcripts"][0]["dialect"].as_str().unwrap().to_owned();
            let mut wrong = check(case, false);
            if dialect != case.cause {
                wrong.push(format!("{}: taken for {dialect}", case.name));
            }
            wrong
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(read >= 4, "{read} logs are few");
}

/// A case with its logs made anew, if REMADE names the folder of those (`scripts/fixtures`): then these alone count.
fn remade(mut case: Case) -> Option<Case> {
    let Some(folder) = std::env::var_os("REMADE") else { return Some(case) };
    case.folder = std::path::Path::new(&folder).join(&case.cause).join(case.folder.file_name()?);
    case.folder.exists().then_some(case)
}

/// Logs within what other programs put round them: the same judgement.
#[test]
fn wrapped_logs_are_read() {
    let wrong: Vec<String> = cases("wrapped").iter().flat_map(|case| check(case, true)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn near_misses_are_not_taken_for_the_cause() {
    let wrong: Vec<String> = cases("near-misses").iter().flat_map(|case| check(case, false)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_demo_is_a_pair_with_a_command() {
    let sources = [
        crate::kit::Source::new("vcs.log", ssh_why::model::Role::Vcs, crate::kit::text("fixtures/demo/vcs.log")),
        crate::kit::Source::new("ci.log", ssh_why::model::Role::Ci, crate::kit::text("fixtures/demo/ci.log")),
    ];
    let report = judge(&sources);
    assert_true(&report, &sources, "demo");
    assert_eq!(report.verdict(), "key-not-offered");
    let suggestion = report.diagnosis.suggestion.expect("a command");
    assert_eq!(suggestion.argv, ["ssh", "-i", "/home/dev/.ssh/keys/github", "-p", "64536", "34.227.73.140"]);
}

/// The roles that flags give are those that the hosts give.
#[test]
fn pairs_need_no_flags() {
    let mut pairs = 0;
    for case in cases("causes") {
        let mut sources = case.sources();
        if sources.len() != 2 {
            continue;
        }
        pairs += 1;
        let flagged = judge(&sources);
        sources.iter_mut().for_each(|source| source.role = ssh_why::model::Role::Other);
        let found = judge(&sources);
        assert_eq!(found.verdict(), flagged.verdict(), "{}", case.name);
        assert_eq!(found.json["comparisons"], flagged.json["comparisons"], "{}", case.name);
        assert_eq!(found.json["suggestion"], flagged.json["suggestion"], "{}", case.name);
    }
    assert!(pairs >= 8, "{pairs} pairs are few");
}

/// What is wrong with the report on one case.
fn check(case: &Case, fires: bool) -> Vec<String> {
    let sources = case.sources();
    let report = judge(&sources);
    assert_true(&report, &sources, &case.name);
    assert_tame(&report, &case.name);
    assert_schema(&report.json, &case.name);

    let mut wrong = Vec::new();
    let mut differs = |what: &str, want: &dyn std::fmt::Debug, got: &dyn std::fmt::Debug| {
        wrong.push(format!("{}: {what}: want {want:?}, got {got:?}", case.name));
    };
    let expect = &case.expect;
    let found = report.findings();
    if report.verdict() != expect.verdict {
        differs("verdict", &expect.verdict, &report.verdict());
    }
    for finding in &expect.findings {
        if !found.contains(&finding.as_str()) {
            differs("finding", finding, &found);
        }
    }
    if found.contains(&case.cause.as_str()) != fires {
        differs("fires", &fires, &found);
    }
    let sessions = report.sessions();
    if sessions.len() != expect.sessions.len() {
        differs("sessions", &expect.sessions.len(), &sessions.len());
    }
    for (want, (source, got)) in expect.sessions.iter().zip(sessions) {
        if want.file != source {
            differs("file", &want.file, &source);
        }
        session(want, got, &mut differs);
    }
    if let Some(offered) = expect.offered_to_ci {
        let got = &report.json["comparisons"][0]["offered_to_ci"];
        if *got != offered {
            differs("offered to the CI host", &offered, got);
        }
    }
    if let Some(suggest) = &expect.suggest
        && !serves(suggest, &report)
    {
        differs("suggestion", suggest, &report.json["suggestion"]["command"]);
    }
    let verdict = &report.json["verdict"];
    if expect.certainty.as_ref().is_some_and(|certainty| verdict["certainty"] != **certainty) {
        differs("certainty", &expect.certainty, &verdict["certainty"]);
    }
    let answer = format!("{:?}", report.diagnosis.answer()).to_lowercase();
    if expect.answer.as_ref().is_some_and(|want| *want != answer) {
        differs("answer", &expect.answer, &answer);
    }
    let findings = &report.diagnosis.findings;
    let commands: Vec<&str> = findings.iter().flat_map(|finding| &finding.fixes).filter_map(Fix::command).collect();
    if expect.command.as_deref().is_some_and(|command| !commands.contains(&command)) {
        differs("command", &expect.command, &commands);
    }
    let fix = |fix: &Fix| [Some(fix.title.clone()), fix.command().map(str::to_owned), fix.config().map(str::to_owned)];
    let said: Vec<String> = findings
        .iter()
        .flat_map(|finding| {
            let own = [Some(finding.title.clone()), Some(finding.explanation.clone())];
            own.into_iter().chain(finding.fixes.iter().flat_map(fix)).flatten()
        })
        .chain([report.diagnosis.verdict.summary.clone()])
        .collect();
    let says = |words: &String| said.iter().any(|text| text.contains(words.as_str()));
    for words in expect.says.iter().filter(|words| !says(words)) {
        differs("says", words, &said);
    }
    for words in expect.nowhere.iter().filter(|words| says(words)) {
        differs("says what it must not", &"nothing of it", words);
    }
    wrong
}

fn session(want: &Wanted, got: &Value, differs: &mut impl FnMut(&str, &dyn std::fmt::Debug, &dyn std::fmt::Debug)) {
    let texts = [("host", &want.host), ("user", &want.user), ("outcome", &want.outcome)];
    for (name, value) in texts {
        if let Some(value) = value
            && got[name] != **value
        {
            differs(name, value, &got[name]);
        }
    }
    if want.port.is_some_and(|port| got["port"] != port) {
        differs("port", &want.port, &got["port"]);
    }
    if let Some(login) = &want.login
        && got["login"].as_str() != login.as_deref()
    {
        differs("login", login, &got["login"]);
    }
    let offered = got["offered"].as_array().map_or(0, Vec::len);
    if want.offered.is_some_and(|count| count != offered) {
        differs("keys offered", &want.offered, &got["offered"]);
    }
    match (&want.accepted, &got["accepted"]) {
        (Some(None), key) if !key.is_null() => differs("accepted", &"none", key),
        (Some(Some(name)), key) if !["path", "label", "fingerprint"].iter().any(|field| key[field] == **name) => {
            differs("accepted", name, key)
        }
        _ => {}
    }
}

/// Whether the suggested command is the wanted one, further `-o` options aside.
fn serves(want: &str, report: &Report) -> bool {
    let read = |words: Vec<String>| {
        let mut rest = Vec::new();
        let mut facts = std::collections::BTreeMap::from([("-p".to_owned(), "22".to_owned())]);
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            if rest.len() < 2 && matches!(word.as_str(), "-i" | "-p" | "-o") {
                let value = words.next().unwrap_or_default();
                if word != "-o" {
                    facts.insert(word, value);
                }
            } else {
                rest.push(word);
            }
        }
        (rest, facts)
    };
    let got = report.diagnosis.suggestion.as_ref().map(|suggestion| suggestion.argv.clone());
    got.is_some_and(|got| read(got) == read(shlex::split(want).unwrap()))
}
