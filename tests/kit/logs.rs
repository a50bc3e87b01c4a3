//! What the tests share: the fixtures, a log's lines as an editor shows them, and whether a report is true.

#![allow(dead_code, unreachable_pub, reason = "each test file uses its own part")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use proptest::prelude::ProptestConfig;
use serde::Deserialize;
use serde_json::Value;
use ssh_why::inside::diagnose::{Diagnosis, diagnose};
use ssh_why::inside::reader::Reader;
use ssh_why::inside::shell::Shell;
use ssh_why::inside::text::unprintable;
use ssh_why::model::{Role, Transcript};
use ssh_why::report::outline::Style;
use ssh_why::report::{self, Look, form};

/// A file or folder of the project.
pub fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The text of a file of the project.
pub fn text(path: &str) -> String {
    fs::read_to_string(project(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The names in a folder, sorted; of folders or of files.
pub fn names(folder: &Path, folders: bool) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_type().unwrap().is_dir() == folders)
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// All files below a folder.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = names(folder, false).into_iter().map(|name| folder.join(name)).collect();
    for name in names(folder, true) {
        found.extend(files(&folder.join(name)));
    }
    found
}

/// Reads a log as the program does: in pieces of 64 KiB.
pub fn read(source: &str, bytes: &[u8]) -> Transcript {
    let mut reader = Reader::new(source);
    for piece in bytes.chunks(64 * 1024) {
        reader.feed(piece);
    }
    reader.finish()
}

/// A log and what it is read as.
pub struct Source {
    pub name: String,
    pub role: Role,
    pub bytes: Vec<u8>,
}

impl Source {
    pub fn new(name: &str, role: Role, bytes: impl Into<Vec<u8>>) -> Self {
        Self { name: name.to_owned(), role, bytes: bytes.into() }
    }
}

/// Reads, judges and reports.
pub fn judge(sources: &[Source]) -> Report {
    let logs = sources
        .iter()
        .map(|source| {
            let mut log = read(&source.name, &source.bytes);
            log.role = source.role;
            log
        })
        .collect();
    Report::of(diagnose(logs, ssh_why::model::Facts::default(), Shell::Sh))
}

/// A diagnosis in all its forms.
pub struct Report {
    pub diagnosis: Diagnosis,
    pub json: Value,
    pub json_text: String,
    pub human: String,
}

/// A diagnosis as its JSON document.
pub fn json_of(diagnosis: &Diagnosis) -> Value {
    serde_json::from_str(&written("json", diagnosis, &Look::default())).expect("the report is one JSON document")
}

/// A diagnosis in one form.
pub fn written(form: &str, diagnosis: &Diagnosis, look: &Look<'_>) -> String {
    let form = form::by_name(form).expect("a form");
    (form.write)(&report::Report::Diagnosis(diagnosis), look)
}

impl Report {
    pub fn of(diagnosis: Diagnosis) -> Self {
        let json_text = written("json", &diagnosis, &Look::default());
        let json = serde_json::from_str(&json_text).expect("the report is one JSON document");
        super::fits_schema(&json).unwrap_or_else(|why| panic!("no report of the schema: {why}"));
        Self { json, json_text, human: written("human", &diagnosis, &Look::default()), diagnosis }
    }

    /// The human report with each painted piece between two marks.
    pub fn painted(&self) -> String {
        let paint = |style: Style, text: &str| {
            if style == Style::Plain { text.to_owned() } else { format!("\u{1b}[1m{text}\u{1b}[0m") }
        };
        written("human", &self.diagnosis, &Look { paint: &paint, ..Look::default() })
    }

    pub fn verdict(&self) -> &str {
        self.diagnosis.verdict.cause
    }

    pub fn findings(&self) -> Vec<&str> {
        self.diagnosis.findings.iter().map(|finding| finding.cause).collect()
    }

    /// The sessions of all logs, as the JSON report has them, each with its source.
    pub fn sessions(&self) -> Vec<(&str, &Value)> {
        let logs = self.json["transcripts"].as_array().unwrap();
        logs.iter()
            .flat_map(|log| {
                let source = log["source"].as_str().unwrap();
                log["sessions"].as_array().unwrap().iter().map(move |session| (source, session))
            })
            .collect()
    }
}

/// A log's text, whatever its encoding; what is no text becomes U+FFFD.
pub fn decode(bytes: &[u8]) -> String {
    let nuls = |from: usize| bytes.iter().skip(from).step_by(2).take(256).filter(|byte| **byte == 0).count();
    let utf16 = |big: bool, bytes: &[u8]| -> String {
        let units = bytes.chunks(2).map(|pair| {
            let pair = [pair[0], *pair.get(1).unwrap_or(&0)];
            if big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) }
        });
        char::decode_utf16(units).map(|c| c.unwrap_or('\u{fffd}')).collect()
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => utf16(false, rest),
        [0xfe, 0xff, rest @ ..] => utf16(true, rest),
        _ if nuls(1) > 64 && nuls(0) < 8 => utf16(false, bytes),
        _ if nuls(0) > 64 && nuls(1) < 8 => utf16(true, bytes),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// A log's lines, as an editor numbers them.
pub fn lines(bytes: &[u8]) -> Vec<String> {
    let text = decode(bytes);
    let end = if text.contains('\n') { '\n' } else { '\r' };
    let mut lines: Vec<String> = text.split(end).map(visible).collect();
    if lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

/// A line without colours and other characters that can't be seen.
fn visible(line: &str) -> String {
    let mut plain = String::new();
    let mut rest = line;
    while let Some(at) = rest.find("\u{1b}[") {
        plain.push_str(&rest[..at]);
        rest = rest[at + 2..].trim_start_matches(|c: char| c.is_ascii_digit() || c == ';');
        // What ends none is no end of a colour (ECMA-48 §5.4).
        rest = rest.strip_prefix(|c: char| ('@'..='~').contains(&c)).unwrap_or(rest);
    }
    plain.push_str(rest);
    plain.chars().filter(|c| *c == '\t' || !unprintable(*c)).collect()
}

/// Asserts that every quote of the report stands in the line that it names, and that the verdict has one.
pub fn assert_true(report: &Report, sources: &[Source], what: &str) {
    let lines: BTreeMap<&str, Vec<String>> =
        sources.iter().map(|source| (source.name.as_str(), lines(&source.bytes))).collect();
    let cause = report.json["verdict"]["cause"].as_str().unwrap();
    let findings = report.json["findings"].as_array().unwrap();
    assert!(
        cause == "unknown"
            || findings.iter().any(|finding| {
                finding["cause"] == cause && finding["evidence"].as_array().is_some_and(|quotes| !quotes.is_empty())
            }),
        "{what}: nothing proves the verdict {cause}"
    );
    for finding in findings {
        let quotes = finding["evidence"].as_array().unwrap();
        assert!(!quotes.is_empty(), "{what}: {} quotes nothing", finding["cause"]);
        for quote in quotes {
            let (source, number) = (quote["source"].as_str().unwrap(), quote["line"].as_u64().unwrap());
            let said = quote["text"].as_str().unwrap();
            let line = lines
                .get(source)
                .unwrap_or_else(|| panic!("{what}: {source} was not read"))
                .get((number as usize).wrapping_sub(1))
                .unwrap_or_else(|| panic!("{what}: {source} has no line {number}"));
            assert!(line.contains(said), "{what}: {source}:{number} is\n  {line:?}\nand not\n  {said:?}");
        }
    }
    for (source, session) in report.sessions() {
        let count = lines[source].len() as u64;
        let named = ["identities", "offered"].iter().flat_map(|list| session[list].as_array().unwrap());
        for place in named.chain(Some(&session["accepted"]).filter(|key| !key.is_null())) {
            let number = place["line"].as_u64().unwrap();
            assert!((1..=count).contains(&number), "{what}: {source} has no line {number}");
        }
    }
}

/// Asserts that a report can't act on a terminal, and that it says in each form the same.
pub fn assert_tame(report: &Report, what: &str) {
    let bad = |text: &str| text.chars().find(|c| *c != '\n' && unprintable(*c));
    assert_eq!(bad(&report.human), None, "{what}: in the human report");
    // Escaped they do no harm, but a program that prints a string of it would.
    walk(&report.json, &mut |text| {
        assert_eq!(text.chars().find(|c| *c != '\n' && unprintable(*c)), None, "{what}: in the JSON report: {text:?}")
    });
    assert!(report.human.starts_with(report.verdict()), "{what}: {}", report.human);
    assert!(report.human.ends_with('\n') && report.json_text.ends_with('\n'));
    let painted = report.painted().replace("\u{1b}[1m", "").replace("\u{1b}[0m", "");
    assert_eq!(painted, report.human, "{what}: colours change the words");
    if let Some(suggestion) = &report.diagnosis.suggestion {
        assert_eq!(shlex::split(&suggestion.command).as_ref(), Some(&suggestion.argv), "{what}");
        assert!(report.human.contains(&suggestion.command), "{what}: the command is not shown");
    }
}

fn walk(value: &Value, each: &mut impl FnMut(&str)) {
    match value {
        Value::String(text) => each(text),
        Value::Array(list) => list.iter().for_each(|value| walk(value, each)),
        Value::Object(fields) => fields.iter().for_each(|(name, value)| {
            each(name);
            walk(value, each);
        }),
        _ => {}
    }
}

const KEY: &[&str] = &["path", "label", "type", "fingerprint", "agent"];

/// Asserts that the document has all fields of schema 1, that lists are lists, and that words are known words.
pub fn assert_schema(document: &Value, what: &str) {
    let fields = |value: &Value, names: &[&str]| {
        let object = value.as_object().unwrap_or_else(|| panic!("{what}: no object but {value}"));
        let have: BTreeSet<&str> = object.keys().map(String::as_str).collect();
        for name in names {
            assert!(have.contains(name), "{what}: {name} is missing in {value}");
        }
    };
    let list = |value: &Value| value.as_array().unwrap_or_else(|| panic!("{what}: no list but {value}")).clone();
    let word = |value: &Value, words: &[&str]| {
        let text = value.as_str().unwrap_or_else(|| panic!("{what}: no word but {value}"));
        assert!(words.contains(&text), "{what}: {text} is none of {words:?}");
    };
    let certainty = |value: &Value| word(value, &["certain", "likely", "possible"]);

    fields(document, &["schema", "tool", "transcripts", "comparisons", "findings", "verdict", "suggestion"]);
    assert_eq!(document["schema"], 1, "{what}");
    assert_eq!(document["tool"]["name"], "ssh-why");
    assert_eq!(document["tool"]["version"], env!("CARGO_PKG_VERSION"));
    for log in list(&document["transcripts"]) {
        fields(&log, &["source", "role", "dialect", "client", "complete", "sessions"]);
        word(&log["role"], &["vcs", "ci", "other"]);
        assert!(log["complete"].is_boolean() && log["dialect"].is_string());
        for session in list(&log["sessions"]) {
            fields(
                &session,
                &[
                    "host",
                    "address",
                    "port",
                    "user",
                    "server_software",
                    "identities",
                    "offered",
                    "accepted",
                    "outcome",
                    "method",
                    "methods_left",
                    "login",
                ],
            );
            word(
                &session["outcome"],
                &[
                    "authenticated",
                    "partial",
                    "denied",
                    "disconnected",
                    "host-key",
                    "kex",
                    "network",
                    "client-error",
                    "unknown",
                ],
            );
            for identity in list(&session["identities"]) {
                fields(&identity, &["path", "state", "reason", "line"]);
                word(&identity["state"], &["loaded", "absent", "unusable"]);
            }
            for offer in list(&session["offered"]) {
                fields(&offer, KEY);
                fields(&offer, &["reply", "line"]);
                word(&offer["reply"], &["accepted", "refused", "unanswered"]);
            }
            if !session["accepted"].is_null() {
                fields(&session["accepted"], KEY);
                fields(&session["accepted"], &["line"]);
            }
            list(&session["methods_left"]);
        }
    }
    for comparison in list(&document["comparisons"]) {
        fields(&comparison, &["vcs", "ci", "key", "offered_to_ci", "accepted_by_ci"]);
        if !comparison["key"].is_null() {
            fields(&comparison["key"], &["path", "fingerprint"]);
        }
    }
    for finding in list(&document["findings"]) {
        fields(&finding, &["cause", "severity", "certainty", "title", "explanation", "evidence", "fixes"]);
        word(&finding["severity"], &["error", "warning", "note"]);
        certainty(&finding["certainty"]);
        for quote in list(&finding["evidence"]) {
            fields(&quote, &["source", "line", "text"]);
        }
        for fix in list(&finding["fixes"]) {
            fields(&fix, &["title", "command", "config"]);
        }
    }
    fields(&document["verdict"], &["cause", "certainty", "summary"]);
    certainty(&document["verdict"]["certainty"]);
    if !document["suggestion"].is_null() {
        fields(&document["suggestion"], &["command", "argv", "verified"]);
        list(&document["suggestion"]["argv"]);
    }
}

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
    /// How certain the verdict must be.
    pub certainty: Option<String>,
    /// Whether the whole is well, a cause was found, or it is open: what the exit code tells.
    pub answer: Option<String>,
    /// A command that some fix must show.
    pub command: Option<String>,
    /// Words that the report must say, quotes aside.
    #[serde(default)]
    pub says: Vec<String>,
    /// Words that it must not.
    #[serde(default)]
    pub nowhere: Vec<String>,
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
                let bytes =
                    fs::read(self.folder.join(file)).unwrap_or_else(|error| panic!("{}: {file}: {error}", self.name));
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
            let expect =
                fs::read_to_string(folder.join("expect.json")).unwrap_or_else(|error| panic!("{name}: {error}"));
            let expect = serde_json::from_str(&expect).unwrap_or_else(|error| panic!("{name}: {error}"));
            cases.push(Case { cause: cause.clone(), name, folder, expect });
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
                case.sources().into_iter().map(move |source| (format!("{}/{}", case.name, source.name), source.bytes))
            })
            .collect();
        for name in ["vcs.log", "ci.log"] {
            logs.push((format!("demo/{name}"), fs::read(project("fixtures/demo").join(name)).unwrap()));
        }
        logs
    });
    &LOGS
}

/// So many cases, unless PROPTEST_CASES asks for more; and no file is left behind.
pub fn proptest_cases(number: u32) -> ProptestConfig {
    let mut config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = number;
    }
    config
}

/// What a real shell makes of a command that begins with `ssh`: no program runs.
#[cfg(unix)]
pub fn read_by_sh(command: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let script = format!("ssh() {{ printf '%s\\0' ssh \"$@\"; }}\n{command}\n");
    let done = std::process::Command::new("sh")
        .args(["-c", &script])
        .env_clear()
        .current_dir(folder.path())
        .output()
        .expect("sh runs");
    assert!(done.status.success() && done.stderr.is_empty(), "{command}: {}", String::from_utf8_lossy(&done.stderr));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "{command} made a file");
    let words = String::from_utf8(done.stdout).unwrap();
    words.split_terminator('\0').map(str::to_owned).collect()
}

#[cfg(not(unix))]
pub fn read_by_sh(command: &str) -> Vec<String> {
    shlex::split(command).unwrap()
}
