//! Reasons set up on Debian's sshd, one at a time: the client's and the server's log are taken, the reason and whose
//! connection it is must be right, and after what the report says to mend the same login works.

use std::fs;
use std::process::Stdio;
use std::time::Duration;

use crate::kit::{Daemon, Key, Server, Source, Sshd, Stage, Validity, World, judge, until};
use ssh_why::model::{Audience, Role};

/// The account that all log in to.
const DEV: &str = World::USER;

/// A way to be refused, and the same server as it should be.
struct Case {
    reason: &'static str,
    broken: fn(&Ground) -> Sshd,
    mended: fn(&Ground) -> Sshd,
}

/// What the cases are made of.
struct Ground {
    key: Key,
    other: Key,
    user: String,
    /// A list of revoked keys that holds the key.
    revoked: String,
    /// A folder where a file should be.
    folder: String,
}

fn good(ground: &Ground) -> Sshd {
    Sshd::ci().accepts(&ground.key)
}

const CASES: &[Case] = &[
    Case {
        reason: "key-not-in-file",
        broken: |ground| Sshd::ci().accepts(&ground.other).option("LogLevel DEBUG2"),
        mended: |ground| Sshd::ci().accepts(&ground.other).accepts(&ground.key),
    },
    Case {
        reason: "key-mangled",
        broken: |ground| Sshd::ci().authorized(&format!("{}\n", &ground.key.public[1..])).option("LogLevel DEBUG2"),
        mended: good,
    },
    Case {
        reason: "key-options-bad",
        broken: |ground| Sshd::ci().authorized(&format!("no-ptty {}\n", ground.key.public)),
        mended: |ground| Sshd::ci().authorized(&format!("no-pty {}\n", ground.key.public)),
    },
    Case {
        reason: "key-option-from",
        broken: |ground| Sshd::ci().authorized(&format!("from=\"192.0.2.1\" {}\n", ground.key.public)),
        mended: |ground| Sshd::ci().authorized(&format!("from=\"192.0.2.1,127.0.0.1\" {}\n", ground.key.public)),
    },
    Case {
        reason: "key-expired",
        broken: |ground| Sshd::ci().authorized(&format!("expiry-time=\"20200101\" {}\n", ground.key.public)),
        mended: |ground| Sshd::ci().authorized(&format!("expiry-time=\"20990101\" {}\n", ground.key.public)),
    },
    Case {
        reason: "user-not-allowed",
        broken: |ground| good(ground).option(&format!("DenyUsers {}", ground.user)),
        mended: good,
    },
    Case {
        reason: "user-not-allowed",
        broken: |ground| good(ground).option("AllowUsers somebody"),
        mended: |ground| good(ground).option(&format!("AllowUsers somebody {}", ground.user)),
    },
    Case { reason: "no-such-user", broken: good, mended: good },
    Case {
        reason: "key-revoked",
        broken: |ground| good(ground).option(&format!("RevokedKeys {}", ground.revoked)),
        mended: good,
    },
    Case {
        reason: "revoked-keys-file",
        broken: |ground| good(ground).option(&format!("RevokedKeys {}.none", ground.revoked)),
        mended: good,
    },
    Case {
        reason: "algorithm-not-accepted",
        broken: |ground| good(ground).option("PubkeyAcceptedAlgorithms rsa-sha2-512"),
        mended: |ground| good(ground).option("PubkeyAcceptedAlgorithms +ssh-ed25519"),
    },
    Case {
        reason: "authorized-keys-path",
        broken: |ground| good(ground).option("AuthorizedKeysFile /etc/ssh/none/%u"),
        mended: good,
    },
    Case {
        reason: "authorized-keys-not-regular",
        broken: |ground| good(ground).option(&format!("AuthorizedKeysFile {}", ground.folder)),
        mended: good,
    },
    Case {
        reason: "keys-command-failed",
        broken: |ground| {
            let sshd = Sshd::ci().option("AuthorizedKeysFile none").option("AuthorizedKeysCommand /bin/false %u");
            sshd.option(&format!("AuthorizedKeysCommandUser {}", ground.user))
        },
        mended: good,
    },
    Case {
        reason: "max-auth-tries",
        broken: |ground| good(ground).option("MaxAuthTries 1"),
        mended: |ground| good(ground).option("MaxAuthTries 6"),
    },
    Case {
        reason: "cert-ca-unknown",
        broken: |ground| Sshd::ci().accepts_certificates(&ground.other).option("LogLevel DEBUG2"),
        mended: |ground| Sshd::ci().accepts_certificates(&ground.key),
    },
];

