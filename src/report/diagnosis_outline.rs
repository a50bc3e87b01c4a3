//! What a report on a diagnosis says, and in which order.

use std::collections::BTreeSet;

use super::exchange::{lanes, undrawn};
use super::outline::{Block, Code, Outline, Row, Section, Style, Table, Weight};
use super::servers::{self, Listing};
use super::words;
use super::{account, asking};
use super::{excerpt, link};
use crate::diagnose::Diagnosis;
use crate::model::facts::Access;
use crate::model::{Audience, Comparison, Fate, Finding, Fix, Severity, Standing};
use crate::shell::Shell;

/// Comparisons, and sessions of one log, that are listed.
const LISTED: usize = 12;

/// Lines of proof in a short report.
const PROOF: usize = 3;

/// Further findings in a short report.
const FURTHER: usize = 3;

/// Further findings in any report but JSON's.
const MOST: usize = 20;

/// What is to be said on a diagnosis.
pub(super) fn of(diagnosis: &Diagnosis, shell: Shell) -> Outline {
    let mut sections =
        vec![verdict(diagnosis), first(diagnosis, shell), run(diagnosis, shell), administrator(diagnosis)];
    if let Some(finding) = diagnosis.main() {
        sections.extend(proof(diagnosis, finding, shell));
    }
    sections.push(Section::new(Weight::Shared, "What to ask next", asking::of(diagnosis, shell)));
    sections.push(Section::new(Weight::Shared, "The exchange", picture(diagnosis)));
    sections.push(Section::new(Weight::Room(5), "The git host's key", comparisons(diagnosis)));
    sections.push(Section::new(Weight::Room(2), "All keys here", all_keys(diagnosis)));
    sections.push(Section::new(Weight::Always, "The account's keys", account_keys(diagnosis)));
    sections.push(Section::new(Weight::Room(0), "Whose connection it is", joined(diagnosis)));
    sections.push(Section::new(Weight::Always, "Who is refused, and why", refused(diagnosis)));
    sections.push(Section::new(Weight::Room(4), "This job", job(diagnosis)));
    sections.push(Section::new(Weight::Room(3), "Also", further(diagnosis, shell)).short(FURTHER));
    sections.push(Section::new(Weight::Room(6), "What was read", seen(diagnosis)));
    sections.push(Section::new(Weight::Shared, "The log, line by line", excerpt::logs(diagnosis)));
    sections.retain(|section| !section.blocks.is_empty());
    let cause = diagnosis.verdict.cause;
    sections.push(Section::bare(Weight::Full, vec![Block::Aside(format!("More on this: ssh-why explain {cause}"))]));
    Outline { title: format!("ssh-why: {cause}"), sections, airy: false }
}

fn verdict(diagnosis: &Diagnosis) -> Section {
    let verdict = &diagnosis.verdict;
    let style = match verdict.standing {
        Standing::Well => Style::Good,
        Standing::Open => Style::Warning,
        Standing::Failure => Style::Bad,
    };
    let block = Block::Verdict {
        style,
        cause: verdict.cause.to_owned(),
        certainty: verdict.certainty,
        summary: verdict.summary.clone(),
    };
    Section::bare(Weight::Always, vec![block])
}

/// What has to be done once before the suggested command works.
fn first(diagnosis: &Diagnosis, shell: Shell) -> Section {
    let before = diagnosis.suggestion.iter().flat_map(|suggestion| &suggestion.before);
    Section::new(Weight::Always, "Do this first", before.map(|fix| step(fix, shell)).collect())
}

