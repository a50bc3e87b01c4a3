//! What is known of this machine: it settles what looks alike in a log.

use crate::model::facts::{Agent, ConfigLine, KeyFile};
use crate::model::{Fact, Fix, HostFacts, Kind};
use crate::rules::scene::Scene;

/// What is known of the destination that a session went to.
pub(in crate::rules) fn facts<'a>(scene: &Scene<'a>) -> Option<&'a HostFacts> {
    scene.case.facts.hosts.get(scene.entry.transcript)?.as_ref()
}

/// The file behind a path that a log names.
pub(in crate::rules) fn file<'a>(scene: &Scene<'a>, path: &str) -> Option<&'a KeyFile> {
    facts(scene)?.files.iter().find(|file| file.path == path)
}

/// An agent's keys, where they are known.
pub(in crate::rules) fn keys(agent: &Fact<Agent>) -> Vec<&crate::model::facts::PublicKey> {
    agent.known().map(held).unwrap_or_default()
}

/// The keys of an agent that answered.
pub(in crate::rules) fn held(agent: &Agent) -> Vec<&crate::model::facts::PublicKey> {
    agent.keys.known().map(|keys| keys.iter().map(|held| &held.key).collect()).unwrap_or_default()
}

/// The line of the configuration that names the user of a session, where its command names none.
pub(in crate::rules) fn user_line<'a>(scene: &Scene<'a>) -> Option<&'a ConfigLine> {
    facts(scene)?.user_line.as_ref()
}

/// How to ask a host about the keys here that ssh does not offer it, where there are some and nobody has asked yet.
pub(in crate::rules) fn ask_with_others(scene: &Scene<'_>) -> Option<Fix> {
    let facts = &scene.case.facts;
    let unasked = self::facts(scene).is_some() && facts.all_keys.is_none() && !facts.other_files.is_empty();
    unasked.then(|| {
        let (files, one) = match facts.other_files.len() {
            1 => ("one more key file".to_owned(), "it"),
            number => (format!("{number} more key files"), "one of them"),
        };
        let peer = scene.session().peer();
        Fix::step(format!(
            "ssh did not offer {files} here: run this again with --all-keys to see whether {peer} takes {one}"
        ))
    })
}

/// Whether the configuration keeps ssh from any agent.
pub(in crate::rules) fn asks_no_agent(facts: &HostFacts) -> bool {
    facts.option("identityagent").is_some_and(|name| name.eq_ignore_ascii_case("none"))
}

/// Whether ssh hung on an agent that does not answer: the time ran out, and the agent's did here, too.
pub(in crate::rules) fn agent_hangs(scene: &Scene<'_>) -> bool {
    let Some(facts) = facts(scene) else {
        return false;
    };
    let silent = match &facts.agent {
        Fact::Known(agent) => matches!(agent.keys, Fact::Unknown(_)),
        Fact::Unknown(_) | Fact::Absent => false,
    };
    let session = scene.session();
    let waited = session.any(|kind| matches!(kind, Kind::GaveUp { .. })) && session.server_software.is_some();
    silent && waited && session.offered.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnose::{Diagnosis, diagnose};
    use crate::model::facts::{AgentKey, AllKeys, Certificate, Form, Problem, PublicKey};
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
            public_beside: false,
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
        HostFacts {
            config: Fact::Known(options),
            files,
            agent,
            user_line: None,
            git: None,
            published: None,
            open_master: None,
        }
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

    /// Keys that ssh leaves aside are a question that has not been asked; once it has, there is an answer.
    #[test]
    fn keys_that_nobody_asked_about() {
        let told = |others: usize, asked: bool| {
            let all_keys = asked.then(|| AllKeys { destination: "box.example".into(), asked: 1, ..AllKeys::default() });
            let facts = Facts { other_files: vec![file(vec![]); others], all_keys, ..Facts::default() };
            let judged = judge(REFUSED, host(vec![file(vec![])], Fact::Absent, &[]), facts);
            let fixes: Vec<String> = judged.findings[0].fixes.iter().map(|fix| fix.title.clone()).collect();
            fixes.into_iter().find(|title| title.contains("--all-keys"))
        };
        assert!(told(1, false).is_some_and(|title| title.contains("one more key file here")));
        assert!(told(3, false).is_some_and(|title| title.contains("3 more key files here")));
        assert_eq!((told(0, false), told(3, true)), (None, None));
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
