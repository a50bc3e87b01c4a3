//! The submodules that a command talks to.

use std::path::{Component, Path, PathBuf};

use super::ask::{Git, Target, Trouble, Within};
use crate::shell::GitCall;

impl Git {
    /// The submodules, as they are set up, and those that are only listed. One that is there is asked itself; of another
    /// one with an address relative to this repository's, that is where it is.
    pub(super) fn submodules(&self, call: &GitCall) -> Result<Vec<Target>, Trouble> {
        let top = self.lines(&["rev-parse", "--show-toplevel"])?.into_iter().next().map(PathBuf::from);
        let list = top.as_ref().map_or_else(|| PathBuf::from(".gitmodules"), |top| top.join(".gitmodules"));
        let list = list.to_string_lossy();
        let listed = self.run(&["config", "-z", "-f", &list, "--get-regexp", r"^submodule\..*\.(url|path)$"])?;
        let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
        let listed: Vec<(&str, &str)> = listed.split('\0').filter_map(|entry| entry.split_once('\n')).collect();
        let path =
            |name: &str| listed.iter().find(|(key, _)| *key == format!("submodule.{name}.path")).map(|(_, path)| *path);
        let urls = self.settings.iter().map(|setting| (setting.key.as_str(), setting.value.as_str()));
        let urls = urls.chain(listed.iter().copied());
        let urls = urls.filter_map(|(key, url)| Some((key.strip_prefix("submodule.")?.strip_suffix(".url")?, url)));
        let mut targets: Vec<Target> = Vec::new();
        let urls = urls.filter(|(name, url)| !leads_out(name) && !url.starts_with('-'));
        for (name, url) in urls {
            let folder = top.as_ref().zip(path(name)).and_then(|(top, path)| inside(top, path));
            let within = match folder.filter(|folder| folder.join(".git").exists()) {
                Some(folder) => Within::Submodule(folder),
                None => Within::Nowhere,
            };
            let git = self.within(&within, call)?;
            let relative = url.starts_with("./") || url.starts_with("../");
            let found = match &within {
                Within::Submodule(_) => git.named(&git.usual(false)?, false)?,
                _ if relative => self.named(&self.usual(false)?, false)?,
                _ => git.named(url, false)?,
            };
            // A remote of the submodule's is none of the repository's, and the command is run in this one.
            let found = found.into_iter().map(|target| Target {
                remote: None,
                asked: if relative && within == Within::Nowhere { target.address.clone() } else { target.asked },
                within: within.clone(),
                ..target
            });
            for target in found {
                if !targets.iter().any(|known| known.address == target.address) {
                    targets.push(target);
                }
            }
        }
        Ok(targets)
    }
}

/// Whether a submodule's name has a way up, which git refuses (submodule-config.c, `check_submodule_name`).
fn leads_out(name: &str) -> bool {
    name.is_empty() || name.split(['/', '\\']).any(|part| part == "..")
}

/// A submodule's folder: below the repository's, by no link and no way up. git goes nowhere else, and the settings of
/// another place say which program it runs.
fn inside(top: &Path, path: &str) -> Option<PathBuf> {
    if path.starts_with('-') || path.is_empty() {
        return None;
    }
    let mut folder = top.to_owned();
    for part in Path::new(path).components() {
        let Component::Normal(part) = part else { return None };
        folder.push(part);
        if folder.is_symlink() {
            return None;
        }
    }
    Some(folder)
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