/// The command that works; where there is none, why, or else the first thing to do.
fn run(diagnosis: &Diagnosis, shell: Shell) -> Section {
    if let Some(suggestion) = &diagnosis.suggestion {
        let ready = suggestion.before.is_empty();
        let heading = match suggestion.verified {
            Some(true) if !ready => "Then run this (it was tried, and works)",
            _ if !ready => "Then run this",
            Some(true) => "Run this (it was tried, and works)",
            Some(false) => "This was tried, and does not work either",
            None => "Run this",
        };
        let code = Code { shell: Some(shell), text: suggestion.command.clone() };
        let again = suggestion.verified != Some(false) || !ready;
        return Section { again, ..Section::new(Weight::Always, heading, vec![Block::Code(code)]) };
    }
    if let Some(reason) = &diagnosis.no_suggestion {
        let why = vec![Block::Para(Style::Plain, reason.clone())];
        return Section::new(Weight::Always, "No command is suggested", why);
    }
    let steps = advises(diagnosis).map(|finding| steps(diagnosis, finding, shell, Audience::User));
    Section::new(Weight::Always, "What to do", steps.unwrap_or_default()).short(1)
}

/// What the server's administrator can do, kept apart from what whoever runs the client can.
fn administrator(diagnosis: &Diagnosis) -> Section {
    let steps = advises(diagnosis).map(|finding| steps(diagnosis, finding, Shell::Sh, Audience::Administrator));
    Section::new(Weight::Always, "For the server's administrator", steps.unwrap_or_default()).short(2)
}

/// The finding that says what to do: the verdict's; beside a login, the first one that is more than a note.
fn advises(diagnosis: &Diagnosis) -> Option<&Finding> {
    let main = diagnosis.main()?;
    let beside = || {
        let known = |other: &&Finding| other.standing == Standing::Failure && other.severity > Severity::Note;
        diagnosis.findings.iter().filter(known).find(|other| !other.fixes.is_empty())
    };
    if main.fixes.is_empty() && main.standing == Standing::Well { beside() } else { Some(main) }
}

fn steps(diagnosis: &Diagnosis, finding: &Finding, shell: Shell, audience: Audience) -> Vec<Block> {
    let suggested = diagnosis.suggestion.as_ref().map(|suggestion| suggestion.command.as_str());
    let new = |fix: &&Fix| fix.command().is_none() || fix.command() != suggested;
    let first = diagnosis.suggestion.iter().flat_map(|suggestion| &suggestion.before);
    let first: Vec<_> = first.filter_map(Fix::command).collect();
    let told = |fix: &&Fix| fix.command().is_some_and(|command| first.contains(&command));
    finding
        .fixes
        .iter()
        .filter(|fix| fix.audience == audience && !told(fix))
        .filter(new)
        .map(|fix| step(fix, shell))
        .collect()
}

fn step(fix: &Fix, shell: Shell) -> Block {
    let run = fix.command().map(|text| Code { shell: Some(shell), text: text.to_owned() });
    let code = run.or_else(|| fix.config().map(|text| Code { shell: None, text: text.to_owned() }));
    let end = if code.is_some() { ":" } else { "" };
    Block::Step { style: Style::Plain, text: format!("{}{end}", fix.title), code, more: Vec::new() }
}

/// The lines that prove the verdict, what they mean, and further ways to mend it.
fn proof(diagnosis: &Diagnosis, finding: &Finding, shell: Shell) -> Vec<Section> {
    let why = match finding.explanation.as_str() {
        "" => Vec::new(),
        text => vec![Block::Para(Style::Plain, text.to_owned())],
    };
    let told = diagnosis.suggestion.is_some() || diagnosis.no_suggestion.is_some();
    let steps = if told { steps(diagnosis, finding, shell, Audience::User) } else { Vec::new() };
    let heading = if diagnosis.suggestion.is_some() { "Or" } else { "What to do" };
    vec![
        Section::new(Weight::Always, "Proof", quotes(diagnosis, finding).collect()).short(PROOF),
        Section::new(Weight::Room(1), "Why", why),
        Section::new(Weight::Room(4), heading, steps),
    ]
}

fn quotes<'a>(diagnosis: &'a Diagnosis, finding: &'a Finding) -> impl Iterator<Item = Block> + 'a {
    finding.evidence.iter().map(|evidence| Block::Quote {
        place: words::place(evidence),
        text: evidence.text.clone(),
        link: link::to_quote(diagnosis, finding, evidence),
    })
}

