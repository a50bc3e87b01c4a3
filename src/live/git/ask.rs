//! Questions to git that change nothing and reach nobody.

use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::live::process::{self, Failure, Output};
use crate::live::thread::beside;
use crate::shell::{GitCall, Whom, git_call, git_verb, without_alias};

/// Hosts that one command is followed to, at most.
pub(super) const MOST: usize = 16;

/// An ssh that tells its words and fails: behind a mark their number, then each, all ended by NUL.
const TELLER: &str = r#"ssh_why() { printf '\0\0%s\0' "$#"; printf '%s\0' "$@"; exit 1; } >&2; ssh_why"#;

/// The settings that are asked for.
const SETTINGS: &str = r"^(core\.sshcommand|ssh\.variant|alias\..*|branch\..*\.(pushremote|remote)|remote\.pushdefault|remote\..*\.(url|pushurl|vcs|receivepack)|submodule\..*\.url|url\..*\.(pushinsteadof|insteadof))$";

/// Why git names no destination of ssh.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Trouble {
    /// git can't be asked.
    #[error(transparent)]
    Failed(#[from] Failure),
    /// There is no repository, or it has no remote that is meant.
    #[error("git names no remote here")]
    NoRemote,
    /// No submodule is meant, or none is one of the index.
    #[error("git names no submodule here")]
    NoSubmodule,
    /// git itself failed before it ran any ssh.
    #[error("git does not get as far as ssh: {0}")]
    NotRun(String),
    /// What the address names is not reached by ssh.
    #[error("{address:?} is not reached by ssh")]
    NoSsh {
        /// The address.
        address: String,
        /// The same repository's address for ssh, where there is one.
        form: Option<String>,
        /// The remote, where it is one's.
        remote: Option<String>,
        /// It is the remote's address for pushes alone.
        push: bool,
    },
}

/// A setting of git's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Setting {
    /// `system`, `global`, `local`, `worktree`, `command`.
    pub(super) scope: String,
    /// `file:PATH`, `command line:`.
    pub(super) origin: String,
    pub(super) key: String,
    pub(super) value: String,
}

/// A repository that a command talks to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) address: String,
    /// What git is asked for: the remote, or the address before git's rewriting, which it does each time.
    pub(super) asked: String,
    pub(super) remote: Option<String>,
    pub(super) write: bool,
    pub(super) push_address: bool,
    pub(super) within: Within,
}

/// Whose settings git goes by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Within {
    /// The repository's that the command stands in.
    Here,
    /// A submodule's own: what the repository round it says does not hold there.
    Submodule(PathBuf),
    /// The user's, for a submodule that is not there yet.
    Nowhere,
}

/// git, with the words before its subcommand and the folder that it runs in, where that is another one.
pub(super) struct Git {
    before: Vec<String>,
    folder: Option<PathBuf>,
    limit: Duration,
    /// When all that git is asked is over.
    until: Instant,
    pub(super) settings: Vec<Setting>,
    early: Early,
}

/// What is asked before it is known to be wanted: each answer takes as long as git takes to start.
#[derive(Default)]
struct Early {
    /// The branch, where no remote is named.
    head: Option<Vec<String>>,
    /// Whom the command most likely talks to.
    name: String,
    /// That one's addresses for a push, where it may be a remote.
    push: Option<Vec<String>>,
    /// That one's address.
    url: Option<Vec<String>>,
}

impl Early {
    /// Asks git, which knows no settings yet.
    fn ask(git: &Git, call: &GitCall, name: &str) -> Self {
        std::thread::scope(|scope| {
            let head = beside(scope, || match call.whom {
                Whom::Usual => git.lines(HEAD).ok(),
                _ => None,
            });
            let pushes = call.write && !is_ssh(name);
            let addresses = if pushes { git.lines(&push_addresses(name)) } else { git.lines(&url(name)) }.ok();
            let (push, url) = if pushes { (addresses, None) } else { (None, addresses) };
            Self { head: head.join().flatten(), name: name.to_owned(), push, url }
        })
    }
}

/// A folder that is in no repository.
const NOWHERE: &str = "/";

impl Git {
    fn plain(before: Vec<String>, folder: Option<PathBuf>, limit: Duration) -> Self {
        let until = Instant::now() + limit;
        Self { before, folder, limit, until, settings: Vec::new(), early: Early::default() }
    }

