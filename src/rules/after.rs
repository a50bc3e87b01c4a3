//! After a login, and what can be said when nothing else can.

use super::draft::quoted;
use super::{Draft, Scene, local};
use crate::model::{At, Certainty, Fate, Finding, Fix, Kind, Outcome, Role, Severity};
use crate::provider;

fn repository_refused<'a>(scene: &Scene<'a>) -> Option<(&'a str, Option<&'a str>, &'a At)> {
    scene.session().events.iter().find_map(|event| match &event.kind {
        Kind::RepositoryRefused { text, account } => Some((text.as_str(), account.as_deref(), &event.at)),
        _ => None,
    })
}

/// `Permission to OWNER/REPO denied to NAME`: the key is NAME's, and NAME was not meant. Or the other log shows
/// another key that the same host takes, and this one's account may not see the repository.
pub(super) fn wrong_account(scene: &Scene<'_>) -> Option<Finding> {
    if let Some(finding) = local::account(scene) {
        return Some(finding);
    }
    let (_, account, at) = repository_refused(scene)?;
    let session = scene.session();
    let key = session.accepted.as_ref();
    let Some(account) = account.filter(|name| *name != "deploy key" && !name.contains('/')) else {
        let other = scene
            .case
            .compared(scene.entry.id())
            .find(|comparison| comparison.fate == Fate::NeverOffered && comparison.proven)?;
        let (vcs, wanted) = (scene.case.session(other.vcs)?, other.key.as_ref()?);
        if vcs.session.peer() != session.peer() {
            return None;
        }
        return Draft::new(scene, Certainty::Likely, format!("{} was taken first; the repository is open to the account behind {}", key?.key.name(), wanted.name()), at)
            .and(scene, key.map(|accepted| &accepted.at))
            .and_of(vcs.source, vcs.session.accepted.iter().map(|accepted| &accepted.at))
            .says("The first key that the host knows decides the account. Here that was another one than in the log that works.")
            .fix(two_accounts(scene))
            .done();
    };
    Draft::new(scene, Certainty::Likely, format!("the key belongs to the account {account}, which may not do this"), at)
        .and(scene, key.map(|accepted| &accepted.at))
        .says(format!(
            "The login worked, as {account}. The first key that the host knows decides the account, so if another account was meant, its key \
             must come first."
        ))
        .fix(Fix::step(format!("if {account} is right, ask for access to the repository")))
        .fix(two_accounts(scene))
        .done()
}

fn two_accounts(scene: &Scene<'_>) -> Fix {
    let host = scene.session().host.as_deref().unwrap_or("github.com");
    Fix::config(
        "for another account, give the host a second name with its own key, and use that name in the remote's address",
        format!(
            "Host {host}-other\n    HostName {host}\n    User git\n    IdentityFile ~/.ssh/KEY_OF_THE_OTHER_ACCOUNT\n    IdentitiesOnly yes"
        ),
    )
}

pub(super) fn repo_access(scene: &Scene<'_>) -> Option<Finding> {
    let (text, _, at) = repository_refused(scene)?;
    let session = scene.session();
    let sso = text.contains("SAML SSO");
    let short = text.trim_start_matches("remote:").trim().trim_start_matches("ERROR:").trim().trim_end_matches('.');
    let fixes = if sso {
        vec![Fix::step("authorise the key for the organisation: https://github.com/settings/keys, Configure SSO")]
    } else {
        vec![Fix::step("check the repository's name and that the account has access to it"), two_accounts(scene)]
    };
    Draft::new(scene, Certainty::Certain, format!("the login worked; the repository is refused: {short}"), at)
        .and(scene, session.accepted.iter().map(|accepted| &accepted.at))
        .and(scene, session.end.iter())
        .says("SSH is in order. The host knows the key, and says that its account may not use this repository, or that there is none of this name; it does not tell which.")
        .fixes(fixes)
        .done()
}

pub(super) fn deploy_key(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    let refused =
        repository_refused(scene).filter(|(text, ..)| text.contains("deploy key") || text.contains("Deploy keys"));
    let greeted = session.first(|kind| match kind {
        Kind::Greeting(greeting) if greeting.deploy => Some(greeting.login.clone()),
        _ => None,
    });
    let (login, at) = match (refused, greeted) {
        (Some((_, _, at)), _) => (None, at),
        (None, Some((login, at))) => (login, at),
        (None, None) => return None,
    };
    let whose = login.map_or_else(|| "one repository".to_owned(), |name| format!("the repository {name}"));
    Draft::new(scene, Certainty::Certain, format!("the key is a deploy key of {whose}, not a person's"), at)
        .severity(if local::deploy_is_wrong(scene) { Severity::Error } else { Severity::Warning })
        .and(scene, session.accepted.iter().map(|accepted| &accepted.at))
        .says("A deploy key opens one repository, and names no account. A CI host that takes the keys of the person who started a rerun does not take it.")
        .fix(Fix::step("use the key that is registered with your own account, with -i and IdentitiesOnly=yes"))
        .done()
}

