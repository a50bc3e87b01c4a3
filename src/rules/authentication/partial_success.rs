//! The key was accepted, but the server wants a second proof as well.

use crate::model::{Certainty, Finding, Fix, Kind, Outcome, Step};
use crate::rules::draft::Draft;
use crate::rules::rule::{Rule, Stage};
use crate::rules::scene::Scene;

pub(in crate::rules) const RULE: Rule = Rule {
    reasons: &["second-factor"],
    explains: &["key-rejected"],
    check: Some(check),
    once: true,
    ..Rule::of("partial-success", Stage::Authentication, include_str!("../../../docs/causes/partial-success.md"))
};

fn check(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    if !scene.ended(Outcome::Partial) {
        return None;
    }
    let told = session.last(|kind| match kind {
        Kind::Partial { method } => Some(method.as_deref()),
        _ => None,
    });
    // Where the client has no word for it, the line that took the signature.
    let taken = || session.offered.iter().rev().find_map(|offer| offer.last_step(|step| *step == Step::Succeeded));
    let at = told.map(|(_, at)| at).or_else(taken)?;
    // The list that came after ssh's word for it: the first one has methods that are done.
    let list = session.last(|kind| match kind {
        Kind::Methods { list } if !list.is_empty() => Some(list.join(" or ")),
        _ => None,
    });
    let left = match told {
        Some((_, told)) => list.filter(|(_, list)| list.line > told.line).map(|(left, _)| left),
        None => session.methods_left.as_ref().map(|list| list.join(" or ")),
    };
    let left = left.unwrap_or_else(|| "another method".to_owned());
    let done = match told {
        Some((Some(method), _)) if method != "publickey" => format!("the {method} was accepted"),
        _ => "the key is right".to_owned(),
    };
    let cut = told.is_some() && session.end.as_ref() == Some(at);
    let certainty = if cut { Certainty::Likely } else { Certainty::Certain };
    Draft::new(scene, certainty, format!("{done}, and the server still wants {left}"), at)
        .and(scene, session.accepted.iter().map(|accepted| &accepted.at))
        .and(scene, session.end.iter())
        .says("The server asks for more than one factor. The first was accepted; the next was not given, could not be asked for, or was refused.")
        .fix(Fix::step("run ssh from a terminal, without BatchMode, and answer its question").of_openssh())
        .fix(Fix::step("where the next factor is another key, name it with a second -i").of_openssh())
        .done()
}
