//! The connections that are open, and whose of them a statement is: by process, else by the client's address and port.

use std::collections::VecDeque;

use super::hash::{self, Table};
use super::held::{Held, Said};
use super::names::Names;
use super::statements::{Past, is_connection, is_of_a_login};
use crate::model::{Author, Event, Told};

/// Connections that are open at once; the one that was silent longest is closed for a further one.
const MOST: usize = 2000;

/// Connections that have ended and may still get a word; of more the one that ended first is closed.
const LINGERING: usize = 200;

/// Connections without a process and a port that are looked through for a statement.
const PORTLESS: usize = 16;

/// Processes and clients' ends that are known at once.
const KNOWN: usize = 4 * MOST;

/// Connections that are open, each by its place in the order of first appearance.
#[derive(Debug, Default)]
pub(super) struct Open {
    held: Table<u64, Held>,
    /// Those that have ended, in that order.
    lingering: VecDeque<u64>,
    /// Which open connection a process serves, and which one a client's port belongs to.
    processes: Known,
    peers: Known,
    /// The one that was spoken of last.
    last: Option<u64>,
    /// Of a log without processes: those of whom user and address are known, and no port.
    portless: VecDeque<u64>,
    begun: u64,
    taken: u64,
    /// How often the server was started.
    starts: u64,
}

/// Whose process: a program's and its number, or a token; and a client's end. Both are hashes already. That two have
/// the same does no harm: a connection must fit besides.
type Known = Table<u64, u64>;

/// Whose process it is.
pub(super) fn process(author: Author, name: &str) -> u64 {
    hash::of(name, author.id.len() as u64)
}

fn end(address: &str, port: Option<u16>) -> u64 {
    hash::of(address, port.map_or(0, u64::from))
}

impl Open {
    /// The server was started, perhaps with its whole machine.
    pub(super) fn start(&mut self) {
        self.starts += 1;
    }

    /// The connection that a process serves.
    pub(super) fn of_process(&self, process: u64) -> Option<u64> {
        self.processes.get(&process).copied()
    }

    /// One more process serves a connection.
    pub(super) fn serves(&mut self, process: u64, id: u64) {
        self.processes.insert(process, id);
    }

    /// A connection is spoken of.
    pub(super) fn touch(&mut self, id: u64) -> Option<&mut Held> {
        self.taken += 1;
        self.last = Some(id);
        let held = self.held.get_mut(&id)?;
        (held.used, held.start) = (self.taken, self.starts);
        Some(held)
    }

    /// A further connection. What was closed for it is given back.
    pub(super) fn hold(&mut self, said: Said) -> (u64, Vec<(u64, Held)>) {
        let closed = if self.held.len() >= MOST { self.oldest() } else { Vec::new() };
        if self.processes.len().max(self.peers.len()) >= KNOWN {
            self.processes.retain(|_, id| self.held.contains_key(id));
            self.peers.retain(|_, id| self.held.contains_key(id));
        }
        self.begun += 1;
        self.held.insert(self.begun, Held { start: self.starts, ..Held::new(said) });
        (self.begun, closed)
    }

    /// Takes out what has ended, or the half that was silent longest.
    fn oldest(&mut self) -> Vec<(u64, Held)> {
        let mut used: Vec<(bool, u64, u64)> =
            self.held.iter().map(|(id, held)| (!held.ended(), held.used, *id)).collect();
        used.sort_unstable();
        used.truncate(MOST / 2);
        let closed = used.into_iter().filter_map(|(_, _, id)| self.held.remove(&id).map(|held| (id, held))).collect();
        self.lingering.retain(|id| self.held.contains_key(id));
        closed
    }

    /// A connection has ended; a few words may still come. Gives back the one of which none will.
    pub(super) fn linger(&mut self, id: u64) -> Option<(u64, Held)> {
        self.lingering.push_back(id);
        let first = (self.lingering.len() > LINGERING).then(|| self.lingering.pop_front())??;
        self.held.remove(&first).map(|held| (first, held))
    }

    /// All that are left, in order of first appearance.
    pub(super) fn rest(&mut self) -> Vec<(u64, Held)> {
        let mut rest: Vec<(u64, Held)> = self.held.drain().collect();
        rest.sort_unstable_by_key(|(id, _)| *id);
        rest
    }

    /// Notes which process and which client's end lead to a connection.
    pub(super) fn know(&mut self, id: u64, process: Option<u64>, named: bool) {
        if let Some(held) = self.held.get_mut(&id).filter(|held| named && !held.found)
            && let Names { address: Some(address), port: Some(port), .. } = held.names()
        {
            let end = end(address, Some(port));
            held.found = true;
            self.peers.insert(end, id);
        }
        if let Some(process) = process.filter(|process| self.processes.get(process) != Some(&id)) {
            self.processes.insert(process, id);
        }
    }

