//! The order that is foretold, against the offers of a real ssh.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::kit::{Agent, Place, Server, World, mode};
use ssh_why::inside::live::gather::Seen;
use ssh_why::inside::live::{gather, order};
use ssh_why::inside::order::{Identity, Step};

const LIMIT: Duration = Duration::from_secs(20);

/// So many set-ups are tried at once.
const SIDE_BY_SIDE: usize = 6;

/// What ssh put to the server, a line each: `NAME TYPE FINGERPRINT[ agent]`, or `NAME` alone where it signed at once.
fn offers(args: &[String], agent: Option<&str>) -> Vec<String> {
    let mut command = Command::new("ssh");
    command.arg("-v").args(args).stdin(Stdio::null());
    match agent {
        Some(socket) => command.env("SSH_AUTH_SOCK", socket),
        None => command.env_remove("SSH_AUTH_SOCK"),
    };
    let output = command.output().unwrap();
    let log = String::from_utf8_lossy(&output.stderr);
    let mut offers = Vec::new();
    let mut trying = None;
    for line in log.lines() {
        let line = line.trim_end();
        if let Some(name) = line.strip_prefix("debug1: Offering public key: ") {
            offers.push(name.replace(" explicit", ""));
            trying = None;
        } else if let Some(name) = line.strip_prefix("debug1: Trying private key: ") {
            trying = Some(name.to_owned());
        } else if line.starts_with("debug1: Authentications that can continue: ") {
            // Only a key that was sent is answered.
            offers.extend(trying.take());
        }
    }
    assert!(log.contains("Permission denied (publickey)"), "{log}");
    offers
}

fn foretold(args: &[String]) -> (Vec<String>, Vec<Identity>) {
    let facts =
        gather::host_facts(&ssh_why::inside::live::program::Program::default(), args, &Seen::default(), LIMIT).unwrap();
    let identities = order::identities("ssh", args, &facts, &Seen::default(), LIMIT);
    let offers = identities
        .iter()
        // Nobody types a passphrase here.
        .filter(|one| one.order.is_some() && one.step != Step::SignAfterPassphrase)
        .map(|one| {
            let name = one.path.as_ref().or(one.label.as_ref()).unwrap();
            match (&one.key, one.step) {
                (Some(key), Step::Query) => {
                    let agent = if one.in_agent { " agent" } else { "" };
                    format!("{name} {} {}{agent}", key.kind, key.fingerprint)
                }
                _ => name.clone(),
            }
        })
        .collect();
    (offers, identities)
}

struct Bench {
    place: Place,
    sshd: Server,
    /// Holds three listed keys, an unlisted one, an encrypted one, a certificate.
    full: Agent,
    empty: Agent,
    short: Agent,
}

