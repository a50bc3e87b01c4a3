//! Which connection a statement belongs to, whatever interleaves: by process, else by the client's address and port.
//!
//! A log of millions of lines costs no more than one of thousands: connections that have ended are counted in a
//! table, and only so many are kept one by one.

use std::collections::VecDeque;

use super::brief::{Line, Record};
use super::connection::Connection;
use super::hash::{self, Table};
use super::held::{Done, Held, Said};
use super::names::Names;
use super::tally::Tally;
use crate::dialect::serve_whole;
use crate::model::brief::Brief;
use crate::model::server::{ServerLog, Stamp};
use crate::model::told::{End, Told};
use crate::model::{At, Author, Event, Kind, Outcome, Session};
use crate::text::{Since, stamp};

/// Connections that are kept one by one.
const MOST: usize = 2000;

/// Of these, the latest; the others are the first. Few, so that what is held for them stays in the processor's cache.
const LATEST: usize = 200;

/// Connections that are open at once; the one that was silent longest is closed for a further one.
const OPEN: usize = 2000;

/// Connections that have ended and may still get a word; of more the one that ended first is closed.
const LINGERING: usize = 200;

/// Connections without a process and a port that are looked through for a statement.
const PORTLESS: usize = 16;

/// Processes and clients' ends that are known at once.
const KNOWN: usize = 4 * OPEN;

/// Notes of the server's own that are kept.
const NOTES: usize = 200;

/// Which connections are wanted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    /// Those of this user only.
    pub(crate) user: Option<String>,
    /// Those that were seen at this time or later.
    pub(crate) since: Option<Since>,
}

/// Makes sessions of a server's statements.
#[derive(Debug, Default)]
pub(crate) struct Connections {
    wanted: Wanted,
    open: Table<u64, Held>,
    /// Those that have ended, in that order.
    lingering: VecDeque<u64>,
    /// Which open connection a process serves, and which one a client's port belongs to.
    processes: Known,
    peers: Known,
    last: Option<u64>,
    /// Of a log without processes: those of whom user and address are known, and no port.
    portless: VecDeque<u64>,
    begun: u64,
    /// How often the server was started.
    epoch: u64,
    /// Ended connections, each with its place in the order of first appearance.
    done: Vec<(u64, Done)>,
    /// Records that are free.
    spare: Vec<Record>,
    log: ServerLog,
    tally: Tally,
    /// The server's own addresses.
    own: Vec<String>,
    taken: u64,
    any: bool,
}

/// Whose process: a program's and its number, or a token; and a client's end. Both are hashes already. That two have
/// the same does no harm: a connection must fit besides.
type Known = Table<u64, u64>;

fn process(author: Author, name: &str) -> u64 {
    hash::of(name, author.id.len() as u64)
}

fn end(address: &str, port: Option<u16>) -> u64 {
    hash::of(address, port.map_or(0, u64::from))
}

impl Connections {
    #[cfg(feature = "cli")]
    pub(crate) fn new(wanted: Wanted) -> Self {
        Self { wanted, ..Self::default() }
    }

    /// Whether a server has said anything.
    pub(crate) fn any(&self) -> bool {
        self.any
    }

