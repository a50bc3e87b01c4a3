//! How much longer `check` takes for two hosts at once than ssh itself for the slower one.
//!
//! `cargo bench --bench check` prints medians, near (the loopback interface) and far (20 ms each way), and fails
//! if the ratio for far hosts is above the limit. Near hosts are shown only: there a login takes no longer than
//! the programs that it needs take to start.

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

    use crate::kit::{GoServer, Sshd, Stage};
    use crate::timed::{FAR, distant, medians, run};

    /// What two hosts at once may take, by the slower one's own time.
    const LIMIT: f64 = 1.15;

    pub(super) fn all() -> ExitCode {
        near_and_far("near", Duration::ZERO);
        let ratio = near_and_far("far", FAR);
        if ratio <= LIMIT { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }

    fn near_and_far(name: &str, way: Duration) -> f64 {
        let stage = Stage::new();
        let key = stage.home.key("id_ed25519");
        let git = GoServer::github().accepts(&key).start(&stage);
        let ci = Sshd::ci().accepts(&key).start(&stage);
        let (git_port, ci_port) = (distant(&stage, way, git.port), distant(&stage, way, ci.port));
        stage.home.knows_keys("github.com", git_port, &git.host_keys);
        stage.home.knows_keys("127.0.0.1", ci_port, &ci.host_keys);
        stage.home.config(&format!("Host github.com\n  User git\n  Port {git_port}\n"));
        let port = ci_port.to_string();
        let ssh_git = || run(&stage, "ssh", &["-v", "-T", "-o", "BatchMode=yes", "github.com"], 1);
        let ssh_ci = || run(&stage, "ssh", &["-v", "-o", "BatchMode=yes", "-p", &port, "127.0.0.1", "true"], 0);
        let command = format!("ssh -p {port} 127.0.0.1");
        let args = ["check", "--vcs", "github.com", "--ci", &command, "--as", "octocat"];
        let both = || run(&stage, env!("CARGO_BIN_EXE_ssh-why"), &args, 0);
        let [git, ci, both] = medians([&ssh_git, &ssh_ci, &both]);
        let ratio = both.as_secs_f64() / git.max(ci).as_secs_f64();
        println!(
            "{name}: ssh to the git host {git:.0?}, to the CI host {ci:.0?}; check of both {both:.0?}, ratio {ratio:.2}"
        );
        ratio
    }
}
