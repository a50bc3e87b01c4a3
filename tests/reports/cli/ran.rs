//! A run of the program, and what it said.

use std::io::Write;
use std::process::{Command, Output, Stdio};

use crate::kit::project;

pub(super) const REFUSED: &str = "git@github.com: Permission denied (publickey).\n";

/// The program, without the caller's environment and without input.
pub(super) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ssh-why"));
    command.env_clear().stdin(Stdio::null()).current_dir(project(""));
    command
}

pub(super) fn run(args: &[&str]) -> Output {
    program().args(args).output().expect("the program runs")
}

/// Runs it with this input.
pub(super) fn fed(args: &[&str], input: &[u8]) -> Output {
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

pub(super) fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8 on standard output")
}

pub(super) fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8 on standard error")
}

/// Asserts the exit code, and that nothing was said on standard error.
pub(super) fn quietly(output: &Output, code: i32) -> String {
    assert_eq!(err(output), "");
    assert_eq!(output.status.code(), Some(code), "{}", out(output));
    out(output)
}

/// Asserts that it failed with a sentence, a way on where there is one, and nothing on standard output.
pub(super) fn fails(output: &Output, says: &str) {
    let said = err(output);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.starts_with("error: "), "{said}");
    assert!(said.contains(says), "{said}");
    assert!(!said.contains("panicked") && !said.contains("RUST_BACKTRACE"), "{said}");
    assert_eq!(out(output), "");
}

pub(super) fn json(output: &Output) -> serde_json::Value {
    let mut documents = serde_json::Deserializer::from_slice(&output.stdout).into_iter();
    let document = documents.next().expect("a document").expect("it is JSON");
    assert!(documents.next().is_none(), "there is one document");
    crate::kit::fits_schema(&document).unwrap_or_else(|why| panic!("no report of the schema: {why}"));
    document
}

pub(super) fn pair() -> [&'static str; 4] {
    ["--vcs", "fixtures/demo/vcs.log", "--ci", "fixtures/demo/ci.log"]
}