    pub(super) fn new(call: &GitCall, limit: Duration) -> Result<Self, Trouble> {
        if call.clones() {
            // What stands round a new repository is none of it.
            return Self::asked(call.settings(), NOWHERE.into(), limit);
        }
        let mut git = Self::plain(call.before.clone(), None, limit);
        let name = match &call.whom {
            Whom::Named(name) => Some(name.as_str()),
            Whom::Usual => Some(USUAL),
            Whom::All | Whom::Submodules { .. } | Whom::NewSubmodule(_) => None,
        };
        let (settings, early) = std::thread::scope(|scope| {
            let early = beside(scope, || name.map(|name| Early::ask(&git, call, name)));
            (git.ask(), early.join().flatten())
        });
        git.settings = settings?;
        git.early = early.unwrap_or_default();
        Ok(git)
    }

    fn asked(before: Vec<String>, folder: PathBuf, limit: Duration) -> Result<Self, Trouble> {
        let mut git = Self::plain(before, Some(folder), limit);
        git.settings = git.ask()?;
        Ok(git)
    }

    /// git as it runs for a submodule.
    pub(super) fn within(&self, within: &Within, call: &GitCall) -> Result<Self, Trouble> {
        if let Within::Submodule(folder) = within {
            let mut git = Self { until: self.until, ..Self::plain(call.settings(), Some(folder.clone()), self.limit) };
            git.settings = git.ask()?;
            return Ok(git);
        }
        // Where it will be, this repository's conditions hold as far as they are of folders; its own settings do not.
        let own = |setting: &Setting| matches!(setting.scope.as_str(), "local" | "worktree");
        let settings = self.settings.iter().filter(|setting| !own(setting)).cloned().collect();
        let plain = Self::plain(call.settings(), Some(NOWHERE.into()), self.limit);
        Ok(Self { settings, until: self.until, ..plain })
    }

    fn ask(&self) -> Result<Vec<Setting>, Failure> {
        let told = self.run(&["config", "-z", "--show-scope", "--show-origin", "--get-regexp", SETTINGS])?;
        Ok(settings(&told.stdout))
    }

