//! Exit codes, verdicts, and the commands that go with them.

use super::ran::{fails, json, pair, program, quietly, run};
use crate::kit::text;

#[test]
fn exit_codes_tell_what_was_found() {
    quietly(&run(&["read", "fixtures/demo/vcs.log"]), 0);
    quietly(&run(&["read", "fixtures/demo/ci.log"]), 1);
    quietly(&run(&["read", "fixtures/causes/unknown/9.2-last-line-only/vcs.log"]), 3);
    assert_eq!(run(&["read", "--no-such-flag"]).status.code(), Some(2));
    // The form of the report makes no difference.
    for (file, code) in [
        ("fixtures/demo/vcs.log", 0),
        ("fixtures/demo/ci.log", 1),
        ("fixtures/causes/unknown/9.2-last-line-only/vcs.log", 3),
    ] {
        quietly(&run(&["read", "--format", "json", file]), code);
    }
}

#[test]
fn the_pair_gets_its_command() {
    let report = quietly(&run(&[&["read"], &pair()[..]].concat()), 1);
    assert!(report.starts_with("key-not-offered: "), "{report}");
    assert!(report.contains("\n    ssh -i /home/dev/.ssh/keys/github -p 64536 34.227.73.140\n"), "{report}");
    assert!(report.contains("fixtures/demo/vcs.log:"), "{report}");
}

#[test]
fn json_is_one_document_and_nothing_else() {
    let output = run(&[&["read", "--format", "json"], &pair()[..]].concat());
    quietly(&output, 1);
    let document = json(&output);
    crate::kit::assert_schema(&document, "json");
    assert_eq!(document["transcripts"][0]["source"], "fixtures/demo/vcs.log");
    assert_eq!(document["transcripts"][0]["role"], "vcs");
    assert_eq!(document["verdict"]["cause"], "key-not-offered");
    assert_eq!(document["suggestion"]["verified"], serde_json::Value::Null);
}

#[test]
fn flags_overrule_hosts() {
    let swapped = run(&["read", "--format", "json", "--ci", "fixtures/demo/vcs.log", "--vcs", "fixtures/demo/ci.log"]);
    let document = json(&swapped);
    let roles: Vec<_> =
        document["transcripts"].as_array().unwrap().iter().map(|log| log["role"].as_str().unwrap()).collect();
    assert_eq!(roles, ["vcs", "ci"]);
    assert_eq!(document["transcripts"][1]["source"], "fixtures/demo/vcs.log");
}

#[test]
fn commands_are_quoted_for_the_shell() {
    let folder = tempfile::tempdir().unwrap();
    let key = "/home/dev/my keys/id";
    let logs = ["vcs.log", "ci.log"]
        .map(|name| text(&format!("fixtures/demo/{name}")).replace("/home/dev/.ssh/keys/github", key));
    for (name, log) in ["vcs.log", "ci.log"].iter().zip(&logs) {
        std::fs::write(folder.path().join(name), log).unwrap();
    }
    let command = |shell: &str| {
        let output = program()
            .args(["read", "--format", "json", "--vcs", "vcs.log", "--ci", "ci.log", "--shell", shell])
            .current_dir(folder.path())
            .output()
            .unwrap();
        quietly(&output, 1);
        let document = json(&output);
        assert_eq!(document["suggestion"]["argv"][2], key);
        document["suggestion"]["command"].as_str().unwrap().to_owned()
    };
    assert_eq!(command("sh"), "ssh -i '/home/dev/my keys/id' -p 64536 34.227.73.140");
    assert_eq!(command("powershell"), "ssh -i '/home/dev/my keys/id' -p 64536 34.227.73.140");
    assert_eq!(command("cmd"), "ssh -i \"/home/dev/my keys/id\" -p 64536 34.227.73.140");
    assert_eq!(run(&["read", "--shell", "tcl", "fixtures/demo/ci.log"]).status.code(), Some(2));
}

/// Of a server's log: one user's connections, and those since a time.
#[test]
fn one_users_connections_since_a_time() {
    let log = "fixtures/servers/interleaved-001/server.log";
    let rows = |more: &[&str]| -> Vec<String> {
        let output = run(&[&["read", "--format", "json", log], more].concat());
        let document = json(&output);
        let rows = document["transcripts"][0]["server"]["refusals"].as_array().unwrap().clone();
        rows.iter().map(|row| row["user"].as_str().unwrap().to_owned()).collect()
    };
    let mut all = rows(&[]);
    all.sort();
    assert_eq!(all, ["admin", "bob", "deploy", "oracle"]);
    assert_eq!(rows(&["--user", "deploy"]), ["deploy"]);
    let mut late = rows(&["--since", "2026-11-27 09:20:25"]);
    late.sort();
    assert_eq!(late, ["admin", "deploy", "oracle"]);
    fails(&run(&["read", "--since", "next week", log]), "give a day");
    // A hundred years back all of it is wanted, and of what has just been written nothing.
    assert_eq!(rows(&["--since", "1200 months ago"]).len(), 4);
    assert!(rows(&["--since", "@32503680000"]).is_empty());
}
