//! Which line of the configuration a user's name comes from: asked of ssh itself, with more and more of the file.

use std::time::Duration;

use super::config;
use super::paths;
use super::program::Program;
use crate::model::facts::ConfigLine;

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
    let tokens = paths::Tokens::here();
    for name in files {
        let path = tokens.expand(&name).ok()?;
        let Some(text) = read(&path) else { continue };
        let lines: Vec<&str> = text.lines().collect();
        let sets = |count: usize| config::sets_user(ssh, &words, host, &lines[..count].join("\n"), limit);
        // Something else sets it, or nothing in this file does.
        if sets(0)? {
            return None;
        }
        if !sets(lines.len())? {
            continue;
        }
        let candidates: Vec<usize> =
            (0..lines.len()).filter(|at| ["user", "include"].contains(&keyword(lines[*at]).as_str())).collect();
        // The first of them with which it is set.
        let (mut low, mut high) = (0, candidates.len().checked_sub(1)?);
        while low < high {
            let middle = usize::midpoint(low, high);
            if sets(candidates[middle] + 1)? { high = middle } else { low = middle + 1 }
        }
        let at = candidates[low];
        let block = lines[..at].iter().rev().find(|line| ["host", "match"].contains(&keyword(line).as_str()));
        return Some(ConfigLine {
            file: path,
            line: u32::try_from(at + 1).ok()?,
            text: lines[at].trim().to_owned(),
            own_block: block.is_some_and(|header| keyword(header) == "host" && !header.contains(['*', '?'])),
        });
    }
    None
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
