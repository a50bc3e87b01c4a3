//! A busy server's log beside grep, and beside fail2ban's own reading: `cargo bench --bench servers`.
//!
//! 512 MB at INFO, 20,000 addresses, by CPU time. What to hold: at most three times what grep takes to count four words,
//! in 64 MiB; and a fiftieth of what `fail2ban-regex` takes for the first 20 MB, where that is installed. It fails where
//! that is not so. grep writes into a pipe: into /dev/null it stops at the first hit.

#![allow(clippy::print_stdout, reason = "what it measured")]

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;

use nix::sys::resource::{UsageWho, getrusage};

#[path = "../tests/kit/busy.rs"]
mod busy;

const OURS: &str = env!("CARGO_BIN_EXE_ssh-why");
const WORDS: &str = "Failed|Accepted|Invalid user|refused";

const LONG: usize = 512 << 20;
const SHORT: usize = 20 << 20;
const ROUNDS: usize = 5;

/// Times grep's CPU, peak memory in KiB, and fail2ban's CPU in ours.
const MOST: f64 = 3.0;
const MEMORY: i64 = 64 << 10;
const LEAST: f64 = 50.0;

fn main() -> io::Result<ExitCode> {
    let folder = tempfile::tempdir()?;
    let long = make(folder.path(), "long.log", LONG)?;
    let short = make(folder.path(), "short.log", SHORT)?;
    // The most that any child has had: before a larger one has run.
    let mut ours = Vec::from([cpu(&mut read(&long))?]);
    let memory = getrusage(UsageWho::RUSAGE_CHILDREN)?.max_rss();
    let mut grep = Vec::new();
    for _ in 0..ROUNDS {
        ours.push(cpu(&mut read(&long))?);
        grep.push(cpu(Command::new("grep").args(["-cE", WORDS]).arg(&long))?);
    }
    let (ours, grep) = (median(ours), median(grep));
    println!("512 MB  ssh-why {ours:.2} s, grep {grep:.2} s: {:.2} of it; {} MiB", ours / grep, memory >> 10);
    let mut holds = ours <= MOST * grep && memory <= MEMORY;
    if Command::new("fail2ban-regex").arg("--version").output().is_ok() {
        let ours = median((0..ROUNDS).map(|_| cpu(&mut read(&short))).collect::<io::Result<_>>()?);
        let theirs = cpu(Command::new("fail2ban-regex").arg(&short).arg("sshd"))?.as_secs_f64();
        println!("20 MB   ssh-why {ours:.3} s, fail2ban-regex {theirs:.2} s: {:.0} times it", theirs / ours);
        holds &= theirs >= LEAST * ours;
    } else {
        println!("20 MB   fail2ban-regex is not installed: not compared");
    }
    Ok(if holds { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn make(folder: &Path, name: &str, size: usize) -> io::Result<PathBuf> {
    let path = folder.join(name);
    let mut file = BufWriter::new(File::create(&path)?);
    let mut written = 0;
    for line in busy::Busy::new() {
        writeln!(file, "{line}")?;
        written += line.len() + 1;
        if written >= size {
            break;
        }
    }
    file.flush()?;
    Ok(path)
}

fn read(log: &Path) -> Command {
    let mut command = Command::new(OURS);
    command.arg("read").arg(log);
    command
}

/// The CPU time of a command, whose output goes into a pipe.
fn cpu(command: &mut Command) -> io::Result<Duration> {
    let used = || -> io::Result<Duration> {
        let used = getrusage(UsageWho::RUSAGE_CHILDREN)?;
        let time = |time: nix::sys::time::TimeVal| {
            Duration::from_secs(time.tv_sec().unsigned_abs()) + Duration::from_micros(time.tv_usec().unsigned_abs())
        };
        Ok(time(used.user_time()) + time(used.system_time()))
    };
    let before = used()?;
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output()?;
    std::hint::black_box(output);
    Ok(used()?.saturating_sub(before))
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64()
}
