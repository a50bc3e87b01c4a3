//! `ssh-why read` beside grep, ripgrep and `ssh -V`, and `ssh-why redact` beside `read`, in turn, as ratios of medians:
//! `cargo bench --bench peers`.
//!
//! Two logs of 256 MB, one of ssh's own chatter at `-vvv`, one of plain remote output, by CPU time; and one of 60 lines,
//! by wall time. They are written in pieces of 8 kB, as most programs write: of a file that was written so the kernel holds
//! small pieces only, and reading it takes both a fifth longer. grep writes into a pipe: into /dev/null it stops at the first
//! hit. It fails where `ssh-why` takes more than half of grep's, redacting more than so often what reading takes, or a short
//! log longer than `ssh -V`.

#![allow(clippy::print_stdout, reason = "what it measured")]

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};

const SHORT: &str = include_str!("../fixtures/demo/vcs.log");
const LONG: usize = 256 << 20;
const ROUNDS: usize = 5;
const WORDS: &str = "Offering public key|Server accepts key|Authenticated to|Authentication succeeded";
/// What reading may take, by grep's own time, and by that of `ssh -V`.
const OF_GREP: f64 = 0.5;
const OF_SSH: f64 = 1.0;
/// What redacting may take, by what reading takes, of a log in which nearly nothing is replaced: it reads that, too, looks
/// at each line for names, and writes it.
const OF_READING: f64 = 2.0;

const OURS: &str = env!("CARGO_BIN_EXE_ssh-why");

fn main() -> std::io::Result<ExitCode> {
    let mut slow = false;
    let folder = tempfile::tempdir()?;
    let make = |name: &str, line: &dyn Fn(usize) -> String| -> std::io::Result<std::path::PathBuf> {
        let path = folder.path().join(name);
        let mut file = BufWriter::new(File::create(&path)?);
        file.write_all(SHORT.as_bytes())?;
        let (mut size, mut number) = (SHORT.len(), 0);
        while size < LONG {
            let line = line(number);
            file.write_all(line.as_bytes())?;
            size += line.len();
            number += 1;
        }
        file.flush()?;
        Ok(path)
    };
    let chatter = make("chatter.log", &|number| match number % 4 {
        0 => format!("debug2: channel 0: window {} sent adjust {}\n", 2_000_000 - number % 70_000, number % 70_000),
        1 => "debug3: receive packet: type 94\n".to_owned(),
        2 => format!("debug2: channel 0: rcvd ext data {}\n", number % 5000),
        _ => "debug3: send packet: type 93\n".to_owned(),
    })?;
    let plain = make("plain.log", &|number| {
        format!("[{number:>6}] unit {} was built in {} ms, and all is well\n", number % 977, number % 5003)
    })?;
    for log in [&chatter, &plain] {
        let grep = format!("grep -cE '{WORDS}' '{}' | cat", log.display());
        let rg = format!("rg -c '{WORDS}' '{}' | cat", log.display());
        let mut rows = vec![("ssh-why", ours(log)), ("grep", sh(&grep)), ("redact", redact(log))];
        if sh("command -v rg").status().is_ok_and(|status| status.success()) {
            rows.push(("rg", sh(&rg)));
        }
        let mut times = vec![Vec::new(); rows.len()];
        for _ in 0..ROUNDS {
            for (row, (_, command)) in rows.iter_mut().enumerate() {
                times[row].push(cpu(command)?);
            }
        }
        let medians: Vec<Duration> = times.into_iter().map(median).collect();
        slow |= medians[0].as_secs_f64() > medians[1].as_secs_f64() * OF_GREP;
        slow |= medians[2].as_secs_f64() > medians[0].as_secs_f64() * OF_READING;
        let name = log.file_name().unwrap_or_default().to_string_lossy();
        for ((what, _), time) in rows.iter().zip(&medians) {
            let of = |peer: usize| time.as_secs_f64() / medians[peer].as_secs_f64();
            let (seconds, of_grep, of_reading) = (time.as_secs_f64(), of(1), of(0));
            println!("{name:12} {what:8} {seconds:.3} s of CPU, {of_grep:.2} of grep's, {of_reading:.2} of reading's");
        }
    }
    let short = folder.path().join("short.log");
    std::fs::write(&short, SHORT)?;
    let (mut read, mut version) = (Vec::new(), Vec::new());
    for _ in 0..100 {
        read.push(wall(&mut ours(&short))?);
        version.push(wall(Command::new("ssh").arg("-V"))?);
    }
    let (read, version) = (median(read).as_secs_f64(), median(version).as_secs_f64());
    println!("60 lines     {:.2} ms, {:.2} of ssh -V's", read * 1e3, read / version);
    slow |= read > version * OF_SSH;
    Ok(if slow { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn ours(log: &Path) -> Command {
    let mut command = Command::new(OURS);
    command.args(["read", "--format", "json"]).arg(log);
    command
}

fn redact(log: &Path) -> Command {
    let mut command = Command::new(OURS);
    command.arg("redact").arg(log);
    command
}

fn sh(line: &str) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", line]);
    command
}

fn run(command: &mut Command) -> std::io::Result<()> {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().map(drop)
}

/// What a command and its children use of the processor.
fn cpu(command: &mut Command) -> std::io::Result<Duration> {
    let used = || {
        let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
        let time = |value: nix::sys::time::TimeVal| {
            Duration::from_micros((value.tv_sec() * 1_000_000 + value.tv_usec()).unsigned_abs())
        };
        Ok::<_, std::io::Error>(time(usage.user_time()) + time(usage.system_time()))
    };
    let before = used()?;
    run(command)?;
    Ok(used()? - before)
}

fn wall(command: &mut Command) -> std::io::Result<Duration> {
    let begun = Instant::now();
    run(command)?;
    Ok(begun.elapsed())
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
