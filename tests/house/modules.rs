//! A folder's `mod.rs` is its table of contents: the files, what it passes on, and its registry.

use std::path::{Path, PathBuf};

use super::imports::code;
use crate::kit::{files, project};

/// How a line at the left edge of a `mod.rs` may begin, behind who may see it. `mod` ends with a semicolon: a module
/// that is written out is one more file's.
const ITEMS: &[&str] = &["mod ", "use ", "const ", "static "];

/// Words that only what decides or counts has in it, and a table has not.
const ACTS: &[&str] =
    &["fn ", "if ", "else ", "match ", "for ", "while ", "loop ", "let ", "|", "=> ", "impl ", "macro"];

fn mod_files() -> Vec<PathBuf> {
    files(&project("src")).into_iter().filter(|path| path.ends_with("mod.rs")).collect()
}

/// What a `mod.rs` holds beside its table of contents.
fn beside(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in source.lines().filter(|line| !line.is_empty() && !line.starts_with([' ', '/', '#', ']', ')', '}'])) {
        let item = match line.strip_prefix("pub") {
            Some(rest) => rest.strip_prefix('(').and_then(|rest| rest.split_once(')')).map_or(rest, |(_, rest)| rest),
            None => line,
        };
        let item = item.trim_start();
        let known = ITEMS.iter().any(|start| item.starts_with(start));
        if !known || item.starts_with("mod ") && !item.ends_with(';') || item.starts_with("const fn") {
            found.push(line.to_owned());
        }
    }
    let code = code(source);
    for line in code.lines() {
        let acts = |word: &&&str| {
            let at = line.find(**word);
            at.is_some_and(|at| !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
        };
        found.extend(ACTS.iter().find(acts).map(|word| format!("{word}in: {line}")));
    }
    found
}

#[test]
fn a_mod_file_holds_registries_and_wiring_only() {
    let all = mod_files();
    assert!(all.len() > 35, "only {} were seen", all.len());
    let name = |path: &Path| path.strip_prefix(project("")).unwrap_or(path).display().to_string();
    let wrong: Vec<String> = all
        .iter()
        .flat_map(|path| {
            let source = std::fs::read_to_string(path).unwrap();
            beside(&source).into_iter().map(|what| format!("{}: {what}", name(path))).collect::<Vec<_>>()
        })
        .collect();
    assert!(wrong.is_empty(), "these belong into files of their own:\n{}", wrong.join("\n"));
}

#[test]
fn what_is_no_registry_is_seen() {
    let fine = "//! Docs.\n\nmod a;\n#[cfg(unix)]\npub(crate) mod b;\npub use a::{\n    A, B,\n};\n\n/// All.\npub(crate) static ALL: &[&A] = &[\n    &b::B, // if\n    A { name: \"fn f\", write: a::write },\n];\npub const PORT: u16 = 22;\nconst F: fn(&str) = a::f;\n";
    assert_eq!(beside(fine), [""; 0]);
    for wrong in [
        "fn f() {}\n",
        "pub(crate) struct A;\n",
        "pub enum A {\n    B,\n}\n",
        "impl A {\n}\n",
        "mod tests {\n}\n",
        "pub const fn f() -> u8 {\n    1\n}\n",
        "type A = u8;\n",
        "static A: fn(&str) = |line| drop(line);\n",
        "const A: u8 = {\n    if B { 1 } else { 2 }\n};\n",
        "macro_rules! a {\n}\n",
    ] {
        assert!(!beside(wrong).is_empty(), "{wrong}");
    }
}
