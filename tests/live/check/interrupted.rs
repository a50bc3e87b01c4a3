//! A check that is ended half-way ends all that it has started.

use std::time::Duration;

use rustix::process::Signal;

use crate::check::scene::block;
use crate::kit::{FakeServer, GoServer, Manner, Stage, until};

#[test]
fn by_ctrl_c() {
    ends_at_once(Signal::INT, true);
}

#[test]
fn by_sigterm() {
    ends_at_once(Signal::TERM, true);
}

#[test]
fn by_the_terminal_that_closes() {
    ends_at_once(Signal::HUP, true);
}

/// A killed program can end nothing by itself; the kernel does.
#[test]
fn by_sigkill() {
    ends_at_once(Signal::KILL, false);
}

fn ends_at_once(signal: Signal, by_itself: bool) {
    let stage = Stage::new();
    let key = stage.home.key("id_ed25519");
    // A proxy command, so that ssh has a child of its own.
    let git = GoServer::gitlab().accepts(&key).hangs_in_auth().start(&stage);
    let ci = FakeServer::start(&stage, Manner::HangAtBanner);
    stage.home.knows("git.example.com", &git);
    let proxy = format!("ProxyCommand {}", GoServer::relay(git.port));
    stage.home.config(&block("git.example.com", &git, &proxy));
    let args = ["--vcs", "git.example.com", "--ci", &ci.command()];
    let run = stage.run("check", &args).limit(Duration::from_secs(30)).start();
    // Itself, an ssh for each host, and the proxy command.
    let up = until(Duration::from_secs(10), || {
        let lines: Vec<_> = run.processes().into_iter().map(|(_, line)| line).collect();
        lines.iter().filter(|line| line.contains(" -v ")).count() == 2
            && lines.iter().any(|line| line.contains("-relay"))
            && git.connections() > 0
    });
    assert!(up, "{:?}", run.processes());
    run.signal(signal);
    let ran = run.finish();
    assert!(ran.took < Duration::from_secs(12), "took {:?}", ran.took);
    assert_ne!(ran.code, Some(0));
    assert_eq!(ran.code.is_some(), by_itself, "exit code {:?}", ran.code);
    assert_eq!(ran.stdout, "", "half a report");
}
