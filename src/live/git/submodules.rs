//! The submodules that a command talks to.

use std::path::{Component, Path, PathBuf};

use super::ask::{Git, MOST, Target, Trouble, Within};
use crate::shell::GitCall;

impl Git {
    /// The submodules of the index, at these paths if there are any, as they are set up; those that are only `listed`, too,
    /// if that is asked for. One that is there is asked itself.
    pub(super) fn submodules(&self, call: &GitCall, paths: &[String], listed: bool) -> Result<Vec<Target>, Trouble> {
        let top = self.lines(&["rev-parse", "--show-toplevel"])?.into_iter().next().ok_or(Trouble::NoRemote)?;
        let top = PathBuf::from(top);
        let list = self.listed(&top)?;
        let of = |name: &str, what: &str| {
            let key = format!("submodule.{name}.{what}");
            list.iter().find(|(known, _)| *known == key).map(|(_, value)| value.as_str())
        };
        let mut targets: Vec<Target> = Vec::new();
        for path in self.links(&list, paths)? {
            let name = list.iter().filter(|(_, value)| *value == path).find_map(|(key, _)| name_of(key, "path"));
            let Some(name) = name.filter(|name| !leads_out(name)) else { continue };
            let set_up = self.setting(&format!("submodule.{name}.url"));
            let url = set_up.or_else(|| of(name, "url").filter(|_| listed));
            let Some(url) = url.filter(|url| !url.starts_with('-')) else { continue };
            let within = match inside(&top, &path).filter(|folder| folder.join(".git").exists()) {
                Some(folder) => Within::Submodule(folder),
                None => Within::Nowhere,
            };
            let found = match self.submodule(call, url, within) {
                // There is no time for more of them.
                Err(Trouble::Failed(_)) if !targets.is_empty() => break,
                found => found?,
            };
            for target in found {
                if !targets.iter().any(|known| known.address == target.address) {
                    targets.push(target);
                }
            }
            if targets.len() >= MOST {
                break;
            }
        }
        if targets.is_empty() { Err(Trouble::NoSubmodule) } else { Ok(targets) }
    }

    /// Where one submodule comes from. A relative address is that of the repository round it.
    pub(super) fn submodule(&self, call: &GitCall, url: &str, within: Within) -> Result<Vec<Target>, Trouble> {
        let git = self.within(&within, call)?;
        let relative = url.starts_with("./") || url.starts_with("../");
        let found = match &within {
            Within::Submodule(_) => git.named(&git.usual(false)?, false)?,
            _ if relative => self.named(&self.usual(false)?, false)?,
            _ => git.named(url, false)?,
        };
        // A remote of the submodule's is none of the repository's, and the command is run in this one.
        let target = |target: Target| Target {
            remote: None,
            asked: if relative && within == Within::Nowhere { target.address.clone() } else { target.asked },
            within: within.clone(),
            ..target
        };
        Ok(found.into_iter().map(target).collect())
    }

    /// What `.gitmodules` says.
    fn listed(&self, top: &Path) -> Result<Vec<(String, String)>, Trouble> {
        let file = top.join(".gitmodules").to_string_lossy().into_owned();
        let told = self.run(&["config", "-z", "-f", &file, "--get-regexp", r"^submodule\..*\.(url|path)$"])?;
        let told = String::from_utf8_lossy(&told.stdout).into_owned();
        let entries = told.split('\0').filter_map(|entry| entry.split_once('\n'));
        Ok(entries.map(|(key, value)| (key.to_owned(), value.to_owned())).collect())
    }

    /// Where the index has a submodule: of all that are listed, or of these paths.
    fn links(&self, list: &[(String, String)], paths: &[String]) -> Result<Vec<String>, Trouble> {
        let all = list.iter().filter(|(key, path)| name_of(key, "path").is_some() && is_below(path));
        let paths: Vec<String> = match paths {
            [] => all.map(|(_, path)| format!(":(top,literal){path}")).collect(),
            paths => paths.to_vec(),
        };
        if paths.is_empty() {
            return Ok(Vec::new());
        }
        let words = ["ls-files", "--stage", "--full-name", "-z", "--"];
        let words: Vec<&str> = words.into_iter().chain(paths.iter().map(String::as_str)).collect();
        let told = String::from_utf8_lossy(&self.run(&words)?.stdout).into_owned();
        // Mode, id and stage, then the path (git-ls-files(1)); the mode is that of a commit.
        let path = |entry: &str| {
            entry.starts_with("160000 ").then(|| entry.split_once('\t')).flatten().map(|(_, path)| path.to_owned())
        };
        Ok(told.split('\0').filter_map(path).collect())
    }
}

/// The submodule's name in the key of a setting.
fn name_of<'a>(key: &'a str, what: &str) -> Option<&'a str> {
    key.strip_prefix("submodule.")?.strip_suffix(what)?.strip_suffix('.')
}

/// Whether a submodule's name has a way up, which git refuses (submodule-config.c, `check_submodule_name`).
fn leads_out(name: &str) -> bool {
    name.is_empty() || name.split(['/', '\\']).any(|part| part == "..")
}

/// A submodule's folder: below the repository's, by no link and no way up. git goes nowhere else, and the settings of
/// another place say which program it runs.
fn inside(top: &Path, path: &str) -> Option<PathBuf> {
    if !is_below(path) {
        return None;
    }
    let mut folder = top.to_owned();
    for part in Path::new(path).components() {
        folder.push(part);
        if folder.is_symlink() {
            return None;
        }
    }
    Some(folder)
}

/// Whether a path has no way up and no root.
fn is_below(path: &str) -> bool {
    let mut parts = Path::new(path).components();
    !path.is_empty() && !path.starts_with('-') && parts.all(|part| matches!(part, Component::Normal(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_out_is_no_submodules() {
        let top = Path::new("/srv/repo");
        assert_eq!(inside(top, "lib/one"), Some("/srv/repo/lib/one".into()));
        for out in ["", ".", "..", "../other", "lib/../../other", "/srv/other", "-x"] {
            assert_eq!(inside(top, out), None, "{out}");
        }
        assert!(leads_out("../x") && leads_out("a/..") && leads_out("a\\..\\b") && leads_out(""));
        assert!(!leads_out("lib/one") && !leads_out("a..b"));
    }
}
