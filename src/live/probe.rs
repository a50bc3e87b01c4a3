//! One run of the user's own ssh, read as it comes, and ended as soon as its answer is known.
//!
//! ssh's own words and the server's come by different ways: `-E` sends the log to a pipe of its own, so a
//! banner can't pass for a line of the log. The pipe is ssh's standard input, which `-n` keeps it from reading:
//! so no file has to be made, and none is left behind.

use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use super::Stage;
use super::config::{self, Answer};
use super::destination::{Destination, Purpose};
use super::hop::{self, Way};
use super::host_key::{Judge, Next, Policy};
use super::process::{self, Failure, MOST, Running};
use crate::model::{Outcome, Role, Transcript};
use crate::provider;
use crate::reader::Reader;

/// How long a greeting may take after the login.
const GREETING: Duration = Duration::from_millis(2500);

/// How long ssh may take to say what applies to a jump host.
const ASK: Duration = Duration::from_secs(2);

/// How long the pipes are drained after ssh has ended.
const DRAIN: Duration = Duration::from_millis(300);

enum Message {
    Log(Option<Vec<u8>>),
    Said(Option<Vec<u8>>),
    /// Of a jump host's ssh: which one's.
    Hop(usize, Option<Vec<u8>>),
}

/// Probes one target: what ssh said, the jump host's own run first where there is one. `tell` hears what it waits for.
///
/// # Errors
/// There is no ssh, or it can't be started.
pub fn probe(
    ssh: &str,
    target: &Destination,
    answer: &Answer,
    deadline: Instant,
    tell: &dyn Fn(Stage),
) -> Result<Vec<Transcript>, Failure> {
    tell(Stage::Connecting);
    let git = target.role == Role::Vcs;
    let policy = Policy::new(answer.options.known(), &target.command.host, target.role == Role::Ci, git);
    let mut judge = policy.first();
    loop {
        let (run, next) = judged(ssh, target, answer, &policy, &judge, deadline, tell)?;
        // A run that was stopped early is not told of: the next one is the connection that counts.
        if let Next::Again(other) = next
            && Instant::now() < deadline
        {
            judge = other;
            continue;
        }
        tell(match run.reader.current().map(Stage::of) {
            Some(Stage::Unreached) => Stage::Unreached,
            _ => Stage::Done,
        });
        let mut log = run.reader.finish();
        log.role = target.role;
        return Ok(run.hops.into_iter().rev().filter_map(Hop::transcript).chain([log]).collect());
    }
}

/// One run, and what follows from it.
fn judged<'a>(
    ssh: &str,
    target: &'a Destination,
    answer: &Answer,
    policy: &Policy<'_>,
    judge: &Judge,
    deadline: Instant,
    tell: &dyn Fn(Stage),
) -> Result<(Run<'a>, Next), Failure> {
    let mut separate = true;
    let mut run = loop {
        let limit = deadline.saturating_duration_since(Instant::now());
        let way = match answer.options.known() {
            Some(options) => hop::way(ssh, options, target.config(), limit.min(ASK))?,
            None => None,
        };
        let args = arguments(target, answer, policy.words(judge), limit, separate, way.as_ref());
        let mut run = Run::new(target, answer);
        if run.start(ssh, &args, separate, way, deadline, tell)? || !separate {
            break run;
        }
        // This system has no /dev/stdin: the log comes on standard error, banner and all.
        separate = false;
    };
    let next = policy.after(judge, run.reader.current());
    if let Next::Forged(fingerprint) = &next {
        run.reader.distrusted(fingerprint);
    }
    Ok((run, next))
}

/// The arguments for a run that changes nothing: no prompt, no old connection, no forwarding, no command.
fn arguments(
    target: &Destination,
    answer: &Answer,
    judged: Vec<String>,
    limit: Duration,
    separate: bool,
    way: Option<&Way>,
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
    for option in config::quiet(&answer.options, limit) {
        push(&["-o", &option]);
    }
    if let Some(way) = way {
        push(&["-o", &format!("ProxyCommand={}", way.command)]);
    }
    words.extend(judged);
    words.extend(target.words(if way.is_some() { Purpose::Probe } else { Purpose::Ask }));
    words
}

/// What a jump host's ssh logged.
struct Hop {
    name: String,
    log: Vec<u8>,
}

impl Hop {
    fn transcript(self) -> Option<Transcript> {
        let mut reader = Reader::live(format!("live:{}", self.name));
        reader.feed(&self.log);
        let mut log = reader.finish();
        for session in &mut log.sessions {
            session.jump_host = true;
        }
        log.role = Role::Other;
        (!log.sessions.is_empty()).then_some(log)
    }
}

struct Run<'a> {
    target: &'a Destination,
    reader: Reader,
    said: Vec<u8>,
    hops: Vec<Hop>,
}

impl<'a> Run<'a> {
    fn new(target: &'a Destination, answer: &Answer) -> Self {
        let mut reader = Reader::live(format!("live:{}", target.name));
        reader.typed(target.command.clone(), &target.name);
        reader.feed(answer.said.as_bytes());
        Self { target, reader, said: Vec::new(), hops: Vec::new() }
    }

    /// Runs ssh to its answer or to the deadline. Says whether ssh could send its log to the pipe.
    fn start(
        &mut self,
        ssh: &str,
        args: &[String],
        separate: bool,
        way: Option<Way>,
        deadline: Instant,
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
        let mut writers = Vec::new();
        for (index, log) in way.map(|way| way.logs).unwrap_or_default().into_iter().enumerate() {
            self.hops.push(Hop { name: log.name, log: Vec::new() });
            writers.push(log.writer);
            process::forward(log.reader, send.clone(), move |bytes| Message::Hop(index, bytes));
        }
        if let Some(stdout) = running.child().stdout.take() {
            process::forward(stdout, send.clone(), Message::Said);
        }
        if let Some(stderr) = running.child().stderr.take() {
            process::forward(stderr, send, if separate { Message::Said } else { Message::Log });
        }
        let open = self.listen(&messages, pipes, deadline, tell);
        let too_late = Instant::now() >= deadline && open > 0;
        running.end();
        // These pipes end now, too.
        let open = open + writers.len();
        drop(writers);
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
    fn listen(&mut self, messages: &Receiver<Message>, pipes: usize, deadline: Instant, tell: &dyn Fn(Stage)) -> usize {
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
                Message::Hop(index, bytes) => self.hop(index, bytes),
                Message::Log(None) | Message::Said(None) => open -= 1,
            }
        }
        open
    }

    fn hop(&mut self, index: usize, bytes: Option<Vec<u8>>) {
        if let (Some(hop), Some(bytes)) = (self.hops.get_mut(index), bytes) {
            let room = MOST.saturating_sub(hop.log.len());
            hop.log.extend_from_slice(&bytes[..bytes.len().min(room)]);
        }
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
                Some(Message::Hop(index, Some(bytes))) => self.hop(index, Some(bytes)),
                Some(Message::Log(None) | Message::Said(None) | Message::Hop(_, None)) => open -= 1,
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
