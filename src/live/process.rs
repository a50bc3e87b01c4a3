//! Other programs, with a limit on their time, their output, and their lives.
//!
//! A child leads a session of its own, without a terminal, and its whole process group is ended with it: a proxy
//! command or a jump host's client must neither ask nor outlive the ssh that started it. Nor do they outlive this
//! program, whatever ends it.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::io::{self, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

#[cfg(unix)]
use super::orphans;
use super::streams::{Piece, Streams};
use super::thread::apart;

/// What is kept of one stream of a child, in bytes; the rest is read and dropped.
pub(crate) const MOST: usize = 1 << 20;

/// What fits into a pipe on every system without a reader, in bytes.
const PIPE: usize = 4096;

/// Pieces that are taken of what waits when a program has ended. Pipes hold fewer.
const AT_ONCE: usize = 256;

/// How long a child that has been killed may take to end.
const LAST: Duration = Duration::from_millis(500);

/// How often one looks, at least, whether a child has ended.
const POLL: Duration = Duration::from_millis(5);

/// How soon one looks first at a child that is about to end.
const SOON: Duration = Duration::from_micros(100);

/// Groups that run now, for [`end_all`].
static RUNNING: Mutex<BTreeSet<u32>> = Mutex::new(BTreeSet::new());

/// Whether this program is ending, so that no other is started any more. Who starts one reads it meanwhile: programs may
/// start at the same time, and the end waits for all of them.
static ENDING: RwLock<bool> = RwLock::new(false);

/// Why a program gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// It is not installed, or not in PATH.
    #[error("{0} is not installed, or not in PATH")]
    Missing(String),
    /// The system would not start it.
    #[error("can't start {0}: {1}")]
    Start(String, io::Error),
    /// What goes by its name is no such program, or can't start it.
    #[error("{name} can't be run: it ended with exit code {code}{}", after(.words))]
    Unusable {
        /// What was started.
        name: String,
        /// 126 or 127: shells and wrappers say by it that there was nothing to run.
        code: i32,
        /// Its first words.
        words: String,
    },
    /// The system would start no thread to watch it.
    #[error("this system starts no more threads: {0}")]
    Thread(io::Error),
    /// It took longer than it was given.
    #[error("{0} did not answer within {1:?}")]
    Timeout(String, Duration),
    /// This program is being ended.
    #[error("interrupted")]
    Interrupted,
}

/// A program's words behind what is said of it.
fn after(words: &str) -> String {
    if words.is_empty() { String::new() } else { format!(" ({words})") }
}

/// A program that has been started.
#[derive(Debug)]
pub(crate) struct Running {
    child: Child,
    group: u32,
    #[cfg(unix)]
    entry: orphans::Entry,
    over: Option<Option<ExitStatus>>,
}

impl Running {
    /// Starts a program in a session of its own, without a terminal. A command is started once.
    ///
    /// # Errors
    /// It is missing, or can't be started.
    pub(crate) fn start(command: &mut Command) -> Result<Self, Failure> {
        let name = command.get_program().to_string_lossy().into_owned();
        let ending = ENDING.read().unwrap_or_else(PoisonError::into_inner);
        if *ending {
            return Err(Failure::Interrupted);
        }
        #[cfg(unix)]
        let entry = orphans::ready();
        #[cfg(unix)]
        own_group(command, entry);
        let child = command.spawn().map_err(|error| {
            #[cfg(unix)]
            entry.remove();
            match error.kind() {
                io::ErrorKind::NotFound => Failure::Missing(name),
                _ => Failure::Start(name, error),
            }
        })?;
        let group = child.id();
        RUNNING.lock().unwrap_or_else(PoisonError::into_inner).insert(group);
        drop(ending);
        Ok(Self {
            child,
            group,
            #[cfg(unix)]
            entry,
            over: None,
        })
    }

    /// The child itself, for its pipes.
    pub(crate) fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    /// Whether it has ended by itself. It is not reaped yet, so that its number, its group's too, stays its own.
    pub(crate) fn ended(&mut self) -> bool {
        self.over.is_some() || has_ended(&mut self.child)
    }

    /// Ends it and all that it started. Its status, where it has one.
    pub(crate) fn end(&mut self) -> Option<ExitStatus> {
        if let Some(status) = self.over {
            return status;
        }
        // Until it is reaped no other process can have its number.
        end_group(self.group, &mut self.child);
        #[cfg(unix)]
        self.entry.remove();
        RUNNING.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.group);
        let until = Instant::now() + LAST;
        let mut looks = looks();
        let status = loop {
            match self.child.try_wait() {
                Ok(None) if Instant::now() < until => looks.by_ref().take(1).for_each(std::thread::sleep),
                Ok(status) => break status,
                Err(_) => break None,
            }
        };
        self.over = Some(status);
        status
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}

