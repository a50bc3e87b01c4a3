//! The log does not hold enough to say why.

use crate::model::{Capability, Certainty, Change, Finding, Fix, Outcome, Severity, Standing};
use crate::rules::draft::Draft;
use crate::rules::rule::{Rule, Stage};
use crate::rules::scene::Scene;

pub(in crate::rules) const RULE: Rule = Rule {
    check: Some(check),
    standing: Standing::Open,
    capabilities: &[Capability::LoggingMore],
    ..Rule::of("unknown", Stage::After, include_str!("../../../docs/causes/unknown.md"))
};

fn check(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    let at = session.end.as_ref().or_else(|| session.events.last().map(|event| &event.at))?;
    let peer = session.peer();
    let missing = if !session.verbose() {
        match scene.is_foreign() {
            true => "It does not say which keys were offered.",
            false => "It was made without -v, so it does not say which keys were offered.",
        }
    } else if session.outcome == Outcome::Unknown {
        "It stops before the end."
    } else {
        "The lines that would decide are not in it."
    };
    let change = Change::none().flags(&["-v"]).option("ControlPath=none");
    Draft::new(scene, Certainty::Certain, format!("the log does not tell what happened with {peer}"), at)
        .severity(Severity::Warning)
        .says(format!("This is all that could be read. {missing}"))
        .fix(Fix::attempt("make a whole log with ssh -v, and give that", change))
        .done()
}
