//! From lines to records, from records to statements: which lines are looked at, and who is heard of them.

use crate::dialect::{Glue, OPENINGS, Quoted, Seen, Served, Sieve, Speaker, goes_on, look, serve};
use crate::model::server::Stamp;
use crate::model::{At, Author, Kind, Outcome, Session, Side};
use crate::server::{Connections, Line};
use crate::session::{Order, Said, Tracker, Turn};
use crate::shell::{goes_elsewhere, may_be_a_tools};
use crate::text::{Filled, Joined, Joiner, Layout, Lines, PIECES, Record, is_soft_break, shown, stamp};

/// Lines of plain text that are read whatever they hold: by them it is told how a source is laid out, and whose it is. Of later
/// ones, and of those behind a level of OpenSSH's, only what may say something is read.
const FULLY_READ: u64 = 4000;

/// Lines after a login in which its session may still tell how it began.
const SETTLING: u64 = 200;

/// Longest line of a daemon's that is quoted whole, in bytes.
const QUOTED: usize = 400;

/// Lines that one record is broken into at most, but the first.
const LINES_OF_ONE: usize = 3;

/// How far a source has been read.
#[derive(Default)]
pub(super) struct State {
    pub(super) live: bool,
    joiner: Joiner,
    pub(super) layout: Layout,
    found: Vec<Record>,
    wrapped: Option<Piece>,
    pub(super) speaker: Speaker,
    /// The other side's own lines stand here, and how a client tells them.
    quoted: Option<Quoted>,
    /// How far the line that is read stands in, in bytes.
    margin: usize,
    pub(super) tracker: Tracker,
    /// What has no place where it stands, until it is told whose it is.
    order: Order,
    /// What servers say: never mixed with what clients say.
    pub(super) servers: Connections,
    /// The first program that a line was recognised as.
    pub(super) recognised: Option<Author>,
    pub(super) plain: u64,
    /// Lines that a log daemon wrote for a server.
    tagged: u64,
    pub(super) unread: u64,
    pub(super) foreign: u64,
    pub(super) passed: u64,
}

/// The beginning of a record that was broken before its end.
struct Piece {
    at: At,
    /// When it was written.
    when: Option<Stamp>,
    text: String,
    /// Where its words begin.
    start: Start,
    /// Lines that it was put together of, but the first.
    lines: usize,
    /// How its last line fills a terminal's width.
    filled: Option<Filled>,
}

/// Where a record's words begin in its line.
#[derive(Clone, Copy, Debug, Default)]
struct Start {
    /// In bytes.
    at: usize,
    /// Neither a margin nor a level stands before them.
    bare: bool,
}

impl State {
    /// Takes a block of lines: those far down in a source only if they pass the sieve.
    pub(super) fn block(&mut self, lines: &mut Lines, block: &[u8]) {
        if self.live {
            return lines.feed(block, |number, line| self.line(number, line));
        }
        if self.is_daemons(lines.number()) {
            return self.daemons_block(lines, block);
        }
        let sieve = Sieve::get();
        let mut block = block;
        if lines.number() > FULLY_READ && self.is_settled(lines.number()) {
            let find = |block: &[u8], from| sieve.late(block, from);
            let (done, passed) = lines.search(block, find, |number, line| {
                self.line(number, line);
                self.is_settled(number)
            });
            self.passed += passed;
            block = &block[done..];
        }
        lines.feed(block, |number, line| {
            if !self.is_at_rest() || self.wants(sieve, line) {
                self.line(number, line);
            } else if !is_logged(line) {
                self.unread += 1;
            }
        });
    }

    /// Whether a log daemon wrote most lines so far, for a server.
    fn is_daemons(&self, lines: u64) -> bool {
        lines > FULLY_READ
            && self.tagged * 4 > FULLY_READ
            && self.is_at_rest()
            && self.order.is_empty()
            && !self.layout.mangled()
    }

    /// A block of a log daemon's lines. Where it is all plain text, its lines need no look of their own.
    fn daemons_block(&mut self, lines: &mut Lines, block: &[u8]) {
        let text = std::str::from_utf8(block).ok().filter(|_| is_plain(block));
        lines.sift(block, |number, line, place| {
            let whole = place.filter(|_| line.len() <= QUOTED).zip(text);
            match whole.and_then(|(place, text)| text.get(place.start..place.start + line.len())) {
                Some(text) => self.daemons(number, text),
                None => match std::str::from_utf8(line) {
                    Ok(text) if line.len() <= QUOTED && is_plain(line) => self.daemons(number, text),
                    _ => self.line(number, line),
                },
            }
        });
    }

    /// A line of a log daemon's: it stands for itself, and the server's name in it tells whose it is.
    #[inline]
    fn daemons(&mut self, number: u64, text: &str) {
        match serve(text) {
            Some((author, process, Served::Brief(brief))) => {
                self.servers.take_brief(author, process, Line { number, text }, brief);
            }
            Some((author, process, Served::Whole(told))) => {
                let line = Line { number, text };
                self.servers.take(author, process, line.at(), stamp(text), *told);
            }
            Some(_) => {}
            None => self.passed += 1,
        }
    }

