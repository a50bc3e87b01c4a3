//! Which remote repository a git command talks to, by its own words.

/// A git command that talks to a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct GitCall {
    /// `git`, and what stands before the subcommand: `-C`, `-c`, `--git-dir` …
    pub before: Vec<String>,
    /// The subcommand, and what stands behind it.
    pub rest: Vec<String>,
    /// Whom it talks to.
    pub whom: Whom,
    /// Whether it writes there.
    pub write: bool,
}

/// Whom a git command talks to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Whom {
    /// A remote, or an address.
    Named(String),
    /// The remote that git takes where none is named.
    Usual,
    /// All remotes.
    All,
    /// The hosts of the submodules: all, or those at these paths; those too that are only listed.
    Submodules { paths: Vec<String>, listed: bool },
    /// An address of which a submodule is made.
    NewSubmodule(String),
}

/// Options before the subcommand with a value of their own (git.c, 2.47).
const BEFORE: &[&str] =
    &["-C", "-c", "--git-dir", "--work-tree", "--namespace", "--super-prefix", "--config-env", "--attr-source"];

/// A subcommand that talks to a host.
struct Transfer {
    name: &'static str,
    write: bool,
    /// Words before the repository: `remote update`.
    verbs: &'static [&'static str],
    /// Long options with a value of their own, and letters that take one.
    values: &'static [&'static str],
    letters: &'static str,
}

const FETCHES: &[&str] = &[
    "--deepen",
    "--depth",
    "--filter",
    "--jobs",
    "--negotiation-tip",
    "--refmap",
    "--server-option",
    "--shallow-exclude",
    "--shallow-since",
    "--upload-pack",
    "--strategy",
    "--strategy-option",
];

const TRANSFERS: &[Transfer] = &[
    Transfer {
        name: "push",
        write: true,
        verbs: &[],
        values: &["--push-option", "--receive-pack", "--exec", "--recurse-submodules"],
        letters: "o",
    },
    Transfer { name: "fetch", write: false, verbs: &[], values: FETCHES, letters: "jo" },
    Transfer { name: "pull", write: false, verbs: &[], values: FETCHES, letters: "josX" },
    Transfer {
        name: "clone",
        write: false,
        verbs: &[],
        values: &[
            "--branch",
            "--bundle-uri",
            "--config",
            "--depth",
            "--filter",
            "--jobs",
            "--origin",
            "--ref-format",
            "--reference",
            "--reference-if-able",
            "--revision",
            "--separate-git-dir",
            "--server-option",
            "--shallow-exclude",
            "--shallow-since",
            "--template",
            "--upload-pack",
        ],
        letters: "bcjou",
    },
    Transfer {
        name: "ls-remote",
        write: false,
        verbs: &[],
        values: &["--server-option", "--sort", "--upload-pack", "--exec"],
        letters: "o",
    },
    Transfer {
        name: "remote",
        write: false,
        verbs: &["show", "prune", "set-head", "update"],
        values: &[],
        letters: "",
    },
    Transfer {
        name: "lfs",
        write: false,
        verbs: &["fetch", "pull"],
        values: &["--include", "--exclude"],
        letters: "IX",
    },
    Transfer { name: "lfs", write: true, verbs: &["push"], values: &[], letters: "" },
];

/// Reads a git command. `None`: it talks to no host.
pub(crate) fn git_call(words: &[String]) -> Option<GitCall> {
    let at = subcommand(words)?;
    let (before, rest) = words.split_at(at);
    let call = |whom, write| Some(GitCall { before: before.to_vec(), rest: rest.to_vec(), whom, write });
    let name = rest.first()?.as_str();
    if name == "submodule" {
        return call(submodules(&rest[1..])?, false);
    }
    if name == "archive" {
        return call(Whom::Named(value(rest, "--remote")?), false);
    }
    for transfer in TRANSFERS.iter().filter(|transfer| transfer.name == name) {
        let mut others = positional(&rest[1..], transfer);
        let mut all = name == "fetch" && rest.iter().any(|word| word == "--all");
        if !transfer.verbs.is_empty() {
            match others.first() {
                Some(verb) if transfer.verbs.contains(&verb.as_str()) => all = others.remove(0) == "update",
                _ => continue,
            }
        }
        let named = value(rest, "--repo").or_else(|| others.into_iter().next());
        let whom = match named {
            _ if all => Whom::All,
            Some(named) => Whom::Named(named),
            None if name == "clone" => return None,
            None => Whom::Usual,
        };
        return call(whom, transfer.write);
    }
    None
}

