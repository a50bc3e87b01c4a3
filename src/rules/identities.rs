//! Key files: missing, unreadable, too open, broken, encrypted, mismatched.

use super::draft::quoted;
use super::{Draft, Scene, local};
use crate::model::{At, Certainty, Event, Finding, Fix, Kind, Outcome, Severity};
use crate::shell::Shell;

/// The last event that `wanted` takes, in a session that nobody was logged in by.
fn failing<'a, T>(scene: &Scene<'a>, wanted: impl FnMut(&'a Kind) -> Option<T>) -> Option<(T, &'a At)> {
    if !scene.refused() {
        return None;
    }
    let mut wanted = wanted;
    scene.session().events.iter().rev().find_map(|event| wanted(&event.kind).map(|value| (value, &event.at)))
}

/// Whether the server had said yes to this file's key before ssh found it unusable.
fn accepted_before<'a>(scene: &Scene<'a>, path: &str) -> Option<&'a At> {
    let accepted = scene.session().accepted.as_ref()?;
    (accepted.key.path.as_deref() == Some(path)).then_some(&accepted.at)
}

fn is_public(path: &str) -> bool {
    path.ends_with(".pub")
}

/// What ssh says of a file that is no key it can read.
const INVALID: &[&str] = &[
    "invalid format",
    "error in libcrypto",
    "unknown or unsupported key type",
    "key encrypted using unsupported cipher",
    "string is too large",
    "incomplete message",
    "unexpected internal error",
    "key type does not match",
    "bad format",
];

pub(super) fn invalid(scene: &Scene<'_>) -> Option<Finding> {
    let ((path, reason), at) = failing(scene, |kind| match kind {
        Kind::LoadKeyFailed { path, reason, public: false } if INVALID.iter().any(|text| reason.starts_with(text)) => {
            Some((path.as_str(), reason.as_str()))
        }
        Kind::TooOpen { path } if is_public(path) => Some((path.as_str(), "it is a public key")),
        _ => None,
    })?;
    let before = accepted_before(scene, path);
    let draft = Draft::new(scene, Certainty::Certain, format!("{path} is not a private key that ssh can read"), at)
        .and(scene, before);
    let registered =
        if before.is_some() { " The server had accepted its public half, so it is registered there." } else { "" };
    if is_public(path) {
        let private = path.trim_end_matches(".pub");
        return draft
            .says("This is the public half. ssh needs the private one to sign with; the public half in its place helps only if the agent holds the key.")
            .fix(quoted(scene, "name the private key, without .pub", &["ssh", "-i", private, scene.session().peer()]))
            .done();
    }
    draft
        .says(match local::damage(scene, path) {
            Some(why) => format!("ssh says: {reason}. The reason: {why}.{registered}"),
            None => format!(
                "ssh says: {reason}. Mostly the file came through a secret or a copy that lost its line ends, added \
                 Windows ones, or lost the last one; or it is a PuTTY key (.ppk), a public key, or empty.{registered}"
            ),
        })
        .fix(quoted(scene, "see what is wrong with it", &["ssh-keygen", "-y", "-P", "", "-f", path]))
        .fix(Fix::step("write it again with its line ends, and one at the end: printf '%s\\n' \"$SSH_KEY\" > FILE"))
        .fix(Fix::step("make an OpenSSH key of a PuTTY one: puttygen FILE.ppk -O private-openssh -o FILE"))
        .done()
}

pub(super) fn permissions(scene: &Scene<'_>) -> Option<Finding> {
    let (path, at) = failing(scene, |kind| match kind {
        Kind::TooOpen { path } => Some(path.as_str()),
        Kind::LoadKeyFailed { path, reason, public: false } if reason == "bad permissions" => Some(path.as_str()),
        _ => None,
    })?;
    if is_public(path) {
        return None;
    }
    let box_lines = scene
        .session()
        .events
        .iter()
        .filter(|event| matches!(&event.kind, Kind::TooOpen { .. }))
        .map(|event| &event.at);
    let before = accepted_before(scene, path);
    let windows = path.contains('\\') || path.as_bytes().get(1) == Some(&b':');
    let fix = if windows || scene.shell != Shell::Sh {
        Fix::step(
            "let only your own account read the file: Properties, Security, Advanced, disable inheritance, remove the others",
        )
    } else {
        quoted(scene, "let only yourself read it", &["chmod", "600", path])
    };
    Draft::new(scene, Certainty::Certain, format!("{path} can be read by others, so ssh ignores it"), at)
        .and(scene, box_lines)
        .and(scene, before)
        .says(format!(
            "ssh does not use a private key that other users could read.{} On a Windows drive under WSL or a mounted secret, \
             chmod may have no effect: copy the key into ~/.ssh.",
            if before.is_some() { " The server had accepted this key, so it works once its file is mended." } else { "" }
        ))
        .fix(fix)
        .done()
}

