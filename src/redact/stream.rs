//! Logs of any length: line by line, in constant memory.

use memchr::{memchr, memrchr};

use super::private_key::Block;
use super::redactor::Redactor;
use super::sort::Sort;
use super::unbroken::{Breaks, Unbroken};
use crate::model::Transcript;
use crate::reader::Reader;
use crate::text::{Decoder, line_end};

/// Longest line that is held; a longer one is taken in parts.
const LONGEST: usize = 256 << 10;

/// Bytes of lines that are looked at together, since mostly there is nothing in any of them.
const BLOCK: usize = 8 << 10;

/// Most blocks that are taken line by line after one in which there was something.
const MOST_SKIPPED: usize = 32;

/// Takes lines.
trait Sink {
    /// Several whole lines, of ASCII; says whether there is nothing in them, so that they are done with.
    fn block(&mut self, lines: &str) -> bool;

    /// A line, without and with its end.
    fn line(&mut self, line: &str, end: &str);
}

/// Splits text into lines, each with its end.
#[derive(Debug, Default)]
struct Lines {
    end: Option<u8>,
    carry: Vec<u8>,
    /// So many blocks are taken line by line; as many as that after the next one in which there is something.
    skip: usize,
    next_skip: usize,
}

impl Lines {
    /// Hands on what is whole in a piece.
    fn feed(&mut self, mut piece: &[u8], sink: &mut dyn Sink) {
        if self.end.is_none() {
            self.end = line_end(piece);
        }
        if self.end == Some(b'\n') && piece.len() > BLOCK {
            let first = memchr(b'\n', piece).filter(|_| !self.carry.is_empty()).map_or(0, |at| at + 1);
            self.lines(&piece[..first], sink);
            piece = &piece[first..];
            while self.carry.is_empty()
                && piece.len() > BLOCK
                && let Some(last) = memrchr(b'\n', &piece[..BLOCK])
            {
                let (block, rest) = piece.split_at(last + 1);
                self.block(block, sink);
                piece = rest;
            }
        }
        self.lines(piece, sink);
    }

    fn block(&mut self, block: &[u8], sink: &mut dyn Sink) {
        if self.skip > 0 {
            self.skip -= 1;
        } else if block.is_ascii() && sink.block(&String::from_utf8_lossy(block)) {
            self.next_skip = 0;
            return;
        } else {
            self.next_skip = (2 * self.next_skip + 1).min(MOST_SKIPPED);
            self.skip = self.next_skip;
        }
        self.lines(block, sink);
    }

    fn lines(&mut self, mut piece: &[u8], sink: &mut dyn Sink) {
        let end = self.end.unwrap_or(b'\n');
        while let Some(at) = memchr(end, piece) {
            if self.carry.is_empty() {
                whole(&piece[..at], end, sink);
            } else {
                self.carry.extend_from_slice(&piece[..at]);
                whole(&self.carry, end, sink);
                self.carry.clear();
            }
            piece = &piece[at + 1..];
        }
        self.carry.extend_from_slice(piece);
        while self.carry.len() > LONGEST {
            // At a blank, if there is one, so that no value is cut.
            let end = self.carry[..LONGEST].iter().rposition(|byte| *byte == b' ').map_or(LONGEST, |at| at + 1);
            sink.line(&String::from_utf8_lossy(&self.carry[..end]), "");
            self.carry.drain(..end);
        }
    }

    fn finish(&mut self, sink: &mut dyn Sink) {
        if !self.carry.is_empty() {
            sink.line(&String::from_utf8_lossy(&self.carry), "");
            self.carry.clear();
        }
    }
}

fn whole(line: &[u8], end: u8, sink: &mut dyn Sink) {
    match (line, end) {
        ([words @ .., b'\r'], b'\n') => sink.line(&String::from_utf8_lossy(words), "\r\n"),
        (words, b'\n') => sink.line(&String::from_utf8_lossy(words), "\n"),
        (words, _) => sink.line(&String::from_utf8_lossy(words), "\r"),
    }
}

impl Sink for Redactor {
    fn block(&mut self, lines: &str) -> bool {
        self.learns_nothing(lines)
    }

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

    /// Takes the next piece, and puts what is done at the end of `out`.
    pub fn feed(&mut self, piece: &[u8], redactor: &mut Redactor, out: &mut String) {
        let Self { decoder, lines, unbroken, block } = self;
        lines.feed(decoder.decode(piece), &mut Writing { unbroken, block, redactor, out });
    }

    /// Puts what is left.
    pub fn finish(mut self, redactor: &mut Redactor, out: &mut String) {
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
    out: &'a mut String,
}

impl Sink for Writing<'_> {
    fn block(&mut self, lines: &str) -> bool {
        self.unbroken.is_idle() && !self.block.is_open() && self.redactor.block(lines, self.out)
    }

    fn line(&mut self, line: &str, end: &str) {
        let Self { unbroken, block, redactor, out } = self;
        unbroken.take(line, end, &mut |line, ends| write(block, redactor, line, ends, out));
    }
}

fn write(block: &mut Block, redactor: &mut Redactor, line: &str, ends: &str, out: &mut String) {
    match block.of(line) {
        Some(secret) => {
            redactor.line(&line[..secret.start], out);
            redactor.put(Sort::PrivateKey, "", out);
            redactor.line(&line[secret.end..], out);
        }
        None => redactor.line(line, out),
    }
    out.push_str(ends);
}
