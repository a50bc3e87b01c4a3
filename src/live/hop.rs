//! Jump hosts: ssh's own way through them, with a log for each and nothing remembered.
//!
//! `ProxyJump` runs one more ssh, whose words come on the same stream as the target's banner. Here the same ssh is
//! run, with the options that keep a probe safe, and its log comes by a pipe of its own.

use std::io::{PipeReader, PipeWriter};

use super::Until;
use super::config::{self, Options};
use super::destination::{Destination, Purpose};
use super::host_key::{Judge, Policy};
use super::process::Failure;
use super::program::Program;
use super::tagged;
use crate::model::Role;
use crate::shell::{self, Shell};

/// Jump hosts on one way, at most.
const MOST: usize = 8;

/// Shells that can send standard error elsewhere as `sh` does.
const SHELLS: &[&str] = &["sh", "bash", "dash", "ash", "zsh", "ksh", "mksh", "fish", "busybox"];

/// What comes out of one jump host's ssh.
pub(crate) struct Log {
    /// The jump host, as it was named.
    pub name: String,
    /// Its ssh begins each message with its place.
    pub tagged: bool,
    /// Its log.
    pub reader: PipeReader,
    /// Kept open until the run has ended: ssh opens it by its name.
    pub writer: PipeWriter,
}

/// A way through jump hosts.
pub(crate) struct Way {
    /// For `ProxyCommand`.
    pub command: String,
    /// The logs, that of the last jump host first.
    pub logs: Vec<Log>,
}

/// The jump hosts that apply.
fn hops(options: &Options) -> Option<&str> {
    let found = options.iter().find(|(key, _)| key == "proxyjump");
    found.map(|(_, value)| value.as_str()).filter(|value| *value != "none")
}

/// The way through the jump hosts that apply, as ssh itself would go. `None`: there are none, or this system has no
/// such way, so that ssh goes by itself. ssh has all the time that is left to say what applies to one: if that is not
/// known, neither is the way there.
///
/// # Errors
/// There is no ssh, or it can't be started.
pub(crate) fn way(
    ssh: &Program,
    options: &Options,
    file: Option<&str>,
    until: Until<'_>,
) -> Result<Option<Way>, Failure> {
    if cfg!(not(unix)) {
        return Ok(None);
    }
    match hops(options) {
        Some(hops) => through(ssh, hops, file, until, MOST),
        None => Ok(None),
    }
}

fn through(
    ssh: &Program,
    hops: &str,
    file: Option<&str>,
    until: Until<'_>,
    deep: usize,
) -> Result<Option<Way>, Failure> {
    let (before, last) = hops.rsplit_once(',').map_or((None, hops), |(before, last)| (Some(before), last));
    let Some(typed) = Destination::parse(last).filter(|_| deep > 0) else {
        return Ok(None);
    };
    // ssh hands these on to a jump host's ssh, and no others.
    let mut common: Vec<String> = Vec::new();
    for (letter, value) in [("-F", file), ("-J", before)] {
        common.extend(value.into_iter().flat_map(|value| [letter.to_owned(), value.to_owned()]));
    }
    let place = Destination::new(Role::Other, typed, &common);
    let answer = config::ask(ssh, &place.words(Purpose::Ask), until.left())?;
    let limit = until.left();
    let options = answer.known();
    let inner = match options.and_then(|options| self::hops(options)) {
        Some(hops) => match through(ssh, hops, file, until, deep - 1)? {
            Some(inner) => Some(inner),
            None => return Ok(None),
        },
        None => None,
    };
    let mut words: Vec<String> = vec![ssh.for_hops().to_owned()];
    let mut push = |more: &[&str]| words.extend(more.iter().map(|word| (*word).to_owned()));
    // Where it leads stands first: it is what people look for.
    push(&["-W", "[%h]:%p"]);
    let purpose = if inner.is_some() { Purpose::Probe } else { Purpose::Ask };
    let escaped = |word: &str| word.replace('%', "%%");
    push(
        &place
            .words(purpose)
            .iter()
            .map(|word| escaped(word))
            .collect::<Vec<_>>()
            .iter()
            .map(String::as_str)
            .collect::<Vec<_>>(),
    );
    push(&["-v", "-a", "-x", "-T"]);
    // What a wrapper tells is of the ssh that it starts.
    let places = tagged::option(&Program::named(ssh.for_hops()), options.filter(|_| !ssh.wraps), limit);
    let (log, target) = log(last, places.is_some())?;
    push(&["-E", &target]);
    for option in config::quiet(&answer, limit).iter().map(String::as_str).chain(places) {
        push(&["-o", &escaped(option)]);
    }
    let policy = Policy::new(options, &place.command.host, false, false);
    // A jump host is judged in one run: without its settings, ssh is strict.
    let judge = if options.is_some() { policy.first() } else { Judge::Strict };
    for word in policy.words(&judge) {
        push(&[&escaped(&word)]);
    }
    let mut logs = vec![log];
    if let Some(inner) = inner {
        push(&["-o", &format!("ProxyCommand={}", escaped(&inner.command))]);
        logs.extend(inner.logs);
    }
    let Ok(line) = shell::join(&words, Shell::Sh) else {
        return Ok(None);
    };
    Ok(Some(Way { command: silenced(&line), logs }))
}

/// With standard error sent away: on it come the words of servers, which belong to nobody here.
fn silenced(line: &str) -> String {
    let line = format!("{line} 2>/dev/null");
    let shell = std::env::var("SHELL").unwrap_or_default();
    let name = shell.rsplit('/').next().unwrap_or_default();
    if name.is_empty() || SHELLS.contains(&name) {
        return line;
    }
    let words = ["/bin/sh".to_owned(), "-c".to_owned(), format!("exec {line}")];
    shell::join(&words, Shell::Sh).unwrap_or(line)
}

/// A pipe for a log, and its name. Where pipes have no names the log goes nowhere.
fn log(name: &str, tagged: bool) -> Result<(Log, String), Failure> {
    let (reader, writer) = std::io::pipe().map_err(|error| Failure::Start("a pipe".to_owned(), error))?;
    let target = named(&writer).unwrap_or_else(|| "/dev/null".to_owned());
    Ok((Log { name: name.to_owned(), tagged, reader, writer }, target))
}

#[cfg(target_os = "linux")]
fn named(writer: &PipeWriter) -> Option<String> {
    use std::os::fd::AsRawFd;
    let name = format!("/proc/{}/fd/{}", std::process::id(), writer.as_raw_fd());
    std::fs::OpenOptions::new().append(true).open(&name).is_ok().then_some(name)
}

#[cfg(not(target_os = "linux"))]
fn named(_writer: &PipeWriter) -> Option<String> {
    None
}