    /// Whether somebody has been logged in for some lines, so that little of what follows can say anything.
    fn is_settled(&self, number: u64) -> bool {
        let since = |session: &Session| session.end.as_ref().is_some_and(|end| end.line + SETTLING < number);
        let over = |session: &Session| session.outcome == Outcome::Authenticated && since(session);
        let quiet = self.is_at_rest() && self.order.is_empty();
        quiet && !self.layout.mangled() && self.tracker.current().is_some_and(over)
    }

    /// Whether no line waits for its other half, nor another's words for their end.
    fn is_at_rest(&self) -> bool {
        self.wrapped.is_none() && !self.joiner.is_open() && self.quoted.is_none()
    }

    /// Whether a line is worth a look.
    #[inline]
    fn wants(&mut self, sieve: &Sieve, line: &[u8]) -> bool {
        // Where records are a guess, so is what a line can hold.
        if self.layout.mangled() {
            return true;
        }
        if !is_logged(line) {
            self.plain += 1;
            if self.plain <= FULLY_READ {
                return true;
            }
        }
        let words = line.trim_ascii_start();
        sieve.holds(words) || is_soft_break(line) || is_left_out(words) || goes_elsewhere(line)
    }

    pub(super) fn line(&mut self, number: u64, line: &[u8]) {
        if self.live {
            let text = shown(line);
            if !text.is_empty() {
                self.record(At { line: number, text: text.clone() }, None, &look(&text));
            }
            return;
        }
        if let Some(joined) = self.joiner.join(number, line, self.layout.is_mailed()) {
            self.logical(&joined);
        }
    }

    pub(super) fn flush(&mut self) {
        if let Some(joined) = self.joiner.finish() {
            self.logical(&joined);
        }
        if let Some(Piece { at, when, text, .. }) = self.wrapped.take() {
            self.record(at, when, &look(&text));
        }
        self.order.rest(self.tracker.current()).into_iter().for_each(|said| self.tell(said));
    }

    fn logical(&mut self, joined: &Joined) {
        if self.quoted.is_some_and(|quoted| quoted.holds(&joined.bytes)) {
            return;
        }
        self.quoted = None;
        self.margin = joined.bytes.len() - joined.bytes.trim_ascii_start().len();
        self.task(&joined.bytes);
        let mut found = std::mem::take(&mut self.found);
        self.layout.records(&joined.bytes, &OPENINGS, &mut found);
        let mut from = 0;
        for record in found.drain(..) {
            let at = joined.place(&record, &mut from);
            let (start, filled) = self.filled(&joined.bytes, &record.text);
            let piece = Piece { at, when: record.when, text: record.text, start, lines: 0, filled: None };
            self.unwrap_line(piece, filled);
        }
        self.found = found;
    }

    /// What a tool that runs clients says beside their words: its frame round them is gone from the records.
    fn task(&mut self, line: &[u8]) {
        // Within ssh's own log such words are its server's.
        if self.order.is_within() || !may_be_a_tools(line) {
            return;
        }
        let line = shown(line);
        // `HOST | ` is a container's margin, too.
        let behind = &line[crate::text::margin(&line)..];
        if let Some(aim) = crate::shell::aimed(behind).or_else(|| crate::shell::aimed(line.trim_start())) {
            self.tracker.aimed(aim);
        }
    }

    /// Where a record's words begin in its line, and how they fill the width at which a terminal broke the source.
    fn filled(&self, line: &[u8], words: &str) -> (Start, Option<Filled>) {
        let Some(width) = self.layout.width() else { return (Start::default(), None) };
        let line = crate::text::visible(line);
        let (line, at) = line.find(words).map_or((words, 0), |at| (line.as_str(), at));
        let bare = line[..at].trim().is_empty() && !is_logged(words.as_bytes());
        (Start { at, bare }, width.filled(line, at))
    }

    /// Joins a record that a mailer or a terminal broke before its end.
    fn unwrap_line(&mut self, next: Piece, filled: Option<Filled>) {
        let width = self.layout.width();
        let second = |first: &Piece| match width.filter(|_| first.filled.is_some()) {
            Some(width) => first.lines < PIECES && width.goes_on(next.start.bare),
            None => first.lines < LINES_OF_ONE,
        };
        let whole = match self.wrapped.take() {
            Some(mut first) if second(&first) && is_second_half(&first.text, &next.text) => {
                let blank = match (width, first.filled) {
                    (Some(width), Some(Filled::Whole)) => width.begins_with_blank(first.start.at, next.start.at),
                    (_, Some(_)) => true,
                    _ => goes_on(&look(&first.text)).is_some_and(|glue| glue != Glue::Nothing),
                };
                if blank && !first.text.ends_with(' ') {
                    first.text.push(' ');
                }
                first.text.push_str(&next.text);
                Piece { lines: first.lines + 1, ..first }
            }
            Some(first) => {
                self.record(first.at, first.when, &look(first.text.trim_end()));
                next
            }
            None => next,
        };
        // The blank at which it was broken is lost.
        let filled = filled.filter(|filled| *filled != Filled::AllButOne || is_logged(whole.text.as_bytes()));
        let seen = look(&whole.text);
        match filled.is_some() || goes_on(&seen).is_some() {
            true => self.wrapped = Some(Piece { filled, ..whole }),
            false => self.record(whole.at, whole.when, &seen),
        }
    }

