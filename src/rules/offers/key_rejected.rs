//! The server does not accept any of the keys that you offered.

use crate::model::{Capability, Certainty, Fate, Finding, Fix, Kind, Offer, Role, Severity};
use crate::provider;
use crate::rules::draft::Draft;
use crate::rules::offers::keys::{compared, refused_offers};
use crate::rules::rule::{Rule, Stage};
use crate::rules::scene::Scene;

pub(in crate::rules) const RULE: Rule = Rule {
    check: Some(check),
    of_the_end: true,
    another_key: true,
    capabilities: &[Capability::DefaultFiles, Capability::Order, Capability::RsaSha2, Capability::NamingAKey],
    ..Rule::of("key-rejected", Stage::Offers, include_str!("../../../docs/causes/key-rejected.md"))
};

fn check(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    let otherwise = scene.let_in_otherwise();
    if !scene.refused() && !otherwise || session.accepted.is_some() {
        return None;
    }
    let refused: Vec<&Offer> = session.offered.iter().filter(|offer| !offer.withheld()).collect();
    let first = refused.first()?;
    let answered = refused_offers(&session.offered) > 0;
    let closed = otherwise
        || session.any(|kind| {
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
        .severity(if otherwise { Severity::Warning } else { Severity::Error })
        .and(scene, refused.iter().skip(1).map(|offer| &offer.at))
        .and(scene, session.end.iter())
        .says(says);
    let path = refused.iter().find_map(|offer| offer.key.file());
    if session.role != Role::Ci {
        if let Some(page) = provider.and_then(|provider| provider.keys_page) {
            draft = draft.fix(Fix::visit("compare the fingerprint with the account's keys", page));
        }
        if let Some(path) = path {
            draft = draft.fix(Fix::run(
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
