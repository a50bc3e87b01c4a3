//! The cases in `fixtures/`, and what they expect.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use serde::Deserialize;
use ssh_why::model::Role;

use super::{Source, names, project};

/// What a case of the fixtures expects.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    pub made: String,
    pub roles: BTreeMap<String, String>,
    pub verdict: String,
    pub sessions: Vec<Wanted>,
    pub findings: Vec<String>,
    pub offered_to_ci: Option<bool>,
    pub suggest: Option<String>,
}

/// What it expects of one session. `None` where the log can't show it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    pub file: String,
    pub host: Option<String>,
    pub port: Option<u16>,
    pub user: Option<String>,
    pub outcome: Option<String>,
    /// The accepted key's name; `Some(None)` where the server must have accepted none.
    #[serde(default, deserialize_with = "given")]
    pub accepted: Option<Option<String>>,
    pub offered: Option<usize>,
    #[serde(default, deserialize_with = "given")]
    pub login: Option<Option<String>>,
}

/// Tells a null from a field that is missing.
fn given<'de, D: serde::Deserializer<'de>>(value: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(value).map(Some)
}

/// One case of the fixtures.
pub struct Case {
    /// The cause whose folder it stands in.
    pub cause: String,
    /// `causes/dns/6.6-no-such-name`
    pub name: String,
    pub folder: PathBuf,
    pub expect: Expect,
}

impl Case {
    /// Its logs, with their roles; the git host's first.
    pub fn sources(&self) -> Vec<Source> {
        let mut roles: Vec<_> = self.expect.roles.iter().collect();
        roles.sort_by_key(|(_, role)| *role != "vcs");
        roles
            .into_iter()
            .map(|(file, role)| {
                let role = match role.as_str() {
                    "vcs" => Role::Vcs,
                    "ci" => Role::Ci,
                    "other" => Role::Other,
                    other => panic!("{}: no such role: {other}", self.name),
                };
                let bytes = fs::read(self.folder.join(file))
                    .unwrap_or_else(|error| panic!("{}: {file}: {error}", self.name));
                Source::new(file, role, bytes)
            })
            .collect()
    }
}

/// All cases in `fixtures/causes` or `fixtures/near-misses`.
pub fn cases(kind: &str) -> Vec<Case> {
    let root = project("fixtures").join(kind);
    let mut cases = Vec::new();
    for cause in names(&root, true) {
        for case in names(&root.join(&cause), true) {
            let folder = root.join(&cause).join(&case);
            let name = format!("{kind}/{cause}/{case}");
            let expect = fs::read_to_string(folder.join("expect.json"))
                .unwrap_or_else(|error| panic!("{name}: {error}"));
            let expect =
                serde_json::from_str(&expect).unwrap_or_else(|error| panic!("{name}: {error}"));
            cases.push(Case {
                cause: cause.clone(),
                name,
                folder,
                expect,
            });
        }
    }
    cases
}

/// Every log of the fixtures' cases, with its name.
pub fn logs() -> &'static [(String, Vec<u8>)] {
    static LOGS: LazyLock<Vec<(String, Vec<u8>)>> = LazyLock::new(|| {
        let mut logs: Vec<(String, Vec<u8>)> = ["causes", "near-misses"]
            .iter()
            .flat_map(|kind| cases(kind))
            .flat_map(|case| {
                case.sources()
                    .into_iter()
                    .map(move |source| (format!("{}/{}", case.name, source.name), source.bytes))
            })
            .collect();
        for name in ["vcs.log", "ci.log"] {
            logs.push((
                format!("demo/{name}"),
                fs::read(project("fixtures/demo").join(name)).unwrap(),
            ));
        }
        logs
    });
    &LOGS
}
