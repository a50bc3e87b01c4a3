//! How much longer `ssh-why git push` takes than the `git push` that fails.
//!
//! `cargo bench --bench front` prints medians, near (the loopback interface) and far (20 ms each way), and fails if a ratio
//! is above the limit.

#![allow(clippy::print_stdout, reason = "the figures are what it is run for")]

#[cfg(target_os = "linux")]
#[path = "../tests/kit/mod.rs"]
mod kit;

#[cfg(target_os = "linux")]
mod timed;

#[cfg(target_os = "linux")]
fn main() -> std::process::ExitCode {
    measure::all()
}

#[cfg(not(target_os = "linux"))]
fn main() {}

#[cfg(target_os = "linux")]
mod measure {
    use std::process::ExitCode;
    use std::time::Duration;

    use crate::kit::{GitHost, Right, Stage};
    use crate::timed::{FAR, distant, medians, run};

    /// What it may take, by the push's own time.
    const LIMIT: f64 = 1.3;

    pub(super) fn all() -> ExitCode {
        let places = [("near", Duration::ZERO), ("far", FAR)];
        let ratios = [true, false].map(|known| places.map(|(name, way)| compare(name, way, known)));
        if ratios.as_flattened().iter().all(|ratio| *ratio <= LIMIT) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }

    /// `known`: the host knows the key, and refuses the repository; else it refuses the key.
    fn compare(name: &str, way: Duration, known: bool) -> f64 {
        let stage = Stage::new();
        let (key, other) = (stage.home.key("id_ed25519"), stage.key_elsewhere("other"));
        let host = GitHost::github().accepts_as(if known { &key } else { &other }, "octocat");
        let host = host.lets("octocat", "octocat/hello.git", Right::Read).start(&stage);
        let port = distant(&stage, way, host.server.port);
        stage.home.knows_keys("git.example.com", port, &host.server.host_keys);
        stage.home.config(&format!("Host git.example.com\n  Port {port}\n"));
        stage.repository("git@git.example.com:octocat/hello.git");
        let commit = "git -c user.name=me -c user.email=me@localhost commit -q --allow-empty -m first";
        assert_eq!(stage.sh(commit).0, Some(0));
        let push = || run(&stage, "git", &["push", "origin", "HEAD"], 128);
        let why = || run(&stage, env!("CARGO_BIN_EXE_ssh-why"), &["git", "push", "origin", "HEAD"], 1);
        let [push, why] = medians([&push, &why]);
        let ratio = why.as_secs_f64() / push.as_secs_f64();
        let what = if known { "a repository is refused" } else { "a key is refused" };
        println!("{name}, {what}: git push {push:.0?}, ssh-why git push {why:.0?}, ratio {ratio:.2}");
        ratio
    }
}
