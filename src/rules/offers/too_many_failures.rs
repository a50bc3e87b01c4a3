//! Too many wrong keys were offered before the right one had its turn.

use crate::model::{At, Capability, Certainty, Change, Fate, Finding, Fix, Key, Kind, Outcome, Reply};
use crate::rules::draft::Draft;
use crate::rules::offers::account;
use crate::rules::offers::keys::{count, refused_offers};
use crate::rules::rule::{Rule, Stage};
use crate::rules::scene::Scene;

pub(in crate::rules) const RULE: Rule = Rule {
    reasons: &["max-auth-tries"],
    explains: &["key-not-offered", "key-rejected"],
    check: Some(check),
    late_key: true,
    capabilities: &[Capability::Order, Capability::NamingAKey],
    ..Rule::of("too-many-failures", Stage::Offers, include_str!("../../../docs/causes/too-many-failures.md"))
};

fn check(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    let told = session.first(|kind| match kind {
        Kind::Disconnected { text, .. } if text.to_ascii_lowercase().contains("too many authentication failures") => {
            Some(())
        }
        _ => None,
    });
    let certainty = if told.is_some() { Certainty::Certain } else { Certainty::Likely };
    let at = told.map(|(_, at)| at).or_else(|| silent(scene))?;
    if session.outcome != Outcome::Disconnected && session.outcome != Outcome::Partial {
        return None;
    }
    let tried = session.offered.iter().filter(|offer| !offer.withheld()).count();
    let waiting = waiting(scene);
    let mut says = if tried > 0 {
        format!("The server counts refused keys and hung up after the {} that were offered.", count(tried, "key"))
    } else {
        "The server counts refused attempts and hung up.".to_owned()
    };
    if certainty != Certainty::Certain {
        says.push_str(" That is how it looks: the log shows the hang-up and not the server's reason.");
    }
    if let Some((key, place)) = &waiting {
        says.push_str(&format!(" {} was still to come: it is number {place} in ssh's list.", key.name()));
    }
    says.push_str(&account::tells(scene).unwrap_or_default());
    let passwords = session.refused_passwords();
    let title = match passwords {
        _ if tried > 0 || session.verbose() => "too many wrong keys before the right one",
        0 => "too many attempts at one login",
        _ => "too many attempts at one login, passwords among them",
    };
    if tried == 0 && passwords > 0 {
        says = format!(
            "The server counts each refused key and each refused password, and hung up. This log shows {} of passwords; \
             whether ssh had offered keys before, which counted too, a log without -v does not show.",
            count(passwords, "refusal")
        );
    }
    let unseen = tried == 0 && !session.verbose();
    let mut draft = Draft::new(scene, certainty, title, at)
        .and(scene, session.offered.iter().map(|offer| &offer.at))
        .says(says)
        .fixes(unseen.then(|| Fix::attempt("see with -v which keys are offered before", Change::none().flags(&["-v"]))))
        .fixes(account::other_key(scene));
    let next = waiting.as_ref().and_then(|(key, _)| key.file());
    match scene.unused_key().and_then(Key::file).or(next) {
        Some(path) => {
            let change = Change::none().key(path).option("IdentitiesOnly=yes");
            let block = scene.block().map(|block| block.with("IdentityFile", path).with("IdentitiesOnly", "yes"));
            let others = still_to_come(scene).filter(|other| *other != path).take(OTHERS);
            let alone = |path: &str| Change::none().key(path).option("IdentitiesOnly=yes");
            draft = draft
                .fix(Fix::rerun("offer that key alone", change))
                .fixes(others.map(|other| Fix::rerun("or this one, which was still to come, too", alone(other))))
                .fixes(block.map(|block| Fix::block("offer one key to this host, in ~/.ssh/config", block)));
        }
        None => {
            draft = draft.fix(Fix::step(
                "offer one key to this host: name it in ~/.ssh/config with IdentityFile, and set IdentitiesOnly yes",
            ).of_openssh());
        }
    }
    draft.fix(Fix::step("-i alone does not keep the agent's keys back; IdentitiesOnly does").of_openssh()).done()
}

/// Refused keys that make a hang-up look like a server's limit. OpenSSH's is six (`MaxAuthTries`); many set less.
const SEVERAL: usize = 3;

/// Refusals after which a hang-up looks so even where no key was left without an answer: OpenSSH's server answers the sixth by it.
const LIMIT: usize = 5;

/// A client that keeps a server's last words to itself: the connection was lost in the middle of a row of refused keys.
fn silent<'a>(scene: &Scene<'a>) -> Option<&'a At> {
    let session = scene.session();
    let open = session.offered.last().is_some_and(|last| last.reply() == Reply::Unanswered);
    let refused = refused_offers(&session.offered);
    let row = refused + usize::from(open) == session.offered.len() && refused >= if open { SEVERAL } else { LIMIT };
    let lost = scene.is_foreign() && scene.ended(Outcome::Disconnected);
    let said = session.any(|kind| matches!(kind, Kind::Disconnected { text, .. } if !text.is_empty()));
    session.end.as_ref().filter(|_| row && lost && !said)
}

/// Keys that get a command of their own beside the first.
const OTHERS: usize = 3;

/// Files that the user named and that were still to come.
fn still_to_come<'a>(scene: &Scene<'a>) -> impl Iterator<Item = &'a str> {
    let session = scene.session();
    let offered = move |key: &Key| session.offered.iter().any(|offer| offer.key.name() == key.name());
    session.events.iter().filter_map(move |event| match &event.kind {
        Kind::Planned { key, explicit: true, .. } if key.agent != Some(true) && !offered(key) => key.file(),
        _ => None,
    })
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
