//! Makes sessions of a server's statements, whatever interleaves.
//!
//! A log of millions of lines costs no more than one of thousands: connections that have ended are counted in a
//! table, and only so many are kept one by one.

use super::brief::Line;
use super::connection::Connection;
use super::held::{Held, Said};
use super::kept::Kept;
#[cfg(feature = "cli")]
use super::kept::Wanted;
use super::names::Names;
use super::open::{Open, process};
use super::statements::{Past, begins, is_no_ssh, is_of_a_login, never, past};
use crate::dialect::serve_whole;
use crate::model::brief::Brief;
use crate::model::server::{ServerLog, Stamp};
use crate::model::told::Told;
use crate::model::{At, Author, Event, Kind, Session};
use crate::text::stamp;

/// Notes of the server's own that are kept.
const NOTES: usize = 200;

/// Makes sessions of a server's statements.
#[derive(Debug, Default)]
pub(crate) struct Connections {
    open: Open,
    kept: Kept,
    log: ServerLog,
    /// The server's own addresses.
    own: Vec<String>,
    any: bool,
}

impl Connections {
    #[cfg(feature = "cli")]
    pub(crate) fn new(wanted: Wanted) -> Self {
        Self { kept: Kept::new(wanted), ..Self::default() }
    }

    /// Whether a server has said anything.
    pub(crate) fn any(&self) -> bool {
        self.any
    }

    /// Takes the next statement.
    pub(crate) fn take(&mut self, author: Author, stream: Option<&str>, at: At, when: Option<Stamp>, told: Told) {
        self.any = true;
        let process = stream.map(|name| process(author, name));
        let id = match &told {
            Told::Listening { on } => {
                self.open.start();
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
                let known = self.open.of_process(self::process(author, served));
                known.unwrap_or_else(|| self.open(author))
            }
            Told::Child { process: child } => {
                let child = self::process(author, child);
                if let Some(id) = process.and_then(|process| self.open.of_process(process)) {
                    self.open.serves(child, id);
                }
                return;
            }
            Told::Connection { .. } => self.open.newcomer(process, &told).unwrap_or_else(|| self.open(author)),
            told => {
                match self.open.find(process, &Names::of(told), past(told)).or_else(|| self.open.session_of(told)) {
                    Some(id) => id,
                    // Lines of a process that nothing is known of, after a login whose own line is not in the log.
                    None if is_of_a_login(told) && told.peer().is_none() => return,
                    // No ssh was spoken: whose line failed comes next.
                    None if begins(told) || process.is_some() && is_no_ssh(told) => {
                        if process.is_none() {
                            self.open.may_have_been_there();
                        }
                        self.open(author)
                    }
                    None => return,
                }
            }
        };
        let told = match told {
            // 9.8 has the ends the wrong way round: it is the server that listens.
            Told::TimedOut { peer, on: Some(on), process } if self.own.contains(&peer.address) => {
                Told::TimedOut { peer: on, on: Some(peer), process }
            }
            told => told,
        };
        let alone = process.is_some() || is_of_a_login(&told) || !self.open.others_ask(id);
        let Some(held) = self.open.touch(id) else { return };
        let over = matches!(told, Told::Dropped { .. });
        let named = told.peer().is_some();
        let before = held.ended();
        let nameless = held.names().user.is_none();
        let free = held.apply(at, when, told, !alone && !named);
        let ends = !before && held.ended();
        let now = held.names().user.filter(|user| nameless && !user.is_empty()).map(str::to_owned);
        self.kept.free(free);
        self.open.know(id, process.filter(|_| !over), named);
        if process.is_none() {
            self.open.note_portless(id);
            now.into_iter().for_each(|user| self.open.give_back(id, &user));
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
        let served = self.open.served(process, &names, past);
        let found = served.or_else(|| self.open.find(process, &names, past));
        let id = match found {
            // Of a log without processes it matters who else was there.
            _ if process.is_none() => None,
            // A directory's name is spelt in several ways.
            _ if user.is_some_and(|user| user.contains('\\')) => None,
            None if gist.begins() => Some(self.open_brief(author)),
            found => found,
        };
        let held = id.and_then(|id| self.open.touch(id));
        if let (Some(id), Some(held)) = (id, held)
            && let Said::Brief(record) = &mut held.said
            && let before = record.ended
            && record.take(author, line, &brief)
        {
            let ends = !before && record.ended;
            self.any = true;
            // Nothing is new of what leads to it, mostly.
            if served.is_none() || !held.found {
                self.open.know(id, process, !address.is_empty());
            }
            if ends {
                self.linger(id);
            }
        } else if let Some(told) = serve_whole(author, line.text) {
            self.take(author, stream, line.at(), stamp(line.text), told);
        }
    }

    /// A connection has ended; a few words may still come.
    fn linger(&mut self, id: u64) {
        if let Some((id, held)) = self.open.linger(id) {
            self.kept.close(id, held);
        }
    }

    /// What the server says of itself.
    fn note(&mut self, at: At, told: Told) {
        if self.log.notes.len() < NOTES {
            self.log.notes.push(Event { at, kind: Kind::Server(Box::new(told)) });
        }
    }

    fn open(&mut self, author: Author) -> u64 {
        self.hold(Said::Whole(Box::new(Connection::new(author))))
    }

    fn open_brief(&mut self, author: Author) -> u64 {
        let mut record = self.kept.record();
        record.begin(author);
        self.hold(Said::Brief(record))
    }

    fn hold(&mut self, said: Said) -> u64 {
        let (id, closed) = self.open.hold(said);
        for (id, held) in closed {
            self.kept.close(id, held);
        }
        id
    }

    /// The connections, in order of first appearance, and what the log adds up to.
    pub(crate) fn finish(mut self) -> (Vec<Session>, ServerLog) {
        for (id, held) in self.open.rest() {
            self.kept.close(id, held);
        }
        let sessions = self.kept.finish(&mut self.log);
        (sessions, self.log)
    }
}
