//! An RSA key, but no kind of signature that both sides allow.

use crate::model::{Capability, Certainty, Change, Finding, Fix, Kind, Severity};
use crate::rules::draft::Draft;
use crate::rules::offers::keys::refused_offers;
use crate::rules::rule::{Rule, Stage};
use crate::rules::scene::Scene;

pub(in crate::rules) const RULE: Rule = Rule {
    reasons: &["algorithm-not-accepted"],
    explains: &["key-rejected", "no-identity"],
    check: Some(check),
    capabilities: &[Capability::RsaSha2],
    ..Rule::of("signature-algorithm", Stage::Offers, include_str!("../../../docs/causes/signature-algorithm.md"))
};

fn check(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    // GitHub's own words come after a login.
    let told = session.first(|kind| matches!(kind, Kind::NoMutualAlgorithm).then_some(()));
    let skipped = session.first(|kind| match kind {
        Kind::Skipped { key, reason } if !reason.contains("Invalid key length") => Some((key.clone(), reason.clone())),
        _ => None,
    });
    let sha1 = told.is_some_and(|(_, at)| at.text.contains("RSA key with SHA-1"));
    if !sha1 && (!scene.refused() || session.accepted.is_some()) {
        return None;
    }
    let old = session.openssh().is_some_and(|release| release < (8, 5));
    let keyword = if old { "PubkeyAcceptedKeyTypes" } else { "PubkeyAcceptedAlgorithms" };
    if let Some((_, at)) = told {
        let withheld = session.offered.iter().find(|offer| offer.withheld());
        let name = withheld.map_or("the RSA key", |offer| offer.key.name());
        // Another key that the server did look at and refuse makes this one explanation of two.
        let others = refused_offers(&session.offered);
        let change = Change::none().option(format!("{keyword}=+ssh-rsa"));
        let stopgap = "stopgap: allow SHA-1 for this connection";
        let stopgap = match withheld.filter(|offer| offer.key.is_rsa()) {
            Some(offer) => Fix::rerun(stopgap, Change { key: offer.key.file().map(str::to_owned), ..change }),
            None => Fix::attempt(stopgap, change),
        };
        let block = scene.block().map(|block| block.with(keyword, "+ssh-rsa"));
        return Draft::new(scene, Certainty::Certain, format!("{name} was not sent: no signature algorithm that both sides allow"), at)
            .and(scene, withheld.map(|offer| &offer.at))
            .and(scene, session.end.iter())
            .says(format!(
                "ssh announced the RSA key, then found that it may sign only with SHA-2 while the server offers SHA-1 alone (or does not \
                 say what it takes). The key itself is fine, and the server has not judged it.{}",
                if others > 0 { " Other keys were sent, and refused." } else { "" }
            ))
            .fix(Fix::script("best: make an ed25519 key and register it", "ssh-keygen -t ed25519"))
            .fix(stopgap)
            .fixes(block.map(|block| Fix::block("or for this host alone, in ~/.ssh/config", block)))
            .done();
    }
    let ((key, reason), at) = skipped?;
    Draft::new(scene, Certainty::Certain, format!("{} was left out: {reason}", key.name()), at)
        .and(scene, session.end.iter())
        .severity(if refused_offers(&session.offered) > 0 { Severity::Warning } else { Severity::Error })
        .says("The client's list of allowed algorithms, or the server's, does not hold this key's type, so the key was never offered.")
        .fix(Fix::script("best: make an ed25519 key and register it", "ssh-keygen -t ed25519"))
        .fix(Fix::attempt("see the list that this ssh uses", Change::none().flags(&["-G"])))
        .done()
}
