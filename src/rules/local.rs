//! What facts of the local machine add: they settle what looks alike in a log.

use super::draft::quoted;
use super::{Draft, Scene};
use crate::model::facts::{Agent, Fact, HostFacts, KeyFile, Problem};
use crate::model::{Certainty, Finding, Fix, Kind, Offer, Outcome, Reply, Severity};

/// What is known of the destination that a session went to.
pub(super) fn facts<'a>(scene: &Scene<'a>) -> Option<&'a HostFacts> {
    scene.case.facts.hosts.get(scene.entry.transcript)?.as_ref()
}

/// The file behind a path that a log names.
pub(super) fn file<'a>(scene: &Scene<'a>, path: &str) -> Option<&'a KeyFile> {
    facts(scene)?.files.iter().find(|file| file.path == path)
}

/// Offers that the server refused, with their files.
fn refused_files<'a>(scene: &Scene<'a>) -> impl Iterator<Item = (&'a Offer, &'a KeyFile)> {
    let scene = *scene;
    scene.entry.session.offered.iter().filter_map(move |offer| {
        let file = file(&scene, offer.key.path.as_deref()?)?;
        (offer.reply() == Reply::Refused || offer.then_refused().is_some()).then_some((offer, file))
    })
}

fn failed(scene: &Scene<'_>) -> bool {
    scene.refused() || scene.ended(Outcome::Denied)
}

/// The `.pub` beside a key is another's: ssh offered that one, and the server does not know it.
pub(super) fn pubkey_mismatch(scene: &Scene<'_>) -> Option<Finding> {
    if !failed(scene) || scene.entry.session.accepted.is_some() {
        return None;
    }
    let (offer, file) = refused_files(scene)
        .find(|(offer, file)| file.problems.contains(&Problem::PublicMismatch) && offer.key.agent != Some(true))?;
    let public = format!("{}.pub", file.path);
    let own = file.own.known().map(|key| format!(" ({})", key.fingerprint)).unwrap_or_default();
    Draft::new(scene, Certainty::Certain, format!("{public} belongs to another key than {}", file.path), &offer.at)
        .fact(&public, "names another key than the private file holds")
        .says(format!(
            "ssh offers what the .pub file says, and the server refused that. The private key is another one{own}, and was never offered. \
             It may well be the registered one."
        ))
        .fix(quoted(scene, "see the public half that belongs to the private key", &["ssh-keygen", "-y", "-f", &file.path]))
        .fix(Fix::step(format!("write that into {public}, or move {public} away")))
        .done()
}

/// A file's own damage, where the log says only that ssh can't read it.
pub(super) fn damage<'a>(scene: &Scene<'a>, path: &str) -> Option<&'a str> {
    file(scene, path)?.problems.iter().find_map(|problem| match problem {
        Problem::Invalid(why) => Some(why.as_str()),
        _ => None,
    })
}

/// A key that the log shows as tried, whose file is encrypted; ssh had nobody to ask.
pub(super) fn passphrase(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.entry.session;
    if !failed(scene) {
        return None;
    }
    let encrypted = |path: &str| file(scene, path).is_some_and(|file| file.encrypted == Fact::Known(true));
    let signed = |path: &str| {
        session.offered.iter().any(|offer| offer.key.path.as_deref() == Some(path) && offer.signed_at_once())
    };
    let (path, at) = session.first(|kind| match kind {
        Kind::TryingPrivate { path } if encrypted(path) && !signed(path) => Some(path.as_str()),
        _ => None,
    })?;
    Draft::new(scene, Certainty::Certain, format!("{path} is encrypted, and ssh could not ask for its passphrase"), at)
        .fact(path, "is encrypted")
        .says("The key has no public half beside it, so ssh has to open it before it can offer anything, and there was nobody to ask for the passphrase.")
        .fix(quoted(scene, "put the key into the agent", &["ssh-add", path]))
        .done()
}

/// Whether a file is known not to be encrypted, so that a silent failure has another reason.
pub(super) fn is_open(scene: &Scene<'_>, path: &str) -> bool {
    file(scene, path).is_some_and(|file| file.encrypted == Fact::Known(false))
}

