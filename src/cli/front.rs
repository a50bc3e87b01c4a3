//! `ssh-why` in front of a command that failed: `ssh-why git push`, `ssh-why scp …`. The command is not run.

use std::ffi::OsString;
use std::time::Duration;

use super::args::FrontArgs;
use super::check;
use super::error::Error;
use crate::live::destination::{Destination, is_safe, web_host};
use crate::live::git::{self, Trouble};
use crate::model::Role;
use crate::model::session::Typed;
use crate::provider;
use crate::shell::{git_call, parse_ssh, remote_copy};

/// The programs that this one may stand in front of.
const PROGRAMS: &[&str] = &["ssh", "git", "scp", "sftp", "rsync"];

/// The name by which the parser knows such a run.
const SUBCOMMAND: &str = "in-front";

/// Flags of ssh with which it logs in nowhere.
const NO_LOGIN: &[char] = &['G', 'O', 'Q', 'V'];

/// Puts this run's name into the words where they lead to a command: `ssh-why --all-keys git push` becomes
/// `ssh-why in-front --all-keys -- git push`.
pub(super) fn as_subcommand(words: Vec<OsString>, known: &[&str]) -> Vec<OsString> {
    if let Some(name) = meant(&words, known) {
        let mut words = words;
        words.insert(1, name.into());
        return words;
    }
    let is = |word: &OsString, names: &dyn Fn(&str) -> bool| word.to_str().is_some_and(names);
    let after = || words.iter().enumerate().skip(1);
    let at = after().find(|(_, word)| is(word, &is_program)).map(|(at, _)| at);
    let other = after().find(|(_, word)| is(word, &|name| name == "help" || known.contains(&name)));
    let Some(at) = at.filter(|at| other.is_none_or(|(other, _)| other > *at)) else { return words };
    let mut words = words;
    words.insert(at, "--".into());
    words.insert(1, SUBCOMMAND.into());
    words
}

/// The subcommand that is meant where none is named: a log is read, a host is checked, and where there is nothing at all a
/// log on standard input is read, else this repository's hosts are checked.
fn meant(words: &[OsString], known: &[&str]) -> Option<&'static str> {
    let Some(first) = words.get(1) else {
        return Some(if log_comes() { "read" } else { "check" });
    };
    let word = first.to_str().filter(|word| !word.starts_with('-') && !known.contains(word) && !is_program(word));
    let word = word?;
    let host = word.contains('@') || word.contains("://") || provider::by_host(word).is_some();
    match std::path::Path::new(word).is_file() {
        true => Some("read"),
        false => (host && Destination::parse(word).is_some() || web_host(word).is_some()).then_some("check"),
    }
}

/// How long a pipe may stay silent that may have a log.
const LISTENS: Duration = Duration::from_secs(1);

/// Whether standard input is a file, or a pipe in which something comes.
#[cfg(unix)]
fn log_comes() -> bool {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::fs::{FileType, fstat};
    let input = std::io::stdin();
    let Ok(about) = fstat(&input) else { return false };
    match FileType::from_raw_mode(about.st_mode) {
        FileType::RegularFile => about.st_size > 0,
        FileType::Fifo | FileType::Socket => {
            let limit = Timespec { tv_sec: LISTENS.as_secs().cast_signed(), tv_nsec: 0 };
            let mut wanted = [PollFd::new(&input, PollFlags::IN)];
            poll(&mut wanted, Some(&limit)).is_ok() && wanted[0].revents().contains(PollFlags::IN)
        }
        _ => false,
    }
}

#[cfg(not(unix))]
fn log_comes() -> bool {
    use std::io::IsTerminal;
    !std::io::stdin().is_terminal()
}

/// Whether a word names one of the programs, by a path or not.
fn is_program(word: &str) -> bool {
    let name = word.rsplit(['/', '\\']).next().unwrap_or(word);
    PROGRAMS.contains(&name.strip_suffix(".exe").unwrap_or(name))
}

/// The program that a mistyped word is nearest to.
pub(super) fn near(word: &str) -> Option<&'static str> {
    let typed = word.to_ascii_lowercase();
    let near = |name: &&&str| strsim::osa_distance(&typed, name) == 1;
    PROGRAMS.iter().find(near).copied()
}

pub(super) fn run(args: &FrontArgs) -> Result<u8, Error> {
    let mut plan = check::asked(&args.check);
    plan.destinations = destinations(&args.words, plan.timeout)?;
    check::look(&plan, &args.check)
}

/// Where a command connects to.
fn destinations(words: &[String], limit: Duration) -> Result<Vec<Destination>, Error> {
    let program = words.first().map(String::as_str).unwrap_or_default();
    if !is_program(program) {
        let (before, rest) = words.split_at(words.iter().position(|word| word == "--").unwrap_or(words.len()));
        return Err(Error::NotInFront { before: before.to_vec(), rest: rest.iter().skip(1).cloned().collect() });
    }
    let nowhere = |why: &str| Error::NoDestination { command: words.join(" "), why: why.to_owned() };
    let name = program.rsplit(['/', '\\']).next().unwrap_or(program);
    match name.strip_suffix(".exe").unwrap_or(name) {
        "git" => {
            let call = git_call(words).or_else(|| git_call(&git::unaliased(words, limit)));
            let call = call.ok_or_else(|| nowhere("it talks to no host"))?;
            git::destinations(&call, &[], limit).map_err(|trouble| match trouble {
                Trouble::Failed(failure) => Error::Program(failure),
                trouble @ Trouble::NotRun(_) => Error::Git(trouble.to_string()),
                Trouble::NoRemote => nowhere("git names no remote for it here"),
                Trouble::NoSubmodule => {
                    nowhere("no submodule of the index is meant by it; without --init those alone that are set up")
                }
                Trouble::NoSsh { address, form, remote, push } => Error::NoSsh { address, form, remote, push },
            })
        }
        "ssh" => {
            let mut typed = parse_ssh(words).ok_or_else(|| nowhere("it names no host"))?;
            if typed.options.iter().any(|(letter, _)| NO_LOGIN.contains(letter)) {
                return Err(nowhere("it logs in nowhere"));
            }
            typed.own = true;
            Ok(vec![place(typed)?])
        }
        _ => {
            let shell = std::env::var("RSYNC_RSH").ok();
            let found = remote_copy(words, shell.as_deref())
                .ok_or_else(|| nowhere("it names no host that is reached by ssh"))?;
            let mut places: Vec<Destination> = Vec::new();
            for typed in found {
                let place = place(typed)?;
                if !places.iter().any(|known| known.is_same(&place)) {
                    places.push(place);
                }
            }
            Ok(places)
        }
    }
}

fn place(typed: Typed) -> Result<Destination, Error> {
    if !is_safe(&typed) {
        return Err(Error::Destination(typed.host));
    }
    let role = if provider::by_host(&typed.host).is_some() { Role::Vcs } else { Role::Ci };
    Ok(Destination { exact: true, ..Destination::new(role, typed, &[]) })
}
