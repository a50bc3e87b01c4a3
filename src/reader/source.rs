//! One source: its bytes, what came beside them, and what was read of it in the end.

use super::state::State;
use crate::dialect::{OPENINGS, Speaker};
use crate::model::session::Typed;
use crate::model::{At, Kind, ProxyFault, ServerLog, Session, Transcript};
use crate::server::is_of_its_host_keys;
#[cfg(feature = "cli")]
use crate::server::{Connections, Wanted};
use crate::text::{Decoder, Layout, Lines, Width, shown};

/// How much of a source is looked at before its layout is decided, in bytes.
const BEGINNING: usize = 64 << 10;

/// How much of a source is read at a time, in bytes: of a long one, whole pieces are searched.
pub(crate) const PIECE: usize = 128 << 10;

/// Lines of a server's own words that are looked at.
const SERVER_LINES: usize = 2000;

/// Reads one source.
pub struct Reader {
    source: String,
    decoder: Decoder,
    pub(super) lines: Lines,
    /// What has come so far, until the layout is decided.
    beginning: Option<Vec<u8>>,
    /// All that has come, of a live log.
    heard: Option<Vec<u8>>,
    pub(super) state: State,
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
            state: State::default(),
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
    pub(super) fn begin(&mut self) {
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
    pub(crate) fn broken(&mut self) -> (Option<Width>, bool) {
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

    /// The sessions as far as they have got.
    pub(crate) fn sessions(&self) -> impl Iterator<Item = &Session> {
        self.state.tracker.so_far()
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
        self.note(text.clone(), Kind::ProxyTrouble { what: ProxyFault::Program, text });
    }

    #[cfg(feature = "live")]
    /// The client ended by itself. Its last words say why, where they are none that is known.
    pub(crate) fn stopped(&mut self) {
        self.end_line();
        let heard = String::from_utf8_lossy(self.heard.as_deref().unwrap_or_default()).into_owned();
        let lines: Vec<&str> = heard.lines().collect();
        let last = lines.iter().rposition(|line| line.starts_with("debug")).map_or(0, |at| at + 1);
        for (at, line) in lines.iter().enumerate().skip(last) {
            let (line, text) = (at as u64 + 1, shown(line.as_bytes()));
            let is_known =
                self.current().is_some_and(|session| session.events.iter().any(|event| event.at.line == line));
            if !text.is_empty() && !is_known {
                let kind = Kind::ClientFailed { reason: text.clone() };
                self.state.tracker.take(None, None, At { line, text }, kind);
            }
        }
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
    let clients = without_bare_versions(clients, served.is_some());
    let Some((servers, log)) = served else { return (clients, None) };
    let clients: Vec<Session> = clients.into_iter().filter(|session| !is_of_its_host_keys(session, &log)).collect();
    let line = |sessions: &[Session]| {
        sessions.first().and_then(|session| session.events.first()).map_or(u64::MAX, |event| event.at.line)
    };
    let sessions = match line(&servers) < line(&clients) {
        true => servers.into_iter().chain(clients).collect(),
        false => clients.into_iter().chain(servers).collect(),
    };
    (sessions, Some(log))
}

/// Without the sessions of which a source has a version and nothing else, where it tells of any other: `ssh -V`, the
/// form of an issue, or a sentence, which no run of ssh followed.
fn without_bare_versions(mut clients: Vec<Session>, served: bool) -> Vec<Session> {
    let bare = |session: &Session| {
        session.typed.is_none()
            && !session.jump_host
            && session.events.iter().all(|event| matches!(event.kind, Kind::ClientVersion { .. }))
    };
    if served || !clients.iter().all(bare) {
        clients.retain(|session| !bare(session));
    }
    clients
}

/// Reads a source that is in memory already.
pub fn read(source: impl Into<String>, bytes: &[u8]) -> Transcript {
    let mut reader = Reader::new(source);
    bytes.chunks(PIECE).for_each(|piece| reader.feed(piece));
    reader.finish()
}
