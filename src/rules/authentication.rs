//! The server's rules: users, methods, factors, and servers that say yes to anybody.

use super::draft::quoted;
use super::{Draft, Scene};
use crate::model::{Certainty, Finding, Fix, Kind, Outcome, Reply, Severity};
use crate::provider;

pub(super) fn partial_success(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    if !scene.ended(Outcome::Partial) {
        return None;
    }
    let (_, at) = session.last(|kind| matches!(kind, Kind::Partial { .. }).then_some(()))?;
    let left = session.methods_left.as_ref().map(|list| list.join(" or ")).unwrap_or_else(|| "another method".into());
    Draft::new(scene, Certainty::Certain, format!("the key is right, and the server still wants {left}"), at)
        .and(scene, session.accepted.iter().map(|accepted| &accepted.at))
        .and(scene, session.end.iter())
        .says("The server asks for more than one factor. The first was accepted; the next was not given, could not be asked for, or was refused.")
        .fix(Fix::step("run ssh from a terminal, without BatchMode, and answer its question"))
        .fix(Fix::step("where the next factor is another key, name it with a second -i"))
        .done()
}

pub(super) fn wrong_user(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    if !(session.outcome == Outcome::Denied || scene.refused()) || session.accepted.is_some() {
        return None;
    }
    let provider = provider::named(session)?;
    let user = session.user.as_deref()?;
    if provider.takes_user(user)? {
        return None;
    }
    let (_, at) = session
        .first(|kind| match kind {
            Kind::Authenticating { user: named, .. } if named == user => Some(()),
            Kind::Denied { user: Some(named), .. } if named == user => Some(()),
            _ => None,
        })
        .or_else(|| {
            session.first(|kind| matches!(kind, Kind::Connecting { .. } | Kind::Denied { .. }).then_some(()))
        })?;
    let right = provider.users.first()?;
    let host = session.host.as_deref()?;
    Draft::new(scene, Certainty::Certain, format!("{} is asked for as {user}; it takes {right} only", provider.name), at)
        .and(scene, session.end.iter())
        .says(format!("{} knows you by your key and not by a name. With any other user than {right} it refuses every key, the right one too.", provider.name))
        .fix(quoted(scene, "log in as the right user", &["ssh", "-T", &format!("{right}@{host}")]))
        .fix(Fix::step(format!("in a repository, set the remote to {right}@{host}:OWNER/REPOSITORY.git")))
        .done()
}

pub(super) fn wrong_host(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    if session.outcome == Outcome::Authenticated {
        return None;
    }
    let host = session.host.as_deref()?;
    let meant = provider::mistaken(host);
    let stranger = provider::by_host(host).filter(|provider| {
        let software = session.server_software.as_deref().unwrap_or_default();
        let theirs =
            ["dropbear", "ROSSSH", "Cisco", "OpenSSH_for_Windows"].iter().any(|name| software.starts_with(name));
        provider.id == "github" && (theirs || software.starts_with("OpenSSH_"))
    });
    let (_, at) = session.first(|kind| match kind {
        Kind::RemoteSoftware { .. } if stranger.is_some() => Some(()),
        Kind::Connecting { .. } | Kind::Authenticating { .. } | Kind::Denied { .. } | Kind::ConnectFailed { .. }
            if meant.is_some() =>
        {
            Some(())
        }
        _ => None,
    })?;
    let (title, says, right) = match (meant, stranger) {
        (Some(provider), _) => (
            format!("{host} is not {}'s git host", provider.name),
            "The name leads to another machine, which knows nothing of your keys.".to_owned(),
            provider.hosts.first().copied().unwrap_or_default(),
        ),
        (None, Some(provider)) => (
            format!("what answers as {host} is not {}", provider.name),
            format!(
                "The server calls itself {}, which {} does not use: a proxy, a hosts entry or a captive network answers in its place.",
                session.server_software.as_deref().unwrap_or_default(),
                provider.name
            ),
            host,
        ),
        (None, None) => return None,
    };
    Draft::new(scene, Certainty::Likely, title, at)
        .says(says)
        .fix(Fix::step(format!("use {right}, and compare the host key's fingerprint with the published one")))
        .done()
}