pub(super) fn unreadable(scene: &Scene<'_>) -> Option<Finding> {
    let (path, at) = failing(scene, |kind| match kind {
        Kind::LoadKeyFailed { path, reason, public: false } if reason.contains("ermission denied") => {
            Some(path.as_str())
        }
        Kind::IdentityMissing { path, reason, .. } if reason.contains("ermission denied") => Some(path.as_str()),
        _ => None,
    })?;
    let before = accepted_before(scene, path);
    Draft::new(scene, Certainty::Certain, format!("ssh may not read {path}"), at)
        .and(scene, before)
        .says("The file exists, but the user who runs ssh may not open it: it belongs to another user, often to root after sudo. This is not the server's Permission denied.")
        .fix(quoted(scene, "see whose it is", &["ls", "-l", path]))
        .fix(Fix::step("make it yours again: sudo chown \"$USER\" FILE FILE.pub"))
        .done()
}

pub(super) fn too_short(scene: &Scene<'_>) -> Option<Finding> {
    let (name, at) = failing(scene, |kind| match kind {
        Kind::Skipped { key, reason } | Kind::SigningFailed { key, reason }
            if reason.contains("Invalid key length") =>
        {
            Some(key.name().to_owned())
        }
        Kind::LoadKeyFailed { path, reason, .. } if reason.contains("Invalid key length") => Some(path.clone()),
        _ => None,
    })?;
    Draft::new(scene, Certainty::Certain, format!("{name} is too short for this ssh's RequiredRSASize"), at)
        .says("The key is in order, but the client's policy leaves out RSA keys of this size, so it is never offered.")
        .fix(Fix::command("make a new key and register it", "ssh-keygen -t ed25519"))
        .done()
}

/// A key that ssh had to ask a passphrase for and could not, or got a wrong one.
pub(super) fn passphrase(scene: &Scene<'_>) -> Option<Finding> {
    if let Some(finding) = local::passphrase(scene) {
        return Some(finding);
    }
    if !scene.refused() {
        return None;
    }
    let session = scene.session();
    let events = &session.events;
    let asked = events.iter().rposition(|event| {
        matches!(event.kind, Kind::PassphraseRefused | Kind::PassphrasePrompt { .. }) || is_key_prompt(events, event)
    });
    let silent = silent_after_accept(scene);
    let (certainty, at) = match (asked, silent) {
        (Some(index), _) => {
            // A prompt at which the log ends is an open question and no failure.
            let open = matches!(events[index].kind, Kind::PassphrasePrompt { .. })
                && session.outcome == Outcome::Unknown
                && !events[index + 1..].iter().any(|event| {
                    matches!(
                        event.kind,
                        Kind::Offering { .. }
                            | Kind::TryingPrivate { .. }
                            | Kind::NextMethod { .. }
                            | Kind::PassphraseRefused
                    )
                });
            if open {
                return None;
            }
            (Certainty::Certain, &events[index].at)
        }
        (None, Some(at)) => {
            // Local facts settle it: an open key has failed for another reason.
            let path = session.accepted.as_ref().and_then(|accepted| accepted.key.path.as_deref());
            if path.is_some_and(|path| local::is_open(scene, path)) {
                return None;
            }
            let sure = path.is_some_and(|path| local::is_encrypted(scene, path));
            (if sure { Certainty::Certain } else { Certainty::Likely }, at)
        }
        (None, None) => return None,
    };
    let path = asked
        .and_then(|index| {
            events[..=index].iter().rev().find_map(|event| match &event.kind {
                Kind::PassphrasePrompt { path } | Kind::TryingPrivate { path } => Some(path.as_str()),
                Kind::ServerAccepts { key: Some(key) } | Kind::Offering { key, .. } => key.path.as_deref(),
                _ => None,
            })
        })
        .or_else(|| session.accepted.as_ref().and_then(|accepted| accepted.key.path.as_deref()));
    let terminal = session.any(|kind| matches!(kind, Kind::NoTerminal { .. }));
    let old = session.openssh().is_some_and(|release| release <= (7, 5));
    let name = path.unwrap_or("the key");
    let title = if terminal {
        format!("{name} is encrypted, and ssh had no way to ask for its passphrase")
    } else {
        format!("{name} is encrypted, and ssh got no passphrase for it, or a wrong one")
    };
    let draft = Draft::new(scene, certainty, title, at)
        .and(scene, session.accepted.iter().map(|accepted| &accepted.at))
        .and(
            scene,
            events
                .iter()
                .filter(|event| matches!(event.kind, Kind::NoTerminal { .. } | Kind::PassphraseRefused))
                .map(|event| &event.at),
        )
        .says(format!(
            "{} Unlock it once with the agent; then nothing has to ask.{}",
            if session.accepted.is_some() {
                "The server accepted the key; signing with it failed here, on this machine."
            } else {
                "ssh could not open the private key."
            },
            if old {
                " Releases up to 7.5 say the same of a file that is no key at all, so look at the file too."
            } else {
                ""
            }
        ));
    match path {
        Some(path) => draft.fix(quoted(scene, "put the key into the agent", &["ssh-add", path])).fix(quoted(
            scene,
            "check that the file is a key and encrypted",
            &["ssh-keygen", "-y", "-P", "", "-f", path],
        )),
        None => draft.fix(Fix::step("put the key into the agent with ssh-add")),
    }
    .done()
}

