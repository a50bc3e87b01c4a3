//! The report for people: the verdict, what to run, the lines that prove it, how to mend it, what was read.

use std::fmt::Write;

use crate::diagnose::Diagnosis;
use crate::model::{Comparison, Evidence, Fate, Finding, Fix, Outcome, Reply, Session, SessionRef, Severity, Standing};
use crate::text::unprintable;

/// What a piece of text is; the terminal's colours are the caller's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Running text.
    Plain,
    /// A heading.
    Heading,
    /// The verdict, where all is well.
    Good,
    /// The verdict, where something is wrong.
    Bad,
    /// A warning, or a verdict that is open.
    Warning,
    /// What is to be typed.
    Command,
    /// Places and side remarks.
    Dim,
}

/// How to write the report.
pub struct Page<'a> {
    /// Columns for running text; quotes and commands are never broken.
    pub width: usize,
    /// Turns a piece of text into what the terminal shows.
    pub paint: &'a dyn Fn(Style, &str) -> String,
}

/// A page without colours.
pub fn plain(width: usize) -> Page<'static> {
    Page { width, paint: &|_, text| text.to_owned() }
}

const INDENT: &str = "    ";

/// Warnings that are shown in full; more are counted.
const FURTHER: usize = 4;

/// Sessions that are listed.
const LISTED: usize = 12;

/// The report, with a line end.
pub fn render(diagnosis: &Diagnosis, page: &Page<'_>) -> String {
    let mut text = String::new();
    let out = &mut Writer { text: &mut text, page };
    verdict(diagnosis, out);
    if let Some(finding) = diagnosis.main() {
        explain(diagnosis, finding, out);
    }
    comparison(diagnosis, out);
    all_keys(diagnosis, out);
    further(diagnosis, out);
    seen(diagnosis, out);
    let cause = diagnosis.verdict.cause;
    out.line(Style::Dim, &format!("More on this: ssh-why explain {cause}"));
    text
}

pub(super) struct Writer<'a, 'p> {
    pub(super) text: &'a mut String,
    pub(super) page: &'a Page<'p>,
}

impl Writer<'_, '_> {
    pub(super) fn line(&mut self, style: Style, line: &str) {
        let line = clean(line);
        self.text.push_str(&(self.page.paint)(style, &line));
        self.text.push('\n');
    }

    pub(super) fn blank(&mut self) {
        self.text.push('\n');
    }

    pub(super) fn heading(&mut self, words: &str) {
        self.blank();
        self.line(Style::Heading, words);
    }

    /// Running text, broken at the page's width.
    pub(super) fn words(&mut self, style: Style, first: &str, rest: &str, words: &str) {
        let words = clean(words);
        let options =
            textwrap::Options::new(self.page.width).initial_indent(first).subsequent_indent(rest).break_words(false);
        for line in textwrap::wrap(&words, options) {
            self.line(style, &line);
        }
    }

    /// Something to type, on a line of its own and never broken.
    pub(super) fn typed(&mut self, indent: &str, lines: &str) {
        for line in lines.lines() {
            let painted = (self.page.paint)(Style::Command, &clean(line));
            let _ = writeln!(self.text, "{indent}{painted}");
        }
    }

    /// A place, then what stands there.
    fn placed(&mut self, place: &str, width: usize, words: &str) {
        let (place, words) = (clean(place), clean(words));
        // Not a width of the format, which must be below 65,536: names come in any length.
        let pad = " ".repeat(width.saturating_sub(place.chars().count()));
        let painted = (self.page.paint)(Style::Dim, &format!("{place}{pad}"));
        let _ = writeln!(self.text, "{INDENT}{painted}  {words}");
    }
}

/// Text without a character that a terminal acts on. The reader drops them already; names of files come here.
pub(super) fn clean(text: &str) -> String {
    text.chars().map(|c| if unprintable(c) { '\u{fffd}' } else { c }).collect()
}

fn verdict(diagnosis: &Diagnosis, out: &mut Writer<'_, '_>) {
    let style = match diagnosis.verdict.standing {
        Standing::Well => Style::Good,
        Standing::Open => Style::Warning,
        Standing::Failure => Style::Bad,
    };
    let sure = match diagnosis.verdict.certainty.word() {
        "certain" => String::new(),
        word => format!(" ({word})"),
    };
    out.words(style, "", "", &format!("{}{sure}: {}", diagnosis.verdict.cause, diagnosis.verdict.summary));
    if let Some(suggestion) = &diagnosis.suggestion {
        out.heading(match suggestion.verified {
            Some(true) => "Run this (it was tried, and works)",
            Some(false) => "This was tried, and does not work either",
            None => "Run this",
        });
        out.typed(INDENT, &suggestion.command);
    } else if let Some(reason) = &diagnosis.no_suggestion {
        out.heading("No command is suggested");
        out.words(Style::Plain, INDENT, INDENT, &format!("A word of the log can't stand in a command: {reason}."));
    }
}

