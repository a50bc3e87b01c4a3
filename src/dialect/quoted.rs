//! The other side's words that stand in a program's log as lines of their own, and how they are told from its own.

use super::Speaker;
use super::{cargo, phpseclib, putty};

/// How the lines that follow show whose they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quoted {
    /// Each of the other side's begins so.
    Marked(&'static str),
    /// Each of them stands as far to the right as the first, which is in so many bytes.
    Indented(usize),
    /// They go on up to the next item of a list that PHP prints, or to the list's end.
    UpToItem,
}

/// A block's lines stand in at least this far, in bytes: without that nothing tells where it ends.
const BLOCK: usize = 2;

impl Quoted {
    /// Whether what follows this line is the other side's; `margin` is how far it stands in.
    pub(crate) fn after(line: &str, margin: usize, speaker: &Speaker) -> Option<Self> {
        if putty::quotes(line) {
            return Some(Self::Marked("| "));
        }
        if phpseclib::quotes(line) {
            return Some(Self::UpToItem);
        }
        let block = margin >= BLOCK && speaker.is(&cargo::CARGO) && cargo::quotes(line);
        block.then_some(Self::Indented(margin))
    }

    /// Whether a line is one of them.
    pub(crate) fn holds(self, line: &[u8]) -> bool {
        let words = line.trim_ascii_start();
        match self {
            Self::Marked(mark) => {
                // A paste's own margin stands before it.
                let words = words.strip_prefix(b"> ").unwrap_or(words);
                words.starts_with(mark.as_bytes()) || words == mark.trim_end().as_bytes()
            }
            Self::Indented(margin) => words.is_empty() || line.len() - words.len() >= margin,
            Self::UpToItem => !words.starts_with(b"[") && !words.starts_with(b")"),
        }
    }
}
