//! How much longer `ssh-why git push` takes than the `git push` that fails.
//!
//! `cargo bench --bench front` prints medians, near (the loopback interface) and far (20 ms each way), and fails if the
//! ratio for far hosts is above the limit: near, a push takes little more than its programs take to start.

#![allow(clippy::print_stdout, reason = "the figures are what it is run for")]

#[cfg(target_os = "linux")]
#[path = "../tests/kit/mod.rs"]
mod kit;

#[cfg(target_os = "linux")]
fn main() -> std::process::ExitCode {
    measure::all()
}

#[cfg(not(target_os = "linux"))]
fn main() {}

#[cfg(target_os = "linux")]
mod measure {
    use std::process::{ExitCode, Stdio};
    use std::time::{Duration, Instant};

    use crate::kit::{FakeServer, GitHost, Manner, Right, Stage};

    /// What it may take, by the push's own time.
    const LIMIT: f64 = 1.3;

    /// How often each is run; the median counts.
    const ROUNDS: usize = 15;

    pub(super) fn all() -> ExitCode {
        let ratios = [true, false].map(|known| {
            compare("near", Duration::ZERO, known);
            compare("far", Duration::from_millis(20), known)
        });
        if ratios.iter().all(|ratio| *ratio <= LIMIT) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }

    /// `known`: the host knows the key, and refuses the repository; else it refuses the key.
    fn compare(name: &str, way: Duration, known: bool) -> f64 {
        let stage = Stage::new();
        let (key, other) = (stage.home.key("id_ed25519"), stage.key_elsewhere("other"));
        let host = GitHost::github().accepts_as(if known { &key } else { &other }, "octocat");
        let host = host.lets("octocat", "octocat/hello.git", Right::Read).start(&stage);
        let near = host.server.port;
        let port = if way.is_zero() { near } else { FakeServer::start(&stage, Manner::Distant(way, near)).port };
        stage.home.knows_keys("git.example.com", port, &host.server.host_keys);
        stage.home.config(&format!("Host git.example.com\n  Port {port}\n"));
        stage.repository("git@git.example.com:octocat/hello.git");
        let commit = "git -c user.name=me -c user.email=me@localhost commit -q --allow-empty -m first";
        assert_eq!(stage.sh(commit).0, Some(0));
        let push = || run(&stage, "git", &["push", "origin", "HEAD"], 128);
        let why = || run(&stage, env!("CARGO_BIN_EXE_ssh-why"), &["git", "push", "origin", "HEAD"], 1);
        // Side by side, so that a busy moment falls on both alike.
        let mut times = [Vec::new(), Vec::new()];
        for _ in 0..ROUNDS {
            times[0].push(push());
            times[1].push(why());
        }
        let [push, why] = times.map(median);
        let ratio = why.as_secs_f64() / push.as_secs_f64();
        let what = if known { "a repository is refused" } else { "a key is refused" };
        println!("{name}, {what}: git push {push:.0?}, ssh-why git push {why:.0?}, ratio {ratio:.2}");
        ratio
    }

    fn run(stage: &Stage, program: &str, args: &[&str], code: i32) -> Duration {
        let mut command = stage.command(program);
        command.args(args).stdin(Stdio::null());
        let begun = Instant::now();
        let output = command.output().unwrap_or_else(|error| panic!("{program}: {error}"));
        let took = begun.elapsed();
        assert_eq!(output.status.code(), Some(code), "{program}: {output:?}");
        took
    }

    fn median(mut times: Vec<Duration>) -> Duration {
        times.sort_unstable();
        times[times.len() / 2]
    }
}
