//! A run of the program, with the time and the memory that it took.

use std::io::Read;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

/// No run may take longer.
const LONGEST: Duration = Duration::from_secs(60);

/// What came of a run.
#[derive(Debug)]
pub(crate) struct Measured {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) took: Duration,
    /// The most memory that it held, in KiB.
    pub(crate) peak: u64,
}

impl Measured {
    /// Runs a command to its end.
    pub(crate) fn run(command: &mut Command) -> Self {
        let begun = Instant::now();
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let read = |mut stream: Box<dyn Read + Send>| {
            thread::spawn(move || {
                let mut bytes = Vec::new();
                let _ = stream.read_to_end(&mut bytes);
                // Other bytes a terminal may take for controls.
                String::from_utf8(bytes).unwrap()
            })
        };
        let stdout = read(Box::new(child.stdout.take().unwrap()));
        let stderr = read(Box::new(child.stderr.take().unwrap()));
        let mut peak = 0;
        let status = loop {
            peak = peak.max(high_water(child.id()));
            if let Some(status) = child.try_wait().unwrap() {
                break status;
            }
            if begun.elapsed() > LONGEST {
                let _ = child.kill();
                let _ = child.wait();
                panic!("it did not end within {LONGEST:?}: {:.2000}", format!("{command:?}"));
            }
            thread::sleep(Duration::from_millis(5));
        };
        let took = begun.elapsed();
        let (stdout, stderr) = (stdout.join().unwrap(), stderr.join().unwrap());
        let command = format!("{command:?}");
        let all = format!("{command:.2000}\nstandard output:\n{stdout:.9000}\nstandard error:\n{stderr:.9000}");
        assert!(!stderr.contains("panicked") && !stderr.contains("RUST_BACKTRACE"), "{all}");
        Self { code: status.code(), stdout, stderr, took, peak }
    }

    /// Fails unless it took at most so long, and less than 100 MB.
    pub(crate) fn within(self, limit: Duration) -> Self {
        println!("{:>6.2} s of {:>4.1} s, {:>6} KiB", self.took.as_secs_f64(), limit.as_secs_f64(), self.peak);
        assert!(self.took <= limit, "took {:?}, more than {limit:?}: {self:#?}", self.took);
        assert!(self.peak < 100_000, "held {} KiB: {self:#?}", self.peak);
        assert!(self.peak > 0, "its memory was not measured");
        self
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("no JSON ({error}): {self:#?}"))
    }
}

/// The most memory that a process has held, in KiB; 0 once it has gone.
pub(super) fn high_water(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}
