//! What the server made of the keys, and which it never saw.

use super::draft::quoted;
use super::{Draft, Scene, local};
use crate::model::{Certainty, Comparison, Fate, Finding, Fix, Key, Kind, Offer, Outcome, Reply, Role, Severity};
use crate::provider;
use crate::suggest::{self, Change};

/// How many offers were refused, counting the last one that a disconnect answered.
fn refused_offers(offers: &[Offer]) -> usize {
    offers.iter().filter(|offer| offer.reply() == Reply::Refused && !offer.withheld()).count()
}

pub(super) fn too_many_failures(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    let (_, at) = session.first(|kind| match kind {
        Kind::Disconnected { text, .. } if text.to_ascii_lowercase().contains("too many authentication failures") => {
            Some(())
        }
        _ => None,
    })?;
    if session.outcome != Outcome::Disconnected && session.outcome != Outcome::Partial {
        return None;
    }
    let tried = session.offered.iter().filter(|offer| !offer.withheld()).count();
    let waiting = waiting(scene);
    let mut says = if tried > 0 {
        format!("The server counts refused keys and hung up after the {} that ssh offered.", count(tried, "key"))
    } else {
        "The server counts refused attempts and hung up.".to_owned()
    };
    if let Some((key, place)) = &waiting {
        says.push_str(&format!(" {} was still to come: it is number {place} in ssh's list.", key.name()));
    }
    let host = session.typed.as_ref().map_or(session.peer(), |typed| typed.host.as_str());
    let mut draft = Draft::new(scene, Certainty::Certain, "too many wrong keys before the right one", at)
        .and(scene, session.offered.iter().map(|offer| &offer.at))
        .says(says);
    let path = waiting.as_ref().and_then(|(key, _)| key.path.as_deref());
    if let Some(path) = path {
        let change = Change { key: Some(path), options: vec!["IdentitiesOnly=yes"], ..Change::default() };
        if let Ok(command) = suggest::line(session, &change, scene.shell) {
            draft = draft.fix(Fix::command("offer that key alone", command));
        }
    }
    draft
        .fix(Fix::config(
            "offer one key to this host, in ~/.ssh/config",
            format!("Host {host}\n    IdentityFile {}\n    IdentitiesOnly yes", path.unwrap_or("~/.ssh/KEY")),
        ))
        .fix(Fix::step("-i alone does not keep the agent's keys back; IdentitiesOnly does"))
        .done()
}

/// A key that the user named, or that a git host took, and that was still to come.
fn waiting(scene: &Scene<'_>) -> Option<(Key, usize)> {
    let session = scene.session();
    let planned: Vec<(&Key, bool)> = session
        .events
        .iter()
        .filter_map(|event| match &event.kind {
            Kind::Planned { key, explicit, .. } => Some((key, *explicit)),
            _ => None,
        })
        .collect();
    let offered = |key: &Key| {
        session.offered.iter().any(|offer| offer.key.name() == key.name() && offer.key.fingerprint == key.fingerprint)
    };
    let wanted = scene
        .case
        .compared(scene.entry.id())
        .find_map(|comparison| comparison.key.clone().filter(|_| comparison.fate == Fate::NotReached));
    if let Some(wanted) = wanted {
        let place = planned.iter().position(|(key, _)| crate::model::same_key(key, &wanted) == Some(true));
        return Some((wanted, place.map_or(session.offered.len() + 1, |place| place + 1)));
    }
    let place = planned.iter().position(|(key, explicit)| *explicit && key.agent != Some(true) && !offered(key))?;
    Some((planned[place].0.clone(), place + 1))
}

fn count(number: usize, what: &str) -> String {
    if number == 1 { format!("one {what}") } else { format!("{number} {what}s") }
}

/// The comparison that matters for a session: a git host took a key.
fn compared<'a>(scene: &Scene<'a>) -> Option<&'a Comparison> {
    scene.case.compared(scene.entry.id()).find(|comparison| comparison.key.is_some())
}

