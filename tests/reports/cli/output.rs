//! What it writes, and where.

use std::io::{Read, Write};
use std::path::Path;
use std::process::Stdio;

use super::ran::{fails, out, pair, program, quietly, run};
use crate::kit::{project, text};

#[test]
fn colours_come_on_demand() {
    let coloured = |args: &[&str], environment: &[(&str, &str)]| {
        let output =
            program().args(args).arg("fixtures/demo/ci.log").envs(environment.iter().copied()).output().unwrap();
        quietly(&output, 1).contains('\u{1b}')
    };
    // Standard output is no terminal here.
    assert!(!coloured(&["read"], &[]));
    assert!(!coloured(&["read", "--color", "auto"], &[("TERM", "xterm-256color"), ("CLICOLOR_FORCE", "1")]));
    assert!(!coloured(&["read", "--color", "never"], &[("TERM", "xterm-256color")]));
    assert!(coloured(&["read", "--color", "always"], &[]));
    assert!(!coloured(&["read"], &[("NO_COLOR", "1")]));
    assert!(!coloured(&["read", "--color", "always", "--format", "json"], &[]));
}

#[test]
fn a_reader_that_leaves_is_no_failure() {
    for args in [&["read", "--format", "json"][..], &["read"], &["man"], &["explain"], &["completions", "bash"]] {
        let mut child =
            program().args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let mut stdin = child.stdin.take().unwrap();
        let _ = stdin.write_all(text("fixtures/demo/ci.log").as_bytes());
        drop(stdin);
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        let code = child.wait().unwrap().code();
        assert_eq!(said, "", "{args:?}");
        assert_eq!(code, Some(if args[0] == "read" { 1 } else { 0 }), "{args:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told() {
    for args in [
        &["read", "fixtures/demo/ci.log"][..],
        &["read", "--format", "json", "fixtures/demo/ci.log"],
        &["explain"],
        &["man"],
        &["completions", "zsh"],
    ] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = program().args(args).stdout(full).output().unwrap();
        fails(&output, "can't write the report");
    }
}

/// Beside what is printed; never over a file that is there; in the form that its ending names.
#[test]
fn a_report_goes_into_a_new_file() {
    let folder = tempfile::tempdir().unwrap();
    let log = project("fixtures/demo/ci.log");
    let with =
        |name: &str| program().args(["read", "--report", name]).arg(&log).current_dir(folder.path()).output().unwrap();
    let plain = quietly(&program().arg("read").arg(&log).output().unwrap(), 1);
    for (name, begins) in [
        ("a.html", "<!DOCTYPE html>"),
        ("a.HTM", "<!DOCTYPE html>"),
        ("a.md", "## "),
        ("a.json", "{\n"),
        ("a.jsonl", "{\"schema\":1,"),
        ("a.txt", "no-identity: "),
    ] {
        assert_eq!(quietly(&with(name), 1), plain, "{name}");
        let written = std::fs::read_to_string(folder.path().join(name)).unwrap();
        assert!(written.starts_with(begins) && written.ends_with('\n'), "{name}: {written}");
    }
    let before = std::fs::read(folder.path().join("a.md")).unwrap();
    fails(&with("a.md"), "a.md is there already");
    assert_eq!(std::fs::read(folder.path().join("a.md")).unwrap(), before);
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("nowhere.md", folder.path().join("link.md")).unwrap();
        fails(&with("link.md"), "link.md is there already");
    }
    fails(&with("a"), "tells no form");
    fails(&with("a.pdf"), ".md");
    fails(&with("no/such/folder.md"), "can't write the report to no/such/folder.md");
    fails(&with("a.md/b.md"), "can't write the report to a.md/b.md: not a directory");
    assert_eq!(crate::kit::names(folder.path(), false).iter().filter(|name| name.starts_with("a.")).count(), 6);
}

/// A report that does not fit leaves no part of it behind, which the next run would find there already.
#[cfg(unix)]
#[test]
fn a_report_is_written_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    // A file may have one block, and who writes more is told.
    let script = "trap '' XFSZ; ulimit -f 1; exec \"$1\" read --report a.html \"$2\"";
    let output = std::process::Command::new("sh")
        .args(["-c", script, "sh", env!("CARGO_BIN_EXE_ssh-why")])
        .arg(project("fixtures/demo/ci.log"))
        .current_dir(folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.starts_with("error: can't write the report to a.html: "), "{said}");
    assert!(out(&output).contains("no-identity"), "what was printed stays");
    assert!(crate::kit::names(folder.path(), false).is_empty());
}

/// What one screen can't hold is told, and `-v` shows it.
#[test]
fn a_short_report_says_that_it_is_one() {
    let brief = quietly(&run(&[&["read"], &pair()[..]].concat()), 1);
    let whole = quietly(&run(&[&["read", "-v"], &pair()[..]].concat()), 1);
    assert!(brief.ends_with("; the whole report: -v\n"), "{brief}");
    assert!(!brief.contains("What was read") && whole.contains("What was read"), "{whole}");
    assert!(!whole.contains("-v\n"), "{whole}");
}

#[test]
fn nothing_is_written_and_no_environment_is_needed() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(project("fixtures/demo/ci.log"), folder.path().join("ci.log")).unwrap();
    // `program` clears the environment for every test here; a home of its own would show what it writes.
    let output =
        program().args(["read", "ci.log"]).env("HOME", folder.path()).current_dir(folder.path()).output().unwrap();
    quietly(&output, 1);
    let bare = program().args(["read", "ci.log"]).current_dir(folder.path()).output().unwrap();
    assert_eq!(out(&bare), out(&output));
    assert_eq!(crate::kit::names(folder.path(), false), ["ci.log"]);
    assert!(crate::kit::names(folder.path(), true).is_empty());
    assert!(Path::new(env!("CARGO_BIN_EXE_ssh-why")).is_file());
}
