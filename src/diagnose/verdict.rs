//! The verdict: one sentence, and the finding that it speaks of.

use super::guessed;
use super::precedence::{is_main, rule};
use crate::dialect;
use crate::model::{Case, Certainty, Finding, Outcome, Role, Session, Severity, Side, Standing, Verdict};
use crate::rules::RULES;

pub(super) fn verdict(case: &Case, findings: &[Finding]) -> Verdict {
    let leads =
        |finding: &&Finding| finding.severity == Severity::Warning && rule(finding).is_some_and(|rule| rule.leads);
    let stands = |standing| move |finding: &&Finding| finding.standing == standing;
    // That the git host lets in is no answer where the CI host's log does not tell.
    let at_ci = |finding: &&Finding| session_of(case, finding).is_some_and(|session| session.role == Role::Ci);
    let of_ci = |standing| findings.iter().filter(at_ci).find(stands(standing));
    let open_at_ci = of_ci(Standing::Open).filter(|_| of_ci(Standing::Well).is_none());
    // Nor that one host lets in where another was asked, too, and does not tell.
    let of_log = |here: &Finding| {
        let log = here.session.map(|(log, _)| log);
        findings.iter().filter(move |finding| finding.session.map(|(log, _)| log) == log)
    };
    let open_at_named = findings.iter().filter(stands(Standing::Open)).find(|finding| {
        guessed::is_named(case, finding) && of_log(finding).all(|other| other.standing != Standing::Well)
    });
    // Nor that one client logs in where another one does not, and does not tell.
    let beside = |finding: &&Finding| {
        let author = |place| case.session(place).map(|entry| entry.session.author);
        let apart = |here| case.compared(here).any(|comparison| author(comparison.vcs) != author(here));
        finding.session.is_some_and(apart)
    };
    let open_beside = findings.iter().filter(stands(Standing::Open)).find(beside);
    // Nor is an earlier run's login where a later one in the same log was refused.
    let well = findings.iter().find(stands(Standing::Well));
    let later = |finding: &&Finding| {
        let place = well.and_then(|well| well.session);
        let refused = session_of(case, finding).is_some_and(|session| session.outcome == Outcome::Denied);
        refused && finding.session.zip(place).is_some_and(|(here, there)| here.0 == there.0 && here.1 > there.1)
    };
    let open_later = findings.iter().filter(stands(Standing::Open)).find(later);
    let main = findings
        .iter()
        .find(|finding| is_main(finding))
        .or_else(|| findings.iter().find(leads))
        .or(open_at_ci)
        .or(open_at_named)
        .or(open_beside)
        .or(open_later)
        .or(well)
        .or_else(|| findings.iter().find(stands(Standing::Open)));
    let open = RULES.iter().find(|rule| rule.standing == Standing::Open);
    match main {
        Some(finding) => Verdict {
            cause: finding.cause,
            standing: finding.standing,
            certainty: finding.certainty,
            summary: sentence(&finding.title),
        },
        None => Verdict {
            cause: open.map_or("", |rule| rule.id),
            standing: Standing::Open,
            certainty: Certainty::Certain,
            summary: nothing_read(case),
        },
    }
}

fn session_of<'a>(case: &'a Case, finding: &Finding) -> Option<&'a Session> {
    finding.session.and_then(|place| case.session(place)).map(|entry| entry.session)
}

fn nothing_read(case: &Case) -> String {
    let foreign = case.transcripts.iter().find(|log| !log.author.read).map(|log| (log.author, &log.source));
    match foreign {
        Some((author, source)) => format!(
            "{source} is a log of {}, which is known by its words and not read: {}run ssh -v to the same host.",
            author.name,
            crate::dialect::more(author).map(|more| format!("to see more, {more}; and ")).unwrap_or_default(),
        ),
        None if case.transcripts.iter().all(|log| log.lines == 0) => {
            "There is nothing to read: the log is empty.".to_owned()
        }
        None if served(case).is_some() => format!(
            "{} is a server's log, and no line of it shows that somebody was refused: give more of it, or the client's log \
             beside it.",
            served(case).unwrap_or_default(),
        ),
        None => "No line of OpenSSH's client was found: run ssh -v and give its whole output.".to_owned(),
    }
}

/// A log that a server wrote.
fn served(case: &Case) -> Option<&str> {
    let mut logs = case.transcripts.iter();
    logs.find(|log| log.server.is_some() && log.author.side == Side::Server).map(|log| log.source.as_str())
}

/// A title as a sentence.
pub(super) fn sentence(title: &str) -> String {
    let title = title.trim_end_matches('.');
    let first = title.split(' ').next().unwrap_or_default();
    // A path, a host or a program keeps its case.
    if first.contains(['/', '.', '\\', '@', '_', '-'])
        || ["ssh", "git", "known_hosts"].contains(&first)
        || dialect::is_program(first)
    {
        return format!("{title}.");
    }
    let mut rest = title.chars();
    let capital = rest.next().into_iter().flat_map(char::to_uppercase);
    capital.chain(rest).chain(['.']).collect()
}