/// Ends every program that this one has started, and lets none be started any more. For signal handlers, and for
/// the end.
pub(crate) fn end_all() {
    *ENDING.write().unwrap_or_else(PoisonError::into_inner) = true;
    for group in RUNNING.lock().unwrap_or_else(PoisonError::into_inner).iter() {
        kill_group(*group);
    }
    #[cfg(unix)]
    orphans::dismiss();
}

/// What a program printed.
#[derive(Clone, Debug)]
pub(crate) struct Output {
    /// How it ended.
    pub status: ExitStatus,
    /// Standard output.
    pub stdout: Vec<u8>,
    /// Standard error.
    pub stderr: Vec<u8>,
}

impl Output {
    /// Standard output as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }
}

/// Runs a program without input to its end, or to the end of `limit`.
///
/// # Errors
/// It is missing, can't be started, or takes too long.
pub(crate) fn run<I, S>(program: &str, args: I, limit: Duration) -> Result<Output, Failure>
where
    I: IntoIterator<Item = S>,
    S: AsRef<OsStr>,
{
    run_fed(program, args, b"", limit)
}

/// As [`run`], with a text as standard input.
///
/// # Errors
/// As there.
pub(crate) fn run_fed<I, S>(program: &str, args: I, input: &[u8], limit: Duration) -> Result<Output, Failure>
where
    I: IntoIterator<Item = S>,
    S: AsRef<OsStr>,
{
    let mut command = Command::new(program);
    command.args(args);
    run_command(command, input, limit)
}

/// As [`run_fed`], with an environment or a folder of its own.
///
/// # Errors
/// As there.
pub(crate) fn run_command(mut command: Command, input: &[u8], limit: Duration) -> Result<Output, Failure> {
    let program = command.get_program().to_string_lossy().into_owned();
    let failed = |error| Failure::Start(program.clone(), error);
    let (reader, mut writer) = io::pipe().map_err(failed)?;
    let (now, later) = input.split_at(input.len().min(PIPE));
    writer.write_all(now).map_err(failed)?;
    if later.is_empty() {
        drop(writer);
    } else {
        let later = later.to_owned();
        apart(move || drop(writer.write_all(&later))).map_err(Failure::Thread)?;
    }
    command.env("LC_ALL", "C").env_remove("SSH_ASKPASS").env("SSH_ASKPASS_REQUIRE", "never");
    command.stdin(reader).stdout(Stdio::piped()).stderr(Stdio::piped());
    let deadline = Instant::now() + limit;
    let mut running = Running::start(&mut command)?;
    let mut streams = Streams::new();
    if let Some(stdout) = running.child().stdout.take() {
        streams.add(false, stdout).map_err(Failure::Thread)?;
    }
    if let Some(stderr) = running.child().stderr.take() {
        streams.add(true, stderr).map_err(Failure::Thread)?;
    }
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let mut keep = |(is_error, bytes): Piece<bool>| {
        let kept: &mut Vec<u8> = if is_error { &mut stderr } else { &mut stdout };
        let bytes = bytes.unwrap_or_default();
        kept.extend_from_slice(&bytes[..bytes.len().min(MOST.saturating_sub(kept.len()))]);
    };
    let mut looks = looks();
    while !running.ended() {
        if Instant::now() >= deadline {
            return Err(Failure::Timeout(program, limit));
        }
        // A program that has closed its output is about to end.
        if streams.is_empty() {
            looks.by_ref().take(1).for_each(std::thread::sleep);
        } else if let Some(piece) = streams.next(deadline.min(Instant::now() + POLL)) {
            keep(piece);
        }
    }
    let status = running.end().ok_or_else(|| failed(io::ErrorKind::Other.into()))?;
    // What it wrote is all there. A grandchild that got away may write on.
    let mut taken = 0;
    while taken < AT_ONCE
        && let Some(piece) = streams.waiting()
    {
        taken += 1;
        keep(piece);
    }
    Ok(Output { status, stdout, stderr })
}

/// How long to wait from one look at a child that is about to end to the next.
fn looks() -> impl Iterator<Item = Duration> {
    std::iter::successors(Some(SOON), |wait| Some((*wait * 2).min(POLL)))
}

