//! A folder of tickets.

use super::ran::{err, fails, quietly, run};
use crate::kit::project;

/// A folder of tickets: each log, and each folder with logs, is a report of its own, in the order of their names.
#[test]
fn a_folder_of_tickets_is_a_report_each() {
    let folder = tempfile::tempdir().unwrap();
    let copy = |from: &str, to: &str| {
        let to = folder.path().join(to);
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::copy(project(from), to).unwrap();
    };
    copy("fixtures/demo/ci.log", "a.log");
    for log in ["client.log", "server.log"] {
        copy(&format!("fixtures/servers/account-expired-001/{log}"), &format!("b/{log}"));
    }
    copy("fixtures/demo/vcs.log", "c.log");
    copy("fixtures/README.md", "d.md");
    let path = folder.path().to_str().unwrap();
    let output = run(&["read", "--format", "jsonl", path]);
    quietly(&output, 1);
    let text = String::from_utf8(output.stdout).unwrap();
    let reports: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let causes: Vec<&str> = reports.iter().map(|report| report["verdict"]["cause"].as_str().unwrap()).collect();
    assert_eq!(causes, ["no-identity", "server-side", "authenticated"]);
    assert_eq!(reports[1]["joins"].as_array().unwrap().len(), 1);
    let alone = run(&["read", "--format", "jsonl", &format!("{path}/a.log")]);
    assert_eq!(String::from_utf8(alone.stdout).unwrap().lines().next(), text.lines().next());
    let logs = [format!("{path}/a.log"), format!("{path}/c.log")];
    let each = run(&["read", "--each", &logs[0], &logs[1]]);
    let said = String::from_utf8(each.stdout).unwrap();
    assert_eq!(said.lines().filter(|line| line.starts_with("== ")).count(), 2, "{said}");
    fails(&run(&["read", "--report", "x.json", path]), "--report takes one report");
}

/// What can't be read of a folder of tickets is told; all the rest is reported.
#[cfg(unix)]
#[test]
fn an_unreadable_ticket_does_not_stop_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::create_dir(path("d")).unwrap();
    std::fs::copy(project("fixtures/demo/ci.log"), path("a.log")).unwrap();
    std::fs::write(path("b.log"), "-----BEGIN OPENSSH PRIVATE KEY-----\n").unwrap();
    std::os::unix::fs::symlink(path("nowhere"), path("c.log")).unwrap();
    std::os::unix::fs::symlink(path("nowhere"), path("d/client.log")).unwrap();
    std::fs::copy(project("fixtures/demo/vcs.log"), path("d/server.log")).unwrap();
    std::fs::copy(project("fixtures/demo/vcs.log"), path("e.log")).unwrap();
    let output = run(&["read", "--format", "jsonl", folder.path().to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    let sources: Vec<String> = text
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .map(|report| report["transcripts"][0]["source"].as_str().unwrap().rsplit('/').next().unwrap().to_owned())
        .collect();
    assert_eq!(sources, ["a.log", "server.log", "e.log"]);
    let told = err(&output);
    for words in ["b.log is a private key", "can't read", "c.log", "d/client.log"] {
        assert!(told.contains(words), "{words:?} in {told}");
    }
}
