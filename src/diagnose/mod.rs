//! From a case to its verdict: runs the rules, puts what follows from another cause behind it, and chooses.

mod guessed;

use std::collections::BTreeMap;

use crate::compare::compare;
use crate::dialect;
use crate::join::join;
use crate::model::{
    Action, Case, Certainty, Change, Facts, Finding, Fix, Outcome, Role, Session, SessionRef, Severity, Standing,
    Suggestion, Transcript, Verdict,
};
use crate::rules::{self, RULES, Rule, Scene, rank};
use crate::shell::Shell;
use crate::suggest::{self, Refusal};

/// Everything that a report shows.
#[derive(Clone, Debug)]
pub struct Diagnosis {
    /// What was read.
    pub case: Case,
    /// What was found, the most important first.
    pub findings: Vec<Finding>,
    /// What is to be said in one sentence.
    pub verdict: Verdict,
    /// The command that works, where there is one.
    pub suggestion: Option<Suggestion>,
    /// Why there is none, where one was to be expected.
    pub no_suggestion: Option<String>,
}

/// Judges what was read.
pub fn diagnose(transcripts: Vec<Transcript>, facts: Facts, shell: Shell) -> Diagnosis {
    let mut case = Case { transcripts, facts, ..Case::default() };
    compare(&mut case);
    join(&mut case);
    let mut findings = Vec::new();
    for entry in case.sessions().filter(|entry| entry.session.served.is_none()) {
        findings.extend(judge(&Scene { case: &case, entry }));
    }
    let told = rules::server::findings(&case, RULES);
    step_back(&case, &mut findings, &told);
    give_way(&case, &mut findings);
    findings.extend(told);
    guessed::step_back(&case, &mut findings);
    doubt(&case, &mut findings);
    sort(&case, &mut findings);
    let verdict = verdict(&case, &findings);
    last(&case, &mut findings);
    let refusal = write(&case, &mut findings, shell);
    let suggestion = suggestion(&findings);
    let no_suggestion = refusal.filter(|_| suggestion.is_none()).map(|refusal| sentence(&refusal.to_string()));
    Diagnosis { case, findings, verdict, suggestion, no_suggestion }
}

/// The findings of one session, in order of precedence.
fn judge(scene: &Scene<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    let mut explained: Vec<&str> = Vec::new();
    for rule in RULES {
        let told = |finding: &Finding| finding.severity > Severity::Note || finding.standing == Standing::Well;
        if explained.contains(&rule.id) || rule.standing == Standing::Open && findings.iter().any(told) {
            continue;
        }
        let Some(mut finding) = rule.check.and_then(|check| check(scene)) else {
            continue;
        };
        finding.cause = rule.id;
        finding.standing = rule.standing;
        if scene.entry.session.jump_host && finding.severity > Severity::Note {
            finding.title = format!("at the jump host: {}", finding.title);
        }
        rules::adapt(&mut finding, rule, scene.entry.session);
        if rule.of_the_end && scene.entry.session.outcome == Outcome::Unknown {
            finding.certainty = finding.certainty.min(Certainty::Likely);
        }
        if finding.severity == Severity::Error {
            // A second cause of one failure stands behind the first.
            finding.second = findings.iter().any(is_main);
            if !finding.second {
                explained.extend(rule.explains);
            }
        }
        findings.push(finding);
    }
    findings
}

/// A client can't know why it was refused; its server's log can. What the client's log alone says of a session stands
/// behind what the joined server's proves.
fn step_back(case: &Case, findings: &mut [Finding], told: &[Finding]) {
    // A server that does not start, or not with all its keys, is behind what a client sees of it.
    let start = told.iter().any(|finding| finding.session.is_none() && is_main(finding));
    for finding in findings.iter_mut().filter(|_| start) {
        let outcome = finding.session.and_then(|place| case.session(place)).map(|entry| entry.session.outcome);
        finding.second |= finding.severity == Severity::Error && outcome == Some(Outcome::HostKey);
    }
    for join in &case.joins {
        let proven = |finding: &&Finding| finding.session == Some(join.server) && is_main(finding);
        let reason = told.iter().find(proven).filter(|finding| finding.reason.is_some());
        let Some(reason) = reason.filter(|_| join.certainty > Certainty::Possible) else { continue };
        for finding in findings.iter_mut().filter(|finding| finding.session == Some(join.client)) {
            finding.second |= finding.severity == Severity::Error && finding.cause != reason.cause;
        }
    }
}

/// Where the jump host has a log of its own, what keeps the user out there is the matter, and that the way to the host
/// behind it failed follows from it. In one log of both it is told as the way's.
fn give_way(case: &Case, findings: &mut [Finding]) {
    let of_the_way = |finding: &Finding| is_main(finding) && rule(finding).is_some_and(|rule| rule.of_the_way);
    let jump = |finding: &Finding| {
        let place = finding.session?;
        case.jump_before(place).map(|jump| jump.id()).filter(|jump| jump.0 != place.0)
    };
    let shown: Vec<_> =
        findings.iter().filter(|finding| is_main(finding)).filter_map(|finding| finding.session).collect();
    for finding in findings.iter_mut().filter(|finding| of_the_way(finding)) {
        finding.second |= jump(finding).is_some_and(|jump| shown.contains(&jump));
    }
}

