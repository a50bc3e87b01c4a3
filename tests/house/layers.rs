//! Holds the layers' direction, and keeps all but the program's own layer away from the world.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::imports::{circles, code, graph, graph_of};
use crate::kit::{files, project, text};

/// What touches the world, and where it may.
const WORLD: &[&str] = &[
    "std::fs",
    "std::process",
    "std::net",
    "std::time",
    "std::env",
    "std::thread",
    "std::os",
    "stdin()",
    "stdout()",
    "stderr()",
    "println!",
    "print!(",
    "dbg!",
    "include_dir!",
    "extern \"",
];
const WORLDLY: &[&str] = &["cli", "live", "main"];

/// Each module's layer: the list in `src/lib.rs`, from the ground up. Modules between two semicolons are of one
/// layer and don't know each other.
fn layers() -> BTreeMap<String, usize> {
    let lib = text("src/lib.rs");
    let doc: String = lib
        .lines()
        .filter_map(|line| line.strip_prefix("//!"))
        .skip_while(|line| !line.contains("Layers import only"))
        .take_while(|line| !line.trim().is_empty())
        .collect();
    let list = doc.split_once("):").map(|(_, list)| list).expect("the list of layers in src/lib.rs");
    let list = list.split('.').next().unwrap_or_default();
    let layers: BTreeMap<String, usize> = list
        .split(';')
        .enumerate()
        .flat_map(|(layer, names)| names.split('`').skip(1).step_by(2).map(move |name| (name.to_owned(), layer)))
        .collect();
    assert!(layers.len() >= 10, "{layers:?}");
    for module in lib.lines().filter_map(|line| line.strip_prefix("pub mod ")) {
        let module = module.trim_end_matches(';');
        assert!(layers.contains_key(module), "src/lib.rs does not say in which layer {module} is");
    }
    layers
}

/// The module that a file belongs to: `src/rules/agent.rs` is of `rules`.
fn module(path: &Path) -> String {
    let inside = path.strip_prefix(project("src")).unwrap();
    let first = inside.components().next().unwrap().as_os_str().to_str().unwrap();
    first.trim_end_matches(".rs").to_owned()
}

/// The modules that a file's code names by `crate::…` or by `crate::{…}`.
fn imports(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    let name = |text: &str| -> String { text.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect() };
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            Some(group) => {
                let mut depth = 0;
                let mut item = String::new();
                for c in group.chars() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => found.push(name(std::mem::take(&mut item).trim())),
                        _ => {}
                    }
                    if c != ',' || depth > 0 {
                        item.push(c);
                    }
                }
                found.push(name(item.trim()));
            }
            None => found.push(name(rest)),
        }
    }
    found.retain(|name| !name.is_empty());
    found
}

