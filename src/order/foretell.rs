//! The order in which ssh will offer the identities.

use super::fate::{left_out, of_key};
use super::given::{Given, Listed};
use super::identity::{Identity, Origin, Step};
use super::usable::{disabled, filtered, short, too_short, unusable, unusable_certificate};
use crate::model::Fact;
use crate::model::facts::{Form, KeyFile, Problem, PublicKey};

/// The identities in the order in which ssh offers them, then those that it leaves out.
pub(crate) fn foretell(given: &Given<'_>) -> Vec<Identity> {
    let (files, mut dropped) = files(given);
    let mut files: Vec<Option<Identity>> = files.into_iter().map(Some).collect();
    let mut order = Vec::new();
    for certificate in &given.certificates {
        let identity = Identity {
            path: Some(certificate.path.clone()),
            origin: certificate.origin,
            ..of_key(certificate.key.clone())
        };
        match unusable_certificate(given, certificate) {
            Some(why) => dropped.push(left_out(identity, why)),
            None => order.push(identity),
        }
    }
    let mut others = Vec::new();
    let agent = given.facts.agent.known().and_then(|agent| agent.keys.known());
    for held in agent.map(Vec::as_slice).unwrap_or_default() {
        let from_agent = Identity {
            label: Some(held.key.comment.clone()),
            in_agent: true,
            origin: Origin::Agent,
            ..of_key(held.key.clone())
        };
        if let Some(why) = too_short(given, &held.key) {
            dropped.push(left_out(from_agent, why));
            continue;
        }
        let same = |file: &Option<Identity>| {
            let key = file.as_ref().and_then(|file| file.key.as_ref());
            file.as_ref().is_some_and(|file| file.step == Step::Query)
                && key.is_some_and(|key| key.blob == held.key.blob)
        };
        match files.iter_mut().find(|file| same(file)).and_then(Option::take) {
            Some(mut file) => {
                file.in_agent = true;
                order.push(file);
            }
            None if given.option("identitiesonly") == Some("yes") => {
                dropped.push(left_out(from_agent, "IdentitiesOnly is set, and no IdentityFile names it".into()))
            }
            None => others.push(from_agent),
        }
    }
    order.append(&mut others);
    order.extend(files.into_iter().flatten());
    let mut offered = Vec::new();
    for identity in order {
        match filtered(given, &identity) {
            Some(why) => dropped.push(left_out(identity, why)),
            None => offered.push(identity),
        }
    }
    if let Some(why) = disabled(given) {
        return offered.into_iter().map(|identity| left_out(identity, why.to_owned())).chain(dropped).collect();
    }
    for (at, identity) in offered.iter_mut().enumerate() {
        identity.order = Some(at + 1);
    }
    offered.append(&mut dropped);
    offered
}

/// The files' identities, each followed by its certificate, and those that come to nothing.
fn files(given: &Given<'_>) -> (Vec<Identity>, Vec<Identity>) {
    let (mut files, mut dropped) = (Vec::new(), Vec::new());
    let mut put = |identity: Identity, why: Option<String>| match why {
        Some(why) => dropped.push(left_out(identity, why)),
        None => files.push(identity),
    };
    for (index, listed) in given.files.iter().enumerate() {
        let file = listed.file;
        let base = Identity {
            path: Some(file.path.clone()),
            key: None,
            origin: listed.origin,
            file: Some(index),
            ..of_key(PublicKey::default())
        };
        match public_half(given, listed) {
            Some(key) => {
                let why = unusable(given, key);
                put(Identity { key: Some(key.clone()), ..base.clone() }, why);
            }
            None => {
                let (key, step, why) = private_alone(given, file);
                put(Identity { key, step, ..base.clone() }, why);
            }
        }
        if let Some(certificate) = file.certificate.known()
            && given.certificate_files == 0
        {
            let why = match certificate.for_users {
                true => unusable(given, &certificate.key),
                false => Some("it is a host's certificate, not a user's".into()),
            };
            put(Identity { key: Some(certificate.key.clone()), ..base }, why);
        }
    }
    (files, dropped)
}

/// The public half that ssh knows before it reads the private one.
fn public_half<'a>(given: &Given<'_>, listed: &Listed<'a>) -> Option<&'a PublicKey> {
    // The clear part of a private file is read from 8.3 on.
    let reads_clear_part = given.version.is_none_or(|version| version >= (8, 3));
    let from_private = listed.file.form == Fact::Known(Form::OpenSsh) && !listed.file.public_beside;
    listed.file.offered.known().filter(|_| reads_clear_part || !from_private)
}

/// What becomes of a file whose public half is not known before it is read.
fn private_alone(given: &Given<'_>, file: &KeyFile) -> (Option<PublicKey>, Step, Option<String>) {
    let own = file.own.known().cloned();
    let step = match file.encrypted {
        Fact::Known(true) => Step::SignAfterPassphrase,
        _ => Step::Sign,
    };
    let stopped = file.problems.iter().find_map(|problem| match problem {
        Problem::Missing => Some("it does not exist".to_owned()),
        Problem::Unreadable(why) => Some(format!("it can't be read: {why}")),
        Problem::Invalid(why) => Some(why.clone()),
        Problem::TooOpen(mode) => Some(format!("others may read it (mode {mode:04o})")),
        Problem::TooShort(bits) => Some(short(given, *bits)),
        Problem::PublicMismatch | Problem::Certificate(_) => None,
    });
    (own, step, stopped)
}