impl Bench {
    fn new() -> Self {
        let place = Place::new();
        let sshd = place.sshd("", "MaxAuthTries 100");
        for (name, args) in [
            ("ed", &["-t", "ed25519"] as &[&str]),
            ("ed2", &["-t", "ed25519"]),
            ("rsa", &["-t", "rsa", "-b", "2048"]),
            ("short", &["-t", "rsa", "-b", "1024"]),
            ("ec", &["-t", "ecdsa"]),
            ("locked", &["-t", "ed25519", "-N", "secret"]),
            ("pem", &["-t", "rsa", "-b", "2048", "-m", "PEM"]),
            ("pem-locked", &["-t", "rsa", "-b", "2048", "-m", "PEM", "-N", "secret"]),
            ("certed", &["-t", "ed25519"]),
            ("expired", &["-t", "ed25519"]),
            ("hosted", &["-t", "ed25519"]),
            ("rsa-certed", &["-t", "rsa", "-b", "2048"]),
            ("agent-only", &["-t", "ed25519"]),
            ("a name", &["-t", "ed25519"]),
        ] {
            place.key(name, args);
        }
        let ca = place.key("ca", &["-t", "ed25519"]);
        for (name, args) in [
            ("certed", &["-n", "me"] as &[&str]),
            ("expired", &["-V", "-2d:-1d"]),
            ("hosted", &["-h"]),
            ("rsa-certed", &[]),
        ] {
            let public = place.text(&format!("{name}.pub"));
            let mut words = vec!["-q", "-s", &ca, "-I", "id"];
            words.extend_from_slice(args);
            words.push(&public);
            place.keygen(&words);
        }
        // A public key alone, a private one alone in each form, a foreign .pub, modes, damage.
        std::fs::copy(place.path("agent-only.pub"), place.path("lone.pub")).unwrap();
        std::fs::copy(place.path("ed2"), place.path("bare")).unwrap();
        std::fs::copy(place.path("locked"), place.path("bare-locked")).unwrap();
        std::fs::copy(place.path("pem"), place.path("pem-bare")).unwrap();
        std::fs::copy(place.path("pem-locked"), place.path("pem-bare-locked")).unwrap();
        std::fs::copy(place.path("ed"), place.path("swapped")).unwrap();
        std::fs::copy(place.path("ec.pub"), place.path("swapped.pub")).unwrap();
        std::fs::copy(place.path("ec"), place.path("open")).unwrap();
        mode(&place.path("open"), 0o644);
        std::fs::copy(place.path("pem"), place.path("pem-open")).unwrap();
        mode(&place.path("pem-open"), 0o644);
        std::fs::copy(place.path("ec"), place.path("shut")).unwrap();
        mode(&place.path("shut"), 0);
        std::fs::copy(place.path("ec.pub"), place.path("shut.pub")).unwrap();
        place.write("crlf", &place.read("ed").replace('\n', "\r\n"));
        place.write("crlf-pub", &place.read("ed").replace('\n', "\r\n"));
        place.write("crlf-pub.pub", &place.read("ed.pub").replace('\n', "\r\n"));
        place.write("junk", "junk\n");
        place.write("empty", "");
        place.write("commented.pub", &format!("# mine\n\njunk line\n {}", place.read("rsa.pub")));
        std::os::unix::fs::symlink(place.path("ed"), place.path("link")).unwrap();
        let full = place.agent(&["ec", "agent-only", "rsa", "locked", "certed"]);
        let (empty, short) = (place.agent(&[]), place.agent(&["short", "ed2"]));
        Self { place, sshd, full, empty, short }
    }
}

/// Compares one set-up, and tells how many offers were made. In `words` and `config` an `@` stands for the folder.
fn try_one(folder: &Path, port: u16, what: &str, agent: Option<&str>, config: &str, words: &[&str]) -> usize {
    let at = format!("{}/", folder.to_str().unwrap());
    let fill = |text: &str| text.replace('@', &at);
    let file = format!("{at}config of {what}");
    std::fs::write(&file, fill(config)).unwrap();
    let mut args: Vec<String> = ["-F", &file].map(str::to_owned).into();
    args.extend(words.iter().map(|word| fill(word)));
    for option in [
        "BatchMode=yes",
        "StrictHostKeyChecking=no",
        "UserKnownHostsFile=/dev/null",
        "GlobalKnownHostsFile=/dev/null",
        "ControlPath=none",
        "ConnectTimeout=10",
        "LogLevel=DEBUG",
    ] {
        args.extend(["-o".to_owned(), option.to_owned()]);
    }
    args.push(format!("-oUser={}", World::USER));
    args.push(format!("-oIdentityAgent={}", agent.unwrap_or("none")));
    args.extend(["-p".to_owned(), port.to_string(), "127.0.0.1".to_owned()]);
    let real = offers(&args, None);
    let (told, identities) = foretold(&args);
    assert_eq!(told, real, "{what}\n{identities:#?}");
    real.len()
}