#[test]
fn imports_point_down() {
    let layers = layers();
    let mut seen = 0;
    let mut wrong = Vec::new();
    for path in files(&project("src")) {
        let own = module(&path);
        if own == "lib" || own == "main" {
            continue;
        }
        let layer = *layers.get(&own).unwrap_or_else(|| panic!("{}: of no layer", path.display()));
        for other in imports(&code(&std::fs::read_to_string(&path).unwrap())) {
            if other == own {
                continue;
            }
            let below =
                *layers.get(&other).unwrap_or_else(|| panic!("{}: crate::{other} is no module", path.display()));
            seen += 1;
            if below >= layer {
                wrong.push(format!("{} imports {other}, which does not stand before {own}", path.display()));
            }
        }
    }
    assert!(seen > 50, "only {seen} imports were seen");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// `super::` stays within its folder, so that a module's imports from others can be told by `crate::`.
#[test]
fn folders_are_left_by_crate_only() {
    for path in files(&project("src")) {
        let root = path.parent() == Some(project("src").as_path()) || path.ends_with("mod.rs");
        let out = if root { "super::" } else { "super::super::" };
        let code = code(&std::fs::read_to_string(&path).unwrap());
        assert!(!code.contains(out), "{}: {out}", path.display());
    }
}

#[test]
fn only_the_program_touches_the_world() {
    let mut seen = 0;
    let mut wrong = Vec::new();
    for path in files(&project("src")) {
        let code = code(&std::fs::read_to_string(&path).unwrap());
        let worldly = WORLDLY.contains(&module(&path).as_str());
        // `use std::{fs, io};` would hide it.
        let grouped = code.contains("use std::{");
        for name in WORLD {
            if code.contains(name) {
                seen += usize::from(worldly);
                if !worldly {
                    wrong.push(format!("{}: {name}", path.display()));
                }
            }
        }
        if grouped && !worldly {
            wrong.push(format!("{}: name each part of std by a path of its own", path.display()));
        }
    }
    assert!(seen > 2, "the program itself must touch it: is this still how it is written?");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn imports_are_seen_in_every_form() {
    let source = "use crate::model::{Key, At};\nuse crate::{shell::join, rules::{RULES, rank}, report};\n// crate::cli\nlet x = crate::suggest::line(\"crate::reader\");\n#[cfg(test)]\nmod tests { use crate::cli; }\n";
    assert_eq!(imports(&code(source)), ["model", "shell", "rules", "report", "suggest"]);
}

/// Folders in which files can't be understood one after the other. Each is to be put in order; none may be added.
const CIRCLES: &[&str] = &[];

#[test]
fn files_stand_in_an_order() {
    let graph = graph();
    let needs: usize = graph.values().map(BTreeSet::len).sum();
    assert!(graph.len() > 40 && needs > 3 * graph.len(), "{} files, {needs} needs: are all seen?", graph.len());
    let found = circles(&graph);
    let known =
        |circle: &BTreeSet<String>| CIRCLES.iter().any(|folder| circle.iter().all(|file| file.starts_with(folder)));
    let unknown: Vec<String> = found
        .iter()
        .filter(|circle| !known(circle))
        .map(|circle| {
            let within = |file: &String| graph[file].intersection(circle).cloned().collect::<Vec<_>>().join(" ");
            let lines: Vec<String> = circle.iter().map(|file| format!("    {file} needs {}", within(file))).collect();
            lines.join("\n")
        })
        .collect();
    assert!(unknown.is_empty(), "circles of files:\n{}", unknown.join("\n\n"));
    for folder in CIRCLES {
        let still = found.iter().any(|circle| circle.iter().all(|file| file.starts_with(folder)));
        assert!(still, "{folder} has no circle any more: strike it off");
    }
}

#[test]
fn circles_of_files_are_seen() {
    let file = |path: &str, text: &str| (path.to_owned(), text.to_owned());
    let graph = graph_of(vec![
        file("lib.rs", "pub mod a;\npub mod b;\n"),
        file("a/mod.rs", "mod one;\nmod two;\npub use one::{One, Other as Else};\n"),
        file("a/one.rs", "use super::two;\nuse std::fmt;\nfn f() { two::g() }\n"),
        file("a/two.rs", "use crate::b::{self, B};\n// use super::One;\n"),
        file(
            "b.rs",
            "fn f(x: &str) -> crate::a::Else { \"crate::a::two\" }\n#[cfg(test)]\nmod tests { use crate::a::two; }\n",
        ),
    ]);
    let needs = |path: &str| graph[path].iter().map(String::as_str).collect::<Vec<_>>();
    assert_eq!(needs("a/mod.rs"), [""; 0], "what is passed on is no need");
    assert_eq!(needs("a/one.rs"), ["a/two.rs"]);
    assert_eq!(needs("a/two.rs"), ["b.rs"]);
    assert_eq!(needs("b.rs"), ["a/one.rs"], "where it is written, not where it is passed on");
    let circle = ["a/one.rs", "a/two.rs", "b.rs"].map(str::to_owned).into();
    assert_eq!(circles(&graph), [circle]);
}

/// Longest file, in lines.
const LONGEST: usize = 500;

/// A file that has grown past this holds more than one thing.
#[test]
fn no_file_is_long() {
    let mut seen = 0;
    let mut long = Vec::new();
    for folder in ["src", "tests", "benches"] {
        for path in files(&project(folder)).into_iter().filter(|path| path.extension().is_some_and(|end| end == "rs")) {
            let lines = std::fs::read_to_string(&path).unwrap().lines().count();
            seen += 1;
            if lines > LONGEST {
                long.push(format!("{}: {lines} lines", path.display()));
            }
        }
    }
    assert!(seen > 200, "only {seen} files were seen");
    assert!(long.is_empty(), "{}", long.join("\n"));
}

/// What the program is built on, and is not to be lost when a part of it is written anew.
const BUILT_ON: [&str; 7] = ["ssh2", "ssh_key", "clap", "colored", "dirs", "regex", "thiserror"];

#[test]
fn the_crates_that_it_is_built_on_are_at_work() {
    let manifest = std::fs::read_to_string(project("Cargo.toml")).unwrap();
    let wanted = manifest.split("\n[dependencies]").nth(1).unwrap().split("\n[dev-dependencies]").next().unwrap();
    for name in BUILT_ON {
        let listed = wanted.lines().any(|line| line.starts_with(&format!("{} = ", name.replace('_', "-"))));
        assert!(listed, "{name} is for tests alone");
        let at_work = |path: &std::path::PathBuf| {
            let text = std::fs::read_to_string(path).unwrap();
            let code = code(text.split("#[cfg(test)]\nmod tests").next().unwrap());
            let own = |(at, _): (usize, &str)| !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
            code.match_indices(&format!("{name}::")).any(own)
        };
        let files: Vec<_> = files(&project("src")).into_iter().filter(at_work).collect();
        assert!(!files.is_empty(), "nothing needs {name}");
    }
}