/// Where line ends were lost, what is one record is a guess, and a server may have written what was cut out as one:
/// nothing that rests on such a source is certain.
fn doubt(case: &Case, findings: &mut [Finding]) {
    let mangled: Vec<&str> = case.transcripts.iter().filter(|log| log.mangled).map(|log| log.source.as_str()).collect();
    for finding in findings {
        if finding.evidence.iter().any(|evidence| mangled.contains(&evidence.source.as_str())) {
            finding.certainty = finding.certainty.min(Certainty::Likely);
        }
    }
}

/// Whether a finding is what keeps the user out.
fn is_main(finding: &Finding) -> bool {
    finding.severity == Severity::Error && !finding.second
}

fn rule(finding: &Finding) -> Option<&'static Rule> {
    rules::by_id(finding.cause)
}

/// What a finding weighs: failures before warnings before notes, and a login before what is said beside it; a known
/// cause before an unknown one; of what is no failure, the certain before the likely; the target before its jump host;
/// the CI host before the git host.
fn weight(case: &Case, finding: &Finding) -> impl Ord + use<> {
    let entry = finding.session.and_then(|place| case.session(place));
    let jump = entry.is_some_and(|entry| entry.session.jump_host);
    let role = entry.map_or(2, |entry| match entry.session.role {
        Role::Ci => 0,
        Role::Vcs => 1,
        Role::Other => 2,
    });
    // An account that was named and is not the key's is what the user asked about.
    let asked = case.facts.wanted_login.is_some() && is_main(finding) && rule(finding).is_some_and(|rule| rule.account);
    let weight = if finding.second { Severity::Warning } else { finding.severity };
    let beside = finding.standing != Standing::Well;
    // Of two failures the verdict's is that of the host that matters.
    let doubt = (weight < Severity::Error).then_some(std::cmp::Reverse(finding.certainty));
    (!asked, finding.standing == Standing::Open, std::cmp::Reverse(weight), beside, doubt, jump, role)
}

/// Puts what comes first in front. In one log the later session comes before the earlier; of two logs that one whose
/// own first finding ranks higher, whichever was named first.
fn sort(case: &Case, findings: &mut [Finding]) {
    let place = |finding: &Finding| finding.session.unwrap_or_default();
    let within = |finding: &Finding| (std::cmp::Reverse(place(finding).1), rank(finding.cause));
    let mut first: BTreeMap<usize, usize> = BTreeMap::new();
    for (log, transcript) in case.transcripts.iter().enumerate() {
        let of_log = findings.iter().filter(|finding| place(finding).0 == log && !transcript.sessions.is_empty());
        if let Some(lead) = of_log.min_by_key(|finding| (weight(case, finding), within(finding))) {
            first.insert(log, rank(lead.cause));
        }
    }
    let source = |log: usize| case.transcripts.get(log).map(|transcript| transcript.source.clone());
    findings.sort_by_cached_key(|finding| {
        let log = place(finding).0;
        (weight(case, finding), first.get(&log).copied(), source(log), within(finding))
    });
}

fn session_of<'a>(case: &'a Case, finding: &Finding) -> Option<&'a Session> {
    finding.session.and_then(|place| case.session(place)).map(|entry| entry.session)
}

fn verdict(case: &Case, findings: &[Finding]) -> Verdict {
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
        None => "No line of OpenSSH's client was found: run ssh -v and give its whole output.".to_owned(),
    }
}

