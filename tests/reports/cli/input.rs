//! What it reads: files, standard input, odd bytes, much of it, and slowly.

use std::io::Write;
use std::process::Stdio;
use std::time::{Duration, Instant};

use super::ran::{REFUSED, err, fails, fed, json, out, program, quietly, run};
use crate::kit::text;

#[test]
fn standard_input_is_a_dash_or_nothing() {
    for args in [
        &["read", "--format", "json"][..],
        &["read", "--format", "json", "-"],
        &["read", "--format", "json", "--vcs", "-"],
    ] {
        let output = fed(args, text("fixtures/demo/vcs.log").as_bytes());
        quietly(&output, 0);
        assert_eq!(json(&output)["transcripts"][0]["source"], "-", "{args:?}");
    }
    let both = fed(
        &["read", "--format", "json", "--vcs", "fixtures/demo/vcs.log", "--ci", "-"],
        text("fixtures/demo/ci.log").as_bytes(),
    );
    assert_eq!(json(&both)["verdict"]["cause"], "key-not-offered");
    fails(&fed(&["read", "-", "--vcs", "-"], b""), "standard input");
}

#[test]
fn what_cannot_be_read_gets_a_sentence() {
    fails(&run(&["read", "no-such.log"]), "no-such.log");
    assert!(err(&run(&["read", "no-such.log"])).contains("\nhint: "));
    fails(&run(&["read", "fixtures/causes"]), "fixtures/causes is a folder");
    fails(&run(&["read", "--vcs", "fixtures/demo"]), "is a folder");
    // A file where a folder should be: nobody, root neither, can read below it.
    fails(&run(&["read", "README.md/x.log"]), "README.md/x.log");
    // A name can't act on the terminal either.
    let sly = run(&["read", "no\u{1b}[2Jsuch\u{202e}.log"]);
    fails(&sly, "such");
    assert!(!err(&sly).contains(['\u{1b}', '\u{202e}']));
}

#[cfg(target_os = "linux")]
#[test]
fn names_need_not_be_utf_8() {
    use std::os::unix::ffi::OsStrExt;
    let folder = tempfile::tempdir().unwrap();
    let name = std::ffi::OsStr::from_bytes(b"log\xff\x1b[31m.txt");
    std::fs::write(folder.path().join(name), REFUSED).unwrap();
    for format in ["human", "json"] {
        let output =
            program().args(["read", "--format", format]).arg(name).current_dir(folder.path()).output().unwrap();
        let report = quietly(&output, 3);
        assert!(!report.contains('\u{1b}'), "{report}");
    }
}

#[test]
fn empty_and_foreign_input_is_not_enough_to_tell() {
    let nothing: [(&str, Vec<u8>); 6] = [
        ("empty", Vec::new()),
        ("blank lines", b"\n\n\r\n \n".to_vec()),
        ("prose", b"It does not work.\nPlease help!\n".to_vec()),
        ("NULs", vec![0; 5000]),
        ("binary", (0..20_000u32).map(|number| (number.wrapping_mul(2_654_435_761) >> 13) as u8).collect()),
        (
            "a file of this program",
            std::fs::read(env!("CARGO_BIN_EXE_ssh-why")).unwrap().into_iter().take(200_000).collect(),
        ),
    ];
    for (what, input) in nothing {
        for format in ["human", "json"] {
            let output = fed(&["read", "--format", format], &input);
            assert_eq!((output.status.code(), err(&output).as_str()), (Some(3), ""), "{what}");
            assert!(!out(&output).is_empty(), "{what}");
        }
    }
    let server = run(&["read", "--format", "json", "Cargo.toml"]);
    assert_eq!(json(&server)["verdict"]["cause"], "unknown");
}

#[test]
fn nuls_within_a_log_do_no_harm() {
    let log = text("fixtures/demo/vcs.log").replace(" accepts", "\0 accepts").replace('\n', "\0\n");
    let output = fed(&["read", "--format", "json"], log.as_bytes());
    quietly(&output, 0);
    assert_eq!(json(&output)["transcripts"][0]["sessions"][0]["accepted"]["path"], "/home/dev/.ssh/keys/github");
}