/// `read_passphrase` speaks for passwords, too: it is about a key only while publickey is tried.
fn is_key_prompt(events: &[Event], event: &Event) -> bool {
    if !matches!(event.kind, Kind::NoTerminal { .. }) {
        return false;
    }
    let before = events.iter().take_while(|other| !std::ptr::eq(*other, event));
    let last = before
        .filter(|event| {
            matches!(
                event.kind,
                Kind::NextMethod { .. }
                    | Kind::ServerAccepts { .. }
                    | Kind::TryingPrivate { .. }
                    | Kind::Methods { .. }
                    | Kind::HostKeyUnknown { .. }
            )
        })
        .last();
    matches!(last.map(|event| &event.kind), Some(Kind::ServerAccepts { .. } | Kind::TryingPrivate { .. }))
}

/// PK_OK, and then the next key or the end without a word: in BatchMode ssh passes over an encrypted key so.
fn silent_after_accept<'a>(scene: &Scene<'a>) -> Option<&'a At> {
    let session = scene.session();
    let index = session.events.iter().rposition(|event| matches!(event.kind, Kind::ServerAccepts { .. }))?;
    let next = session.events[index + 1..].iter().find(|event| {
        !matches!(event.kind, Kind::AcceptedFingerprint { .. } | Kind::Signing { .. } | Kind::Planned { .. })
    })?;
    // Up to 7.1 an agent's refusal is just as silent.
    let agent = session.accepted.as_ref().is_some_and(|accepted| accepted.key.agent == Some(true));
    let silent_agent = session.openssh().is_some_and(|release| ((6, 8)..=(7, 1)).contains(&release));
    let next_is_end = matches!(
        next.kind,
        Kind::Offering { .. } | Kind::TryingPrivate { .. } | Kind::NoMoreMethods | Kind::NextMethod { .. }
    );
    let told = session.openssh().is_none() && !matches!(session.outcome, Outcome::Denied);
    (next_is_end && !agent && !silent_agent && !told).then_some(&session.events[index].at)
}

pub(super) fn pubkey_mismatch(scene: &Scene<'_>) -> Option<Finding> {
    if let Some(finding) = local::pubkey_mismatch(scene) {
        return Some(finding);
    }
    let session = scene.session();
    if session.outcome == Outcome::Authenticated {
        return None;
    }
    let (path, at) = session.last(|kind| match kind {
        Kind::PublicMismatch { path } => Some(path.clone()),
        _ => None,
    })?;
    let public = format!("{path}.pub");
    Draft::new(scene, Certainty::Certain, format!("{public} belongs to another key than {path}"), at)
        .and(scene, accepted_before(scene, &path))
        .says("ssh offered the public half that stands beside the private key, and the server knows that one; but the private key is a different one and can't sign for it.")
        .fix(quoted(scene, "see the public half that belongs to the private key", &["ssh-keygen", "-y", "-f", &path]))
        .fix(Fix::step(format!("write it to {public} and register it, or put the right private key back")))
        .done()
}

pub(super) fn missing(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    let (path, at) = session.first(|kind| match kind {
        Kind::IdentityMissing { path, reason, named: true } if !reason.contains("ermission denied") => {
            Some(path.clone())
        }
        _ => None,
    })?;
    let failed = !matches!(session.outcome, Outcome::Authenticated | Outcome::Partial);
    let windows = path.starts_with("C:Users") || path.starts_with("c:Users");
    Draft::new(scene, Certainty::Certain, format!("the key file {path} does not exist"), at)
        .severity(if failed { Severity::Error } else { Severity::Warning })
        .says(format!(
            "ssh warns once and goes on with its other keys, as if the file had not been named.{}",
            if windows { " The shell has eaten the path's backslashes: quote it, or write slashes." } else { "" }
        ))
        .fix(quoted(scene, "see what is there", &["ls", "-l", &path]))
        .fix(Fix::step("give the path from the home folder on, such as ~/.ssh/NAME; a bare name is looked for in the current folder"))
        .done()
}