/// A title as a sentence.
fn sentence(title: &str) -> String {
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

/// Puts what makes it last beside the command that works once, where that can be said.
fn last(case: &Case, findings: &mut [Finding]) {
    for finding in findings.iter_mut().filter(|finding| is_main(finding)) {
        let named = |fix: &Fix| match &fix.action {
            Action::Rerun(change) if change.key.is_some() => Some(change.clone()),
            _ => None,
        };
        let found = finding.fixes.iter().enumerate().find_map(|(at, fix)| Some((at, named(fix)?)));
        let Some((at, change)) = found else { continue };
        let Some(entry) = change.session.or(finding.session).and_then(|place| case.session(place)) else { continue };
        finding.fixes.splice(at + 1..at + 1, suggest::lasting(entry.session, &change));
    }
}

/// Writes what the fixes show, for the shell that was asked for. Returns why the first command that works could
/// not be written.
fn write(case: &Case, findings: &mut [Finding], shell: Shell) -> Option<Refusal> {
    let mut first = None;
    // What keeps a server from starting is of no session.
    let none = Session::default();
    for finding in findings {
        let main = is_main(finding);
        for fix in &mut finding.fixes {
            let other = match &fix.action {
                Action::Rerun(change) | Action::Try(change) => change.session,
                _ => None,
            };
            let entry = other.or(finding.session).and_then(|place| case.session(place));
            let session = entry.map_or(&none, |entry| entry.session);
            let cure = matches!(fix.action, Action::Rerun(_));
            let written = suggest::write(fix, session, shell);
            if main && cure && first.is_none() {
                first = Some(written.err());
            }
        }
        // The verdict is the first main finding's.
        if main && first.is_none() {
            first = Some(None);
        }
    }
    first.flatten()
}

/// The command that works, for the verdict's session.
fn suggestion(findings: &[Finding]) -> Option<Suggestion> {
    let finding = findings.iter().find(|finding| is_main(finding))?;
    let fix = finding.fixes.iter().find(|fix| matches!(fix.action, Action::Rerun(_)))?;
    let again = fix.action == Action::Rerun(Change::none());
    let once = again && rule(finding).is_some_and(|rule| rule.once);
    Some(Suggestion {
        command: fix.command()?.to_owned(),
        argv: fix.argv().to_vec(),
        verified: None,
        before: if once { finding.once().to_vec() } else { Vec::new() },
    })
}

impl Diagnosis {
    /// The finding that the verdict speaks of.
    pub fn main(&self) -> Option<&Finding> {
        self.findings.iter().find(|finding| finding.cause == self.verdict.cause)
    }

    /// The session that a finding speaks of.
    pub fn session(&self, finding: &Finding) -> Option<SessionRef<'_>> {
        finding.session.and_then(|place| self.case.session(place))
    }

    /// How far the answer is a good one.
    pub fn answer(&self) -> Answer {
        let noted = |finding: &Finding| finding.severity == Severity::Note;
        match self.verdict.standing {
            Standing::Well if self.findings.iter().all(noted) => Answer::Well,
            Standing::Well | Standing::Failure => Answer::Found,
            Standing::Open => Answer::Open,
        }
    }
}

/// How far the answer is a good one: what a program's exit code tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Somebody was logged in by the means they wanted, and nothing else is to be mended.
    Well,
    /// A cause was found.
    Found,
    /// There was not enough to tell.
    Open,
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOGIN: &str = "OpenSSH_9.6p1, OpenSSL 3.0.13\n\
        debug1: Authentications that can continue: publickey,password\n\
        debug1: Next authentication method: publickey\n\
        debug1: Offering public key: /h/.ssh/id_rsa RSA SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s\n";
    const ACCEPTED: &str = "debug1: Server accepts key: /h/.ssh/id_rsa RSA SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s\n\
        Authenticated to box.example ([192.0.2.1]:22) using \"publickey\".\n";

    fn judged(log: &str) -> Diagnosis {
        diagnose(vec![crate::reader::read("a.log", log.as_bytes())], Facts::default(), Shell::Sh)
    }

    #[test]
    fn all_is_well_only_by_the_means_that_were_wanted() {
        let well = judged(&format!("{LOGIN}{ACCEPTED}"));
        assert_eq!((well.verdict.standing, well.answer()), (Standing::Well, Answer::Well));
        // A finding beside the login.
        let missing = "Warning: Identity file /h/nowhere not accessible: No such file or directory.\n";
        let beside = judged(&format!("{missing}{LOGIN}{ACCEPTED}"));
        assert_eq!((beside.verdict.standing, beside.answer()), (Standing::Well, Answer::Found));
        // Keys were refused, and a password opened the door.
        let password = judged(&format!(
            "{LOGIN}debug1: Authentications that can continue: publickey,password\n\
             debug1: Next authentication method: password\n\
             Authenticated to box.example ([192.0.2.1]:22) using \"password\".\n"
        ));
        assert_eq!((password.verdict.standing, password.answer()), (Standing::Well, Answer::Found));
        assert_eq!(judged("").answer(), Answer::Open);
        assert_eq!(judged("dev@box.example: Permission denied (publickey).\n").answer(), Answer::Open);
    }

    #[test]
    fn what_was_cut_out_of_a_line_is_likely_at_most() {
        let whole = judged(&format!("{LOGIN}{ACCEPTED}"));
        let pasted = judged(&format!("{LOGIN}{ACCEPTED}").replace('\n', " "));
        assert_eq!((whole.verdict.cause, whole.verdict.certainty), (pasted.verdict.cause, Certainty::Certain));
        assert_eq!(pasted.verdict.certainty, Certainty::Likely);
        assert!(pasted.findings.iter().all(|finding| finding.certainty < Certainty::Certain));
    }

    #[test]
    fn a_second_failure_keeps_its_severity() {
        let log = format!(
            "{LOGIN}debug1: Authentications that can continue: publickey,password\n\
             Load key \"/h/.ssh/id_x\": Permission denied\n\
             debug1: No more authentication methods to try.\n\
             @@@@@@\nPermissions 0644 for '/h/.ssh/id_y' are too open.\nLoad key \"/h/.ssh/id_y\": bad permissions\n\
             dev@box.example: Permission denied (publickey,password).\n"
        );
        let diagnosis = judged(&log);
        let second: Vec<_> = diagnosis.findings.iter().filter(|finding| finding.second).collect();
        assert!(!second.is_empty(), "{:?}", diagnosis.findings);
        assert!(second.iter().all(|finding| finding.severity == Severity::Error));
        assert_eq!(diagnosis.findings.first().map(|first| first.second), Some(false));
    }
}
