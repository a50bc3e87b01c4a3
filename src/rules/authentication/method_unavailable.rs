//! This server does not offer to log in by key.

use crate::model::session::IdentityState;
use crate::model::{Certainty, Event, Finding, Fix, Kind, Outcome};
use crate::rules::draft::Draft;
use crate::rules::rule::{Rule, Stage};
use crate::rules::scene::Scene;

pub(in crate::rules) const RULE: Rule = Rule {
    explains: &["key-rejected"],
    check: Some(check),
    of_the_end: true,
    of_the_beginning: true,
    ..Rule::of("method-unavailable", Stage::Authentication, include_str!("../../../docs/causes/method-unavailable.md"))
};

fn check(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    if !matches!(session.outcome, Outcome::Denied | Outcome::Disconnected | Outcome::Unknown) {
        return None;
    }
    if let Some(finding) = unasked(scene).or_else(|| passed_over(scene)) {
        return Some(finding);
    }
    let methods = session.methods_first.as_ref().or(session.methods_left.as_ref())?;
    // Other clients offer their keys whatever the server's first list says.
    let judged = session.offered.is_empty() || scene.is_foreign() && session.methods_first.is_some();
    if methods.iter().any(|method| method == "publickey") || !judged || session.accepted.is_some() {
        return None;
    }
    let (_, at) = session.first(|kind| matches!(kind, Kind::Methods { .. } | Kind::Denied { .. }).then_some(()))?;
    if asked_for_a_code(scene) {
        return None;
    }
    let list = methods.join(", ");
    // A client's last word has the list that was left, and that is shorter once a key was taken.
    let last = !session.any(|kind| matches!(kind, Kind::Methods { .. })) && !session.verbose();
    // Where the beginning is missing, a key may have been taken there.
    let last = last || scene.is_foreign() && session.verbose() && session.server_software.is_none();
    let certainty = if last { Certainty::Likely } else { Certainty::Certain };
    let factor = " Or the server took a key and wants a second factor: this log does not show what was tried before.";
    Draft::new(scene, certainty, format!("{} takes no public keys", session.peer()), at)
        .and(scene, session.end.iter())
        .says(format!(
            "The server's list of methods is: {list}. No key can open it as it is set up, or this is not the server that you mean.{}",
            if last { factor } else { "" }
        ))
        .fix(Fix::step("check host and port; on your own server, set PubkeyAuthentication yes"))
        .done()
}

/// Somebody was asked for a code, and the last word of a log without -v has the list that was left: the key may have been
/// taken before.
fn asked_for_a_code(scene: &Scene<'_>) -> bool {
    let session = scene.session();
    let asked = |event: &Event| {
        matches!(event.kind, Kind::PasswordPrompt { .. }) && !event.at.text.to_ascii_lowercase().contains("password:")
    };
    !session.verbose() && !session.any(|kind| matches!(kind, Kind::Methods { .. })) && session.events.iter().any(asked)
}

/// A client that read a key, did not offer it, and went on to ask for something else. Had the server's list, which this
/// client does not print, held publickey, the key would have been offered first.
fn unasked(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    let asked = |kind: &Kind| matches!(kind, Kind::NoTerminal { .. } | Kind::PasswordPrompt { .. });
    let (_, at) = session.first(|kind| asked(kind).then_some(()))?;
    let listed = session.methods_first.is_some() || session.methods_left.is_some();
    if !scene.is_foreign() || listed || !session.offered.is_empty() || session.accepted.is_some() {
        return None;
    }
    let key = session.identities.iter().find(|identity| identity.state == IdentityState::Loaded)?;
    let (_, read) = session.first(|kind| match kind {
        Kind::KeyFile { path } if *path == key.path => Some(()),
        _ => None,
    })?;
    Draft::new(scene, Certainty::Likely, format!("{} seems to take no public keys", session.peer()), at)
        .and(scene, [read])
        .says(format!(
            "{} had read {} and did not offer it, but asked for something else. It offers a key first to any server that takes keys.",
            scene.client(),
            key.path
        ))
        .fix(Fix::step("check host and port; on your own server, set PubkeyAuthentication yes"))
        .done()
}

/// A client that goes on only to methods that the server has named went on to others, or to none.
fn passed_over(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    let kept = session.any(|kind| matches!(kind, Kind::MethodsKept));
    let keys = !session.offered.is_empty()
        || session.accepted.is_some()
        || session.any(|kind| matches!(kind, Kind::NextMethod { method } if method == "publickey"));
    if !kept || keys || session.methods_left.is_some() || !scene.ended(Outcome::Denied) {
        return None;
    }
    let next = session.first(|kind| matches!(kind, Kind::NextMethod { .. }).then_some(())).map(|(_, at)| at);
    let at = next.or(session.end.as_ref())?;
    Draft::new(scene, Certainty::Likely, format!("{} did not offer to log in by key", session.peer()), at)
        .and(scene, session.end.iter())
        .says(format!(
            "{} goes on only to methods that the server has named, and publickey was not among those. Either the server takes no public \
             keys, or the program's own list of methods leaves them out.",
            scene.client()
        ))
        .fix(Fix::step("check host and port; on your own server, set PubkeyAuthentication yes"))
        .fix(Fix::step("look at the program's own list of methods (PreferredAuthentications)"))
        .done()
}
