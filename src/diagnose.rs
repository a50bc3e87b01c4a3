//! From a case to its verdict: runs the rules, puts what follows from another cause behind it, and chooses.

use crate::compare::compare;
use crate::model::{
    Case, Certainty, Comparison, Evidence, Facts, Fate, Finding, Outcome, Role, Session, SessionRef, Severity,
    Suggestion, Transcript, Verdict,
};
use crate::rules::{RULES, Scene, only, rank};
use crate::shell::{Shell, join};
use crate::suggest::{self, Change, Refusal};

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
    let mut case = Case { transcripts, comparisons: Vec::new(), facts };
    compare(&mut case);
    let mut findings = Vec::new();
    for entry in case.sessions() {
        findings.extend(judge(&Scene { case: &case, entry, shell }));
    }
    findings.sort_by_key(|finding| order(&case, finding));
    let verdict = verdict(&case, &findings);
    let (suggestion, no_suggestion) = match suggestion(&case, &findings, shell) {
        Ok(found) => (found, None),
        Err(refusal) => (None, Some(refusal.to_string())),
    };
    Diagnosis { case, findings, verdict, suggestion, no_suggestion }
}

/// The findings of one session, in order of precedence.
fn judge(scene: &Scene<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    let mut explained: Vec<&str> = Vec::new();
    for rule in RULES {
        if explained.contains(&rule.id)
            || rule.id == "unknown"
                && findings.iter().any(|finding| finding.severity > Severity::Note || finding.cause == "authenticated")
        {
            continue;
        }
        let Some(mut finding) = rule.check.and_then(|check| check(scene)) else {
            continue;
        };
        finding.cause = rule.id;
        // A second cause of one failure stands behind the first.
        if finding.severity == Severity::Error && findings.iter().any(|finding| finding.severity == Severity::Error) {
            finding.severity = Severity::Warning;
        }
        if finding.severity == Severity::Error {
            explained.extend(rule.explains);
        }
        findings.push(finding);
    }
    findings
}

/// What comes first: failures before warnings before notes; the CI host before the git host; a known cause
/// before an unknown one; the target before its jump host; the later session before the earlier.
fn order(case: &Case, finding: &Finding) -> impl Ord + use<> {
    let entry = finding.session.and_then(|place| case.session(place));
    let jump = entry.is_some_and(|entry| entry.session.jump_host);
    let role = entry.map_or(2, |entry| match entry.session.role {
        Role::Ci => 0,
        Role::Vcs => 1,
        Role::Other => 2,
    });
    let place = finding.session.unwrap_or_default();
    // An account that was named and is not the key's is what the user asked about.
    let asked = case.facts.wanted_login.is_some()
        && finding.severity == Severity::Error
        && matches!(finding.cause, "wrong-account" | "deploy-key");
    (
        !asked,
        finding.cause == "unknown",
        std::cmp::Reverse(finding.severity),
        jump,
        role,
        std::cmp::Reverse(place),
        rank(finding.cause),
    )
}

fn verdict(case: &Case, findings: &[Finding]) -> Verdict {
    let main = findings.iter().find(|finding| finding.severity == Severity::Error);
    let warned = || {
        findings
            .iter()
            .find(|finding| finding.severity == Severity::Warning && finding.cause != "unknown" && is_verdict(finding))
    };
    let fine = || findings.iter().find(|finding| finding.cause == "authenticated");
    let rest = || findings.iter().find(|finding| finding.cause == "unknown");
    match main.or_else(warned).or_else(fine).or_else(rest) {
        Some(finding) => {
            Verdict { cause: finding.cause, certainty: finding.certainty, summary: sentence(&finding.title) }
        }
        None => Verdict { cause: "unknown", certainty: Certainty::Certain, summary: nothing_read(case) },
    }
}

/// Warnings that say more about a session that worked than that it worked.
fn is_verdict(finding: &Finding) -> bool {
    matches!(finding.cause, "deploy-key" | "host-key-changed" | "wrong-account")
}

