//! The server said the key is fine, and then refused the login all the same.

use crate::model::{Certainty, Change, Finding, Fix, Kind, Outcome, Reply};
use crate::rules::draft::Draft;
use crate::rules::rule::{Rule, Stage};
use crate::rules::scene::Scene;
use crate::rules::server::open;

pub(in crate::rules) const RULE: Rule = Rule {
    reasons: &["pam-account"],
    served: Some(open::taken),
    explains: &["key-rejected"],
    check: Some(check),
    of_the_end: true,
    ..Rule::of(
        "accepted-then-denied",
        Stage::Authentication,
        include_str!("../../../docs/causes/accepted-then-denied.md"),
    )
};

fn check(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    if let Some((text, at, certainty)) = scene.turned_away() {
        let peer = session.peer();
        let (title, says, fixes) = if session.any(|kind| *kind == Kind::TailnetRefused) {
            (
                format!("{peer} refuses the login: the tailnet's policy does not permit it"),
                "Tailscale's own SSH server answered, and no sshd. It looks at no key: the `ssh` section of the tailnet's access \
                 controls says who may log in to which machine as which user, and no rule of it permits this.",
                vec![
                    Fix::step(
                        "in the tailnet's access controls, add an ssh rule for this user, this machine and this account",
                    ),
                    Fix::step(
                        "or turn Tailscale SSH off on the server (tailscale set --ssh=false), and sshd answers again",
                    ),
                ],
            )
        } else if session.any(|kind| *kind == Kind::PasswordExpired) {
            (
                format!("{peer} wants a new password for the account before anything else"),
                "No key is at fault. The password of the account has expired, and sshd gives no session before it is changed, however \
                 the login was made. Without a terminal there is no way to change it, and the login ends.",
                vec![
                    Fix::attempt("log in with a terminal and set a new password", Change::none().flags(&["-t"])),
                    Fix::step("or have the server's administrator renew it: sudo passwd USER, or sudo chage -d \"$(date +%F)\" USER, which keeps it").on_server(),
                ],
            )
        } else {
            let title = match text.contains("session token") {
                true => "the session behind this token is over".to_owned(),
                false => format!("{peer} refuses the account: {text}"),
            };
            (
                title,
                match session.accepted.is_some() || session.outcome == Outcome::Authenticated {
                    true => {
                        "The key is right. The server refuses the account behind it: expired, locked, or without a shell."
                    }
                    false => {
                        "The server says so by itself, and no key is at fault: the account is expired, locked, or without a shell."
                    }
                },
                vec![Fix::step("ask the server's administrator about the account")],
            )
        };
        return Draft::new(scene, certainty, title, at)
            .and(scene, session.accepted.iter().map(|accepted| &accepted.at))
            .says(says)
            .fixes(fixes)
            .done();
    }
    if session.outcome == Outcome::Authenticated || session.outcome == Outcome::Partial {
        return None;
    }
    let accepted = session.accepted.as_ref()?;
    let offer = session.offered.iter().rfind(|offer| offer.reply() == Reply::Accepted)?;
    let dropped = session.outcome == Outcome::Disconnected
        && !session.lacks_keys()
        && !session.any(|kind| {
            matches!(kind, Kind::AgentRefused { .. } | Kind::SigningFailed { .. } | Kind::PublicMismatch { .. })
        });
    // Another client signs as soon as it has the yes, or says why it could not.
    let signed = scene.is_foreign() && scene.ended(Outcome::Denied) && offer.passed_over_in_silence().is_some();
    let at = match (offer.then_refused(), dropped || signed) {
        (Some(at), _) => at,
        (None, true) => session.end.as_ref()?,
        (None, false) => return None,
    };
    // A client that shows no list of the server's after the refusal shows a missing second factor in the same way.
    let listed =
        session.events.iter().any(|event| event.at.line >= at.line && matches!(event.kind, Kind::Methods { .. }));
    let blind = scene.is_foreign() && (session.methods_left.is_none() || !dropped && !listed);
    let certainty = if blind { Certainty::Likely } else { Certainty::Certain };
    let old = session.openssh().is_some_and(|release| release <= (7, 5));
    Draft::new(scene, certainty, format!("{} accepted {} and then refused the login", session.peer(), offer.key.name()), &accepted.at)
        .and(scene, [at])
        .and(scene, session.end.iter())
        .says(format!(
            "The key is known to the server. What it refused is the signature or the account behind it: a locked or expired account, PAM, \
             PermitRootLogin no, or a login that may not come from here.{}",
            if old {
                " With a client as old as this, a .pub file beside another private key looks the same."
            } else if blind {
                " Or it took the signature and wants a second factor, for no list of methods follows; or the public half that \
                 was offered is another key's."
            } else {
                ""
            }
        ))
        .fix(Fix::step("ask for the server's log: it names the reason, the client's does not"))
        .fixes(old.then(|| offer.key.path.as_deref().map(|path| Fix::run("check that the .pub file belongs to the key", &["ssh-keygen", "-y", "-f", path]))).flatten())
        .done()
}
