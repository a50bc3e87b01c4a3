//! What the connections of servers' logs prove.
//!
//! Beside a client's log only the connection that is the client's own is judged; of a server's log alone every
//! connection is, and equal refusals of one user are one finding.

use std::collections::BTreeMap;

use super::reason::finding;
use super::starts::starts;
use crate::join::trust;
use crate::model::{Case, Cause, Certainty, Finding, Outcome, Session, SessionRef, Severity, Standing, Transcript};
use crate::rules::rule::Rule;
use crate::rules::scene::Scene;
use crate::server::reasons::{self, Bearing};

/// What the servers' logs of a case prove.
pub(crate) fn findings(case: &Case, rules: &'static [Rule]) -> Vec<Finding> {
    let clients = case.sessions().any(|entry| entry.session.served.is_none());
    let mut found = Vec::new();
    for (transcript, log) in case.transcripts.iter().enumerate() {
        let Some(server) = &log.server else { continue };
        let mut of_log = starts(rules, &log.source, &server.notes, !log.sessions.is_empty());
        if case.sessions().any(|entry| entry.session.outcome == Outcome::HostKey) {
            // The key that the client remembers may be the one that the server could not read.
            let unread = of_log.iter_mut().filter(|finding| bears(finding, Bearing::HostKey));
            unread.for_each(|finding| finding.severity = Severity::Error);
        }
        let sessions = case.sessions().filter(|entry| entry.transcript == transcript && entry.session.served.is_some());
        if clients {
            let joined = sessions.filter(|entry| case.joins.iter().any(|join| join.server == entry.id()));
            of_log.extend(joined.flat_map(|entry| {
                let mut found = judge(rules, &Scene { case, entry });
                if is_doubtful(log, entry.session) {
                    found.iter_mut().for_each(|finding| step_behind(log, finding));
                }
                found
            }));
        } else {
            of_log.extend(grouped(case, rules, sessions));
        }
        // A server can send a client's log any line, one of its own log's among them.
        if log.sessions.iter().any(|session| session.served.is_none()) {
            of_log.iter_mut().for_each(|finding| finding.certainty = finding.certainty.min(Certainty::Likely));
        }
        found.extend(of_log);
    }
    found
}

/// Whether a connection stands behind a client that may still be connected, which may have been sent its lines.
fn is_doubtful(log: &Transcript, served: &Session) -> bool {
    clients(log).next().is_some() && trust(log, served) == Some(Certainty::Possible)
}

/// What may have been sent stands behind what the client saw itself: keys that were refused.
fn step_behind(log: &Transcript, finding: &mut Finding) {
    finding.certainty = Certainty::Possible;
    finding.second |= finding.severity == Severity::Error && clients(log).any(|client| !client.offered.is_empty());
}

fn clients(log: &Transcript) -> impl Iterator<Item = &Session> {
    log.sessions.iter().filter(|session| session.served.is_none())
}

/// What findings have in common that are one: cause, reason, user.
type Alike<'a> = (Cause, Option<&'static str>, Option<&'a str>);

/// The last of all findings that are alike, with how many there are; those that say why come before others.
fn grouped<'a>(case: &Case, rules: &'static [Rule], sessions: impl Iterator<Item = SessionRef<'a>>) -> Vec<Finding> {
    let mut alike: BTreeMap<Alike<'a>, (Finding, usize)> = BTreeMap::new();
    for entry in sessions {
        for finding in judge(rules, &Scene { case, entry }) {
            let key = (finding.cause, finding.reason, entry.session.user.as_deref());
            let times = alike.get(&key).map_or(0, |(_, times)| *times);
            alike.insert(key, (finding, times + 1));
        }
    }
    let mut found: Vec<Finding> = alike
        .into_values()
        .map(|(mut finding, times)| {
            if times > 1 {
                finding.title = format!("{} ({times} times)", finding.title);
            }
            finding
        })
        .collect();
    found.sort_by_key(|finding| (weight(finding), std::cmp::Reverse(finding.session)));
    let lead = found.first().map(weight);
    for finding in &mut found {
        finding.second |= finding.severity == Severity::Error && Some(weight(finding)) != lead;
    }
    found
}

/// Whether what a finding gives as the reason bears on something so.
fn bears(finding: &Finding, bearing: Bearing) -> bool {
    finding.reason.is_some_and(|reason| reasons::bears(reason, bearing))
}

/// Guesses at names and passwords are on every server, and seldom what is asked about.
fn weight(finding: &Finding) -> (bool, u8) {
    let guess = bears(finding, Bearing::Guess);
    (finding.severity < Severity::Error, u8::from(finding.certainty < Certainty::Certain) + 2 * u8::from(guess))
}

/// What one connection proves, the reason to mend first.
fn judge(rules: &'static [Rule], scene: &Scene<'_>) -> Vec<Finding> {
    let session = scene.entry.session;
    let mut shown = reasons::shown(session);
    if shown.len() > 1 {
        shown.retain(|(reason, _)| !reason.is(Bearing::Follows));
    }
    let mut found: Vec<Finding> = shown.iter().map(|(reason, proven)| finding(rules, scene, reason, proven)).collect();
    let mut first = true;
    for finding in found.iter_mut().filter(|finding| finding.severity == Severity::Error) {
        finding.second = !std::mem::take(&mut first);
    }
    let told = found.iter().any(|finding| finding.severity > Severity::Note);
    for rule in rules {
        // A login is one, whatever becomes of it.
        let Some(check) = rule.served.filter(|_| !told || rule.standing == Standing::Well) else { continue };
        found.extend(check(scene).map(|finding| Finding { cause: rule.id, standing: rule.standing, ..finding }));
    }
    found
}
