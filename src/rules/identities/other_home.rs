//! ssh ran as another user, or in another world, than your keys live in.

use crate::model::home::service_home;
use crate::model::{Certainty, Finding, Fix, Kind, Outcome, Severity};
use crate::rules::draft::Draft;
use crate::rules::rule::{Rule, Stage};
use crate::rules::scene::Scene;

pub(in crate::rules) const RULE: Rule = Rule {
    check: Some(check),
    leads: true,
    ..Rule::of("other-home", Stage::Identities, include_str!("../../../docs/causes/other-home.md"))
};

fn check(scene: &Scene<'_>) -> Option<Finding> {
    if let Some(finding) = by_facts(scene) {
        return Some(finding);
    }
    let session = scene.session();
    if session.outcome != Outcome::Denied {
        return None;
    }
    let shown = session.first(|kind| match kind {
        Kind::IdentityFile { path, .. } | Kind::TryingPrivate { path } | Kind::ReadingConfig { path }
            if service_home(path).is_some() =>
        {
            Some(path.clone())
        }
        _ => None,
    });
    let sudo = session.typed.as_ref().is_some_and(|typed| typed.sudo);
    let Some((path, at)) = shown else {
        return sudo.then(|| by_sudo(scene)).flatten();
    };
    let home = service_home(&path)?;
    // Who is that user on purpose has a prompt that says so.
    let user = session.typed.as_ref().and_then(|typed| typed.local_user.as_deref());
    let meant = user.is_some_and(|user| home.rsplit('/').next() == Some(user));
    let any_key = session.offered.iter().any(|offer| offer.key.agent != Some(true));
    if (meant || any_key) && !sudo {
        return None;
    }
    Draft::new(scene, if sudo { Certainty::Likely } else { Certainty::Possible }, format!("ssh ran as another user, whose home is {}", home), at)
        .severity(Severity::Warning)
        .says("ssh looks for keys in the home of the user it runs as, as the password database has it; HOME makes no difference. Your own keys may lie elsewhere.")
        .fix(Fix::step("run the command without sudo, or as the user whose keys are registered"))
        .done()
}

/// A command under sudo whose log shows no path: the same host may have let the user in without.
fn by_sudo(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    if session.verbose() {
        return None;
    }
    let at = session.end.as_ref()?;
    let own = scene.case.sessions().find(|other| {
        let by_sudo = other.session.typed.as_ref().is_some_and(|typed| typed.sudo);
        other.session.outcome == Outcome::Authenticated && other.session.same_place(session) && !by_sudo
    });
    let certainty = if own.is_some() { Certainty::Likely } else { Certainty::Possible };
    Draft::new(scene, certainty, "the command ran under sudo, so ssh looked for keys in another user's home", at)
        .severity(Severity::Warning)
        .and_of(own.as_ref().map_or("", |own| own.source), own.as_ref().and_then(|own| own.session.end.as_ref()))
        .says(match own {
            Some(_) => "Without sudo the same host let you in. Under sudo ssh runs as root, and takes root's keys, configuration and agent; HOME makes no difference.",
            None => "Under sudo ssh runs as root, and takes root's keys, configuration and agent; HOME makes no difference. This log was made without -v, so it does not say which keys were offered.",
        })
        .fix(Fix::step("run the command without sudo, or as the user whose keys are registered"))
        .done()
}

/// Where ssh's home is not the user's `HOME`.
fn by_facts(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    let facts = &scene.case.facts;
    let (home, other) = (facts.home.as_deref()?, facts.other_home.as_deref()?);
    if !scene.refused() || session.accepted.is_some() {
        return None;
    }
    let at = session.end.as_ref()?;
    Draft::new(scene, Certainty::Likely, format!("ssh looks for keys in {home}, and HOME is {other}"), at)
        .severity(Severity::Warning)
        .fact("HOME", other)
        .fact("the password database", home)
        .says("ssh takes the home from the password database, whatever HOME says: keys and configuration under HOME are not read. This is usual under sudo and in containers.")
        .fix(Fix::step("run it as the user whose keys they are, or name key and configuration with -i and -F").of_openssh())
        .done()
}
