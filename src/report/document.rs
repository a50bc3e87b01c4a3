//! The document of a diagnosis, schema 1. Fields are only ever added.
//!
//! These types are the document's own, so that a change within the program can't change it. `docs/report.schema.json`
//! is made of them.

use serde::Serialize;

use super::account;
use crate::diagnose::Diagnosis;
use crate::model;

/// One document. `null` is what is not known; a list is never `null`.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Document<'a> {
    schema: u32,
    tool: Tool,
    transcripts: Vec<Transcript<'a>>,
    comparisons: Vec<Comparison<'a>>,
    joins: Vec<Join<'a>>,
    findings: Vec<Finding<'a>>,
    verdict: Verdict<'a>,
    suggestion: Option<Suggestion<'a>>,
    git_hosts: Option<GitHosts<'a>>,
    all_keys: Option<AllKeys<'a>>,
    published: Vec<Published<'a>>,
    job: Option<Job>,
}

/// The CI job that the report was made in.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Job {
    product: &'static str,
    keys: &'static str,
}

/// What a host publishes of the account that was meant (`--as`).
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Published<'a> {
    #[serde(flatten)]
    list: account::Published<'a>,
    /// The keys here that are among it.
    registered: Vec<Key<'a>>,
}

/// What the verdict's host says to all keys here (`--all-keys`).
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct AllKeys<'a> {
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
struct GitHosts<'a> {
    hosts: &'a [String],
    why: &'a str,
}

/// Who wrote a document.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Tool {
    name: &'static str,
    version: &'static str,
}

/// This program, as every document names it.
pub(super) const TOOL: Tool = Tool { name: "ssh-why", version: env!("CARGO_PKG_VERSION") };

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Transcript<'a> {
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

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Key<'a> {
    path: Option<&'a str>,
    label: Option<&'a str>,
    #[serde(rename = "type")]
    kind: Option<&'a str>,
    fingerprint: Option<&'a str>,
    agent: Option<bool>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Comparison<'a> {
    vcs: Option<&'a str>,
    ci: Option<&'a str>,
    key: Option<ComparedKey<'a>>,
    offered_to_ci: Option<bool>,
    accepted_by_ci: Option<bool>,
    #[cfg_attr(test, schemars(extend("enum" = ["accepted", "refused", "unanswered", "withheld", "skipped", "not-reached", "no-authentication", "never-offered", "unknown"])))]
    fate: &'static str,
    #[cfg_attr(test, schemars(extend("enum" = ["certain", "likely", "possible"])))]
    certainty: &'static str,
}

/// A client's session and the server's that is its other end.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Join<'a> {
    client: Joined<'a>,
    server: Joined<'a>,
    by: Vec<&'static str>,
    #[cfg_attr(test, schemars(extend("enum" = ["certain", "likely", "possible"])))]
    certainty: &'static str,
}

