//! The key that opens the git host was never offered to this server.

use crate::model::fix::Piece;
use crate::model::{Capability, Certainty, Change, Fate, Finding, Fix, Key, Kind};
use crate::rules::draft::Draft;
use crate::rules::here;
use crate::rules::offers::by_agent;
use crate::rules::offers::keys::{compared, count, digests, only, other_client};
use crate::rules::rule::{Rule, Stage};
use crate::rules::scene::Scene;

pub(in crate::rules) const RULE: Rule = Rule {
    explains: &["key-rejected", "no-identity", "agent-unreachable"],
    check: Some(check),
    of_the_end: true,
    of_the_beginning: true,
    capabilities: &[Capability::Agent, Capability::DefaultFiles, Capability::Order, Capability::NamingAKey],
    ..Rule::of("key-not-offered", Stage::Offers, include_str!("../../../docs/causes/key-not-offered.md"))
};

fn check(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    // Where no key is taken, none is missing.
    if !scene.refused() || scene.takes_no_keys() {
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
    // Two runs to one host: another user, machine or configuration; or another client.
    let other = other_client(scene, comparison);
    let same = session.same_place(vcs.session);
    let there = if same { "in this run".to_owned() } else { format!("to {peer}") };
    let mut says = match other {
        Some(other) => {
            format!("{other} logs in to {git} with {}, and {} did not offer that key. ", describe(key), scene.client())
        }
        None => format!("{git} accepts {}, and {} did not offer that key {there}. ", describe(key), scene.client()),
    };
    says.push_str(&match session.offered.len() {
        0 => "It offered none at all.".to_owned(),
        number => format!(
            "It offered {} instead, and {} refused.",
            count(number, "other key"),
            if number == 1 { "it was" } else { "all were" }
        ),
    });
    says.push_str(digests(scene).unwrap_or_default());
    let agent = by_agent::option(scene, &vcs, key);
    if agent.is_some() {
        says.push_str(" The agent that holds it is not asked for this host.");
    }
    says.push_str(match (other, same) {
        (Some(_), _) => "",
        (None, true) => " Both went to the same host, so what differs is on this side: the local user and home, the agent, the configuration.",
        (None, false) => " A Host block for the git host does not apply to a CI host's address.",
    });
    let title = match other {
        Some(other) => format!("{other} logs in to {git} with {}, which {} did not offer", key.name(), scene.client()),
        None => format!("{} opens {git} but was not offered {there}", key.name()),
    };
    let mut draft = Draft::new(scene, certainty, title, at)
        .and_of(vcs.source, [&accepted.at])
        .and(scene, session.offered.iter().map(|offer| &offer.at))
        .and(scene, session.end.iter())
        .says(says);
    match (key.file(), agent) {
        (Some(path), agent) => {
            let title = match agent {
                Some(_) => "name the key, and the agent that has it, on the command line",
                None => "name the key on the command line",
            };
            let options = agent.into_iter().chain(only(scene)).collect();
            draft = draft.fix(Fix::rerun(title, Change { key: Some(path.to_owned()), options, ..Change::none() }));
        }
        (None, Some(agent)) => {
            let back = here::facts(scene).and_then(|facts| facts.option("identitiesonly")) == Some("yes");
            let all = back.then(|| "IdentitiesOnly=no".to_owned());
            let change = Change { options: [agent].into_iter().chain(all).collect(), ..Change::none() };
            draft = draft.fix(Fix::rerun("name the agent that has the key on the command line", change));
        }
        (None, None) => {
            let back = scene.agent_kept_back();
            let change = Change::none().option("IdentitiesOnly=no");
            draft = draft
                .fixes(back.then(|| Fix::rerun("let ssh use the agent's keys for this connection", change)))
                .fixes(through_public_half(key));
        }
    }
    draft.done()
}

/// Where a key of the agent's gets its public half written.
const PUBLIC: &str = "~/.ssh/agent-key.pub";

/// A key that only the agent holds is chosen by its public half.
fn through_public_half(key: &Key) -> Vec<Fix> {
    let Some(label) = key.label.as_deref() else {
        return vec![Fix::step(
            "the key has no file: save its line of ssh-add -L to a file that ends in .pub, and name that file with -i",
        ).of_openssh()];
    };
    let save = vec![
        Piece::Own("ssh-add -L | grep -F -e"),
        Piece::Word(label.to_owned()),
        Piece::Own("> ~/.ssh/agent-key.pub"),
    ];
    let change = Change::none().key(PUBLIC).option("IdentitiesOnly=yes");
    vec![
        Fix::bourne(format!("the key is in the agent only: save its line of ssh-add -L to {PUBLIC}"), save)
            .of_openssh(),
        Fix::attempt("then choose it by that", change),
    ]
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
