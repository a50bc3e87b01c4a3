//! The program itself: arguments, exit codes, streams, limits.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::kit::{project, text};
use ssh_why::rules::RULES;

const REFUSED: &str = "git@github.com: Permission denied (publickey).\n";

/// The program, without the caller's environment and without input.
fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ssh-why"));
    command.env_clear().stdin(Stdio::null()).current_dir(project(""));
    command
}

fn run(args: &[&str]) -> Output {
    program().args(args).output().expect("the program runs")
}

/// Runs it with this input.
fn fed(args: &[&str], input: &[u8]) -> Output {
    let mut child = program()
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writer = std::thread::spawn(move || {
        // It may have had enough.
        let _ = stdin.write_all(&input);
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8 on standard output")
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8 on standard error")
}

/// Asserts the exit code, and that nothing was said on standard error.
fn quietly(output: &Output, code: i32) -> String {
    assert_eq!(err(output), "");
    assert_eq!(output.status.code(), Some(code), "{}", out(output));
    out(output)
}

/// Asserts that it failed with a sentence, a way on where there is one, and nothing on standard output.
fn fails(output: &Output, says: &str) {
    let said = err(output);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.starts_with("error: "), "{said}");
    assert!(said.contains(says), "{said}");
    assert!(!said.contains("panicked") && !said.contains("RUST_BACKTRACE"), "{said}");
    assert_eq!(out(output), "");
}

fn json(output: &Output) -> serde_json::Value {
    let mut documents = serde_json::Deserializer::from_slice(&output.stdout).into_iter();
    let document = documents.next().expect("a document").expect("it is JSON");
    assert!(documents.next().is_none(), "there is one document");
    document
}

fn pair() -> [&'static str; 4] {
    ["--vcs", "fixtures/demo/vcs.log", "--ci", "fixtures/demo/ci.log"]
}

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

#[test]
fn explain_prints_pages() {
    let list = quietly(&run(&["explain"]), 0);
    assert_eq!(list.lines().filter(|line| !line.is_empty()).count(), RULES.len() + 1, "and one line for the clients");
    for rule in RULES {
        assert!(
            list.lines().any(|line| line.starts_with(&format!("{} ", rule.id)) && line.ends_with(rule.summary())),
            "{}",
            rule.id
        );
        let page = quietly(&run(&["explain", rule.id]), 0);
        assert!(page.starts_with(&format!("{}\n\n{}", rule.id, rule.summary().split(' ').next().unwrap())), "{page}");
        let words = |text: &str| text.replace(['#', '`', '*'], "").split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(words(&page), words(rule.page));
        // As they stand are commands and logs, which no width breaks.
        let typed = |line: &&str| !line.starts_with("        ");
        assert!(page.lines().filter(typed).all(|line| line.chars().count() <= 80), "{page}");
        assert!(!page.lines().filter(typed).any(|line| line.contains('`') || line.starts_with('#')), "{page}");
    }
    let client = quietly(&run(&["explain", "plink"]), 0);
    assert!(client.contains("PuTTY") && client.contains("default key files: no"), "{client}");
    let coloured = quietly(&run(&["explain", "--color", "always", "dns"]), 0);
    assert!(coloured.contains("\u{1b}[1m"), "{coloured}");
    let near = run(&["explain", "key_not_ofered"]);
    fails(&near, "key_not_ofered");
    assert!(err(&near).contains("did you mean key-not-offered?"), "{}", err(&near));
    let far = run(&["explain", "weather"]);
    fails(&far, "weather");
    assert!(!err(&far).contains("did you mean"), "{}", err(&far));
}

#[test]
fn what_ssh_said_leads_to_its_causes() {
    for (said, causes) in [
        ("Permission denied (publickey)", &["key-rejected", "no-identity", "key-not-offered"][..]),
        ("git@github.com: Permission denied (publickey).", &["key-rejected"]),
        ("Load key \"/home/dev/.ssh/other\": error in libcrypto", &["identity-invalid"]),
        ("Too many authentication failures", &["too-many-failures"]),
    ] {
        let list = quietly(&run(&["explain", said]), 0);
        for cause in causes {
            assert!(list.lines().any(|line| line.starts_with(&format!("{cause} "))), "{said}: {list}");
        }
    }
    fails(&run(&["explain", "of that nobody ever wrote a line"]), "there is no cause");
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
    assert_eq!(crate::kit::names(folder.path(), false).iter().filter(|name| name.starts_with("a.")).count(), 6);
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
fn packagers_get_completions_and_a_manual() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = quietly(&run(&["completions", shell]), 0);
        assert!(script.len() > 500 && script.contains("ssh-why"), "{shell}");
        assert!(script.contains("explain"), "{shell}");
    }
    let page = quietly(&run(&["man"]), 0);
    assert!(page.contains(".TH ssh-why 1") && page.contains("read") && page.contains("Exit codes"), "{page}");
    assert_eq!(run(&["completions", "tcsh"]).status.code(), Some(2));
}