fn picture(diagnosis: &Diagnosis) -> Vec<Block> {
    match lanes(diagnosis) {
        lanes if lanes.is_empty() => Vec::new(),
        lanes => {
            let more = match undrawn(diagnosis) {
                0 => None,
                1 => Some("and 1 more connection".to_owned()),
                more => Some(format!("and {more} more connections")),
            };
            std::iter::once(Block::Exchange(lanes)).chain(more.map(Block::Aside)).collect()
        }
    }
}

/// Which connection of a server's log is the client's.
fn joined(diagnosis: &Diagnosis) -> Vec<Block> {
    let style = |found| if found { Style::Plain } else { Style::Warning };
    servers::joins(diagnosis).into_iter().map(|(found, text)| Block::Para(style(found), text)).collect()
}

/// Who was refused, for which reason, how often.
fn refused(diagnosis: &Diagnosis) -> Vec<Block> {
    let head = |long: &str, short: &str| (long.to_owned(), short.to_owned());
    let mut blocks = Vec::new();
    for Listing { intro, rows, asides } in servers::refusals(diagnosis) {
        let heads = [head("times", "x"), head("user", "user"), head("why", "why"), head("from", "from")];
        let heads = heads.into_iter().chain([head("last seen", "last")]).collect();
        let style = |known| if known { Style::Plain } else { Style::Dim };
        let row =
            |(known, cells): (bool, [String; 5])| Row { style: style(known), cells: cells.into(), notes: Vec::new() };
        blocks.push(Block::Para(Style::Plain, intro));
        blocks.push(Block::Table(Table { heads, rows: rows.into_iter().map(row).collect() }));
        blocks.extend(asides.into_iter().map(Block::Aside));
    }
    blocks
}

/// What became of each git host's key.
fn comparisons(diagnosis: &Diagnosis) -> Vec<Block> {
    let with_key = diagnosis.case.comparisons.iter().filter(|comparison| comparison.key.is_some());
    with_key.take(LISTED).filter_map(|comparison| compared(diagnosis, comparison)).collect()
}

fn compared(diagnosis: &Diagnosis, comparison: &Comparison) -> Option<Block> {
    let vcs = diagnosis.case.session(comparison.vcs)?.session;
    let ci = diagnosis.case.session(comparison.ci)?.session;
    let account = vcs.login.as_deref().map(|login| format!(" as {login}")).unwrap_or_default();
    let likely = if comparison.proven || comparison.fate == Fate::Unknown {
        ""
    } else {
        " (by its name; the log shows no fingerprint)"
    };
    let (key, fate) = (comparison.key.as_ref()?.name(), words::fate(comparison.fate));
    let other = vcs.author != ci.author;
    let of = if other { format!(" of {}", vcs.author.name) } else { String::new() };
    let there = match (other, ci.same_place(vcs)) {
        (true, _) => format!("by {}", ci.author.name),
        (false, true) => "in the other run".to_owned(),
        (false, false) => format!("at {}", ci.peer()),
    };
    let text = format!("{} accepts {key}{account}{of}; {there} it {fate}{likely}.", vcs.peer());
    Some(Block::Para(Style::Plain, text))
}

/// What the host says to all keys here.
fn all_keys(diagnosis: &Diagnosis) -> Vec<Block> {
    let Some(answer) = &diagnosis.case.facts.all_keys else { return Vec::new() };
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
    let mut blocks = vec![Block::Para(Style::Plain, says)];
    blocks.extend(answer.access.iter().map(accessed));
    blocks
}

/// What the git hosts publish of the account that was meant.
fn account_keys(diagnosis: &Diagnosis) -> Vec<Block> {
    let told = diagnosis.case.facts.published().map(|published| {
        let here: Vec<&str> = published.registered.iter().map(|one| one.key.name()).collect();
        account::told(published, &here)
    });
    // Two connections may lead to one host.
    let told: BTreeSet<String> = told.collect();
    told.into_iter().map(|text| Block::Para(Style::Plain, text)).collect()
}

