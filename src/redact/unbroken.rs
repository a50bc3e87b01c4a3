//! Lines that a terminal or a mailer broke, made whole: a name that is in two parts can't be found.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::text::{Filled, PIECES, Width, is_soft_break, margin};

/// Longest line that is put together, in bytes.
const LONGEST: usize = 1 << 20;

/// Looked for in every line, and made once.
static DIGEST: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new("SHA256:"));

/// Base64 digits of a SHA-256.
const DIGITS: usize = 43;

/// How a log's lines came to be broken, as the first look at it tells.
#[derive(Clone, Copy, Debug, Default)]
pub struct Breaks {
    /// The width at which a terminal broke them.
    pub(crate) width: Option<Width>,
    /// A mailer may have broken them.
    pub(crate) mailed: bool,
}

/// Puts lines together.
#[derive(Debug, Default)]
pub(super) struct Unbroken {
    breaks: Breaks,
    held: Option<Held>,
}

/// A line that may go on in the next one.
#[derive(Debug)]
struct Held {
    text: String,
    /// The line ends that belong to it.
    ends: String,
    lines: usize,
    why: Why,
}

/// Why a line may go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Why {
    /// A mailer marked it.
    Soft,
    /// It is as wide as the terminal was; with a blank where one was lost.
    Wide { blank: bool },
    /// Its fingerprint lacks so many digits.
    Print(usize),
}

impl Unbroken {
    pub(super) fn new(breaks: Breaks) -> Self {
        Self { breaks, held: None }
    }

    /// Whether no line was broken, and none waits.
    pub(super) fn is_idle(&self) -> bool {
        self.held.is_none() && !self.breaks.mailed && self.breaks.width.is_none()
    }

    /// Takes a line, and hands on those that are whole, each with its line ends.
    pub(super) fn take(&mut self, line: &str, end: &str, each: &mut dyn FnMut(&str, &str)) {
        let (mut text, mut ends, mut lines) = (String::new(), String::new(), 0);
        if let Some(held) = self.held.take() {
            if held.goes_on_with(line, self.breaks.width) {
                text = held.text;
                (ends, lines) = (held.ends, held.lines + 1);
                if held.why == (Why::Wide { blank: true }) {
                    text.push(' ');
                }
                text.push_str(if held.why == Why::Soft { line } else { &line[margin(line)..] });
            } else {
                each(&held.text, &held.ends);
            }
        }
        let why = self.why(line, lines).filter(|_| !end.is_empty() && text.len() < LONGEST);
        if lines == 0 && why.is_none() {
            // Nearly every line.
            return each(line, end);
        }
        if lines == 0 {
            text.push_str(line);
        }
        ends.push_str(end);
        match why {
            Some(why) => {
                if why == Why::Soft {
                    text.pop();
                }
                self.held = Some(Held { text, ends, lines, why });
            }
            None => each(&text, &ends),
        }
    }

    /// Hands on what is left.
    pub(super) fn finish(&mut self, each: &mut dyn FnMut(&str, &str)) {
        if let Some(held) = self.held.take() {
            each(&held.text, &held.ends);
        }
    }

    /// Why a line may go on, of which so many were put together before.
    fn why(&self, line: &str, before: usize) -> Option<Why> {
        if self.breaks.mailed && is_soft_break(line.as_bytes()) {
            return Some(Why::Soft);
        }
        if let Some(width) = self.breaks.width.filter(|_| before < PIECES) {
            let words = line[margin(line)..].trim_end();
            match width.filled(line, margin(line)) {
                Some(Filled::Whole | Filled::ByBlank) => return Some(Why::Wide { blank: false }),
                Some(Filled::AllButOne) if words.starts_with("debug") => return Some(Why::Wide { blank: true }),
                _ => {}
            }
        }
        DIGEST.find(line.as_bytes())?;
        let (_, digits) = line.rsplit_once("SHA256:")?;
        let base64 = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/');
        (digits.len() < DIGITS && digits.chars().all(base64)).then(|| Why::Print(DIGITS - digits.len()))
    }
}

impl Held {
    fn goes_on_with(&self, line: &str, width: Option<Width>) -> bool {
        match self.why {
            Why::Soft => true,
            Why::Wide { .. } => {
                let bare = line[..margin(line)].trim().is_empty() && !line.trim_start().starts_with("debug");
                width.is_some_and(|width| width.goes_on(bare))
            }
            Why::Print(lacks) => {
                let rest = &line[margin(line)..];
                let digits = rest.bytes().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, b'+' | b'/')).count();
                digits == lacks
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(breaks: Breaks, lines: &[&str]) -> Vec<(String, usize)> {
        let mut unbroken = Unbroken::new(breaks);
        let mut seen = Vec::new();
        let mut put = |line: &str, ends: &str| seen.push((line.to_owned(), ends.len()));
        for line in lines {
            unbroken.take(line, "\n", &mut put);
        }
        unbroken.finish(&mut put);
        seen
    }

    #[test]
    fn lines_are_whole_and_keep_their_numbers() {
        let soft = format!("{}=", "x".repeat(74));
        let mailed = Breaks { mailed: true, width: None };
        assert_eq!(whole(mailed, &[&soft, "y", "z"]), [("x".repeat(74) + "y", 2), ("z".to_owned(), 1)]);
        let wide = Breaks { mailed: false, width: Some(Width::Words(60)) };
        let line = "x".repeat(60);
        assert_eq!(whole(wide, &[&line, "> y", "z"]), [(line + "y", 2), ("z".to_owned(), 1)]);
        let print = "uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s";
        let first = format!("RSA SHA256:{}", &print[..20]);
        let all = format!("RSA SHA256:{print} agent");
        assert_eq!(whole(Breaks::default(), &[&first, &format!("{} agent", &print[20..])]), [(all, 2)]);
        assert_eq!(whole(Breaks::default(), &[&first, "debug1: more"]).len(), 2);
    }
}