/// The verbs of `git submodule` that talk to hosts; the others look at what is here.
const UPDATE: Transfer = Transfer {
    name: "update",
    write: false,
    verbs: &[],
    values: &["--depth", "--filter", "--jobs", "--reference"],
    letters: "j",
};
const ADD: Transfer = Transfer {
    name: "add",
    write: false,
    verbs: &[],
    values: &["--branch", "--depth", "--name", "--reference"],
    letters: "b",
};

/// Whom `git submodule` talks to, by the words behind it.
fn submodules(words: &[String]) -> Option<Whom> {
    let at = words.iter().position(|word| !word.starts_with('-'))?;
    let behind = &words[at + 1..];
    if words[at] == ADD.name {
        return positional(behind, &ADD).into_iter().next().map(Whom::NewSubmodule);
    }
    let listed = behind.iter().take_while(|word| *word != "--").any(|word| word == "--init");
    (words[at] == UPDATE.name).then(|| Whom::Submodules { paths: positional(behind, &UPDATE), listed })
}

impl GitCall {
    /// Whether it makes a repository of its own, whatever stands round it.
    pub(crate) fn clones(&self) -> bool {
        self.rest.first().is_some_and(|name| name == "clone")
    }

    /// The words before the subcommand that hold outside this repository, too: settings, and those that a clone is given
    /// for the new repository, which it uses itself.
    pub(crate) fn settings(&self) -> Vec<String> {
        let mut words: Vec<String> = self.before.iter().take(1).cloned().collect();
        let mut before = self.before.iter().skip(1);
        while let Some(word) = before.next() {
            match word.as_str() {
                "-c" | "--config-env" => words.extend([word.clone()].into_iter().chain(before.next().cloned())),
                word if word.starts_with("--config-env=") => words.push(word.to_owned()),
                word if BEFORE.contains(&word) => drop(before.next()),
                _ => {}
            }
        }
        let mut push = |value: &str| words.extend(["-c".to_owned(), value.to_owned()]);
        let mut rest = self.rest.iter().take_while(|word| *word != "--").filter(|_| self.clones());
        while let Some(word) = rest.next() {
            match word.as_str() {
                "-c" | "--config" => rest.next().into_iter().for_each(|value| push(value)),
                word => {
                    let value = word.strip_prefix("--config=").or_else(|| word.strip_prefix("-c"));
                    value.into_iter().for_each(&mut push);
                }
            }
        }
        words
    }
}

/// The word that git takes for a subcommand, or for an alias; and the words before it.
#[cfg(feature = "live")]
pub(crate) fn git_verb(words: &[String]) -> Option<(&[String], &str)> {
    let at = subcommand(words)?;
    Some((&words[..at], words[at].as_str()))
}

/// The same command with an alias in the place of its subcommand written out (alias.c). `None`: a shell runs it, or it begins
/// with options.
#[cfg(feature = "live")]
pub(crate) fn without_alias(words: &[String], value: &str) -> Option<Vec<String>> {
    let (before, _) = git_verb(words)?;
    let meant = super::split(value);
    meant.first().filter(|word| !word.starts_with(['!', '-']))?;
    Some([before, &meant, &words[before.len() + 1..]].concat())
}

/// Where the subcommand stands.
fn subcommand(words: &[String]) -> Option<usize> {
    let mut at = 1;
    while let Some(word) = words.get(at) {
        if !word.starts_with('-') {
            return Some(at);
        }
        at += if BEFORE.contains(&word.as_str()) { 2 } else { 1 };
    }
    None
}

/// The value of `--name=value` or `--name value`.
fn value(words: &[String], name: &str) -> Option<String> {
    words.iter().enumerate().find_map(|(at, word)| {
        let rest = word.strip_prefix(name)?;
        if rest.is_empty() { words.get(at + 1).cloned() } else { rest.strip_prefix('=').map(str::to_owned) }
    })
}

