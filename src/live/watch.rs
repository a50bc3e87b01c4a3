//! A run of an ssh that logs into a pipe of ours: it is started, listened to until its answer is known or its time
//! is over, and ended.
//!
//! The peer chooses neither how long that takes nor how much of it is kept. Each loop looks at the clock before it
//! takes the next piece, what is not taken waits in its pipe, and of each stream so many bytes are kept and no more.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::hop;
use super::process::{Failure, Running};
use super::repository;
use super::streams::Streams;
use super::tagged::Untag;
use super::{Stage, Until};
use crate::model::{Kind, Outcome, Role, Session, Transcript};
use crate::provider;
use crate::reader::Reader;

/// How long a greeting may take after the login.
const GREETING: Duration = Duration::from_millis(2500);

/// Pieces that are taken of what waits when ssh has ended. Pipes hold fewer.
const AT_ONCE: usize = 256;

/// How often a run looks whether anybody still wants to know.
const LOOK: Duration = Duration::from_millis(5);

/// What is read of ssh's log, in bytes. An honest one, of fifty keys, has forty thousand.
const LOG: usize = 1 << 20;

/// What is kept of the server's words, in bytes. A greeting stands near their beginning.
const SAID: usize = 256 << 10;

/// Where words come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    /// ssh itself.
    Log,
    /// The server.
    Said,
    /// Of the server's words those that a program would read.
    Out,
    /// A jump host's ssh: which one's.
    Hop(usize),
}

/// What a jump host's ssh logged.
struct Hop {
    name: String,
    tagged: bool,
    log: Vec<u8>,
}

/// What is waited for after a login.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum After {
    /// Nothing.
    Nothing,
    /// A git host's greeting.
    Greeting,
    /// A repository's refs.
    Refs,
}

/// What is waited for.
pub(crate) struct Task<'a> {
    /// When its time is over.
    pub until: Until<'a>,
    /// ssh's log comes by standard input's pipe (`-E /dev/stdin`), apart from the server's words.
    pub separate: bool,
    /// ssh begins each message with its place.
    pub tagged: bool,
    /// What is waited for after the login.
    pub after: After,
    /// Hears what is waited for.
    pub tell: &'a dyn Fn(Stage),
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// ssh could not send its log to the pipe: this system has no `/dev/stdin`.
    NoLog,
    /// Any other way.
    Over,
}

/// What came of a run.
pub(crate) struct Watch {
    reader: Reader,
    untag: Untag,
    said: Vec<u8>,
    out: Vec<u8>,
    /// The beginning of the line of `said` that is not known to be no greeting.
    unread: usize,
    /// What was read of the log.
    logged: usize,
    greeted: bool,
    hops: Vec<Hop>,
}

impl Watch {
    /// Before the run. The reader may know the command already.
    pub(crate) fn new(reader: Reader) -> Self {
        Self {
            reader,
            untag: Untag::default(),
            said: Vec::new(),
            out: Vec::new(),
            unread: 0,
            logged: 0,
            greeted: false,
            hops: Vec::new(),
        }
    }

    /// What its log says so far.
    pub(crate) fn session(&self) -> Option<&Session> {
        self.reader.current()
    }

    /// The attempt is to be judged as one at a host whose key is none that its provider publishes.
    pub(crate) fn distrusted(&mut self, fingerprint: &str) {
        self.reader.distrusted(fingerprint);
    }

    /// Its log, those of its jump hosts first. What came beside them is not read for what a client says.
    pub(crate) fn finish(self) -> (Vec<Transcript>, Transcript) {
        let hops = self.hops.into_iter().rev().filter_map(Hop::transcript).collect();
        (hops, self.reader.finish())
    }