pub(super) fn is_encrypted(scene: &Scene<'_>, path: &str) -> bool {
    file(scene, path).is_some_and(|file| file.encrypted == Fact::Known(true))
}

/// A certificate that was offered and is out of date, or names other users.
pub(super) fn certificate(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.entry.session;
    if !failed(scene) || session.accepted.is_some() {
        return None;
    }
    let refused = session.offered.iter().filter(|offer| offer.key.is_certificate() && offer.reply() == Reply::Refused);
    for offer in refused {
        let Some(file) = offer.key.path.as_deref().and_then(|path| file(scene, path)) else {
            continue;
        };
        let dates = file.problems.iter().find_map(|problem| match problem {
            Problem::Certificate(why) => Some(why.clone()),
            _ => None,
        });
        let certificate = file.certificate.known()?;
        let user = session.user.as_deref().unwrap_or_default();
        let stranger = !certificate.principals.is_empty()
            && !user.is_empty()
            && !certificate.principals.iter().any(|name| name == user);
        let (certainty, why) = match dates {
            Some(why) => (Certainty::Certain, why),
            None if !certificate.for_users => {
                (Certainty::Certain, "it is a host's certificate and no user's".to_owned())
            }
            None if stranger => (
                Certainty::Likely,
                format!("it is made out to {} and not to {user}", certificate.principals.join(", ")),
            ),
            None => continue,
        };
        let name = format!("{}-cert.pub", file.path.trim_end_matches(".pub"));
        return Draft::new(scene, certainty, format!("the certificate {name} is of no use here: {why}"), &offer.at)
            .fact(&name, &why)
            .and(scene, offer.answer())
            .says("The server refused the certificate. A certificate is good only between its dates and for the users that it names, unless the server maps names otherwise.")
            .fix(Fix::step("have it issued anew by its CA"))
            .fix(quoted(scene, "read it", &["ssh-keygen", "-L", "-f", &name]))
            .done();
    }
    None
}

/// An agent's keys, where they are known.
fn keys(agent: &Fact<Agent>) -> Vec<&crate::model::facts::PublicKey> {
    let held = agent.known().and_then(|agent| agent.keys.known());
    held.map(|keys| keys.iter().map(|held| &held.key).collect()).unwrap_or_default()
}

/// ssh asks another agent than `ssh-add` fills.
pub(super) fn agent_other(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.entry.session;
    if !failed(scene) || session.accepted.is_some() {
        return None;
    }
    let own = &facts(scene)?.agent;
    let shell = scene.case.facts.shell_agent.as_ref()?;
    let socket = |agent: &Fact<Agent>| agent.known().map(|agent| agent.socket.clone());
    let theirs = socket(shell)?;
    if socket(own).as_ref() == Some(&theirs) {
        return None;
    }
    let held = keys(own);
    let missing: Vec<_> =
        keys(shell).into_iter().filter(|key| !held.iter().any(|other| other.blob == key.blob)).collect();
    let first = missing.first()?;
    // With a git host's word for it, one of these is the key that opens the door.
    let wanted = scene.case.compared(scene.entry.id()).filter_map(|comparison| comparison.key.as_ref());
    let right = wanted
        .into_iter()
        .any(|key| missing.iter().any(|held| key.whole_fingerprint() == Some(held.fingerprint.as_str())));
    let at = session.end.as_ref()?;
    let asked = socket(own).unwrap_or_else(|| "none".to_owned());
    Draft::new(scene, if right { Certainty::Certain } else { Certainty::Likely }, "ssh asks another agent than ssh-add does", at)
        .severity(if right || session.offered.is_empty() { Severity::Error } else { Severity::Warning })
        .fact("SSH_AUTH_SOCK", &format!("names {theirs}, which holds {} more key(s), {} {} among them", missing.len(), first.kind, first.fingerprint))
        .fact("ssh -G", &format!("says that ssh asks {asked}"))
        .says("IdentityAgent in the configuration sends ssh to another agent than SSH_AUTH_SOCK names. Keys that ssh-add put into yours are out of its reach.")
        .fix(quoted(scene, "use your own agent for this connection", &["ssh", "-o", "IdentityAgent=SSH_AUTH_SOCK", session.typed.as_ref().map_or(session.peer(), |typed| typed.host.as_str())]))
        .done()
}

