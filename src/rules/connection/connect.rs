//! What could not be connected to, and the ways round it.

use crate::model::{At, Change, Fix, HostName, Kind, Outcome, Role};
use crate::provider;
use crate::rules::scene::Scene;

/// What the system said when it could not connect, and the line.
pub(in crate::rules) fn connect_error<'a>(scene: &Scene<'a>, wanted: &[&str]) -> Option<(&'a str, &'a At)> {
    let session = scene.session();
    if !scene.ended(Outcome::Network) {
        return None;
    }
    // Each client has its own capitals for the system's words.
    let fits = |reason: &str| {
        let reason = reason.to_ascii_lowercase();
        wanted.iter().any(|text| reason.contains(&text.to_ascii_lowercase()))
    };
    // The last address decides; the client's own closing line is the better one to quote, and where that has a reason of
    // its own, what became of one of several addresses is none.
    let closing = session.last(|kind| matches!(kind, Kind::ConnectFailed { reason, .. } if fits(reason)).then_some(()));
    let otherwise = session.any(|kind| matches!(kind, Kind::ConnectFailed { reason, .. } if tells(reason)));
    let (_, at) = closing.or_else(|| {
        session.last(|kind| match kind {
            Kind::AddressFailed { reason, .. } => (!otherwise && fits(reason)).then_some(()),
            Kind::ConnectionFailed { reason, .. } => fits(reason).then_some(()),
            _ => None,
        })
    })?;
    Some((session.peer(), at))
}

/// Whether a closing line says more than that there is no connection.
fn tells(reason: &str) -> bool {
    let reason = reason.to_ascii_lowercase();
    ["refused", "timed out", "timeout", "unreachable", "no route"].iter().any(|words| reason.contains(words))
}

pub(in crate::rules) fn failed_addresses<'a>(scene: &Scene<'a>) -> Vec<&'a At> {
    scene
        .session()
        .events
        .iter()
        .filter(|event| matches!(event.kind, Kind::AddressFailed { .. }))
        .map(|event| &event.at)
        .collect()
}

/// ` on port N`: ssh's own default where none is named, and nothing where the log of another client names none.
pub(in crate::rules) fn on_port(scene: &Scene<'_>) -> String {
    let default = Some(22).filter(|_| !scene.is_foreign());
    scene.session().port.or(default).map(|port| format!(" on port {port}")).unwrap_or_default()
}

/// The way round a blocked port 22, where the provider has one: for now, and in the configuration.
pub(in crate::rules) fn other_port(scene: &Scene<'_>) -> Vec<Fix> {
    let session = scene.session();
    let Some(provider) = provider::named(session) else { return Vec::new() };
    let Some((host, port)) = provider.alternate.filter(|(_, port)| session.port != Some(*port)) else {
        return Vec::new();
    };
    let Ok(host) = HostName::try_from(host) else { return Vec::new() };
    let typed = session.typed.as_ref().and_then(|typed| typed.user.as_deref());
    let user = typed.or(session.user.as_deref()).or(provider.users.first().copied());
    let compared = scene.case.compared(scene.entry.id()).find_map(|comparison| comparison.key.as_ref());
    let block = scene.block().map(|block| {
        let block = block.with("HostName", host.as_str()).with("Port", port.to_string());
        user.map_or(block.clone(), |user| block.with("User", user))
    });
    let now = user.map(|user| {
        let change = Change {
            key: compared.and_then(|key| key.file()).map(str::to_owned),
            user: Some(user.to_owned()),
            way: Some((host, port)),
            ..Change::none().flags(&["-T"])
        };
        Fix::rerun(format!("reach {} on port {port}, which firewalls seldom block", provider.name), change)
    });
    let kept = block.map(|block| {
        Fix::block(format!("reach {} on port {port} each time; put this into ~/.ssh/config", provider.name), block)
    });
    now.into_iter().chain(kept).collect()
}

pub(in crate::rules) fn rerun(scene: &Scene<'_>) -> Option<Fix> {
    let session = scene.session();
    // A job's server has a port of its own; what is named beside a job has mostly the usual one.
    let own = session.port.is_some_and(|port| port != 22);
    (session.role == Role::Ci && own).then(|| {
        Fix::step("if the CI job has ended, its SSH server is gone: rerun the job with SSH and use the new command")
    })
}
