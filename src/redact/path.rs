//! Paths: whose home they lie in, and which of their parts are names of somebody's own.

use std::ops::Range;

use super::line::{Found, Scan};
use super::sort::Sort;
use crate::model::KeyType;

/// Folders in which homes lie.
const HOMES: &[&str] = &["home", "Users", "users", "Documents and Settings"];

/// Folders in which somebody's own work lies.
const WORK: &[&str] = &["builds", "workspace", "workspaces", "srv"];

/// Folders at the top of every system.
const TOP: &[&str] = &[
    "dev",
    "etc",
    "usr",
    "var",
    "bin",
    "sbin",
    "lib",
    "lib64",
    "opt",
    "proc",
    "run",
    "sys",
    "tmp",
    "srv",
    "mnt",
    "media",
    "private",
    "Library",
    "System",
    "Volumes",
    "Applications",
    "nix",
    "snap",
    "cygdrive",
    "c",
    "C",
    "d",
    "D",
    "home",
    "Users",
];

/// Files and folders that homes have, whoever lives there.
const USUAL: &[&str] = &[
    "identity",
    "known_hosts",
    "known_hosts2",
    "authorized_keys",
    "authorized_keys2",
    "config",
    "config.d",
    "conf.d",
    "environment",
    "rc",
    "ssh",
    "bin",
    "lib",
    "etc",
    "src",
    "keys",
    "Library",
    "Application",
    "Support",
    "AppData",
    "Local",
    "LocalLow",
    "Roaming",
    "Temp",
    "tmp",
    "Documents",
    "Desktop",
    "Downloads",
    "Containers",
    "Group",
    "Data",
    "agent",
    "agent.sock",
    "go",
    "pkg",
    "mod",
    "node_modules",
    "venv",
    "site-packages",
    "Programs",
    "Git",
    "usr",
    "null",
    "dev",
    "Microsoft",
    "WindowsApps",
    "OpenSSH",
    "work",
    "workspace",
    "project",
    "projects",
    "r",
    "n",
    "t",
];

/// Whether a name is one that ssh gives keys.
fn is_sshs(name: &str) -> bool {
    KeyType::of_default_file(name).is_some()
}

/// Endings that tell what a file is; the longer first.
const ENDINGS: &[&str] = &[
    "-cert.pub",
    "-cert",
    ".pub",
    ".pem",
    ".ppk",
    ".key",
    ".crt",
    ".cer",
    ".log",
    ".txt",
    ".conf",
    ".cfg",
    ".json",
    ".yml",
    ".yaml",
    ".sh",
    ".exe",
    ".dll",
    ".so",
    ".dylib",
    ".sock",
    ".old",
    ".bak",
    ".git",
    ".py",
    ".rs",
    ".go",
    ".js",
    ".rb",
    ".php",
    ".pl",
    ".java",
    ".erl",
];

/// Whether a part of a path is nobody's own.
pub(super) fn is_usual(part: &str) -> bool {
    part.is_empty() || USUAL.contains(&part) || TOP.contains(&part) || is_sshs(stem(part)) || is_variable(part)
}

/// A part of a path, and where it stands.
struct Part<'a> {
    text: &'a str,
    at: Range<usize>,
}

fn parts(line: &str, at: Range<usize>) -> Vec<Part<'_>> {
    let mut start = at.start;
    let mut parts = Vec::new();
    for text in line[at].split(['/', '\\']) {
        parts.push(Part { text, at: start..start + text.len() });
        start += text.len() + 1;
    }
    // `\303\274`: a byte that ssh shows so, and no part of its own.
    let mut joined: Vec<Part<'_>> = Vec::new();
    for part in parts {
        let octal = part.text.len() >= 3 && part.text.bytes().take(3).all(|byte| matches!(byte, b'0'..=b'7'));
        match joined.last_mut().filter(|_| octal && line[..part.at.start].ends_with('\\')) {
            Some(last) => {
                last.at.end = part.at.end;
                last.text = &line[last.at.clone()];
            }
            None => joined.push(part),
        }
    }
    joined
}