    /// Takes the next statement.
    pub(crate) fn take(&mut self, author: Author, stream: Option<&str>, at: At, when: Option<Stamp>, told: Told) {
        self.any = true;
        self.taken += 1;
        let process = stream.map(|name| process(author, name));
        let id = match &told {
            Told::Listening { on } => {
                self.epoch += 1;
                self.own.extend(on.as_ref().map(|on| on.address.clone()).filter(|_| self.own.len() < NOTES));
                return self.note(at, told);
            }
            Told::Start { .. } => return self.note(at, told),
            Told::Version { software } => {
                self.log.software.get_or_insert_with(|| software.clone());
                return;
            }
            Told::HostKey { fingerprint } => {
                if !self.log.host_keys.contains(fingerprint) && self.log.host_keys.len() < NOTES {
                    self.log.host_keys.push(fingerprint.clone());
                }
                return;
            }
            Told::Dropped { .. } => self.open(author),
            Told::TimedOut { process: Some(served), .. } => {
                let known = self.processes.get(&self::process(author, served)).copied();
                known.unwrap_or_else(|| self.open(author))
            }
            Told::Child { process: child } => {
                let child = self::process(author, child);
                if let Some(id) = process.and_then(|process| self.processes.get(&process)).copied() {
                    self.processes.insert(child, id);
                }
                return;
            }
            Told::Connection { .. } => self.newcomer(process, &told).unwrap_or_else(|| self.open(author)),
            told => match self.find(process, &Names::of(told), past(told)).or_else(|| self.session_of(told)) {
                Some(id) => id,
                // Lines of a process that nothing is known of, after a login whose own line is not in the log.
                None if is_of_a_login(told) && told.peer().is_none() => return,
                // No ssh was spoken: whose line failed comes next.
                None if begins(told) || process.is_some() && is_no_ssh(told) => {
                    if process.is_none() {
                        self.may_have_been_there();
                    }
                    self.open(author)
                }
                None => return,
            },
        };
        let told = match told {
            // 9.8 has the ends the wrong way round: it is the server that listens.
            Told::TimedOut { peer, on: Some(on), process } if self.own.contains(&peer.address) => {
                Told::TimedOut { peer: on, on: Some(peer), process }
            }
            told => told,
        };
        self.last = Some(id);
        let alone = process.is_some() || is_of_a_login(&told) || !self.others_ask(id);
        let epoch = self.epoch;
        let Some(held) = self.open.get_mut(&id) else { return };
        held.used = self.taken;
        held.epoch = epoch;
        let over = matches!(told, Told::Dropped { .. });
        let named = told.peer().is_some();
        let before = held.ended();
        let nameless = held.names().user.is_none();
        let free = held.apply(at, when, told, !alone && !named);
        let ends = !before && held.ended();
        let now = held.names().user.filter(|user| nameless && !user.is_empty()).map(str::to_owned);
        let half = matches!(held.names(), Names { address: Some(_), port: None, user: Some(_) });
        if process.is_none() && half && !self.portless.contains(&id) {
            self.portless.push_back(id);
            if self.portless.len() > PORTLESS {
                self.portless.pop_front();
            }
        }
        self.spare.extend(free);
        self.know(id, process.filter(|_| !over), named);
        if let Some(user) = now.filter(|_| process.is_none()) {
            self.give_back(id, &user);
        }
        if ends {
            self.linger(id);
        }
    }

    /// Takes the next line, which says something plain.
    pub(crate) fn take_brief(&mut self, author: Author, stream: Option<&str>, line: Line<'_>, brief: Brief<'_>) {
        let process = stream.map(|name| process(author, name));
        let Brief { gist, user, address, port } = brief;
        let user = user.filter(|user| !user.is_empty());
        let names = Names { address: Some(address).filter(|address| !address.is_empty()), port, user };
        let past: Past = if gist.begins() && !gist.is_of_the_end() { Held::ended } else { never };
        let found = self.find(process, &names, past);
        let id = match found {
            // Of a log without processes it matters who else was there.
            _ if process.is_none() => None,
            None if gist.begins() => Some(self.open_brief(author)),
            found => found,
        };
        let held = id.and_then(|id| self.open.get_mut(&id));
        if let (Some(id), Some(held)) = (id, held)
            && let Said::Brief(record) = &mut held.said
            && let before = record.ended
            && record.take(author, line, &brief)
        {
            let ends = !before && record.ended;
            self.any = true;
            self.taken += 1;
            self.last = Some(id);
            held.used = self.taken;
            self.know(id, process, !address.is_empty());
            if ends {
                self.linger(id);
            }
        } else if let Some(told) = serve_whole(author, line.text) {
            self.take(author, stream, line.at(), stamp(line.text), told);
        }
    }

