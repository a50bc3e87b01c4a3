//! Redacted logs and reports.

use std::path::Path;

use super::ran::{err, fails, fed, json, out, run};

#[test]
fn redacted_logs_give_the_same_verdict() {
    let folder = tempfile::tempdir().unwrap();
    let logs = ["fixtures/demo/vcs.log", "fixtures/demo/ci.log"];
    let into = |path: &Path| run(&[&["redact", "--into", path.to_str().unwrap()][..], &logs].concat());
    let output = into(folder.path());
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    assert_eq!(out(&output), "");
    let said = err(&output);
    assert!(said.starts_with("redacted: replaced ") && said.contains("fingerprint"), "{said}");
    for value in ["dev", "octocat", "34.227.73.140", "64536"] {
        assert!(!said.contains(value), "{said}");
    }
    let shared = ["vcs.log", "ci.log"].map(|name| folder.path().join(name).to_str().unwrap().to_owned());
    let [before, after] = [logs.map(str::to_owned), shared].map(|[vcs, ci]| {
        let output = run(&["read", "--format", "json", "--vcs", &vcs, "--ci", &ci]);
        json(&output)["verdict"]["cause"].as_str().unwrap().to_owned()
    });
    assert_eq!(before, after);
    fails(&into(folder.path()), "is there already");
    assert_eq!(into(&folder.path().join("new")).status.code(), Some(0));
    fails(&into(&folder.path().join("no/way")), "can't write");
}

#[test]
fn a_redacted_report_names_nobody() {
    let args =
        ["read", "--redact", "--keep", "ports", "--vcs", "fixtures/demo/vcs.log", "--ci", "fixtures/demo/ci.log"];
    for form in ssh_why::FORMS {
        let output = run(&[&args[..], &["--format", form.name]].concat());
        assert_eq!(output.status.code(), Some(1));
        let text = out(&output);
        for value in ["/home/dev", "octocat", "34.227.73.140"] {
            assert!(!text.contains(value), "{value}: {text}");
        }
        assert!(text.contains("64536"), "{text}");
        assert!(err(&output).contains("kept ports"), "{}", err(&output));
    }
    let usage = run(&["read", "--keep", "ports", "fixtures/demo/vcs.log"]);
    assert_eq!(usage.status.code(), Some(2));
}

#[test]
fn a_log_of_standard_input_is_redacted() {
    let output = fed(&["redact"], b"mona@10.0.0.7: Permission denied (publickey).\n");
    assert_eq!(out(&output), "user1@192.0.2.1: Permission denied (publickey).\n");
    assert_eq!(err(&output), "redacted: replaced 1 user in 1 place, 1 address in 1 place\n");
    let long = b"debug1: mona@10.0.0.7 said this and more\n".repeat(500_000);
    let output = fed(&["redact", "-"], &long);
    assert_eq!(output.stdout.len(), long.len() + 500_000 * ("user1@192.0.2.1".len() - "mona@10.0.0.7".len()));
    fails(&fed(&["redact"], b"-----BEGIN OPENSSH PRIVATE KEY-----\n"), "is a private key");
}

#[test]
fn what_a_pattern_fits_is_replaced_too() {
    let log = b"debug1: mona@10.0.0.7 for ORCH-17 and orch-18\nORCH-17: mona@build.example says ORCH-17q\n";
    let also = ["redact", "--also", "(?i)orch-[0-9]+", "--also", "z*"];
    let output = fed(&also, log);
    let text = out(&output);
    assert!(!text.to_lowercase().contains("orch"), "{text}");
    let of = |words: &str| text.split(words).nth(1).unwrap().split([' ', '\n', ':']).next().unwrap().to_owned();
    assert_eq!(of(" for "), of("\n"), "one value has one stand-in: {text}");
    assert_ne!(of(" for "), of(" and "), "{text}");
    // A redacted log has nothing left to replace, and the second pass leaves it alone.
    assert_eq!(out(&fed(&also, text.as_bytes())), text);
    let kept = out(&fed(&[&also[..], &["--keep", "names,hosts"]].concat(), log));
    assert!(!kept.to_lowercase().contains("orch-1"), "what is asked for is replaced: {kept}");
    let args = ["read", "--redact", "--also", "Authentications", "--format", "json", "fixtures/demo/ci.log"];
    assert!(!out(&run(&args)).contains("Authentications"), "in reports, too");
    fails(&run(&["redact", "--also", "(", "fixtures/demo/ci.log"]), "unclosed group");
}

/// Parts of a long log in which there is nothing are not looked at twice.
#[test]
fn a_long_log_is_the_same_however_it_is_read_and_written() {
    let folder = tempfile::tempdir().unwrap();
    let plain = |from: usize| {
        (from..from + 8000)
            .map(|at| format!("[{at}] unit {} of quince was built in src/x.c\n", at % 90))
            .collect::<String>()
    };
    let head = std::fs::read_to_string("fixtures/demo/vcs.log").unwrap();
    let key = "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA0123456789\n-----END RSA PRIVATE KEY-----\n";
    let last = "debug1: Authenticating to quince.example:22 as 'mona'\n";
    for (number, (tail, told)) in [("", false), (key, false), (last, true)].into_iter().enumerate() {
        let text = [&head, &plain(1), tail, &plain(8000)].concat();
        let log = folder.path().join(format!("{number}.log"));
        std::fs::write(&log, &text).unwrap();
        let by_name = run(&["redact", log.to_str().unwrap()]);
        let by_pipe = fed(&["redact"], text.as_bytes());
        let shared = folder.path().join(format!("shared-{number}"));
        let into = run(&["redact", "--into", shared.to_str().unwrap(), log.to_str().unwrap()]);
        assert_eq!(into.status.code(), Some(0), "{}", err(&into));
        let written = std::fs::read_to_string(shared.join(format!("{number}.log"))).unwrap();
        let shown = out(&by_name);
        assert!(shown == out(&by_pipe) && shown == written, "{number}");
        assert_eq!(err(&by_name), err(&by_pipe));
        assert_eq!(shown.lines().count(), text.lines().count());
        // A name that is told at the end stood in all the lines before it.
        assert_eq!(shown.matches("quince").count(), if told { 0 } else { 16_000 }, "{number}");
        assert_eq!(shown.matches(" was built in src/x.c\n").count(), 16_000);
        assert!(!shown.contains("MIIEpAIBAAKCAQEA"));
    }
}
