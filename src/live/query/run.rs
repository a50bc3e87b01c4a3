//! One run: a server is asked about all keys.

use std::sync::{Condvar, Mutex, PoisonError};
use std::thread;

use super::door::{self, Way};
use super::ffi::Answer;
use super::pace::{AGAIN, AT_ONCE, State, gone, punishes, too_many};
use super::shared::{Connection, ENDLESS, Guards, Run};
use super::target::{Answers, Target};
use super::{remembered, throwaway};
use crate::model::facts::option;
use crate::survey::Reply;

/// Asks a server about keys, given as bytes.
pub fn ask(target: &Target<'_>, keys: &[&[u8]]) -> Answers {
    ask_telling(target, keys, &|_| {})
}

/// As [`ask`]; `tell` hears how many keys are done with.
pub fn ask_telling(target: &Target<'_>, keys: &[&[u8]], tell: &(dyn Fn(usize) + Sync)) -> Answers {
    let run = Run {
        target,
        keys,
        tell,
        remembered: remembered::remembered(target.options, target.home, target.limit),
        user: option(target.options, "user").unwrap_or_default().to_owned(),
        state: Mutex::new(State::new(keys.len(), target.limit)),
        guards: Mutex::new(Guards::default()),
        changed: Condvar::new(),
    };
    match door::way(target.ssh, target.args, target.options, target.limit) {
        Ok(way) => run.all(&way),
        Err(why) => run.stop(why),
    }
    run.answers()
}

/// What became of the key that nobody has.
enum Tried {
    /// The connection it was tried on, with the refusals that it has had.
    On(Box<Connection>, usize),
    Over,
}

impl<'a> Run<'a> {
    fn all(&self, way: &Way) {
        if self.keys.is_empty() {
            return;
        }
        thread::scope(|scope| {
            // Without a watch nothing would end a connection to a server that goes on talking.
            if let Err(error) = thread::Builder::new().spawn_scoped(scope, || self.watch()) {
                return self.stop(format!("this system starts no more threads: {error}"));
            }
            if let Tried::On(connection, refusals) = self.try_throwaway(way) {
                let others = {
                    let state = self.state();
                    let slow = punishes(state.answers.software.as_deref());
                    let left = state.queue.len();
                    let wanted = left.div_ceil(state.budget.max(1)).min(AT_ONCE);
                    if slow { 0 } else { wanted.saturating_sub(1) }
                };
                let worker = |_| thread::Builder::new().spawn_scoped(scope, || self.work(way, None)).ok();
                let workers: Vec<_> = (0..others).map_while(worker).collect();
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
                Answer::Endless => {
                    self.stop(ENDLESS.into());
                    self.leave(connection);
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
                let goes_on = self.note(key, answer, &mut refusals);
                let done = self.state().done();
                (self.tell)(done);
                if !goes_on || refusals >= self.state().budget {
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
                state.silent(key, self.slow());
                return false;
            }
            Answer::Endless => {
                state.replies[key] = Some(Reply::Unknown(ENDLESS.into()));
                state.stop.get_or_insert_with(|| ENDLESS.into());
                return false;
            }
            Answer::Failed(code) => Reply::Unknown(format!("libssh2 could not ask (error {code})")),
        };
        state.replies[key] = Some(reply);
        state.drops = 0;
        state.silences = 0;
        true
    }

    pub(super) fn slow(&self) -> String {
        format!("this host did not answer within {:?}", self.target.limit)
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
