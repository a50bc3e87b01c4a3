//! One run of the user's own ssh, read as it comes, and ended as soon as its answer is known.
//!
//! ssh's own words and the server's come by different ways: `-E` sends the log to a pipe of its own, so a
//! banner can't pass for a line of the log. The pipe is ssh's standard input, which `-n` keeps it from reading:
//! so no file has to be made, and none is left behind.

use std::process::Command;
use std::time::{Duration, Instant};

use super::config::{self, Answer, Options};
use super::process::Failure;
use super::watch::{End, Task, Watch};
use super::{Stage, known_hosts};
use crate::model::session::Typed;
use crate::model::{Fact, Kind, Role, Session, Transcript};
use crate::provider;
use crate::reader::Reader;

/// One connection to make.
#[derive(Clone, Debug)]
pub struct Target {
    /// What to call it: the destination as given.
    pub name: String,
    /// Git host, CI host, or neither is known.
    pub role: Role,
    /// ssh's arguments: options, then the destination. No remote command.
    pub args: Vec<String>,
    /// The user's command, for the suggestion.
    pub typed: Typed,
}

/// Flags of ssh that only say how to connect.
const FLAGS: &str = "46C";

/// Options with a value that only say how to connect. `-o` is safe, since the probe's own stand before it and the
/// first value counts.
const VALUES: &str = "bBcFiIJmo";

/// Of a command's options those that lead ssh to its destination, as words. The others forward something, join or
/// keep a connection, run something or write somewhere; port and user are the destination's.
pub fn leading(typed: &Typed) -> Vec<String> {
    let mut words = Vec::new();
    for (letter, value) in &typed.options {
        match value {
            None if FLAGS.contains(*letter) => words.push(format!("-{letter}")),
            Some(value) if VALUES.contains(*letter) => words.extend([format!("-{letter}"), value.clone()]),
            _ => {}
        }
    }
    words
}

/// Probes one target: what ssh said, the jump host's own run first where there is one. `tell` hears what it waits for.
///
/// # Errors
/// There is no ssh, or it can't be started.
pub fn probe(
    ssh: &str,
    target: &Target,
    answer: &Answer,
    home: Option<&str>,
    deadline: Instant,
    tell: &dyn Fn(Stage),
) -> Result<Vec<Transcript>, Failure> {
    tell(Stage::Connecting);
    let begun = Instant::now();
    let limit = deadline.saturating_duration_since(begun);
    let options = answer.options.known();
    let known = options.and_then(|options| known_hosts::is_known(options, home, limit.min(Duration::from_secs(2))));
    let policy = HostKeys { known: known == Some(true) || options.is_none(), git: target.role == Role::Vcs };
    let run = |separate: bool| -> Result<(Watch, End), Failure> {
        let mut reader = Reader::live(format!("live:{}", target.name));
        reader.typed(target.typed.clone(), &target.name);
        reader.feed(answer.said.as_bytes());
        let mut watch = Watch::new(reader);
        let mut command = Command::new(ssh);
        command.args(arguments(target, &answer.options, &policy, limit, separate));
        let distrust = |session: &Session| policy.forged(session);
        let task = Task { deadline, separate, greets: target.role == Role::Vcs, distrust: &distrust, tell };
        let end = watch.run(&mut command, &task)?;
        Ok((watch, end))
    };
    let (mut watch, end) = run(true)?;
    let separate = end != End::NoLog;
    if !separate {
        // This system has no /dev/stdin: the log comes on standard error, banner and all.
        (watch, _) = run(false)?;
    }
    tell(match watch.session().map(Stage::of) {
        Some(Stage::Unreached) => Stage::Unreached,
        _ => Stage::Done,
    });
    let mut transcripts = Vec::new();
    let jump = options.and_then(|options| options.iter().find(|(key, value)| key == "proxyjump" && value != "none"));
    if let Some((_, hop)) = jump.filter(|_| separate) {
        let mut log = crate::reader::read(format!("live:{hop}"), watch.said());
        for session in &mut log.sessions {
            session.jump_host = true;
        }
        if !log.sessions.is_empty() {
            log.role = Role::Other;
            transcripts.push(log);
        }
    }
    let mut log = watch.finish();
    log.role = target.role;
    transcripts.push(log);
    Ok(transcripts)
}

/// How a target's host key is judged.
struct HostKeys {
    /// known_hosts has it: ssh itself is the judge, and strict.
    known: bool,
    git: bool,
}

impl HostKeys {
    /// Whether a git host that known_hosts lacks shows another key than its provider publishes.
    fn forged(&self, session: &Session) -> Option<String> {
        if self.known || !self.git {
            return None;
        }
        let provider = provider::named(session).filter(|provider| !provider.host_keys.is_empty())?;
        let shown = session.first(|kind| match kind {
            Kind::HostKey { fingerprint: Some(fingerprint), .. } => Some(fingerprint.as_str()),
            _ => None,
        });
        let (shown, _) = shown?;
        provider.host_key(shown).is_none_or(|key| key.retired.is_some()).then(|| shown.to_owned())
    }
}

/// The arguments for a run that changes nothing: no prompt, no old connection, no forwarding, no command.
fn arguments(
    target: &Target,
    options: &Fact<Options>,
    policy: &HostKeys,
    limit: Duration,
    separate: bool,
) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut push = |more: &[&str]| words.extend(more.iter().map(|word| (*word).to_owned()));
    push(&["-v", "-n", "-T", "-x", "-a"]);
    if separate {
        push(&["-E", "/dev/stdin"]);
    }
    if target.role != Role::Vcs {
        // A CI host is logged in to, and nothing more.
        push(&["-N"]);
    }
    // The first value counts, so these stand before the user's own.
    for option in [
        "BatchMode=yes",
        "ControlMaster=no",
        "ControlPath=none",
        "ClearAllForwardings=yes",
        "Tunnel=no",
        "PermitLocalCommand=no",
    ] {
        push(&["-o", option]);
    }
    let timeout = limit.as_millis().div_ceil(1000).max(1).to_string();
    push(&["-o", &format!("ConnectTimeout={timeout}")]);
    // Newer options, where this ssh knows them.
    for (name, option) in [
        ("updatehostkeys", "UpdateHostKeys=no"),
        ("addkeystoagent", "AddKeysToAgent=no"),
        ("remotecommand", "RemoteCommand=none"),
        ("controlpersist", "ControlPersist=no"),
        ("forkafterauthentication", "ForkAfterAuthentication=no"),
    ] {
        if config::knows(options, name) {
            push(&["-o", option]);
        }
    }
    // Without -G it can't be told what known_hosts holds: then ssh itself is to judge a git host.
    if policy.git && (policy.known || options.known().is_none()) {
        push(&["-o", "StrictHostKeyChecking=yes"]);
    } else {
        // A new key goes to the first file, and so nowhere; a changed one is still told.
        let files = options.known().map_or_else(|| "~/.ssh/known_hosts".to_owned(), known_hosts::user_files);
        push(&["-o", "StrictHostKeyChecking=no", "-o", &format!("UserKnownHostsFile=/dev/null {files}")]);
    }
    words.extend(target.args.iter().cloned());
    words
}
