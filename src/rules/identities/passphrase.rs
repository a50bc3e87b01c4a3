//! The key is encrypted, and ssh did not get its passphrase.

use crate::model::{At, Author, Capability, Certainty, Fact, Finding, Fix, Kind, Offer, Outcome, Session, Step};
use crate::rules::draft::Draft;
use crate::rules::here;
use crate::rules::identities::files::{is_public, is_puttys, lives};
use crate::rules::rule::{Rule, Stage};
use crate::rules::scene::Scene;

pub(in crate::rules) const RULE: Rule = Rule {
    explains: &["no-identity", "key-rejected", "accepted-then-denied"],
    check: Some(check),
    once: true,
    capabilities: &[Capability::Encrypted],
    ..Rule::of("passphrase", Stage::Identities, include_str!("../../../docs/causes/passphrase.md"))
};

/// A key that ssh had to ask a passphrase for and could not, or got a wrong one.
fn check(scene: &Scene<'_>) -> Option<Finding> {
    if let Some(finding) = by_facts(scene) {
        return Some(finding);
    }
    if !scene.refused() {
        return None;
    }
    let session = scene.session();
    let asked = asked(session).filter(|(offer, ..)| scene.is_foreign() || !offer.key.file().is_some_and(is_puttys));
    let (certainty, at) = match (&asked, silent_after_accept(session)) {
        (Some((offer, step, at)), _) => {
            // A prompt at which the log ends is an open question and no failure.
            let open = **step == Step::Prompted && offer.last() == Some(step);
            if open && session.outcome == Outcome::Unknown {
                return None;
            }
            (Certainty::Certain, *at)
        }
        (None, Some(at)) => {
            // Local facts settle it: an open key has failed for another reason.
            let path = session.accepted.as_ref().and_then(|accepted| accepted.key.path.as_deref());
            if path.is_some_and(|path| is_open(scene, path) || is_public(path)) {
                return None;
            }
            let sure = path.is_some_and(|path| is_encrypted(scene, path));
            (if sure { Certainty::Certain } else { Certainty::Likely }, at)
        }
        (None, None) => unasked(session).or_else(|| Some((Certainty::Likely, unopened(scene)?)))?,
    };
    let unread = session.last(|kind| match kind {
        Kind::LoadKeyFailed { path, public: false, .. } => Some(path.as_str()),
        _ => None,
    });
    let path = asked
        .and_then(|(offer, ..)| offer.key.file())
        .or_else(|| session.accepted.as_ref().and_then(|accepted| accepted.key.file()))
        .or_else(|| unread.map(|(path, _)| path));
    let terminal = session.any(|kind| matches!(kind, Kind::NoTerminal { .. }));
    let old = session.openssh().is_some_and(|release| release <= (7, 5));
    let name = path.unwrap_or("the key");
    let title = if certainty == Certainty::Possible {
        format!("{} wanted a passphrase or a password, and had no way to ask for it", scene.client())
    } else if terminal {
        format!("{name} is encrypted, and {} had no way to ask for its passphrase", scene.client())
    } else {
        format!("{name} is encrypted, and {} got no passphrase for it, or a wrong one", scene.client())
    };
    let draft = Draft::new(scene, certainty, title, at)
        .and(scene, session.accepted.iter().map(|accepted| &accepted.at))
        .and(scene, lives(session).flat_map(|offer| &offer.steps).filter(|(step, _)| failed(step)).map(|(_, at)| at))
        .and(scene, unread.filter(|(file, _)| asked.is_none() && path == Some(file)).map(|(_, at)| at))
        .says(format!(
            "{} Unlock it once with the agent; then nothing has to ask.{}",
            if session.accepted.is_some() {
                "The server accepted the key; signing with it failed here, on this machine."
            } else {
                "The private key could not be opened."
            },
            if old {
                " Releases up to 7.5 say the same of a file that is no key at all, so look at the file too."
            } else {
                ""
            }
        ));
    let askpass = session.any(|kind| {
        matches!(kind, Kind::NoTerminal { reason } if reason.contains("askpass") || reason.contains("CreateProcess"))
    });
    let draft = match path {
        Some(path) if is_puttys(path) => {
            draft.fix(Fix::step("load the file into Pageant, which asks for its passphrase once"))
        }
        Some(path) => draft
            .fix(Fix::run("put the key into the agent", &["ssh-add", path]))
            .fix(Fix::run("check that the file is a key and encrypted", &["ssh-keygen", "-y", "-P", "", "-f", path])),
        None => draft.fix(Fix::step("put the key into the agent with ssh-add")),
    };
    draft
        .fixes(askpass.then(|| {
            Fix::step("or let ssh ask: SSH_ASKPASS, or git's core.askPass, names a program that does not run here")
        }))
        .done()
}

