//! One connection, as its statements come.

use super::names::{Names, user_of};
use super::reasons::{Bearing, bears};
use crate::model::server::{Served, Stamp};
use crate::model::session::Accepted;
use crate::model::told::{Answer, End, Proof, Told};
use crate::model::{At, Author, Event, Key, Kind, Offer, Outcome, Session, Step};

/// Statements that are kept of one connection, and keys: no server lets anybody try as many.
const KEPT: usize = 400;

/// A connection that is being read.
#[derive(Debug, Default)]
pub(super) struct Connection {
    pub(super) session: Session,
    /// Nothing but words of a login's end may still come.
    pub(super) ended: bool,
    /// The line failed, or no ssh was spoken.
    no_ssh: bool,
    /// Some user was asked for.
    asked: bool,
}

impl Connection {
    pub(super) fn new(author: Author) -> Self {
        let session = Session { author, served: Some(Served::default()), ..Session::default() };
        Self { session, ..Self::default() }
    }

    /// Whose connection it is, as far as is known.
    pub(super) fn names(&self) -> Names<'_> {
        let Session { address, port, user, .. } = &self.session;
        Names { address: address.as_deref(), port: *port, user: user.as_deref() }
    }

    pub(super) fn served(&mut self) -> &mut Served {
        self.session.served.get_or_insert_with(Served::default)
    }

    /// Takes a statement.
    pub(super) fn apply(&mut self, at: At, when: Option<Stamp>, told: Told) {
        if let Some(when) = when {
            self.session.was_written(when);
        }
        if let Some(peer) = told.peer().filter(|peer| !peer.address.is_empty()) {
            let session = &mut self.session;
            session.address.get_or_insert_with(|| peer.address.clone());
            session.port = session.port.or(peer.port);
        }
        if let Some(user) = told.user() {
            self.asked = true;
            self.session.user.get_or_insert_with(|| user_of(user).into_owned());
        }
        self.learn(&at, &told);
        if self.session.events.len() < KEPT {
            self.session.events.push(Event { at, kind: Kind::Server(Box::new(told)) });
        }
    }

    fn learn(&mut self, at: &At, told: &Told) {
        match told {
            Told::Connection { on, .. } => self.served().on.clone_from(on),
            Told::ClientSoftware { software } => self.served().client = Some(software.clone()),
            Told::Queried { key } => self.query(key, at),
            Told::Taken { key: Some(key), .. } => self.take(key, at),
            Told::Answered { answer, method, key, .. } => self.answer(*answer, method, key.as_ref(), at),
            Told::Dropped { .. } => self.end(Outcome::Network, at),
            Told::TimedOut { .. } => self.end(Outcome::Disconnected, at),
            Told::Ended { end, after_login, .. } => self.finish(end, *after_login, at),
            Told::Proof(proof) => self.prove(proof, at),
            _ => {}
        }
    }

    /// A key was put to the server: again, if it comes to be signed with.
    fn query(&mut self, key: &Key, at: &At) {
        let again = self.session.offered.last().is_some_and(|offer| {
            offer.key == *key && !offer.steps.iter().any(|(step, _)| matches!(step, Step::Refused))
        });
        if !again && self.session.offered.len() < KEPT {
            self.session.offered.push(Offer::new(key.clone(), Step::Asked, at.clone()));
        }
    }

    /// The offer of a key that has no answer yet, or a new one.
    fn offer(&mut self, key: &Key, at: &At) -> Option<&mut Offer> {
        let open = |offer: &Offer| {
            offer.key.kind == key.kind
                && (offer.key.fingerprint == key.fingerprint || key.fingerprint.is_none())
                && !offer.steps.iter().any(|(step, _)| matches!(step, Step::Refused | Step::Succeeded))
        };
        let found = self.session.offered.iter().rposition(open);
        match found {
            Some(index) => self.session.offered.get_mut(index),
            None if self.session.offered.len() >= KEPT => None,
            None => {
                let step = Step::Asked;
                self.session.offered.push(Offer::new(key.clone(), step, at.clone()));
                self.session.offered.last_mut()
            }
        }
    }

    fn take(&mut self, key: &Key, at: &At) {
        if let Some(offer) = self.offer(key, at) {
            offer.then(Step::Accepted, at);
        }
        self.session.accepted = Some(Accepted { key: key.clone(), at: at.clone() });
    }

    fn answer(&mut self, answer: Answer, method: &str, key: Option<&Key>, at: &At) {
        if let Some(key) = key {
            let step = match answer {
                Answer::Failed => Step::Refused,
                Answer::Taken => Step::Accepted,
                Answer::Accepted | Answer::Partial => Step::Succeeded,
            };
            if let Some(offer) = self.offer(key, at) {
                offer.then(step, at);
            }
            if answer != Answer::Failed {
                self.session.accepted = Some(Accepted { key: key.clone(), at: at.clone() });
            }
        }
        match answer {
            Answer::Accepted => {
                self.session.method = Some(method.to_owned());
                self.set(Outcome::Authenticated, at);
            }
            Answer::Partial => self.set(Outcome::Partial, at),
            Answer::Failed => self.session.refusals += 1,
            Answer::Taken => {}
        }
    }

    fn prove(&mut self, proof: &Proof, at: &At) {
        if let Some(key) = &proof.key
            && let Some(offer) = self.offer(key, at)
        {
            offer.then(Step::Refused, at);
        }
        match proof.reason {
            "max-auth-tries" | "pam-account" => self.set(Outcome::Disconnected, at),
            "kex-mismatch" => self.end(Outcome::Kex, at),
            "tcp-wrappers" => self.end(Outcome::Network, at),
            // A key was put to it, which it could not even name.
            "key-too-short" | "algorithm-not-accepted" => self.asked = true,
            _ => {}
        }
    }

    fn finish(&mut self, end: &End, after_login: bool, at: &At) {
        let asked = self.asked || !self.session.offered.is_empty();
        let outcome = match end {
            End::NoSsh => {
                self.no_ssh = true;
                Outcome::Network
            }
            End::Closed | End::Left | End::Cut(_) if after_login => Outcome::Authenticated,
            End::Refused => Outcome::Denied,
            End::Cut(text) if text.contains("no authentication methods enabled") => Outcome::Disconnected,
            End::Cut(_) if asked => Outcome::Disconnected,
            End::Cut(_) => Outcome::Network,
            End::Closed | End::Left if self.no_ssh => Outcome::Network,
            End::Closed | End::Left if asked => Outcome::Denied,
            // Nobody was named: refused without a word up to 7.4, or gone before asking.
            End::Closed | End::Left => Outcome::Unknown,
        };
        self.end(outcome, at);
        // After it the line's own end may still be told.
        self.ended = !matches!(end, End::NoSsh);
    }

    /// An outcome that words of the end do not change.
    fn set(&mut self, outcome: Outcome, at: &At) {
        // A login is not undone by what is said of its session.
        if self.session.outcome != Outcome::Authenticated {
            self.session.outcome = outcome;
            self.session.end = Some(at.clone());
        }
    }

    fn end(&mut self, outcome: Outcome, at: &At) {
        self.ended = true;
        if matches!(self.session.outcome, Outcome::Unknown | Outcome::Network) {
            self.session.outcome = outcome;
            self.session.end = Some(at.clone());
        }
    }

    /// What was read.
    pub(super) fn done(mut self) -> Session {
        let session = &mut self.session;
        if session.outcome == Outcome::Unknown && session.any(never_logs_in) {
            session.outcome = Outcome::Denied;
        }
        session.complete = self.ended;
        self.session
    }
}

/// What only a user that may not log in at all gets.
fn never_logs_in(kind: &Kind) -> bool {
    matches!(kind, Kind::Server(told) if told.is_of_an_invalid_user()
        || matches!(&**told, Told::Proof(proof) if bears(proof.reason, Bearing::Never)))
}