/// One end of a join.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Joined<'a> {
    source: &'a str,
    /// Counted from 0, within its source.
    session: usize,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct ComparedKey<'a> {
    path: Option<&'a str>,
    label: Option<&'a str>,
    fingerprint: Option<&'a str>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Finding<'a> {
    cause: &'a str,
    /// What a server's log gives as the reason.
    reason: Option<&'a str>,
    #[cfg_attr(test, schemars(extend("enum" = ["error", "warning", "note"])))]
    severity: &'static str,
    #[cfg_attr(test, schemars(extend("enum" = ["certain", "likely", "possible"])))]
    certainty: &'static str,
    title: &'a str,
    explanation: &'a str,
    evidence: Vec<Evidence<'a>>,
    fixes: Vec<Fix<'a>>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Evidence<'a> {
    source: &'a str,
    line: Option<u64>,
    text: &'a str,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Fix<'a> {
    title: &'a str,
    /// Who can do it.
    #[cfg_attr(test, schemars(extend("enum" = ["user", "administrator"])))]
    audience: &'static str,
    command: Option<&'a str>,
    config: Option<&'a str>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Verdict<'a> {
    cause: &'a str,
    #[cfg_attr(test, schemars(extend("enum" = ["certain", "likely", "possible"])))]
    certainty: &'static str,
    summary: &'a str,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Suggestion<'a> {
    command: &'a str,
    argv: &'a [String],
    verified: Option<bool>,
    /// What has to be done once before it works.
    before: Vec<Fix<'a>>,
}

impl<'a> Document<'a> {
    /// The document of this diagnosis.
    pub(super) fn of(diagnosis: &'a Diagnosis) -> Self {
        Self {
            schema: 1,
            tool: TOOL,
            transcripts: diagnosis.case.transcripts.iter().map(transcript).collect(),
            comparisons: diagnosis.case.comparisons.iter().map(|comparison| compared(diagnosis, comparison)).collect(),
            joins: diagnosis.case.joins.iter().filter_map(|join| joined(diagnosis, join)).collect(),
            findings: diagnosis.findings.iter().map(finding).collect(),
            verdict: Verdict {
                cause: diagnosis.verdict.cause,
                certainty: diagnosis.verdict.certainty.word(),
                summary: &diagnosis.verdict.summary,
            },
            suggestion: diagnosis.suggestion.as_ref().map(|suggestion| Suggestion {
                command: &suggestion.command,
                argv: &suggestion.argv,
                verified: suggestion.verified,
                before: suggestion.before.iter().map(fix).collect(),
            }),
            git_hosts: diagnosis.case.facts.chosen.as_ref().map(|(hosts, why)| GitHosts { hosts, why }),
            published: diagnosis.case.facts.published().map(published).collect(),
            job: diagnosis.case.facts.job.map(|job| Job { product: job.product, keys: job.keys }),
            all_keys: diagnosis.case.facts.all_keys.as_ref().map(|answer| AllKeys {
                destination: &answer.destination,
                asked: answer.asked,
                unanswered: answer.unanswered,
                accepted: answer.accepted.iter().map(key).collect(),
                accepts_any: answer.accepts_any,
                access: answer.access.iter().map(access).collect(),
            }),
        }
    }
}

fn published(published: &model::facts::Published) -> Published<'_> {
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

fn transcript(log: &model::Transcript) -> Transcript<'_> {
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
        last: row.last.as_ref().map(crate::text::shown_stamp),
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

fn key(key: &model::Key) -> Key<'_> {
    Key {
        path: key.path.as_deref(),
        label: key.label.as_deref(),
        kind: key.kind.as_deref(),
        fingerprint: key.fingerprint.as_deref(),
        agent: key.agent,
    }
}

fn compared<'a>(diagnosis: &'a Diagnosis, comparison: &'a model::Comparison) -> Comparison<'a> {
    let peer = |place| diagnosis.case.session(place).map(|entry| entry.session.peer());
    Comparison {
        vcs: peer(comparison.vcs),
        ci: peer(comparison.ci),
        key: comparison.key.as_ref().map(|key| ComparedKey {
            path: key.path.as_deref(),
            label: key.label.as_deref(),
            fingerprint: key.fingerprint.as_deref(),
        }),
        offered_to_ci: comparison.fate.offered(),
        accepted_by_ci: comparison.fate.accepted(),
        fate: comparison.fate.word(),
        certainty: if comparison.proven { "certain" } else { "likely" },
    }
}

fn joined<'a>(diagnosis: &'a Diagnosis, join: &model::Join) -> Option<Join<'a>> {
    let end = |(transcript, session): (usize, usize)| {
        let source = &diagnosis.case.transcripts.get(transcript)?.source;
        Some(Joined { source, session })
    };
    Some(Join {
        client: end(join.client)?,
        server: end(join.server)?,
        by: join.by.iter().map(|tie| tie.word()).collect(),
        certainty: join.certainty.word(),
    })
}

fn finding(finding: &model::Finding) -> Finding<'_> {
    Finding {
        cause: finding.cause,
        reason: finding.reason,
        severity: finding.severity.word(),
        certainty: finding.certainty.word(),
        title: &finding.title,
        explanation: &finding.explanation,
        evidence: finding
            .evidence
            .iter()
            .map(|evidence| Evidence {
                source: &evidence.source,
                line: Some(evidence.line).filter(|line| *line > 0),
                text: &evidence.text,
            })
            .collect(),
        fixes: finding.fixes.iter().map(fix).collect(),
    }
}

fn fix(fix: &model::Fix) -> Fix<'_> {
    Fix { title: &fix.title, audience: fix.audience.word(), command: fix.command(), config: fix.config() }
}