    pub(super) fn run(&self, args: &[&str]) -> Result<Output, Failure> {
        let program = self.before.first().map_or("git", String::as_str);
        let mut command = Command::new(program);
        command.args(self.before.iter().skip(1)).args(args);
        if let Some(folder) = &self.folder {
            command.current_dir(folder);
            // They name the repository that the command stands in.
            for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_INDEX_FILE", "GIT_PREFIX"] {
                command.env_remove(name);
            }
        }
        for (name, value) in [("GIT_SSH_COMMAND", TELLER), ("GIT_SSH_VARIANT", "ssh"), ("GIT_TERMINAL_PROMPT", "0")] {
            command.env(name, value);
        }
        // What git is told to log would stand among the words.
        for name in ["GIT_TRACE", "GIT_TRACE_PACKET", "GIT_TRACE_SETUP", "GIT_TRACE2", "GIT_TRACE2_EVENT"] {
            command.env_remove(name);
        }
        let left = self.until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(Failure::Timeout(program.to_owned(), self.limit));
        }
        process::run_command(command, b"", left)
    }

    /// What a command prints, in lines; none where it fails.
    pub(super) fn lines(&self, args: &[&str]) -> Result<Vec<String>, Failure> {
        let output = self.run(args)?;
        let all = || output.text().lines().map(str::to_owned).collect();
        Ok(if output.status.success() { all() } else { Vec::new() })
    }

    pub(super) fn setting(&self, key: &str) -> Option<&str> {
        let last = self.settings.iter().rfind(|setting| setting.key == key);
        last.map(|setting| setting.value.as_str())
    }

    fn has_remote(&self, name: &str) -> bool {
        let of = |suffix: &str| self.setting(&format!("remote.{name}.{suffix}")).is_some();
        of("url") || of("pushurl")
    }

    /// The remotes, in the order of the settings.
    fn remotes(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for setting in &self.settings {
            let name = setting.key.strip_prefix("remote.").and_then(|rest| rest.strip_suffix(".url"));
            names.extend(name.filter(|name| !names.iter().any(|known| known == name)).map(str::to_owned));
        }
        names
    }

    /// The remote that git takes where none is named (remote.c).
    pub(super) fn usual(&self, write: bool) -> Result<String, Failure> {
        let head = self.early.head.clone().map_or_else(|| self.lines(HEAD), Ok)?;
        let branch = head.first().cloned().unwrap_or_default();
        let of = |what: &str| self.setting(&format!("branch.{branch}.{what}")).map(str::to_owned);
        let push = || of("pushremote").or_else(|| self.setting("remote.pushdefault").map(str::to_owned));
        let named = if write { push() } else { None }.or_else(|| of("remote"));
        let remotes = self.remotes();
        let only = || if remotes.len() == 1 { remotes.first().cloned() } else { None };
        Ok(named.or_else(only).unwrap_or_else(|| USUAL.to_owned()))
    }

    /// The repositories that a command talks to.
    pub(super) fn targets(&self, call: &GitCall) -> Result<Vec<Target>, Trouble> {
        let names = match &call.whom {
            Whom::Named(name) => vec![name.clone()],
            Whom::Usual => {
                let usual = self.usual(call.write)?;
                if !self.has_remote(&usual) && !is_ssh(&usual) {
                    return Err(Trouble::NoRemote);
                }
                vec![usual]
            }
            Whom::All => self.remotes(),
            Whom::Submodules { paths, listed } => return self.submodules(call, paths, *listed),
            Whom::NewSubmodule(url) => return self.submodule(call, url, Within::Nowhere),
        };
        let mut targets = Vec::new();
        for name in names.into_iter().take(MOST) {
            targets.extend(self.named(&name, call.write)?);
        }
        Ok(targets)
    }

    /// What a name or an address stands for.
    pub(super) fn named(&self, name: &str, write: bool) -> Result<Vec<Target>, Trouble> {
        let remote = self.has_remote(name).then(|| name.to_owned());
        let push_address = self.setting(&format!("remote.{name}.pushurl")).is_some();
        let early = |told: &Option<Vec<String>>| told.clone().filter(|_| self.early.name == name);
        let addresses = match &remote {
            Some(remote) if write => early(&self.early.push).map_or_else(|| self.lines(&push_addresses(remote)), Ok)?,
            _ => Vec::new(),
        };
        let addresses = if !addresses.is_empty() {
            addresses
        } else {
            match self.pushed_instead(name).filter(|_| write) {
                Some(address) => vec![address],
                None => early(&self.early.url).map_or_else(|| self.lines(&url(name)), Ok)?,
            }
        };
        let target = |address| Target {
            address,
            asked: name.to_owned(),
            remote: remote.clone(),
            write,
            push_address,
            within: Within::Here,
        };
        Ok(addresses.into_iter().map(target).collect())
    }

    /// An address that is no remote's, as `url.*.pushInsteadOf` has it for a push: the longest beginning counts.
    fn pushed_instead(&self, address: &str) -> Option<String> {
        let rewritten = |setting: &Setting| {
            let base = setting.key.strip_prefix("url.")?.strip_suffix(".pushinsteadof")?;
            let rest = address.strip_prefix(setting.value.as_str())?;
            Some((setting.value.len(), format!("{base}{rest}")))
        };
        self.settings.iter().filter_map(rewritten).max_by_key(|(length, _)| *length).map(|(_, address)| address)
    }

    /// The words that git has for ssh.
    pub(super) fn words(&self, target: &Target) -> Result<Vec<String>, Trouble> {
        let no_ssh = || Trouble::NoSsh {
            address: target.address.clone(),
            form: ssh_form(&target.address),
            remote: target.remote.clone(),
            push: target.write && target.push_address,
        };
        let helper = target.remote.as_ref().is_some_and(|name| self.setting(&format!("remote.{name}.vcs")).is_some());
        if helper || !is_ssh(&target.address) {
            return Err(no_ssh());
        }
        let output = if target.write {
            // It takes the address as it is.
            let program = target.remote.as_ref().and_then(|name| self.setting(&format!("remote.{name}.receivepack")));
            let program = program.map(|program| format!("--receive-pack={program}"));
            let mut args = vec!["send-pack", "--dry-run"];
            args.extend(program.as_deref());
            args.extend(["--", target.address.as_str()]);
            self.run(&args)?
        } else {
            self.run(&["ls-remote", "--", &target.asked])?
        };
        told(&output.stderr).ok_or_else(|| {
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            let last = said.lines().rfind(|line| line.starts_with("fatal: ") || line.starts_with("error: "));
            last.map_or_else(no_ssh, |last| Trouble::NotRun(last.to_owned()))
        })
    }
}

/// The remote that git takes where nothing else says which.
const USUAL: &str = "origin";

/// What tells the branch.
const HEAD: &[&str] = &["symbolic-ref", "-q", "--short", "HEAD"];

/// What tells where a remote is pushed to.
fn push_addresses(remote: &str) -> [&str; 6] {
    ["remote", "get-url", "--push", "--all", "--", remote]
}

/// What tells which address a name or an address stands for.
fn url(name: &str) -> [&str; 4] {
    ["ls-remote", "--get-url", "--", name]
}

/// Aliases of aliases, at most.
const ALIASES: usize = 10;

