//! The account that was meant: which of its keys are here, and whether they were put to the host.

use crate::model::facts::{Published, Registered};
use crate::model::{Change, Fact, Fix};
use crate::rules::here;
use crate::rules::scene::Scene;

/// What the session's host publishes of the account.
fn published<'a>(scene: &Scene<'a>) -> Option<&'a Published> {
    here::facts(scene)?.published.as_ref()
}

/// A key here that the account has and that was not put to the host.
fn waiting<'a>(scene: &Scene<'a>) -> Option<&'a Registered> {
    let put = |one: &&Registered| {
        scene.session().offered.iter().any(|offer| offer.key.fingerprint == one.key.fingerprint && !offer.withheld())
    };
    let (usable, others): (Vec<_>, Vec<_>) =
        published(scene)?.registered.iter().filter(|one| !put(one)).partition(|one| one.usable);
    usable.into_iter().chain(others).next()
}

fn is_accepted(scene: &Scene<'_>, one: &Registered) -> bool {
    let accepted = scene.session().accepted.as_ref();
    accepted.is_some_and(|accepted| accepted.key.fingerprint == one.key.fingerprint)
}

/// What the account's keys tell of a refusal, as a sentence with a blank before it.
pub(in crate::rules) fn tells(scene: &Scene<'_>) -> Option<String> {
    let Published { host, login, keys, registered } = published(scene)?;
    Some(match (keys, waiting(scene), registered.first()) {
        (Fact::Unknown(_), ..) => return None,
        (Fact::Absent, ..) => format!(" {host} knows no account {login}."),
        (Fact::Known(keys), ..) if keys.is_empty() => format!(" The account {login} has no keys at all at {host}."),
        (_, Some(waiting), _) => {
            format!(" {} is registered for {login} at {host}, and was not offered.", waiting.key.name())
        }
        (_, None, Some(one)) if is_accepted(scene, one) => return None,
        (_, None, Some(one)) => {
            format!(" {} is registered for {login} at {host}, which refused it all the same.", one.key.name())
        }
        (_, None, None) => format!(" None of the keys here is registered for {login} at {host}."),
    })
}

/// The command with a key of the account's that was not put to the host.
pub(in crate::rules) fn other_key(scene: &Scene<'_>) -> Option<Fix> {
    let login = &published(scene)?.login;
    let waiting = waiting(scene)?;
    Some(match waiting.key.file().filter(|_| waiting.usable) {
        Some(path) => Fix::rerun(
            format!("name the key that is registered for {login}"),
            Change::none().key(path).option("IdentitiesOnly=yes"),
        ),
        None => Fix::step(format!("have {} offered first: it is registered for {login}", waiting.key.name())),
    })
}