/// The configuration keeps the agent's keys back, by ssh's own word.
pub(super) fn identities_only(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.entry.session;
    let facts = facts(scene)?;
    if !failed(scene) || session.accepted.is_some() || facts.option("identitiesonly") != Some("yes") {
        return None;
    }
    let listed = |key: &crate::model::facts::PublicKey| {
        facts.files.iter().any(|file| file.offered.known().is_some_and(|offered| offered.blob == key.blob))
    };
    let back: Vec<_> = keys(&facts.agent).into_iter().filter(|key| !listed(key)).collect();
    if back.is_empty() {
        return None;
    }
    let nothing = session.offered.is_empty();
    let at = session.end.as_ref()?;
    let host = session.typed.as_ref().map_or(session.peer(), |typed| typed.host.as_str());
    Draft::new(scene, Certainty::Certain, format!("IdentitiesOnly keeps {} of the agent's key(s) back", back.len()), at)
        .severity(if nothing { Severity::Error } else { Severity::Warning })
        .fact("ssh -G", "identitiesonly yes")
        .says("The configuration lets ssh offer only the files that it lists for this host. The right key may well be among those that the agent holds besides.")
        .fix(quoted(scene, "let ssh use the agent's keys for this connection", &["ssh", "-o", "IdentitiesOnly=no", host]))
        .done()
}

/// Where ssh's home is not the user's `HOME`.
pub(super) fn other_home(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.entry.session;
    let facts = &scene.case.facts;
    let (home, other) = (facts.home.as_deref()?, facts.other_home.as_deref()?);
    if !failed(scene) || session.accepted.is_some() {
        return None;
    }
    let at = session.end.as_ref()?;
    Draft::new(scene, Certainty::Likely, format!("ssh looks for keys in {home}, and HOME is {other}"), at)
        .severity(Severity::Warning)
        .fact("HOME", other)
        .fact("the password database", home)
        .says("ssh takes the home from the password database, whatever HOME says: keys and configuration under HOME are not read. This is usual under sudo and in containers.")
        .fix(Fix::step("run it as the user whose keys they are, or name key and configuration with -i and -F"))
        .done()
}