    fn record(&mut self, at: At, when: Option<Stamp>, seen: &Seen<'_>) {
        let text = seen.line();
        let said = self.speaker.says(seen);
        self.quoted = Quoted::after(text, self.margin, &self.speaker);
        // What stands in a frame is no line of a log daemon's.
        let tagged = said.logged && said.author.is_some_and(|author| author.side == Side::Server) && at.text == text;
        self.tagged += u64::from(tagged);
        if said.owned && self.recognised.is_none() {
            self.recognised = said.author;
        }
        let said_by = |kind| Said {
            author: said.author,
            stream: said.stream.map(str::to_owned),
            logged: said.logged,
            ends: said.ends,
            when,
            at: at.clone(),
            kind,
        };
        if let Some(kind) = said.kind {
            return self.hear(said_by(kind));
        }
        if !self.live && crate::text::is_elision(text) {
            return self.hear(anybodys(at, Kind::Elided));
        }
        let read = said.author.is_none_or(|author| author.read);
        if said.logged || said.owned || said.noise {
            self.foreign += u64::from(!read);
            return;
        }
        // A new command at a prompt ends whatever ran before.
        if let Some(typed) = crate::shell::typed(text).or_else(|| crate::shell::elsewhere(text)) {
            self.speaker.forget();
            return self.hear(anybodys(at, Kind::Command(typed)));
        }
        if let Some(typed) = crate::shell::announced(text) {
            return self.tracker.bound(&at, typed);
        }
        if !read {
            self.foreign += 1;
            return;
        }
        let host = || crate::provider::greeting(text).map(Kind::Greeting).or_else(|| crate::provider::refusal(text));
        match said.hosts.then(host).flatten().or_else(|| self.shown_behind_a_login(text)) {
            Some(kind) => self.hear(anybodys(at, kind)),
            None => self.unread += 1,
        }
    }

    /// Takes a statement, in its turn.
    fn hear(&mut self, said: Said) {
        // ssh's own pipe has no other lines; and where line ends were lost, what is a line is a guess.
        if self.live || self.layout.mangled() {
            return self.tell(said);
        }
        let Turn { waited, now } = self.order.take(said, self.tracker.current());
        waited.into_iter().chain(now).for_each(|said| self.tell(said));
    }

    fn tell(&mut self, said: Said) {
        let Said { author, stream, ends, when, at, kind, .. } = said;
        let stream = stream.as_deref();
        match kind {
            Kind::Server(told) => return self.servers.take(author.unwrap_or_default(), stream, at, when, *told),
            kind if ends => self.tracker.stop(author, stream, at, kind),
            kind => self.tracker.take(author, stream, at, kind),
        }
        if let Some(when) = when {
            self.tracker.was_written(when);
        }
    }

    /// What the other side's shell or command prints, within a run of another client that tells nothing of its login.
    fn shown_behind_a_login(&self, text: &str) -> Option<Kind> {
        let open = |session: &Session| session.author != Author::OPENSSH && session.outcome == Outcome::Unknown;
        let open = self.tracker.current().is_some_and(open);
        (open && crate::dialect::is_on_screen(text)).then_some(Kind::RemoteShell)
    }
}

/// A statement that may be anybody's.
fn anybodys(at: At, kind: Kind) -> Said {
    Said { author: None, stream: None, logged: false, ends: false, when: None, at, kind }
}

/// Whether a line that follows one which was broken off is its second half.
fn is_second_half(start: &str, text: &str) -> bool {
    if goes_on(&look(start)) == Some(Glue::Theirs) {
        return Quoted::UpToItem.holds(text.as_bytes());
    }
    // What says something by itself is none.
    !is_logged(text.as_bytes()) && crate::dialect::read_line(text).is_none()
}

/// Whether these are all letters, figures, marks and line ends of ASCII.
fn is_plain(bytes: &[u8]) -> bool {
    // Without a way out of the loop, so that many bytes are looked at together.
    bytes.iter().fold(true, |plain, byte| plain & ((b' '..=b'~').contains(byte) | (*byte == b'\n')))
}

/// Whether a plain line says that lines were left out.
#[inline]
fn is_left_out(line: &[u8]) -> bool {
    // Length and first byte settle it for nearly all.
    line.len() <= crate::text::LONGEST_ELISION
        && matches!(line, [b'.' | b'[' | b'(' | b'<' | b'-' | b'*' | 0xe2, ..])
        && crate::text::is_elision(&shown(line))
}

/// Whether a line begins with a level, as nearly all of a long log do.
#[inline]
fn is_logged(line: &[u8]) -> bool {
    line.starts_with(b"debug")
}
