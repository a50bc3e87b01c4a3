//! From a stream of bytes to a transcript: lines, records, statements, sessions.
//!
//! Works on a stream, so that a log's length costs no memory, and so that a live client's output is just one
//! more source.

use std::ops::Range;

use crate::dialect::{Glue, OPENINGS, Quoted, Served, Sieve, Speaker, goes_on, serve};
use crate::model::server::Stamp;
use crate::model::session::Typed;
use crate::model::{At, Author, Kind, Outcome, ServerLog, Session, Side, Transcript};
#[cfg(feature = "cli")]
use crate::server::Wanted;
use crate::server::{Connections, Line};
use crate::session::Tracker;
use crate::text::{Decoder, Joined, Joiner, Layout, Lines, Record, is_soft_break, shown, stamp};

/// Lines of plain text that are read in full; of later ones only those that pass the sieve. Remote output of
/// hundreds of megabytes is passed over so at the speed of a search.
const FULLY_READ: u64 = 4000;

/// Lines after a login in which its session may still tell how it began.
const SETTLING: u64 = 200;

/// How much of a source is looked at before its layout is decided, in bytes.
const BEGINNING: usize = 64 << 10;

/// Longest line of a daemon's that is quoted whole, in bytes.
const QUOTED: usize = 400;

/// Lines that one record is broken into at most, but the first.
const LINES_OF_ONE: u8 = 3;

/// Lines of a server's own words that are looked at.
const SERVER_LINES: usize = 2000;

/// Reads one source.
pub struct Reader {
    source: String,
    decoder: Decoder,
    lines: Lines,
    /// What has come so far, until the layout is decided.
    beginning: Option<Vec<u8>>,
    /// All that has come, of a live log.
    heard: Option<Vec<u8>>,
    state: State,
}

struct State {
    live: bool,
    joiner: Joiner,
    layout: Layout,
    found: Vec<Record>,
    wrapped: Option<Piece>,
    speaker: Speaker,
    /// The other side's own lines stand here, and how a client tells them.
    quoted: Option<Quoted>,
    /// How far the line that is read stands in, in bytes.
    margin: usize,
    tracker: Tracker,
    /// What servers say: never mixed with what clients say.
    servers: Connections,
    /// The first program that a line was recognised as.
    recognised: Option<Author>,
    plain: u64,
    /// Lines that a log daemon wrote for a server.
    tagged: u64,
    /// Plain lines whose words do not begin with the line.
    indented: u64,
    unread: u64,
    foreign: u64,
    passed: u64,
}

/// The beginning of a record that was broken before its end.
struct Piece {
    at: At,
    /// When it was written.
    when: Option<Stamp>,
    text: String,
    /// Lines that may still follow.
    left: u8,
}

impl Reader {
    /// A reader for a source of this name.
    pub fn new(source: impl Into<String>) -> Self {
        Self {
            source: source.into(),
            decoder: Decoder::default(),
            lines: Lines::default(),
            beginning: Some(Vec::new()),
            heard: None,
            state: State {
                live: false,
                joiner: Joiner::default(),
                layout: Layout::default(),
                found: Vec::new(),
                wrapped: None,
                speaker: Speaker::default(),
                quoted: None,
                margin: 0,
                tracker: Tracker::default(),
                servers: Connections::default(),
                recognised: None,
                plain: 0,
                tagged: 0,
                indented: 0,
                unread: 0,
                foreign: 0,
                passed: 0,
            },
        }
    }

    /// A reader for a client's own output: nobody has pasted it, so a line is one record from its first letter on.
    /// What a server writes into a line can't become a line of its own, nor another program's.
    pub fn live(source: impl Into<String>) -> Self {
        let mut reader = Self::new(source);
        reader.beginning = None;
        reader.heard = Some(Vec::new());
        reader.state.live = true;
        reader.state.speaker = Speaker::openssh();
        reader
    }

    #[cfg(feature = "cli")]
    /// Of a server's log, only these connections.
    pub(crate) fn wanting(mut self, wanted: Wanted) -> Self {
        self.state.servers = Connections::new(wanted);
        self
    }

