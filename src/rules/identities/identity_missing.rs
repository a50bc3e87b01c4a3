//! The key file that you named does not exist.

use crate::model::facts::Problem;
use crate::model::{At, Capability, Certainty, Finding, Fix, Kind, Outcome, Severity};
use crate::rules::draft::Draft;
use crate::rules::rule::{Rule, Stage};
use crate::rules::scene::Scene;

pub(in crate::rules) const RULE: Rule = Rule {
    explains: &["no-identity", "key-rejected"],
    check: Some(check),
    problem: Some(|problem| matches!(problem, Problem::Missing)),
    capabilities: &[Capability::NamingAKey],
    ..Rule::of("identity-missing", Stage::Identities, include_str!("../../../docs/causes/identity-missing.md"))
};

fn check(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    let ((path, reason), at) = session.first(|kind| match kind {
        Kind::IdentityMissing { path, reason, named: true } if !reason.contains("ermission denied") => {
            Some((path.clone(), reason.as_str()))
        }
        _ => None,
    })?;
    if scene.is_foreign() && (path.is_empty() || !tells_why(reason)) {
        return unopened(scene, &path, reason, at);
    }
    let failed = !matches!(session.outcome, Outcome::Authenticated | Outcome::Partial);
    let windows = path.starts_with("C:Users") || path.starts_with("c:Users");
    // Some clients have one word for a file that is not there and for one that they may not open.
    let told =
        !scene.is_foreign() || ["o such file", "not exist", "not found"].iter().any(|words| reason.contains(words));
    let (certainty, title) = if told {
        (Certainty::Certain, format!("the key file {path} does not exist"))
    } else {
        (Certainty::Likely, format!("the key file {path} could not be opened; most likely it does not exist"))
    };
    Draft::new(scene, certainty, title, at)
        .severity(if failed { Severity::Error } else { Severity::Warning })
        .says(format!(
            "ssh warns once and goes on with its other keys, as if the file had not been named.{}",
            if windows { " The shell has eaten the path's backslashes: quote it, or write slashes." } else { "" }
        ))
        .fix(Fix::run("see what is there", &["ls", "-l", &path]))
        .fix(Fix::step("give the path from the home folder on, such as ~/.ssh/NAME; a bare name is looked for in the current folder").of_openssh())
        .done()
}

/// Whether the reason is that there is no such file, and not that it could not be opened.
fn tells_why(reason: &str) -> bool {
    let reason = reason.to_ascii_lowercase();
    ["no such file", "not found", "not exist", "enoent"].iter().any(|words| reason.contains(words))
}

/// A client that names no file, or says only that it could not open it.
fn unopened(scene: &Scene<'_>, path: &str, reason: &str, at: &At) -> Option<Finding> {
    let session = scene.session();
    if matches!(session.outcome, Outcome::Authenticated | Outcome::Partial) {
        return None;
    }
    let sure = tells_why(reason);
    let name = if path.is_empty() { "the key file that was named" } else { path };
    let what = if sure { "does not exist" } else { "could not be opened; mostly it does not exist" };
    let certainty = if sure { Certainty::Certain } else { Certainty::Likely };
    let see = |path: &str| Fix::run("see what is there", &["ls", "-l", path]);
    Draft::new(scene, certainty, format!("{name} {what}"), at)
        .and(scene, session.end.iter())
        .says(format!(
            "{} says: {reason}. {}No key was offered from it.",
            scene.client(),
            if sure { "" } else { "The words are the same for a file that may not be read. " }
        ))
        .fixes(Some(path).filter(|path| !path.is_empty()).map(see))
        .fix(Fix::step(
            "give the whole path: of a program that runs as another user, or in a container, ~ is another folder",
        ))
        .done()
}