/// The CI job that this runs in.
fn job(diagnosis: &Diagnosis) -> Vec<Block> {
    let Some(job) = diagnosis.case.facts.job else { return Vec::new() };
    vec![Block::Para(Style::Plain, format!("This is a job of {}. {}", job.product, job.keys))]
}

/// What one key opens.
fn accessed(access: &Access) -> Block {
    let whose = access.login.as_deref().map(|login| format!(" ({login})")).unwrap_or_default();
    let may = match (access.reads, access.writes) {
        (_, Some(true)) => "opens the repository for writing".to_owned(),
        (Some(true), Some(false)) => "opens the repository for reading alone".to_owned(),
        (Some(true), None) => "opens the repository for reading".to_owned(),
        (Some(false), _) | (None, Some(false)) => "does not open the repository".to_owned(),
        (None, None) if access.login.is_some() => "logs in".to_owned(),
        (None, None) => "did not log in when it signed".to_owned(),
    };
    let words = access.words.as_deref().map(|words| format!(": {words}")).unwrap_or_default();
    let text = format!("{}{whose} {may}{words}", access.key.name());
    Block::Step { style: Style::Plain, text, code: None, more: Vec::new() }
}

/// The other findings, each once.
fn further(diagnosis: &Diagnosis, shell: Shell) -> Vec<Block> {
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
    let hidden = others.len().saturating_sub(MOST);
    let mut blocks: Vec<Block> =
        others.into_iter().take(MOST).map(|finding| other(diagnosis, finding, shell)).collect();
    if hidden > 0 {
        blocks.push(Block::Aside(format!("and {hidden} more; --format json shows them all")));
    }
    blocks
}

fn other(diagnosis: &Diagnosis, finding: &Finding, shell: Shell) -> Block {
    let mut more = Vec::new();
    if !finding.explanation.is_empty() {
        more.push(Block::Para(Style::Plain, finding.explanation.clone()));
    }
    more.extend(quotes(diagnosis, finding).next());
    more.extend(finding.fixes.first().map(|fix| step(fix, shell)));
    Block::Step {
        style: if finding.severity == Severity::Note { Style::Plain } else { Style::Warning },
        text: format!("{} ({}): {}", finding.cause, finding.certainty.word(), finding.title),
        code: None,
        more,
    }
}

/// The logs, each with its sessions.
fn seen(diagnosis: &Diagnosis) -> Vec<Block> {
    let mut blocks = Vec::new();
    if let Some((hosts, why)) = &diagnosis.case.facts.chosen {
        blocks.push(Block::Para(Style::Plain, format!("git hosts: {} ({why})", hosts.join(", "))));
    }
    for (index, log) in diagnosis.case.transcripts.iter().enumerate() {
        let client = log.client.as_deref().map(|client| format!(", {client}")).unwrap_or_default();
        let unread = match log.unread {
            0 => String::new(),
            1 => ", 1 line not understood".to_owned(),
            number => format!(", {number} lines not understood"),
        };
        let lines = if log.lines == 1 { "1 line".to_owned() } else { format!("{} lines", log.lines) };
        let count = log.sessions.len();
        let listed = diagnosis.case.sessions().filter(|entry| entry.transcript == index).take(LISTED);
        let mut more: Vec<Block> =
            listed.map(|entry| Block::Para(Style::Plain, words::summary(entry.session))).collect();
        if count > LISTED {
            more.push(Block::Aside(format!(
                "and {} more {}",
                count - LISTED,
                if log.server.is_some() { "connections" } else { "runs of ssh" }
            )));
        }
        if count == 0 && log.lines > 0 {
            more.push(Block::Aside("no run of OpenSSH's client in it".to_owned()));
        }
        let text = format!("{}: {lines}{client}{unread}", log.source);
        blocks.push(Block::Step { style: Style::Plain, text, code: None, more });
    }
    blocks
}
