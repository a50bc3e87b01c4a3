//! The page beside the program, on logs of 10 MB of several kinds: `cargo bench --bench page`.
//!
//! By wall time, medians, in one run: what the page's core takes for a report, as often what `ssh-why read` takes from its
//! start to its end; the same of `redact`; and how long it is from the drop of a file to the report on the screen. It fails
//! where a report takes more than so many times the program's time, or where somebody waits for it longer than a second.

#![allow(clippy::print_stdout, reason = "what it measured")]

use std::fs;
use std::io::{self, BufRead, BufReader};
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use base64ct::{Base64, Encoding};

#[path = "../tests/kit/busy.rs"]
mod busy;
#[path = "../tests/kit/page.rs"]
mod page;

const TAKEN: &str = include_str!("../fixtures/demo/vcs.log");
const REFUSED: &str = include_str!("../fixtures/demo/ci.log");
const LONG: usize = 10_000_000;
const ROUNDS: usize = 9;

/// Times the program's own time, and a second.
const MOST: f64 = 4.0;
const PATIENCE: f64 = 1000.0;

const OURS: &str = env!("CARGO_BIN_EXE_ssh-why");

fn main() -> io::Result<ExitCode> {
    let chatter = |number: usize| match number % 4 {
        0 => format!("debug2: channel 0: window {} sent adjust {}\n", 2_000_000 - number % 70_000, number % 70_000),
        1 => "debug3: receive packet: type 94\n".to_owned(),
        2 => format!("debug2: channel 0: rcvd ext data {}\n", number % 5000),
        _ => "debug3: send packet: type 93\n".to_owned(),
    };
    let plain = |number: usize| {
        format!("[{number:>6}] unit {} was built in {} ms, and all is well\n", number % 977, number % 5003)
    };
    let mut server = busy::Busy::new();
    let logs = [
        ("plain", long("", plain)),
        ("login, plain", long(TAKEN, plain)),
        ("login, chatter", long(TAKEN, chatter)),
        ("refusal, plain", long(REFUSED, plain)),
        ("refusal, chatter", long(REFUSED, chatter)),
        ("refusals", long("", |_| REFUSED.to_owned())),
        ("logins", long("", |_| TAKEN.to_owned())),
        ("server", long("", |_| server.next().map(|line| line + "\n").unwrap_or_default())),
    ];
    let mut holds = true;
    for (name, log) in &logs {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("log");
        fs::write(&path, log)?;
        let read = native(&["read", "--format", "json"], &path)?;
        let redact = native(&["redact"], &path)?;
        let [answer, stand_ins, shown] = in_the_page(log)?;
        let ratios = [answer / read, stand_ins / redact];
        println!(
            "{name:17} read {answer:6.1} ms, {:4.1} times {read:.1}; redact {stand_ins:6.1} ms, {:4.1} times {redact:.1}; shown after {shown:.0} ms",
            ratios[0], ratios[1]
        );
        holds &= ratios[0] <= MOST && shown <= PATIENCE;
    }
    Ok(if holds { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A log that begins so, and goes on so.
fn long(first: &str, mut line: impl FnMut(usize) -> String) -> String {
    let mut log = first.to_owned();
    for number in 0.. {
        log.push_str(&line(number));
        if log.len() >= LONG {
            break;
        }
    }
    log
}

/// What the program takes, in milliseconds.
fn native(words: &[&str], log: &Path) -> io::Result<f64> {
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        Command::new(OURS)
            .args(words)
            .arg(log)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()?;
        times.push(begun.elapsed());
    }
    times.sort_unstable();
    Ok(times[ROUNDS / 2].as_secs_f64() * 1e3)
}

/// What the page takes for a report and for a log with stand-ins, and how long somebody waits who drops the log, in
/// milliseconds.
fn in_the_page(log: &str) -> io::Result<[f64; 3]> {
    let script = format!(
        "const bytes = unpack('{}'); const sources = [{{ name: 'log', role: 'other', bytes }}];\n\
         const median = (times) => times.sort((a, b) => a - b)[times.length >> 1];\n\
         const timed = (work) => median(Array.from({{ length: {ROUNDS} }}, () => {{\n\
           const begun = performance.now(); work(); return performance.now() - begun; }}));\n\
         const read = timed(() => ask('json', sources, false, 'sh'));\n\
         const redact = timed(() => ask('redact', sources, true, 'sh'));\n\
         const frame = $('report'); const waits = [];\n\
         for (let round = 0; round < {ROUNDS}; round++) {{\n\
           const dataTransfer = new DataTransfer(); dataTransfer.items.add(new File([bytes], 'log'));\n\
           for (const set of [...$('logs').children]) set.remove();\n\
           const shown = new Promise((go) => {{ frame.onload = go; }}); const begun = performance.now();\n\
           document.dispatchEvent(new DragEvent('drop', {{ dataTransfer, bubbles: true, cancelable: true }})); await shown;\n\
           waits.push(performance.now() - begun);\n\
         }}\n\
         done([read, redact, median(waits)].join(' '));",
        Base64::encode_string(log.as_bytes())
    );
    let (_folder, index) = page::driven_by("", &script, "console.log('told: ' + text)");
    let profile = tempfile::tempdir()?;
    let mut browser = page::browser(&profile)
        .arg(format!("file://{}", index.display()))
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()?;
    let said = browser.stderr.take().map(BufReader::new).into_iter().flat_map(BufRead::lines);
    let told = said.map_while(Result::ok).find_map(|line| {
        let (_, told) = line.split_once("\"told: ")?;
        told.split_once("\", source").map(|(told, _)| told.to_owned())
    });
    browser.kill()?;
    browser.wait()?;
    // It takes a moment to let its profile go.
    std::thread::sleep(Duration::from_millis(200));
    let told = told.unwrap_or_default();
    let times: Vec<f64> = told.split(' ').filter_map(|time| time.parse().ok()).collect();
    times.try_into().map_err(|_| io::Error::other(format!("the page says {told:?}")))
}
