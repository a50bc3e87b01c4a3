//! Two clients at one server: the log of the one that gets in beside that of the one that does not.

use ssh_why::model::Role;

use crate::kit::{Report, Source, assert_true, judge, text};

/// A log of `fixtures/pairs`, edited where the case needs it.
fn log(name: &str, edits: &[(&str, &str)]) -> Source {
    let mut words = text(&format!("fixtures/pairs/{name}"));
    for (from, to) in edits {
        assert!(words.contains(from), "{name} holds no {from:?}");
        words = words.replace(from, to);
    }
    Source::new(name, Role::Other, words)
}

fn read(sources: &[Source]) -> Report {
    let report = judge(sources);
    assert_true(&report, sources, "a pair");
    report
}

fn fate(report: &Report) -> (&str, &str) {
    let comparison = &report.json["comparisons"][0];
    (comparison["fate"].as_str().unwrap(), comparison["certainty"].as_str().unwrap())
}

#[test]
fn one_digest_proves_that_the_key_was_not_offered() {
    for failed in ["paramiko-other-keys.log", "paramiko-agent.log"] {
        let report = read(&[log("ssh-md5.log", &[]), log(failed, &[])]);
        assert_eq!((report.verdict(), fate(&report)), ("key-not-offered", ("never-offered", "certain")), "{failed}");
        assert!(report.painted().contains("Paramiko did not offer"), "{}", report.painted());
    }
}

#[test]
fn two_digests_leave_it_to_the_files() {
    let report = read(&[log("ssh-sha256.log", &[]), log("paramiko-other-keys.log", &[])]);
    assert_eq!((report.verdict(), fate(&report)), ("key-not-offered", ("never-offered", "likely")));
    let report = read(&[log("ssh-sha256.log", &[]), log("paramiko-agent.log", &[])]);
    assert_eq!(
        (report.verdict(), fate(&report)),
        ("key-rejected", ("unknown", "likely")),
        "the agent's key has no file"
    );
    let says = report.json["findings"][0]["explanation"].as_str().unwrap();
    assert!(says.contains("ssh-keygen -l -E md5"), "{says}");
}

/// The MD5 of the key that ssh gets in with, as OpenSSH prints it and as Paramiko does.
const RIGHT: &str = "72:e6:8c:fa:30:77:ca:2e:70:9a:51:be:ce:4c:65:0d";
const WRONG: &str = "eef74e61d94c7d0939307b6e512c1092";

#[test]
fn a_key_that_one_client_gets_in_with_is_known_to_the_server() {
    let refused = log("paramiko-other-keys.log", &[(WRONG, &RIGHT.replace(':', ""))]);
    let report = read(&[log("ssh-md5.log", &[]), refused]);
    assert_eq!((report.verdict(), fate(&report)), ("key-rejected", ("refused", "certain")));
    let finding = &report.json["findings"][0];
    assert_eq!(finding["certainty"], "likely", "the server knows the key");
    assert!(finding["explanation"].as_str().unwrap().contains("the same key"), "{finding}");
    assert!(!report.findings().contains(&"ci-keys"), "{:?}", report.findings());
}

/// Of some clients no log names a key: that it shows none says nothing, and the other client's login is no answer.
#[test]
fn silence_about_keys_is_no_proof_that_none_were_offered() {
    for name in ["jsch/0.1.55-refused/java.log", "cargo/1.95.0-refused/client.log", "erlang/4.15-refused/client.log"] {
        let failed = Source::new(name, Role::Other, text(&format!("fixtures/dialects/{name}")));
        let place = judge(std::slice::from_ref(&failed)).sessions()[0].1.clone();
        let host = place["host"].as_str().unwrap_or("box.example");
        let (port, user) = (place["port"].as_u64().unwrap_or(22), place["user"].as_str().unwrap_or("dev"));
        let works = Source::new("ssh.log", Role::Other, login(host, port, user));
        let report = read(&[works, failed]);
        assert_eq!((report.verdict(), fate(&report).0), ("unknown", "unknown"), "{name}: {}", report.painted());
        let open = report.json["findings"].as_array().unwrap().iter().find(|finding| finding["cause"] == "unknown");
        let says = open.unwrap()["explanation"].as_str().unwrap();
        assert!(says.contains("ssh logs in there with /home/dev/.ssh/id_ed25519"), "{name}: {says}");
        assert!(!report.painted().contains("no key offered"), "{name}: {}", report.painted());
    }
}

/// ssh's log of a login by key.
fn login(host: &str, port: u64, user: &str) -> String {
    let key = "/home/dev/.ssh/id_ed25519 ED25519 SHA256:KP1FUi++tpACznwK5r7Lqd8vwYRfFmafBokFP/UPx1Y";
    format!(
        "debug1: Connecting to {host} [192.0.2.10] port {port}.\n\
         debug1: Authenticating to {host}:{port} as '{user}'\n\
         debug1: Next authentication method: publickey\n\
         debug1: Offering public key: {key}\n\
         debug1: Server accepts key: {key}\n\
         Authenticated to {host} ([192.0.2.10]:{port}) using \"publickey\".\n"
    )
}

#[test]
fn other_places_are_not_compared() {
    for edits in [
        [("[192.0.2.10]:2250", "[198.51.100.7]:2250")].as_slice(),
        &[("[192.0.2.10]:2250", "[192.0.2.10]:2222")],
        &[("OpenSSH_9.2p1", "OpenSSH_8.0")],
    ] {
        let report = read(&[log("ssh-md5.log", &[]), log("paramiko-other-keys.log", edits)]);
        assert_eq!(report.json["comparisons"].as_array().unwrap().len(), 0, "{edits:?}");
        assert_ne!(report.verdict(), "key-not-offered", "{edits:?}");
    }
    let report = read(&[log("ssh-sha256.log", &[]), log("paramiko-same-key.log", &[])]);
    assert_eq!(report.json["comparisons"].as_array().unwrap().len(), 0, "both get in");
}
