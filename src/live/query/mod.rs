//! Asks a server which public keys it takes, by the publickey query without a signature (RFC 4252 section 7):
//! nothing is signed, nobody is logged in, no private key is read.
//!
//! The server counts each refusal and ends the connection when it has had enough (MaxAuthTries). So only a few
//! keys go over one connection, and a key whose answer was cut off is asked again. A few connections are open at
//! once, far below MaxStartups; a server that punishes (PerSourcePenalties) is asked slowly.

mod door;
mod ffi;
mod host_key;
mod throwaway;

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use ssh2::{ErrorCode, MethodType};

use crate::live::config::Options;
pub use crate::survey::Reply;
use crate::wire;
use door::{Hold, Opened, Way};
use ffi::Answer;
pub use host_key::Trust;

/// Connections to one server at a time.
const AT_ONCE: usize = 4;

/// Refusals on one connection that the usual server bears (MaxAuthTries 6), less the last, which it may not tell.
const REFUSALS: usize = 5;

/// Times that one key is asked again after its connection ended.
const AGAIN: usize = 3;

/// Connections in a row that a server may drop before it is left alone.
const DROPS: usize = 4;

/// OpenSSH from 9.8 on adds 5 s of penalty for each connection with a refusal, and acts on 15 s of them.
const PENALTY: Duration = Duration::from_millis(5200);
const UNPUNISHED: usize = 2;

/// Whom to ask, and how.
#[derive(Clone, Debug)]
pub struct Target<'a> {
    /// The user's ssh, for jump hosts.
    pub ssh: &'a str,
    /// The words of its command, for jump hosts.
    pub args: &'a [String],
    /// What `ssh -G` says of the destination.
    pub options: &'a Options,
    /// The user's home, for the names of known_hosts.
    pub home: Option<&'a str>,
    /// Fingerprints of host keys that the user vouches for.
    pub host_keys: &'a [String],
    /// For each connection, and for each answer.
    pub limit: Duration,
}

/// What a server said to all.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    /// One for each key, in their order.
    pub replies: Vec<Reply>,
    /// The server's host key: its type and fingerprint.
    pub host_key: Option<(String, String)>,
    /// How far that is trusted.
    pub trust: Option<Trust>,
    /// The server's software, as it names itself.
    pub software: Option<String>,
    /// It says yes to a key that nobody has.
    pub accepts_any: bool,
    /// Connections that were made.
    pub connections: usize,
    /// Refusals after which it ends a connection, where it was learnt.
    pub most_failures: Option<usize>,
}

/// Asks a server about keys, given as bytes.
pub fn ask(target: &Target<'_>, keys: &[&[u8]]) -> Answers {
    let run = Run {
        target,
        keys,
        remembered: host_key::remembered(target.options, target.home, target.limit),
        user: value(target.options, "user").unwrap_or_default().to_owned(),
        state: Mutex::new(State {
            queue: (0..keys.len()).collect(),
            replies: vec![None; keys.len()],
            lost: vec![0; keys.len()],
            budget: REFUSALS,
            answers: Answers::default(),
            drops: 0,
            stop: None,
            next: Instant::now(),
            turn: 0,
            trusted: None,
        }),
        guards: Mutex::new(Guards::default()),
        changed: Condvar::new(),
    };
    match door::way(target.ssh, target.args, target.options, target.limit) {
        Ok(way) => run.all(&way),
        Err(why) => run.stop(why),
    }
    run.answers()
}

fn value<'a>(options: &'a Options, wanted: &str) -> Option<&'a str> {
    let found = options.iter().find(|(key, _)| key == wanted);
    found.map(|(_, value)| value.as_str())
}

struct Run<'a> {
    target: &'a Target<'a>,
    keys: &'a [&'a [u8]],
    remembered: host_key::Remembered,
    user: String,
    state: Mutex<State>,
    guards: Mutex<Guards>,
    changed: Condvar,
}

/// Connections that are watched.
#[derive(Default)]
struct Guards {
    open: Vec<Guarded>,
    made: usize,
    done: bool,
}