fn explain(diagnosis: &Diagnosis, finding: &Finding, out: &mut Writer<'_, '_>) {
    if !finding.explanation.is_empty() {
        out.heading("Why");
        out.words(Style::Plain, INDENT, INDENT, &finding.explanation);
    }
    if !finding.evidence.is_empty() {
        out.heading("Proof");
        quotes(&finding.evidence, out);
    }
    let suggested = diagnosis.suggestion.as_ref().map(|suggestion| suggestion.command.as_str());
    let fixes: Vec<&Fix> =
        finding.fixes.iter().filter(|fix| fix.command().is_none() || fix.command() != suggested).collect();
    if !fixes.is_empty() {
        out.heading(if suggested.is_some() { "Or" } else { "What to do" });
        for fix in fixes {
            step(fix, out);
        }
    }
}

fn step(fix: &Fix, out: &mut Writer<'_, '_>) {
    let shown = fix.command().or(fix.config());
    let end = if shown.is_some() { ":" } else { "" };
    out.words(Style::Plain, "  - ", INDENT, &format!("{}{end}", fix.title));
    if let Some(lines) = shown {
        out.typed("        ", lines);
    }
}

/// The widest column of places; a longer one stands out of it.
const PLACE: usize = 60;

fn quotes(evidence: &[Evidence], out: &mut Writer<'_, '_>) {
    let place = |evidence: &Evidence| match evidence.line {
        0 => evidence.source.clone(),
        line => format!("{}:{line}", evidence.source),
    };
    let width = evidence.iter().map(|evidence| clean(&place(evidence)).chars().count()).max().unwrap_or(0).min(PLACE);
    for quote in evidence {
        out.placed(&place(quote), width, &quote.text);
    }
}

/// What became of each git host's key.
fn comparison(diagnosis: &Diagnosis, out: &mut Writer<'_, '_>) {
    let with_key: Vec<&Comparison> =
        diagnosis.case.comparisons.iter().filter(|comparison| comparison.key.is_some()).collect();
    if with_key.is_empty() {
        return;
    }
    out.heading("The git host's key");
    for comparison in with_key.into_iter().take(LISTED) {
        let (Some(vcs), Some(ci), Some(key)) =
            (diagnosis.case.session(comparison.vcs), diagnosis.case.session(comparison.ci), &comparison.key)
        else {
            continue;
        };
        let account = vcs.session.login.as_deref().map(|login| format!(" as {login}")).unwrap_or_default();
        let likely = if comparison.proven || comparison.fate == Fate::Unknown {
            ""
        } else {
            " (by its name; the log shows no fingerprint)"
        };
        out.words(
            Style::Plain,
            INDENT,
            INDENT,
            &format!(
                "{} accepts {}{account}; at {} it {}{likely}.",
                vcs.session.peer(),
                key.name(),
                ci.session.peer(),
                fate(comparison.fate)
            ),
        );
    }
}

/// What the host says to all keys here.
fn all_keys(diagnosis: &Diagnosis, out: &mut Writer<'_, '_>) {
    let Some(answer) = &diagnosis.case.facts.all_keys else { return };
    out.heading("All keys here");
    let names: Vec<&str> = answer.accepted.iter().map(|key| key.name()).collect();
    let mut says = format!("{} was asked about {} key(s), without a signature. ", answer.destination, answer.asked);
    says.push_str(&match (names.is_empty(), answer.accepts_any) {
        (_, true) => "It says yes to any key, so its answer is worth nothing.".to_owned(),
        (true, false) => "It takes none of them.".to_owned(),
        (false, false) => format!("It takes {}.", names.join(", ")),
    });
    if answer.unanswered > 0 {
        says.push_str(&format!(" {} got no answer.", answer.unanswered));
    }
    out.words(Style::Plain, INDENT, INDENT, &says);
}

fn fate(fate: Fate) -> &'static str {
    match fate {
        Fate::Accepted => "was offered and accepted",
        Fate::Refused => "was offered and refused",
        Fate::Unanswered => "was offered; the log shows no answer",
        Fate::Withheld => "was offered in word only: ssh found no signature algorithm and sent nothing",
        Fate::Skipped => "was left out by ssh itself",
        Fate::NotReached => "was planned but not reached",
        Fate::NoAuthentication => "was not offered, since the connection ended before",
        Fate::NeverOffered => "was never offered",
        Fate::Unknown => "may or may not have been offered; the log does not tell",
    }
}