    /// Takes the next piece of the source.
    pub fn feed(&mut self, piece: &[u8]) {
        let Some(beginning) = &mut self.beginning else {
            return self.go_on(piece);
        };
        beginning.extend_from_slice(piece);
        if beginning.len() >= BEGINNING {
            self.begin();
        }
    }

    /// Decides on the encoding and the layout, by what has come so far.
    fn begin(&mut self) {
        let Some(beginning) = self.beginning.take() else { return };
        let text = self.decoder.decode(&beginning);
        self.state.layout = Layout::of(&text[..text.len().min(BEGINNING)], &OPENINGS);
        let state = &mut self.state;
        state.block(&mut self.lines, text);
    }

    fn go_on(&mut self, piece: &[u8]) {
        self.heard.iter_mut().for_each(|heard| heard.extend_from_slice(piece));
        let text = self.decoder.decode(piece);
        self.state.block(&mut self.lines, text);
    }

    /// How its lines came to be broken: the width, and whether a mailer may have done it.
    pub(crate) fn broken(&mut self) -> (Option<usize>, bool) {
        self.begin();
        (self.state.layout.width(), self.state.layout.is_mailed())
    }

    /// Says which command's output this is, where the source does not show it.
    pub fn typed(&mut self, typed: Typed, called: &str) {
        self.state.tracker.typed(typed, called.to_owned());
    }

    /// The session that is being read, as far as it has got.
    pub fn current(&self) -> Option<&Session> {
        self.state.tracker.current()
    }

    /// Words of the server, which are not the client's: only what a server has to say is taken from them.
    pub fn server(&mut self, words: &[u8]) {
        for line in words.split(|byte| *byte == b'\n').take(SERVER_LINES) {
            let text = shown(line);
            let said = crate::provider::greeting(&text).map(Kind::Greeting).or_else(|| crate::provider::refusal(&text));
            if let Some(kind) = said {
                self.note(text, kind);
            }
        }
    }

    /// What became of the repository that was asked for: the host told its refs, or refused it in these words.
    pub fn repository(&mut self, refused: Option<&str>) {
        let asked = self.current().and_then(|session| session.typed.as_ref()?.front.as_ref()?.repository.clone());
        let asked = asked.unwrap_or_default();
        match refused {
            None => {
                let text = format!("the host told the refs of {}", shown(asked.path.as_bytes()));
                self.note(text, Kind::RepositoryOpened { path: asked.path, write: asked.write });
            }
            Some(words) => {
                let text = shown(words.as_bytes());
                let kind = crate::provider::refusal(&text);
                self.note(text.clone(), kind.unwrap_or(Kind::RepositoryRefused { text, account: None }));
            }
        }
    }

    /// What the proxy command said before it died, beside ssh's log.
    pub fn proxy_died(&mut self, words: &str) {
        let text = shown(words.as_bytes());
        self.note(text.clone(), Kind::ProxyTrouble { text });
    }

    /// The attempt was ended from outside, since nothing came any more.
    pub fn gave_up(&mut self, seconds: u64, waiting: &'static str) {
        let text = format!("no answer within {seconds} s; waited for {waiting}");
        self.note(text, Kind::GaveUp { seconds, waiting });
    }

    /// The attempt was ended from outside, since the server's key is none that its provider publishes.
    pub fn distrusted(&mut self, fingerprint: &str) {
        let text = format!("host key {fingerprint} is not published; the attempt was ended");
        self.note(text, Kind::HostKeyNotPublished { fingerprint: fingerprint.to_owned() });
    }

    /// A statement that came beside the log: a line more of it.
    fn note(&mut self, text: String, kind: Kind) {
        self.end_line();
        let line = self.lines.count();
        if let Some(heard) = &mut self.heard {
            add_line(heard, &text);
        }
        self.state.tracker.take(None, None, At { line, text }, kind);
    }

    /// Ends a line that nothing has ended yet, and tells how many there are.
    fn end_line(&mut self) -> u64 {
        self.begin();
        let state = &mut self.state;
        self.lines.finish(|number, line| state.line(number, line))
    }