    /// Runs ssh to its answer or to the deadline; not at all where no time is left. What it runs must not read its input; `logs` are those of the jump
    /// hosts on its way.
    ///
    /// # Errors
    /// There is no ssh, or it can't be started or watched.
    pub(crate) fn run(&mut self, command: &mut Command, task: &Task<'_>, logs: Vec<hop::Log>) -> Result<End, Failure> {
        let begun = Instant::now();
        if task.until.left().is_zero() {
            self.conclude(true, begun, task.after);
            return Ok(End::Over);
        }
        let name = command.get_program().to_string_lossy().into_owned();
        let (log, writer) = std::io::pipe().map_err(|error| Failure::Start(name.clone(), error))?;
        command.env("LC_ALL", "C").env_remove("SSH_ASKPASS").env("SSH_ASKPASS_REQUIRE", "never");
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        if task.separate {
            command.stdin(writer);
        } else {
            command.stdin(Stdio::null());
        }
        self.untag = Untag::new(task.tagged);
        let mut running = Running::start(command)?;
        // Our own copy of the pipe's end goes, so that the pipe ends with ssh.
        command.stdin(Stdio::null());
        let mut streams = Streams::new();
        let mut open = 0;
        if task.separate {
            streams.add(Source::Log, log).map_err(Failure::Thread)?;
            open += 1;
        }
        let mut writers = Vec::new();
        for (index, log) in logs.into_iter().enumerate() {
            self.hops.push(Hop { name: log.name, tagged: log.tagged, log: Vec::new() });
            writers.push(log.writer);
            streams.add(Source::Hop(index), log.reader).map_err(Failure::Thread)?;
        }
        if let Some(stdout) = running.child().stdout.take() {
            let apart = task.after == After::Refs;
            streams.add(if apart { Source::Out } else { Source::Said }, stdout).map_err(Failure::Thread)?;
            open += 1;
        }
        if let Some(stderr) = running.child().stderr.take() {
            streams.add(if task.separate { Source::Said } else { Source::Log }, stderr).map_err(Failure::Thread)?;
            open += 1;
        }
        self.listen(&mut streams, &mut open, task);
        let too_late = Instant::now() >= task.until.deadline && open > 0;
        let status = running.end();
        // These pipes end now, too.
        drop(writers);
        // What was on its way when ssh ended.
        for _ in 0..AT_ONCE {
            let Some((source, bytes)) = streams.waiting() else { break };
            self.take(source, &bytes.unwrap_or_default());
        }
        self.reader.feed(&self.untag.end());
        let silent = self.reader.current().is_none_or(|session| session.events.is_empty());
        if task.separate && silent && !too_late && String::from_utf8_lossy(&self.said).contains("/dev/stdin") {
            return Ok(End::NoLog);
        }
        let code = status.filter(|_| silent && !too_late).and_then(|status| status.code());
        if let Some(code @ (126 | 127)) = code {
            let words = String::from_utf8_lossy(&self.said).lines().next().unwrap_or_default().trim().to_owned();
            return Err(Failure::Unusable { name, code, words });
        }
        let by_itself =
            open == 0 && !too_late && status.is_some_and(|status| status.code().is_some_and(|code| code != 0));
        if by_itself && self.session().is_none_or(ends_unexplained) {
            self.reader.stopped();
        }
        self.conclude(too_late, begun, task.after);
        Ok(End::Over)
    }

    /// Takes what comes until the answer is known. Counts the pipes that are open still.
    fn listen(&mut self, streams: &mut Streams<Source>, open: &mut usize, task: &Task<'_>) {
        let mut until = task.until.deadline;
        while *open > 0 {
            if task.until.is_over() {
                return;
            }
            let soon = if task.until.over.is_some() { until.min(Instant::now() + LOOK) } else { until };
            let Some((source, bytes)) = streams.next(soon) else {
                if Instant::now() < until && soon < until {
                    continue;
                }
                return;
            };
            let Some(bytes) = bytes else {
                *open -= usize::from(!matches!(source, Source::Hop(_)));
                continue;
            };
            self.take(source, &bytes);
            if source == Source::Log
                && let Some(session) = self.reader.current()
            {
                (task.tell)(Stage::of(session));
                if session.outcome == Outcome::Authenticated {
                    match task.after {
                        After::Nothing => return,
                        After::Greeting => until = until.min(Instant::now() + GREETING),
                        After::Refs => (task.tell)(Stage::Repository),
                    }
                }
            }
            // Who has said so much without a greeting will say none.
            let greeted = self.greeted && task.after == After::Greeting;
            let answered = greeted || self.said.len() >= SAID || repository::answer(&self.out).is_some();
            if self.logged >= LOG || answered && self.is_in() {
                return;
            }
        }
    }

    fn take(&mut self, source: Source, bytes: &[u8]) {
        match source {
            Source::Log => self.hear(bytes),
            Source::Said => self.listen_to_server(bytes),
            Source::Out => self.read_answer(bytes),
            Source::Hop(index) => self.hop(index, bytes),
        }
    }

