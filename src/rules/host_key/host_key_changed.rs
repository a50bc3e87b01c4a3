//! The server's host key is not the one this machine remembers.

use crate::model::{At, Capability, Certainty, Finding, Fix, HostName, Kind, Outcome, Role, Session, Severity};
use crate::provider;
use crate::rules::draft::Draft;
use crate::rules::rule::{Rule, Stage};
use crate::rules::scene::Scene;

pub(in crate::rules) const RULE: Rule = Rule {
    check: Some(check),
    leads: true,
    once: true,
    capabilities: &[Capability::KnownHosts, Capability::HostAuthority],
    ..Rule::of("host-key-changed", Stage::HostKey, include_str!("../../../docs/causes/host-key-changed.md"))
};

fn check(scene: &Scene<'_>) -> Option<Finding> {
    if let Some(finding) = not_published(scene) {
        return Some(finding);
    }
    let session = scene.session();
    if let Some(finding) = none_of_them(scene) {
        return Some(finding);
    }
    let revoked = session.any(|kind| matches!(kind, Kind::HostKeyRevoked));
    let (_, at) = session
        .first(|kind| matches!(kind, Kind::HostKeyChanged { .. }).then_some(()))
        .or_else(|| session.first(|kind| matches!(kind, Kind::HostKeyWarned | Kind::HostKeyRevoked).then_some(())))?;
    // The box alone does not say whether ssh went on; only what came after it does.
    let went_on = !scene.ended(Outcome::HostKey) && session.reached_authentication();
    let peer = session.peer();
    let title = if revoked {
        format!("{peer} shows a host key that is marked as revoked")
    } else if went_on {
        format!("{} went on although {peer} shows another host key than the remembered one", scene.client())
    } else {
        format!("{peer} shows another host key than the remembered one")
    };
    let shown = session.first(|kind| match kind {
        Kind::HostKey { fingerprint, .. } => fingerprint.as_deref(),
        _ => None,
    });
    let published = provider::named(session).filter(|provider| !provider.host_keys.is_empty());
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
    let remembered = remembered(session);
    let mut draft = Draft::new(scene, Certainty::Certain, title, at)
        .severity(if went_on { Severity::Warning } else { Severity::Error })
        .and(scene, remembered.iter().map(|(_, at)| *at))
        .and(scene, shown.map(|(_, at)| at))
        .and(scene, session.events.iter().filter(|event| matches!(event.kind, Kind::HostKeyWarned | Kind::HostKeyFailed)).map(|event| &event.at))
        .says(format!(
            "The server's identity is not the one that known_hosts holds. That is either a server that was set up anew, or \
             somebody in between; only the fingerprint tells.{}{}",
            verdict.unwrap_or_default(),
            if session.role == Role::Ci { " CI hosts reuse addresses and ports, so for them a change is common." } else { "" }
        ));
    draft = draft.fix(Fix::step("compare the fingerprint with what the server's owner publishes before anything else"));
    let distrusted = published
        .zip(shown)
        .is_some_and(|(provider, (print, _))| provider.host_key(print).is_none_or(|key| key.retired.is_some()));
    if !revoked && !distrusted {
        draft = draft.fixes(forget(scene)).fixes(scene.again().filter(|_| !went_on));
    }
    draft.done()
}

/// How the old key is taken out of the file that holds it.
fn forget(scene: &Scene<'_>) -> Option<Fix> {
    let session = scene.session();
    let place = remembered(session).map(|(place, _)| place);
    // As known_hosts has the name.
    let told = session.first(|kind| match kind {
        Kind::HostKeyChanged { host: Some(host) } => HostName::try_from(host.as_str()).ok(),
        _ => None,
    });
    let name = told.map(|(name, _)| name.to_string()).or_else(|| known_as(scene));
    let fix = match (name, place) {
        (Some(name), Some((file, _))) if !is_users(scene, file) => {
            let title = "if it is right, forget the old key, which is not in the usual file";
            Fix::run(title, &["ssh-keygen", "-f", file, "-R", &name])
        }
        (Some(name), _) => Fix::run("if it is right, forget the old key", &["ssh-keygen", "-R", &name]),
        (None, Some((file, line))) => {
            Fix::step(format!("if it is right, forget the old key: take out line {line} of {file}"))
        }
        (None, None) => Fix::step("if it is right, forget the old key with ssh-keygen -R and the host's name"),
    };
    Some(fix.of_openssh())
}

/// The file and line that hold the old key.
fn remembered(session: &Session) -> Option<((&str, u32), &At)> {
    session.first(|kind| match kind {
        Kind::HostKeyRemembered { place: Some((file, line)), .. } => Some((file.as_str(), *line)),
        _ => None,
    })
}

/// Whether a file is the one that `ssh-keygen -R` changes.
fn is_users(scene: &Scene<'_>, file: &str) -> bool {
    const USUAL: &str = "/.ssh/known_hosts";
    match scene.case.facts.home.as_deref() {
        Some(home) => file.strip_suffix(USUAL) == Some(home.trim_end_matches('/')),
        None => file.replace('\\', "/").ends_with(USUAL),
    }
}

/// A client whose words are the same for another key and for a key of another type.
fn none_of_them(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    let (_, at) = session.first(|kind| matches!(kind, Kind::HostKeyNotAmong { .. }).then_some(()))?;
    if !scene.ended(Outcome::HostKey) {
        return None;
    }
    let title = format!("{} shows a host key that is none of the remembered ones", session.peer());
    let name = known_as(scene);
    let forget = |name: String| Fix::run("if it is right, forget the old key", &["ssh-keygen", "-R", &name]);
    Draft::new(scene, Certainty::Likely, title, at)
        .says(
            "Mostly the server's key is another one than before: it was set up anew, or somebody is in between. The words are \
             the same where known_hosts is right and lacks the type of key that was agreed upon, or has an @cert-authority \
             line alone.",
        )
        .fix(Fix::step("compare the fingerprint with what the server's owner publishes before anything else"))
        .fix(match &name {
            Some(name) => Fix::run("see which keys are remembered", &["ssh-keygen", "-F", name]),
            None => Fix::step("see which keys are remembered, with ssh-keygen -F and the host's name"),
        })
        .fixes(name.map(forget))
        .done()
}

/// The name under which known_hosts has a session's host, where the log shows one.
fn known_as(scene: &Scene<'_>) -> Option<String> {
    let session = scene.session();
    if let Some(alias) = session.alias.as_deref() {
        return HostName::try_from(alias).ok().map(|alias| alias.to_string());
    }
    let typed = session.typed.as_ref().map(|typed| typed.host.as_str());
    let name = HostName::try_from(session.host.as_deref().or(session.address.as_deref()).or(typed)?).ok()?;
    Some(match session.port {
        Some(port) if port != 22 => format!("[{name}]:{port}"),
        _ => name.to_string(),
    })
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
