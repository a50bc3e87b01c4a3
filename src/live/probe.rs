//! One run of the user's own ssh, read as it comes, and ended as soon as its answer is known.
//!
//! ssh's own words and the server's come by different ways: `-E` sends the log to a pipe of its own, so a
//! banner can't pass for a line of the log. The pipe is ssh's standard input, which `-n` keeps it from reading:
//! so no file has to be made, and none is left behind.

use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use super::config::{self, Answer, Options};
use super::process::{self, Failure, MOST, Running};
use super::{Stage, known_hosts};
use crate::model::session::Typed;
use crate::model::{Fact, Kind, Outcome, Role, Session, Transcript};
use crate::provider;
use crate::reader::Reader;

/// How long a greeting may take after the login.
const GREETING: Duration = Duration::from_millis(2500);

/// How long the pipes are drained after ssh has ended.
const DRAIN: Duration = Duration::from_millis(300);

/// One connection to make.
#[derive(Clone, Debug)]
pub struct Target {
    /// What to call it: the destination as given.
    pub name: String,
    /// Git host, CI host, or neither is known.
    pub role: Role,
    /// ssh's arguments: options, then the destination. No remote command.
    pub args: Vec<String>,
    /// The user's command, for the suggestion.
    pub typed: Typed,
}

enum Message {
    Log(Option<Vec<u8>>),
    Said(Option<Vec<u8>>),
}

/// Flags of ssh that only say how to connect.
const FLAGS: &str = "46C";

/// Options with a value that only say how to connect. `-o` is safe, since the probe's own stand before it and the
/// first value counts.
const VALUES: &str = "bBcFiIJmo";

/// Of a command's options those that lead ssh to its destination, as words. The others forward something, join or
/// keep a connection, run something or write somewhere; port and user are the destination's.
pub fn leading(typed: &Typed) -> Vec<String> {
    let mut words = Vec::new();
    for (letter, value) in &typed.options {
        match value {
            None if FLAGS.contains(*letter) => words.push(format!("-{letter}")),
            Some(value) if VALUES.contains(*letter) => words.extend([format!("-{letter}"), value.clone()]),
            _ => {}
        }
    }
    words
}

/// Probes one target: what ssh said, the jump host's own run first where there is one. `tell` hears what it waits for.
///
/// # Errors
/// There is no ssh, or it can't be started.
pub fn probe(
    ssh: &str,
    target: &Target,
    answer: &Answer,
    home: Option<&str>,
    deadline: Instant,
    tell: &dyn Fn(Stage),
) -> Result<Vec<Transcript>, Failure> {
    tell(Stage::Connecting);
    let begun = Instant::now();
    let limit = deadline.saturating_duration_since(begun);
    let options = answer.options.known();
    let known = options.and_then(|options| known_hosts::is_known(options, home, limit.min(Duration::from_secs(2))));
    let policy = HostKeys { known: known == Some(true) || options.is_none(), git: target.role == Role::Vcs };
    let mut run = Run::new(target, answer);
    let separate =
        run.start(ssh, &arguments(target, &answer.options, &policy, limit, true), true, deadline, &policy, tell)?;
    if !separate {
        // This system has no /dev/stdin: the log comes on standard error, banner and all.
        run = Run::new(target, answer);
        run.start(ssh, &arguments(target, &answer.options, &policy, limit, false), false, deadline, &policy, tell)?;
    }
    tell(match run.reader.current().map(Stage::of) {
        Some(Stage::Unreached) => Stage::Unreached,
        _ => Stage::Done,
    });
    let mut transcripts = Vec::new();
    let jump = options.and_then(|options| options.iter().find(|(key, value)| key == "proxyjump" && value != "none"));
    if let Some((_, hop)) = jump.filter(|_| separate) {
        let mut log = crate::reader::read(format!("live:{hop}"), &run.said);
        for session in &mut log.sessions {
            session.jump_host = true;
        }
        if !log.sessions.is_empty() {
            log.role = Role::Other;
            transcripts.push(log);
        }
    }
    let mut log = run.reader.finish();
    log.role = target.role;
    transcripts.push(log);
    Ok(transcripts)
}

