//! What a report prints for the server's administrator is what mends it: each command is run as it is printed, each line
//! of `sshd_config` is put into the server's own, and then the same login works.

use std::fs;
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::time::Duration;

use super::reasons::{log_of, login};
use crate::kit::{Key, Server, Source, Sshd, Stage, World, judge, until};
use ssh_why::model::{Audience, Fix, Role};

/// A way to be refused that the log's own words are enough to mend.
struct Case {
    reason: &'static str,
    server: fn(&Ground) -> Sshd,
    /// The key that is tried first, of several.
    also: fn(&Ground) -> Option<&Key>,
    key: fn(&Ground) -> &Key,
    /// Connections that stand open meanwhile.
    open: usize,
}

/// What the cases are made of; files stand below a folder in the user's home.
struct Ground {
    key: Key,
    rsa: Key,
    other: Key,
    folder: PathBuf,
}

impl Ground {
    /// A file of the server's.
    fn path(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }

    /// The same, with this in it.
    fn file(&self, name: &str, content: &str) -> String {
        fs::write(self.folder.join(name), content).unwrap();
        self.path(name)
    }

    /// A server with this file of keys.
    fn keys(&self, name: &str, content: &str) -> Sshd {
        Sshd::ci().option(&format!("AuthorizedKeysFile {}", self.file(name, content)))
    }

    fn good(&self) -> Sshd {
        Sshd::ci().accepts(&self.key)
    }
}

const PLAIN: Case = Case { reason: "", server: Ground::good, also: |_| None, key: |ground| &ground.key, open: 0 };

const CASES: &[Case] = &[
    Case {
        reason: "authorized-keys-modes",
        server: |ground| {
            let server = ground.keys(".ssh/authorized_keys", &ground.key.public);
            fs::set_permissions(ground.path(".ssh/authorized_keys"), fs::Permissions::from_mode(0o666)).unwrap();
            server.option("StrictModes yes").option("LogLevel INFO")
        },
        ..PLAIN
    },
    Case {
        reason: "key-not-in-file",
        // Without an end of its last line.
        server: |ground| ground.keys("authorized_keys.others", &ground.other.public).option("LogLevel DEBUG2"),
        ..PLAIN
    },
    Case {
        reason: "key-mangled",
        server: |ground| ground.keys("authorized_keys.mangled", &ground.key.public[1..]).option("LogLevel DEBUG2"),
        ..PLAIN
    },
    Case {
        reason: "authorized-keys-path",
        server: |ground| Sshd::ci().option(&format!("AuthorizedKeysFile {}/%u", ground.path("keys"))),
        ..PLAIN
    },
    Case {
        reason: "authorized-keys-not-regular",
        server: |ground| {
            let folder = ground.path("authorized_keys.folder");
            fs::create_dir(&folder).unwrap();
            Sshd::ci().option(&format!("AuthorizedKeysFile {folder}"))
        },
        ..PLAIN
    },
    Case {
        reason: "key-expired",
        server: |ground| {
            let line = |key: &Key, options: &str| format!("{options}{}\n", key.public);
            let old = line(&ground.key, "no-pty,expiry-time=\"20200101\",no-user-rc ");
            ground.keys("authorized_keys.expired", &(line(&ground.other, "") + &old))
        },
        ..PLAIN
    },
    Case {
        reason: "key-option-from",
        server: |ground| {
            ground.keys("authorized_keys.from", &format!("# keys\nfrom=\"192.0.2.1\" {}\n", ground.key.public))
        },
        ..PLAIN
    },
    Case {
        reason: "key-revoked",
        server: |ground| {
            let list = format!("# a list\n{}\n{}\n", ground.other.public, ground.key.public);
            ground.good().option(&format!("RevokedKeys {}", ground.file("revoked", &list)))
        },
        ..PLAIN
    },
    Case {
        reason: "revoked-keys-file",
        server: |ground| ground.good().option(&format!("RevokedKeys {}", ground.path("revoked.none"))),
        ..PLAIN
    },
    Case { reason: "user-not-allowed", server: |ground| ground.good().option("AllowUsers somebody"), ..PLAIN },
    Case {
        reason: "user-not-allowed",
        server: |ground| ground.good().option(&format!("DenyUsers somebody {}", World::USER)),
        ..PLAIN
    },
    Case { reason: "user-not-allowed", server: |ground| ground.good().option("AllowGroups some-group"), ..PLAIN },
    Case { reason: "user-not-allowed", server: |ground| ground.good().option("DenyGroups *"), ..PLAIN },
    Case {
        reason: "algorithm-not-accepted",
        server: |ground| ground.good().option("PubkeyAcceptedAlgorithms rsa-sha2-512"),
        ..PLAIN
    },
    Case {
        reason: "key-too-short",
        server: |ground| Sshd::ci().accepts(&ground.rsa).option("RequiredRSASize 3072"),
        key: |ground| &ground.rsa,
        ..PLAIN
    },
    Case {
        reason: "max-auth-tries",
        server: |ground| ground.good().option("MaxAuthTries 1"),
        also: |ground| Some(&ground.other),
        ..PLAIN
    },
    Case {
        reason: "second-factor",
        server: |ground| {
            let both = ground.good().option("AuthenticationMethods publickey,password");
            both.option("PasswordAuthentication yes")
        },
        ..PLAIN
    },
    Case { reason: "rate-limited", server: |ground| ground.good().option("MaxStartups 1"), open: 1, ..PLAIN },
];

