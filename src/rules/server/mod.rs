//! What a server's own log proves, in findings.
//!
//! Beside a client's log only the connection that is the client's own is judged; of a server's log alone every
//! connection is, and equal refusals of one user are one finding.

pub(in crate::rules) mod open;

use std::collections::BTreeMap;

use crate::model::told::Told;
use crate::model::{
    Case, Cause, Certainty, Evidence, Finding, Join, Kind, Offer, Outcome, SessionRef, Severity, Standing,
};
use crate::rules::draft::Draft;
use crate::rules::rule::Rule;
use crate::rules::scene::Scene;
use crate::server::reasons::{self, Ground, Proven, Reason};

/// What the servers' logs of a case prove.
pub(crate) fn findings(case: &Case, rules: &'static [Rule]) -> Vec<Finding> {
    let clients = case.sessions().any(|entry| entry.session.served.is_none());
    let mut found = Vec::new();
    for (transcript, log) in case.transcripts.iter().enumerate() {
        let Some(server) = &log.server else { continue };
        let mut of_log = starts(rules, &log.source, &server.notes, !log.sessions.is_empty());
        if case.sessions().any(|entry| entry.session.outcome == Outcome::HostKey) {
            // The key that the client remembers may be the one that the server could not read.
            let unread = of_log.iter_mut().filter(|finding| finding.reason == Some("host-key-load"));
            unread.for_each(|finding| finding.severity = Severity::Error);
        }
        let sessions = case.sessions().filter(|entry| entry.transcript == transcript && entry.session.served.is_some());
        if clients {
            let joined = sessions.filter(|entry| case.joins.iter().any(|join| join.server == entry.id()));
            of_log.extend(joined.flat_map(|entry| judge(rules, &Scene { case, entry })));
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

/// Guesses at names and passwords are on every server, and seldom what is asked about.
fn weight(finding: &Finding) -> (bool, u8) {
    let guess = matches!(finding.reason, Some("no-such-user" | "password-refused"));
    (finding.severity < Severity::Error, u8::from(finding.certainty < Certainty::Certain) + 2 * u8::from(guess))
}

/// What one connection proves, the reason to mend first.
fn judge(rules: &'static [Rule], scene: &Scene<'_>) -> Vec<Finding> {
    let session = scene.entry.session;
    let mut shown = reasons::shown(session);
    // What merely follows from another line of the same connection.
    if shown.len() > 1 {
        shown.retain(|(reason, _)| reason.id != "password-refused");
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

/// The cause that a reason is a case of.
fn cause(rules: &'static [Rule], reason: &str) -> Cause {
    let own = rules.iter().find(|rule| rule.reasons.contains(&reason));
    own.or_else(|| rules.iter().find(|rule| rule.other_reasons)).map_or("", |rule| rule.id)
}

/// A reason as a finding.
fn finding(rules: &'static [Rule], scene: &Scene<'_>, reason: &'static Reason, proven: &Proven) -> Finding {
    let session = scene.entry.session;
    let place = reasons::told(session).find_map(|(told, _)| match told {
        Told::Matched { place, .. } | Told::Taken { place, .. } => place.as_deref(),
        _ => None,
    });
    let ground = Ground::of(session, proven.subject.as_deref()).with_key(place, public(scene));
    let lone = session.served.as_ref().is_some_and(|served| served.mixed)
        && session.events.iter().all(|event| match &event.kind {
            Kind::Server(told) => told.peer().is_none() || !proven.lines.contains(&event.at),
            _ => true,
        });
    // Of a connection that goes on after this log, another key may decide.
    let goes_on = session.outcome == Outcome::Unknown && session.end.is_none();
    let certainty = if lone || goes_on { proven.certainty.min(Certainty::Likely) } else { proven.certainty };
    let about = proven.subject.as_deref().map(|subject| format!(": {subject}")).unwrap_or_default();
    let who = match (&session.user, &session.address) {
        (Some(user), _) if !user.is_empty() => user.clone(),
        (_, Some(address)) => address.clone(),
        _ => "a client".to_owned(),
    };
    let overcome = reason.is_overcome(proven, session);
    let by = session.method.as_deref().unwrap_or_default();
    let title = match session.outcome {
        _ if overcome && by == "publickey" => format!("{who} was let in all the same: {}{about}", reason.words),
        _ if overcome => format!("the server refuses {who}'s key: {}{about}; {who} was let in by {by}", reason.words),
        Outcome::Authenticated => format!("the server lets {who} in, and then {}{about}", reason.words),
        _ => format!("the server refuses {who}: {}{about}", reason.words),
    };
    let unlike = match reason.unlike {
        "" => String::new(),
        unlike => format!(" Not to be mistaken: {unlike}."),
    };
    let shows = match reason.shows {
        "INFO" => String::new(),
        level => format!(" It shows at {level}."),
    };
    let other = match lone {
        true => {
            " The log names no process, and another connection was open, or may have been: the line may be about that one."
        }
        false => "",
    };
    let first = proven.lines.first().cloned().unwrap_or_default();
    let mut finding = Draft::new(scene, certainty, title, &first)
        .severity(if overcome && by == "publickey" { Severity::Note } else { reason.severity })
        .says(format!("{}{shows}{unlike}{other}", reason.means))
        .and(scene, proven.lines.iter().skip(1))
        .and(scene, session.end.iter())
        .fixes((reason.fixes)(&ground))
        .finding();
    finding.cause = cause(rules, reason.id);
    finding.reason = Some(reason.id);
    finding
}

/// The public half of the key that was refused, by its file's name in the log of the client whose connection this is.
fn public(scene: &Scene<'_>) -> Option<String> {
    // Lines among a client's own may be what a server sent it: they choose no file.
    let apart = |join: &Join| join.client.0 != join.server.0;
    let sure = |join: &&Join| join.server == scene.entry.id() && join.certainty > Certainty::Possible && apart(join);
    let join = scene.case.joins.iter().find(sure)?;
    let client = scene.case.session(join.client)?.session;
    let refused = scene.entry.session.offered.iter().rev().find_map(|offer| offer.key.whole_fingerprint());
    let same = |offer: &&Offer| match (refused, offer.key.whole_fingerprint()) {
        (Some(refused), Some(own)) => refused == own,
        _ => client.offered.len() == 1,
    };
    let offer = client.offered.iter().find(same).filter(|offer| !offer.key.is_certificate())?;
    Some(format!("{}.pub", offer.key.path.as_deref()?.trim_end_matches(".pub")))
}

/// What keeps a server from starting.
fn starts(rules: &'static [Rule], source: &str, notes: &[crate::model::Event], serves: bool) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    for event in notes {
        let Kind::Server(told) = &event.kind else { continue };
        let Told::Start { reason, subject } = &**told else { continue };
        let Some(reason) = reasons::by_id(reason) else { continue };
        if let Some(known) = found.iter_mut().find(|finding| finding.reason == Some(reason.id)) {
            known.evidence.push(Evidence::new(source, &event.at));
            continue;
        }
        let ground = Ground { subject: subject.as_deref(), ..Ground::default() };
        found.push(Finding {
            cause: cause(rules, reason.id),
            reason: Some(reason.id),
            standing: Standing::Failure,
            severity: if serves { reason.severity.min(Severity::Warning) } else { reason.severity },
            second: false,
            certainty: Certainty::Certain,
            title: started(reason, subject.as_deref()),
            explanation: reason.means.to_owned(),
            evidence: vec![Evidence::new(source, &event.at)],
            fixes: (reason.fixes)(&ground),
            session: None,
        });
    }
    found.iter_mut().for_each(|finding| finding.evidence.truncate(8));
    found
}

fn started(reason: &Reason, subject: Option<&str>) -> String {
    let about = subject.map(|subject| format!(": {subject}")).unwrap_or_default();
    format!("of the server, {}{about}", reason.words)
}
