//! Where the system gives no more threads, processes or memory, there is a sentence and an exit code.

use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use super::measured::Measured;
use crate::check::scene::block;
use crate::kit::{GoServer, Stage, World, marked, until};

/// The commands that are tried.
const RUNS: &[&[&str]] = &[
    &["check", "--vcs", "git.example.com", "--timeout", "3"],
    &["check", "--ci", "ssh -p 1 127.0.0.1", "--vcs", "git.example.com", "--timeout", "3"],
    &["keys", "git.example.com", "--timeout", "3"],
    &["keys", "--offer", "git.example.com", "--format", "json", "--timeout", "3"],
    &["keys", "--offer", "git.example.com", "--login", "--timeout", "3"],
    &["--timeout", "3", "git", "ls-remote", "git@git.example.com:me/x.git"],
    &["--timeout", "3", "--all-keys", "ssh", "git.example.com"],
    &["check", "--vcs", "git.example.com", "--as=me", "--keys-at=git.example.com=http://localhost:1/{}", "--timeout=3"],
];

/// A home with two keys, and a server that takes one of them.
fn stage() -> Stage {
    let stage = Stage::new();
    let key = stage.home.key("id_ed25519");
    stage.home.key("id_rsa");
    let server = GoServer::github().accepts(&key).start(&stage);
    stage.home.knows("git.example.com", &server);
    stage.home.config(&block("git.example.com", &server, "User git"));
    stage
}

/// Code and words of a run that was kept short of something; and nothing of it is left.
fn told(ran: &Measured, mark: &str) {
    assert!(until(Duration::from_secs(2), || marked(mark).is_empty()), "left: {:?} by {ran:#?}", marked(mark));
    let all = format!("{}{}", ran.stdout, ran.stderr);
    assert!(matches!(ran.code, Some(0..=3)) && !ran.stderr.contains("unexpected argument"), "{ran:#?}");
    assert!(!all.trim().is_empty(), "not a word: {ran:#?}");
    if ran.code == Some(2) {
        assert!(ran.stderr.starts_with("error: "), "{ran:#?}");
    }
}

/// Marks all that a command starts.
fn scene(command: &mut Command) -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let mark = format!("{}-limits-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    command.env("SSH_WHY_SCENE", &mark);
    format!("SSH_WHY_SCENE={mark}")
}

/// Threads and processes of a user.
fn tasks_of(uid: u32) -> usize {
    let tasks = |pid: &Path| std::fs::read_dir(pid.join("task")).map_or(0, Iterator::count);
    std::fs::read_dir("/proc")
        .unwrap()
        .flatten()
        .map(|entry| entry.path())
        .filter(|pid| {
            std::os::unix::fs::MetadataExt::uid(
                &pid.metadata().unwrap_or_else(|_| Path::new("/proc").metadata().unwrap()),
            ) == uid
        })
        .filter(|pid| pid.file_name().is_some_and(|name| name.to_string_lossy().bytes().all(|c| c.is_ascii_digit())))
        .map(|pid| tasks(&pid))
        .sum()
}

#[test]
fn without_threads_or_processes() {
    let stage = stage();
    let root = rustix::process::geteuid().is_root();
    // The system knows no such limit for root; so root becomes somebody who runs nothing else.
    let uid = if root { 64_123 } else { rustix::process::getuid().as_raw() };
    let program = stage.new_path("ssh-why");
    std::fs::copy(env!("CARGO_BIN_EXE_ssh-why"), &program).unwrap();
    if root {
        open_to_all(&stage, uid);
    }
    let mut failed = 0;
    for run in RUNS {
        for more in [1, 2, 3, 4, 5, 6, 8, 12, 24] {
            let limit = if root { more } else { tasks_of(uid) + more };
            let mut command = stage.command("/usr/bin/env");
            let words: Vec<String> = if root {
                let id = uid.to_string();
                ["setpriv", "--reuid", &id, "--regid", &id, "--clear-groups"].map(str::to_owned).to_vec()
            } else {
                Vec::new()
            };
            command.args(words).args(["prlimit", &format!("--nproc={limit}:{limit}")]).arg(&program).args(*run);
            let mark = scene(&mut command);
            let ran = Measured::run(&mut command);
            told(&ran, &mark);
            failed += usize::from(ran.code == Some(2));
        }
    }
    assert!(failed > 0, "no limit was ever reached");
    assert!(failed < RUNS.len() * 9, "no run ever had enough");
}

/// Another user is to have this home.
fn open_to_all(stage: &Stage, uid: u32) {
    // ssh asks who this is.
    let probe = stage.command("true");
    let passwd = probe.get_envs().find(|(name, _)| *name == "NSS_WRAPPER_PASSWD").and_then(|(_, file)| file).unwrap();
    let known = std::fs::read_to_string(passwd).unwrap();
    let line = format!("else:x:{uid}:{uid}:else:{}:/bin/sh\n", stage.home.folder().display());
    std::fs::write(passwd, known + &line).unwrap();
    let top = stage.home.folder().parent().unwrap().to_owned();
    let status = Command::new("chown").arg("-R").arg(format!("{uid}:{uid}")).arg(top).status();
    assert!(status.unwrap().success());
}

#[test]
fn without_memory() {
    let stage = stage();
    for run in RUNS {
        for kilobytes in [80_000, 120_000, 250_000, 500_000] {
            let mut command = stage.command("/bin/sh");
            command.args(["-c", &format!("ulimit -v {kilobytes}; exec \"$@\""), "sh"]);
            command.arg(env!("CARGO_BIN_EXE_ssh-why")).args(*run);
            // glibc sets 64 MB of addresses aside for each thread: no memory, but the limit counts them.
            command.env("MALLOC_ARENA_MAX", "1");
            let mark = scene(&mut command);
            told(&Measured::run(&mut command), &mark);
        }
    }
}

/// Words of any length have no say in a number of columns.
#[test]
fn with_a_host_of_seventy_thousand_letters() {
    let stage = stage();
    let host = "h".repeat(70_000);
    let user = format!("{}@127.0.0.1", "u".repeat(70_000));
    for run in [
        vec!["check", "--vcs", &host],
        vec!["check", &host],
        vec!["check", "--ci", &host],
        vec!["check", &user],
        vec!["keys", &host],
        vec!["keys", "--offer", &host],
        vec!["keys", &host, "--offer", &user],
    ] {
        for format in ["human", "json"] {
            let mut command = stage.command(env!("CARGO_BIN_EXE_ssh-why"));
            command.args(&run).args(["--timeout", "2", "--format", format]);
            let ran = Measured::run(&mut command);
            assert!(matches!(ran.code, Some(0..=3)), "{:?} {}", ran.code, ran.stderr);
        }
    }
    assert_eq!(World::USER, "dev");
}