/// Connections that say nothing, once the server has seen them.
fn connections(server: &Server, count: usize) -> Vec<TcpStream> {
    let before = server.connections();
    let open = (0..count).map(|_| TcpStream::connect(("127.0.0.1", server.port)).unwrap()).collect();
    until(Duration::from_secs(5), || server.connections() >= before + count);
    open
}

/// Does what is printed. What only looks at settings of the machine's own server, or at keys, may find none here.
fn apply(stage: &Stage, server: Server, fixes: &[&Fix]) -> Result<Server, String> {
    let mut server = server;
    for fix in fixes {
        if let Some(lines) = fix.config() {
            server = Sshd::again(&server, stage, lines);
        }
        let Some(command) = fix.command() else { continue };
        let done = stage.command("sh").args(["-c", &command.replace("sudo ", "")]).output().unwrap();
        let looks = ["sshd -T", "/etc/ssh/", "-Q -f", "-lf"].iter().any(|own| command.contains(own));
        if !done.status.success() && !looks {
            return Err(format!("{command}: {}", String::from_utf8_lossy(&done.stderr)));
        }
    }
    Ok(server)
}

#[test]
fn what_is_printed_for_the_administrator_mends_it() {
    let stage = Stage::new();
    let key = stage.home.key("id_mine");
    let other = stage.home.make_key("id_other", |key| key);
    let rsa = stage.home.make_key("id_rsa", |key| key.rsa());
    // Named as the user is, and in the home that sshd knows: above that sshd looks at no folder, and any may be open to others.
    let own = stage.server_home().join(World::USER);
    fs::create_dir_all(own.join(".ssh")).unwrap();
    let ground = Ground { key, rsa, other, folder: own };
    let mut wrong = Vec::new();
    for case in CASES {
        let keys: Vec<&Key> = (case.also)(&ground).into_iter().chain([(case.key)(&ground)]).collect();
        let server = (case.server)(&ground).start(&stage);
        let open = connections(&server, case.open);
        let (let_in, client) = login(&stage, &server, &keys, World::USER);
        let log = log_of(&server);
        let sources = [Source::new("client.log", Role::Other, client), Source::new("server.log", Role::Other, log)];
        let report = judge(&sources);
        let of_reason = report.diagnosis.findings.iter().filter(|finding| finding.reason == Some(case.reason));
        let fixes: Vec<&Fix> = of_reason
            .flat_map(|finding| &finding.fixes)
            .filter(|fix| fix.audience == Audience::Administrator)
            .collect();
        if let_in || fixes.is_empty() {
            wrong.push(format!("{}: let in: {let_in}, {} fixes\n{}", case.reason, fixes.len(), server.log()));
            continue;
        }
        drop(open);
        match apply(&stage, server, &fixes) {
            Ok(server) => {
                let open = connections(&server, case.open);
                let (let_in, client) = login(&stage, &server, &keys, World::USER);
                if !let_in {
                    let printed: Vec<_> = fixes.iter().map(|fix| (fix.command(), fix.config())).collect();
                    wrong.push(format!("{}: {printed:?}, and still refused\n{client}\n{}", case.reason, server.log()));
                }
                drop(open);
            }
            Err(error) => wrong.push(format!("{}: {error}", case.reason)),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(CASES.len() >= 15);
}