/// A session of its own, so that neither the program nor what it starts has a terminal to ask on: a jump host's
/// ssh is started by ssh, without the options that keep ssh from asking.
#[cfg(unix)]
fn own_group(command: &mut Command, entry: orphans::Entry) {
    use std::os::unix::process::CommandExt;
    #[cfg(target_os = "linux")]
    let parent = std::process::id();
    let detach = move || {
        rustix::process::setsid()?;
        entry.announce();
        #[cfg(target_os = "linux")]
        {
            rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL))?;
            // It may have been killed before that.
            let now = rustix::process::getppid().map(|pid| pid.as_raw_nonzero().get());
            if now != i32::try_from(parent).ok() {
                return Err(io::ErrorKind::Interrupted.into());
            }
        }
        Ok(())
    };
    #[allow(unsafe_code, reason = "pre_exec has no safe form; system calls are made, which are async-signal-safe")]
    // SAFETY: between fork and exec only setsid(2), getpid(2), write(2), prctl(2) and getppid(2) are called, numbers
    // are written into an array and compared; nothing is allocated, no lock is taken.
    unsafe {
        command.pre_exec(detach);
    }
}

/// Whether a child has ended, without reaping it.
#[cfg(all(unix, not(target_os = "openbsd")))]
fn has_ended(child: &mut Child) -> bool {
    use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};
    let look = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    pid.is_none_or(|pid| !matches!(waitid(WaitId::Pid(pid), look), Ok(None)))
}

#[cfg(not(all(unix, not(target_os = "openbsd"))))]
fn has_ended(child: &mut Child) -> bool {
    !matches!(child.try_wait(), Ok(None))
}

#[cfg(unix)]
fn end_group(group: u32, _child: &mut Child) {
    kill_group(group);
}

#[cfg(unix)]
fn kill_group(group: u32) {
    use rustix::process::{Pid, Signal, kill_process_group};
    if let Some(pid) = i32::try_from(group).ok().and_then(Pid::from_raw) {
        let _ = kill_process_group(pid, Signal::KILL);
    }
}

#[cfg(not(unix))]
fn end_group(_group: u32, child: &mut Child) {
    let _ = child.kill();
}

#[cfg(not(unix))]
fn kill_group(_group: u32) {}

#[cfg(all(test, unix))]
#[allow(clippy::unwrap_used, clippy::non_octal_unix_permissions, clippy::type_complexity, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn output_and_status() {
        let output = run("sh", ["-c", "echo out; echo err >&2; exit 3"], Duration::from_secs(10)).unwrap();
        assert_eq!((output.text().as_str(), output.status.code()), ("out\n", Some(3)));
        assert_eq!(output.stderr, b"err\n");
    }

    #[test]
    fn input_may_be_longer_than_a_pipe_holds() {
        let text = "x".repeat(300_000);
        let output = run_fed("wc", ["-c"], text.as_bytes(), Duration::from_secs(20)).unwrap();
        assert_eq!(output.text().trim(), "300000");
        assert!(run_fed("true", [""; 0], text.as_bytes(), Duration::from_secs(20)).unwrap().status.success());
    }

    #[test]
    fn a_missing_program_is_told() {
        assert!(matches!(run("no-such-program-here", [""], Duration::from_secs(1)), Err(Failure::Missing(_))));
    }

    /// As long as its group may be killed, nobody else can have its number; and it is killed once.
    #[cfg(target_os = "linux")]
    #[test]
    fn a_child_that_has_ended_keeps_its_number() {
        let mut running = Running::start(Command::new("sh").args(["-c", "exit 3"])).unwrap();
        let begun = Instant::now();
        while !running.ended() {
            assert!(begun.elapsed() < Duration::from_secs(10));
            std::thread::sleep(POLL);
        }
        let pid = running.child().id();
        let state = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
        assert!(state.contains(") Z "), "reaped already: {state}");
        assert_eq!(running.end().and_then(|status| status.code()), Some(3));
        assert!(!RUNNING.lock().unwrap().contains(&pid));
        assert!(!std::path::Path::new(&format!("/proc/{pid}")).exists());
        assert_eq!(running.end().and_then(|status| status.code()), Some(3));
    }

    #[test]
    fn a_grandchild_does_not_outlive_it() {
        let begun = Instant::now();
        let slow = run("sh", ["-c", "sleep 60 & echo $!; sleep 60"], Duration::from_millis(200));
        assert!(matches!(slow, Err(Failure::Timeout(..))));
        let quick = run("sh", ["-c", "sleep 60 & echo $!"], Duration::from_secs(20)).unwrap();
        assert!(begun.elapsed() < Duration::from_secs(15));
        let pid: i32 = quick.text().trim().parse().unwrap();
        std::thread::sleep(Duration::from_millis(50));
        let alive = std::fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| !stat.contains(") Z "));
        assert!(!alive, "sleep still runs");
    }
}
