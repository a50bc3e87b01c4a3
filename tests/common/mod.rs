//! What the tests share: the fixtures, a log's lines as an editor shows them, and whether a report is true.

#![allow(
    dead_code,
    unreachable_pub,
    unused_imports,
    reason = "each test file uses its own part"
)]

mod fixtures;
mod report;
mod schema;
mod sh;

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::ProptestConfig;

pub use fixtures::{Case, Wanted, cases, logs};
pub use report::{Report, Source, assert_tame, assert_true, judge, lines, read};
pub use schema::assert_schema;
pub use sh::read_by_sh;

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
    let mut found: Vec<PathBuf> = names(folder, false)
        .into_iter()
        .map(|name| folder.join(name))
        .collect();
    for name in names(folder, true) {
        found.extend(files(&folder.join(name)));
    }
    found
}
/// So many cases, unless PROPTEST_CASES asks for more; and no file is left behind.
pub fn proptest_cases(number: u32) -> ProptestConfig {
    let mut config = ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = number;
    }
    config
}