/// What the agent's state adds to "no key to offer".
pub(super) fn agent_state(scene: &Scene<'_>) -> Option<String> {
    let facts = facts(scene)?;
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

/// Whether ssh hung on an agent that does not answer: the time ran out, and the agent's did here, too.
pub(super) fn agent_hangs(scene: &Scene<'_>) -> bool {
    let Some(facts) = facts(scene) else {
        return false;
    };
    let silent = match &facts.agent {
        Fact::Known(agent) => matches!(agent.keys, Fact::Unknown(_)),
        Fact::Unknown(_) | Fact::Absent => false,
    };
    let session = scene.entry.session;
    let waited = session.any(|kind| matches!(kind, Kind::GaveUp { .. })) && session.server_software.is_some();
    silent && waited && session.offered.is_empty()
}

/// An agent that is named and does not answer, where the log does not say so.
pub(super) fn agent_unreachable(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.entry.session;
    if !failed(scene) && !agent_hangs(scene) || !session.offered.is_empty() || session.accepted.is_some() {
        return None;
    }
    let (socket, why) = match &facts(scene)?.agent {
        Fact::Unknown(why) => ("the agent".to_owned(), why.clone()),
        Fact::Known(agent) => match &agent.keys {
            Fact::Unknown(why) => (agent.socket.clone(), why.clone()),
            _ => return None,
        },
        Fact::Absent => return None,
    };
    let at = session.end.as_ref()?;
    Draft::new(scene, Certainty::Certain, format!("ssh could not reach an agent: {why}"), at)
        .fact(&socket, &why)
        .says("An agent is named for ssh, and gives no answer. Keys that only the agent holds were out of reach.")
        .fix(Fix::command("start an agent in this shell and load the keys", "eval \"$(ssh-agent -s)\" && ssh-add"))
        .done()
}

/// The account that was meant, against the one that the greeting names.
pub(super) fn account(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.entry.session;
    let wanted = scene.case.facts.wanted_login.as_deref()?;
    if session.outcome != Outcome::Authenticated {
        return None;
    }
    let (greeting, at) = session.first(|kind| match kind {
        Kind::Greeting(greeting) => Some(greeting),
        _ => None,
    })?;
    let login = greeting.login.as_deref()?;
    if greeting.deploy || login.eq_ignore_ascii_case(wanted) {
        return None;
    }
    let key = session.accepted.as_ref();
    let name = key.map_or("the key", |accepted| accepted.key.name());
    Draft::new(scene, Certainty::Certain, format!("{name} is {login}'s at {}, not {wanted}'s", session.peer()), at)
        .and(scene, key.map(|accepted| &accepted.at))
        .says(format!(
            "The job's rerun takes the keys of the account that started it, {wanted}. ssh's first key that {} knows belongs to {login}; so another key must \
             come first, or {login} must start the rerun.",
            session.peer()
        ))
        .fix(Fix::step(format!("name {wanted}'s key with -i and IdentitiesOnly=yes, or rerun the job as {login}")))
        .done()
}

/// A deploy key where an account was meant.
pub(super) fn deploy_is_wrong(scene: &Scene<'_>) -> bool {
    scene.case.facts.wanted_login.is_some()
}

/// Key files under other names than ssh tries by itself.
pub(super) fn other_files(scene: &Scene<'_>) -> Vec<String> {
    scene.case.facts.other_files.iter().map(|file| file.path.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnose::{Diagnosis, diagnose};
    use crate::model::facts::{AgentKey, Certificate, Form, PublicKey};
    use crate::model::{Facts, Role};
    use crate::shell::Shell;

    const PRINT: &str = "SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s";
    const OTHER: &str = "SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU";
    const REFUSED: &str = "debug1: Authentications that can continue: publickey\n\
        debug1: Next authentication method: publickey\n\
        debug1: Offering public key: /h/.ssh/id_rsa RSA SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s\n\
        debug1: Authentications that can continue: publickey\n\
        debug1: No more authentication methods to try.\n\
        dev@box.example: Permission denied (publickey).\n";
    const NOTHING: &str = "debug1: Authentications that can continue: publickey\n\
        debug1: Next authentication method: publickey\n\
        debug1: Trying private key: /h/.ssh/id_rsa\n\
        debug1: No more authentication methods to try.\n\
        dev@box.example: Permission denied (publickey).\n";
    const ACCEPTED: &str = "debug1: Next authentication method: publickey\n\
        debug1: Offering public key: /h/.ssh/id_rsa RSA SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s\n\
        debug1: Server accepts key: /h/.ssh/id_rsa RSA SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s\n\
        Authenticated to github.com ([192.0.2.1]:22) using \"publickey\".\n\
        Hi octocat! You've successfully authenticated, but GitHub does not provide shell access.\n";

    fn key(print: &str) -> PublicKey {
        PublicKey {
            kind: "RSA".into(),
            bits: 3072,
            fingerprint: print.into(),
            comment: String::new(),
            blob: print.into(),
        }
    }

    fn file(problems: Vec<Problem>) -> KeyFile {
        KeyFile {
            path: "/h/.ssh/id_rsa".into(),
            form: Fact::Known(Form::OpenSsh),
            encrypted: Fact::Known(false),
            offered: Fact::Known(key(PRINT)),
            own: Fact::Known(key(PRINT)),
            certificate: Fact::Absent,
            mode: Fact::Known(0o600),
            owned: Fact::Known(true),
            problems,
        }
    }

    fn agent(socket: &str, prints: &[&str]) -> Fact<Agent> {
        let keys = prints.iter().map(|print| AgentKey { key: key(print) }).collect();
        Fact::Known(Agent { socket: socket.into(), keys: Fact::Known(keys) })
    }

    fn host(files: Vec<KeyFile>, agent: Fact<Agent>, options: &[(&str, &str)]) -> HostFacts {
        let options = options.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        HostFacts { config: Fact::Known(options), files, agent }
    }

    fn judge(log: &str, host: HostFacts, facts: Facts) -> Diagnosis {
        let mut log = crate::reader::read("live:box.example", log.as_bytes());
        log.role = Role::Ci;
        diagnose(vec![log], Facts { hosts: vec![Some(host)], ..facts }, Shell::Sh)
    }

    fn verdict(log: &str, host: HostFacts, facts: Facts) -> &'static str {
        judge(log, host, facts).verdict.cause
    }

    #[test]
    fn a_sound_file_leaves_the_refusal_as_it_is() {
        assert_eq!(verdict(REFUSED, host(vec![file(vec![])], Fact::Absent, &[]), Facts::default()), "key-rejected");
    }

    #[test]
    fn a_stale_public_half() {
        let stale = file(vec![Problem::PublicMismatch]);
        assert_eq!(verdict(REFUSED, host(vec![stale], Fact::Absent, &[]), Facts::default()), "pubkey-mismatch");
    }

    #[test]
    fn an_encrypted_key_without_public_half() {
        let mut encrypted = file(vec![]);
        encrypted.encrypted = Fact::Known(true);
        assert_eq!(verdict(NOTHING, host(vec![encrypted], Fact::Absent, &[]), Facts::default()), "passphrase");
        assert_eq!(verdict(NOTHING, host(vec![], Fact::Absent, &[]), Facts::default()), "no-identity");
    }

    #[test]
    fn another_agent() {
        let facts = || Facts { shell_agent: Some(agent("/run/mine", &[OTHER])), ..Facts::default() };
        assert_eq!(verdict(NOTHING, host(vec![], agent("/run/theirs", &[]), &[]), facts()), "agent-other");
        assert_eq!(
            verdict(NOTHING, host(vec![], agent("/run/mine", &[OTHER]), &[]), facts()),
            "no-identity",
            "the same agent"
        );
        let alike = host(vec![], agent("/run/theirs", &[OTHER]), &[]);
        assert_eq!(verdict(NOTHING, alike, facts()), "no-identity", "another agent with the same keys");
    }

    #[test]
    fn identities_only_by_the_configuration() {
        let only = [("identitiesonly", "yes")];
        assert_eq!(
            verdict(NOTHING, host(vec![], agent("/run/mine", &[OTHER]), &only), Facts::default()),
            "identities-only"
        );
        assert_eq!(verdict(NOTHING, host(vec![], agent("/run/mine", &[OTHER]), &[]), Facts::default()), "no-identity");
    }

    #[test]
    fn the_account_that_was_meant() {
        let facts = |login: &str| Facts { wanted_login: Some(login.into()), ..Facts::default() };
        let here = || host(vec![file(vec![])], Fact::Absent, &[]);
        assert_eq!(verdict(ACCEPTED, here(), facts("octocat")), "authenticated");
        assert_eq!(verdict(ACCEPTED, here(), facts("hubot")), "wrong-account");
        let deploy = ACCEPTED.replace("octocat", "acme/widgets");
        assert_eq!(verdict(&deploy, here(), facts("hubot")), "deploy-key");
    }

    #[test]
    fn a_certificate_out_of_date() {
        let log = REFUSED.replace("RSA SHA256", "RSA-CERT SHA256");
        let mut expired = file(vec![Problem::Certificate("it expired on 2020-01-01".into())]);
        expired.certificate = Fact::Known(Certificate { for_users: true, ..Certificate::default() });
        assert_eq!(verdict(&log, host(vec![expired], Fact::Absent, &[]), Facts::default()), "certificate");
        let mut sound = file(vec![]);
        sound.certificate = Fact::Known(Certificate { for_users: true, in_date: true, ..Certificate::default() });
        assert_eq!(verdict(&log, host(vec![sound], Fact::Absent, &[]), Facts::default()), "key-rejected");
    }

    #[test]
    fn facts_are_quoted_without_a_line() {
        let stale = file(vec![Problem::PublicMismatch]);
        let diagnosis = judge(REFUSED, host(vec![stale], Fact::Absent, &[]), Facts::default());
        let evidence = &diagnosis.main().unwrap().evidence;
        assert!(evidence.iter().any(|fact| fact.line == 0 && fact.source.starts_with("local: ")));
    }
}
