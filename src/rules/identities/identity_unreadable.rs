//! The key file exists, but this user may not open it.

use crate::model::facts::Problem;
use crate::model::path::is_of_windows;
use crate::model::{Certainty, Finding, Fix, Kind};
use crate::rules::draft::Draft;
use crate::rules::identities::files::{ONLY_YOURS, accepted_before, failing};
use crate::rules::rule::{Rule, Stage};
use crate::rules::scene::Scene;

pub(in crate::rules) const RULE: Rule = Rule {
    explains: &["no-identity", "key-rejected"],
    check: Some(check),
    problem: Some(|problem| matches!(problem, Problem::Unreadable(_))),
    ..Rule::of("identity-unreadable", Stage::Identities, include_str!("../../../docs/causes/identity-unreadable.md"))
};

fn check(scene: &Scene<'_>) -> Option<Finding> {
    let (path, at) = failing(scene, |kind| match kind {
        Kind::LoadKeyFailed { path, reason, public: false } if reason.contains("ermission denied") => {
            Some(path.as_str())
        }
        Kind::IdentityMissing { path, reason, .. } if reason.contains("ermission denied") => Some(path.as_str()),
        _ => None,
    })?;
    let before = accepted_before(scene, path);
    Draft::new(scene, Certainty::Certain, format!("{} may not read {path}", scene.client()), at)
        .and(scene, before)
        .says("The file exists, but the user who runs the client may not open it: it belongs to another user, often to root after sudo. This is not the server's Permission denied.")
        .fixes(match is_of_windows(path) {
            true => vec![Fix::step(ONLY_YOURS)],
            false => vec![
                Fix::run("see whose it is", &["ls", "-l", path]),
                Fix::step("make it yours again: sudo chown \"$USER\" FILE FILE.pub"),
            ],
        })
        .done()
}
