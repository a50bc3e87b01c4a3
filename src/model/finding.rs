//! What was concluded, how certain it is, what proves it, and what mends it.

use super::event::At;
use super::fix::{Action, Change, Fix};

/// A cause's id: kebab-case, stable for ever.
pub type Cause = &'static str;

/// How sure a finding is, from the log alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// One explanation among others.
    Possible,
    /// The usual explanation; the log does not exclude others.
    Likely,
    /// The quoted lines say so.
    Certain,
}

impl Certainty {
    /// The word of the reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Possible => "possible",
            Self::Likely => "likely",
            Self::Certain => "certain",
        }
    }
}

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing; nothing is broken by it.
    Note,
    /// May be behind the failure, or will be behind the next.
    Warning,
    /// Nothing works until it is mended.
    Error,
}

impl Severity {
    /// The word of the reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A line that proves a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The source's name.
    pub source: String,
    /// Counted from 1; 0 for a fact of the local machine, which stands in no line.
    pub line: u64,
    /// Stands in that line.
    pub text: String,
}

impl Evidence {
    /// The line `at` of `source`.
    pub fn new(source: &str, at: &At) -> Self {
        Self { source: source.to_owned(), line: at.line, text: at.text.clone() }
    }
}

/// What a cause says of the session it is found in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    /// Something kept the user out, or will.
    #[default]
    Failure,
    /// All is well.
    Well,
    /// The log does not tell.
    Open,
}

/// One rule's result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule's id.
    pub cause: Cause,
    /// What a server's log gives as the reason: an id of the reasons.
    pub reason: Option<&'static str>,
    /// What its cause stands for.
    pub standing: Standing,
    /// How much it matters.
    pub severity: Severity,
    /// Another cause of the same failure comes first.
    pub second: bool,
    /// How sure it is.
    pub certainty: Certainty,
    /// One line, lower case, no full stop.
    pub title: String,
    /// A short paragraph.
    pub explanation: String,
    /// The lines that prove it; the first is the one to show if only one is.
    pub evidence: Vec<Evidence>,
    /// What mends it, the best first.
    pub fixes: Vec<Fix>,
    /// Which session it speaks of: transcript and session, counted from 0.
    pub session: Option<(usize, usize)>,
}

impl Finding {
    /// Of what is done once: the steps before the user's own command comes again; where it is not among the fixes, the
    /// first of them.
    pub fn once(&self) -> &[Fix] {
        let again = self.fixes.iter().position(|fix| fix.action == Action::Rerun(Change::none()));
        &self.fixes[..again.unwrap_or(1).min(self.fixes.len())]
    }
}

/// What is to be said in one sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The cause that the evidence proves.
    pub cause: Cause,
    /// What that cause stands for.
    pub standing: Standing,
    /// How sure.
    pub certainty: Certainty,
    /// One sentence.
    pub summary: String,
}

/// The command that works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// Quoted for the user's shell.
    pub command: String,
    /// The words that the shell makes of it.
    pub argv: Vec<String>,
    /// Whether it was tried as it stands, and worked.
    pub verified: Option<bool>,
    /// What has to be done once before it works, in order.
    pub before: Vec<Fix>,
}
