//! A repository, its remote, and a run in front of a command of git's.

use serde_json::Value;

use crate::check::scene::block;
use crate::kit::{GitServer, Home, Ran, Stage};

/// Makes the work folder a repository with one commit, whose remote is `address`, and leads `host` to the server.
pub(crate) fn repository(stage: &Stage, server: &GitServer, host: &str, address: &str, more: &str) {
    stage.home.knows(host, &server.server);
    stage.home.config(&block(host, &server.server, more));
    stage.repository(address);
    does(stage, "git -c user.name=me -c user.email=me@localhost commit -q --allow-empty -m first");
    does(stage, "git branch -q -M main");
}

/// Runs a line that must succeed.
#[track_caller]
pub(crate) fn does(stage: &Stage, line: &str) -> String {
    let (code, said) = stage.sh(line);
    assert_eq!(code, Some(0), "{line}: {said}");
    said
}

/// Runs a line that must fail.
#[track_caller]
pub(crate) fn fails(stage: &Stage, line: &str) -> String {
    let (code, said) = stage.sh(line);
    assert_ne!(code, Some(0), "{line}: {said}");
    said
}

/// Runs the program in front of a command. Neither the repository here nor those there may change, and no hook runs.
#[track_caller]
pub(crate) fn front(stage: &Stage, server: &GitServer, options: &[&str], words: &[&str]) -> (Ran, Value) {
    let before = (Home::snapshot_of(&stage.work()), Home::snapshot_of(&server.folder()), server.hooks());
    let ran = stage.in_front(options, words);
    let after = (Home::snapshot_of(&stage.work()), Home::snapshot_of(&server.folder()), server.hooks());
    assert_eq!(before.2, after.2, "a hook ran");
    assert!(before.0 == after.0, "the repository here was changed");
    assert!(before.1 == after.1, "a repository there was changed");
    let report = ran.report();
    (ran, report)
}

/// The verdict, which must be this one.
#[track_caller]
pub(crate) fn verdict(report: &Value, cause: &str) {
    assert_eq!(report["verdict"]["cause"], cause, "{report:#}");
}

/// All commands that the verdict's finding prints.
pub(crate) fn commands(report: &Value) -> Vec<String> {
    let cause = &report["verdict"]["cause"];
    let findings = report["findings"].as_array().unwrap();
    let main = findings.iter().find(|finding| finding["cause"] == *cause).unwrap();
    let fixes = main["fixes"].as_array().unwrap();
    fixes.iter().filter_map(|fix| fix["command"].as_str().map(str::to_owned)).collect()
}

/// The command with these words among those.
#[track_caller]
pub(crate) fn command(report: &Value, words: &str) -> String {
    let all = commands(report);
    let found = all.iter().find(|command| command.contains(words));
    found.unwrap_or_else(|| panic!("no {words:?} in {all:#?}")).clone()
}
