//! Logs of any length: line by line, in constant memory.

use memchr::memchr;

use super::private_key::Block;
use super::redactor::Redactor;
use super::sort::Sort;
use super::unbroken::{Breaks, Unbroken};
use crate::model::Transcript;
use crate::reader::Reader;
use crate::text::{Decoder, line_end};

/// Longest line that is held; a longer one is taken in parts.
const LONGEST: usize = 256 << 10;

/// Lines after which it is worth its cost to tell lines by their looks.
const MANY: usize = 1000;

/// Takes lines.
trait Sink {
    /// Whether there is nothing in a line, as far as its look tells.
    fn is_dull(&mut self, line: &[u8]) -> bool;

    /// Whole lines, of ASCII, in which there is nothing.
    fn dull(&mut self, lines: &[u8]);

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
}

impl Lines {
    /// Hands on what is whole in a piece.
    fn feed(&mut self, mut piece: &[u8], sink: &mut impl Sink) {
        if self.end.is_none() {
            self.end = line_end(piece);
        }
        let end = self.end.unwrap_or(b'\n');
        // So many bytes of the piece are dull lines that wait.
        let mut dull = 0;
        while let Some(at) = memchr(end, &piece[dull..]).map(|at| dull + at) {
            if self.taken >= MANY && self.carry.is_empty() && sink.is_dull(&piece[dull..at]) {
                dull = at + 1;
                continue;
            }
            sink.dull(&piece[..dull]);
            if self.carry.is_empty() {
                whole(&piece[dull..at], end, sink);
            } else {
                self.carry.extend_from_slice(&piece[..at]);
                whole(&self.carry, end, sink);
                self.carry.clear();
            }
            self.taken += 1;
            piece = &piece[at + 1..];
            dull = 0;
        }
        sink.dull(&piece[..dull]);
        self.carry.extend_from_slice(&piece[dull..]);
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

impl Sink for Redactor {
    fn is_dull(&mut self, line: &[u8]) -> bool {
        self.learns_nothing(line)
    }

    fn dull(&mut self, _: &[u8]) {}

    fn line(&mut self, line: &str, _: &str) {
        self.learn_line(line);
    }
}

/// The first look at a log: what it says, and which names are in it.
pub struct Learner {
    reader: Reader,
    decoder: Decoder,
    lines: Lines,
}

impl Learner {
    /// For a log of this name.
    pub fn new(source: &str) -> Self {
        Self { reader: Reader::new(source), decoder: Decoder::default(), lines: Lines::default() }
    }

    /// Takes the next piece.
    pub fn feed(&mut self, piece: &[u8], redactor: &mut Redactor) {
        self.reader.feed(piece);
        self.lines.feed(self.decoder.decode(piece), redactor);
    }

    /// What the log says, and how it is to be read a second time.
    pub fn finish(mut self, redactor: &mut Redactor) -> (Transcript, Breaks) {
        self.lines.finish(redactor);
        let (width, mailed) = self.reader.broken();
        let log = self.reader.finish();
        redactor.learn(&log);
        (log, Breaks { width, mailed })
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
    fn is_dull(&mut self, line: &[u8]) -> bool {
        self.unbroken.is_idle() && !self.block.is_open() && self.redactor.is_dull(line)
    }

    fn dull(&mut self, lines: &[u8]) {
        self.out.extend_from_slice(lines);
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