fn failed(step: &Step) -> bool {
    matches!(step, Step::Unasked | Step::NoPassphrase)
}

/// The last key whose passphrase was wanted, with the last step and line that say so.
fn asked(session: &Session) -> Option<(&Offer, &Step, &At)> {
    let wanted = |offer: &'_ Offer| offer.steps.iter().rposition(|(step, _)| *step == Step::Prompted || failed(step));
    lives(session)
        .filter_map(|offer| wanted(offer).map(|index| (offer, &offer.steps[index].0, &offer.steps[index].1)))
        .max_by_key(|(_, _, at)| at.line)
}

/// PK_OK, and then the next key or the end without a word: in BatchMode ssh passes over an encrypted key so.
fn silent_after_accept(session: &Session) -> Option<&At> {
    let at = session.offered.iter().rev().find_map(Offer::passed_over_in_silence)?;
    // Up to 7.1 an agent's refusal is just as silent.
    let agent = session.accepted.as_ref().is_some_and(|accepted| accepted.key.agent == Some(true));
    let silent_agent = session.openssh().is_some_and(|release| ((6, 8)..=(7, 1)).contains(&release));
    let told = session.author != Author::OPENSSH;
    (!agent && !silent_agent && !told).then_some(at)
}

/// Another client whose signature failed after the server's yes, with a key that is a file's.
fn unopened<'a>(scene: &Scene<'a>) -> Option<&'a At> {
    let session = scene.session();
    let accepted = session.accepted.as_ref().filter(|_| scene.is_foreign())?;
    let (_, at) = session.last(|kind| match kind {
        Kind::SigningFailed { key, .. } => (key.agent != Some(true)).then_some(()),
        Kind::LoadKeyFailed { path, public: false, .. } => (accepted.key.path.as_ref() == Some(path)).then_some(()),
        _ => None,
    })?;
    (accepted.key.agent != Some(true)).then_some(at)
}

/// Without -v the log shows only that ssh could not ask for something. Where the server takes neither a password nor
/// answers, or a key file stands beside it that could not be loaded, it was a passphrase.
fn unasked(session: &Session) -> Option<(Certainty, &At)> {
    let (_, at) = session.last(|kind| matches!(kind, Kind::NoTerminal { .. }).then_some(()))?;
    let answers = |method: &String| matches!(method.as_str(), "password" | "keyboard-interactive");
    let only_keys = session.methods_left.as_ref().is_some_and(|left| !left.iter().any(answers));
    let unread = session.any(|kind| matches!(kind, Kind::LoadKeyFailed { public: false, .. }));
    // A log with -v shows the offers, too, and what was asked for.
    let open = session.offered.is_empty() && session.accepted.is_none() && (only_keys || !session.verbose());
    open.then_some((if only_keys || unread { Certainty::Likely } else { Certainty::Possible }, at))
}

/// A key that the log shows as tried, whose file is encrypted; ssh had nobody to ask.
fn by_facts(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    if !scene.refused() {
        return None;
    }
    let encrypted = |path: &str| here::file(scene, path).is_some_and(|file| file.encrypted == Fact::Known(true));
    let signed = |path: &str| {
        session.offered.iter().any(|offer| offer.key.path.as_deref() == Some(path) && offer.signed_at_once())
    };
    let (path, at) = session.first(|kind| match kind {
        Kind::TryingPrivate { path } if encrypted(path) && !signed(path) => Some(path.as_str()),
        _ => None,
    })?;
    Draft::new(scene, Certainty::Certain, format!("{path} is encrypted, and ssh could not ask for its passphrase"), at)
        .fact(path, "is encrypted")
        .says("The key has no public half beside it, so ssh has to open it before it can offer anything, and there was nobody to ask for the passphrase.")
        .fix(Fix::run("put the key into the agent", &["ssh-add", path]))
        .done()
}

/// Whether a file is known not to be encrypted, so that a silent failure has another reason.
fn is_open(scene: &Scene<'_>, path: &str) -> bool {
    here::file(scene, path).is_some_and(|file| file.encrypted == Fact::Known(false))
}

fn is_encrypted(scene: &Scene<'_>, path: &str) -> bool {
    here::file(scene, path).is_some_and(|file| file.encrypted == Fact::Known(true))
}
