//! The server does not accept any of the keys that you offered.

use crate::model::{Capability, Certainty, Change, Fate, Finding, Fix, Kind, Offer, Outcome, Reply, Role, Severity};
use crate::provider;
use crate::rules::draft::Draft;
use crate::rules::here;
use crate::rules::identities::files;
use crate::rules::offers::account;
use crate::rules::offers::keys::{compared, count, digests, other_client, refused_offers};
use crate::rules::rule::{Rule, Stage};
use crate::rules::scene::Scene;
use crate::rules::server::open;

pub(in crate::rules) const RULE: Rule = Rule {
    served: Some(open::refused),
    check: Some(check),
    of_the_end: true,
    capabilities: &[Capability::DefaultFiles, Capability::Order, Capability::RsaSha2, Capability::NamingAKey],
    ..Rule::of("key-rejected", Stage::Offers, include_str!("../../../docs/causes/key-rejected.md"))
};

/// Offers that are quoted beside the first, so that there is room for how it ended.
const QUOTED: usize = 5;

/// What can be done at a host that takes its keys from an account.
const CI_KEYS: &str = "rerun the job from the account that has this key: the host takes the keys that the account had when the job started";

fn check(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    let otherwise = scene.let_in_otherwise();
    if !scene.refused() && !otherwise || session.accepted.is_some() {
        return None;
    }
    let refused: Vec<&Offer> = session.offered.iter().filter(|offer| !offer.withheld()).collect();
    let answered = refused_offers(&session.offered) > 0;
    // The connection or the log ended with it.
    let cut = scene.ended(Outcome::Disconnected) || scene.ended(Outcome::Unknown);
    let (refused, unasked): (Vec<&Offer>, Vec<&Offer>) =
        refused.into_iter().partition(|offer| !answered || !cut || offer.reply() != Reply::Unanswered);
    let lost = unasked.first().filter(|_| scene.ended(Outcome::Disconnected));
    let Some(first) = refused.first() else { return unnamed(scene).or_else(|| of_last_try(scene)) };
    let closed = otherwise
        || session.any(|kind| matches!(kind, Kind::Denied { .. } | Kind::NoMoreMethods) || kind.is_other_method());
    if !answered && !closed {
        return None;
    }
    let comparison = compared(scene).filter(|comparison| comparison.fate == Fate::Refused);
    let provider = provider::of(session);
    let names: Vec<_> = refused.iter().take(3).map(|offer| offer.key.name()).collect();
    let unnamed = refused.iter().all(|offer| !offer.key.is_named());
    let title = match (refused.len(), session.peer()) {
        (1, peer) if unnamed => format!("{peer} does not take the key that was offered"),
        (1, peer) => format!("{peer} does not take {}", names[0]),
        (number, peer) => format!("{peer} takes none of the {number} keys that were offered"),
    };
    let mut says = format!(
        "Offered and refused: {}{}. {}",
        if unnamed { count(refused.len(), "key") + ", which the log does not name" } else { names.join(", ") },
        if refused.len() > 3 && !unnamed { ", …" } else { "" },
        unknown(scene, refused.len())
    );
    // A client that keeps the server's lists to itself may have asked for what the server does not do at all.
    let blind = scene.is_foreign() && session.methods_left.is_none();
    if blind {
        says.push_str(
            " This log shows no list of methods: a server that takes no keys at all answers in the same way.",
        );
    }
    let other = comparison.and_then(|comparison| other_client(scene, comparison));
    if let Some(other) = other {
        says = format!(
            "{} offered {} and was refused. {other} logs in there with {}: what differs is the user, the signature's \
             algorithm, a certificate beside the key, or where this client comes from.",
            scene.client(),
            names.join(", "),
            if comparison.is_some_and(|comparison| comparison.proven) {
                "the same key, so the server knows it"
            } else {
                "a key of the same file, so the server seems to know it"
            }
        );
    } else if let Some(vcs) = comparison.and_then(|comparison| scene.case.session(comparison.vcs)) {
        says.push_str(&match session.same_place(vcs.session) {
            true => " The other log shows that the same host took it: what it takes has changed, or another account was asked for.".to_owned(),
            false => format!(" The same key opens {}.", vcs.session.peer()),
        });
    }
    let leak = here::user_line(scene).filter(|line| matches!(session.role, Role::Ci | Role::Vcs) && !line.own_block);
    if let (Some(line), Some(user)) = (leak, session.user.as_deref()) {
        says.push_str(&format!(
            " The command names no user: ssh went there as {user} by line {} of {}, which is about other hosts, too.",
            line.line, line.file
        ));
    }
    says.push_str(digests(scene).unwrap_or_default());
    says.push_str(&account::tells(scene).unwrap_or_default());
    // Among the lines that were left out may be the key that matters.
    let certainty =
        if blind || other.is_some() || session.lacks_keys() { Certainty::Likely } else { Certainty::Certain };
    let mut draft = Draft::new(scene, certainty, title, &first.at)
        .severity(if otherwise { Severity::Warning } else { Severity::Error })
        .and(scene, refused.iter().skip(1).take(QUOTED).map(|offer| &offer.at))
        .and(scene, session.end.iter())
        .says(says)
        .fixes(lost.map(|offer| {
            Fix::step(format!("give {} alone: the connection ended with it, before an answer", offer.key.name()))
        }))
        .fixes(account::other_key(scene));
    if let Some(line) = leak {
        draft = draft.config(line).fixes(by_usual_name(scene));
    }
    let path = refused.iter().find_map(|offer| offer.key.file());
    if session.role != Role::Ci {
        if let Some(page) = provider.and_then(|provider| provider.keys_page) {
            draft = draft.fix(Fix::visit("compare the fingerprint with the account's keys", page));
        }
        if let Some(path) = path {
            draft = draft.fix(files::public_half(path));
        }
    }
    if scene.is_ci_host() {
        draft = draft.fix(Fix::step(CI_KEYS));
    } else if provider.is_none() {
        draft = draft.fix(Fix::step("check the user name, and on the server ~/.ssh/authorized_keys and its log"));
    }
    draft.fixes(here::ask_with_others(scene)).done()
}