struct Guarded {
    id: usize,
    hold: Hold,
    /// `None` once it is over.
    deadline: Option<Instant>,
}

struct State {
    queue: VecDeque<usize>,
    replies: Vec<Option<Reply>>,
    /// How often each key's answer was lost.
    lost: Vec<usize>,
    /// Refusals to risk on one connection.
    budget: usize,
    answers: Answers,
    /// Connections in a row that came to nothing.
    drops: usize,
    /// Why nothing more is asked.
    stop: Option<String>,
    /// When the next connection may be made.
    next: Instant,
    /// Which kind of host key is asked for: 0 for the usual ones.
    turn: usize,
    /// The host key that was found to be right.
    trusted: Option<(String, String)>,
}

impl State {
    fn take(&mut self) -> Option<usize> {
        match self.stop {
            Some(_) => None,
            None => self.queue.pop_front(),
        }
    }

    /// A key whose connection ended before its answer.
    fn put_back(&mut self, key: usize, why: &str) {
        self.lost[key] += 1;
        if self.lost[key] > AGAIN {
            self.replies[key] = Some(Reply::Unknown(why.to_owned()));
        } else {
            self.queue.push_front(key);
        }
    }
}

/// Why there is no connection to ask on.
enum Fault {
    /// The server dropped it; it may take another.
    Dropped(String),
    /// It is to be asked for another of its host keys.
    Again,
    /// No other try would fare better.
    Final(String),
}

/// What became of the key that nobody has.
enum Tried {
    /// The connection it was tried on, with the refusals that it has had.
    On(Box<Connection>, usize),
    Over,
}

struct Connection {
    opened: Opened,
    id: usize,
}

impl<'a> Run<'a> {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn stop(&self, why: String) {
        self.state().stop.get_or_insert(why);
    }

    fn all(&self, way: &Way) {
        if self.keys.is_empty() {
            return;
        }
        thread::scope(|scope| {
            scope.spawn(|| self.watch());
            if let Tried::On(connection, refusals) = self.try_throwaway(way) {
                let others = {
                    let state = self.state();
                    let slow = punishes(state.answers.software.as_deref());
                    let left = state.queue.len();
                    let wanted = left.div_ceil(state.budget.max(1)).min(AT_ONCE);
                    if slow { 0 } else { wanted.saturating_sub(1) }
                };
                let workers: Vec<_> = (0..others).map(|_| scope.spawn(|| self.work(way, None))).collect();
                self.work(way, Some((connection, refusals)));
                for worker in workers {
                    let _ = worker.join();
                }
            }
            self.release();
        });
    }

    /// Offers a key that nobody has. A server that says yes to it says yes to any.
    fn try_throwaway(&self, way: &Way) -> Tried {
        let blob = throwaway::blob();
        for _ in 0..=AGAIN {
            let Some(connection) = self.connect(way) else {
                return Tried::Over;
            };
            match self.put(&connection, &blob) {
                Answer::Refused => return Tried::On(Box::new(connection), 1),
                Answer::Accepted(_) | Answer::Admitted => {
                    self.state().answers.accepts_any = true;
                    self.stop("this host says yes to any key".into());
                    self.leave(connection);
                    return Tried::Over;
                }
                Answer::Gone(words) if too_many(words.as_ref()) => {
                    // It bears no refusal at all, so that its disconnect is one.
                    self.learn(0);
                    self.leave(connection);
                    return match self.connect(way) {
                        Some(connection) => Tried::On(Box::new(connection), 0),
                        None => Tried::Over,
                    };
                }
                Answer::Gone(words) => {
                    self.leave(connection);
                    self.dropped(gone(words.as_ref()));
                }
                Answer::Slow => {
                    self.stop(self.slow());
                    return Tried::Over;
                }
                Answer::Failed(code) => {
                    self.stop(format!("libssh2 could not ask (error {code})"));
                    return Tried::Over;
                }
            }
        }
        self.stop("this host ends each connection at the first key".into());
        Tried::Over
    }