pub(super) fn none(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    let over = session.outcome == Outcome::Denied || scene.refused();
    if !over || !session.offered.is_empty() || session.accepted.is_some() {
        return None;
    }
    // ssh went through its list, or says that there was nothing on it.
    let (_, at) = session
        .last(|kind| matches!(kind, Kind::TryingPrivate { .. }).then_some(()))
        .or_else(|| session.last(|kind| matches!(kind, Kind::AgentEmpty).then_some(())))
        .or_else(|| {
            session.last(|kind| matches!(kind, Kind::NextMethod { method } if method == "publickey").then_some(()))
        })?;
    let finished = session.any(|kind| matches!(kind, Kind::NoMoreMethods | Kind::Denied { .. }))
        || session.any(|kind| matches!(kind, Kind::NextMethod { method } if method != "publickey"));
    if !finished || session.any(|kind| matches!(kind, Kind::Offering { .. })) {
        return None;
    }
    let lines = session
        .events
        .iter()
        .filter(|event| matches!(event.kind, Kind::TryingPrivate { .. } | Kind::AgentEmpty | Kind::NoMoreMethods))
        .map(|event| &event.at);
    let files: Vec<_> = session
        .events
        .iter()
        .filter_map(|event| match &event.kind {
            Kind::TryingPrivate { path } => Some(path.as_str()),
            _ => None,
        })
        .collect();
    let agent = if session.any(|kind| matches!(kind, Kind::AgentEmpty)) {
        " The agent was asked and holds none.".to_owned()
    } else {
        local::agent_state(scene).unwrap_or_default()
    };
    let named = local::other_files(scene);
    let host = session.typed.as_ref().map_or(session.peer(), |typed| typed.host.as_str());
    Draft::new(scene, Certainty::Certain, "ssh had no key to offer", at)
        .and(scene, lines)
        .says(format!(
            "Nothing was offered, so the server has rejected no key. {}{agent}",
            if files.is_empty() {
                "No key file was usable.".to_owned()
            } else {
                format!("ssh looked for {} key file(s) under their usual names and could use none.", files.len())
            }
        ))
        .fixes(named.iter().take(3).map(|file| {
            quoted(
                scene,
                "this key lies there under a name that ssh does not try by itself",
                &["ssh", "-i", file, host],
            )
        }))
        .fixes(named.is_empty().then(|| Fix::command("list the keys that you have", "ls -l ~/.ssh")))
        .fixes(
            named
                .is_empty()
                .then(|| quoted(scene, "if one has another name, name it", &["ssh", "-i", "KEYFILE", host])),
        )
        .fix(Fix::command("if you have none, make one and register its public half", "ssh-keygen -t ed25519"))
        .done()
}

/// Homes in which a person's keys seldom lie.
const SERVICE_HOMES: &[&str] = &[
    "/root/",
    "/var/lib/",
    "/var/root/",
    "/nonexistent/",
    "/home/runner/",
    "/home/jenkins/",
    "/var/jenkins_home/",
    "/home/circleci/",
];

pub(super) fn other_home(scene: &Scene<'_>) -> Option<Finding> {
    if let Some(finding) = local::other_home(scene) {
        return Some(finding);
    }
    let session = scene.session();
    if session.outcome != Outcome::Denied {
        return None;
    }
    let (path, at) = session.first(|kind| match kind {
        Kind::IdentityFile { path, .. } | Kind::TryingPrivate { path } | Kind::ReadingConfig { path }
            if SERVICE_HOMES.iter().any(|home| path.starts_with(home)) =>
        {
            Some(path.clone())
        }
        _ => None,
    })?;
    let sudo = session.typed.as_ref().is_some_and(|typed| typed.sudo);
    // Who logs in as root on purpose has a prompt that says so.
    let root = session.typed.as_ref().and_then(|typed| typed.local_user.as_deref()) == Some("root");
    let any_key = session.offered.iter().any(|offer| offer.key.agent != Some(true));
    if (root || any_key) && !sudo {
        return None;
    }
    let home = SERVICE_HOMES.iter().find(|home| path.starts_with(**home))?;
    Draft::new(scene, if sudo { Certainty::Likely } else { Certainty::Possible }, format!("ssh ran as another user, whose home is {}", home.trim_end_matches('/')), at)
        .severity(Severity::Warning)
        .says("ssh looks for keys in the home of the user it runs as, as the password database has it; HOME makes no difference. Your own keys may lie elsewhere.")
        .fix(Fix::step("run the command without sudo, or as the user whose keys are registered"))
        .done()
}