/// Finds what is somebody's own in a path.
pub(super) fn scan(scan: &mut Scan<'_>, at: Range<usize>) {
    let line = scan.line;
    let text = line[at.clone()].trim_end_matches(['.', ':', '!', '?', '$', '#']);
    let at = at.start..at.start + text.len();
    if text.ends_with(".git") && !text.starts_with(['/', '~', '.']) {
        // `HOST:OWNER/NAME.git`
        let host = text.split_once(':').map_or(0, |(host, _)| host.len() + 1);
        if host > 1 {
            scan.words(at.start..at.start + host - 1, true);
        }
        return repository(scan, at.start + host..at.end);
    }
    let parts = parts(line, at.clone());
    if let [host, port] = parts.as_slice()
        && super::address::is_name(host.text)
        && port.text.bytes().all(|byte| byte.is_ascii_digit())
    {
        scan.shown(host.at.clone(), Sort::Host);
        return scan.shown(port.at.clone(), Sort::Port);
    }
    let absolute = text.starts_with(['/', '\\', '~']) || is_windows(text.as_bytes());
    if let Some(server) = server(&parts, text) {
        scan.shown(server, Sort::Host);
    }
    let mut at_home = false;
    let mut expected = false;
    let mut is_home = false;
    for (index, part) in parts.iter().enumerate() {
        let (name, own) = plain(part);
        let next = parts.get(index + 1).map(|part| part.text);
        if name.is_empty() {
            at_home |= index == 0 && part.text == "~";
            continue;
        }
        if expected {
            expected = false;
            at_home = true;
            // A home that is the only one: `/data/…/home/.ssh`.
            if name.starts_with('.') {
                own_name(scan, name, own);
                continue;
            }
            is_home = true;
            scan.shown(own, Sort::User);
        } else if !at_home && absolute && index > 0 && HOMES.contains(&name) {
            expected = true;
        } else if index == 1 && name == "root" && text.starts_with('/') {
            at_home = true;
            if scan.names.is_told(name) {
                continue;
            }
            scan.found.push(Found { at: own, sort: Sort::User, shown: true, lead: "home/" });
        } else if index == 0 && name.starts_with('~') && name[1..].starts_with(char::is_alphanumeric) {
            at_home = true;
            scan.shown(own.start + 1..own.end, Sort::User);
        } else if absolute
            && !at_home
            && next == Some(".ssh")
            && !is_variable(name)
            && !TOP.contains(&name)
            && index > 0
        {
            at_home = true;
            scan.shown(own, Sort::User);
        } else if absolute && index > 0 && !at_home && WORK.contains(&name) {
            at_home = true;
        } else if at_home && is_home && name == "root" {
            scan.push(own, Sort::Name, false);
        } else if at_home || scan.names.is_part(name) || is_key(name) {
            own_name(scan, name, own);
        } else if name.starts_with("ssh-") && next.is_some_and(|next| next.starts_with("agent.")) {
            // Where ssh-agent listens: letters at random.
            scan.push(own.start + "ssh-".len()..own.end, Sort::Name, false);
        } else if let Some(random) = name.strip_prefix("com.apple.launchd.") {
            scan.push(own.end - random.len()..own.end, Sort::Name, false);
        } else if index > 1 || !absolute || !TOP.contains(&name) {
            known(scan, name, own);
        }
    }
}

/// The server that a path of Windows names, `\\\\SERVER\\SHARE`, however often its backslashes are doubled.
fn server(parts: &[Part<'_>], text: &str) -> Option<Range<usize>> {
    let before = text.bytes().take_while(|byte| *byte == b'\\').count();
    let name = parts.get(before)?;
    let after = parts[before + 1..].iter().take_while(|part| part.text.is_empty()).count() + 1;
    let named = before == 2 * after && parts.len() > before + after && !TOP.contains(&name.text);
    (named && name.text.starts_with(|c: char| c.is_ascii_alphanumeric())).then(|| name.at.clone())
}

/// A part without what a message put behind it, and where that stands.
fn plain<'a>(part: &Part<'a>) -> (&'a str, Range<usize>) {
    let drive = part.text.len() == 2 && part.text.ends_with(':');
    let name = if drive { part.text } else { part.text.split(':').next().unwrap_or_default() };
    let name = if name == "~" { "" } else { name };
    (name, part.at.start..part.at.start + name.len())
}

/// A file or a folder in somebody's home.
fn own_name(scan: &mut Scan<'_>, name: &str, at: Range<usize>) {
    if name.starts_with('.') || USUAL.contains(&name) || is_variable(name) {
        return known(scan, name, at);
    }
    let stem = stem(name);
    if !is_sshs(stem) {
        scan.push(at.start..at.start + stem.len(), Sort::Name, false);
    }
}

/// A part that is somebody's own only if it is a name elsewhere.
fn known(scan: &mut Scan<'_>, name: &str, at: Range<usize>) {
    let random = name.as_bytes().split(|byte| !byte.is_ascii_alphanumeric()).any(super::run::is_random);
    let stem = stem(name).len();
    if random {
        return scan.push(at.start..at.start + stem, Sort::Name, false);
    }
    match scan.names.sort_of(name).or_else(|| scan.names.sort_of(&name[..stem])) {
        Some(sort) => scan.push(at.start..at.start + stem, sort, false),
        None if super::address::is_name(name) || super::address::is_v4(name) => scan.words(at, true),
        None => scan.parts(at),
    }
}

