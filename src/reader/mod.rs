//! From a stream of bytes to a transcript: lines, records, statements, sessions.
//!
//! Works on a stream, so that a log's length costs no memory, and so that a live client's output is just one
//! more source.

mod builder;
mod joined;

use std::sync::LazyLock;

use regex::bytes::Regex;

use crate::dialect::{self, foreign, openssh};
use crate::model::session::Typed;
use crate::model::{At, Kind, Session, Transcript};
use crate::transcript::{Decoder, Lines, Margin, Record, records};

use builder::Builder;
use joined::Joiner;

/// Lines of plain text that are read in full; later ones only if they hold a word of interest. Remote output
/// of hundreds of megabytes is passed over so at the speed of a search.
const FULLY_READ: u64 = 4000;

/// Words of which every plain line of interest holds one. A test keeps this in step with the rows.
static ANCHORS: LazyLock<Regex> = LazyLock::new(|| {
    #[allow(clippy::expect_used, reason = "a constant pattern, compiled by the tests")]
    Regex::new(concat!(
        r"(?-u)debug[123]|ssh|git |scp|SSH|denied|ey \x22|ey: |ubkey|ermission|gent|passphrase|presence|rovider|PKCS#11",
        r"|C_|dlopen|pin |private key|uthentic|isconnect|onnection|rite failed|remote|Timeout|rotocol|verif",
        r"|negotiat|matching|Host|ost key|kex|dded|mux_|ontrol|forward|open failed|Bad |line |unknown option|nknown cipher|config",
        r"|account|expired|Welcome|ogin|Linux|Cloning|fatal|\^C|fault|Abort|Bus error|assword|HOST|Hi |shell",
        r"|ERROR|REVOKED|conq|Gitea|Forgejo|ush|repositor|blocked|paramiko|PuTTY|\x22|offered|Offered|efused|=|\[conn|sshd|Ssh|jsch",
        r"|dentity file|no such identity|sk_sign|contains_symbol|Skipp|exchange: |packet_|hostkey alg|session token|terminating",
        r"|SHA-1|preauth|listening|publickey|dropbear|sftp|ogged in|Shell|The project",
    ))
    .expect("a constant pattern")
});

/// Lines of a server's own words that are looked at.
const SERVER_LINES: usize = 2000;

/// Bytes of a line in which a margin is looked for.
const MARGIN: usize = 100;

/// Reads one source.
pub struct Reader {
    decoder: Decoder,
    lines: Lines,
    state: State,
}

struct State {
    live: bool,
    joiner: Joiner,
    margin: Margin,
    found: Vec<Record>,
    wrapped: Option<(At, String, u8)>,
    builder: Builder,
    plain: u64,
    unread: u64,
}

impl Reader {
    /// A reader for a source of this name.
    pub fn new(source: impl Into<String>) -> Self {
        Self {
            decoder: Decoder::default(),
            lines: Lines::default(),
            state: State {
                live: false,
                joiner: Joiner::default(),
                margin: Margin::default(),
                found: Vec::new(),
                wrapped: None,
                builder: Builder::new(source.into()),
                plain: 0,
                unread: 0,
            },
        }
    }

    /// A reader for a client's own output: nobody has pasted it, so a line is one record from its first letter on.
    /// What a server writes into a line can't become a line of its own.
    pub fn live(source: impl Into<String>) -> Self {
        let mut reader = Self::new(source);
        reader.state.live = true;
        reader
    }

    /// Takes the next piece of the source. The first should be as long as it can be: it decides on the encoding.
    pub fn feed(&mut self, piece: &[u8]) {
        let text = self.decoder.decode(piece);
        self.lines.feed(text, |number, line| self.state.line(number, line));
    }

    /// Says which command's output this is, where the source does not show it.
    pub fn typed(&mut self, typed: Typed, called: &str) {
        self.state.builder.typed(typed, called.to_owned());
    }

    /// The session that is being read, as far as it has got.
    pub fn current(&self) -> Option<&Session> {
        self.state.builder.current()
    }

    /// Words of the server, which are not the client's: only what a server has to say is taken from them.
    pub fn server(&mut self, words: &[u8]) {
        let state = &mut self.state;
        let mut margin = Margin::default();
        let mut found = Vec::new();
        let number = self.lines.skip(|number, line| state.line(number, line));
        for (index, line) in words.split(|byte| *byte == b'\n').enumerate().take(SERVER_LINES) {
            records(line, &mut margin, &mut found);
            for record in found.drain(..) {
                let said = crate::provider::greeting(&record.text)
                    .map(Kind::Greeting)
                    .or_else(|| crate::provider::refusal(&record.text));
                if let Some(kind) = said {
                    let at = At { line: number + index as u64 + 1, text: record.quote };
                    state.builder.take(at, kind, false);
                }
            }
        }
    }

    /// The attempt was ended from outside, since nothing came any more.
    pub fn gave_up(&mut self, seconds: u64, waiting: &'static str) {
        let state = &mut self.state;
        let number = self.lines.skip(|number, line| state.line(number, line));
        let text = format!("no answer within {seconds} s; waited for {waiting}");
        state.builder.take(At { line: number + 1, text }, Kind::GaveUp { seconds, waiting }, false);
    }