#[test]
fn two_thousand_logs_in_one_file() {
    let (vcs, ci) = (text("fixtures/demo/vcs.log"), text("fixtures/demo/ci.log"));
    let mut input = String::new();
    for _ in 0..1000 {
        input.push_str(&vcs);
        input.push_str(&ci);
    }
    let began = Instant::now();
    let output = fed(&["read", "--format", "json"], input.as_bytes());
    assert!(began.elapsed() < Duration::from_secs(60), "it took {:?}", began.elapsed());
    quietly(&output, 1);
    let document = json(&output);
    let sessions = document["transcripts"][0]["sessions"].as_array().unwrap();
    assert_eq!(sessions.len(), 2000);
    for (number, session) in sessions.iter().enumerate() {
        let outcome = ["authenticated", "denied"][number % 2];
        assert_eq!(session["outcome"], outcome, "session {number}");
    }
    assert_eq!(document["verdict"]["cause"], "key-not-offered");
    let human = quietly(&fed(&["read"], input.as_bytes()), 1);
    assert!(human.lines().count() < 200, "the report is {} lines long", human.lines().count());
}

/// Feeds it 100 MB and looks at its memory before it is told that this was all.
#[cfg(target_os = "linux")]
#[test]
fn memory_does_not_grow_with_the_log() {
    let dull = "debug2: channel 0: window 2097152 sent adjust 32768\n".repeat(20_000);
    let plain = "unit 17 was built, and all is well with the channel of it\n".repeat(20_000);
    let endless = "debug1: x Offering public key: /home/dev/.ssh/id ".repeat(20_000);
    for (what, piece) in [("one line", endless), ("debug lines", dull), ("plain lines", plain)] {
        let mut child = program()
            .args(["read", "--format", "json"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(text("fixtures/demo/vcs.log").as_bytes()).unwrap();
        let mut written = 0;
        while written < 100_000_000 {
            stdin.write_all(piece.as_bytes()).unwrap();
            written += piece.len();
        }
        stdin.write_all(b"\n").unwrap();
        stdin.write_all(text("fixtures/demo/ci.log").as_bytes()).unwrap();
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("the kernel tells the peak");
        let peak: u64 = peak.trim().trim_end_matches(" kB").parse().unwrap();
        assert!(peak <= 24 * 1024, "{what}: {peak} KiB");
        drop(stdin);
        let output = child.wait_with_output().unwrap();
        quietly(&output, 1);
        let document = json(&output);
        let outcomes: Vec<_> = document["transcripts"][0]["sessions"]
            .as_array()
            .unwrap()
            .iter()
            .map(|session| session["outcome"].as_str().unwrap())
            .collect();
        assert_eq!(outcomes, ["authenticated", "denied"], "{what}");
    }
}

#[test]
fn a_log_needs_no_subcommand() {
    let named = quietly(&run(&["fixtures/demo/ci.log"]), 1);
    assert_eq!(named, quietly(&run(&["read", "fixtures/demo/ci.log"]), 1));
    let log = text("fixtures/demo/ci.log");
    assert_eq!(quietly(&fed(&[], log.as_bytes()), 1), quietly(&fed(&["read"], log.as_bytes()), 1));
}

/// The same report whether a log comes as a file or through a pipe, and however slowly.
#[test]
fn a_slow_pipe_is_read_to_its_end() {
    let log = text("fixtures/demo/ci.log");
    let mut child =
        program().args(["read", "--format", "json"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    for piece in log.as_bytes().chunks(700) {
        stdin.write_all(piece).unwrap();
        stdin.flush().unwrap();
        std::thread::sleep(Duration::from_millis(5));
    }
    drop(stdin);
    let slow = json(&child.wait_with_output().unwrap());
    let fast = json(&fed(&["read", "--format", "json"], log.as_bytes()));
    assert_eq!(slow, fast);
}
