//! Lines that a mailer broke and marked so (quoted-printable's soft line breaks).

use super::Record;
use crate::model::At;

/// A logical line and where its parts stand in the source.
#[derive(Debug, Default)]
pub(crate) struct Joined {
    pub(crate) bytes: Vec<u8>,
    parts: Vec<(usize, u64)>,
}

impl Joined {
    /// Where a record stands: the line of its first words, and those of its words that this line holds.
    pub(crate) fn place(&self, record: &Record, from: &mut usize) -> At {
        let [(_, first), rest @ ..] = self.parts.as_slice() else {
            return At::default();
        };
        if rest.is_empty() {
            return At { line: *first, text: record.quote.clone() };
        }
        let text = String::from_utf8_lossy(&self.bytes);
        let Some(start) = text.get(*from..).and_then(|tail| tail.find(&record.quote)).map(|at| at + *from) else {
            return At { line: *first, text: String::new() };
        };
        *from = start;
        let part = self.parts.iter().rposition(|(offset, _)| *offset <= start).unwrap_or(0);
        let end = self.parts.get(part + 1).map_or(text.len(), |(offset, _)| *offset);
        let words = text.get(start..end.min(start + record.quote.len())).unwrap_or_default();
        At { line: self.parts[part].1, text: words.trim().to_owned() }
    }
}

/// Joins lines.
#[derive(Debug, Default)]
pub(crate) struct Joiner {
    open: Option<Joined>,
}

impl Joiner {
    pub(crate) fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Takes the next line, of a source that was mailed or not; returns a logical line as soon as it is whole.
    pub(crate) fn join(&mut self, number: u64, line: &[u8], mailed: bool) -> Option<Joined> {
        let soft = mailed && is_soft_break(line);
        let mut joined = self.open.take().unwrap_or_default();
        joined.parts.push((joined.bytes.len(), number));
        joined.bytes.extend_from_slice(if soft { &line[..line.len() - 1] } else { line });
        if soft && joined.bytes.len() < super::MAX_LINE {
            self.open = Some(joined);
            return None;
        }
        Some(joined)
    }

    pub(crate) fn finish(&mut self) -> Option<Joined> {
        self.open.take()
    }
}

/// Whether a line ends in a soft line break: `=` where quoted-printable breaks, at 70 to 76 columns (RFC 2045
/// §6.7), and not as part of base64 or a rule.
pub(crate) fn is_soft_break(line: &[u8]) -> bool {
    matches!(line, [.., before, b'='] if *before != b'=') && (70..=80).contains(&line.len())
}
