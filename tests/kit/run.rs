//! Runs of the program, and what must hold after every one of them.

use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::home::Snapshot;
use super::needs::program;
use super::process::{end, signal};
use super::{DEFAULT_LIMIT, Stage, marked, pause, until};

/// No run may take longer, whatever its own limit.
const LONGEST: Duration = Duration::from_secs(60);

/// How long a process that has been killed may take to vanish.
const VANISH: Duration = Duration::from_millis(250);

/// A run of the program.
pub(crate) struct Run<'a> {
    stage: &'a Stage,
    command: Command,
    limit: Option<Duration>,
    terminal: bool,
}

/// A run that goes on.
pub(crate) struct Running<'a> {
    stage: &'a Stage,
    child: Child,
    begun: Instant,
    marker: String,
    before: Snapshot,
    agents: Vec<String>,
    stdout: JoinHandle<String>,
    stderr: JoinHandle<String>,
}

/// A run that has ended.
#[derive(Debug)]
pub(crate) struct Ran {
    /// Exit code; none if a signal ended it.
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) took: Duration,
}

impl<'a> Run<'a> {
    pub(super) fn new(stage: &'a Stage, name: &str, args: &[&str]) -> Self {
        let mut command = stage.command(env!("CARGO_BIN_EXE_ssh-why"));
        command.arg(name).args(args);
        Self { stage, command, limit: Some(DEFAULT_LIMIT), terminal: false }
    }

    /// A run in front of a command: its own options stand first.
    pub(super) fn in_front(stage: &'a Stage, options: &[&str], words: &[&str]) -> Self {
        let mut command = stage.command(env!("CARGO_BIN_EXE_ssh-why"));
        command.args(options).args(["--timeout", &DEFAULT_LIMIT.as_secs().to_string(), "--format", "json"]).args(words);
        Self { stage, command, limit: None, terminal: false }
    }

    pub(crate) fn format(mut self, format: &str) -> Self {
        self.command.args(["--format", format]);
        self
    }

    /// Sets `--timeout`.
    pub(crate) fn limit(mut self, limit: Duration) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Sets no `--timeout`, which a command without connections has not.
    pub(crate) fn without_limit(mut self) -> Self {
        self.limit = None;
        self
    }

    /// Runs it on a terminal; all that it prints there becomes the standard output of the run.
    pub(crate) fn on_terminal(mut self) -> Self {
        self.terminal = true;
        self
    }

    pub(crate) fn start(mut self) -> Running<'a> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let id = format!("{}-{number}-{}", std::process::id(), self.stage.work().display());
        let marker = format!("SSH_WHY_SCENE={id}");
        if let Some(limit) = self.limit {
            self.command.args(["--timeout", &limit.as_secs().to_string()]);
        }
        if self.terminal {
            self.command = on_terminal(&self.command);
        }
        self.command.env("SSH_WHY_SCENE", id);
        self.command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let before = self.stage.home.snapshot();
        let agents = self.stage.agent_lists();
        let begun = Instant::now();
        let mut child = self.command.spawn().unwrap();
        let stdout = collect(child.stdout.take().unwrap());
        let stderr = collect(child.stderr.take().unwrap());
        Running { stage: self.stage, child, begun, marker, before, agents, stdout, stderr }
    }

    pub(crate) fn finish(self) -> Ran {
        self.start().finish()
    }
}

impl Running<'_> {
    /// Processes that this run has started, itself among them.
    pub(crate) fn processes(&self) -> Vec<(i32, String)> {
        marked(&self.marker)
    }

    /// Sends the program, and only it, a signal.
    pub(crate) fn signal(&self, which: rustix::process::Signal) {
        signal(self.child.id().try_into().unwrap(), which);
    }

    /// Waits for the end, and checks what holds for every run: no process is left, the home and the agents are as
    /// they were, and no CI host was asked for anything.
    pub(crate) fn finish(mut self) -> Ran {
        let mut status = None;
        let ended = until(LONGEST, || {
            status = self.child.try_wait().unwrap();
            status.is_some()
        });
        let took = self.begun.elapsed();
        if !ended {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
        let mut left = Vec::new();
        until(VANISH, || {
            left = marked(&self.marker);
            left.is_empty()
        });
        for (pid, _) in &left {
            end(*pid);
        }
        while !marked(&self.marker).is_empty() {
            pause();
        }
        let (stdout, stderr) = (self.stdout.join().unwrap(), self.stderr.join().unwrap());
        let all = format!("standard output:\n{stdout}\nstandard error:\n{stderr}");
        assert!(ended, "it did not end within {LONGEST:?}; {all}");
        assert!(left.is_empty(), "processes outlived it: {left:?}; {all}");
        self.stage.home.assert_unchanged(&self.before);
        assert_eq!(self.stage.agent_lists(), self.agents, "an agent's keys changed");
        self.stage.assert_nothing_asked();
        let panicked = ["panicked at", "RUST_BACKTRACE"].iter().any(|word| stderr.contains(word));
        assert!(!panicked, "{all}");
        Ran { code: status.and_then(|status| status.code()), stdout, stderr, took }
    }
}

impl Ran {
    /// The JSON report, which is one of its schema.
    pub(crate) fn report(&self) -> Value {
        let report = serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("no JSON ({error}):\n{}\nstandard error:\n{}", self.stdout, self.stderr));
        super::fits_schema(&report).unwrap_or_else(|why| panic!("no report of the schema: {why}"));
        report
    }
}

/// The same command, run by script(1), which has a terminal for it.
fn on_terminal(command: &Command) -> Command {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let line = shlex::try_join(words.map(|word| word.to_str().unwrap())).unwrap();
    let mut script = Command::new(program("script"));
    script.args(["-q", "-e", "-c", &line, "/dev/null"]).env_clear();
    script.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    script.env("TERM", "xterm").env("SHELL", "/bin/sh");
    script.current_dir(command.get_current_dir().unwrap());
    script
}

fn collect(mut stream: impl Read + Send + 'static) -> JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        String::from_utf8_lossy(&bytes).into_owned()
    })
}