/// What the server makes of the keys, as far as it can be told from here.
fn unknown(scene: &Scene<'_>, count: usize) -> String {
    let place = scene.entry.id();
    if scene.case.joins.iter().any(|join| join.client == place && join.certainty > Certainty::Possible) {
        return "The server's own log, which lies beside, has its side of it.".to_owned();
    }
    let them = if count == 1 { "the key" } else { "them" };
    let why = match scene.case.transcripts.get(place.0).is_some_and(|log| log.server.is_some()) {
        true => {
            "would stand in its own log: lines like such a log's stand here among the client's, where a server may have sent them"
        }
        false => "the log can't show",
    };
    format!(
        "Mostly the server does not know {them} for this user; it may also refuse an algorithm, even one that it announces \
         (PubkeyAcceptedAlgorithms). Which it is, {why}."
    )
}

/// The command with the name that ssh would take by itself, who runs it; at a git host with the one that most have.
fn by_usual_name(scene: &Scene<'_>) -> Option<Fix> {
    let by = |title: &str, user: String| Fix::rerun(title, Change { user: Some(user), ..Change::none() });
    match scene.session().role {
        Role::Vcs => Some(by("log in as git, as at most git hosts", "git".to_owned())),
        _ => Some(by("log in by the name that you have here", scene.case.facts.local_user.clone()?)),
    }
}

/// A client that names no key, and says that it asked with one.
fn unnamed(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    let told = session.last(|kind| match kind {
        Kind::Attempted { methods } => methods.iter().any(|method| method == "publickey").then_some(()),
        _ => None,
    });
    let Some((_, at)) = told else { return given(scene) };
    // Where offers would be shown, there were none.
    if session.verbose() {
        return None;
    }
    Draft::new(scene, Certainty::Likely, format!("{} took no key that {} has", session.peer(), scene.client()), at)
        .says(
            "It says that it tried publickey, and not with which keys. The words are the same where it had none to offer: an \
             empty agent, for one. Mostly the key is not registered for this user on the server.",
        )
        .fix(Fix::step(if scene.is_ci_host() { CI_KEYS } else { "on the server, look into ~/.ssh/authorized_keys of the user that was asked for, and into the log: it names each key that was refused" }))
        .done()
}

/// A client that tried a file as one type of key after another, and tells of the last alone.
fn of_last_try(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    let (reason, at) = session.last(|kind| match kind {
        Kind::LoadKeyFailed { path, reason, public: false } if path.is_empty() => Some(reason.as_str()),
        _ => None,
    })?;
    if !scene.is_foreign() || session.verbose() || !files::is_of_last_try(reason) {
        return None;
    }
    let client = scene.client();
    Draft::new(scene, Certainty::Likely, format!("{} took no key that {client} has", session.peer()), at)
        .says(format!(
            "{client} tries a file as RSA, ECDSA and Ed25519 in turn, and shows the last error alone ({reason}). So this is mostly \
             an RSA or ECDSA key that was read, offered and refused; it may also be one whose passphrase is missing, or that is damaged."
        ))
        .fix(Fix::step("see whether the file opens without a passphrase: ssh-keygen -y -P '' -f FILE; if so, look for that line in authorized_keys"))
        .done()
}

/// A library that asks its program for a credential, and asked once more.
fn given(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    let at = session.asked_again()?;
    let only_keys = session.methods_left.as_ref()?.iter().all(|method| method == "publickey");
    only_keys.then_some(())?;
    Draft::new(scene, Certainty::Likely, format!("{} did not take what the program gave as its key", session.peer()), at)
        .and(scene, session.end.iter())
        .says(
            "The program was asked for a key, and then once more: the first one let nobody in. Mostly it is not registered for \
             this user on the server; an agent that does not answer and a passphrase that is missing look the same here.",
        )
        .fix(Fix::step("on the server, look into the log: it names each key that was refused, and is silent where none came"))
        .done()
}
