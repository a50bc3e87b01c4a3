//! What can go wrong outside a log's content, in a sentence with a way on.

use std::io::{self, Write};
#[cfg(feature = "live")]
use std::path::Path;
use std::path::PathBuf;

#[cfg(feature = "live")]
use crate::live::destination::{self, Destination};
#[cfg(feature = "live")]
use crate::provider;
use crate::report::FORMS;

/// A failure of the program's surroundings.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    #[error("can't read {}", .path.display())]
    Input { path: PathBuf, source: io::Error },
    #[error("{} is a folder, not a log", .path.display())]
    Folder { path: PathBuf },
    #[error("{} is a private key, not a log; it was not read", .path.display())]
    PrivateKey { path: PathBuf },
    #[error("can't keep {} while it is looked through", .path.display())]
    Spool { path: PathBuf, source: io::Error },
    #[error("--report takes one report, and these are many")]
    ManyReports,
    #[error("standard input can be read only once")]
    TwoInputs,
    #[error("can't write the report")]
    Output(#[source] io::Error),
    #[error("{} is there already", .path.display())]
    ReportExists { path: PathBuf },
    #[error("the ending of {} tells no form of a report", .path.display())]
    ReportEnding { path: PathBuf },
    #[error("can't write the report to {}", .path.display())]
    ReportFile { path: PathBuf, source: io::Error },
    #[cfg(feature = "live")]
    #[error("can't keep logs in {}", .path.display())]
    LogFolder { path: PathBuf, source: io::Error },
    #[cfg(feature = "live")]
    #[error(transparent)]
    Program(#[from] crate::live::process::Failure),
    #[cfg(feature = "live")]
    #[error("can't read the CI job's command {command:?}: {why}")]
    CiCommand { command: String, why: String, hint: String },
    #[cfg(feature = "live")]
    #[error("{0:?} is no destination")]
    Destination(String),
    #[cfg(feature = "live")]
    #[error("{} is a file, not a host", .path.display())]
    FileForHost { path: PathBuf },
    #[cfg(feature = "live")]
    #[error("{command:?} can't be looked at: {why}")]
    NoDestination { command: String, why: String },
    #[cfg(feature = "live")]
    #[error("{:?} is none of the programs that ssh-why stands in front of", .before.first().map_or("", String::as_str))]
    NotInFront { before: Vec<String>, rest: Vec<String> },
    #[cfg(feature = "live")]
    #[error("{} {address}, which git does not reach by ssh", .remote.as_ref().map_or_else(|| "the address is".to_owned(), |remote| format!("{remote} is")))]
    NoSsh { address: String, form: Option<String>, remote: Option<String>, push: bool },
    #[cfg(feature = "live")]
    #[error("{0}")]
    Git(String),
    #[error("there is no subcommand {0:?}")]
    NoSubcommand(String),
    #[error("{word:?} is no subcommand, and no file that is there")]
    NothingMeant { word: String, near: Option<&'static str> },
    #[error("there is no cause called {id:?}")]
    NoCause { id: String, near: Option<&'static str> },
}

impl Error {
    pub(super) fn hint(&self) -> Option<String> {
        match self {
            #[cfg(feature = "live")]
            Self::Input { path, source } if source.kind() == io::ErrorKind::NotFound && names_host(path) => {
                Some(format!("read takes logs; to ask that host: {}", own_command("check", path)))
            }
            Self::Input { source, .. } if source.kind() == io::ErrorKind::NotFound => {
                Some("check the name and the folder".into())
            }
            Self::Input { source, .. } if source.kind() == io::ErrorKind::PermissionDenied => {
                Some("make the file readable for you".into())
            }
            Self::Input { .. } => None,
            Self::Folder { .. } => Some("name the files in it; of a folder of tickets each .log is one".into()),
            Self::ManyReports => Some("write them to standard output: --format jsonl, one a line".into()),
            Self::PrivateKey { .. } => {
                Some("give the output of ssh -v; a private key belongs in no report and no ticket".into())
            }
            Self::Spool { .. } => Some("is the disk for temporary files full?".into()),
            Self::TwoInputs => Some("save one of the logs to a file and name that".into()),
            Self::Output(_) => Some("is the disk full?".into()),
            Self::ReportExists { .. } => Some("give a new name, or move that file away: nothing is overwritten".into()),
            Self::ReportEnding { .. } => Some(format!("let it end in {}", endings())),
            Self::ReportFile { source, .. } if source.kind() == io::ErrorKind::StorageFull => {
                Some("make room there, or name a file elsewhere".into())
            }
            Self::ReportFile { .. } => Some("does its folder exist, and may you write there?".into()),
            #[cfg(feature = "live")]
            Self::LogFolder { .. } => Some("name a folder that you may write to; it is made if it is not there".into()),
            #[cfg(feature = "live")]
            Self::Program(crate::live::process::Failure::Missing(_)) => {
                Some("install OpenSSH's client (Debian: apt-get install openssh-client), or put it into PATH".into())
            }
            #[cfg(feature = "live")]
            Self::Program(_) => None,
            #[cfg(feature = "live")]
            Self::CiCommand { hint, .. } => Some(hint.clone()),
            #[cfg(feature = "live")]
            Self::FileForHost { path } => {
                Some(format!("a log is explained by: {}; a key file is given with -i", own_command("read", path)))
            }
            #[cfg(feature = "live")]
            Self::Destination(text) if is_repository(text) => {
                Some(format!("a repository alone names no host; where it is GitHub's, give git@github.com:{text}"))
            }
            #[cfg(feature = "live")]
            Self::Destination(text) if destination::web_host(text).is_some() => {
                Some("that is a page's address; give the one that ssh is given: git@HOST".into())
            }
            #[cfg(feature = "live")]
            Self::Destination(_) => {
                Some("give [user@]host, or ssh://[user@]host[:port]; a whole command goes after --ci".into())
            }
            #[cfg(feature = "live")]
            Self::NotInFront { before, rest } => {
                let words = [before.as_slice(), &["ssh-why".to_owned()], rest].concat();
                let line = crate::shell::join(&words, crate::shell::Shell::Sh).unwrap_or_else(|_| words.join(" "));
                let hint = format!("let ssh-why stand next to ssh, git, scp, sftp or rsync: {line}");
                let other = before.first().is_some_and(|word| OTHER_USERS.contains(&word.as_str()));
                Some(if other { format!("{hint}\n{AS_ANOTHER}") } else { hint })
            }
            #[cfg(feature = "live")]
            Self::NoDestination { command, .. } if !command.starts_with("git") && command.contains(" --") => {
                let program = command.split(' ').next().unwrap_or_default();
                Some(format!("options of ssh-why stand before the command: ssh-why --all-keys {program} ..."))
            }
            #[cfg(feature = "live")]
            Self::NoDestination { .. } => Some(
                "put ssh-why in front of a command that logs in: ssh-why git push, ssh-why ssh -p 2222 me@host".into(),
            ),
            #[cfg(feature = "live")]
            Self::Git(_) => Some("no key of ssh has a part in it yet".into()),
            #[cfg(feature = "live")]
            Self::NoSsh { form: None, .. } => Some("no key of ssh has a part in it".into()),
            #[cfg(feature = "live")]
            Self::NoSsh { form: Some(form), remote: None, .. } => {
                Some(format!("no key of ssh has a part in it; the same repository by ssh: {form}"))
            }
            #[cfg(feature = "live")]
            Self::NoSsh { form: Some(form), remote: Some(remote), push, .. } => {
                let which: &[&str] = if *push { &["--push"] } else { &[] };
                let words = [&["git", "remote", "set-url"], which, &["--", remote, form]].concat();
                Some(format!(
                    "no key of ssh has a part in it; to reach the same repository by ssh: {}",
                    crate::shell::join(&words, crate::shell::Shell::Sh).unwrap_or_else(|_| form.clone())
                ))
            }
            #[cfg(feature = "live")]
            Self::NothingMeant { word, .. } if word.contains('.') && Destination::parse(word).is_some() => {
                let ask = own_command("check", Path::new(word));
                Some(format!("if it is a host: {ask}; if it is a log: check the name and the folder"))
            }
            Self::NothingMeant { word, .. } if word.contains(['/', '\\', '.']) => {
                Some("check the name and the folder".into())
            }
            Self::NothingMeant { near: Some(near), .. } => {
                Some(format!("did you mean {near}? ssh-why --help lists what it stands in front of"))
            }
            Self::NothingMeant { .. } | Self::NoSubcommand(_) => Some("ssh-why --help lists them".into()),
            Self::NoCause { near, .. } => Some(match near {
                Some(near) => format!("did you mean {near}? ssh-why explain lists all causes"),
                None => "ssh-why explain lists all causes".into(),
            }),
        }
    }

    /// Prints what happened, why, and what to do, to standard error.
    pub(super) fn report(&self) {
        let mut text = format!("error: {}", clean(self.to_string()));
        let mut source = std::error::Error::source(self);
        while let Some(cause) = source {
            text.push_str(&format!(": {}", clean(cause.to_string())));
            source = cause.source();
        }
        if let Some(hint) = self.hint() {
            text.push_str(&format!("\nhint: {hint}"));
        }
        let _ = writeln!(io::stderr(), "{text}");
    }
}

/// Programs by which a command runs as another user.
#[cfg(feature = "live")]
const OTHER_USERS: &[&str] = &["sudo", "doas", "su", "runuser", "pkexec"];

#[cfg(feature = "live")]
const AS_ANOTHER: &str = "note: so it runs as another user, who has another ~/.ssh, other keys and mostly no agent; where the command works \
                          without that word, leave it out";

/// This program's own command for a file or a host.
#[cfg(feature = "live")]
fn own_command(name: &str, word: &Path) -> String {
    let words = ["ssh-why", name, &word.to_string_lossy()].map(str::to_owned);
    crate::shell::join(&words, crate::shell::Shell::Sh).unwrap_or_else(|_| format!("ssh-why {name}"))
}

/// Whether a word that was given for a file can only be a host.
#[cfg(feature = "live")]
fn names_host(path: &Path) -> bool {
    path.to_str().is_some_and(|word| {
        let host = word.contains('@') || word.contains("://") || provider::by_host(word).is_some();
        host && Destination::parse(word).is_some()
    })
}

/// `owner/repository`, and nothing more.
#[cfg(feature = "live")]
fn is_repository(text: &str) -> bool {
    let is_name = |name: &str| {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        name.starts_with(|c: char| c.is_ascii_alphanumeric()) && name.chars().all(plain)
    };
    let text = text.strip_suffix(".git").unwrap_or(text);
    text.split_once('/').is_some_and(|(owner, name)| is_name(owner) && is_name(name))
}

/// The endings of report files, for a sentence.
fn endings() -> String {
    let all: Vec<String> =
        FORMS.iter().flat_map(|form| form.endings.first()).map(|ending| format!(".{ending}")).collect();
    all.join(", ")
}

/// Without what could move a cursor.
pub(super) fn clean(text: String) -> String {
    text.chars().map(|c| if crate::text::unprintable(c) { '\u{fffd}' } else { c }).collect()
}

/// Prints a warning to standard error.
pub(super) fn warn(text: &str) {
    let _ = writeln!(io::stderr(), "warning: {}", clean(text.to_owned()));
}