#[test]
fn the_order_is_the_real_one() {
    let bench = Bench::new();
    let (full, empty, short) = (Some(bench.full.path()), Some(bench.empty.path()), Some(bench.short.path()));
    let dead = bench.place.text("no-agent");
    let cases: &[(&str, Option<&str>, &str, &[&str])] = &[
        ("nothing but the defaults", None, "", &[]),
        ("the defaults and an agent", full, "", &[]),
        ("the defaults alone, an agent beside", full, "IdentitiesOnly yes", &[]),
        ("an empty agent", empty, "IdentityFile @ed", &[]),
        ("a dead agent", Some(&dead), "IdentityFile @ed", &[]),
        ("one file", None, "IdentityFile @ed", &[]),
        ("several files", None, "IdentityFile @rsa\nIdentityFile @ed\nIdentityFile @ec", &[]),
        ("files that an agent holds, in its order", full, "IdentityFile @rsa\nIdentityFile @ed\nIdentityFile @ec", &[]),
        ("the same alone", full, "IdentitiesOnly yes\nIdentityFile @rsa\nIdentityFile @ed\nIdentityFile @ec", &[]),
        ("-i does not come first", full, "", &["-i", "@ed"]),
        ("-i of a key that the agent holds", full, "", &["-i", "@rsa"]),
        ("-i alone", full, "", &["-i", "@ed", "-o", "IdentitiesOnly=yes"]),
        ("-i before the config's", None, "IdentityFile @rsa", &["-i", "@ed", "-i", "@ec"]),
        ("-o before the config's", None, "IdentityFile @rsa", &["-o", "IdentityFile=@ed"]),
        ("-i that does not exist", full, "", &["-i", "@missing"]),
        ("a config line that does not exist", full, "IdentityFile @missing\nIdentityFile @ed", &[]),
        ("-i of a public key", full, "", &["-i", "@agent-only.pub", "-o", "IdentitiesOnly=yes"]),
        ("a public key alone", None, "IdentityFile @lone", &[]),
        ("a public key alone that an agent holds", full, "IdentityFile @lone\nIdentitiesOnly yes", &[]),
        ("a public key with lines before it", None, "IdentityFile @commented.pub\nIdentityFile @commented", &[]),
        ("no public file beside", None, "IdentityFile @bare", &[]),
        ("no public file beside, encrypted", None, "IdentityFile @bare-locked\nIdentityFile @ed", &[]),
        ("PEM with its public file", None, "IdentityFile @pem\nIdentityFile @pem-locked", &[]),
        ("PEM alone is signed with at once", None, "IdentityFile @pem-bare\nIdentityFile @ed", &[]),
        ("PEM alone, encrypted", None, "IdentityFile @pem-bare-locked\nIdentityFile @ed", &[]),
        ("the public file of another key", None, "IdentityFile @swapped", &[]),
        ("a mode too open", None, "IdentityFile @open\nIdentityFile @pem-open\nIdentityFile @ed", &[]),
        ("an unreadable file", None, "IdentityFile @shut\nIdentityFile @ed", &[]),
        ("CR LF", None, "IdentityFile @crlf\nIdentityFile @crlf-pub", &[]),
        ("no keys at all", None, "IdentityFile @junk\nIdentityFile @empty\nIdentityFile @\nIdentityFile @ed", &[]),
        ("one key under two paths", None, "IdentityFile @ed\nIdentityFile @./ed\nIdentityFile @link", &[]),
        ("one key under two paths, held by an agent", full, "IdentityFile @ec\nIdentityFile @./ec", &[]),
        ("the same path twice", None, "IdentityFile @ed\nIdentityFile @ed", &["-i", "@ed"]),
        ("a name with a blank", None, "IdentityFile \"@a name\"", &[]),
        ("a certificate beside", None, "IdentityFile @certed", &[]),
        ("a certificate beside that an agent holds", full, "IdentityFile @certed", &[]),
        ("the same alone", full, "IdentityFile @certed\nIdentitiesOnly yes", &[]),
        ("an expired certificate", None, "IdentityFile @expired", &[]),
        ("a host's certificate", None, "IdentityFile @hosted", &[]),
        ("an RSA certificate", None, "IdentityFile @rsa-certed", &[]),
        ("CertificateFile", None, "CertificateFile @certed-cert.pub\nIdentityFile @ed", &[]),
        (
            "CertificateFile switches the others off",
            None,
            "CertificateFile @certed-cert.pub\nIdentityFile @rsa-certed",
            &[],
        ),
        ("CertificateFile and an agent", full, "CertificateFile @rsa-certed-cert.pub\nIdentityFile @certed", &[]),
        ("CertificateFile that is no certificate", None, "CertificateFile @ed.pub\nIdentityFile @certed", &[]),
        ("CertificateFile that does not exist", None, "CertificateFile @missing\nIdentityFile @certed", &[]),
        ("CertificateFile of a host", None, "CertificateFile @hosted-cert.pub\nIdentityFile @ed", &[]),
        ("no RSA", full, "IdentityFile @rsa\nIdentityFile @ed", &["-o", "PubkeyAcceptedAlgorithms=ssh-ed25519"]),
        (
            "RSA by one of its signatures",
            full,
            "IdentityFile @rsa\nIdentityFile @ed",
            &["-o", "PubkeyAcceptedAlgorithms=rsa-sha2-256"],
        ),
        (
            "all but one",
            None,
            "IdentityFile @pem-bare\nIdentityFile @ed\nIdentityFile @ec",
            &["-o", "PubkeyAcceptedAlgorithms=-ecdsa-*"],
        ),
        (
            "no certificates",
            None,
            "IdentityFile @certed\nIdentityFile @rsa-certed",
            &["-o", "PubkeyAcceptedAlgorithms=-*cert*"],
        ),
        (
            "PEM of an algorithm left out",
            None,
            "IdentityFile @pem-bare\nIdentityFile @ed",
            &["-o", "PubkeyAcceptedAlgorithms=-rsa*"],
        ),
        ("short RSA by the usual limit", short, "IdentityFile @short", &[]),
        ("short RSA", short, "IdentityFile @short\nIdentityFile @rsa\nRequiredRSASize 2048", &[]),
        ("a higher limit", full, "IdentityFile @pem-bare\nIdentityFile @rsa-certed\nRequiredRSASize 3072", &[]),
        ("no keys wanted", full, "PubkeyAuthentication no\nIdentityFile @ed", &[]),
        ("another method preferred", full, "PreferredAuthentications password\nIdentityFile @ed", &[]),
        ("publickey among the preferred", full, "PreferredAuthentications password,publickey\nIdentityFile @ed", &[]),
        (
            "tokens in names",
            None,
            "IdentityFile @%n-x\nHost 127.0.0.1\nIdentityFile %d/none\nIdentityFile @e%%d\nIdentityFile @ed",
            &[],
        ),
        ("none among the names", full, "IdentityFile none\nIdentityFile @ed", &[]),
        (
            "blocks add up",
            None,
            "Host 127.0.0.*\nIdentityFile @ed\nHost other\nIdentityFile @rsa\nHost *\nIdentityFile @ec",
            &[],
        ),
        ("an encrypted key that the agent holds", full, "IdentityFile @locked\nIdentitiesOnly yes", &[]),
    ];
    assert!(cases.len() >= 40);
    let next = AtomicUsize::new(0);
    let offers = AtomicUsize::new(0);
    let (folder, port) = (bench.place.folder(), bench.sshd.port);
    // Most of the time is spent waiting for one another.
    std::thread::scope(|scope| {
        for _ in 0..SIDE_BY_SIDE {
            scope.spawn(|| {
                while let Some((what, agent, config, words)) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    offers.fetch_add(try_one(folder, port, what, *agent, config, words), Ordering::Relaxed);
                }
            });
        }
    });
    assert!(offers.into_inner() > cases.len(), "too few offers to prove much");
}
