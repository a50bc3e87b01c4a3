//! Logs of any length: line by line, in constant memory.

use memchr::memchr;

use super::private_key::Block;
use super::redactor::Redactor;
use super::sort::Sort;
use super::unbroken::{Breaks, Unbroken};
use super::untouched::Untouched;
use crate::model::Transcript;
use crate::reader::Reader;
use crate::text::{Decoder, line_end};

/// Longest line that is held; a longer one is taken in parts.
const LONGEST: usize = 256 << 10;

/// Lines after which it is worth its cost to tell lines by their looks.
const MANY: usize = 1000;

/// Takes lines.
trait Sink {
    /// Takes the dull lines with which a block begins, at a place of the log, as far as they are known by their looks:
    /// whole ones, of ASCII, in which there is nothing. Returns how many bytes they have.
    fn dull(&mut self, place: u64, block: &[u8], end: u8) -> usize;

    /// A line, without and with its end.
    fn line(&mut self, line: &str, end: &str);
}

/// Splits text into lines, each with its end.
#[derive(Debug, Default)]
struct Lines {
    end: Option<u8>,
    carry: Vec<u8>,
    /// Lines that were taken one by one.
    taken: usize,
    /// Bytes that came before.
    place: u64,
}

impl Lines {
    /// Hands on what is whole in a piece.
    fn feed(&mut self, mut piece: &[u8], sink: &mut impl Sink) {
        if self.end.is_none() {
            self.end = line_end(piece);
        }
        let end = self.end.unwrap_or(b'\n');
        let after = self.place + piece.len() as u64;
        loop {
            if self.taken >= MANY && self.carry.is_empty() {
                let dull = sink.dull(after - piece.len() as u64, piece, end);
                piece = &piece[dull..];
            }
            let Some(at) = memchr(end, piece) else { break };
            if self.carry.is_empty() {
                whole(&piece[..at], end, sink);
            } else {
                self.carry.extend_from_slice(&piece[..at]);
                whole(&self.carry, end, sink);
                self.carry.clear();
            }
            self.taken += 1;
            piece = &piece[at + 1..];
        }
        self.place = after;
        self.carry.extend_from_slice(piece);
        while self.carry.len() > LONGEST {
            // At a blank, if there is one, so that no value is cut.
            let end = self.carry[..LONGEST].iter().rposition(|byte| *byte == b' ').map_or(LONGEST, |at| at + 1);
            sink.line(&String::from_utf8_lossy(&self.carry[..end]), "");
            self.carry.drain(..end);
        }
    }

    fn finish(&mut self, sink: &mut impl Sink) {
        if !self.carry.is_empty() {
            sink.line(&String::from_utf8_lossy(&self.carry), "");
            self.carry.clear();
        }
    }
}

fn whole(line: &[u8], end: u8, sink: &mut impl Sink) {
    match (line, end) {
        ([words @ .., b'\r'], b'\n') => sink.line(&String::from_utf8_lossy(words), "\r\n"),
        (words, b'\n') => sink.line(&String::from_utf8_lossy(words), "\n"),
        (words, _) => sink.line(&String::from_utf8_lossy(words), "\r"),
    }
}

/// Where names are learnt.
struct Learning<'a> {
    reader: &'a Reader,
    redactor: &'a mut Redactor,
    untouched: &'a mut Untouched,
}

impl Sink for Learning<'_> {
    fn dull(&mut self, place: u64, block: &[u8], end: u8) -> usize {
        let (dull, names) = self.redactor.learns_nothing(block, end, self.reader);
        if let Some(names) = names {
            self.untouched.put(place..place + dull as u64, names);
        }
        dull
    }

    fn line(&mut self, line: &str, _: &str) {
        self.redactor.learn_line(line);
    }
}

/// The first look at a log: what it says, and which names are in it.
pub struct Learner {
    reader: Reader,
    decoder: Decoder,
    lines: Lines,
    untouched: Untouched,
}

impl Learner {
    /// For a log of this name.
    pub fn new(source: &str) -> Self {
        Self {
            reader: Reader::new(source),
            decoder: Decoder::default(),
            lines: Lines::default(),
            untouched: Untouched::default(),
        }
    }