    /// The attempt was ended from outside, since the server's key is none that its provider publishes.
    pub fn distrusted(&mut self, fingerprint: &str) {
        let state = &mut self.state;
        let number = self.lines.skip(|number, line| state.line(number, line));
        let text = format!("host key {fingerprint} is not published; the attempt was ended");
        let kind = Kind::HostKeyNotPublished { fingerprint: fingerprint.to_owned() };
        state.builder.take(At { line: number + 1, text }, kind, false);
    }

    /// What was read.
    pub fn finish(mut self) -> Transcript {
        let state = &mut self.state;
        let lines = self.lines.finish(|number, line| state.line(number, line));
        state.flush();
        let mut transcript = self.state.builder.finish();
        transcript.lines = lines;
        transcript.unread = self.state.unread;
        transcript.invalid = self.decoder.invalid;
        transcript
    }
}

/// Reads a source that is in memory already.
pub fn read(source: impl Into<String>, bytes: &[u8]) -> Transcript {
    let mut reader = Reader::new(source);
    reader.feed(bytes);
    reader.finish()
}

impl State {
    fn line(&mut self, number: u64, line: &[u8]) {
        if self.live {
            let text = crate::transcript::shown(line);
            if !text.is_empty() {
                self.record(At { line: number, text: text.clone() }, &text);
            }
            return;
        }
        if is_dull(line) && self.wrapped.is_none() && !self.joiner.is_open() {
            return;
        }
        if self.skips(line) {
            self.unread += 1;
            return;
        }
        let Some(joined) = self.joiner.join(number, line) else {
            return;
        };
        self.logical(&joined);
    }

    /// Whether a plain line far down in a log can be passed over.
    fn skips(&mut self, line: &[u8]) -> bool {
        if line.starts_with(b"debug") || self.wrapped.is_some() || self.joiner.is_open() {
            return false;
        }
        self.plain += 1;
        self.plain > FULLY_READ && !line.is_empty() && !joined::is_soft_break(line) && !ANCHORS.is_match(line)
    }

    fn flush(&mut self) {
        if let Some(joined) = self.joiner.finish() {
            self.logical(&joined);
        }
        if let Some((at, text, _)) = self.wrapped.take() {
            self.record(at, &text);
        }
    }

    fn logical(&mut self, joined: &joined::Joined) {
        let mut found = std::mem::take(&mut self.found);
        records(&joined.bytes, &mut self.margin, &mut found);
        let mut from = 0;
        for record in found.drain(..) {
            let at = joined.place(&record, &mut from);
            self.unwrap_line(at, record.text);
        }
        self.found = found;
    }

    /// Joins a record that a mailer or a terminal broke before its end.
    fn unwrap_line(&mut self, at: At, text: String) {
        if let Some((first, mut start, left)) = self.wrapped.take() {
            if text.starts_with("debug") || left == 0 {
                self.record(first, &start);
            } else {
                start.push(' ');
                start.push_str(&text);
                if is_open_ended(&start) {
                    self.wrapped = Some((first, start, left - 1));
                } else {
                    self.record(first, &start);
                }
                return;
            }
        }
        if is_open_ended(&text) {
            self.wrapped = Some((at, text, 3));
        } else {
            self.record(at, &text);
        }
    }

    fn record(&mut self, at: At, text: &str) {
        let known = foreign::recognise(text);
        if let Some(name) = known {
            self.builder.foreign(name);
        }
        match dialect::parse(text) {
            Some(kind) => self.builder.take(at, kind, known.is_some()),
            None if known.is_none() && !text.starts_with("debug") && !openssh::is_noise(text) => self.unread += 1,
            None => {}
        }
    }
}

/// Whether a line, its margin left aside, is a debug line that says nothing of interest.
fn is_dull(line: &[u8]) -> bool {
    if line.starts_with(b"debug") {
        return openssh::is_dull(line);
    }
    let start = memchr::memmem::find(&line[..line.len().min(MARGIN)], b"debug");
    start.is_some_and(|start| openssh::is_dull(&line[start..]))
}

/// Whether a record ends where its key should stand.
fn is_open_ended(text: &str) -> bool {
    let Some(words) = text.strip_prefix("debug1: ") else {
        return false;
    };
    let starts = words.strip_prefix("Offering public key:").or_else(|| words.strip_prefix("Server accepts key:"));
    starts.is_some_and(|rest| {
        let rest = rest.trim();
        // A file's name or an agent's comment, and the type before the fingerprint.
        rest.is_empty() || rest.rsplit(' ').next().is_some_and(|last| matches!(last, "RSA" | "ECDSA" | "ED25519"))
    })
}

#[cfg(test)]
mod tests {
    use super::ANCHORS;
    use crate::{dialect, provider};

    /// Beginnings that say nothing by themselves, in a line of theirs.
    const WHOLE: &[(&str, &str)] = &[("No ", "No RSA host key is known for box and you have requested")];

    #[test]
    fn anchors_hold_every_plain_wording() {
        let rows = dialect::plain_wordings().chain(provider::wordings());
        let missing: Vec<&str> = rows
            .map(|words| {
                let whole = WHOLE.iter().find(|(start, _)| *start == words);
                whole.map_or(words, |(_, line)| line)
            })
            .filter(|words| !ANCHORS.is_match(words.as_bytes()))
            .collect();
        assert!(missing.is_empty(), "{missing:?}");
    }
}