    /// Of a log without processes: remembers one whose port was not said yet.
    pub(super) fn note_portless(&mut self, id: u64) {
        let half = |held: &Held| matches!(held.names(), Names { address: Some(_), port: None, user: Some(_) });
        if self.held.get(&id).is_some_and(half) && !self.portless.contains(&id) {
            self.portless.push_back(id);
            if self.portless.len() > PORTLESS {
                self.portless.pop_front();
            }
        }
    }

    /// The connection that a process has said something of before it says whose it is.
    pub(super) fn newcomer(&self, process: Option<u64>, told: &Told) -> Option<u64> {
        let id = *self.processes.get(&process?)?;
        let held = self.held.get(&id)?;
        let come = matches!(&held.said, Said::Whole(connection) if connection.session.any(is_connection));
        let (own, names) = (held.names(), Names::of(told));
        ((!held.ended() || own.is_same_end(&names)) && !come && own.fits(&names)).then_some(id)
    }

    /// The connection that a process serves, if a statement of its may belong to it: nearly every line's.
    #[inline]
    pub(super) fn served(&self, process: Option<u64>, names: &Names<'_>, past: Past) -> Option<u64> {
        let id = *self.processes.get(&process?)?;
        let held = self.held.get(&id)?;
        let own = held.names();
        // A journal may be shown from its end.
        let goes_on = !past(held) || own.is_same_end(names);
        (own.fits(names) && goes_on && self.is_of_this_start(held, names)).then_some(id)
    }

    /// The connection that a statement belongs to; none that is `past` it.
    pub(super) fn find(&self, process: Option<u64>, names: &Names<'_>, past: Past) -> Option<u64> {
        let fits = |id: &u64| self.held.get(id).is_some_and(|held| held.names().fits(names) && !past(held));
        let by_process = self.served(process, names, past);
        let at = || names.address.map(|address| end(address, names.port));
        let by_peer = || at().and_then(|end| self.peers.get(&end)).copied().filter(fits);
        by_process
            .or_else(by_peer)
            .or_else(|| {
                let last = self.last.filter(|_| process.is_none()).filter(fits)?;
                let open = self.held.get(&last)?;
                // Of a log without processes: the last connection, unless the statement names another.
                let adopts = names.port.is_none() || open.names().port.is_none();
                (adopts && !open.ended()).then_some(last)
            })
            .or_else(|| self.waiting(names).filter(|_| process.is_none()))
    }

    /// Whether a process is still the one that it was: after another start of the server, perhaps of the whole machine,
    /// only a line that names the same client's end tells.
    fn is_of_this_start(&self, held: &Held, names: &Names<'_>) -> bool {
        let own = held.names();
        held.start == self.starts || held.logged_in() || own.port.is_some() && own.port == names.port
    }

    /// Of a log without processes: whether other connections may still be told why they are refused.
    pub(super) fn others_ask(&self, id: u64) -> bool {
        self.held.iter().any(|(other, held)| *other != id && !held.ended() && !held.logged_in())
    }

    /// A log without processes shows a connection without its beginning: it may have been open before, and what others
    /// were taken to be told may have been about it.
    pub(super) fn may_have_been_there(&mut self) {
        self.held.values_mut().for_each(Held::mix);
    }

    /// Of a log without processes: what was said of this user's home is this user's connection's.
    pub(super) fn give_back(&mut self, id: u64, user: &str) {
        let others = self.held.iter_mut().filter(|(other, held)| **other != id && held.names().user != Some(user));
        let events: Vec<Event> = others.flat_map(|(_, held)| held.give_back(user)).collect();
        if let Some(held) = self.held.get_mut(&id).filter(|_| !events.is_empty()) {
            held.take_back(events);
        }
    }

    /// Of a log without processes: the connection of that user and address whose port was not said yet.
    fn waiting(&self, names: &Names<'_>) -> Option<u64> {
        let own = |id: &u64| {
            let held = self.held.get(id).filter(|held| !held.ended())?;
            let other = held.names();
            let same = other.port.is_none() && names.user.is_some() && other.user == names.user;
            (same && names.address.is_some() && other.address == names.address).then_some(*id)
        };
        self.portless.iter().rev().find_map(own)
    }

    /// The login whose session a statement is about: another process serves it, and INFO does not say which. With
    /// several, the last.
    pub(super) fn session_of(&self, told: &Told) -> Option<u64> {
        if !is_of_a_login(told) {
            return None;
        }
        let names = Names::of(told);
        let serves = |held: &Held| held.logged_in() && !held.ended() && held.names().fits(&names);
        self.held.iter().filter(|(_, held)| serves(held)).map(|(id, _)| *id).max()
    }
}