    /// Notes which process and which client's end lead to a connection.
    fn know(&mut self, id: u64, process: Option<u64>, named: bool) {
        if let Some(held) = self.open.get_mut(&id).filter(|held| named && !held.found)
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

    /// A connection has ended; a few words may still come.
    fn linger(&mut self, id: u64) {
        self.lingering.push_back(id);
        if self.lingering.len() > LINGERING
            && let Some(first) = self.lingering.pop_front()
        {
            self.close(first);
        }
    }

    /// What the server says of itself.
    fn note(&mut self, at: At, told: Told) {
        if self.log.notes.len() < NOTES {
            self.log.notes.push(Event { at, kind: Kind::Server(Box::new(told)) });
        }
    }

    /// The connection that a process has said something of before it says whose it is.
    fn newcomer(&self, process: Option<u64>, told: &Told) -> Option<u64> {
        let id = *self.processes.get(&process?)?;
        let held = self.open.get(&id)?;
        let come = matches!(&held.said, Said::Whole(connection) if connection.session.any(is_connection));
        (!held.ended() && !come && held.names().fits(&Names::of(told))).then_some(id)
    }

    /// The connection that a statement belongs to; none that is `past` it.
    fn find(&self, process: Option<u64>, names: &Names<'_>, past: Past) -> Option<u64> {
        let fits = |id: &u64| self.open.get(id).is_some_and(|held| held.names().fits(names) && !past(held));
        let by_process = process.and_then(|process| self.processes.get(&process)).copied().filter(fits);
        let by_process = by_process.filter(|id| self.is_of_this_start(*id, names));
        let at = || names.address.map(|address| end(address, names.port));
        let by_peer = || at().and_then(|end| self.peers.get(&end)).copied().filter(fits);
        by_process
            .or_else(by_peer)
            .or_else(|| {
                let last = self.last.filter(|_| process.is_none()).filter(fits)?;
                let open = self.open.get(&last)?;
                // Of a log without processes: the last connection, unless the statement names another.
                let adopts = names.port.is_none() || open.names().port.is_none();
                (adopts && !open.ended()).then_some(last)
            })
            .or_else(|| self.waiting(names).filter(|_| process.is_none()))
    }

    /// Whether a process is still the one that it was: after another start of the server, perhaps of the whole machine,
    /// only a line that names the same client's end tells.
    fn is_of_this_start(&self, id: u64, names: &Names<'_>) -> bool {
        self.open.get(&id).is_some_and(|held| {
            let own = held.names();
            held.epoch == self.epoch || held.logged_in() || own.port.is_some() && own.port == names.port
        })
    }

    /// Of a log without processes: whether other connections may still be told why they are refused.
    fn others_ask(&self, id: u64) -> bool {
        self.open.iter().any(|(other, held)| *other != id && !held.ended() && !held.logged_in())
    }

    /// A log without processes shows a connection without its beginning: it may have been open before, and what others
    /// were taken to be told may have been about it.
    fn may_have_been_there(&mut self) {
        self.open.values_mut().for_each(Held::mix);
    }

    /// Of a log without processes: what was said of this user's home is this user's connection's.
    fn give_back(&mut self, id: u64, user: &str) {
        let others = self.open.iter_mut().filter(|(other, held)| **other != id && held.names().user != Some(user));
        let events: Vec<Event> = others.flat_map(|(_, held)| held.give_back(user)).collect();
        if let Some(held) = self.open.get_mut(&id).filter(|_| !events.is_empty()) {
            held.take_back(events);
        }
    }

    /// Of a log without processes: the connection of that user and address whose port was not said yet.
    fn waiting(&self, names: &Names<'_>) -> Option<u64> {
        let own = |id: &u64| {
            let held = self.open.get(id).filter(|held| !held.ended())?;
            let other = held.names();
            let same = other.port.is_none() && names.user.is_some() && other.user == names.user;
            (same && names.address.is_some() && other.address == names.address).then_some(*id)
        };
        self.portless.iter().rev().find_map(own)
    }

    /// The login whose session a statement is about: another process serves it, and INFO does not say which. With
    /// several, the last.
    fn session_of(&self, told: &Told) -> Option<u64> {
        if !is_of_a_login(told) {
            return None;
        }
        let names = Names::of(told);
        let serves = |held: &Held| held.logged_in() && !held.ended() && held.names().fits(&names);
        self.open.iter().filter(|(_, held)| serves(held)).map(|(id, _)| *id).max()
    }

    fn open(&mut self, author: Author) -> u64 {
        self.hold(Said::Whole(Box::new(Connection::new(author))))
    }

    fn open_brief(&mut self, author: Author) -> u64 {
        let mut record = self.spare.pop().unwrap_or_default();
        record.begin(author);
        self.hold(Said::Brief(record))
    }

    fn hold(&mut self, said: Said) -> u64 {
        if self.open.len() >= OPEN {
            self.close_oldest();
        }
        if self.processes.len().max(self.peers.len()) >= KNOWN {
            self.processes.retain(|_, id| self.open.contains_key(id));
            self.peers.retain(|_, id| self.open.contains_key(id));
        }
        self.begun += 1;
        self.open.insert(self.begun, Held::new(said));
        self.begun
    }

    /// Closes what has ended, or the half that was silent longest.
    fn close_oldest(&mut self) {
        let mut used: Vec<(bool, u64, u64)> =
            self.open.iter().map(|(id, held)| (!held.ended(), held.used, *id)).collect();
        used.sort_unstable();
        for (_, _, id) in used.into_iter().take(OPEN / 2) {
            self.close(id);
        }
        self.lingering.retain(|id| self.open.contains_key(id));
    }

    fn close(&mut self, id: u64) {
        let Some(held) = self.open.remove(&id) else { return };
        let done = held.done();
        let logged_in = match &done {
            Done::Brief(record) if self.wants(record.names().user, || record.last()) => self.tally.count_brief(record),
            Done::Whole(session) if self.wants(session.user.as_deref(), || last(session)) => {
                self.tally.count(session);
                session.outcome == Outcome::Authenticated
            }
            _ => return self.free(done),
        };
        self.log.connections += 1;
        self.log.logins += u64::from(logged_in);
        if self.done.len() >= MOST {
            // The latest are the likeliest to be asked about.
            self.log.folded += 1;
            let oldest = (self.log.folded as usize - 1) % LATEST + MOST - LATEST;
            let (_, out) = std::mem::replace(&mut self.done[oldest], (id, done));
            return self.free(out);
        }
        self.done.push((id, done));
    }

    fn free(&mut self, done: Done) {
        if let Done::Brief(record) = done {
            self.spare.push(record);
        }
    }

    fn wants(&self, user: Option<&str>, last: impl FnOnce() -> Option<Stamp>) -> bool {
        let Wanted { user: wanted, since } = &self.wanted;
        let named = wanted.as_deref().is_none_or(|wanted| user == Some(wanted));
        let late = since.as_ref().is_none_or(|since| last().is_none_or(|last| since.is_reached_at(&last)));
        named && late
    }

    /// The connections, in order of first appearance, and what the log adds up to.
    pub(crate) fn finish(mut self) -> (Vec<Session>, ServerLog) {
        let mut open: Vec<u64> = self.open.keys().copied().collect();
        open.sort_unstable();
        for id in open {
            self.close(id);
        }
        self.done.sort_by_key(|(id, _)| *id);
        self.tally.rows(&mut self.log);
        (self.done.into_iter().map(|(_, done)| done.session()).collect(), self.log)
    }
}

fn is_connection(kind: &Kind) -> bool {
    matches!(kind, Kind::Server(told) if matches!(**told, Told::Connection { .. }))
}

/// What only comes after a login.
fn is_of_a_login(told: &Told) -> bool {
    const AFTER: &[&str] = &[
        "pam-session",
        "chroot-modes",
        "subsystem-missing",
        "max-sessions",
        "forwarding-denied",
        "sftp-only",
        "key-option-no-pty",
    ];
    matches!(told, Told::Proof(proof) if AFTER.contains(&proof.reason)) || matches!(told, Told::Session { .. })
}

/// When the last line of a connection was written.
fn last(session: &Session) -> Option<Stamp> {
    session.written.map(|(_, last)| last)
}

/// Whether a connection is past saying something: a process number comes round again.
type Past = fn(&Held) -> bool;

/// Which connections say such a thing no more. A login's end may come late; of one who is let in nobody says why not.
fn past(told: &Told) -> Past {
    match told {
        Told::Ended { .. } => never,
        // Said twice at DEBUG1, the second time by libwrap.
        Told::Proof(proof) if proof.reason == "tcp-wrappers" => |held| held.ended() && !held.at_the_door(),
        Told::Proof(_) if !is_of_a_login(told) && told.peer().is_none() => |held| held.ended() || held.logged_in(),
        _ if begins(told) => Held::ended,
        _ => never,
    }
}

fn never(_: &Held) -> bool {
    false
}

fn is_no_ssh(told: &Told) -> bool {
    matches!(told, Told::Ended { end: End::NoSsh, .. })
}

/// Whether a statement may be the first that a log shows of a connection.
fn begins(told: &Told) -> bool {
    match told {
        Told::Answered { .. }
        | Told::Requested { .. }
        | Told::Queried { .. }
        | Told::Taken { .. }
        | Told::TimedOut { .. }
        | Told::Proof(_)
        | Told::NotOpened { .. }
        | Told::Session { .. } => true,
        Told::Ended { end, user, peer, .. } => peer.is_some() && (user.is_some() || *end != End::Left),
        _ => false,
    }
}
