//! Who is to blame: no host for what this machine does not do. And nothing stays behind, whatever ends the program.

use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::measured::Measured;
use super::peers::{Manner, plain};
use crate::kit::{Stage, marked, until};

fn run(stage: &Stage, args: &[&str]) -> Measured {
    let mut command = stage.command(env!("CARGO_BIN_EXE_ssh-why"));
    command.args(args).args(["--format", "json", "--timeout", "2"]);
    Measured::run(&mut command).within(Duration::from_millis(4500))
}

fn fake_ssh(stage: &Stage, script: &str) {
    let folder = stage.new_path("bin");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("ssh"), script).unwrap();
    std::fs::set_permissions(folder.join("ssh"), std::fs::Permissions::from_mode(0o755)).unwrap();
    stage.path_front(folder);
}

#[test]
fn an_ssh_that_hangs_before_it_connects() {
    let exec = Stage::new();
    exec.home.config("Match exec \"sleep 60\"\nUser x\n");
    let pipe = Stage::new();
    let fifo = pipe.home.ssh().join("config");
    assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    let program = Stage::new();
    fake_ssh(&program, "#!/bin/sh\nexec sleep 60\n");
    for stage in [exec, pipe, program] {
        let ran = run(&stage, &["check", "--vcs", "git.example.com"]);
        let report = ran.json();
        let summary = report["verdict"]["summary"].as_str().unwrap();
        assert_eq!(report["verdict"]["cause"], "config-error", "{summary}");
        assert_ne!(report["verdict"]["certainty"], "certain");
        assert!(summary.contains("ssh itself hangs") && !summary.contains("did not answer"), "{summary}");
    }
}

#[test]
fn an_ssh_that_is_none() {
    for (script, code) in [("#!/bin/sh\nexec /no/such/ssh \"$@\"\n", 127), ("#!/bin/sh\nexit 126\n", 126)] {
        let stage = Stage::new();
        fake_ssh(&stage, script);
        let ran = run(&stage, &["check", "--vcs", "git.example.com"]);
        assert_eq!(ran.code, Some(2), "{ran:#?}");
        let wanted = format!("error: ssh can't be run: it ended with exit code {code}");
        assert!(ran.stderr.starts_with(&wanted), "{ran:#?}");
        let keys = run(&stage, &["keys", "--offer", "git.example.com"]);
        assert!(matches!(keys.code, Some(2 | 3)), "{keys:#?}");
    }
}

/// A signal's exit code is as shells give it, and all that was started is gone: children, and theirs, which the
/// program knows nothing of.
#[test]
fn nothing_outlives_it() {
    use rustix::process::{Pid, Signal, kill_process};
    for (signal, code) in
        [(Signal::INT, Some(130)), (Signal::TERM, Some(143)), (Signal::HUP, Some(129)), (Signal::KILL, None)]
    {
        for config in [
            format!("Host git.example.com\nHostName 127.0.0.1\nPort {}\n", plain(Manner::Silent)),
            "Host git.example.com\nProxyCommand sleep 61\n".to_owned(),
            "Host git.example.com\nProxyCommand sh -c 'trap \"\" HUP TERM; sleep 61; sleep 61'\n".to_owned(),
            "Match exec \"sleep 61\"\nUser x\n".to_owned(),
        ] {
            for command in [["check", "--vcs"], ["keys", "--offer"]] {
                let stage = Stage::new();
                stage.home.key("id_ed25519");
                stage.home.config(&config);
                let mark = format!("{}-{}", std::process::id(), stage.work().display());
                let mut program = stage.command(env!("CARGO_BIN_EXE_ssh-why"));
                program.args(command).args(["git.example.com", "--timeout", "20"]).env("SSH_WHY_SCENE", &mark);
                let mut child =
                    program.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
                let mark = format!("SSH_WHY_SCENE={mark}");
                let waits = config.contains("sleep").then_some("sleep 61");
                let up = until(Duration::from_secs(10), || {
                    let lines = marked(&mark);
                    match waits {
                        Some(words) => lines.iter().any(|(_, line)| line.trim() == words),
                        // Its own and a connection; `keys` asks by itself.
                        None => {
                            !lines.is_empty() && connected(child.id())
                                || lines.iter().any(|(_, line)| line.contains(" -v "))
                        }
                    }
                });
                assert!(up, "{config} {command:?}: {:?}", marked(&mark));
                kill_process(Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap(), signal).unwrap();
                let status = child.wait().unwrap();
                assert_eq!(status.code(), code, "{signal:?}");
                let gone = until(Duration::from_secs(2), || marked(&mark).is_empty());
                let left = marked(&mark);
                for (pid, _) in &left {
                    let _ = kill_process(Pid::from_raw(*pid).unwrap(), Signal::KILL);
                }
                assert!(gone, "{signal:?} {config} {command:?}: {left:?}");
            }
        }
    }
}

