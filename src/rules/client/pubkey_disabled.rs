//! Your own configuration turned key authentication off.

use crate::model::{Certainty, Change, Finding, Fix, Kind, Outcome};
use crate::rules::draft::Draft;
use crate::rules::rule::{Rule, Stage};
use crate::rules::scene::Scene;

pub(in crate::rules) const RULE: Rule = Rule {
    explains: &["no-identity"],
    check: Some(check),
    of_the_end: true,
    of_the_beginning: true,
    ..Rule::of("pubkey-disabled", Stage::Client, include_str!("../../../docs/causes/pubkey-disabled.md"))
};

fn check(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    // Other clients are given their keys by a program, and ask for nothing where there is none.
    if scene.is_foreign() || !matches!(session.outcome, Outcome::Denied | Outcome::Disconnected | Outcome::Unknown) {
        return None;
    }
    let offers_publickey = session.methods_first.as_ref()?.iter().any(|method| method == "publickey");
    let tried = session.any(|kind| {
        matches!(kind, Kind::NextMethod { method } if method == "publickey")
            || matches!(kind, Kind::Offering { .. } | Kind::TryingPrivate { .. })
    });
    // Another method came next, or ssh gave up at once: a cut log shows neither.
    let went_on = session.any(|kind| kind.is_other_method() || matches!(kind, Kind::NoMoreMethods));
    if !offers_publickey || tried || !went_on || !session.offered.is_empty() || session.accepted.is_some() {
        return None;
    }
    let (_, at) = session.first(|kind| matches!(kind, Kind::Methods { .. }).then_some(()))?;
    let (_, next) =
        session.first(|kind| matches!(kind, Kind::NextMethod { .. } | Kind::NoMoreMethods).then_some(()))?;
    let certainty = begun(scene)?;
    Draft::new(scene, certainty, "ssh did not try public keys, although the server takes them", at)
        .and(scene, [next])
        .says("The client's own configuration turns the method off: PubkeyAuthentication no, or PreferredAuthentications without publickey.")
        .fix(Fix::attempt("see which line says so", Change::none().flags(&["-G"])))
        .fix(Fix::rerun("turn it on for this connection", Change::none().option("PubkeyAuthentication=yes").option("PreferredAuthentications=publickey")))
        .done()
}

/// Whether all lines stand there between the beginning of authentication and the method that was tried: that keys were
/// not is told by their absence alone.
fn begun(scene: &Scene<'_>) -> Option<Certainty> {
    let events = &scene.session().events;
    let list = events.iter().position(|event| matches!(event.kind, Kind::Methods { .. }))?;
    let begins = |event: &crate::model::Event| matches!(event.kind, Kind::ServiceAccepted);
    let connects =
        |event: &crate::model::Event| matches!(event.kind, Kind::Authenticating { .. } | Kind::Connecting { .. });
    let (from, certainty) = match events[..list].iter().rposition(begins) {
        Some(from) => (from, Certainty::Certain),
        None => (events[..list].iter().rposition(connects)?, Certainty::Likely),
    };
    (!events[from..].iter().any(|event| event.kind == Kind::Elided)).then_some(certainty)
}