    /// Asks keys, a few a connection, until none is left.
    fn work(&self, way: &Way, first: Option<(Box<Connection>, usize)>) {
        let mut at_hand = first;
        loop {
            let Some(mut key) = self.state().take() else {
                break;
            };
            let (connection, mut refusals) = match at_hand.take() {
                Some(open) => open,
                None => match self.connect(way) {
                    Some(connection) => (Box::new(connection), 0),
                    None => {
                        self.state().queue.push_front(key);
                        return;
                    }
                },
            };
            loop {
                let answer = self.put(&connection, self.keys[key]);
                if !self.note(key, answer, &mut refusals) || refusals >= self.state().budget {
                    break;
                }
                let Some(next) = self.state().take() else {
                    break;
                };
                key = next;
            }
            self.leave(*connection);
        }
        if let Some((connection, _)) = at_hand {
            self.leave(*connection);
        }
    }

    /// Notes an answer; whether the connection can bear another question.
    fn note(&self, key: usize, answer: Answer, refusals: &mut usize) -> bool {
        let mut state = self.state();
        let reply = match answer {
            Answer::Accepted(algorithm) => Reply::Accepted(algorithm),
            Answer::Refused => {
                *refusals += 1;
                Reply::Refused
            }
            Answer::Admitted => {
                state.replies[key] = Some(Reply::Unknown("this host let the user in without a signature".into()));
                return false;
            }
            Answer::Gone(words) => {
                let too_many = too_many(words.as_ref());
                if too_many && *refusals == 0 {
                    // The first key of a connection: its disconnect stands for a refusal.
                    state.replies[key] = Some(Reply::Refused);
                } else {
                    state.put_back(key, &gone(words.as_ref()));
                }
                let borne = *refusals;
                drop(state);
                if too_many || borne > 0 {
                    self.learn(borne);
                }
                return false;
            }
            Answer::Slow => {
                state.replies[key] = Some(Reply::Unknown(self.slow()));
                return false;
            }
            Answer::Failed(code) => Reply::Unknown(format!("libssh2 could not ask (error {code})")),
        };
        state.replies[key] = Some(reply);
        state.drops = 0;
        true
    }

    /// A connection ended when it had borne so many refusals.
    fn learn(&self, borne: usize) {
        let mut state = self.state();
        let most = borne + 1;
        if state.answers.most_failures.is_none_or(|known| most < known) {
            state.answers.most_failures = Some(most);
        }
        state.budget = state.budget.min(borne.max(1));
    }

    fn slow(&self) -> String {
        format!("this host did not answer within {:?}", self.target.limit)
    }

    /// A connection whose server is the right one; `None` where nothing more is to be asked.
    fn connect(&self, way: &Way) -> Option<Connection> {
        loop {
            self.wait_for_turn()?;
            match self.try_connect(way) {
                Ok(connection) => return Some(connection),
                Err(Fault::Final(why)) => {
                    self.stop(why);
                    return None;
                }
                Err(Fault::Again) => {}
                Err(Fault::Dropped(why)) => self.dropped(why),
            }
        }
    }

    /// A server dropped a connection: the next one waits the longer, and in the end there is none.
    fn dropped(&self, why: String) {
        let mut state = self.state();
        state.drops += 1;
        let wait = match punishes(state.answers.software.as_deref()) {
            true => PENALTY * 3,
            false => Duration::from_millis(300) * (1 << state.drops.min(4)),
        };
        state.next = state.next.max(Instant::now() + wait);
        // A host that never answered is not waited for.
        let patience = if state.answers.software.is_some() { DROPS } else { 1 };
        if state.drops > patience {
            state.stop.get_or_insert(why);
        }
    }

    /// Waits until another connection may be made. `None`: no more is to be asked.
    fn wait_for_turn(&self) -> Option<()> {
        loop {
            let wait = {
                let mut state = self.state();
                if state.stop.is_some() {
                    return None;
                }
                let now = Instant::now();
                let wait = state.next.saturating_duration_since(now);
                if wait.is_zero() {
                    state.answers.connections += 1;
                    let slow = punishes(state.answers.software.as_deref());
                    if slow && state.answers.connections >= UNPUNISHED {
                        state.next = now + PENALTY;
                    }
                    return Some(());
                }
                wait
            };
            thread::sleep(wait.min(Duration::from_millis(100)));
        }
    }

