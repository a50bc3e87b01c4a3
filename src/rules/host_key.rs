//! The server's key: remembered, changed, unknown.

use super::draft::quoted;
use super::{Draft, Scene};
use crate::model::{Certainty, Finding, Fix, Kind, Outcome, Role, Severity};
use crate::provider;

/// The name under which known_hosts has a session's host.
fn known_as(scene: &Scene<'_>) -> String {
    let session = scene.session();
    match session.port {
        Some(port) if port != 22 => format!("[{}]:{port}", session.peer()),
        _ => session.peer().to_owned(),
    }
}

pub(super) fn changed(scene: &Scene<'_>) -> Option<Finding> {
    if let Some(finding) = not_published(scene) {
        return Some(finding);
    }
    let session = scene.session();
    let revoked = session.any(|kind| matches!(kind, Kind::HostKeyRevoked));
    let (_, at) = session
        .first(|kind| matches!(kind, Kind::HostKeyChanged { .. }).then_some(()))
        .or_else(|| session.first(|kind| matches!(kind, Kind::HostKeyWarned | Kind::HostKeyRevoked).then_some(())))?;
    let stopped = scene.ended(Outcome::HostKey);
    let peer = session.peer();
    let title = if revoked {
        format!("{peer} shows a host key that is marked as revoked")
    } else if stopped {
        format!("{peer} shows another host key than the remembered one")
    } else {
        format!("ssh went on although {peer} shows another host key than the remembered one")
    };
    let shown = session.first(|kind| match kind {
        Kind::HostKey { fingerprint, .. } => fingerprint.as_deref(),
        _ => None,
    });
    let published = provider::named(session);
    let verdict = published.zip(shown).map(|(provider, (print, _))| match provider.host_key(print) {
        Some(key) if key.retired.is_none() => format!(
            " The key shown is the one that {} publishes, so the remembered one is out of date and may be replaced.",
            provider.name
        ),
        Some(key) => format!(
            " The key shown is one that {} withdrew on {}: do not trust it.",
            provider.name,
            key.retired.unwrap_or_default()
        ),
        None => format!(" The key shown is none of those that {} publishes: do not go on.", provider.name),
    });
    let name = known_as(scene);
    let mut draft = Draft::new(scene, Certainty::Certain, title, at)
        .severity(if stopped { Severity::Error } else { Severity::Warning })
        .and(scene, session.events.iter().filter(|event| matches!(event.kind, Kind::HostKeyWarned | Kind::HostKeyFailed)).map(|event| &event.at))
        .and(scene, shown.map(|(_, at)| at))
        .says(format!(
            "The server's identity is not the one that known_hosts holds. That is either a server that was set up anew, or \
             somebody in between; only the fingerprint tells.{}{}",
            verdict.unwrap_or_default(),
            if session.role == Role::Ci { " CI hosts reuse addresses and ports, so for them a change is common." } else { "" }
        ));
    draft = draft.fix(Fix::step("compare the fingerprint with what the server's owner publishes before anything else"));
    if !revoked {
        draft = draft.fix(quoted(scene, "if it is right, forget the old key", &["ssh-keygen", "-R", &name]));
    }
    draft.done()
}

/// A live attempt that was ended before anything was offered.
fn not_published(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    let (shown, at) = session.first(|kind| match kind {
        Kind::HostKeyNotPublished { fingerprint } => Some(fingerprint.as_str()),
        _ => None,
    })?;
    let provider = provider::named(session)?;
    let retired = provider
        .host_key(shown)
        .and_then(|key| key.retired)
        .map(|since| format!(" It was withdrawn on {since}."))
        .unwrap_or_default();
    Draft::new(scene, Certainty::Certain, format!("what answers as {} shows a host key that {} does not publish", session.peer(), provider.name), at)
        .says(format!("Published are: {}.{retired} Somebody else answers under this name: a proxy, a captive network, or an attacker. The attempt was ended there.", provider.published()))
        .fix(Fix::step("do not log in from this network; check DNS, proxies and the hosts file"))
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
    let peer = session.typed.as_ref().map_or(session.peer(), |typed| typed.host.as_str());
    Draft::new(scene, Certainty::Certain, format!("known_hosts has no key of {}, and none is published", session.peer()), at)
        .says(format!(
            "The server shows {shown}. Nothing here vouches for it, so git and ssh stop or ask; this check went on without remembering the key, and what \
             it found is only as good as that key."
        ))
        .fix(Fix::step("compare the fingerprint with what the server's owner publishes"))
        .fix(quoted(scene, "then connect once from a terminal and answer yes", &["ssh", "-T", "-o", "StrictHostKeyChecking=ask", peer]))
        .done()
}

pub(super) fn unknown(scene: &Scene<'_>) -> Option<Finding> {
    if let Some(finding) = unchecked(scene) {
        return Some(finding);
    }
    let session = scene.session();
    if !scene.ended(Outcome::HostKey)
        || session.any(|kind| {
            matches!(
                kind,
                Kind::HostKeyChanged { .. }
                    | Kind::HostKeyWarned
                    | Kind::HostKeyRevoked
                    | Kind::HostKeyNotPublished { .. }
            )
        })
    {
        return None;
    }
    let (_, at) = session
        .first(|kind| matches!(kind, Kind::HostKeyUnknown { .. }).then_some(()))
        .or_else(|| session.first(|kind| matches!(kind, Kind::HostKeyFailed).then_some(())))?;
    let peer = session.peer();
    let published = provider::named(session).filter(|provider| !provider.host_keys.is_empty());
    let prints = published.map(|provider| {
        Fix::step(format!("compare with the fingerprints that {} publishes: {}", provider.name, provider.published()))
    });
    Draft::new(scene, Certainty::Certain, format!("ssh does not know the host key of {peer} and may not accept it"), at)
        .and(scene, session.end.iter())
        .says("ssh has never met this server under this name, and it was told not to ask, or could not ask, whether to trust it. Keys of yours were not offered.")
        .fixes(prints)
        .fix(quoted(scene, "connect once from a terminal, compare the fingerprint, and answer yes", &["ssh", "-o", "StrictHostKeyChecking=ask", peer]))
        .done()
}
