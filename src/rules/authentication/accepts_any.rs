//! This server says yes to any key, so its yes proves nothing.

use crate::model::{Certainty, Finding, Fix, Kind, Outcome, Severity};
use crate::provider;
use crate::rules::draft::Draft;
use crate::rules::rule::{Rule, Stage};
use crate::rules::scene::Scene;

pub(in crate::rules) const RULE: Rule = Rule {
    explains: &["accepted-then-denied"],
    check: Some(check),
    of_the_end: true,
    ..Rule::of("accepts-any", Stage::Authentication, include_str!("../../../docs/causes/accepts-any.md"))
};

/// Servers that answer every query with yes, and whether they check the key with the signature: a login proves it there.
const YEA_SAYERS: &[(&str, bool)] = &[("tmate", false), ("tinyssh", true), ("SSHBlackbox", false), (PROFTPD, true)];

/// ProFTPD's SFTP.
const PROFTPD: &str = "mod_sftp";

fn check(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    let software = session.server_software.as_deref().unwrap_or_default();
    let known = YEA_SAYERS.iter().find(|(name, _)| software.starts_with(name));
    let proven = known.is_some_and(|(_, by_signature)| *by_signature) && session.outcome == Outcome::Authenticated;
    let says_yes = known.is_some() || provider::of(session).is_some_and(|provider| provider.accepts_any);
    let accepted = session.accepted.as_ref();
    let anonymous = session.first(|kind| {
        matches!(kind, Kind::Greeting(greeting) if greeting.anonymous && greeting.provider == "hugging-face")
            .then_some(())
    });
    if !says_yes || proven || accepted.is_none() && anonymous.is_none() {
        return None;
    }
    let then_refused = session.offered.iter().find_map(|offer| offer.then_refused());
    let at = anonymous.map(|(_, at)| at).or(accepted.map(|accepted| &accepted.at))?;
    let draft = Draft::new(
        scene,
        Certainty::Certain,
        format!("{} says yes to any key, so its yes proves nothing", session.peer()),
        at,
    )
    .and(scene, then_refused);
    // As a failure it is the keys' refusal; as a success it is a warning beside it.
    let failed = session.outcome == Outcome::Denied && then_refused.is_some();
    if failed {
        return draft
            .says("This server accepts every query and checks the key only with the signature, which it then refused: mostly since it does not know the key.")
            .fixes(software.starts_with(PROFTPD).then(|| {
                Fix::step("on the server: SFTPAuthorizedUserKeys holds keys as ssh-keygen -e -f KEY.pub writes them, and no others")
            }))
            .fix(Fix::step("find out whose keys it takes, and offer one of them with -i and IdentitiesOnly=yes").of_openssh())
            .done();
    }
    if known.is_some_and(|(_, by_signature)| *by_signature) {
        return draft
            .severity(Severity::Note)
            .says("This server accepts every query and checks the key only with the signature.")
            .done();
    }
    draft
        .severity(Severity::Note)
        .says("This server accepts the first key that it is offered, whoever's it is, and looks at it only when a repository is asked for. The accepted key may not be the registered one.")
        .fix(Fix::step("offer the registered key first, with -i KEY and IdentitiesOnly=yes").of_openssh())
        .done()
}