#[test]
fn help_and_version() {
    let help = quietly(&run(&["--help"]), 0);
    for word in ["read", "explain", "completions", "man", "Exit codes", "0  all is well", "3  not enough to tell"] {
        assert!(help.contains(word), "{word}");
    }
    assert_eq!(quietly(&run(&["--version"]), 0), format!("ssh-why {}\n", env!("CARGO_PKG_VERSION")));
    let read = quietly(&run(&["read", "--help"]), 0);
    for flag in ["--vcs", "--ci", "--format", "--color", "--shell"] {
        assert!(read.contains(flag), "{flag}");
    }
}

#[test]
fn each_help_fits_a_terminal_and_shows_how() {
    let whole = quietly(&run(&["--help"]), 0);
    let listed = whole.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names = listed.filter(|line| !line.starts_with("    ")).filter_map(|line| line.split_whitespace().next());
    let names: Vec<&str> = names.filter(|name| *name != "help").collect();
    assert!(names.len() >= 6, "{names:?}");
    for name in names {
        let help = quietly(&run(&[name, "--help"]), 0);
        assert!(help.contains("\nExample") && help.contains("\nExit codes:\n"), "{name}: {help}");
        let wide: Vec<&str> = help.lines().chain(whole.lines()).filter(|line| line.chars().count() > 80).collect();
        assert!(wide.is_empty(), "{name}: {wide:?}");
        let page = quietly(&run(&["man", name]), 0);
        assert!(page.contains(&format!(".TH ssh-why-{name}")), "{page}");
    }
    let manual = quietly(&run(&["man"]), 0);
    for option in ["vcs", "format", "report", "timeout", "offer"].iter().filter(|_| cfg!(feature = "live")) {
        assert!(manual.contains(&format!("\\-\\-{option}")), "{option}");
    }
    fails(&run(&["man", "no-such"]), "no subcommand");
}

/// A first word that is nothing is told as that, with what it may have been.
#[test]
fn a_word_that_is_nothing() {
    for (word, hint) in [("frobnicate", "--help"), ("no-such/ci.log", "the name and the folder")] {
        let ran = run(&[word]);
        fails(&ran, "is no subcommand, and no file that is there");
        assert!(err(&ran).contains(hint), "{}", err(&ran));
    }
    if cfg!(feature = "live") {
        assert!(err(&run(&["git.corp.example"])).contains("ssh-why check git.corp.example"));
    }
    assert!(err(&run(&["chekc"])).contains("'check'"));
}

#[test]
fn a_log_needs_no_subcommand() {
    let named = quietly(&run(&["fixtures/demo/ci.log"]), 1);
    assert_eq!(named, quietly(&run(&["read", "fixtures/demo/ci.log"]), 1));
    let log = text("fixtures/demo/ci.log");
    assert_eq!(quietly(&fed(&[], log.as_bytes()), 1), quietly(&fed(&["read"], log.as_bytes()), 1));
}

#[cfg(feature = "live")]
#[test]
fn a_limit_is_in_seconds_or_minutes() {
    for wrong in ["0", "ten", "10h", "-1", "99999999999999999999"] {
        let output = run(&["keys", &format!("--timeout={wrong}")]);
        assert_eq!(output.status.code(), Some(2), "{wrong}");
        assert!(err(&output).contains("10, 10s or 1m"), "{wrong}: {}", err(&output));
    }
    for right in ["10", "10s", "1m"] {
        assert_eq!(run(&["keys", "--timeout", right, "--help"]).status.code(), Some(0), "{right}");
    }
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
