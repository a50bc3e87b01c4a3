//! The CI machine is gone: the job with SSH has ended.

use crate::model::{Certainty, Finding, Fix, Kind, Role, Severity};
use crate::rules::draft::Draft;
use crate::rules::rule::{Rule, Stage};
use crate::rules::scene::Scene;

pub(in crate::rules) const RULE: Rule = Rule {
    check: Some(check),
    ..Rule::of("ci-session-over", Stage::After, include_str!("../../../docs/causes/ci-session-over.md"))
};

/// A CI host that is gone or another one: its port refuses, is silent, or shows another key.
fn check(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    let ci = session.role == Role::Ci
        || session.typed.as_ref().is_some_and(|typed| typed.port.is_some_and(|port| port > 50000));
    let gone = session.first(|kind| match kind {
        Kind::ConnectFailed { reason, .. } if reason.contains("refused") || reason.contains("timed out") => Some(()),
        Kind::HostKeyChanged { .. } => Some(()),
        _ => None,
    });
    let token = scene.turned_away().filter(|(text, ..)| text.contains("session token"));
    // A CI job's port is a high one; of a host that was named as one, any but ssh's own.
    let named = session.typed.as_ref().is_some_and(|typed| typed.own) && session.role == Role::Ci;
    let port = session.port.is_some_and(|port| port > 50000 || named && port != 22);
    let (at, certainty) = match token {
        Some((_, at, certainty)) => (at, certainty),
        None => (gone.filter(|_| ci && port)?.1, Certainty::Possible),
    };
    Draft::new(scene, certainty, "the CI job behind this address may be over", at)
        .severity(if token.is_some() { Severity::Error } else { Severity::Warning })
        .says("A CI job's SSH server lives only as long as the job: on CircleCI ten minutes unused, an hour or two in use. After that the port is closed, or belongs to another job.")
        .fix(Fix::step("rerun the job with SSH, and use the command that it prints now"))
        .done()
}
