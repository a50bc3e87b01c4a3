//! An SSH certificate was offered, and the server did not accept it.

use crate::model::facts::Problem;
use crate::model::{Capability, Certainty, Finding, Fix, Kind, Reply, Severity};
use crate::rules::draft::Draft;
use crate::rules::here;
use crate::rules::identities::files::{failing, is_of_certificate};
use crate::rules::rule::{Rule, Stage};
use crate::rules::scene::Scene;

pub(in crate::rules) const RULE: Rule = Rule {
    reasons: &[
        "cert-expired",
        "cert-not-yet-valid",
        "cert-principal",
        "cert-source-address",
        "cert-critical-option",
        "cert-signature-algorithm",
        "cert-ca-unknown",
        "principals-command-failed",
    ],
    explains: &["key-rejected"],
    check: Some(check),
    problem: Some(|problem| matches!(problem, Problem::Certificate(_))),
    capabilities: &[Capability::Certificates],
    ..Rule::of("certificate", Stage::Offers, include_str!("../../../docs/causes/certificate.md"))
};

fn check(scene: &Scene<'_>) -> Option<Finding> {
    if let Some(finding) = by_facts(scene) {
        return Some(finding);
    }
    if let Some(finding) = unusable(scene) {
        return Some(finding);
    }
    let session = scene.session();
    if !scene.refused() {
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
        Some(file) => draft.fix(Fix::run("read its dates, principals and CA", &["ssh-keygen", "-L", "-f", file])),
        None => draft.fix(Fix::step("read its dates, principals and CA with ssh-keygen -L -f FILE-cert.pub")),
    }
    .done()
}

/// A certificate that the client itself could not use: another key's, mostly.
fn unusable(scene: &Scene<'_>) -> Option<Finding> {
    let (reason, at) = failing(scene, |kind| match kind {
        Kind::LoadKeyFailed { reason, .. } if is_of_certificate(reason) => Some(reason.as_str()),
        _ => None,
    })?;
    Draft::new(scene, Certainty::Certain, format!("{} can't use the certificate: {reason}", scene.client()), at)
        .says("A certificate goes with the one key that it was made for. Nothing was offered with it.")
        .fix(Fix::step("read which key it is for with ssh-keygen -L -f FILE-cert.pub, and name that key with it"))
        .done()
}

/// A certificate that was offered and is out of date, or names other users.
fn by_facts(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    if !scene.refused() || session.accepted.is_some() {
        return None;
    }
    let refused = session.offered.iter().filter(|offer| offer.key.is_certificate() && offer.reply() == Reply::Refused);
    for offer in refused {
        let Some(file) = offer.key.path.as_deref().and_then(|path| here::file(scene, path)) else {
            continue;
        };
        let dates = file.problems.iter().find_map(|problem| match problem {
            Problem::Certificate(why) => Some(why.clone()),
            _ => None,
        });
        let certificate = file.certificate.known()?;
        let user = session.user.as_deref().unwrap_or_default();
        let stranger = !certificate.principals.is_empty()
            && !user.is_empty()
            && !certificate.principals.iter().any(|name| name == user);
        let (certainty, why) = match dates {
            Some(why) => (Certainty::Certain, why),
            None if !certificate.for_users => {
                (Certainty::Certain, "it is a host's certificate and no user's".to_owned())
            }
            None if stranger => (
                Certainty::Likely,
                format!("it is made out to {} and not to {user}", certificate.principals.join(", ")),
            ),
            None => continue,
        };
        let name = format!("{}-cert.pub", file.path.trim_end_matches(".pub"));
        return Draft::new(scene, certainty, format!("the certificate {name} is of no use here: {why}"), &offer.at)
            .fact(&name, &why)
            .and(scene, offer.answer())
            .says("The server refused the certificate. A certificate is good only between its dates and for the users that it names, unless the server maps names otherwise.")
            .fix(Fix::step("have it issued anew by its CA"))
            .fix(Fix::run("read it", &["ssh-keygen", "-L", "-f", &name]))
            .done();
    }
    None
}
