//! Programs that run in the background, and the hunt for those that should not.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

/// How long a server may take to come up.
const START: Duration = Duration::from_secs(20);

/// A short wait between two looks.
pub(crate) fn pause() {
    thread::sleep(Duration::from_millis(10));
}

/// Waits until something holds; false if it does not within the limit.
pub(crate) fn until(limit: Duration, mut holds: impl FnMut() -> bool) -> bool {
    let deadline = Instant::now() + limit;
    while !holds() {
        if Instant::now() >= deadline {
            return false;
        }
        pause();
    }
    true
}

/// A program in the background, ended with all that it started when this is dropped.
#[derive(Debug)]
pub(crate) struct Daemon {
    child: Child,
    log: PathBuf,
}

impl Daemon {
    /// Starts a program whose words go to `log`.
    pub(crate) fn start(command: &mut Command, log: &Path) -> Self {
        let file = File::options().create(true).append(true).open(log).unwrap();
        command.stdin(Stdio::null()).stdout(file.try_clone().unwrap()).stderr(file);
        let child = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        Self { child, log: log.to_owned() }
    }

    /// Waits for words in the log.
    ///
    /// # Errors
    /// The program has ended, or did not say them in time; the log.
    pub(crate) fn wait_for(&mut self, words: &str) -> Result<(), String> {
        let mut ended = false;
        let said = until(START, || {
            // In this order: words said just before the end count.
            let over = ended;
            ended = self.child.try_wait().unwrap().is_some();
            self.log().contains(words) || over
        });
        if said && self.log().contains(words) { Ok(()) } else { Err(self.log()) }
    }

    /// What it has said so far.
    pub(crate) fn log(&self) -> String {
        read(&self.log)
    }

    /// Its process id.
    pub(crate) fn pid(&self) -> i32 {
        self.child.id().try_into().unwrap()
    }

    /// Its exit code, once it has ended; 255 if a signal ended it.
    pub(crate) fn exit_code(&mut self) -> Option<i32> {
        self.child.try_wait().unwrap().map(|status| status.code().unwrap_or(255))
    }

    /// Whether it still runs.
    pub(crate) fn runs(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        if self.runs() {
            // Children first, while the parent still shows whose they are: sshd's lead sessions of their own.
            for pid in descendants(self.pid()) {
                end(pid);
            }
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
    }
}

/// A text file, or nothing if there is none yet.
pub(super) fn read(file: &Path) -> String {
    fs::read(file).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
}

/// Ends a process.
pub(super) fn end(pid: i32) {
    signal(pid, Signal::KILL);
}

/// Sends a process a signal.
pub(super) fn signal(pid: i32, signal: Signal) {
    if let Some(pid) = Pid::from_raw(pid) {
        let _ = kill_process(pid, signal);
    }
}

fn processes() -> impl Iterator<Item = i32> {
    fs::read_dir("/proc").unwrap().filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
}

/// State and parent of a process: the fields after the name, which may hold anything.
fn stat(pid: i32) -> Option<(String, i32)> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let mut fields = stat[stat.rfind(')')? + 1..].split_whitespace();
    Some((fields.next()?.to_owned(), fields.next()?.parse().ok()?))
}

/// All that a process has started and that has not been orphaned, the deepest first.
fn descendants(pid: i32) -> Vec<i32> {
    let parents: Vec<_> = processes().filter_map(|one| Some((one, stat(one)?.1))).collect();
    let mut found = vec![pid];
    let mut next = 0;
    while next < found.len() {
        let parent = found[next];
        found.extend(parents.iter().filter(|(_, of)| *of == parent).map(|(one, _)| *one));
        next += 1;
    }
    found.remove(0);
    found.reverse();
    found
}

/// Living processes whose environment holds `NAME=value`, each with its command line.
pub(crate) fn marked(variable: &str) -> Vec<(i32, String)> {
    let holds = |pid: i32| {
        let environment = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
        environment.split(|byte| *byte == 0).any(|entry| entry == variable.as_bytes())
    };
    all().into_iter().filter(|(pid, _)| holds(*pid)).collect()
}

/// Living processes, each with its command line.
pub(crate) fn all() -> Vec<(i32, String)> {
    let lives = |pid: &i32| stat(*pid).is_some_and(|(state, _)| state != "Z" && state != "X");
    let line = |pid: i32| read(Path::new(&format!("/proc/{pid}/cmdline"))).replace('\0', " ");
    processes().filter(lives).map(|pid| (pid, line(pid))).collect()
}