/// The words that are neither options nor their values.
fn positional(words: &[String], transfer: &Transfer) -> Vec<String> {
    let mut found = Vec::new();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        if word == "--" {
            found.extend(words.cloned());
            break;
        }
        if word.starts_with("--") {
            // `--recurse-submodules` alone has no value of its own.
            if transfer.values.contains(&word.as_str()) && word != "--recurse-submodules" {
                words.next();
            }
        } else if let Some(letters) = word.strip_prefix('-').filter(|letters| !letters.is_empty()) {
            let at = letters.find(|letter| transfer.letters.contains(letter));
            if at.is_some_and(|at| at + 1 == letters.len()) {
                words.next();
            }
        } else {
            found.push(word.clone());
        }
    }
    found
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn read(line: &str) -> Option<(usize, Whom, bool)> {
        let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        git_call(&words).map(|call| (call.before.len(), call.whom, call.write))
    }

    fn named(name: &str) -> Whom {
        Whom::Named(name.to_owned())
    }

    #[test]
    fn the_repository_of_a_command() {
        assert_eq!(read("git push"), Some((1, Whom::Usual, true)));
        assert_eq!(read("git -C x -c a.b=c push -f -o ci.skip origin main"), Some((5, named("origin"), true)));
        assert_eq!(read("git push --repo=up"), Some((1, named("up"), true)));
        assert_eq!(read("git push -ufo x up"), Some((1, named("up"), true)));
        assert_eq!(read("git fetch --depth 1 up"), Some((1, named("up"), false)));
        assert_eq!(read("git fetch --depth=1 -j4 -- up"), Some((1, named("up"), false)));
        assert_eq!(read("git fetch --all"), Some((1, Whom::All, false)));
        assert_eq!(read("git pull --rebase"), Some((1, Whom::Usual, false)));
        assert_eq!(read("git clone -b main --depth 1 git@h:o/r.git dir"), Some((1, named("git@h:o/r.git"), false)));
        assert_eq!(read("git clone -bmain h:r"), Some((1, named("h:r"), false)));
        assert_eq!(read("git remote -v update"), Some((1, Whom::All, false)));
        assert_eq!(read("git remote update"), Some((1, Whom::All, false)));
        assert_eq!(read("git remote show up"), Some((1, named("up"), false)));
        let submodules = |paths: &[&str], listed| {
            let paths = paths.iter().map(|path| (*path).to_owned()).collect();
            Some((1, Whom::Submodules { paths, listed }, false))
        };
        assert_eq!(read("git submodule update --init"), submodules(&[], true));
        assert_eq!(read("git submodule -q update -j 4 --depth 1 -- a --init"), submodules(&["a", "--init"], false));
        assert_eq!(read("git submodule add -b x h:r dir"), Some((1, Whom::NewSubmodule("h:r".into()), false)));
        assert_eq!(read("git archive --remote=h:r HEAD"), Some((1, named("h:r"), false)));
        assert_eq!(read("git lfs push up main"), Some((1, named("up"), true)));
    }

    #[cfg(feature = "live")]
    #[test]
    fn aliases_are_written_out() {
        let meant = |line: &str, value: &str| {
            let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
            without_alias(&words, value).map(|words| words.join(" "))
        };
        assert_eq!(meant("git -C x p main", "push -q 'origin'").as_deref(), Some("git -C x push -q origin main"));
        for other in ["!git push", "-c core.sshCommand=x push", ""] {
            assert_eq!(meant("git p", other), None, "{other}");
        }
    }

    #[test]
    fn settings_that_hold_elsewhere() {
        let settings = |line: &str| {
            let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
            git_call(&words).unwrap().settings().join(" ")
        };
        assert_eq!(settings("git -C x -c a.b=c --git-dir y --no-pager submodule update"), "git -c a.b=c");
        assert_eq!(
            settings("git -c a.b=c clone -c d.e=f --config g.h=i -cj.k=l h:r"),
            "git -c a.b=c -c d.e=f -c g.h=i -c j.k=l"
        );
        assert_eq!(settings("git clone --config=a.b=c h:r"), "git -c a.b=c");
        assert_eq!(settings("git push -c h:r"), "git");
    }

    #[test]
    fn what_talks_to_no_host() {
        for line in [
            "git",
            "git status",
            "git clone",
            "git remote",
            "git remote add x h:r",
            "git --version",
            "git archive HEAD",
            "git submodule",
            "git submodule status",
            "git submodule foreach git pull",
        ] {
            assert_eq!(read(line), None, "{line}");
        }
    }
}