/// Killed at any moment, that in which a program starts among them: many start at once, and each of them starts one more.
#[test]
fn nothing_outlives_it_whenever_it_is_killed() {
    let stage = Stage::new();
    stage.home.config("Match exec \"sleep 62\"\nUser x\n");
    let mut moment = 1_u64;
    let mut caught = 0;
    for round in 0..40 {
        let mark = format!("{}-{round}-{}", std::process::id(), stage.work().display());
        let mut program = stage.command(env!("CARGO_BIN_EXE_ssh-why"));
        program.args(["check", "--timeout", "20"]).env("SSH_WHY_SCENE", &mark);
        for number in 0..12 {
            program.args(["--vcs".to_owned(), format!("git{number}.example.com")]);
        }
        let mut child = program.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        moment = moment.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        std::thread::sleep(Duration::from_millis(5 + (moment >> 33) % 145));
        let mark = format!("SSH_WHY_SCENE={mark}");
        caught += usize::from(marked(&mark).len() > 2);
        child.kill().unwrap();
        child.wait().unwrap();
        let gone = until(Duration::from_secs(5), || marked(&mark).is_empty());
        let left = marked(&mark);
        for (pid, _) in &left {
            let _ = rustix::process::kill_process(
                rustix::process::Pid::from_raw(*pid).unwrap(),
                rustix::process::Signal::KILL,
            );
        }
        assert!(gone, "round {round}: {left:?}");
    }
    println!("{caught} of 40 had started programs when they were killed");
    assert!(caught > 5, "{caught}");
}

/// Whether a process has a TCP connection of its own: a socket among its files that the kernel's table knows as
/// established. Its other sockets say nothing: what hears signals is made of a pair of them, before it hears any.
fn connected(pid: u32) -> bool {
    const ESTABLISHED: &str = "01";
    let table = std::fs::read_to_string(format!("/proc/{pid}/net/tcp")).unwrap_or_default();
    let inodes: Vec<String> = table
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>())
        .filter(|fields| fields.get(3) == Some(&ESTABLISHED))
        .filter_map(|fields| fields.get(9).map(|inode| format!("socket:[{inode}]")))
        .collect();
    let files = std::fs::read_dir(format!("/proc/{pid}/fd")).into_iter().flatten().flatten();
    files
        .filter_map(|file| std::fs::read_link(file.path()).ok())
        .any(|to| inodes.iter().any(|inode| *inode == to.to_string_lossy()))
}

/// A key's comment and a server's name are others' words: no form of the report has their control characters.
#[test]
fn no_control_character_in_the_lists() {
    let stage = Stage::new();
    let key = stage.home.key("id_ed25519");
    let public = stage.home.ssh().join("id_ed25519.pub");
    let code: Vec<&str> = key.public.split(' ').collect();
    let evil = "me\u{1b}[31m\u{7}\u{9b}2J\u{202e}gnp\u{2066}\u{200f}\u{7f}\u{85}box";
    std::fs::write(&public, format!("{} {} {evil}\n", code[0], code[1])).unwrap();
    for format in ["json", "human"] {
        let mut command = stage.command(env!("CARGO_BIN_EXE_ssh-why"));
        command.args(["keys", "git.example.com", "--format", format, "--color", "never"]);
        let ran = Measured::run(&mut command);
        if format == "json" {
            let report = ran.json();
            assert!(report["identities"].to_string().contains("box"), "{ran:#?}");
            no_control(&report);
        }
        let raw = ran.stdout.chars().filter(|c| *c != '\n').find(|c| unprintable(*c));
        assert_eq!(raw, None, "{}", ran.stdout.escape_debug());
    }
}

fn unprintable(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn no_control(value: &serde_json::Value) {
    match value {
        serde_json::Value::String(text) => assert!(!text.chars().any(unprintable), "{}", text.escape_debug()),
        serde_json::Value::Array(all) => all.iter().for_each(no_control),
        serde_json::Value::Object(all) => all.values().for_each(no_control),
        _ => {}
    }
}
