//! The key was accepted, but the server wants a second proof as well.

use crate::model::{Certainty, Finding, Fix, Kind, Outcome, Step};
use crate::rules::draft::Draft;
use crate::rules::rule::{Rule, Stage};
use crate::rules::scene::Scene;

pub(in crate::rules) const RULE: Rule = Rule {
    explains: &["key-rejected"],
    check: Some(check),
    ..Rule::of("partial-success", Stage::Authentication, include_str!("../../../docs/causes/partial-success.md"))
};

fn check(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    if !scene.ended(Outcome::Partial) {
        return None;
    }
    // Where the client has no word for it, the line that took the signature.
    let taken = || session.offered.iter().rev().find_map(|offer| offer.last_step(|step| *step == Step::Succeeded));
    let at =
        session.last(|kind| matches!(kind, Kind::Partial { .. }).then_some(())).map(|(_, at)| at).or_else(taken)?;
    let left = session.methods_left.as_ref().map(|list| list.join(" or ")).unwrap_or_else(|| "another method".into());
    Draft::new(scene, Certainty::Certain, format!("the key is right, and the server still wants {left}"), at)
        .and(scene, session.accepted.iter().map(|accepted| &accepted.at))
        .and(scene, session.end.iter())
        .says("The server asks for more than one factor. The first was accepted; the next was not given, could not be asked for, or was refused.")
        .fix(Fix::step("run ssh from a terminal, without BatchMode, and answer its question").of_openssh())
        .fix(Fix::step("where the next factor is another key, name it with a second -i").of_openssh())
        .done()
}
