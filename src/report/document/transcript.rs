//! A log, its sessions, and what was offered in each.

use serde::Serialize;

use super::key::{Key, key};
use crate::model;
use crate::text::shown_stamp;

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Transcript<'a> {
    source: &'a str,
    #[cfg_attr(test, schemars(extend("enum" = ["vcs", "ci", "other"])))]
    role: &'static str,
    dialect: &'static str,
    #[cfg_attr(test, schemars(extend("enum" = ["client", "server"])))]
    side: &'static str,
    client: Option<&'a str>,
    complete: bool,
    lines: u64,
    unread: u64,
    sessions: Vec<Session<'a>>,
    server: Option<Server<'a>>,
}

/// What a server's log adds up to.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Server<'a> {
    connections: u64,
    logins: u64,
    /// Connections that are counted and not listed one by one.
    folded: u64,
    refusals: Vec<Refusals<'a>>,
    /// Refusals of users that are counted and not listed.
    unlisted: u64,
}

/// How often one user was refused for one reason.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Refusals<'a> {
    user: Option<&'a str>,
    reason: Option<&'a str>,
    words: &'a str,
    count: u64,
    addresses: u64,
    /// There were more addresses, which were not told apart.
    more: bool,
    from: Option<&'a str>,
    last: Option<String>,
    line: u64,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Session<'a> {
    host: Option<&'a str>,
    address: Option<&'a str>,
    port: Option<u16>,
    user: Option<&'a str>,
    #[cfg_attr(test, schemars(extend("enum" = ["vcs", "ci", "other"])))]
    role: &'static str,
    jump_host: bool,
    server_software: Option<&'a str>,
    identities: Vec<Identity<'a>>,
    offered: Vec<Offer<'a>>,
    accepted: Option<Accepted<'a>>,
    #[cfg_attr(test, schemars(extend("enum" = ["authenticated", "partial", "denied", "disconnected", "host-key", "kex", "network", "client-error", "unknown"])))]
    outcome: &'static str,
    method: Option<&'a str>,
    methods_left: &'a [String],
    login: Option<&'a str>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Identity<'a> {
    path: &'a str,
    #[cfg_attr(test, schemars(extend("enum" = ["loaded", "absent", "unusable"])))]
    state: &'static str,
    reason: Option<&'a str>,
    line: u64,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Offer<'a> {
    #[serde(flatten)]
    key: Key<'a>,
    #[cfg_attr(test, schemars(extend("enum" = ["accepted", "refused", "unanswered"])))]
    reply: &'static str,
    line: u64,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Accepted<'a> {
    #[serde(flatten)]
    key: Key<'a>,
    line: u64,
}

pub(super) fn transcript(log: &model::Transcript) -> Transcript<'_> {
    Transcript {
        source: &log.source,
        role: log.role.word(),
        dialect: log.author.id,
        side: log.author.side.word(),
        client: log.client.as_deref(),
        complete: log.complete,
        lines: log.lines,
        unread: log.unread,
        sessions: log.sessions.iter().map(session).collect(),
        server: log.server.as_ref().map(server),
    }
}

fn server(log: &model::ServerLog) -> Server<'_> {
    let refusals = log.refusals.iter().map(|row| Refusals {
        user: row.user.as_deref(),
        reason: row.reason,
        words: row.words,
        count: row.count,
        addresses: row.addresses,
        more: row.more,
        from: row.from.as_deref(),
        last: row.last.as_ref().map(shown_stamp),
        line: row.line,
    });
    Server {
        connections: log.connections,
        logins: log.logins,
        folded: log.folded,
        refusals: refusals.collect(),
        unlisted: log.unlisted,
    }
}

fn session(session: &model::Session) -> Session<'_> {
    Session {
        host: session.host.as_deref(),
        address: session.address.as_deref(),
        port: session.port,
        user: session.user.as_deref(),
        role: session.role.word(),
        jump_host: session.jump_host,
        server_software: session.server_software.as_deref(),
        identities: session
            .identities
            .iter()
            .map(|identity| Identity {
                path: &identity.path,
                state: identity.state.word(),
                reason: identity.reason.as_deref(),
                line: identity.at.line,
            })
            .collect(),
        offered: session
            .offered
            .iter()
            .map(|offer| Offer { key: key(&offer.key), reply: offer.reply().word(), line: offer.at.line })
            .collect(),
        accepted: session
            .accepted
            .as_ref()
            .map(|accepted| Accepted { key: key(&accepted.key), line: accepted.at.line }),
        outcome: session.outcome.word(),
        method: session.method.as_deref(),
        methods_left: session.methods_left.as_deref().unwrap_or_default(),
        login: session.login.as_deref(),
    }
}
