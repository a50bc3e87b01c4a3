//! Causes on the client's side that no key can mend.

use super::draft::quoted;
use super::{Draft, Scene, hangs};
use crate::model::{Certainty, Finding, Fix, Kind, Outcome};

pub(super) fn config_error(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    if !scene.ended(Outcome::ClientError) {
        return hangs::finding(scene);
    }
    let (text, at) = session.first(|kind| match kind {
        Kind::ConfigError { text } => Some(text.as_str()),
        _ => None,
    })?;
    let lower = text.to_ascii_lowercase();
    let owner = lower.contains("bad owner or permissions");
    let title = if owner {
        "ssh refuses its configuration file: others could write to it".to_owned()
    } else if lower.contains("bad port") {
        "ssh can't read the port on the command line".to_owned()
    } else {
        "ssh can't read its configuration".to_owned()
    };
    let draft = Draft::new(scene, Certainty::Certain, title, at)
        .and(
            scene,
            session.events.iter().filter(|event| matches!(event.kind, Kind::ConfigError { .. })).map(|event| &event.at),
        )
        .says("ssh stopped before it connected to anything. Nothing was offered, and no server was asked.");
    let file = text
        .split(": line")
        .next()
        .and_then(|start| start.split(" line ").next())
        .map(|file| file.trim_start_matches("Bad owner or permissions on "))
        .unwrap_or_default();
    if owner {
        return draft
            .fix(quoted(scene, "take the write permission from others", &["chmod", "600", file]))
            .fix(Fix::step("the file must belong to you or to root"))
            .done();
    }
    if lower.contains("usekeychain") {
        return draft
            .fix(Fix::config(
                "UseKeychain is Apple's own option and this is another ssh; put this line above it",
                "IgnoreUnknown UseKeychain",
            ))
            .done();
    }
    if lower.contains("bad port") {
        return draft.fix(Fix::step("write the port first and the address after it: ssh -p PORT ADDRESS")).done();
    }
    draft
        .fix(Fix::step("mend or remove the line that the message names"))
        .fix(Fix::step("an option of a newer release than this one can be kept below a line IgnoreUnknown NAME"))
        .done()
}

pub(super) fn multiplexed(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    let (_, at) =
        session.first(|kind| matches!(kind, Kind::Multiplexed { .. } | Kind::MultiplexFailed { .. }).then_some(()))?;
    let own = session.reached_authentication()
        || session.server_software.is_some()
        || session.any(|kind| {
            matches!(kind, Kind::Connecting { .. } | Kind::ResolveFailed { .. } | Kind::ConnectFailed { .. })
        });
    if own || !matches!(session.outcome, Outcome::Unknown | Outcome::ClientError | Outcome::Authenticated) {
        return None;
    }
    let host = session.typed.as_ref().map_or(session.peer(), |typed| typed.host.as_str());
    let broken = session.any(|kind| matches!(kind, Kind::MultiplexFailed { .. }));
    let title = if broken {
        "ssh tried to reuse an old connection, and that failed"
    } else {
        "ssh reused an old connection, so this log shows no login"
    };
    Draft::new(scene, Certainty::Certain, title, at)
        .and(scene, session.events.iter().filter(|event| matches!(event.kind, Kind::Multiplexed { .. } | Kind::MultiplexFailed { .. })).map(|event| &event.at))
        .says("ControlMaster is on: ssh joined a connection that was open already. Which key opened that one is not in this log, and -i makes no difference.")
        .fix(quoted(scene, "log in anew and show how", &["ssh", "-v", "-o", "ControlPath=none", host]))
        .fix(quoted(scene, "or end the old connection first", &["ssh", "-O", "exit", host]))
        .done()
}

pub(super) fn pubkey_disabled(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    if !matches!(session.outcome, Outcome::Denied | Outcome::Disconnected | Outcome::Unknown) {
        return None;
    }
    let offers_publickey = session.methods_first.as_ref()?.iter().any(|method| method == "publickey");
    let tried = session.any(|kind| {
        matches!(kind, Kind::NextMethod { method } if method == "publickey")
            || matches!(kind, Kind::Offering { .. } | Kind::TryingPrivate { .. })
    });
    // Another method came next, or ssh gave up at once: a cut log shows neither.
    let went_on = session.any(|kind| matches!(kind, Kind::NextMethod { .. } | Kind::NoMoreMethods));
    if !offers_publickey || tried || !went_on || !session.offered.is_empty() || session.accepted.is_some() {
        return None;
    }
    let (_, at) = session.first(|kind| matches!(kind, Kind::Methods { .. }).then_some(()))?;
    let (_, next) =
        session.first(|kind| matches!(kind, Kind::NextMethod { .. } | Kind::NoMoreMethods).then_some(()))?;
    let host = session.typed.as_ref().map_or(session.peer(), |typed| typed.host.as_str());
    Draft::new(scene, Certainty::Certain, "ssh did not try public keys, although the server takes them", at)
        .and(scene, [next])
        .says("The client's own configuration turns the method off: PubkeyAuthentication no, or PreferredAuthentications without publickey.")
        .fix(quoted(scene, "see which line says so", &["ssh", "-G", host]))
        .fix(quoted(scene, "turn it on for this connection", &["ssh", "-o", "PubkeyAuthentication=yes", "-o", "PreferredAuthentications=publickey", host]))
        .done()
}
