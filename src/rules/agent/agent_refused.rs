//! The agent holds the key, but would not sign with it.

use crate::model::{Capability, Certainty, Finding, Fix, Kind, Outcome};
use crate::rules::draft::Draft;
use crate::rules::rule::{Rule, Stage};
use crate::rules::scene::Scene;

pub(in crate::rules) const RULE: Rule = Rule {
    explains: &["key-rejected", "accepted-then-denied"],
    check: Some(check),
    capabilities: &[Capability::Agent],
    ..Rule::of("agent-refused", Stage::Agent, include_str!("../../../docs/causes/agent-refused.md"))
};

fn check(scene: &Scene<'_>) -> Option<Finding> {
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
            if !silent
                || !unsigned
                || session.lacks_keys()
                || accepted.key.agent != Some(true)
                || session.outcome != Outcome::Denied
            {
                return None;
            }
            (Certainty::Likely, accepted.key.clone(), &accepted.at)
        }
    };
    if let Some(accepted) = &session.accepted {
        key.learn(&accepted.key);
    }
    let fixes = match key.file() {
        Some(path) if !path.ends_with(".pub") => {
            vec![Fix::run("load it into the agent again", &["ssh-add", path])]
        }
        _ => vec![],
    };
    let title = match key.is_named() {
        true => format!("the agent holds {} but would not sign with it", key.name()),
        false => "the agent would not sign with a key that it holds".to_owned(),
    };
    Draft::new(scene, certainty, title, at)
        .and(scene, session.accepted.iter().map(|accepted| &accepted.at))
        .says(format!(
            "{} is on this machine. Agents refuse when they are locked, when nobody confirms (1Password, Secretive, Touch ID, \
             ssh-add -c), when a card or its PIN is gone, or when the key may not be used for this host.{}",
            if session.accepted.is_some() { "The server had accepted the key: the fault" } else { "The fault" },
            if scene.is_foreign() { " A key that was added with ssh-add -h serves OpenSSH alone, at the right host, too." } else { "" }
        ))
        .fix(Fix::step("unlock the agent's program, or confirm its question"))
        .fixes(fixes)
        .fix(Fix::script("restart GnuPG's agent if it is the one", "gpgconf --kill gpg-agent"))
        .done()
}