/// A git command with its alias written out, if its subcommand is one that no shell runs. An alias that is called as a command
/// of git's own is none to git (git-config(1), `alias.*`), nor is one to us where git can't say which commands it has (2.18).
pub(crate) fn unaliased(words: &[String], limit: Duration) -> Vec<String> {
    let mut words = words.to_vec();
    let mut own = None;
    for _ in 0..ALIASES {
        let Some((before, verb)) = git_verb(&words) else { break };
        let git = Git::plain(before.to_vec(), None, limit);
        let own = own.get_or_insert_with(|| git.lines(&["--list-cmds=main,others"]).unwrap_or_default());
        if own.is_empty() || own.contains(&verb.to_owned()) {
            break;
        }
        let told = git.lines(&["config", "--get", &format!("alias.{verb}")]).unwrap_or_default();
        let Some(meant) = told.first().and_then(|value| without_alias(&words, value)) else { break };
        words = meant;
        if git_call(&words).is_some() {
            break;
        }
    }
    words
}

/// The folder of the files that the repository is of.
pub(super) fn work_tree(before: &[String], limit: Duration) -> Option<String> {
    let git = Git::plain(before.to_vec(), None, limit);
    let told = git.lines(&["rev-parse", "--show-toplevel"]).ok()?;
    told.into_iter().next().filter(|folder| PathBuf::from(folder).is_absolute())
}

/// The settings in what `git config -z --show-scope --show-origin` prints.
fn settings(bytes: &[u8]) -> Vec<Setting> {
    let text = String::from_utf8_lossy(bytes);
    let fields: Vec<&str> = text.split('\0').collect();
    let setting = |fields: &[&str]| {
        let [scope, origin, entry] = fields else { return None };
        let (key, value) = entry.split_once('\n')?;
        let own = |text: &str| text.to_owned();
        Some(Setting { scope: own(scope), origin: own(origin), key: own(key), value: own(value) })
    };
    fields.chunks_exact(3).filter_map(setting).collect()
}

/// The words that the telling ssh wrote.
fn told(bytes: &[u8]) -> Option<Vec<String>> {
    let text = String::from_utf8_lossy(bytes);
    let (_, after) = text.split_once("\0\0")?;
    let mut words = after.split('\0');
    let count: usize = words.next()?.parse().ok()?;
    let words: Vec<String> = words.take(count).map(str::to_owned).collect();
    (words.len() == count && count >= 2).then_some(words)
}

/// Whether git reaches an address by ssh (connect.c, `parse_connect_url`).
fn is_ssh(address: &str) -> bool {
    if let Some((scheme, _)) = address.split_once("://") {
        return matches!(scheme, "ssh" | "git+ssh" | "ssh+git");
    }
    // A colon before the first slash; two are a helper's, and on Windows one letter is a drive.
    let place = address.split('/').next().unwrap_or_default();
    let colon = place.rfind("]:").map(|at| at + 1).or_else(|| place.find(':'));
    colon.is_some_and(|at| {
        at > usize::from(cfg!(windows)) && !address[at..].starts_with("::") && !address.starts_with('-')
    })
}

/// The address by which ssh reaches what an address of the web names.
fn ssh_form(address: &str) -> Option<String> {
    let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"))?;
    let (place, path) = rest.split_once('/')?;
    let host = place.rsplit('@').next()?.split(':').next()?;
    let plain =
        |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "._~/-+".contains(c));
    (plain(host) && plain(path) && !host.starts_with('-')).then(|| format!("git@{host}:{path}"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_ssh() {
        for yes in ["git@h:o/r", "h:r", "ssh://h/r", "git+ssh://h/r", "git@[::1]:r", "[h:22]:r"] {
            assert!(is_ssh(yes), "{yes}");
        }
        for no in ["https://h/r", "/srv/r.git", "./a:b", ":r", "file:///r", "ext::sh -c x", "r", "-oX:y", "git://h/r"] {
            assert!(!is_ssh(no), "{no}");
        }
    }

    #[test]
    fn the_same_repository_by_ssh() {
        assert_eq!(ssh_form("https://me@github.com/o/r.git").as_deref(), Some("git@github.com:o/r.git"));
        assert_eq!(ssh_form("https://h:8443/o/r").as_deref(), Some("git@h:o/r"));
        assert_eq!(ssh_form("https://h/$(id)"), None);
        assert_eq!(ssh_form("/srv/r"), None);
    }

    #[test]
    fn words_are_counted() {
        assert_eq!(
            told(b"warning\n\0\x003\0-4\0h\0git-upload-pack 'a'\0fatal").unwrap(),
            ["-4", "h", "git-upload-pack 'a'"]
        );
        for odd in [&b"fatal"[..], b"\0\x009\0h\0", b"\0\0x\0h\0", b"\0\x001\0h\0"] {
            assert_eq!(told(odd), None);
        }
    }
}