/// Whether a file is somebody's key, wherever it lies; those of the machine itself all have.
fn is_key(name: &str) -> bool {
    [".pem", ".ppk", "-cert.pub"].iter().any(|ending| name.len() > ending.len() && name.ends_with(ending))
        && !name.starts_with("ssh_host_")
}

/// A name without the ending that tells what the file is.
pub(super) fn stem(name: &str) -> &str {
    let ending = ENDINGS.iter().find(|ending| name.len() > ending.len() && name.ends_with(**ending));
    let name = ending.map_or(name, |ending| &name[..name.len() - ending.len()]);
    if name.ends_with("-cert") && name.len() > 5 { &name[..name.len() - 5] } else { name }
}

fn is_variable(name: &str) -> bool {
    name.starts_with(['$', '%', '*', '<']) || name.contains("..")
}

/// A repository's path: who owns it, and its name.
pub(super) fn repository(scan: &mut Scan<'_>, at: Range<usize>) {
    for part in parts(scan.line, at) {
        let (name, own) = plain(&part);
        let name = name.trim_end_matches(['.', '!', '?', '$', '#']);
        let stem = stem(name);
        if name.is_empty()
            || name.starts_with('~') && name.len() == 1
            || is_variable(name)
            || matches!(stem, "." | "..")
        {
            continue;
        }
        let lead = usize::from(name.starts_with('~'));
        scan.shown(own.start + lead..own.start + stem.len(), Sort::Repository);
    }
}

/// A path below somebody's own web server.
pub(super) fn below(scan: &mut Scan<'_>, at: Range<usize>) {
    for part in parts(scan.line, at) {
        let (name, own) = plain(&part);
        if !name.is_empty() {
            scan.push(own.start..own.start + stem(name).len(), Sort::Name, false);
        }
    }
}

/// Whether bytes begin as a path of Windows does.
pub(super) fn is_windows(bytes: &[u8]) -> bool {
    matches!(bytes, [drive, b':', b'\\' | b'/', ..] if drive.is_ascii_alphabetic())
        || bytes.starts_with(b"%")
        || bytes.windows(6).any(|window| window == b"\\Users")
}

/// Where a path ends whose home is called after somebody with two names.
pub(super) fn with_blanks(line: &str, start: usize, end: usize) -> usize {
    let token = &line[start..end];
    const FIRST: &str = "Documents";
    const AFTER: &str = " and Settings";
    if token.ends_with(FIRST) && line[end..].starts_with(AFTER) {
        let rest = &line[end + AFTER.len()..];
        return end + AFTER.len() + rest.find([' ', '"', '\'', ',', ';', ')']).unwrap_or(rest.len());
    }
    let Some(at) = token.rfind(['/', '\\']) else { return end };
    let in_homes = HOMES.iter().any(|home| token[..at].trim_end_matches(['/', '\\']).ends_with(home));
    let rest = &line[end..];
    if !in_homes || !rest.starts_with(' ') {
        return end;
    }
    let next = rest.find(['/', '\\', ':', '"', '\'', '|', '<', '>', '*', '?']).filter(|next| *next < 40);
    let Some(next) = next.filter(|next| rest[*next..].starts_with(['/', '\\'])) else { return end };
    let after = &rest[next..];
    // With a slash it may as well be another path, unless what follows is of a home.
    if after.starts_with('/') && !after.trim_start_matches('/').starts_with('.') {
        return end;
    }
    let tail = after.find([' ', '"', '\'', ',', ';', ')', '\t', '<', '>']).unwrap_or(after.len());
    end + next + tail
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stems() {
        assert_eq!(stem("work-cert.pub"), "work");
        assert_eq!(stem("id_rsa.pub"), "id_rsa");
        assert_eq!(stem(".pub"), ".pub");
    }

    #[test]
    fn a_home_with_a_blank() {
        let line = r"identity file C:\Users\Mona Lisa\.ssh\id_rsa type 0";
        let start = line.find('C').unwrap();
        let end = line.find(" Lisa").unwrap();
        assert_eq!(&line[start..with_blanks(line, start, end)], r"C:\Users\Mona Lisa\.ssh\id_rsa");
        let line = "cd /home/mona and see /etc";
        assert_eq!(with_blanks(line, 3, 13), 13);
    }
}
