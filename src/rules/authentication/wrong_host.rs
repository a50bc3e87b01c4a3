//! ssh talks to another machine than you think.

use crate::model::{Certainty, Finding, Fix, Kind, Outcome};
use crate::provider;
use crate::rules::draft::Draft;
use crate::rules::rule::{Rule, Stage};
use crate::rules::scene::Scene;

pub(in crate::rules) const RULE: Rule = Rule {
    explains: &["key-rejected", "method-unavailable"],
    check: Some(check),
    ..Rule::of("wrong-host", Stage::Authentication, include_str!("../../../docs/causes/wrong-host.md"))
};

fn check(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    if session.outcome == Outcome::Authenticated {
        return None;
    }
    let host = session.host.as_deref()?;
    let meant = provider::mistaken(host);
    let stranger = provider::by_host(host).filter(|provider| {
        let software = session.server_software.as_deref().unwrap_or_default();
        let theirs =
            ["dropbear", "ROSSSH", "Cisco", "OpenSSH_for_Windows"].iter().any(|name| software.starts_with(name));
        provider.id == "github" && (theirs || software.starts_with("OpenSSH_"))
    });
    let (_, at) = session.first(|kind| match kind {
        Kind::RemoteSoftware { .. } if stranger.is_some() => Some(()),
        Kind::Connecting { .. } | Kind::Authenticating { .. } | Kind::Denied { .. } | Kind::ConnectFailed { .. }
            if meant.is_some() =>
        {
            Some(())
        }
        _ => None,
    })?;
    let (title, says, right) = match (meant, stranger) {
        (Some(provider), _) => (
            format!("{host} is not {}'s git host", provider.name),
            "The name leads to another machine, which knows nothing of your keys.".to_owned(),
            provider.hosts.first().copied().unwrap_or_default(),
        ),
        (None, Some(provider)) => (
            format!("what answers as {host} is not {}", provider.name),
            format!(
                "The server calls itself {}, which {} does not use: a proxy, a hosts entry or a captive network answers in its place.",
                session.server_software.as_deref().unwrap_or_default(),
                provider.name
            ),
            host,
        ),
        (None, None) => return None,
    };
    Draft::new(scene, Certainty::Likely, title, at)
        .says(says)
        .fix(Fix::step(format!("use {right}, and compare the host key's fingerprint with the published one")))
        .done()
}
