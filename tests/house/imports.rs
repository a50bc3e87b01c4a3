//! Which file names what of which other file: read off the `use` lines and the paths in the code.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::kit::{files, project};

/// A module's way from the root: `rules`, `agent`.
pub(crate) type Name = Vec<String>;

/// One file of the code.
struct File {
    name: Name,
    code: String,
    /// Paths from the root that it names, `crate` left out.
    named: BTreeSet<Name>,
    /// What it passes on under a name of its own.
    passes_on: BTreeMap<String, Name>,
}

/// Each file, with the files that it needs.
pub(crate) fn graph() -> BTreeMap<String, BTreeSet<String>> {
    let root = project("src");
    let sources = files(&root).into_iter().filter(|path| path.extension().is_some_and(|end| end == "rs"));
    let sources = sources.map(|path| {
        let inside = path.strip_prefix(&root).unwrap().to_owned();
        (inside.to_str().unwrap().to_owned(), std::fs::read_to_string(&path).unwrap())
    });
    graph_of(sources.collect())
}

/// The same of files that are given by their names and texts.
pub(crate) fn graph_of(sources: Vec<(String, String)>) -> BTreeMap<String, BTreeSet<String>> {
    let mut by_name = BTreeMap::new();
    let mut all = Vec::new();
    for (path, text) in sources {
        let name = module_name(Path::new(&path));
        by_name.insert(name.clone(), path);
        all.push(File { name, code: code(&text), named: BTreeSet::new(), passes_on: BTreeMap::new() });
    }
    let mut read = BTreeMap::new();
    for mut file in all {
        find_paths(&mut file, &by_name);
        read.insert(file.name.clone(), file);
    }
    read.values()
        .map(|file| {
            let needs = file.named.iter().filter_map(|path| owner(path, &read, 0));
            let needs = needs.filter(|name| *name != file.name).map(|name| by_name[&name].clone());
            (by_name[&file.name].clone(), needs.collect())
        })
        .collect()
}

fn module_name(path: &Path) -> Name {
    let mut name: Name = path.with_extension("").iter().map(|part| part.to_str().unwrap().to_owned()).collect();
    if name.last().is_some_and(|last| last == "mod" || last == "lib") {
        name.pop();
    }
    name
}

/// A file's code: no comments, no strings, and nothing from its tests on.
pub(crate) fn code(source: &str) -> String {
    let source = source.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    let mut code = String::new();
    for line in source.lines() {
        let line = line.trim_start();
        if line.starts_with("//") {
            continue;
        }
        // Who may see it is no need.
        let line = match line.split_once("pub(in ") {
            Some((before, rest)) => format!("{before}pub {}", rest.split_once(')').map_or("", |(_, rest)| rest)),
            None => line.to_owned(),
        };
        for (at, piece) in line.split('"').enumerate() {
            code.push_str(if at % 2 == 0 { piece } else { "\"\"" });
        }
        code.push('\n');
    }
    code
}

/// The file in which what a path names is written, through all that is passed on.
fn owner(path: &[String], files: &BTreeMap<Name, File>, depth: usize) -> Option<Name> {
    let at = (0..=path.len()).rev().find(|length| files.contains_key(&path[..*length]))?;
    let file = &files[&path[..at]];
    if let Some(onward) = path.get(at).and_then(|item| file.passes_on.get(item))
        && depth < 8
    {
        let whole = [&onward[..], &path[at + 1..]].concat();
        return owner(&whole, files, depth + 1);
    }
    Some(file.name.clone())
}

fn find_paths(file: &mut File, modules: &BTreeMap<Name, String>) {
    let mut rest = String::new();
    let mut statements = file.code.as_str();
    // Statements of `use` first; what is left is searched for paths.
    while let Some(at) = next_use(statements) {
        rest.push_str(&statements[..at]);
        let end = statements[at..].find(';').map_or(statements.len(), |end| at + end);
        let public = statements[..at].trim_end().ends_with(|c: char| c == ')' || c.is_alphanumeric())
            && statements[..at].rsplit('\n').next().is_some_and(|line| line.trim_start().starts_with("pub"));
        let mut found = Vec::new();
        expand(&statements[at + "use ".len()..end], &[], &mut found);
        for (path, alias) in found {
            let Some(path) = from_root(&path, &file.name, modules) else { continue };
            if public {
                file.passes_on.insert(alias, path);
            } else {
                file.named.insert(path);
            }
        }
        statements = &statements[end..];
    }
    rest.push_str(statements);
    for path in inline_paths(&rest) {
        if let Some(path) = from_root(&path, &file.name, modules) {
            file.named.insert(path);
        }
    }
}