/// How a target's host key is judged.
struct HostKeys {
    /// known_hosts has it: ssh itself is the judge, and strict.
    known: bool,
    git: bool,
}

impl HostKeys {
    /// Whether a git host that known_hosts lacks shows another key than its provider publishes.
    fn forged(&self, session: &Session) -> Option<String> {
        if self.known || !self.git {
            return None;
        }
        let provider = provider::named(session).filter(|provider| !provider.host_keys.is_empty())?;
        let shown = session.first(|kind| match kind {
            Kind::HostKey { fingerprint: Some(fingerprint), .. } => Some(fingerprint.as_str()),
            _ => None,
        });
        let (shown, _) = shown?;
        provider.host_key(shown).is_none_or(|key| key.retired.is_some()).then(|| shown.to_owned())
    }
}

/// The arguments for a run that changes nothing: no prompt, no old connection, no forwarding, no command.
fn arguments(
    target: &Target,
    options: &Fact<Options>,
    policy: &HostKeys,
    limit: Duration,
    separate: bool,
) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut push = |more: &[&str]| words.extend(more.iter().map(|word| (*word).to_owned()));
    push(&["-v", "-n", "-T", "-x", "-a"]);
    if separate {
        push(&["-E", "/dev/stdin"]);
    }
    if target.role != Role::Vcs {
        // A CI host is logged in to, and nothing more.
        push(&["-N"]);
    }
    // The first value counts, so these stand before the user's own.
    for option in [
        "BatchMode=yes",
        "ControlMaster=no",
        "ControlPath=none",
        "ClearAllForwardings=yes",
        "Tunnel=no",
        "PermitLocalCommand=no",
    ] {
        push(&["-o", option]);
    }
    let timeout = limit.as_millis().div_ceil(1000).max(1).to_string();
    push(&["-o", &format!("ConnectTimeout={timeout}")]);
    // Newer options, where this ssh knows them.
    for (name, option) in [
        ("updatehostkeys", "UpdateHostKeys=no"),
        ("addkeystoagent", "AddKeysToAgent=no"),
        ("remotecommand", "RemoteCommand=none"),
        ("controlpersist", "ControlPersist=no"),
        ("forkafterauthentication", "ForkAfterAuthentication=no"),
    ] {
        if config::knows(options, name) {
            push(&["-o", option]);
        }
    }
    // Without -G it can't be told what known_hosts holds: then ssh itself is to judge a git host.
    if policy.git && (policy.known || options.known().is_none()) {
        push(&["-o", "StrictHostKeyChecking=yes"]);
    } else {
        // A new key goes to the first file, and so nowhere; a changed one is still told.
        let files = options.known().map_or_else(|| "~/.ssh/known_hosts".to_owned(), known_hosts::user_files);
        push(&["-o", "StrictHostKeyChecking=no", "-o", &format!("UserKnownHostsFile=/dev/null {files}")]);
    }
    words.extend(target.args.iter().cloned());
    words
}

struct Run<'a> {
    target: &'a Target,
    reader: Reader,
    said: Vec<u8>,
    forged: Option<String>,
}

impl<'a> Run<'a> {
    fn new(target: &'a Target, answer: &Answer) -> Self {
        let mut reader = Reader::live(format!("live:{}", target.name));
        reader.typed(target.typed.clone(), &target.name);
        reader.feed(answer.said.as_bytes());
        Self { target, reader, said: Vec::new(), forged: None }
    }