    /// What was read.
    pub fn finish(mut self) -> Transcript {
        let lines = self.end_line();
        let mut state = self.state;
        state.flush();
        let sessions = state.tracker.finish();
        let served = state.servers.any().then(|| state.servers.finish());
        let (sessions, server) = both(sessions, served);
        Transcript {
            server,
            source: self.source,
            author: sessions.first().map(|session| session.author).or(state.recognised).unwrap_or_default(),
            client: sessions.iter().find_map(|session| session.client.clone()),
            complete: !sessions.is_empty() && sessions.iter().all(|session| session.complete),
            sessions,
            lines,
            unread: state.unread,
            foreign: state.foreign,
            passed: state.passed,
            mangled: state.layout.mangled(),
            invalid: self.decoder.invalid,
            heard: self.heard,
            ..Transcript::default()
        }
    }
}

/// Adds a line to what came before, which may end within one.
pub(crate) fn add_line(heard: &mut Vec<u8>, line: &str) {
    if heard.last().is_some_and(|last| *last != b'\n') {
        heard.push(b'\n');
    }
    heard.extend_from_slice(line.as_bytes());
    heard.push(b'\n');
}

/// A source's sessions, a client's or a server's, whichever began first in front.
fn both(clients: Vec<Session>, served: Option<(Vec<Session>, ServerLog)>) -> (Vec<Session>, Option<ServerLog>) {
    let Some((servers, log)) = served else { return (clients, None) };
    let line = |sessions: &[Session]| {
        sessions.first().and_then(|session| session.events.first()).map_or(u64::MAX, |event| event.at.line)
    };
    let sessions = match line(&servers) < line(&clients) {
        true => servers.into_iter().chain(clients).collect(),
        false => clients.into_iter().chain(servers).collect(),
    };
    (sessions, Some(log))
}

/// Reads a source that is in memory already.
pub fn read(source: impl Into<String>, bytes: &[u8]) -> Transcript {
    let mut reader = Reader::new(source);
    reader.feed(bytes);
    reader.finish()
}

impl State {
    /// Takes a block of lines: those far down in a source only if they pass the sieve.
    fn block(&mut self, lines: &mut Lines, block: &[u8]) {
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
        // To make the search of whole blocks ready takes longer than a short log does.
        let mut hits = (lines.number() > FULLY_READ).then(|| sieve.hits(block));
        lines.sift(block, |number, line, place| {
            let wanted = !self.at_rest()
                || match place {
                    Some(Range { start, end }) => self.wants(sieve, line, || match &mut hits {
                        Some(hits) => hits.any(start, end),
                        None => sieve.within(line),
                    }),
                    None => true,
                };
            if wanted {
                self.line(number, line);
            } else if !is_logged(line) {
                self.unread += 1;
            }
        });
    }

    /// Whether a log daemon wrote most lines so far, for a server.
    fn is_daemons(&self, lines: u64) -> bool {
        lines > FULLY_READ && self.tagged * 4 > FULLY_READ && self.at_rest() && !self.layout.mangled()
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
        self.at_rest() && !self.layout.mangled() && self.tracker.current().is_some_and(over)
    }

    /// Whether no line waits for its other half.
    fn at_rest(&self) -> bool {
        self.wrapped.is_none() && !self.joiner.is_open()
    }

    /// Whether a line can say something.
    #[inline]
    fn wants(&mut self, sieve: &Sieve, line: &[u8], hit: impl FnOnce() -> bool) -> bool {
        // Where records are a guess, so is what a line can hold; and a very long line may hold anything.
        if self.layout.mangled() {
            return true;
        }
        let logged = is_logged(line);
        if !logged {
            self.plain += 1;
            if self.plain <= FULLY_READ {
                return true;
            }
        }
        if self.indented * 8 > self.plain.min(FULLY_READ) {
            return sieve.holds(line);
        }
        let words = line.trim_ascii_start();
        sieve.begins(words, self.speaker.dialect()) || hit() || is_soft_break(line) || is_left_out(words)
    }

    fn line(&mut self, number: u64, line: &[u8]) {
        if self.live {
            let text = shown(line);
            if !text.is_empty() {
                self.record(At { line: number, text: text.clone() }, None, &text);
            }
            return;
        }
        if let Some(joined) = self.joiner.join(number, line, self.layout.is_mailed()) {
            self.logical(&joined);
        }
    }