    /// Takes the next piece.
    pub fn feed(&mut self, piece: &[u8], redactor: &mut Redactor) {
        let Self { reader, decoder, lines, untouched } = self;
        reader.feed(piece);
        lines.feed(decoder.decode(piece), &mut Learning { reader, redactor, untouched });
    }

    /// What the log says, and how it is to be read a second time.
    pub fn finish(self, redactor: &mut Redactor) -> (Transcript, Breaks) {
        let (log, breaks, _) = self.finish_with_parts(redactor);
        (log, breaks)
    }

    /// The same, and which parts of it need no second look.
    pub(crate) fn finish_with_parts(mut self, redactor: &mut Redactor) -> (Transcript, Breaks, Untouched) {
        let Self { reader, lines, untouched, .. } = &mut self;
        lines.finish(&mut Learning { reader, redactor, untouched });
        let (width, mailed) = self.reader.broken();
        let log = self.reader.finish();
        redactor.learn(&log);
        // Of a text that was decoded the places are others.
        let untouched = self.decoder.passed_over().map(|mark| self.untouched.finish(mark));
        (log, Breaks { width, mailed }, untouched.unwrap_or_default())
    }
}

/// The second look: the log is written again, as UTF-8. Lines that a terminal or a mailer broke are whole again, with
/// empty lines after them, so that each has the number that it had.
#[derive(Debug)]
pub struct Rewriter {
    decoder: Decoder,
    lines: Lines,
    unbroken: Unbroken,
    block: Block,
}

impl Rewriter {
    /// For a log whose lines were broken so.
    pub fn new(breaks: Breaks) -> Self {
        Self {
            decoder: Decoder::default(),
            lines: Lines::default(),
            unbroken: Unbroken::new(breaks),
            block: Block::default(),
        }
    }

    /// Takes the next piece, and puts what is done at the end of `out`, which is text.
    pub fn feed(&mut self, piece: &[u8], redactor: &mut Redactor, out: &mut Vec<u8>) {
        let Self { decoder, lines, unbroken, block } = self;
        lines.feed(decoder.decode(piece), &mut Writing { unbroken, block, redactor, out });
    }

    /// Whether lines in which there is nothing may be left out here: what comes next is a line of its own.
    #[cfg(feature = "cli")]
    pub(crate) fn is_at_rest(&self) -> bool {
        self.lines.carry.is_empty() && self.unbroken.is_idle() && !self.block.is_open()
    }

    /// Puts what is left.
    pub fn finish(mut self, redactor: &mut Redactor, out: &mut Vec<u8>) {
        let Self { decoder: _, lines, unbroken, block } = &mut self;
        lines.finish(&mut Writing { unbroken, block, redactor, out });
        unbroken.finish(&mut |line, ends| write(block, redactor, line, ends, out));
    }
}

/// Where lines are written again.
struct Writing<'a> {
    unbroken: &'a mut Unbroken,
    block: &'a mut Block,
    redactor: &'a mut Redactor,
    out: &'a mut Vec<u8>,
}

impl Sink for Writing<'_> {
    fn dull(&mut self, _: u64, block: &[u8], end: u8) -> usize {
        if !self.unbroken.is_idle() || self.block.is_open() {
            return 0;
        }
        let dull = self.redactor.dull(block, end);
        self.out.extend_from_slice(&block[..dull]);
        dull
    }

    fn line(&mut self, line: &str, end: &str) {
        let Self { unbroken, block, redactor, out } = self;
        unbroken.take(line, end, &mut |line, ends| write(block, redactor, line, ends, out));
    }
}

fn write(block: &mut Block, redactor: &mut Redactor, line: &str, ends: &str, out: &mut Vec<u8>) {
    let mut text = String::with_capacity(line.len());
    match block.of(line) {
        Some(secret) => {
            redactor.line(&line[..secret.start], &mut text);
            redactor.put(Sort::PrivateKey, "", &mut text);
            redactor.line(&line[secret.end..], &mut text);
        }
        None => redactor.line(line, &mut text),
    }
    out.extend_from_slice(text.as_bytes());
    out.extend_from_slice(ends.as_bytes());
}
