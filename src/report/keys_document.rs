//! The document of a key survey, schema 1. Fields are only ever added.

use serde::Serialize;

use super::account::Published;
use super::document::{TOOL, Tool};
use crate::model::Fact;
use crate::survey::{Host, Login, Reply, Row, Survey, words};

/// One document. `null` is what is not known; a list is never `null`.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Document<'a> {
    schema: u32,
    tool: Tool,
    destination: Option<&'a str>,
    identities: Vec<Identity<'a>>,
    hosts: Vec<Asked<'a>>,
    agent: Agent<'a>,
    warnings: Vec<Warning<'a>>,
    unclear: Option<&'a str>,
    notes: &'a [String],
    published: Option<Published<'a>>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Identity<'a> {
    path: Option<&'a str>,
    label: Option<&'a str>,
    #[serde(rename = "type")]
    kind: Option<&'a str>,
    fingerprint: Option<&'a str>,
    bits: Option<u32>,
    comment: Option<&'a str>,
    #[cfg_attr(test, schemars(extend("enum" = ["agent", "config", "default", "argument", "found"])))]
    origin: &'static str,
    agent: bool,
    order: Option<usize>,
    left_out: Option<&'a str>,
    encrypted: Option<bool>,
    certificate: Option<Certificate<'a>>,
    /// Whether the account that was meant has it (`--as`).
    registered: Option<bool>,
    problems: Vec<&'static str>,
    details: Vec<String>,
    offers: Vec<Offer<'a>>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Certificate<'a> {
    valid_after: u64,
    /// Seconds since 1970; `null` is for ever.
    valid_before: Option<u64>,
    principals: &'a [String],
    ca: &'a str,
    in_date: bool,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Offer<'a> {
    destination: &'a str,
    #[cfg_attr(test, schemars(extend("enum" = ["accepted", "refused", "unknown"])))]
    reply: &'static str,
    algorithm: Option<&'a str>,
    why: Option<&'a str>,
    login: Option<&'a str>,
    logged_in: Option<bool>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Asked<'a> {
    destination: &'a str,
    host_key: Option<HostKey<'a>>,
    host_key_trusted: Option<bool>,
    server_software: Option<&'a str>,
    accepts_any: bool,
    most_failures: Option<usize>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct HostKey<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    fingerprint: &'a str,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Agent<'a> {
    socket: Option<&'a str>,
    keys: Option<usize>,
    why: Option<&'a str>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Warning<'a> {
    cause: &'static str,
    destination: Option<&'a str>,
    order: Option<usize>,
    refusals_before: usize,
    limit: usize,
}

impl<'a> Document<'a> {
    /// The document of this survey.
    pub(super) fn of(survey: &'a Survey) -> Self {
        Self {
            schema: 1,
            tool: TOOL,
            destination: survey.destination.as_deref(),
            identities: survey.rows.iter().map(|row| identity(row, survey)).collect(),
            hosts: survey.hosts.iter().map(asked).collect(),
            agent: agent(survey),
            warnings: survey
                .late()
                .into_iter()
                .map(|late| Warning {
                    cause: crate::rules::late_key(),
                    destination: late.host.map(|host| host.destination.as_str()),
                    order: late.row.identity.order,
                    refusals_before: late.before,
                    limit: late.limit,
                })
                .collect(),
            unclear: survey.unclear.as_deref(),
            notes: &survey.notes,
            published: survey.published.as_ref().map(Published::of),
        }
    }
}

fn identity<'a>(row: &'a Row, survey: &'a Survey) -> Identity<'a> {
    let one = &row.identity;
    let key = one.key.as_ref();
    Identity {
        path: one.path.as_deref(),
        label: one.label.as_deref(),
        kind: key.map(|key| key.kind.as_str()),
        fingerprint: key.map(|key| key.fingerprint.as_str()),
        bits: key.map(|key| key.bits).filter(|bits| *bits > 0),
        comment: key.map(|key| key.comment.as_str()).filter(|comment| !comment.is_empty()),
        origin: one.origin.word(),
        agent: one.in_agent,
        order: one.order,
        left_out: one.left_out.as_deref(),
        encrypted: row.encrypted(),
        certificate: row.certificate.as_ref().map(|certificate| Certificate {
            valid_after: certificate.valid_after,
            valid_before: Some(certificate.valid_before).filter(|time| *time != u64::MAX),
            principals: &certificate.principals,
            ca: &certificate.ca,
            in_date: certificate.in_date,
        }),
        registered: survey.registered(row),
        // That ssh knows more names than there are files is no problem.
        problems: if row.is_unused_name() { Vec::new() } else { row.causes() },
        details: row.problems.iter().map(words).collect(),
        offers: row
            .offers
            .iter()
            .zip(&survey.hosts)
            .map(|(offer, host)| Offer {
                destination: &host.destination,
                reply: offer.reply.word(),
                algorithm: match &offer.reply {
                    Reply::Accepted(algorithm) => Some(algorithm),
                    _ => None,
                },
                why: match (&offer.reply, &offer.login) {
                    (Reply::Unknown(why), _) | (_, Some(Login::Failed(why))) => Some(why),
                    _ => None,
                },
                login: match &offer.login {
                    Some(Login::As(login)) => Some(login),
                    _ => None,
                },
                logged_in: offer.login.as_ref().map(|login| !matches!(login, Login::Failed(_))),
            })
            .collect(),
    }
}

fn asked(host: &Host) -> Asked<'_> {
    Asked {
        destination: &host.destination,
        host_key: host.host_key.as_ref().map(|(kind, fingerprint)| HostKey { kind, fingerprint }),
        host_key_trusted: host.trust.map(|(enough, _)| enough),
        server_software: host.software.as_deref(),
        accepts_any: host.accepts_any,
        most_failures: host.most_failures,
    }
}

fn agent(survey: &Survey) -> Agent<'_> {
    match &survey.agent {
        Fact::Known(agent) => Agent {
            socket: Some(&agent.socket),
            keys: agent.keys.known().map(Vec::len),
            why: match &agent.keys {
                Fact::Unknown(why) => Some(why),
                _ => None,
            },
        },
        Fact::Absent => Agent { socket: None, keys: None, why: None },
        Fact::Unknown(why) => Agent { socket: None, keys: None, why: Some(why) },
    }
}