pub(super) fn key_not_offered(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    if !(session.outcome == Outcome::Denied || scene.refused()) {
        return None;
    }
    let comparison = compared(scene)?;
    let key = comparison.key.as_ref()?;
    if !matches!(comparison.fate, Fate::NeverOffered | Fate::NotReached) || session.accepted.is_some() {
        return None;
    }
    let vcs = scene.case.session(comparison.vcs)?;
    let accepted = vcs.session.accepted.as_ref()?;
    let at = session
        .offered
        .first()
        .map(|offer| &offer.at)
        .or_else(|| session.last(|kind| matches!(kind, Kind::TryingPrivate { .. }).then_some(())).map(|(_, at)| at))
        .or(session.end.as_ref())?;
    let (peer, git) = (session.peer(), vcs.session.peer());
    let certainty = if comparison.proven { Certainty::Certain } else { Certainty::Likely };
    let mut says = format!("{git} accepts {}, and ssh did not offer that key to {peer}. ", describe(key));
    says.push_str(&match session.offered.len() {
        0 => "It offered none at all.".to_owned(),
        number => format!(
            "It offered {} instead, and {} refused.",
            count(number, "other key"),
            if number == 1 { "it was" } else { "all were" }
        ),
    });
    says.push_str(" A Host block for the git host does not apply to a CI host's address.");
    let mut draft =
        Draft::new(scene, certainty, format!("{} opens {git} but was not offered to {peer}", key.name()), at)
            .and_of(vcs.source, [&accepted.at])
            .and(scene, session.offered.iter().map(|offer| &offer.at))
            .and(scene, session.end.iter())
            .says(says);
    match key.path.as_deref() {
        Some(path) => {
            let change = Change { key: Some(path), options: only(scene), ..Change::default() };
            match suggest::line(session, &change, scene.shell) {
                Ok(command) => draft = draft.fix(Fix::command("name the key on the command line", command)),
                Err(trouble) => {
                    draft = draft.fix(Fix::step(format!("name the key with -i; no command is shown: {trouble}")))
                }
            }
        }
        None => draft = draft.fixes(through_public_half(scene, key)),
    }
    draft.done()
}

