//! ssh found no key to offer.

use crate::model::{At, Capability, Certainty, Change, Fact, Finding, Fix, Kind, Outcome, Session, Severity};
use crate::rules::draft::Draft;
use crate::rules::here;
use crate::rules::offers::account;
use crate::rules::rule::{Rule, Stage};
use crate::rules::scene::Scene;

pub(in crate::rules) const RULE: Rule = Rule {
    check: Some(check),
    of_the_end: true,
    of_the_beginning: true,
    capabilities: &[Capability::Agent, Capability::DefaultFiles, Capability::NamingAKey, Capability::LoggingMore],
    ..Rule::of("no-identity", Stage::Identities, include_str!("../../../docs/causes/no-identity.md"))
};

fn check(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    if !session.verbose() && !scene.is_foreign() {
        return emptied(scene);
    }
    let otherwise = scene.let_in_otherwise();
    let nothing = session.first(|kind| matches!(kind, Kind::Attempted { methods } if methods.is_empty()).then_some(()));
    // The agent was gone through, and no key of its was put to the server.
    let asked = session.last(|kind| matches!(kind, Kind::NextKey { agent: true, .. }).then_some(()));
    let emptied = session.last(|kind| matches!(kind, Kind::AgentEmpty).then_some(()));
    let alone = scene.is_foreign() && scene.ended(Outcome::ClientError) && emptied.is_some();
    let over = scene.refused() || otherwise || nothing.is_some() || alone;
    if !over || !session.offered.is_empty() || session.accepted.is_some() || session.lacks_keys() {
        return None;
    }
    // A client may go on to its keys whatever the server's list says.
    if scene.is_foreign()
        && session.methods_first.as_ref().is_some_and(|list| !list.iter().any(|method| method == "publickey"))
    {
        return None;
    }
    // ssh went through its list, or says that there was nothing on it.
    let told = session
        .last(|kind| matches!(kind, Kind::TryingPrivate { .. }).then_some(()))
        .or_else(|| session.last(|kind| matches!(kind, Kind::AgentEmpty).then_some(())))
        .or(nothing)
        .or(asked)
        .or_else(|| {
            // A client that goes on to the method with keys or without tells nothing by it.
            let told = session.author.tells_offers && !session.any(|kind| matches!(kind, Kind::MethodsKept));
            session
                .last(|kind| matches!(kind, Kind::NextMethod { method } if told && method == "publickey").then_some(()))
        })
        .map(|((), at)| (Certainty::Certain, at));
    let (certainty, at) = match told.or_else(|| nothing_asked(scene)) {
        // A program may give nothing on purpose, where the server takes no key.
        Some((_, at)) if at.text.contains("no callback") => (Certainty::Likely, at),
        Some(told) => told,
        None => (Certainty::Likely, silent(scene)?),
    };
    let finished = nothing.is_some()
        || alone
        || session.any(|kind| matches!(kind, Kind::Requested)) && scene.ended(Outcome::Denied)
        || session.any(|kind| matches!(kind, Kind::NoMoreMethods | Kind::Denied { .. }))
        || session.any(Kind::is_other_method);
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
        " The agent was asked and holds none, or is locked.".to_owned()
    } else {
        agent_state(scene).unwrap_or_default()
    };
    let named = other_files(scene);
    // A key that ssh planned to offer, and never did: lines are missing.
    let planned = session.any(|kind| matches!(kind, Kind::Planned { key, .. } if key.fingerprint.is_some()));
    let certainty = if session.shows_first_key() && !planned { certainty } else { Certainty::Likely };
    Draft::new(scene, certainty, format!("{} had no key to offer", scene.client()), at)
        .severity(if otherwise { Severity::Warning } else { Severity::Error })
        .and(scene, lines)
        .says(format!(
            "Nothing was offered, so the server has rejected no key. {}{agent}{}",
            if files.is_empty() && scene.is_foreign() && passed_over(session).is_some() {
                "Where the program that uses it gives it a key, or an agent, and leaves publickey in its list of methods, it \
                 asks with that first."
                    .to_owned()
            } else if files.is_empty() {
                "No key file was usable.".to_owned()
            } else {
                format!(
                    "{} looked for {} key file(s) under their usual names and could use none.",
                    scene.client(),
                    files.len()
                )
            },
            account::tells(scene).unwrap_or_default()
        ))
        .fixes(account::other_key(scene))
        .fixes(switched_off(scene).map(|_| {
            Fix::rerun(
                "let ssh ask your agent for this connection",
                Change::none().option("IdentityAgent=SSH_AUTH_SOCK"),
            )
        }))
        .fixes(named.iter().take(3).map(|file| {
            Fix::attempt(
                "this key lies there under a name that ssh does not try by itself",
                Change::none().key(file.as_str()),
            )
        }))
        .fixes(named.is_empty().then(|| Fix::script("list the keys that you have", "ls -l ~/.ssh")))
        .fixes(
            named
                .is_empty()
                .then(|| Fix::step("if one has another name than ssh tries by itself, name it with -i").of_openssh()),
        )
        .fix(Fix::script("if you have none, make one and register its public half", "ssh-keygen -t ed25519"))
        .done()
}

