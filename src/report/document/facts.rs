//! What was asked and looked up beside the logs.

use serde::Serialize;

use super::key::{Key, key};
use crate::model;
use crate::report::account;

/// The CI job that the report was made in.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Job {
    product: &'static str,
    keys: &'static str,
}

/// What a host publishes of the account that was meant (`--as`).
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Published<'a> {
    #[serde(flatten)]
    list: account::Published<'a>,
    /// The keys here that are among it.
    registered: Vec<Key<'a>>,
}

/// What the verdict's host says to all keys here (`--all-keys`).
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct AllKeys<'a> {
    destination: &'a str,
    asked: usize,
    unanswered: usize,
    accepted: Vec<Key<'a>>,
    accepts_any: bool,
    /// What came of a login with each, where a repository or an account was asked for.
    access: Vec<Access<'a>>,
}

/// What a key opens on a git host.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Access<'a> {
    #[serde(flatten)]
    key: Key<'a>,
    login: Option<&'a str>,
    reads: Option<bool>,
    writes: Option<bool>,
    /// The host's words on why not.
    words: Option<&'a str>,
}

/// Git hosts that `check` chose by itself, and why those.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct GitHosts<'a> {
    hosts: &'a [String],
    why: &'a str,
}

pub(super) fn published(published: &model::facts::Published) -> Published<'_> {
    let registered = published.registered.iter().map(|one| key(&one.key)).collect();
    Published { list: account::Published::of(published), registered }
}

fn access(access: &model::facts::Access) -> Access<'_> {
    Access {
        key: key(&access.key),
        login: access.login.as_deref(),
        reads: access.reads,
        writes: access.writes,
        words: access.words.as_deref(),
    }
}

pub(super) fn job(job: model::facts::Job) -> Job {
    Job { product: job.product, keys: job.keys }
}

pub(super) fn git_hosts((hosts, why): &(Vec<String>, String)) -> GitHosts<'_> {
    GitHosts { hosts, why }
}

pub(super) fn all_keys(answer: &model::facts::AllKeys) -> AllKeys<'_> {
    AllKeys {
        destination: &answer.destination,
        asked: answer.asked,
        unanswered: answer.unanswered,
        accepted: answer.accepted.iter().map(key).collect(),
        accepts_any: answer.accepts_any,
        access: answer.access.iter().map(access).collect(),
    }
}
