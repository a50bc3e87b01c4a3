//! A command line without a subcommand, where it is plain which one was meant.

use std::ffi::OsString;
use std::path::Path;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::error::Error;

/// The words, with the subcommand that was left out: a log, or standard input that is one, is to be read.
pub(super) fn words(mut words: Vec<OsString>, commands: &[&str], piped: bool) -> Vec<OsString> {
    let log = match words.get(1) {
        None => piped,
        Some(word) => !commands.iter().any(|command| word == command) && is_log(Path::new(word)),
    };
    if log {
        words.insert(1, "read".into());
    }
    words
}

/// What is wrong with a first word that is nothing this program knows: no subcommand nor nearly one, no file, no host.
pub(super) fn nothing(usage: &clap::Error) -> Option<Error> {
    let similar = usage.get(ContextKind::SuggestedSubcommand).is_some();
    match usage.get(ContextKind::InvalidSubcommand) {
        Some(ContextValue::String(word)) if usage.kind() == ErrorKind::InvalidSubcommand && !similar => {
            Some(Error::NothingMeant { word: word.clone(), near: program(word) })
        }
        _ => None,
    }
}

/// The program that a mistyped word is nearest to, of those that this one stands in front of.
#[cfg(feature = "live")]
fn program(word: &str) -> Option<&'static str> {
    super::front::near(word)
}

#[cfg(not(feature = "live"))]
fn program(_word: &str) -> Option<&'static str> {
    None
}

/// Whether this is something to read: a file, or a pipe under a name.
fn is_log(path: &Path) -> bool {
    path.exists() && !path.is_dir()
}

/// Whether somebody hands text to this program: a file or a pipe, and neither a terminal nor nothing.
pub(super) fn is_piped() -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        std::fs::metadata("/dev/stdin").is_ok_and(|input| input.is_file() || input.file_type().is_fifo())
    }
    #[cfg(not(unix))]
    {
        use std::io::IsTerminal;
        !std::io::stdin().is_terminal()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meant(given: &[&str], piped: bool) -> Vec<OsString> {
        words(given.iter().map(OsString::from).collect(), &["read", "Cargo.toml"], piped)
    }

    #[test]
    fn a_log_is_to_be_read() {
        assert_eq!(meant(&["ssh-why", "src/lib.rs", "--format", "json"], false)[1..3], ["read", "src/lib.rs"]);
        assert_eq!(meant(&["ssh-why"], true)[1..], ["read"]);
        for (given, piped) in [
            (&["ssh-why"][..], false),
            (&["ssh-why", "src"], false),
            (&["ssh-why", "no-such-file"], true),
            (&["ssh-why", "--help"], true),
            (&["ssh-why", "read"], true),
            (&["ssh-why", "Cargo.toml"], false),
        ] {
            assert_eq!(meant(given, piped), given, "{given:?}");
        }
    }
}