pub(super) fn method_unavailable(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    if !matches!(session.outcome, Outcome::Denied | Outcome::Disconnected | Outcome::Unknown) {
        return None;
    }
    let methods = session.methods_first.as_ref().or(session.methods_left.as_ref())?;
    if methods.iter().any(|method| method == "publickey") || !session.offered.is_empty() || session.accepted.is_some() {
        return None;
    }
    let (_, at) = session.first(|kind| matches!(kind, Kind::Methods { .. } | Kind::Denied { .. }).then_some(()))?;
    let list = methods.join(", ");
    Draft::new(scene, Certainty::Certain, format!("{} takes no public keys", session.peer()), at)
        .and(scene, session.end.iter())
        .says(format!("The server's list of methods is: {list}. No key can open it as it is set up, or this is not the server that you mean."))
        .fix(Fix::step("check host and port; on your own server, set PubkeyAuthentication yes"))
        .done()
}

/// Servers that answer every query with yes.
const YEA_SAYERS: &[&str] = &["tmate", "tinyssh", "SSHBlackbox"];

pub(super) fn accepts_any(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    let software = session.server_software.as_deref().unwrap_or_default();
    let says_yes = YEA_SAYERS.iter().any(|name| software.starts_with(name))
        || provider::of(session).is_some_and(|provider| provider.accepts_any);
    let accepted = session.accepted.as_ref();
    let anonymous = session.first(|kind| {
        matches!(kind, Kind::Greeting(greeting) if greeting.anonymous && greeting.provider == "hugging-face")
            .then_some(())
    });
    if !says_yes || accepted.is_none() && anonymous.is_none() {
        return None;
    }
    let then_refused = session.offered.iter().find_map(|offer| offer.then_refused());
    let at = anonymous.map(|(_, at)| at).or(accepted.map(|accepted| &accepted.at))?;
    let draft = Draft::new(
        scene,
        Certainty::Certain,
        format!("{} says yes to any key, so its yes proves nothing", session.peer()),
        at,
    )
    .and(scene, then_refused);
    // As a failure it is the keys' refusal; as a success it is a warning beside it.
    let failed = session.outcome == Outcome::Denied && then_refused.is_some();
    if failed {
        return draft
            .says("This server accepts every query and checks the key only with the signature, which it then refused: none of the keys is known to it.")
            .fix(Fix::step("find out whose keys it takes, and offer one of them with -i and IdentitiesOnly=yes"))
            .done();
    }
    draft
        .severity(Severity::Note)
        .says("This server accepts the first key that it is offered, whoever's it is, and looks at it only when a repository is asked for. The accepted key may not be the registered one.")
        .fix(Fix::step("offer the registered key first, with -i KEY and IdentitiesOnly=yes"))
        .done()
}

pub(super) fn accepted_then_denied(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    // An account that may not run a shell is refused after the login.
    if let Some((text, at)) = session.last(|kind| match kind {
        Kind::AccountRefused { text } => Some(text.as_str()),
        _ => None,
    }) {
        let over = text.contains("session token");
        return Draft::new(
            scene,
            Certainty::Certain,
            if over {
                "the session behind this token is over".to_owned()
            } else {
                format!("{} refuses the account: {text}", session.peer())
            },
            at,
        )
        .and(scene, session.accepted.iter().map(|accepted| &accepted.at))
        .says("The key is right. The server refuses the account behind it: expired, locked, or without a shell.")
        .fix(Fix::step("ask the server's administrator about the account"))
        .done();
    }
    if session.outcome == Outcome::Authenticated || session.outcome == Outcome::Partial {
        return None;
    }
    let accepted = session.accepted.as_ref()?;
    let offer = session.offered.iter().rfind(|offer| offer.reply() == Reply::Accepted)?;
    let dropped = session.outcome == Outcome::Disconnected
        && !session.any(|kind| {
            matches!(kind, Kind::AgentRefused { .. } | Kind::SigningFailed { .. } | Kind::PublicMismatch { .. })
        });
    let at = match (offer.then_refused(), dropped) {
        (Some(at), _) => at,
        (None, true) => session.end.as_ref()?,
        (None, false) => return None,
    };
    let old = session.openssh().is_some_and(|release| release <= (7, 5));
    Draft::new(scene, Certainty::Certain, format!("{} accepted {} and then refused the login", session.peer(), offer.key.name()), &accepted.at)
        .and(scene, [at])
        .and(scene, session.end.iter())
        .says(format!(
            "The key is known to the server. What it refused is the signature or the account behind it: a locked or expired account, PAM, \
             PermitRootLogin no, or a login that may not come from here.{}",
            if old { " With a client as old as this, a .pub file beside another private key looks the same." } else { "" }
        ))
        .fix(Fix::step("ask for the server's log: it names the reason, the client's does not"))
        .fixes(old.then(|| offer.key.path.as_deref().map(|path| quoted(scene, "check that the .pub file belongs to the key", &["ssh-keygen", "-y", "-f", path]))).flatten())
        .done()
}
