//! Which line of the configuration a user's name comes from: asked of ssh itself, with more and more of the file.

use std::time::Duration;

use super::program::Program;
use super::{config, paths, process};
use crate::model::facts::ConfigLine;
use crate::shell;

/// What ssh reads where no `-F` is given, and how much of a file is looked at.
const FILES: [&str; 2] = ["~/.ssh/config", "/etc/ssh/ssh_config"];
const MOST: u64 = 48 * 1024;

/// The line that sets the user for a host. `words` are the options of an ssh command. `None`: no line does, or it can't be
/// told.
pub(crate) fn of_user(ssh: &Program, words: &[String], host: &str, limit: Duration) -> Option<ConfigLine> {
    let named = words.iter().position(|word| word == "-F");
    let (words, files) = match named {
        Some(at) => ([&words[..at], words.get(at + 2..)?].concat(), vec![words.get(at + 1)?.clone()]),
        None => (words.to_vec(), FILES.map(str::to_owned).to_vec()),
    };
    let search = Search { ssh, words: &words, host, limit };
    for name in files {
        let path = paths::Tokens::here().expand(&name).ok()?;
        let from = File { folder: folder_of(&path), before: String::new(), header: None };
        if let Some(found) = search.look_in(&path, &from, DEEPEST)? {
            return Some(found);
        }
    }
    None
}

/// Files that take in others, at most (readconf.c, `READCONF_MAX_DEPTH`).
const DEEPEST: u32 = 16;

/// Whose user is looked for, and of which ssh it is asked.
struct Search<'a> {
    ssh: &'a Program,
    words: &'a [String],
    host: &'a str,
    limit: Duration,
}

/// Where a file is read.
struct File {
    /// Where the names of files that it takes in begin (ssh_config(5), `Include`).
    folder: String,
    /// The lines that ssh has read before it.
    before: String,
    /// The header of the block that takes it in.
    header: Option<String>,
}

impl Search<'_> {
    fn sets(&self, lines: &str) -> Option<bool> {
        config::sets_user(self.ssh, self.words, self.host, lines, self.limit)
    }

    /// The line of a file that sets the user; `Some(None)`: it has none. `None`: something before it does, or it can't be told.
    fn look_in(&self, path: &str, from: &File, depth: u32) -> Option<Option<ConfigLine>> {
        let Some(text) = read(path) else { return Some(None) };
        let lines: Vec<&str> = text.lines().collect();
        let first = |count: usize| {
            format!("{}{}", from.before, lines[..count].iter().map(|line| format!("{line}\n")).collect::<String>())
        };
        if self.sets(&first(0))? {
            return None;
        }
        if !self.sets(&first(lines.len()))? {
            return Some(None);
        }
        let candidates: Vec<usize> =
            (0..lines.len()).filter(|at| ["user", "include"].contains(&keyword(lines[*at]).as_str())).collect();
        // The first of them with which it is set.
        let (mut low, mut high) = (0, candidates.len().checked_sub(1)?);
        while low < high {
            let middle = usize::midpoint(low, high);
            if self.sets(&first(candidates[middle] + 1))? { high = middle } else { low = middle + 1 }
        }
        let at = candidates[low];
        let block = lines[..at].iter().rev().find(|line| ["host", "match"].contains(&keyword(line).as_str()));
        let header = block.map(|line| (*line).to_owned()).or_else(|| from.header.clone());
        if keyword(lines[at]) == "include" && depth > 0 {
            let mut inner = File { folder: from.folder.clone(), before: first(at), header: header.clone() };
            for file in included(lines[at], &from.folder, self.limit) {
                if let Some(found) = self.look_in(&file, &inner, depth - 1)? {
                    return Some(Some(found));
                }
                inner.before += &read(&file).unwrap_or_default();
            }
        }
        Some(Some(ConfigLine {
            file: path.to_owned(),
            line: u32::try_from(at + 1).ok()?,
            text: lines[at].trim().to_owned(),
            own_block: header.is_some_and(|header| is_of_hosts(&header)),
        }))
    }
}

/// Whether a block is of hosts that it names, without a wildcard.
fn is_of_hosts(header: &str) -> bool {
    let words = header.split(|c: char| c.is_whitespace() || c == '=').filter(|word| !word.is_empty());
    let words: Vec<String> = words.map(str::to_ascii_lowercase).collect();
    let named = words.iter().any(|word| word == "host" || word == "originalhost");
    named && !header.contains(['*', '?', '!'])
}

/// The folder in which names of files begin that a file takes in.
fn folder_of(path: &str) -> String {
    if path.starts_with("/etc/ssh/") {
        return "/etc/ssh".to_owned();
    }
    paths::Tokens::here().expand("~/.ssh").unwrap_or_default()
}

/// Files that a line takes in, in ssh's order. A shell tells which there are: it makes names of the patterns, and runs nothing.
fn included(line: &str, folder: &str, limit: Duration) -> Vec<String> {
    const SCRIPT: &str = "IFS=; for name; do for file in $name; do printf '%s\\0' \"$file\"; done; done";
    let tokens = paths::Tokens::here();
    let names = shell::split(line).into_iter().skip(1).filter_map(|name| tokens.expand(&name).ok());
    let names = names.map(|name| if name.starts_with('/') { name } else { format!("{folder}/{name}") });
    let words: Vec<String> = ["-c", SCRIPT, "sh"].map(str::to_owned).into_iter().chain(names).collect();
    let told = process::run("/bin/sh", words, limit).map(|output| output.text()).unwrap_or_default();
    told.split_terminator('\0').map(str::to_owned).collect()
}

fn read(path: &str) -> Option<String> {
    let about = std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file)?;
    (about.len() <= MOST).then(|| std::fs::read_to_string(path).ok()).flatten()
}

/// A line's keyword, in lower case.
fn keyword(line: &str) -> String {
    let line = line.trim_start();
    line.split(|c: char| c.is_whitespace() || c == '=').next().unwrap_or_default().to_ascii_lowercase()
}
