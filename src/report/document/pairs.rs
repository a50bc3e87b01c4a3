//! What two logs say together: a git host and a CI host, a client and its server.

use serde::Serialize;

use crate::diagnose::Diagnosis;
use crate::model;

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Comparison<'a> {
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
pub(super) struct Join<'a> {
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

pub(super) fn compared<'a>(diagnosis: &'a Diagnosis, comparison: &'a model::Comparison) -> Comparison<'a> {
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

pub(super) fn joined<'a>(diagnosis: &'a Diagnosis, join: &model::Join) -> Option<Join<'a>> {
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
