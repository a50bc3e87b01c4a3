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

/// Splits text into lines, each with its end.
#[derive(Debug, Default)]
struct Lines {
    end: Option<u8>,
    carry: Vec<u8>,
}

impl Lines {
    /// Hands each whole line of a piece to `each`, without and with its end.
    fn feed(&mut self, mut piece: &[u8], each: &mut dyn FnMut(&str, &str)) {
        if self.end.is_none() {
            self.end = line_end(piece);
        }
        let end = self.end.unwrap_or(b'\n');
        while let Some(at) = memchr(end, piece) {
            if self.carry.is_empty() {
                whole(&piece[..at], end, each);
            } else {
                self.carry.extend_from_slice(&piece[..at]);
                whole(&self.carry, end, each);
                self.carry.clear();
            }
            piece = &piece[at + 1..];
        }
        self.carry.extend_from_slice(piece);
        while self.carry.len() > LONGEST {
            // At a blank, if there is one, so that no value is cut.
            let end = self.carry[..LONGEST].iter().rposition(|byte| *byte == b' ').map_or(LONGEST, |at| at + 1);
            each(&String::from_utf8_lossy(&self.carry[..end]), "");
            self.carry.drain(..end);
        }
    }

    fn finish(&mut self, each: &mut dyn FnMut(&str, &str)) {
        if !self.carry.is_empty() {
            each(&String::from_utf8_lossy(&self.carry), "");
            self.carry.clear();
        }
    }
}

fn whole(line: &[u8], end: u8, each: &mut dyn FnMut(&str, &str)) {
    match (line, end) {
        ([words @ .., b'\r'], b'\n') => each(&String::from_utf8_lossy(words), "\r\n"),
        (words, b'\n') => each(&String::from_utf8_lossy(words), "\n"),
        (words, _) => each(&String::from_utf8_lossy(words), "\r"),
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
        self.lines.feed(self.decoder.decode(piece), &mut |line, _| redactor.learn_line(line));
    }

    /// What the log says, and how it is to be read a second time.
    pub fn finish(mut self, redactor: &mut Redactor) -> (Transcript, Breaks) {
        self.lines.finish(&mut |line, _| redactor.learn_line(line));
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
        lines.feed(decoder.decode(piece), &mut |line, end| {
            unbroken.take(line, end, &mut |line, ends| write(block, redactor, line, ends, out));
        });
    }

    /// Puts what is left.
    pub fn finish(self, redactor: &mut Redactor, out: &mut String) {
        let Self { decoder: _, mut lines, mut unbroken, mut block } = self;
        let mut put = |line: &str, ends: &str| write(&mut block, redactor, line, ends, out);
        lines.finish(&mut |line, end| unbroken.take(line, end, &mut put));
        unbroken.finish(&mut put);
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
