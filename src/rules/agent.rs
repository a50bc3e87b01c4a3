//! The agent, FIDO authenticators and tokens: absent, silent, unwilling.

use super::draft::quoted;
use super::{Draft, Scene, local};
use crate::model::{Certainty, Finding, Fix, Kind, Outcome, Severity};

pub(super) fn agent_refused(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    if !scene.refused() {
        return None;
    }
    let told = session.last(|kind| match kind {
        Kind::AgentRefused { key } => Some(key.clone()),
        Kind::SigningFailed { key, reason }
            if key.agent == Some(true) && (reason.contains("agent") || reason.is_empty()) =>
        {
            Some(key.clone())
        }
        _ => None,
    });
    let (certainty, mut key, at) = match told {
        Some((key, at)) => (Certainty::Certain, key, at),
        None => {
            // 6.8 to 7.1 pass over an agent's refusal in silence; only an agent key's comment gives it away.
            let accepted = session.accepted.as_ref()?;
            let silent = session.openssh().is_some_and(|release| ((6, 8)..=(7, 1)).contains(&release));
            let unsigned = session.offered.iter().all(|offer| offer.then_refused().is_none());
            if !silent || !unsigned || accepted.key.agent != Some(true) || session.outcome != Outcome::Denied {
                return None;
            }
            (Certainty::Likely, accepted.key.clone(), &accepted.at)
        }
    };
    if let Some(accepted) = &session.accepted {
        key.learn(&accepted.key);
    }
    let fixes = match key.path.as_deref() {
        Some(path) if !path.ends_with(".pub") => {
            vec![quoted(scene, "load it into the agent again", &["ssh-add", path])]
        }
        _ => vec![],
    };
    Draft::new(scene, certainty, format!("the agent holds {} but would not sign with it", key.name()), at)
        .and(scene, session.accepted.iter().map(|accepted| &accepted.at))
        .says(
            "The server had accepted the key: the fault is on this machine. Agents refuse when they are locked, when nobody confirms \
             (1Password, Secretive, Touch ID, ssh-add -c), when a card or its PIN is gone, or when the key may not be used for this host.",
        )
        .fix(Fix::step("unlock the agent's program, or confirm its question"))
        .fixes(fixes)
        .fix(Fix::command("restart GnuPG's agent if it is the one", "gpgconf --kill gpg-agent"))
        .done()
}

pub(super) fn security_key(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    if session.outcome == Outcome::Authenticated || session.outcome == Outcome::Partial {
        return None;
    }
    let (reason, at) = session
        .last(|kind| match kind {
            Kind::SigningFailed { key, reason } if key.is_security_key() && !reason.contains("passphrase") => {
                Some(reason.clone())
            }
            _ => None,
        })
        .or_else(|| {
            session.last(|kind| match kind {
                Kind::SecurityKeyTrouble { reason, .. } => Some(reason.clone()),
                _ => None,
            })
        })?;
    // A key that was left out matters only if nothing else was there to offer.
    let left_out = session.last(|kind| {
        matches!(kind, Kind::SecurityKeyTrouble { reason, .. } if reason.contains("no SecurityKeyProvider"))
            .then_some(())
    });
    if left_out.is_some()
        && !session.offered.is_empty()
        && !session.offered.iter().any(|offer| offer.key.is_security_key())
    {
        return None;
    }
    let lines = session
        .events
        .iter()
        .filter(|event| matches!(event.kind, Kind::SecurityKeyTrouble { .. } | Kind::PresenceWanted { .. }))
        .map(|event| &event.at);
    let absent = reason.contains("device not found") || reason.contains("no device");
    Draft::new(scene, Certainty::Certain, format!("the security key could not sign: {reason}"), at)
        .and(scene, lines)
        .and(scene, session.accepted.iter().map(|accepted| &accepted.at))
        .says(if absent {
            "The file is only half of a FIDO key. The other half is in the authenticator, and none that holds it is plugged in.".to_owned()
        } else {
            "A FIDO key signs only through its authenticator and the library that talks to it; one of the two did not work.".to_owned()
        })
        .fix(Fix::step("plug in the authenticator, and touch it when it blinks"))
        .fix(Fix::step("use an ssh that was built with FIDO support, or name its library with SecurityKeyProvider"))
        .done()
}