/// A CI host that is gone or another one: its port refuses, is silent, or shows another key.
pub(super) fn ci_session_over(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    let ci = session.role == Role::Ci
        || session.typed.as_ref().is_some_and(|typed| typed.port.is_some_and(|port| port > 50000));
    let gone = session.first(|kind| match kind {
        Kind::ConnectFailed { reason, .. } if reason.contains("refused") || reason.contains("timed out") => Some(()),
        Kind::HostKeyChanged { .. } => Some(()),
        Kind::AccountRefused { text } if text.contains("session token") => Some(()),
        _ => None,
    });
    let token = session.any(|kind| matches!(kind, Kind::AccountRefused { text } if text.contains("session token")));
    // A CI job's port is a high one; of a host that was named as one, any but ssh's own.
    let named = session.typed.as_ref().is_some_and(|typed| typed.own) && session.role == Role::Ci;
    let port = session.port.is_some_and(|port| port > 50000 || named && port != 22);
    let (_, at) = gone.filter(|_| token || ci && port)?;
    Draft::new(scene, if token { Certainty::Certain } else { Certainty::Possible }, "the CI job behind this address may be over", at)
        .severity(if token { Severity::Error } else { Severity::Warning })
        .says("A CI job's SSH server lives only as long as the job: on CircleCI ten minutes unused, an hour or two in use. After that the port is closed, or belongs to another job.")
        .fix(Fix::step("rerun the job with SSH, and use the command that it prints now"))
        .done()
}

pub(super) fn authenticated(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    if !scene.ended(Outcome::Authenticated) {
        return None;
    }
    let greeting = session.first(|kind| matches!(kind, Kind::Greeting(_)).then_some(()));
    let at = session.end.as_ref().or(greeting.map(|(_, at)| at))?;
    let key = session.accepted.as_ref().map(|accepted| format!(" with {}", accepted.key.name())).unwrap_or_default();
    let who = session.login.as_ref().map(|login| format!(" as {login}")).unwrap_or_default();
    let by = match session.method.as_deref() {
        Some(method) if method != "publickey" => format!(" by {method}, not by a key"),
        _ => String::new(),
    };
    Draft::new(scene, Certainty::Certain, format!("logged in to {}{who}{key}{by}", session.peer()), at)
        .severity(Severity::Note)
        .and(scene, session.accepted.iter().map(|accepted| &accepted.at))
        .and(scene, greeting.map(|(_, at)| at))
        .says(match (&session.login, provider::of(session)) {
            (None, Some(provider)) => format!("{} does not say whose key it is.", provider.name),
            _ => String::new(),
        })
        .done()
}

pub(super) fn unknown(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    let at = session.end.as_ref().or_else(|| session.events.last().map(|event| &event.at))?;
    let peer = session.peer();
    let host = session.typed.as_ref().map_or(peer, |typed| typed.host.as_str());
    let destination = session.user.as_deref().map_or_else(|| host.to_owned(), |user| format!("{user}@{host}"));
    let port = session.port.filter(|port| *port != 22).map(|port| port.to_string());
    let mut words = vec!["ssh", "-v", "-o", "ControlPath=none"];
    if let Some(port) = &port {
        words.extend(["-p", port]);
    }
    words.push(&destination);
    let missing = if !session.verbose() {
        "It was made without -v, so it does not say which keys were offered."
    } else if session.outcome == Outcome::Unknown {
        "It stops before the end."
    } else {
        "The lines that would decide are not in it."
    };
    let safe = crate::suggest::command(session, &crate::suggest::Change::default()).is_ok();
    let draft = Draft::new(scene, Certainty::Certain, format!("the log does not tell what happened with {peer}"), at)
        .severity(Severity::Warning)
        .says(format!("This is all that could be read. {missing}"));
    if safe {
        draft.fix(quoted(scene, "make a whole log, and give that", &words))
    } else {
        draft.fix(Fix::step("make a whole log with ssh -v, and give that"))
    }
    .done()
}
