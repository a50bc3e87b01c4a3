//! Agents: real ones, and sockets that only look like one.

use std::ffi::OsStr;
use std::io::{Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use super::keys::succeed;
use super::needs::program;
use super::process::write_program;
use super::{Daemon, Key, Stage, World, pause, until};

/// An agent's socket, and what is needed to look into it.
#[derive(Clone, Debug)]
pub(crate) struct Agent {
    world: World,
    /// The socket's file.
    pub(crate) socket: PathBuf,
}

/// What a made-up agent answers to anything.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// These bytes, and then it hangs up.
    Says(Vec<u8>),
    /// These bytes, one after the other.
    Drips(Vec<u8>),
    /// These bytes, and then zeros without end.
    Endless(Vec<u8>),
}

impl Agent {
    /// An agent that holds keys.
    pub(crate) fn with(stage: &Stage, keys: &[&Key]) -> Self {
        let agent = Self::empty(stage);
        for key in keys {
            agent.add(key, &[]);
        }
        agent
    }

    /// An agent without keys.
    pub(crate) fn empty(stage: &Stage) -> Self {
        let agent = Self::named(stage);
        let mut command = agent.world.command(program("ssh-agent"));
        command.arg("-D").arg("-a").arg(&agent.socket);
        let mut daemon = Daemon::start(&mut command, &agent.socket.with_extension("log"));
        let up = until(Duration::from_secs(10), || UnixStream::connect(&agent.socket).is_ok() || !daemon.runs());
        assert!(up && daemon.runs(), "ssh-agent: {}", daemon.log());
        stage.keep(daemon);
        stage.watch_agent(&agent);
        agent
    }

    /// An agent that holds keys and asks before it signs, with nobody there to answer.
    pub(crate) fn refusing(stage: &Stage, keys: &[&Key]) -> Self {
        let agent = Self::empty(stage);
        for key in keys {
            agent.add(key, &["-c"]);
        }
        agent
    }

    /// An agent that holds keys and has been locked with a password.
    pub(crate) fn locked(stage: &Stage, keys: &[&Key]) -> Self {
        let agent = Self::with(stage, keys);
        let askpass = askpass(&agent.socket.with_extension("askpass"), "open sesame");
        let mut lock = agent.tool();
        lock.arg("-x").env("SSH_ASKPASS", &askpass).env("SSH_ASKPASS_REQUIRE", "force");
        succeed(lock);
        agent
    }

    /// A socket that nobody listens at any more.
    pub(crate) fn dead(stage: &Stage) -> Self {
        let agent = Self::named(stage);
        drop(UnixListener::bind(&agent.socket).unwrap());
        agent
    }

    /// A socket that answers each request in this way; it ends with the test's process.
    pub(crate) fn answering(stage: &Stage, answer: Answer) -> Self {
        let agent = Self::named(stage);
        let listener = UnixListener::bind(&agent.socket).unwrap();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let answer = answer.clone();
                std::thread::spawn(move || reply(stream, &answer));
            }
        });
        agent
    }

    /// A socket that takes requests and never answers.
    pub(crate) fn hanging(stage: &Stage) -> Self {
        let agent = Self::named(stage);
        let listener = UnixListener::bind(&agent.socket).unwrap();
        listener.set_nonblocking(true).unwrap();
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let thread = std::thread::spawn(move || {
            let mut held = Vec::new();
            while !stopped.load(Ordering::Relaxed) {
                held.extend(listener.accept());
                pause();
            }
        });
        stage.keep(Hanging { stop, thread: Some(thread) });
        agent
    }

    fn named(stage: &Stage) -> Self {
        Self { world: stage.world().clone(), socket: stage.new_path("agent") }
    }

    /// Its socket, as text.
    pub(crate) fn path(&self) -> &str {
        self.socket.to_str().unwrap()
    }

    /// What it lists, as `ssh-add -l` prints it.
    pub(crate) fn list(&self) -> String {
        let output = self.tool().arg("-l").output().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    fn add(&self, key: &Key, options: &[&str]) {
        let mut add = self.tool();
        add.arg("-q").args(options).arg(&key.file);
        succeed(add);
    }

    /// Adds one more key, whose passphrase is this if it has one.
    pub(crate) fn add_file(&self, file: &Path, passphrase: &str) {
        let mut add = self.tool();
        let askpass = askpass(&self.socket.with_extension("passphrase"), passphrase);
        add.arg("-q").arg(file).env("SSH_ASKPASS", askpass).env("SSH_ASKPASS_REQUIRE", "force");
        succeed(add);
    }

    fn tool(&self) -> Command {
        let mut command = self.world.command(program("ssh-add"));
        command.env("SSH_AUTH_SOCK", &self.socket).stdin(Stdio::null());
        command
    }
}

fn reply(mut stream: UnixStream, answer: &Answer) -> std::io::Result<()> {
    while stream.read(&mut [0; 4096])? > 0 {
        match answer {
            Answer::Says(bytes) => return stream.write_all(bytes),
            Answer::Drips(bytes) => {
                for byte in bytes {
                    stream.write_all(&[*byte])?;
                    std::thread::sleep(Duration::from_millis(150));
                }
            }
            Answer::Endless(bytes) => {
                stream.write_all(bytes)?;
                loop {
                    stream.write_all(&[0; 4096])?;
                }
            }
        }
    }
    Ok(())
}

/// Writes a program that answers a question.
fn askpass(file: &Path, answer: &str) -> PathBuf {
    write_program(file, &format!("#!/bin/sh\necho '{answer}'\n"));
    file.to_owned()
}

impl AsRef<OsStr> for Agent {
    fn as_ref(&self) -> &OsStr {
        self.socket.as_os_str()
    }
}

struct Hanging {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Hanging {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