    /// Runs ssh to its answer or to the deadline. Says whether ssh could send its log to the pipe.
    fn start(
        &mut self,
        ssh: &str,
        args: &[String],
        separate: bool,
        deadline: Instant,
        policy: &HostKeys,
        tell: &dyn Fn(Stage),
    ) -> Result<bool, Failure> {
        let (log, writer) = std::io::pipe().map_err(|error| Failure::Start(ssh.to_owned(), error))?;
        let mut command = Command::new(ssh);
        command.args(args).env("LC_ALL", "C").env_remove("SSH_ASKPASS").env("SSH_ASKPASS_REQUIRE", "never");
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        if separate {
            command.stdin(writer)
        } else {
            command.stdin(Stdio::null())
        };
        let begun = Instant::now();
        let mut running = Running::start(&mut command)?;
        // Our own copy of the pipe's end goes with the command.
        drop(command);
        let (send, messages) = channel();
        let pipes = if separate { 3 } else { 2 };
        if separate {
            process::forward(log, send.clone(), Message::Log);
        }
        if let Some(stdout) = running.child().stdout.take() {
            process::forward(stdout, send.clone(), Message::Said);
        }
        if let Some(stderr) = running.child().stderr.take() {
            process::forward(stderr, send, if separate { Message::Said } else { Message::Log });
        }
        let open = self.listen(&messages, pipes, deadline, policy, tell);
        let too_late = Instant::now() >= deadline && open > 0;
        running.end();
        if let Some(fingerprint) = self.forged.take() {
            self.reader.distrusted(&fingerprint);
            return Ok(true);
        }
        self.drain(&messages, open);
        if separate && self.reader.current().is_none_or(|session| session.events.is_empty()) && !too_late {
            let said = String::from_utf8_lossy(&self.said);
            if said.contains("/dev/stdin") {
                return Ok(false);
            }
        }
        self.conclude(too_late, begun);
        Ok(true)
    }

    /// Reads until the answer is known. Returns how many pipes are open still.
    fn listen(
        &mut self,
        messages: &Receiver<Message>,
        pipes: usize,
        deadline: Instant,
        policy: &HostKeys,
        tell: &dyn Fn(Stage),
    ) -> usize {
        let mut open = pipes;
        let mut until = deadline;
        while open > 0 {
            let Some(message) = process::next(messages, until) else {
                return open;
            };
            match message {
                Message::Log(Some(bytes)) => {
                    self.reader.feed(&bytes);
                    let Some(session) = self.reader.current() else {
                        continue;
                    };
                    tell(Stage::of(session));
                    if let Some(shown) = policy.forged(session) {
                        self.forged = Some(shown);
                        return open;
                    }
                    if session.outcome == Outcome::Authenticated {
                        if self.target.role != Role::Vcs || self.greeted() {
                            return open;
                        }
                        until = until.min(Instant::now() + GREETING);
                    }
                }
                Message::Said(Some(bytes)) => {
                    let room = MOST.saturating_sub(self.said.len());
                    self.said.extend_from_slice(&bytes[..bytes.len().min(room)]);
                    let logged_in =
                        self.reader.current().is_some_and(|session| session.outcome == Outcome::Authenticated);
                    if logged_in && self.greeted() {
                        return open;
                    }
                }
                Message::Log(None) | Message::Said(None) => open -= 1,
            }
        }
        open
    }

    /// Whether the server has said what a git host says after a login.
    fn greeted(&self) -> bool {
        let text = String::from_utf8_lossy(&self.said);
        text.lines().any(|line| provider::greeting(line.trim()).is_some())
    }

    /// What was on its way when ssh ended.
    fn drain(&mut self, messages: &Receiver<Message>, mut open: usize) {
        let until = Instant::now() + DRAIN;
        while open > 0 {
            match process::next(messages, until) {
                Some(Message::Log(Some(bytes))) => self.reader.feed(&bytes),
                Some(Message::Said(Some(bytes))) => {
                    let room = MOST.saturating_sub(self.said.len());
                    self.said.extend_from_slice(&bytes[..bytes.len().min(room)]);
                }
                Some(Message::Log(None) | Message::Said(None)) => open -= 1,
                None => return,
            }
        }
    }

    fn conclude(&mut self, too_late: bool, begun: Instant) {
        let session = self.reader.current();
        let logged_in = session.is_some_and(|session| session.outcome == Outcome::Authenticated);
        if too_late && session.is_none_or(|session| session.outcome == Outcome::Unknown) {
            let waiting = session.map_or("ssh", |session| Stage::of(session).words());
            self.reader.gave_up(begun.elapsed().as_secs_f64().round().max(1.0) as u64, waiting);
        }
        if logged_in {
            self.reader.server(&self.said);
        }
    }
}