fn nothing_read(case: &Case) -> String {
    let foreign = case.transcripts.iter().find(|log| !log.author.read).map(|log| (log.author.name, &log.source));
    match foreign {
        Some((name, source)) => format!(
            "{source} is a log of {name}; this release explains OpenSSH's client only: run ssh -v to the same host."
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
    if first.contains(['/', '.', '\\', '@']) || ["ssh", "git", "known_hosts"].contains(&first) {
        return format!("{title}.");
    }
    let mut rest = title.chars();
    let capital = rest.next().into_iter().flat_map(char::to_uppercase);
    capital.chain(rest).chain(['.']).collect()
}

/// The command that works, for the verdict's session.
fn suggestion(case: &Case, findings: &[Finding], shell: Shell) -> Result<Option<Suggestion>, Refusal> {
    let Some(finding) = findings.iter().find(|finding| finding.severity == Severity::Error) else {
        return Ok(None);
    };
    let Some(entry) = finding.session.and_then(|place| case.session(place)) else {
        return Ok(None);
    };
    let scene = Scene { case, entry, shell };
    let Some(argv) = argv(&scene, finding)? else {
        return Ok(None);
    };
    let command = join(&argv, shell)?;
    Ok(Some(Suggestion { command, argv, verified: None }))
}

fn argv(scene: &Scene<'_>, finding: &Finding) -> Result<Option<Vec<String>>, Refusal> {
    let session = scene.entry.session;
    let compared = scene.case.compared(scene.entry.id()).find(|comparison| comparison.key.is_some());
    let unused = compared.filter(|comparison| matches!(comparison.fate, Fate::NeverOffered | Fate::NotReached));
    let path = unused.and_then(|comparison| comparison.key.as_ref()).and_then(|key| key.path.as_deref());
    match (finding.cause, path) {
        ("key-not-offered" | "too-many-failures" | "wrong-account", Some(path)) => {
            let change = Change { key: Some(path), options: only(scene), ..Change::default() };
            suggest::command(session, &change).map(Some)
        }
        // The agent holds it, and IdentitiesOnly keeps it back.
        ("key-not-offered" | "identities-only", None) if kept_back(scene) => {
            suggest::command(session, &Change { options: vec!["IdentitiesOnly=no"], ..Change::default() }).map(Some)
        }
        ("too-many-failures", None) => {
            let waiting = session.events.iter().find_map(|event| match &event.kind {
                crate::model::Kind::Planned { key, explicit: true, .. }
                    if !session.offered.iter().any(|offer| offer.key.path == key.path) =>
                {
                    key.path.as_deref()
                }
                _ => None,
            });
            match waiting {
                Some(path) => suggest::command(
                    session,
                    &Change { key: Some(path), options: vec!["IdentitiesOnly=yes"], ..Change::default() },
                )
                .map(Some),
                None => Ok(None),
            }
        }
        ("signature-algorithm", _) => {
            let Some(offer) = session.offered.iter().find(|offer| offer.withheld() && offer.key.is_rsa()) else {
                return Ok(None);
            };
            let old = session.openssh().is_some_and(|release| release < (8, 5));
            let allowed = if old { "PubkeyAcceptedKeyTypes=+ssh-rsa" } else { "PubkeyAcceptedAlgorithms=+ssh-rsa" };
            let change = Change { key: offer.key.path.as_deref(), options: vec![allowed], ..Change::default() };
            suggest::command(session, &change).map(Some)
        }
        ("wrong-user", _) => {
            let right = crate::provider::named(session).and_then(|provider| provider.users.first());
            match right {
                Some(user) => suggest::command(session, &Change { user: Some(user), ..Change::default() }).map(Some),
                None => Ok(None),
            }
        }
        ("connection-refused" | "connection-timeout" | "connection-closed", _) => Ok(other_port(session, compared)),
        ("pubkey-disabled", _) => {
            let options = vec!["PubkeyAuthentication=yes", "PreferredAuthentications=publickey"];
            suggest::command(session, &Change { options, ..Change::default() }).map(Some)
        }
        _ => Ok(None),
    }
}

/// The way to a git host round a port that is closed or cut.
fn other_port(session: &Session, compared: Option<&Comparison>) -> Option<Vec<String>> {
    let provider = crate::provider::named(session)?;
    let (host, port) = provider.alternate.filter(|(_, port)| session.port != Some(*port))?;
    let user = provider.users.first()?;
    let key = compared.and_then(|comparison| comparison.key.as_ref()).and_then(|key| key.path.clone());
    if let Some(typed) = session.typed.as_ref().filter(|typed| typed.own) {
        // The configuration's block for the host applies only under its own name.
        let name = format!("HostName={host}");
        let change = Change { options: vec![&name], user: Some(user), ..Change::default() };
        let mut session = session.clone();
        session.typed = Some(crate::model::session::Typed { port: Some(port), ..typed.clone() });
        return suggest::command(&session, &change).ok();
    }
    let mut words = vec!["ssh".to_owned()];
    words.extend(key.into_iter().flat_map(|path| ["-i".to_owned(), path]));
    words.extend(["-T".to_owned(), "-p".to_owned(), port.to_string(), format!("{user}@{host}")]);
    Some(words)
}

/// Whether the log shows that the agent's keys were there and none was tried.
fn kept_back(scene: &Scene<'_>) -> bool {
    use crate::model::Kind;
    let session = scene.entry.session;
    let held = session.any(|kind| matches!(kind, Kind::AgentCount { count } if *count > 0));
    held && !session.any(|kind| matches!(kind, Kind::Planned { key, .. } if key.agent == Some(true)))
        && !session.offered.iter().any(|offer| offer.key.agent == Some(true))
}

/// The verdict's finding.
impl Diagnosis {
    /// The finding that the verdict speaks of.
    pub fn main(&self) -> Option<&Finding> {
        self.findings.iter().find(|finding| finding.cause == self.verdict.cause)
    }

    /// The session that a finding speaks of.
    pub fn session(&self, finding: &Finding) -> Option<SessionRef<'_>> {
        finding.session.and_then(|place| self.case.session(place))
    }

    /// Whether all is well: nobody was refused.
    pub fn all_well(&self) -> bool {
        self.verdict.cause == "authenticated"
    }

    /// The first line that proves the verdict.
    pub fn proof(&self) -> Option<&Evidence> {
        self.main().and_then(|finding| finding.evidence.first())
    }

    /// How many sessions ended in each way.
    pub fn count(&self, outcome: Outcome) -> usize {
        self.case.sessions().filter(|entry| entry.session.outcome == outcome).count()
    }
}