/// `IdentitiesOnly=yes`, where the agent's keys would come before the named one.
pub(crate) fn only(scene: &Scene<'_>) -> Vec<&'static str> {
    let session = scene.session();
    let in_the_way = session.outcome == Outcome::Disconnected
        || session.offered.iter().any(|offer| offer.key.agent == Some(true) || offer.key.path.is_none())
        || session.any(|kind| matches!(kind, Kind::Planned { key, .. } if key.agent == Some(true)));
    if in_the_way { vec!["IdentitiesOnly=yes"] } else { Vec::new() }
}

/// A key that only the agent holds is chosen by its public half.
fn through_public_half(scene: &Scene<'_>, key: &Key) -> Vec<Fix> {
    let Some(label) = key.label.as_deref() else {
        return vec![Fix::step(
            "the key has no file: save its line of ssh-add -L to a file that ends in .pub, and name that file with -i",
        )];
    };
    let public = "~/.ssh/agent-key.pub";
    let change = Change { key: Some(public), options: vec!["IdentitiesOnly=yes"], ..Change::default() };
    let mut fixes = Vec::new();
    match crate::shell::join(&["grep", "-F", "-e", label], scene.shell) {
        Ok(grep) if scene.shell == crate::shell::Shell::Sh => {
            fixes.push(Fix::command(
                "the key is in the agent only: save its public half",
                format!("ssh-add -L | {grep} > {public}"),
            ));
        }
        _ => fixes.push(Fix::step(format!("the key is in the agent only: save its line of ssh-add -L to {public}"))),
    }
    if let Ok(command) = suggest::line(scene.session(), &change, scene.shell) {
        fixes.push(Fix::command("then choose it by that", command));
    }
    fixes
}

fn describe(key: &Key) -> String {
    let mut text = key.name().to_owned();
    if let Some(kind) = &key.kind {
        text.push_str(&format!(" ({kind}"));
        if let Some(print) = key.whole_fingerprint().filter(|print| *print != key.name()) {
            text.push_str(&format!(" {print}"));
        }
        text.push(')');
    }
    if key.path.is_none() && key.label.is_some() {
        text.insert_str(0, "the agent's key ");
    }
    text
}

pub(super) fn signature_algorithm(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    // GitHub's own words come after a login.
    let told = session.first(|kind| matches!(kind, Kind::NoMutualAlgorithm).then_some(()));
    let skipped = session.first(|kind| match kind {
        Kind::Skipped { key, reason } if !reason.contains("Invalid key length") => Some((key.clone(), reason.clone())),
        _ => None,
    });
    let sha1 = told.is_some_and(|(_, at)| at.text.contains("RSA key with SHA-1"));
    if !(sha1 || session.outcome == Outcome::Denied || scene.refused()) || session.accepted.is_some() && !sha1 {
        return None;
    }
    let old = session.openssh().is_some_and(|release| release < (8, 5));
    let keyword = if old { "PubkeyAcceptedKeyTypes" } else { "PubkeyAcceptedAlgorithms" };
    let host = session.typed.as_ref().map_or(session.peer(), |typed| typed.host.as_str());
    if let Some((_, at)) = told {
        let withheld = session.offered.iter().find(|offer| offer.withheld());
        let name = withheld.map_or("the RSA key", |offer| offer.key.name());
        // Another key that the server did look at and refuse makes this one explanation of two.
        let others = refused_offers(&session.offered);
        let allowed = format!("{keyword}=+ssh-rsa");
        let change = Change {
            key: withheld.and_then(|offer| offer.key.path.as_deref()),
            options: vec![&allowed],
            ..Change::default()
        };
        return Draft::new(scene, Certainty::Certain, format!("{name} was not sent: no signature algorithm that both sides allow"), at)
            .and(scene, withheld.map(|offer| &offer.at))
            .and(scene, session.end.iter())
            .says(format!(
                "ssh announced the RSA key, then found that it may sign only with SHA-2 while the server offers SHA-1 alone (or does not \
                 say what it takes). The key itself is fine, and the server has not judged it.{}",
                if others > 0 { " Other keys were sent, and refused." } else { "" }
            ))
            .fix(Fix::command("best: make an ed25519 key and register it", "ssh-keygen -t ed25519"))
            .fixes(suggest::line(session, &change, scene.shell).ok().map(|command| Fix::command("stopgap: allow SHA-1 for this connection", command)))
            .fix(Fix::config("or for this host alone, in ~/.ssh/config", format!("Host {host}\n    {keyword} +ssh-rsa")))
            .done();
    }
    let ((key, reason), at) = skipped?;
    Draft::new(scene, Certainty::Certain, format!("ssh left out {}: {reason}", key.name()), at)
        .and(scene, session.end.iter())
        .severity(if refused_offers(&session.offered) > 0 { Severity::Warning } else { Severity::Error })
        .says("The client's list of allowed algorithms, or the server's, does not hold this key's type, so the key was never offered.")
        .fix(Fix::command("best: make an ed25519 key and register it", "ssh-keygen -t ed25519"))
        .fix(quoted(scene, "see the list that this ssh uses", &["ssh", "-G", host]))
        .done()
}

pub(super) fn key_rejected(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    if !(session.outcome == Outcome::Denied || scene.refused()) || session.accepted.is_some() {
        return None;
    }
    let refused: Vec<&Offer> = session.offered.iter().filter(|offer| !offer.withheld()).collect();
    let first = refused.first()?;
    let answered = refused_offers(&session.offered) > 0;
    let closed = session.any(|kind| {
        matches!(kind, Kind::Denied { .. } | Kind::NoMoreMethods)
            || matches!(kind, Kind::NextMethod { method } if method != "publickey")
    });
    if !answered && !closed {
        return None;
    }
    let comparison = compared(scene).filter(|comparison| comparison.fate == Fate::Refused);
    let provider = provider::of(session);
    let names: Vec<_> = refused.iter().take(3).map(|offer| offer.key.name()).collect();
    let title = match (refused.len(), session.peer()) {
        (1, peer) => format!("{peer} does not take {}", names[0]),
        (number, peer) => format!("{peer} takes none of the {number} keys that were offered"),
    };
    let mut says = format!(
        "Offered and refused: {}{}. The server does not know {} for this user; the log can't show why.",
        names.join(", "),
        if refused.len() > 3 { ", …" } else { "" },
        if refused.len() == 1 { "the key" } else { "them" }
    );
    if let Some(vcs) = comparison.and_then(|comparison| scene.case.session(comparison.vcs)) {
        says.push_str(&format!(" The same key opens {}.", vcs.session.peer()));
    }
    let mut draft = Draft::new(scene, Certainty::Certain, title, &first.at)
        .and(scene, refused.iter().skip(1).map(|offer| &offer.at))
        .and(scene, session.end.iter())
        .says(says);
    let path = refused.iter().find_map(|offer| offer.key.path.as_deref());
    if session.role != Role::Ci {
        if let Some(page) = provider.and_then(|provider| provider.keys_page) {
            draft = draft.fix(Fix::step(format!("compare the fingerprint with the account's keys: {page}")));
        }
        if let Some(path) = path {
            draft = draft.fix(quoted(
                scene,
                "print the public half to register",
                &["ssh-keygen", "-y", "-f", path.trim_end_matches(".pub")],
            ));
        }
    }
    if provider.is_none() {
        draft = draft.fix(Fix::step("check the user name, and on the server ~/.ssh/authorized_keys and its log"));
    }
    draft.done()
}

pub(super) fn certificate(scene: &Scene<'_>) -> Option<Finding> {
    if let Some(finding) = local::certificate(scene) {
        return Some(finding);
    }
    let session = scene.session();
    if !scene.refused() && session.outcome != Outcome::Denied {
        return None;
    }
    let offer = session.offered.iter().find(|offer| offer.key.is_certificate() && offer.reply() == Reply::Refused)?;
    let file = offer
        .key
        .path
        .as_deref()
        .map(|path| format!("{}-cert.pub", path.trim_end_matches(".pub").trim_end_matches("-cert")));
    let draft = Draft::new(scene, Certainty::Possible, "a certificate was offered and refused", &offer.at)
        .severity(Severity::Warning)
        .and(scene, offer.answer())
        .says("A certificate is refused when it has expired, is not valid yet, names other principals, or its CA is not trusted by the server. The client's log looks the same for all of these.");
    match &file {
        Some(file) => draft.fix(quoted(scene, "read its dates, principals and CA", &["ssh-keygen", "-L", "-f", file])),
        None => draft.fix(Fix::step("read its dates, principals and CA with ssh-keygen -L -f FILE-cert.pub")),
    }
    .done()
}

/// The git host says yes to this very key, the CI host says no.
pub(super) fn ci_keys(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    let comparison = compared(scene).filter(|comparison| comparison.fate == Fate::Refused)?;
    let vcs = scene.case.session(comparison.vcs)?;
    let key = comparison.key.as_ref()?;
    let offer = session
        .offered
        .iter()
        .find(|offer| offer.reply() == Reply::Refused && crate::model::same_key(&offer.key, key) != Some(false))?;
    let who = vcs.session.login.as_deref().map(|login| format!(" (there it belongs to {login})")).unwrap_or_default();
    Draft::new(scene, Certainty::Possible, format!("{} opens {} but not {}", key.name(), vcs.session.peer(), session.peer()), &offer.at)
        .severity(Severity::Warning)
        .and_of(vcs.source, vcs.session.accepted.iter().map(|accepted| &accepted.at))
        .says(format!(
            "A CI host takes the keys of the person who started the rerun, as they were at that moment{who}. Another person may have \
             started it, the key may be newer than the job, the project may take keys from its CI's own page only, or the port now belongs \
             to another job."
        ))
        .fix(Fix::step("rerun the job with SSH yourself, and use the command that it prints"))
        .fix(Fix::step("CircleCI projects that are connected by GitHub App or GitLab take keys from https://app.circleci.com/settings/user/job-ssh-keys only"))
        .done()
}