/// ssh-add's word beside a log without -v: what the agent lacks says nothing of files, which only ssh -v tells of.
fn emptied(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    let (_, at) = session.last(|kind| matches!(kind, Kind::AgentEmpty).then_some(()))?;
    if at.text.contains("ssh-copy-id: ") {
        return nothing_to_copy(scene, at);
    }
    let denied = |session: &Session| {
        session.any(|kind| match kind {
            Kind::Denied { methods, .. } => methods.iter().any(|method| method == "publickey"),
            _ => false,
        })
    };
    // Asked by itself, it is said of what ssh did next.
    let alone = session.events.iter().all(|event| event.kind == Kind::AgentEmpty);
    let next = || {
        let (log, index) = scene.entry.id();
        scene.case.session((log, index + 1)).is_some_and(|next| !next.session.verbose() && denied(next.session))
    };
    if !(denied(session) || alone && next()) {
        return None;
    }
    Draft::new(scene, Certainty::Likely, "the agent holds no key", at)
        .and(scene, session.end.iter())
        .says(
            "ssh-add says so. ssh then has only the key files that it finds under their usual names, or that are named. This log \
             was made without -v, so it does not show whether there was one.",
        )
        .fix(Fix::script("put your key into the agent", "ssh-add"))
        .fixes(denied(session).then(|| Fix::attempt("or see which keys ssh offers", Change::none().flags(&["-v"]))))
        .done()
}

/// ssh-copy-id looks into the agent, then for the newest `~/.ssh/id*.pub` (its `default_ID_file`).
fn nothing_to_copy(scene: &Scene<'_>, at: &At) -> Option<Finding> {
    Draft::new(scene, Certainty::Certain, "ssh-copy-id found no key to copy", at)
        .says("It takes the keys of the agent, or the newest ~/.ssh/id*.pub. The agent gave none, and there is no such file.")
        .fix(Fix::script("see which keys you have", "ls -l ~/.ssh"))
        .fix(Fix::step("if one has another name, name its public half: ssh-copy-id -i ~/.ssh/NAME.pub USER@HOST"))
        .fix(Fix::script("if you have none, make one", "ssh-keygen -t ed25519"))
        .done()
}

/// A client that logs each request asked for nothing, though the server takes keys: the last of its requests.
/// Of a log that describes no request, the next line may have been another one.
fn nothing_asked<'a>(scene: &Scene<'a>) -> Option<(Certainty, &'a At)> {
    let session = scene.session();
    let last = session.last(|kind| match kind {
        Kind::NextMethod { method } => Some(method.as_str()),
        _ => None,
    });
    // Of a log that describes no request, the first one asks for the list.
    let mut requests = session.events.iter().filter(|event| matches!(event.kind, Kind::Requested));
    if let (Some(only), None) = (requests.next(), requests.next()) {
        return Some((Certainty::Likely, &only.at));
    }
    let takes_keys = session.methods_first.as_ref()?.iter().any(|method| method == "publickey");
    let (_, at) = last.filter(|_| scene.is_foreign() && takes_keys)?;
    match last.map(|(method, _)| method) {
        Some("none") => Some((Certainty::Certain, at)),
        _ => passed_over(session).map(|at| (Certainty::Likely, at)),
    }
}

/// The first method that a client went on to, where none was publickey.
fn passed_over(session: &Session) -> Option<&At> {
    let by_key = |kind: &Kind| matches!(kind, Kind::NextMethod { method } if method == "publickey");
    if session.any(by_key) {
        return None;
    }
    session.first(|kind| kind.is_other_method().then_some(())).map(|(_, at)| at)
}

/// The end of another client's log that runs from the connection on, and tells of no key at all: such clients have no
/// line for keys that are not there.
fn silent<'a>(scene: &Scene<'a>) -> Option<&'a At> {
    let session = scene.session();
    let running = |kind: &Kind| matches!(kind, Kind::RemoteSoftware { .. } | Kind::Methods { .. });
    // Of a client that names no key at all, no line tells of none.
    let whole = scene.is_foreign() && session.author.tells_offers && session.any(running);
    let end = |kind: &Kind| match kind {
        Kind::NoMoreMethods => true,
        Kind::Denied { methods, .. } => methods.iter().any(|method| method == "publickey"),
        _ => false,
    };
    session.last(|kind| (whole && end(kind)).then_some(())).map(|(_, at)| at)
}

/// How many keys the environment's agent holds, where the configuration keeps ssh from it.
fn switched_off(scene: &Scene<'_>) -> Option<usize> {
    let off = here::asks_no_agent(here::facts(scene)?);
    let held = here::keys(scene.case.facts.shell_agent.as_ref()?).len();
    (off && held > 0).then_some(held)
}

/// What the agent's state adds to "no key to offer".
fn agent_state(scene: &Scene<'_>) -> Option<String> {
    let facts = here::facts(scene)?;
    if let Some(held) = switched_off(scene) {
        return Some(format!(
            " IdentityAgent is none for this host, so no agent was asked; the one that SSH_AUTH_SOCK names holds {held} key(s)."
        ));
    }
    Some(match &facts.agent {
        Fact::Absent => " No agent is set for ssh (SSH_AUTH_SOCK is unset, or IdentityAgent is none).".to_owned(),
        Fact::Unknown(why) => format!(" The agent gave no answer: {why}."),
        Fact::Known(agent) => match &agent.keys {
            Fact::Unknown(why) => format!(" The agent at {} gave no answer: {why}.", agent.socket),
            Fact::Known(keys) if keys.is_empty() => " The agent holds no key; a locked agent says so, too.".to_owned(),
            _ => return None,
        },
    })
}

/// Key files under other names than ssh tries by itself.
fn other_files(scene: &Scene<'_>) -> Vec<String> {
    scene.case.facts.other_files.iter().map(|file| file.path.clone()).collect()
}
