//! Logs in with one key alone, by the user's own ssh.

use std::time::Instant;

use super::place::Place;
use super::plan::Plan;
use crate::live::config::Answer;
use crate::live::destination::Destination;
use crate::live::probe::probe;
use crate::live::public_file::PublicFile;
use crate::model::{Kind, Outcome, Role};
use crate::provider;
use crate::survey::{Login, Row};

/// Logs in with one key alone, by the user's own ssh: the key signs.
pub(super) fn log_in(plan: &Plan, place: &Place, software_name: Option<&str>, row: &Row, until: Instant) -> Login {
    if Instant::now() >= until {
        return Login::Failed("there was no time left to try it".into());
    }
    // A key that an agent alone holds is named to ssh by its public half.
    let file = row.identity.key.as_ref().filter(|_| row.identity.path.is_none()).and_then(PublicFile::new);
    let Some(path) = row.identity.path.clone().or_else(|| file.as_ref().map(PublicFile::path)) else {
        return Login::Failed("the agent alone has it, and no file names it to ssh".into());
    };
    let path = &path;
    let certificate = row.identity.key.as_ref().is_some_and(|key| key.kind.ends_with("-CERT"));
    let mut args: Vec<String> = Vec::new();
    let mut push = |more: &[&str]| args.extend(more.iter().map(|word| (*word).to_owned()));
    push(&["-o", "IdentitiesOnly=yes"]);
    let private = path.strip_suffix("-cert.pub").filter(|_| certificate).unwrap_or(path);
    let beside = format!("{private}-cert.pub");
    // Without a certificate, its place is taken, so that the one beside the key is not offered.
    let beside = if certificate { beside.as_str() } else { "/dev/null" };
    push(&["-o", &format!("CertificateFile={}", quoted(beside))]);
    // The configuration's own files come after this one; keys of the agent, though, come first.
    push(&["-o", &format!("IdentityFile={}", quoted(private))]);
    if row.encrypted() == Some(false) && row.problems.is_empty() {
        push(&["-o", "IdentityAgent=none"]);
    }
    args.extend(plan.common.iter().cloned());
    args.extend(place.named.options.iter().cloned());
    // An account called git has a greeting and no shell; elsewhere nothing is run after the login.
    let software = software_name.and_then(provider::by_software).is_some();
    let git = provider::by_host(&place.named.typed.host).is_some();
    let role = match git || software || place.facts.option("user") == Some("git") {
        true => Role::Vcs,
        false => Role::Other,
    };
    let mut command = place.named.typed.clone();
    // What is typed for this host is among the words already.
    command.options.clear();
    command.user = command.user.or_else(|| place.facts.option("user").map(str::to_owned));
    let target = Destination::new(role, command, &args);
    let answer = Answer { options: place.facts.config.clone(), said: String::new(), late: false };
    let deadline = (Instant::now() + plan.timeout).min(until);
    let logs = match probe(&plan.ssh, &target, &answer, deadline.into(), &|_| {}) {
        Ok(logs) => logs,
        Err(failure) => return Login::Failed(failure.to_string()),
    };
    let session = logs.last().and_then(|log| log.sessions.last());
    let Some(session) = session else {
        return Login::Failed("ssh said nothing that can be read".into());
    };
    let print = row.identity.key.as_ref().map(|key| key.fingerprint.as_str());
    let by = session.accepted.as_ref().and_then(|accepted| accepted.key.fingerprint.as_deref());
    match session.outcome {
        Outcome::Authenticated if by.is_some() && by != print => {
            Login::Failed("another key of the configuration was taken first".into())
        }
        Outcome::Authenticated => match &session.login {
            Some(login) => Login::As(login.clone()),
            None => Login::Unnamed,
        },
        Outcome::Partial => Login::Failed("the host wants more than the key".into()),
        _ if row.encrypted() == Some(true) && !row.identity.in_agent => {
            Login::Failed("its passphrase is not known to the agent".into())
        }
        _ if session.any(|kind| matches!(kind, Kind::GaveUp { .. })) => {
            Login::Failed("the login did not come to an end in time".into())
        }
        _ => Login::Failed("the login failed".into()),
    }
}

/// A file's name as ssh's options take it.
fn quoted(path: &str) -> String {
    let plain = path.replace('%', "%%");
    match plain.contains([' ', '"', '#']) {
        true => format!("\"{plain}\""),
        false => plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_for_options() {
        assert_eq!(quoted("/a/b"), "/a/b");
        assert_eq!(quoted("/a b%"), "\"/a b%%\"");
    }
}