    fn hop(&mut self, index: usize, bytes: &[u8]) {
        if let Some(hop) = self.hops.get_mut(index) {
            let room = SAID.saturating_sub(hop.log.len());
            hop.log.extend_from_slice(&bytes[..bytes.len().min(room)]);
        }
    }

    fn is_in(&self) -> bool {
        self.reader.current().is_some_and(|session| session.outcome == Outcome::Authenticated)
    }

    fn hear(&mut self, bytes: &[u8]) {
        let room = LOG.saturating_sub(self.logged);
        let taken = &bytes[..bytes.len().min(room)];
        self.logged += taken.len();
        self.reader.feed(&self.untag.take(taken));
    }

    /// Keeps the server's words, and looks in what is new for what a git host says after a login.
    fn listen_to_server(&mut self, bytes: &[u8]) {
        let room = SAID.saturating_sub(self.said.len());
        if room == 0 || bytes.is_empty() {
            return;
        }
        self.said.extend_from_slice(&bytes[..bytes.len().min(room)]);
        let fresh = self.said.get(self.unread..).unwrap_or_default();
        let text = String::from_utf8_lossy(fresh);
        self.greeted |= text.lines().any(|line| provider::greeting(line.trim()).is_some());
        // A line that has not ended may become a greeting yet.
        if let Some(end) = fresh.iter().rposition(|byte| *byte == b'\n') {
            self.unread += end + 1;
        }
    }

    /// Keeps the beginning of what a program would read.
    fn read_answer(&mut self, bytes: &[u8]) {
        let room = SAID.saturating_sub(self.out.len());
        self.out.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }

    fn conclude(&mut self, too_late: bool, begun: Instant, after: After) {
        let session = self.reader.current();
        // A log that does not end shows no end either.
        let endless = self.logged >= LOG;
        if (too_late || endless) && session.is_none_or(|session| session.outcome == Outcome::Unknown) {
            let waiting = session.map_or("ssh", |session| Stage::of(session).words());
            self.reader.gave_up(begun.elapsed().as_secs_f64().round().max(1.0) as u64, waiting);
        }
        if let Some(words) = self.proxy_words() {
            self.reader.proxy_died(&words);
        }
        if self.is_in() {
            self.reader.server(&self.said);
            if after == After::Refs && !too_late {
                self.conclude_service();
            }
        }
    }

    /// The last line that came beside the log of an attempt that ended at the user's proxy command. No server has spoken
    /// then: the words are the proxy's or its shell's.
    fn proxy_words(&self) -> Option<String> {
        let session = self.session()?;
        let has = |wanted: fn(&Kind) -> bool| session.any(wanted);
        let died = session.outcome == Outcome::Network
            && session.server_software.is_none()
            && has(|kind| matches!(kind, Kind::Proxy { .. }))
            && !has(|kind| matches!(kind, Kind::ProxyTrouble { .. }));
        // What jump hosts say is in logs of their own.
        repository::last_words(&self.said).filter(|_| died && self.hops.is_empty())
    }

    /// What became of the repository that was asked for.
    fn conclude_service(&mut self) {
        let refused =
            self.session().is_some_and(|session| session.any(|kind| matches!(kind, Kind::RepositoryRefused { .. })));
        match repository::answer(&self.out) {
            Some(repository::Answer::Refs) => self.reader.repository(None),
            _ if refused => {}
            Some(repository::Answer::Error(words)) => self.reader.repository(Some(&words)),
            _ => {
                let words = repository::last_words(&self.said).or_else(|| repository::last_words(&self.out));
                self.reader.repository(Some(words.as_deref().unwrap_or("the host said nothing and ended the session")));
            }
        }
    }
}

/// Whether nothing that is known says how an attempt ended. Of a proxy's end its own words tell.
fn ends_unexplained(session: &Session) -> bool {
    let proxied = || session.any(|kind| matches!(kind, Kind::Proxy { .. } | Kind::ProxyTrouble { .. }));
    session.outcome == Outcome::Unknown || session.outcome == Outcome::Network && !proxied()
}

impl Hop {
    fn transcript(self) -> Option<Transcript> {
        let mut reader = Reader::live(format!("live:{}", self.name));
        let mut untag = Untag::new(self.tagged);
        reader.feed(&untag.take(&self.log));
        reader.feed(&untag.end());
        let mut log = reader.finish();
        for session in &mut log.sessions {
            session.jump_host = true;
        }
        log.role = Role::Other;
        (!log.sessions.is_empty()).then_some(log)
    }
}