    fn flush(&mut self) {
        if let Some(joined) = self.joiner.finish() {
            self.logical(&joined);
        }
        if let Some(Piece { at, when, text, .. }) = self.wrapped.take() {
            self.record(at, when, &text);
        }
    }

    fn logical(&mut self, joined: &Joined) {
        if self.quoted.is_some_and(|quoted| quoted.holds(&joined.bytes)) {
            return;
        }
        self.quoted = None;
        self.margin = joined.bytes.len() - joined.bytes.trim_ascii_start().len();
        let mut found = std::mem::take(&mut self.found);
        self.layout.records(&joined.bytes, &OPENINGS, &mut found);
        let mut from = 0;
        for record in found.drain(..) {
            self.indented += u64::from(!joined.bytes.trim_ascii_start().starts_with(record.text.as_bytes()));
            let at = joined.place(&record, &mut from);
            self.unwrap_line(Piece { at, when: record.when, text: record.text, left: LINES_OF_ONE });
        }
        self.found = found;
    }

    /// Joins a record that a mailer or a terminal broke before its end.
    fn unwrap_line(&mut self, next: Piece) {
        let length = next.text.chars().count();
        let whole = match self.wrapped.take() {
            Some(mut first) if first.left > 0 && is_second_half(&first.text, &next.text) => {
                if goes_on(&first.text).is_some_and(|glue| glue != Glue::Nothing) {
                    first.text.push(' ');
                }
                first.text.push_str(&next.text);
                Piece { left: first.left - 1, ..first }
            }
            Some(first) => {
                self.record(first.at, first.when, first.text.trim_end());
                next
            }
            None => next,
        };
        match self.layout.width() {
            Some(width) if length == width => self.wrapped = Some(whole),
            // The blank at which it was broken is lost.
            Some(width) if length + 1 == width && is_logged(whole.text.as_bytes()) => {
                self.wrapped = Some(Piece { text: whole.text + " ", ..whole });
            }
            _ if goes_on(&whole.text).is_some() => self.wrapped = Some(whole),
            _ => self.record(whole.at, whole.when, &whole.text),
        }
    }

    fn record(&mut self, at: At, when: Option<Stamp>, text: &str) {
        let said = self.speaker.says(text);
        self.quoted = Quoted::after(text, self.margin, &self.speaker);
        // What stands in a frame is no line of a log daemon's.
        let tagged = said.logged && said.author.is_some_and(|author| author.side == Side::Server) && at.text == text;
        self.tagged += u64::from(tagged);
        if said.owned && self.recognised.is_none() {
            self.recognised = said.author;
        }
        if let Some(Kind::Server(told)) = said.kind {
            let author = said.author.unwrap_or_default();
            return self.servers.take(author, said.stream, at, when, *told);
        }
        if let Some(kind) = said.kind {
            match said.ends {
                true => self.tracker.stop(said.author, said.stream, at, kind),
                false => self.tracker.take(said.author, said.stream, at, kind),
            }
            if let Some(when) = when {
                self.tracker.was_written(when);
            }
            return;
        }
        if !self.live && crate::text::is_elision(text) {
            return self.tracker.take(None, None, at, Kind::Elided);
        }
        let read = said.author.is_none_or(|author| author.read);
        if said.logged || said.owned || said.noise {
            self.foreign += u64::from(!read);
            return;
        }
        // A new command at a prompt ends whatever ran before.
        if let Some(typed) = crate::shell::typed(text).or_else(|| crate::shell::elsewhere(text)) {
            self.speaker.forget();
            return self.tracker.take(None, None, at, Kind::Command(typed));
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
            Some(kind) => self.tracker.take(None, None, at, kind),
            None => self.unread += 1,
        }
    }

    /// What the other side's shell or command prints, within a run of another client that tells nothing of its login.
    fn shown_behind_a_login(&self, text: &str) -> Option<Kind> {
        let open = |session: &Session| session.author != Author::OPENSSH && session.outcome == Outcome::Unknown;
        let open = self.tracker.current().is_some_and(open);
        (open && crate::dialect::is_on_screen(text)).then_some(Kind::RemoteShell)
    }
}

/// Whether a line that follows one which was broken off is its second half.
fn is_second_half(start: &str, text: &str) -> bool {
    if goes_on(start) == Some(Glue::Theirs) {
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