/// `ssh -v`: whether it was let in, and its log.
pub(super) fn login(stage: &Stage, server: &Server, keys: &[&Key], user: &str) -> (bool, String) {
    let mut command = stage.command("ssh");
    command.args(["-v", "-T", "-F", "none", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=no"]);
    command.args(["-o", "UserKnownHostsFile=/dev/null", "-o", "IdentitiesOnly=yes", "-l", user]);
    for key in keys {
        command.args(["-i", key.path()]);
    }
    command.args(["-p", &server.port.to_string(), "127.0.0.1", "exit"]).stdin(Stdio::null());
    let mut daemon = Daemon::start(&mut command, &stage.new_path("ssh-log"));
    let mut code = None;
    until(Duration::from_secs(20), || {
        code = daemon.exit_code();
        code.is_some()
    });
    (code == Some(0), daemon.log())
}

/// The server's log, once the connection's end stands in it.
pub(super) fn log_of(server: &Server) -> String {
    let ended = |log: &str| {
        ["Connection closed by", "Disconnecting", "Disconnected from", "drop connection"]
            .iter()
            .any(|end| log.contains(end))
    };
    until(Duration::from_secs(10), || ended(&server.log()));
    server.log()
}

#[test]
fn reasons_of_debians_sshd_are_found_and_mended() {
    let stage = Stage::new();
    let key = stage.home.key("id_mine");
    let other = stage.home.make_key("id_other", |key| key);
    let (revoked, folder) = (stage.new_path("revoked"), stage.new_path("folder"));
    fs::write(&revoked, format!("{}\n", key.public)).unwrap();
    fs::create_dir(&folder).unwrap();
    let text = |path: std::path::PathBuf| path.to_str().unwrap().to_owned();
    let ground = Ground { key, other, user: DEV.to_owned(), revoked: text(revoked), folder: text(folder) };
    let mut wrong = Vec::new();
    for case in CASES {
        let certified = (case.reason == "cert-ca-unknown")
            .then(|| stage.home.make_key("id_certified", |key| key).with_certificate(&ground.key, Validity::Now));
        let keys = match case.reason {
            "max-auth-tries" => vec![&ground.other, &ground.key],
            _ => vec![certified.as_ref().unwrap_or(&ground.key)],
        };
        let stranger = if case.reason == "no-such-user" { "no-such-user-here" } else { &ground.user };
        let server = (case.broken)(&ground).start(&stage);
        let (let_in, client) = login(&stage, &server, &keys, stranger);
        let log = log_of(&server);
        let sources = [Source::new("client.log", Role::Other, client), Source::new("server.log", Role::Other, log)];
        let report = judge(&sources);
        let found: Vec<&str> = report.diagnosis.findings.iter().filter_map(|finding| finding.reason).collect();
        // The kit tries ports until one is free.
        let found: Vec<&str> = found.into_iter().filter(|reason| *reason != "port-in-use").collect();
        let (joins, apart) = (&report.diagnosis.case.joins, &report.diagnosis.case.apart);
        let steps = report.diagnosis.findings.iter().filter(|finding| finding.reason == Some(case.reason));
        let told = steps.flat_map(|finding| &finding.fixes).any(|fix| fix.audience == Audience::Administrator);
        if let_in || found != [case.reason] || joins.len() != 1 || !told {
            wrong.push(format!("{}: {found:?}, let in: {let_in}, {joins:?} {apart:?}\n{}", case.reason, server.log()));
        }
        let server = (case.mended)(&ground).start(&stage);
        let (let_in, client) = login(&stage, &server, &keys, &ground.user);
        if !let_in {
            wrong.push(format!("{}: mended, and still refused\n{client}\n{}", case.reason, server.log()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(CASES.len() >= 15);
}
