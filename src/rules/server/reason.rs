//! A reason that a connection proves, as a finding.

use super::cause::cause;
use crate::model::told::Told;
use crate::model::{Certainty, Finding, Join, Kind, Offer, Outcome, Severity};
use crate::rules::draft::Draft;
use crate::rules::rule::Rule;
use crate::rules::scene::Scene;
use crate::server::reasons::{self, Ground, Proven, Reason};

/// A reason as a finding.
pub(super) fn finding(rules: &'static [Rule], scene: &Scene<'_>, reason: &'static Reason, proven: &Proven) -> Finding {
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
        // A blank at its end may be all that is wrong with it.
        (Some(user), _) if user.trim() != user => format!("\"{user}\""),
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
        .fixes(reasons::fitting(session, (reason.fixes)(&ground)))
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
