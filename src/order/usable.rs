//! Why ssh leaves a key out.

use super::given::{Certified, Given};
use super::identity::Identity;
use super::pattern::in_pattern_list;
use crate::model::facts::PublicKey;
use crate::model::{Family, KeyType};
use crate::wire;

fn required_bits(given: &Given<'_>) -> u32 {
    let set = given.option("requiredrsasize").and_then(|bits| bits.parse().ok());
    set.unwrap_or(1024)
}

pub(super) fn short(given: &Given<'_>, bits: u32) -> String {
    format!("its {bits} bits are fewer than the {} that ssh wants", required_bits(given))
}

pub(super) fn too_short(given: &Given<'_>, key: &PublicKey) -> Option<String> {
    let rsa = KeyType::named(&key.kind).is_some_and(|kind| kind.family == Family::Rsa);
    (rsa && key.bits < required_bits(given)).then(|| short(given, key.bits))
}

pub(super) fn unusable(given: &Given<'_>, key: &PublicKey) -> Option<String> {
    let no_authenticator = KeyType::named(&key.kind).is_some_and(KeyType::is_security_key) && !given.authenticators;
    too_short(given, key)
        .or_else(|| no_authenticator.then(|| "ssh has no SecurityKeyProvider to reach its authenticator".into()))
}

pub(super) fn unusable_certificate(given: &Given<'_>, certificate: &Certified) -> Option<String> {
    match certificate.for_users {
        true => unusable(given, &certificate.key),
        false => Some("it is a host's certificate, not a user's".into()),
    }
}

/// Whether `PubkeyAcceptedAlgorithms` rules a key out.
pub(super) fn filtered(given: &Given<'_>, identity: &Identity) -> Option<String> {
    let accepted = given.option("pubkeyacceptedalgorithms").or_else(|| given.option("pubkeyacceptedkeytypes"))?;
    let algorithm = wire::algorithm_name(&identity.key.as_ref()?.blob)?;
    let names = KeyType::on_wire(algorithm).map_or_else(|| vec![algorithm], |kind| kind.algorithms());
    let allowed = names.iter().any(|name| in_pattern_list(name, accepted));
    (!allowed).then(|| format!("PubkeyAcceptedAlgorithms leaves out {algorithm}"))
}

/// Why no key is used at all.
pub(super) fn disabled(given: &Given<'_>) -> Option<&'static str> {
    if matches!(given.option("pubkeyauthentication"), Some("no" | "false")) {
        return Some("PubkeyAuthentication is off");
    }
    let preferred = given.option("preferredauthentications")?;
    let named = preferred.split(',').any(|method| method == "publickey");
    (!named).then_some("PreferredAuthentications leaves out publickey")
}
