//! On a terminal: progress, and no questions.

use std::time::Duration;

use crate::check::scene::{block, github};
use crate::kit::{FakeServer, GoServer, Manner, Ran, Sshd, Stage};

/// What ssh asks for, in part.
const QUESTIONS: &[&str] = &["Enter passphrase", "'s password", "Are you sure", "yes/no", "PIN for"];

/// What stays on the terminal: the report.
fn report(ran: &Ran) -> &str {
    ran.stdout.rsplit("\u{1b}[J").next().unwrap_or_default()
}

fn asks_nothing(ran: &Ran) {
    for question in QUESTIONS {
        assert!(!ran.stdout.contains(question), "a question: {}", ran.stdout);
    }
}

/// A line for each host and what it waits for, and nothing of it left in the end.
#[test]
fn progress_shows() {
    let stage = Stage::new();
    let key = stage.home.key("id_ed25519");
    let git = GoServer::github().accepts(&key).start(&stage);
    github(&stage.home, &git, "");
    let ci = FakeServer::start(&stage, Manner::HangAtBanner);
    let args = ["--vcs", "github.com", "--ci", &ci.command()];
    let ran = stage.run("check", &args).limit(Duration::from_secs(2)).on_terminal().finish();
    assert_eq!(ran.code, Some(1), "{}", ran.stdout);
    for words in ["127.0.0.1: waits for ", "github.com: done"] {
        assert!(ran.stdout.contains(words), "no {words:?}: {}", ran.stdout);
    }
    let last = report(&ran);
    assert!(!last.contains("waits for the"), "progress stays: {last}");
    assert!(last.contains("connection-timeout"), "{}", ran.stdout);
}

#[test]
fn an_encrypted_key_is_not_asked_for() {
    let stage = Stage::new();
    let key = stage.home.make_key("id_ed25519", |key| key.passphrase("open sesame"));
    let git = GoServer::github().accepts(&key).start(&stage);
    let ci = Sshd::ci().accepts(&key).start(&stage);
    github(&stage.home, &git, "");
    let ran = stage.run("check", &["--vcs", "github.com", "--ci", &ci.command()]).on_terminal().finish();
    assert!(ran.stdout.contains("passphrase"), "{}", ran.stdout);
    asks_nothing(&ran);
}

#[test]
fn a_password_is_not_asked_for() {
    let stage = Stage::new();
    stage.home.key("id_ed25519");
    let server = Sshd::gitlab().option("PasswordAuthentication yes").start(&stage);
    stage.home.knows("git.example.com", &server);
    stage.home.config(&block("git.example.com", &server, "BatchMode no\nPreferredAuthentications password"));
    asks_nothing(&stage.run("check", &["--vcs", "git.example.com"]).on_terminal().finish());
}

/// The jump host's ssh is started by ssh, and does not know that nobody is to be asked.
#[test]
fn an_unknown_jump_host_is_not_asked_for() {
    let (stage, command) = behind_a_jump_host(false, |stage| stage.home.key("id_ed25519"));
    let ran = stage.run("check", &["--vcs", "github.com", "--ci", &command]).on_terminal().finish();
    asks_nothing(&ran);
    assert!(ran.took < Duration::from_secs(6), "it waited for an answer: {:?}\n{}", ran.took, report(&ran));
    assert!(ran.stdout.contains("jump.example.com"), "{}", ran.stdout);
}

#[test]
fn an_encrypted_key_for_the_jump_host_is_not_asked_for() {
    let (stage, command) =
        behind_a_jump_host(true, |stage| stage.home.make_key("id_ed25519", |key| key.passphrase("open sesame")));
    let ran = stage.run("check", &["--vcs", "github.com", "--ci", &command]).on_terminal().finish();
    asks_nothing(&ran);
    assert!(ran.took < Duration::from_secs(6), "it waited for an answer: {:?}\n{}", ran.took, report(&ran));
}

/// The same, where no terminal can be asked.
#[test]
fn an_unknown_jump_host_without_a_terminal() {
    let (stage, command) = behind_a_jump_host(false, |stage| stage.home.key("id_ed25519"));
    let ran = stage.check(&["--vcs", "github.com", "--ci", &command]);
    let report = ran.report();
    let cause = report["verdict"]["cause"].as_str().unwrap();
    assert!(["host-key-unknown", "proxy-failed"].contains(&cause), "{}", report["verdict"]);
    assert!(report["verdict"].to_string().contains("jump.example.com"), "{}", report["verdict"]);
}

fn behind_a_jump_host(known: bool, key: impl FnOnce(&Stage) -> crate::kit::Key) -> (Stage, String) {
    let stage = Stage::new();
    let good = stage.key_elsewhere("good");
    let key = key(&stage);
    let git = GoServer::github().accepts(&good).start(&stage);
    github(&stage.home, &git, &format!("IdentityFile {}", good.path()));
    let jump = Sshd::gitlab().accepts(&key).start(&stage);
    if known {
        stage.home.knows("jump.example.com", &jump);
    }
    let ci = Sshd::ci().accepts(&key).start(&stage);
    let command = format!("ssh -J jump.example.com:{} -p {} 127.0.0.1", jump.port, ci.port);
    (stage, command)
}