fn further(diagnosis: &Diagnosis, out: &mut Writer<'_, '_>) {
    let main = diagnosis.main().map(std::ptr::from_ref);
    let mut others: Vec<&Finding> = Vec::new();
    for finding in &diagnosis.findings {
        let told = finding.standing == Standing::Well
            || finding.standing == Standing::Open && diagnosis.verdict.standing != Standing::Open;
        let again = others.iter().any(|other| other.cause == finding.cause && other.title == finding.title);
        if main != Some(std::ptr::from_ref(finding)) && !told && !again {
            others.push(finding);
        }
    }
    if others.is_empty() {
        return;
    }
    out.heading("Also");
    let hidden = others.len().saturating_sub(FURTHER);
    for finding in others.into_iter().take(FURTHER) {
        let style = if finding.severity == Severity::Note { Style::Plain } else { Style::Warning };
        out.words(
            style,
            "  - ",
            INDENT,
            &format!("{} ({}): {}", finding.cause, finding.certainty.word(), finding.title),
        );
        if !finding.explanation.is_empty() {
            out.words(Style::Plain, INDENT, INDENT, &finding.explanation);
        }
        if let Some(quote) = finding.evidence.first() {
            quotes(std::slice::from_ref(quote), out);
        }
        if let Some(fix) = finding.fixes.first() {
            let shown = fix.command().or(fix.config());
            out.words(
                Style::Plain,
                INDENT,
                INDENT,
                &format!("To do: {}{}", fix.title, if shown.is_some() { ":" } else { "" }),
            );
            if let Some(lines) = shown {
                out.typed("        ", lines);
            }
        }
    }
    if hidden > 0 {
        out.line(Style::Dim, &format!("{INDENT}and {hidden} more; --format json shows them all"));
    }
}

fn seen(diagnosis: &Diagnosis, out: &mut Writer<'_, '_>) {
    out.heading("What was read");
    if let Some((hosts, why)) = &diagnosis.case.facts.chosen {
        out.words(Style::Plain, INDENT, INDENT, &format!("git hosts: {} ({why})", hosts.join(", ")));
    }
    for (index, log) in diagnosis.case.transcripts.iter().enumerate() {
        let client = log.client.as_deref().map(|client| format!(", {client}")).unwrap_or_default();
        let unread = match log.unread {
            0 => String::new(),
            1 => ", 1 line not understood".to_owned(),
            number => format!(", {number} lines not understood"),
        };
        let lines = if log.lines == 1 { "1 line".to_owned() } else { format!("{} lines", log.lines) };
        out.line(Style::Plain, &format!("{INDENT}{}: {lines}{client}{unread}", log.source));
        let sessions: Vec<SessionRef<'_>> =
            diagnosis.case.sessions().filter(|entry| entry.transcript == index).collect();
        for entry in sessions.iter().take(LISTED) {
            out.words(Style::Plain, "      ", "        ", &summary(entry.session));
        }
        if sessions.len() > LISTED {
            out.line(Style::Dim, &format!("      and {} more runs of ssh", sessions.len() - LISTED));
        }
        if sessions.is_empty() && log.lines > 0 {
            out.line(Style::Dim, "      no run of OpenSSH's client in it");
        }
    }
    out.blank();
}

/// One session in a line.
fn summary(session: &Session) -> String {
    let user = session.user.as_deref().map(|user| format!("{user}@")).unwrap_or_default();
    let port = session.port.filter(|port| *port != 22).map(|port| format!(" port {port}")).unwrap_or_default();
    let mut text = format!("{user}{}{port}: {}", session.peer(), outcome(session));
    let offered = session.offered.len();
    if let Some(accepted) = &session.accepted {
        let _ = write!(text, "; the server accepts {}", accepted.key.name());
        if let Some(kind) = &accepted.key.kind {
            let _ = write!(text, " ({kind})");
        }
    }
    let refused = session.offered.iter().filter(|offer| offer.reply() == Reply::Refused).count();
    if offered > 0 && session.accepted.is_none() {
        let _ = write!(text, "; {offered} key{} offered, {refused} refused", if offered == 1 { "" } else { "s" });
    } else if offered == 0 && session.reached_authentication() && session.verbose() {
        text.push_str("; no key offered");
    }
    text
}

fn outcome(session: &Session) -> String {
    match session.outcome {
        Outcome::Authenticated => {
            session.login.as_ref().map_or_else(|| "logged in".to_owned(), |login| format!("logged in as {login}"))
        }
        Outcome::Partial => "one factor accepted, another wanted".into(),
        Outcome::Denied => "denied".into(),
        Outcome::Disconnected => "cut off during authentication".into(),
        Outcome::HostKey => "host key not trusted".into(),
        Outcome::Kex => "no common algorithm".into(),
        Outcome::Network => "no connection".into(),
        Outcome::ClientError => "ssh stopped by itself".into(),
        Outcome::Unknown => "the log does not show the end".into(),
    }
}
