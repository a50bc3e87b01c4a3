//! ssh has never met this server and was not allowed to ask you.

use crate::model::{At, Capability, Certainty, Change, Finding, Fix, Kind, Outcome, Role};
use crate::provider;
use crate::rules::draft::Draft;
use crate::rules::rule::{Rule, Stage};
use crate::rules::scene::Scene;

pub(in crate::rules) const RULE: Rule = Rule {
    check: Some(check),
    of_the_beginning: true,
    capabilities: &[Capability::KnownHosts, Capability::HashedHosts, Capability::HostAuthority],
    ..Rule::of("host-key-unknown", Stage::HostKey, include_str!("../../../docs/causes/host-key-unknown.md"))
};

fn check(scene: &Scene<'_>) -> Option<Finding> {
    if let Some(finding) = unchecked(scene) {
        return Some(finding);
    }
    let session = scene.session();
    // Some clients stop before they connect, where they have no list of host keys.
    let stopped = scene.ended(Outcome::HostKey) || scene.is_foreign() && scene.ended(Outcome::ClientError);
    if !stopped
        || session.any(|kind| {
            matches!(
                kind,
                Kind::HostKeyChanged { .. }
                    | Kind::HostKeyNotAmong { .. }
                    | Kind::HostKeyWarned
                    | Kind::HostKeyRevoked
                    | Kind::HostKeyNotPublished { .. }
            )
        })
    {
        return None;
    }
    let unknown = session.first(|kind| matches!(kind, Kind::HostKeyUnknown { .. }).then_some(()));
    // Some clients have one word for an unknown key and for another one than they know.
    let either = unknown.is_none() && scene.is_foreign();
    let (_, at) = unknown.or_else(|| session.first(|kind| matches!(kind, Kind::HostKeyFailed).then_some(())))?;
    if either {
        return either_way(scene, at);
    }
    let peer = session.peer();
    let published = provider::named(session).filter(|provider| !provider.host_keys.is_empty());
    let prints = published.map(|provider| {
        Fix::step(format!("compare with the fingerprints that {} publishes: {}", provider.name, provider.published()))
    });
    // Of this line alone the warning of another key may have been cut off.
    let alone = unknown.is_none() && !session.verbose();
    let certainty = if alone { Certainty::Likely } else { Certainty::Certain };
    Draft::new(scene, certainty, format!("{} does not know the host key of {peer} and may not accept it", scene.client()), at)
        .and(scene, session.end.iter())
        .says(format!("{} has never met this server under this name, and it was told not to ask, or could not ask, whether to trust it. Keys of yours were not offered.", scene.client()))
        .fixes(prints)
        .fixes(scene.is_foreign().then(|| Fix::step(format!("compare the fingerprint with the server's own, and have {} take the key: at its question, or in the list that it reads", scene.client()))))
        .fix(Fix::attempt("connect once from a terminal, compare the fingerprint, and answer yes", Change::none().option("StrictHostKeyChecking=ask")))
        .done()
}

/// The client did not trust the host key, and does not say whether it knew another one.
fn either_way(scene: &Scene<'_>, at: &At) -> Option<Finding> {
    let (session, client) = (scene.session(), scene.client());
    Draft::new(scene, Certainty::Likely, format!("{client} does not trust the host key of {}", session.peer()), at)
        .and(scene, session.end.iter())
        .says(format!(
            "Mostly its known hosts have no entry for this server under this name and port. {client} says the same where they hold \
             another key, so compare before you accept. Keys of yours were not offered."
        ))
        .fix(Fix::step("print the server's keys with ssh-keyscan -p PORT HOST, compare them with what its owner publishes and with your known_hosts"))
        .done()
}

/// A git host that a probe reached although nothing vouches for its key.
fn unchecked(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    let probed = session.role == Role::Vcs && session.typed.as_ref().is_some_and(|typed| typed.own);
    let vouched = provider::named(session).is_some_and(|provider| !provider.host_keys.is_empty());
    let known = session.any(|kind| matches!(kind, Kind::HostKeyKnown { .. }));
    let (shown, at) = session.first(|kind| match kind {
        Kind::HostKey { fingerprint, .. } => fingerprint.as_deref(),
        _ => None,
    })?;
    if !probed || vouched || known || scene.ended(Outcome::HostKey) {
        return None;
    }
    Draft::new(scene, Certainty::Certain, format!("known_hosts has no key of {}, and none is published", session.peer()), at)
        .says(format!(
            "The server shows {shown}. Nothing here vouches for it, so git and ssh stop or ask; this check went on without remembering the key, and what \
             it found is only as good as that key."
        ))
        .fix(Fix::step("compare the fingerprint with what the server's owner publishes"))
        .fix(Fix::attempt("then connect once from a terminal and answer yes", Change::none().option("StrictHostKeyChecking=ask")))
        .done()
}
