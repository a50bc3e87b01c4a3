//! What is reported on.

use ssh_why::inside::diagnose::Diagnosis;
use ssh_why::inside::order::{Identity, Origin, Step};
use ssh_why::inside::redact::Redactor;
use ssh_why::inside::survey::{Host, Login, Offer, Reply, Row, Survey};
use ssh_why::model::facts::{
    Access, Agent, AgentKey, AllKeys, Certificate, KeyFile, Problem, PublicKey, Published, Registered,
};
use ssh_why::model::{Fact, HostFacts, Key, Role};

use crate::kit::{Source, judge, names, project, text};

/// Logs whose reports are kept, in all forms.
pub(crate) const KEPT: &[(&str, &[&str])] = &[
    ("pair", &["fixtures/demo/vcs.log", "fixtures/demo/ci.log"]),
    ("well", &["fixtures/demo/vcs.log"]),
    ("many-keys", &["fixtures/causes/too-many-failures/7.2-eight-agent-keys/ssh.log"]),
    ("open", &["fixtures/causes/unknown/9.2-last-line-only/vcs.log"]),
];

pub(crate) fn read(logs: &[&str]) -> Diagnosis {
    let source = |path: &&str| Source::new(path.rsplit('/').next().unwrap(), Role::Other, text(path).into_bytes());
    shown(&logs.iter().map(source).collect::<Vec<_>>(), None)
}

/// A diagnosis with the logs' own lines; with a redactor, with stand-ins.
pub(crate) fn shown(logs: &[Source], redactor: Option<&mut Redactor>) -> Diagnosis {
    let mut diagnosis = judge(logs).diagnosis;
    diagnosis.show(&logs.iter().map(|log| log.bytes.as_slice()).collect::<Vec<_>>(), redactor);
    diagnosis
}

/// Each case of the fixtures.
pub(crate) fn cases() -> Vec<(String, Diagnosis)> {
    logs().into_iter().map(|(name, logs)| (name, shown(&logs, None))).collect()
}

/// The logs of each.
pub(crate) fn logs() -> Vec<(String, Vec<Source>)> {
    let mut cases = Vec::new();
    for cause in names(&project("fixtures/causes"), true) {
        for case in names(&project(&format!("fixtures/causes/{cause}")), true) {
            let folder = format!("fixtures/causes/{cause}/{case}");
            let logs: Vec<Source> = names(&project(&folder), false)
                .into_iter()
                .filter(|name| name.ends_with(".log"))
                .map(|name| Source::new(&name, Role::Other, std::fs::read(project(&folder).join(&name)).unwrap()))
                .collect();
            cases.push((folder, logs));
        }
    }
    assert!(cases.len() > 60, "{} cases", cases.len());
    cases
}

pub(crate) fn key(name: &str) -> PublicKey {
    PublicKey {
        kind: "ED25519".into(),
        bits: 256,
        fingerprint: format!("SHA256:{name}"),
        comment: format!("{name}@laptop"),
        blob: vec![1],
    }
}

/// A survey with something in each field.
pub(crate) fn survey() -> Survey {
    let certificate = Certificate {
        key: key("cert"),
        valid_after: 0,
        valid_before: 1_700_000_000,
        principals: vec!["octocat".into()],
        ca: "SHA256:ca".into(),
        for_users: true,
        in_date: false,
    };
    let file = KeyFile {
        path: "/home/dev/.ssh/id_a".into(),
        form: Fact::Unknown("it is gone".into()),
        encrypted: Fact::Known(true),
        public_beside: false,
        offered: Fact::Known(key("a")),
        own: Fact::Known(key("b")),
        certificate: Fact::Known(certificate.clone()),
        mode: Fact::Known(0o644),
        owned: Fact::Known(true),
        problems: vec![Problem::Unreadable("no such luck".into())],
    };
    let row = |path: Option<&str>, order, reply, login| Row {
        identity: Identity {
            path: path.map(str::to_owned),
            label: Some("dev@laptop".into()),
            key: Some(key("a")),
            in_agent: true,
            origin: Origin::Config,
            file: None,
            step: Step::Query,
            order,
            left_out: order.is_none().then(|| "IdentitiesOnly keeps it back".to_owned()),
        },
        file: Some(file.clone()),
        certificate: Some(certificate.clone()),
        problems: vec![Problem::Invalid("its lines end in CR LF".into()), Problem::Certificate("it expired".into())],
        offers: vec![Offer { reply, login }],
    };
    Survey {
        typed: vec!["git@git.example.com".into()],
        destination: Some("git@git.example.com:22".into()),
        rows: vec![
            row(Some("/home/dev/.ssh/id_a"), Some(1), Reply::Refused, None),
            row(
                Some("/home/dev/.ssh/id_b"),
                Some(2),
                Reply::Accepted("ssh-ed25519".into()),
                Some(Login::As("me2".into())),
            ),
            row(None, Some(3), Reply::Unknown("it hung up".into()), Some(Login::Failed("it said no".into()))),
            row(Some("/home/dev/.ssh/id_c"), None, Reply::Accepted("ssh-rsa".into()), Some(Login::Unnamed)),
        ],
        hosts: vec![Host {
            typed: "git.example.com".into(),
            destination: "git@git.example.com:22".into(),
            host_key: Some(("ED25519".into(), "SHA256:host".into())),
            trust: Some((false, "is not known")),
            software: Some("babeld-1".into()),
            accepts_any: false,
            most_failures: Some(1),
            offered: 4,
        }],
        agent: Fact::Known(Agent {
            socket: "/run/agent.sock".into(),
            keys: Fact::Known(vec![AgentKey { key: key("agent") }]),
        }),
        unclear: Some("ssh -G failed".into()),
        notes: vec!["A token's keys are not in it.".into()],
        logins: true,
        published: Some(Published {
            host: "git.example.com".into(),
            login: "me3".into(),
            keys: Fact::Known(vec!["SHA256:a".into()]),
            registered: Vec::new(),
        }),
    }
}

/// A diagnosis with facts beside its logs.
pub(crate) fn full() -> Diagnosis {
    let mut diagnosis = read(KEPT[0].1);
    let facts = &mut diagnosis.case.facts;
    facts.chosen = Some((vec!["git7.example.com".into()], "remote 7 of the repository".into()));
    facts.all_keys = Some(AllKeys {
        destination: "me@host7.example".into(),
        asked: 3,
        unanswered: 1,
        accepted: vec![Key { path: Some("/home/dev/.ssh/id_7".into()), ..Key::default() }],
        accepts_any: false,
        access: vec![Access {
            key: Key { path: Some("/home/dev/.ssh/id_7".into()), ..Key::default() },
            login: Some("octocat7".into()),
            opens: Some(false),
            reads: Some(true),
            writes: Some(false),
            words: Some("ERROR: Permission to acme/tools7.git denied to octocat7.".into()),
            alone: false,
        }],
    });
    let published = |keys, registered| {
        let host = HostFacts {
            config: Fact::Absent,
            files: Vec::new(),
            agent: Fact::Absent,
            user_line: None,
            git: None,
            published: Some(Published { host: "git8.example.com".into(), login: "octocat8".into(), keys, registered }),
            open_master: None,
        };
        Some(host)
    };
    let key = Key { path: Some("/home/dev/.ssh/id_8".into()), ..Key::default() };
    facts.hosts = vec![
        published(Fact::Known(vec!["SHA256:8".into()]), vec![Registered { key, usable: true }]),
        published(Fact::Unknown("its answer breaks off".into()), Vec::new()),
        published(Fact::Absent, Vec::new()),
    ];
    facts.home = Some("/home/dev7".into());
    diagnosis
}