    fn try_connect(&self, way: &Way) -> Result<Connection, Fault> {
        let limit = self.target.limit;
        let opened = door::open(way, limit).map_err(|error| match error.kind() {
            std::io::ErrorKind::ConnectionReset => Fault::Dropped("this host drops connections".into()),
            std::io::ErrorKind::TimedOut => Fault::Final(self.slow()),
            kind => Fault::Final(format!("no connection: {kind}")),
        })?;
        let mut connection = self.guard(opened)?;
        let session = &mut connection.opened.session;
        session.set_timeout(u32::try_from(limit.as_millis()).unwrap_or(u32::MAX));
        let _ = session.method_pref(MethodType::HostKey, &self.remembered.algorithms(self.state().turn));
        let shaken = session.handshake();
        let said = session.banner().unwrap_or_default().to_owned();
        let software = ["SSH-2.0-", "SSH-1.99-"].iter().find_map(|version| said.strip_prefix(version));
        if let Some(software) = software {
            let mut state = self.state();
            state.answers.software.get_or_insert(software.to_owned());
        }
        if let Err(error) = shaken {
            let late = self.is_late(connection.id);
            self.drop_it(&connection);
            return Err(match error.code() {
                _ if late => Fault::Final(self.slow()),
                ErrorCode::Session(-9) => Fault::Final(self.slow()),
                // It has no host key of this kind.
                ErrorCode::Session(-5 | -8) if self.state().turn > 0 => self.next_kind(),
                ErrorCode::Session(-5 | -8) => Fault::Final("this host and libssh2 have no algorithm in common".into()),
                // What OpenSSH says to a source that it punishes (PerSourcePenalties).
                _ if said.starts_with("Not allowed at this time") => Fault::Dropped(
                    "this host lets nobody in from here at this time: too many keys were refused before".into(),
                ),
                _ => Fault::Dropped("this host ends connections before the key exchange is done".into()),
            });
        }
        self.check_host_key(&connection).inspect_err(|_| self.drop_it(&connection))?;
        Ok(connection)
    }

    /// No key is offered to a host whose key is not the right one.
    fn check_host_key(&self, connection: &Connection) -> Result<(), Fault> {
        let Some((key, _)) = connection.opened.session.host_key() else {
            return Err(Fault::Final("this host showed no host key".into()));
        };
        let trust = self.remembered.judge(key, self.target.options, self.target.host_keys);
        let key = wire::public_key(key, "").map(|key| (key.kind, key.fingerprint));
        let enough = trust.is_enough();
        let mut state = self.state();
        if enough && state.trusted.as_ref().is_some_and(|known| Some(known) != key.as_ref()) {
            return Err(Fault::Final("this host shows one host key now and another then".into()));
        }
        if enough {
            state.trusted.clone_from(&key);
        }
        // Of several that won't do, the first is told.
        if enough || state.answers.host_key.is_none() {
            state.answers.host_key = key;
            state.answers.trust = Some(trust.clone());
        }
        drop(state);
        match trust {
            _ if enough => Ok(()),
            // The user may have named another of its keys: of the kind that a CI prints, say.
            Trust::Unknown if !self.target.host_keys.is_empty() => Err(self.next_kind()),
            trust => Err(Fault::Final(format!("its host key {}", trust.words()))),
        }
    }

    /// Goes on to the next kind of host key.
    fn next_kind(&self) -> Fault {
        let mut state = self.state();
        state.turn += 1;
        if state.turn <= host_key::KINDS.len() {
            return Fault::Again;
        }
        let words = state.answers.trust.as_ref().map_or("is not known", Trust::words);
        Fault::Final(format!("its host key {words}"))
    }

