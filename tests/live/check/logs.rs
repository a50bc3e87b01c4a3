//! The live logs that are kept, and that the report names.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::Value;

use crate::check::scene::{github, sessions};
use crate::kit::{FakeServer, GoServer, Manner, Sshd, Stage};

/// Each quoted line stands in the file that the report names, at the number that it gives. Returns how many there are.
fn quotes_are_true(report: &Value) -> usize {
    let mut count = 0;
    for evidence in report["findings"].as_array().unwrap().iter().flat_map(|f| f["evidence"].as_array().unwrap()) {
        let line = usize::try_from(evidence["line"].as_u64().unwrap()).unwrap();
        if line == 0 {
            continue;
        }
        let text = fs::read_to_string(evidence["source"].as_str().unwrap()).unwrap();
        let found = text.lines().nth(line - 1).unwrap_or_default();
        assert!(found.contains(evidence["text"].as_str().unwrap()), "{evidence} is not in {found:?}");
        count += 1;
    }
    count
}

#[test]
fn a_file_a_host_and_the_evidence_names_it() {
    let stage = Stage::new();
    let key = stage.home.key("id_github");
    let git = GoServer::github().accepts(&key).start(&stage);
    let ci = Sshd::ci().start(&stage);
    github(&stage.home, &git, &format!("IdentityFile {}", key.path()));
    let folder = stage.new_path("logs/of today");
    let name = folder.to_str().unwrap();
    let args = ["--log", name, "--vcs", "github.com", "--ci", &ci.command()];
    let report = stage.check(&args).report();
    assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
    let mut sources: Vec<_> =
        report["transcripts"].as_array().unwrap().iter().map(|log| log["source"].clone()).collect();
    sources.sort_by_key(Value::to_string);
    assert_eq!(sources, ["127.0.0.1.log", "github.com.log"].map(|file| format!("{name}/{file}")));
    for source in &sources {
        assert_eq!(fs::metadata(source.as_str().unwrap()).unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert!(quotes_are_true(&report) >= 4, "{}", report["findings"]);
    // The host's own words, which came beside the log, are in it as well.
    let kept = fs::read_to_string(folder.join("github.com.log")).unwrap();
    assert!(kept.contains("Hi octocat!"), "{kept}");
    let lines = report["transcripts"].as_array().unwrap().iter().find(|log| log["source"] == sources[1]).unwrap();
    assert_eq!(lines["lines"], kept.lines().count());
    // Nothing is overwritten.
    let again = stage.check(&args).report();
    assert!(again.to_string().contains("github.com-2.log"), "{}", again["transcripts"]);
    assert_eq!(fs::read_to_string(folder.join("github.com.log")).unwrap(), kept);
    // And what is kept is read as it was.
    let read = stage.sh(&format!("{} read --format json '{name}/127.0.0.1.log'", env!("CARGO_BIN_EXE_ssh-why")));
    let read: Value = serde_json::from_str(&read.1).unwrap();
    let ends = |report: &Value| sessions(report).map(|session| session["outcome"].clone()).collect::<Vec<_>>();
    assert_eq!(ends(&read), ["denied"]);
}

/// What this program says itself has its line, too.
#[test]
fn a_host_that_says_nothing() {
    let stage = Stage::new();
    stage.home.key("id_ed25519");
    let silent = FakeServer::start(&stage, Manner::HangAtBanner);
    let folder = stage.new_path("logs");
    let name = folder.to_str().unwrap();
    let report = stage
        .run("check", &["--log", name, "-p", &silent.port.to_string(), "dev@127.0.0.1"])
        .format("json")
        .limit(std::time::Duration::from_secs(1))
        .finish()
        .report();
    assert!(quotes_are_true(&report) > 0, "{}", report["findings"]);
    let kept = fs::read_to_string(folder.join("127.0.0.1.log")).unwrap();
    assert!(kept.lines().last().unwrap().starts_with("no answer within"), "{kept}");
}

/// Refused before anybody is asked.
#[test]
fn a_folder_that_is_none() {
    let stage = Stage::new();
    let file = stage.new_path("file");
    fs::write(&file, "").unwrap();
    let ran = stage.check(&["--log", file.to_str().unwrap(), "--vcs", "git.example.com"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{}", ran.stderr);
    assert!(ran.stderr.contains("can't keep logs in"), "{}", ran.stderr);
}