pub(super) fn pkcs11(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    if session.outcome == Outcome::Authenticated || session.outcome == Outcome::Partial {
        return None;
    }
    let token_sign = session.last(|kind| match kind {
        Kind::SigningFailed { key, reason }
            if session.offered.iter().any(|offer| offer.token && offer.key.name() == key.name()) =>
        {
            Some(reason.clone())
        }
        _ => None,
    });
    let (reason, at) = session
        .first(|kind| match kind {
            Kind::TokenTrouble { reason } => Some(reason.clone()),
            _ => None,
        })
        .or(token_sign)?;
    let lines = session
        .events
        .iter()
        .filter(|event| matches!(event.kind, Kind::TokenTrouble { .. } | Kind::SigningFailed { .. }))
        .map(|event| &event.at);
    Draft::new(scene, Certainty::Certain, format!("the smart card or token failed: {reason}"), at)
        .and(scene, lines)
        .says("ssh was to use a key on a PKCS#11 token. The library, the token or its PIN did not work, so there was no key to sign with.")
        .fix(Fix::step("check the library's path, that the token is plugged in, and its PIN: ssh-keygen -D LIBRARY lists its keys"))
        .done()
}

pub(super) fn agent_unreachable(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    let Some((reason, at)) = session.first(|kind| match kind {
        Kind::AgentFailed { reason } => Some(reason.as_str()),
        _ => None,
    }) else {
        return local::agent_unreachable(scene);
    };
    let over = session.outcome == Outcome::Denied || scene.refused();
    let alone = over && session.offered.is_empty() && session.accepted.is_none();
    let severity = match (alone, session.outcome) {
        (true, _) => Severity::Error,
        (false, Outcome::Denied | Outcome::Disconnected) => Severity::Warning,
        _ => Severity::Note,
    };
    let windows = session.client.as_deref().is_some_and(|client| client.contains("Windows"));
    let fix = if windows {
        Fix::command(
            "start Windows' agent, once as administrator",
            "Get-Service ssh-agent | Set-Service -StartupType Automatic -PassThru | Start-Service",
        )
    } else {
        Fix::command("start an agent in this shell and load the keys", "eval \"$(ssh-agent -s)\" && ssh-add")
    };
    Draft::new(scene, Certainty::Certain, format!("ssh could not reach an agent: {reason}"), at)
        .severity(severity)
        .and(scene, session.end.iter().filter(|_| alone))
        .says("SSH_AUTH_SOCK or IdentityAgent names an agent that does not answer: it has ended, its socket is an old one (tmux, a forwarded agent), or it belongs to another user. Keys that only the agent holds were out of reach.")
        .fix(fix)
        .done()
}

pub(super) fn identities_only(scene: &Scene<'_>) -> Option<Finding> {
    kept_back(scene).or_else(|| local::identities_only(scene))
}

/// The agent's count against the plan: since 8.9 the log shows both.
fn kept_back(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    let over = session.outcome == Outcome::Denied || scene.refused();
    if !over || session.accepted.is_some() {
        return None;
    }
    let typed = session
        .typed
        .as_ref()
        .and_then(|typed| typed.option("IdentitiesOnly"))
        .is_some_and(|value| value.eq_ignore_ascii_case("yes"));
    let (count, at) = session.first(|kind| match kind {
        Kind::AgentCount { count } if *count > 0 => Some(*count),
        _ => None,
    })?;
    let planned = session.any(|kind| matches!(kind, Kind::Planned { .. }));
    let from_agent = session.any(|kind| matches!(kind, Kind::Planned { key, .. } if key.agent == Some(true)))
        || session.offered.iter().any(|offer| offer.key.agent == Some(true));
    if from_agent || !planned && !session.any(|kind| matches!(kind, Kind::NoMoreMethods)) {
        return None;
    }
    let nothing = session.offered.is_empty();
    let host = session.typed.as_ref().map_or(session.peer(), |typed| typed.host.as_str());
    let stands = if typed { "on the command line" } else { "in the configuration for this host" };
    Draft::new(scene, if nothing || typed { Certainty::Certain } else { Certainty::Likely }, format!("IdentitiesOnly keeps the agent's {count} key(s) back"), at)
        .severity(if nothing { Severity::Error } else { Severity::Warning })
        .and(scene, session.end.iter())
        .says(format!("The agent answered with {count} key(s), yet ssh planned to try none of them: IdentitiesOnly is set {stands}, and names other files. The right key may well be in the agent."))
        .fix(quoted(scene, "let ssh use the agent's keys for this connection", &["ssh", "-o", "IdentitiesOnly=no", host]))
        .fix(Fix::config("or name the key for this host; its public half is enough while the agent holds it", format!("Host {host}\n    IdentityFile ~/.ssh/KEY.pub\n    IdentitiesOnly yes")))
        .done()
}