/// Where the next `use` begins.
fn next_use(code: &str) -> Option<usize> {
    code.match_indices("use ").map(|(at, _)| at).find(|at| {
        let before = &code[..*at];
        let line = before.rsplit('\n').next().unwrap_or_default().trim();
        line.is_empty() || (line.starts_with("pub") && !line.contains(' '))
    })
}

/// Takes a tree of `use` apart: each path with the name that it has here.
fn expand(tree: &str, before: &[String], found: &mut Vec<(Name, String)>) {
    let tree = tree.trim();
    if let Some(open) = tree.find('{') {
        let mut path = before.to_vec();
        path.extend(words(&tree[..open]));
        let inside = tree[open + 1..].rsplit_once('}').map_or("", |(inside, _)| inside);
        let mut depth = 0;
        let mut from = 0;
        for (at, c) in inside.char_indices().chain([(inside.len(), ',')]) {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 0 => {
                    expand(&inside[from..at], &path, found);
                    from = (at + 1).min(inside.len());
                }
                _ => {}
            }
        }
    } else if !tree.is_empty() {
        let (path, alias) = tree.split_once(" as ").map_or((tree, None), |(path, alias)| (path, Some(alias)));
        let mut whole = before.to_vec();
        whole.extend(words(path).into_iter().filter(|word| word != "self"));
        let last = whole.last().cloned().unwrap_or_default();
        found.push((whole, alias.map_or(last, |alias| alias.trim().to_owned())));
    }
}

fn words(path: &str) -> Vec<String> {
    path.split("::").map(|word| word.trim().to_owned()).filter(|word| !word.is_empty()).collect()
}

/// Paths of two words and more in code without its `use` statements.
fn inline_paths(code: &str) -> Vec<Name> {
    let in_path = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    code.split(|c: char| !in_path(c)).filter(|word| word.contains("::")).map(words).collect()
}

/// A path as it is from the root; none for what is not of this code.
fn from_root(path: &[String], own: &[String], modules: &BTreeMap<Name, String>) -> Option<Name> {
    let mut here = own.to_vec();
    let first = path.first()?.as_str();
    let mut rest = path;
    match first {
        "crate" | "ssh_why" => {
            here.clear();
            rest = &path[1..];
        }
        "super" | "self" => {
            while let Some(word @ ("super" | "self")) = rest.first().map(String::as_str) {
                if word == "super" {
                    here.pop();
                }
                rest = &rest[1..];
            }
        }
        // A module below this one.
        child => {
            here.push(child.to_owned());
            modules.get(&here)?;
            rest = &path[1..];
        }
    }
    here.extend(rest.iter().cloned());
    Some(here)
}

/// Groups of files each of which needs all others of its group, directly or not.
pub(crate) fn circles(graph: &BTreeMap<String, BTreeSet<String>>) -> Vec<BTreeSet<String>> {
    let reach = |from: &String| {
        let mut seen = BTreeSet::new();
        let mut next: Vec<&String> = graph[from].iter().collect();
        while let Some(file) = next.pop() {
            if seen.insert(file.clone()) {
                next.extend(&graph[file]);
            }
        }
        seen
    };
    let reached: BTreeMap<&String, BTreeSet<String>> = graph.keys().map(|file| (file, reach(file))).collect();
    let mut groups: Vec<BTreeSet<String>> = Vec::new();
    for (file, to) in &reached {
        if to.contains(*file) && !groups.iter().any(|group| group.contains(*file)) {
            groups.push(to.iter().filter(|other| reached[other].contains(*file)).cloned().collect());
        }
    }
    groups
}
