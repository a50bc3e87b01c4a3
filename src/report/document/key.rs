//! A key, as a document has it.

use serde::Serialize;

use crate::model;

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Key<'a> {
    path: Option<&'a str>,
    label: Option<&'a str>,
    #[serde(rename = "type")]
    kind: Option<&'a str>,
    fingerprint: Option<&'a str>,
    agent: Option<bool>,
}

pub(super) fn key(key: &model::Key) -> Key<'_> {
    Key {
        path: key.path.as_deref(),
        label: key.label.as_deref(),
        kind: key.kind.as_deref(),
        fingerprint: key.fingerprint.as_deref(),
        agent: key.agent,
    }
}
