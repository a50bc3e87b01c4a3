//! What is read may have no end: it costs no memory, and Ctrl-C ends it at once.

use std::io::Write;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::measured::high_water;
use crate::kit::{Stage, until};

/// What a signal may take.
const AT_ONCE: Duration = Duration::from_secs(1);

/// How long each input goes on.
const LONG: Duration = Duration::from_secs(2);

/// How long a program may leave its input unread.
const PATIENCE: Duration = Duration::from_secs(20);

fn start(args: &[&str], stdin: Stdio) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ssh-why"));
    command.args(args).stdin(stdin).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Interrupts a program, which must end by that, and soon.
fn interrupt(mut child: Child, what: &str) {
    kill_process(Pid::from_raw(child.id().try_into().unwrap()).unwrap(), Signal::INT).unwrap();
    let ended = until(AT_ONCE, || child.try_wait().unwrap().is_some());
    let _ = child.kill();
    let status = child.wait().unwrap();
    assert!(ended && std::os::unix::process::ExitStatusExt::signal(&status) == Some(2), "{what}: {status}");
}

#[test]
fn a_log_without_end() {
    let offer = "debug1: Offering public key: /home/x/.ssh/id ED25519 SHA256:abc";
    let failure = "Nov 30 00:00:01 h sshd[123]: Failed password for root from 192.0.2.4 port 22 ssh2\n";
    let pieces: [(&str, Vec<u8>); 8] = [
        ("zeros", vec![0; 65536]),
        ("one line", vec![b'x'; 65536]),
        ("blank lines", vec![b'\n'; 65536]),
        ("offers", format!("{offer}\n").repeat(500).into_bytes()),
        ("offers in one line", format!("{offer}<br>").repeat(500).into_bytes()),
        ("runs", format!("OpenSSH_9.2p1 Debian, OpenSSL 3.0\n{offer}\n").repeat(300).into_bytes()),
        ("a server's", failure.repeat(500).into_bytes()),
        ("bytes", (0..65536_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect()),
    ];
    for command in ["read", "redact"] {
        thread::scope(|scope| {
            for (what, piece) in &pieces {
                scope.spawn(move || {
                    let mut child = start(&[command], Stdio::piped());
                    let mut input = child.stdin.take().unwrap();
                    // Writes wait for the reader, and for ever if it hangs, so they are watched.
                    let writer = scope.spawn(move || {
                        let (end, mut bytes) = (Instant::now() + LONG, 0);
                        while Instant::now() < end {
                            input.write_all(piece)?;
                            bytes += piece.len();
                        }
                        std::io::Result::Ok((input, bytes))
                    });
                    let mut peak = 0;
                    let taken = until(LONG + PATIENCE, || {
                        peak = peak.max(high_water(child.id()));
                        writer.is_finished()
                    });
                    if !taken {
                        let _ = child.kill();
                    }
                    let written = writer.join().unwrap();
                    assert!(taken, "{command}, {what}: it reads no more");
                    let (_open, bytes) = written.unwrap();
                    println!("{command}, {what}: {peak} KiB for {} KiB", bytes >> 10);
                    assert!(peak > 0 && peak < 100_000, "{command}, {what}: {peak} KiB for {bytes} bytes");
                    interrupt(child, what);
                });
            }
        });
    }
    interrupt(start(&["read", "/dev/zero"], Stdio::null()), "/dev/zero");
}

#[test]
fn a_named_pipe_that_nobody_writes_to() {
    let stage = Stage::new();
    let fifo = stage.new_path("log");
    assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    let name = fifo.to_str().unwrap();
    // As any program it waits; on a terminal it says what for.
    let child = start(&["read", name], Stdio::null());
    thread::sleep(Duration::from_millis(200));
    interrupt(child, "a pipe");
    for (delay, told) in [(3, true), (0, false)] {
        let later = fifo.clone();
        let writer = thread::spawn(move || {
            thread::sleep(Duration::from_secs(delay));
            std::fs::write(later, "ssh: connect to host h port 22: Connection refused\n").unwrap();
        });
        let ran = stage.run("read", &[name]).without_limit().on_terminal().finish();
        writer.join().unwrap();
        assert_eq!(ran.stdout.contains("nothing writes to it yet"), told, "{}", ran.stdout);
        assert!(ran.stdout.contains("connection-refused"), "{}", ran.stdout);
    }
}
