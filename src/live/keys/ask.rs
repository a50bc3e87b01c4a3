//! Asks servers about keys.

use std::collections::{BTreeMap, BTreeSet};
use std::thread;
use std::time::Instant;

use super::login::log_in;
use super::place::Place;
use super::plan::{Asked, Plan, Tell};
use crate::live::thread::beside;
use crate::live::{paths, query};
use crate::model::Fact;
use crate::model::facts::PublicKey;
use crate::survey::{Host, Offer, Reply, Survey};

/// How long all logins at one host may take, as many times the limit of one.
const LOGINS: u32 = 3;

/// Asks all servers about all keys whose public half is known.
pub(super) fn ask(plan: &Plan, places: &[Place], survey: &mut Survey, tell: Tell<'_>) {
    let blobs: Vec<&[u8]> = {
        let mut seen = BTreeSet::new();
        let keys = survey.rows.iter().filter_map(|row| row.identity.key.as_ref());
        keys.map(|key| key.blob.as_slice()).filter(|blob| seen.insert(*blob)).collect()
    };
    let home = paths::home();
    let answers: Vec<query::Answers> = thread::scope(|scope| {
        let asked: Vec<_> = places
            .iter()
            .map(|place| {
                let (blobs, home) = (&blobs, home.as_deref());
                beside(scope, move || ask_one(plan, place, blobs, home, tell))
            })
            .collect();
        asked.into_iter().map(|thread| thread.join().unwrap_or_default()).collect()
    });
    let unknown = "its public half is not known".to_owned();
    let at: BTreeMap<&[u8], usize> = blobs.iter().enumerate().map(|(at, blob)| (*blob, at)).collect();
    let mut columns: Vec<Vec<Offer>> = Vec::new();
    for answers in &answers {
        let reply = |key: &Option<PublicKey>| {
            let key = key.as_ref()?;
            answers.replies.get(*at.get(key.blob.as_slice())?).cloned()
        };
        let replies =
            survey.rows.iter().map(|row| reply(&row.identity.key).unwrap_or_else(|| Reply::Unknown(unknown.clone())));
        columns.push(replies.map(|reply| Offer { reply, login: None }).collect());
    }
    let hosts = places.iter().zip(&answers).map(|(place, answers)| Host {
        typed: place.named.typed.host.clone(),
        destination: place.name(),
        host_key: answers.host_key.clone(),
        trust: answers.trust.as_ref().map(|trust| (trust.is_enough(), trust.words())),
        software: answers.software.clone(),
        accepts_any: answers.accepts_any,
        most_failures: answers.most_failures,
        offered: answers.replies.iter().filter(|reply| !matches!(reply, Reply::Unknown(_))).count(),
    });
    survey.hosts = hosts.collect();
    for (at, column) in columns.into_iter().enumerate() {
        let software = answers[at].software.as_deref();
        let until = Instant::now() + plan.timeout * LOGINS;
        let host = places[at].named.typed.host.as_str();
        for (row, mut offer) in survey.rows.iter_mut().zip(column) {
            if plan.login && matches!(offer.reply, Reply::Accepted(_)) {
                tell(host, Asked::LogsIn);
                offer.login = Some(log_in(plan, &places[at], software, row, until));
            }
            row.offers.push(offer);
        }
        tell(host, Asked::Done);
    }
}

fn ask_one(plan: &Plan, place: &Place, blobs: &[&[u8]], home: Option<&str>, tell: Tell<'_>) -> query::Answers {
    let Fact::Known(options) = &place.facts.config else {
        let why = match &place.facts.config {
            Fact::Unknown(why) => why.clone(),
            Fact::Known(_) | Fact::Absent => "ssh does not say what applies".to_owned(),
        };
        return query::Answers { replies: vec![Reply::Unknown(why); blobs.len()], ..query::Answers::default() };
    };
    let host = place.named.typed.host.as_str();
    let progress = |done| tell(host, Asked::Keys(done, blobs.len()));
    progress(0);
    let answers = query::ask_telling(
        &query::Target {
            ssh: &plan.ssh.name,
            args: &plan.common,
            options,
            home,
            host_keys: &plan.host_keys,
            limit: plan.timeout,
        },
        blobs,
        &progress,
    );
    tell(host, Asked::Done);
    answers
}
