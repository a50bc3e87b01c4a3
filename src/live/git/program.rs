//! Which ssh git runs: `GIT_SSH_COMMAND`, else `core.sshCommand`, else `GIT_SSH`, else ssh (connect.c).

use std::time::Duration;

use super::ask::Setting;
use crate::live::process;
use crate::live::program::Program;
use crate::shell::parse_ssh;
use crate::suggest::is_mere;

/// What git runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Runs {
    /// Plain ssh: nothing says otherwise.
    Usual,
    /// An ssh, with options.
    Ssh { program: Program, options: Vec<String>, line: String, by: String, by_environment: bool, repository: bool },
    /// Something that runs ssh in the end, as far as it can be told.
    Wrapper { program: Program, line: String, by: String, by_environment: bool, repository: bool },
    /// Something that is no OpenSSH.
    Other { line: String, by: String, why: &'static str },
}

impl Runs {
    /// Whether a repository's own configuration says so.
    pub(super) fn is_of_repository(&self) -> bool {
        matches!(self, Self::Ssh { repository: true, .. })
    }

    /// The same where nobody typed a command of git's: a program that a repository's own configuration names is run for such
    /// a command alone, and so is ssh with options by which it would run one, or go elsewhere.
    pub(super) fn unasked(self) -> Self {
        let mere = |options: &[String]| {
            let line: Vec<String> = ["ssh"].into_iter().map(str::to_owned).chain(options.iter().cloned()).collect();
            let typed = parse_ssh(&[line, vec!["host".to_owned()]].concat());
            typed.is_some_and(|typed| typed.host == "host" && typed.options.iter().all(is_mere))
        };
        let why = "it is this repository's own and is run for a command of git's alone";
        match self {
            Self::Wrapper { repository: true, line, by, .. } => Self::Other { line, by, why },
            Self::Ssh { repository: true, program, options, line, by, .. }
                if program != Program::default() || !mere(&options) =>
            {
                Self::Other { line, by, why }
            }
            other => other,
        }
    }
}

/// Other clients by the name of their program, and git's word for them (`ssh.variant`).
const OTHERS: &[(&str, &str, &str)] = &[
    ("plink", "putty", "it is PuTTY's plink"),
    ("plink", "plink", "it is PuTTY's plink"),
    ("tortoiseplink", "tortoiseplink", "it is TortoiseGit's plink"),
];

/// What git runs here.
pub(super) fn runs(settings: &[Setting], limit: Duration) -> Runs {
    let variable = |name: &str| std::env::var(name).ok();
    let last = |key: &str| settings.iter().rfind(|setting| setting.key == key);
    let variant = variable("GIT_SSH_VARIANT").or_else(|| last("ssh.variant").map(|setting| setting.value.clone()));
    let configured = last("core.sshcommand");
    let (line, by, by_environment, repository) = if let Some(line) = variable("GIT_SSH_COMMAND") {
        (line, "GIT_SSH_COMMAND".to_owned(), true, false)
    } else if let Some(setting) = configured {
        let place = setting.origin.strip_prefix("file:").map(|file| format!(" in {file}")).unwrap_or_default();
        let own = matches!(setting.scope.as_str(), "local" | "worktree");
        (setting.value.clone(), format!("core.sshCommand{place}"), false, own)
    } else if let Some(program) = variable("GIT_SSH") {
        return by_name(program, "GIT_SSH", variant.as_deref());
    } else {
        return Runs::Usual;
    };
    let words = words(&line, limit).unwrap_or_default();
    let Some((program, options)) = words.split_first().filter(|(program, _)| !program.contains('=')) else {
        return Runs::Wrapper { program: Program::line(&line), line, by, by_environment, repository };
    };
    if let Some(why) = other(program, variant.as_deref()) {
        return Runs::Other { line, by, why };
    }
    if base(program) != "ssh" {
        return Runs::Wrapper { program: Program::line(&line), line, by, by_environment, repository };
    }
    if program == "ssh" && options.is_empty() {
        return Runs::Usual;
    }
    Runs::Ssh { program: Program::named(program), options: options.to_vec(), line, by, by_environment, repository }
}

/// A program that git runs without a shell.
fn by_name(program: String, by: &str, variant: Option<&str>) -> Runs {
    let by = by.to_owned();
    match other(&program, variant) {
        Some(why) => Runs::Other { line: program, by, why },
        None if program == "ssh" => Runs::Usual,
        None if base(&program) == "ssh" => Runs::Ssh {
            program: Program::named(&program),
            options: Vec::new(),
            line: program,
            by,
            by_environment: false,
            repository: false,
        },
        None => Runs::Wrapper {
            program: Program::wrapper(&program),
            line: program,
            by,
            by_environment: false,
            repository: false,
        },
    }
}

/// Why a program is no OpenSSH: what git is told of it, else its name.
fn other(program: &str, variant: Option<&str>) -> Option<&'static str> {
    let by_variant = |word: &str| OTHERS.iter().find(|(_, variant, _)| *variant == word).map(|(.., why)| *why);
    match variant.map(str::to_ascii_lowercase).as_deref() {
        Some("ssh") => None,
        Some("simple") => Some("git is told that it takes no options"),
        Some(word) if word != "auto" => by_variant(word),
        _ => OTHERS.iter().find(|(name, ..)| base(program) == *name).map(|(.., why)| *why),
    }
}

fn base(program: &str) -> String {
    let name = program.rsplit(['/', '\\']).next().unwrap_or(program).to_ascii_lowercase();
    name.strip_suffix(".exe").unwrap_or(&name).to_owned()
}

/// The words that a shell makes of a line, which runs nothing. `None`: the line is more than one plain command.
fn words(line: &str, limit: Duration) -> Option<Vec<String>> {
    if line.contains(['`', ';', '&', '|', '<', '>', '(', ')', '\n']) {
        return None;
    }
    let script = format!("set -f; set -- {line}\nprintf '%s\\0' \"$@\"");
    let output = process::run("/bin/sh", ["-c", script.as_str()], limit).ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let words: Vec<String> = text.split_terminator('\0').map(str::to_owned).collect();
    (output.status.success() && !words.is_empty()).then_some(words)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_split_by_a_shell_and_not_run() {
        let read = |line: &str| words(line, Duration::from_secs(20));
        let told = |words: &[&str]| Some(words.iter().map(|word| (*word).to_owned()).collect());
        assert_eq!(read("ssh -i 'a b' -o \"C D\""), told(&["ssh", "-i", "a b", "-o", "C D"]));
        assert_eq!(read("ssh -o X=*"), told(&["ssh", "-o", "X=*"]));
        for more in ["ssh $(id)", "ssh `id`", "ssh; id", "ssh | tee x", "ssh\nid", "ssh <x", "ssh 'open"] {
            assert_eq!(read(more), None, "{more}");
        }
    }

    #[test]
    fn other_clients() {
        assert!(other("C:/x/plink.exe", None).is_some());
        assert!(other("TortoisePlink.exe", Some("auto")).is_some());
        assert!(other("plink", Some("ssh")).is_none());
        assert!(other("my-ssh", Some("simple")).is_some());
        assert!(other("my-ssh", None).is_none());
    }
}