    fn put(&self, connection: &Connection, key: &[u8]) -> Answer {
        // Somewhat more than libssh2's own limit, so that this one is rarely the first.
        self.extend(connection.id, self.target.limit + Duration::from_millis(500));
        let answer = ffi::ask(&connection.opened.session, &self.user, key);
        match answer {
            Answer::Gone(None) | Answer::Failed(_) if self.is_late(connection.id) => Answer::Slow,
            answer => answer,
        }
    }

    fn guards(&self) -> MutexGuard<'_, Guards> {
        self.guards.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a connection under the watch of [`Run::watch`].
    fn guard(&self, opened: Opened) -> Result<Connection, Fault> {
        let hold = opened.hold.another().map_err(|error| Fault::Final(error.kind().to_string()))?;
        let mut guards = self.guards();
        guards.made += 1;
        let id = guards.made;
        let deadline = Some(Instant::now() + self.target.limit);
        guards.open.push(Guarded { id, hold, deadline });
        Ok(Connection { opened, id })
    }

    fn extend(&self, id: usize, by: Duration) {
        if let Some(one) = self.guards().open.iter_mut().find(|one| one.id == id) {
            one.deadline = one.deadline.map(|_| Instant::now() + by);
        }
    }

    fn is_late(&self, id: usize) -> bool {
        self.guards().open.iter().any(|one| one.id == id && one.deadline.is_none())
    }

    /// Ends a connection, with a word to the server.
    fn leave(&self, connection: Connection) {
        self.extend(connection.id, Duration::from_millis(500));
        connection.opened.session.set_timeout(500);
        let _ = connection.opened.session.disconnect(None, "thank you", None);
        self.drop_it(&connection);
    }

    fn drop_it(&self, connection: &Connection) {
        connection.opened.hold.close();
        self.guards().open.retain(|one| one.id != connection.id);
    }

    /// Closes connections whose time is over, until all is done.
    fn watch(&self) {
        let mut guards = self.guards();
        while !guards.done {
            let now = Instant::now();
            for one in &mut guards.open {
                if one.deadline.is_some_and(|deadline| deadline <= now) {
                    one.hold.close();
                    one.deadline = None;
                }
            }
            let waited = self.changed.wait_timeout(guards, Duration::from_millis(100));
            guards = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn release(&self) {
        self.guards().done = true;
        self.changed.notify_all();
    }

    fn answers(self) -> Answers {
        let state = self.state.into_inner().unwrap_or_else(PoisonError::into_inner);
        let why = state.stop.unwrap_or_else(|| "this host was not asked".into());
        let mut answers = state.answers;
        answers.replies =
            state.replies.into_iter().map(|reply| reply.unwrap_or_else(|| Reply::Unknown(why.clone()))).collect();
        answers
    }
}

/// Whether a server counts a source's refusals from connection to connection (OpenSSH, 9.8 on).
fn punishes(software: Option<&str>) -> bool {
    let version = software.and_then(|software| software.strip_prefix("OpenSSH_"));
    let Some((major, rest)) = version.and_then(|version| version.split_once('.')) else {
        return false;
    };
    let minor: String = rest.chars().take_while(char::is_ascii_digit).collect();
    let number = |text: &str| text.parse::<u32>().unwrap_or(0);
    (number(major), number(&minor)) >= (9, 8)
}

/// Whether a server's last words say that it has had enough refusals.
fn too_many(words: Option<&(i32, String)>) -> bool {
    words.is_some_and(|(_, text)| text.to_ascii_lowercase().contains("too many authentication failures"))
}

fn gone(words: Option<&(i32, String)>) -> String {
    match words {
        Some((_, text)) if !text.is_empty() => format!("this host ended the connection: {text}"),
        _ => "this host ended the connection instead of answering".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_punishes() {
        for (software, slow) in [
            ("OpenSSH_9.2p1 Debian-2", false),
            ("OpenSSH_9.8p1", true),
            ("OpenSSH_10.0", true),
            ("OpenSSH_for_Windows_9.8", false),
            ("babeld-1", false),
            ("", false),
        ] {
            assert_eq!(punishes(Some(software)), slow, "{software}");
        }
    }
}
