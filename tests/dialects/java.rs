//! Java's libraries besides JSch: Trilead with what Jenkins says around it, and sshj.

use crate::kit::{Report, Source, judge};
use ssh_why::model::Role;

fn read(log: &str) -> Report {
    judge(&[Source::new("java.log", Role::Other, log)])
}

/// The only session: dialect, outcome, user, host and port.
fn only(report: &Report) -> (&str, &str, Option<&str>, Option<&str>, Option<u64>) {
    let transcript = &report.json["transcripts"][0];
    let sessions = transcript["sessions"].as_array().unwrap();
    assert_eq!(sessions.len(), 1, "{}", report.json);
    let text = |field: &str| sessions[0][field].as_str();
    (
        transcript["dialect"].as_str().unwrap(),
        text("outcome").unwrap(),
        text("user"),
        text("host"),
        sessions[0]["port"].as_u64(),
    )
}

const OPENING: &str = "[05/01/24 10:00:00] [SSH] Opening SSH connection to box.example:2222.\n";
const FAILED: &str =
    "[05/01/24 10:00:01] [SSH] Authentication failed.\nhudson.AbortException: Authentication failed.\n";

#[test]
fn jenkins_tells_each_key_that_was_refused() {
    let refused = |count: u8| {
        format!("ERROR: Server rejected the {count} private key(s) for dev (credentialId:deploy/method:publickey)\n")
    };
    for keys in 1..=2_u8 {
        let lines: String = (1..=keys).map(refused).collect();
        let report = read(&format!("{OPENING}{lines}{FAILED}"));
        assert_eq!(only(&report), ("trilead", "denied", Some("dev"), Some("box.example"), Some(2222)));
        assert_eq!(report.verdict(), "key-rejected");
        let offered = report.json["transcripts"][0]["sessions"][0]["offered"].as_array().unwrap();
        assert_eq!(offered.len(), usize::from(keys));
        assert!(offered.iter().all(|offer| offer["reply"] == "refused"), "{offered:?}");
    }
}

#[test]
fn jenkins_other_words() {
    let wrong = "ERROR: Failed to authenticate as dev. Wrong password. (credentialId:deploy/method:password)\n";
    let report = read(&format!("{OPENING}{wrong}{FAILED}"));
    assert_eq!(only(&report), ("trilead", "denied", Some("dev"), Some("box.example"), Some(2222)));
    assert_eq!(report.verdict(), "unknown");
    let without = "ERROR: The server does not allow public key authentication. Available options are [password]\n";
    let report = read(&format!("{OPENING}{without}{FAILED}"));
    assert_eq!(report.verdict(), "method-unavailable", "{}", report.json);
    for (said, cause) in [
        (
            "WARNING: No entry currently exists in the Known Hosts file for this host. Connections will be denied",
            "host-key-unknown",
        ),
        (
            "WARNING: The SSH key for this host does not match the key required in the Known Hosts file.",
            "host-key-changed",
        ),
    ] {
        let report = read(&format!(
            "{OPENING}[05/01/24 10:00:00] [SSH] {said}\nKey exchange was not finished, connection is closed.\n\
             java.io.IOException: There was a problem while connecting to box.example:2222\n"
        ));
        assert_eq!(report.verdict(), cause, "{}", report.json);
        assert_eq!(only(&report).1, "host-key");
    }
    let key = "[SSH] SSH host key matches key in Known Hosts file. Connection will be allowed.\n";
    let report = read(&format!("{OPENING}{key}[05/01/24 10:00:01] [SSH] Authentication successful.\n"));
    assert_eq!(report.verdict(), "authenticated", "{}", report.json);
}

/// It stops with one sentence for all that can go wrong; the exception below it decides.
#[test]
fn trileads_first_sentence_decides_nothing() {
    let failed = "java.io.IOException: Publickey authentication failed.\n\tat com.trilead.ssh2.Connection.x(Connection.java:1)\n";
    assert_eq!(read(failed).verdict(), "unknown");
    let told = "java.io.IOException: Peer sent DISCONNECT message (reason code 2): Too many authentication failures\n";
    assert_eq!(read(&format!("{failed}Caused by: {told}")).verdict(), "too-many-failures");
    // Without the library's words they are any program's.
    let report = read("java.net.ConnectException: Connection refused\n\tat com.example.Db.open(Db.java:3)\n");
    assert!(report.json["transcripts"][0]["sessions"].as_array().unwrap().is_empty(), "{}", report.json);
}

const EXHAUSTED: &str = "net.schmizz.sshj.userauth.UserAuthException: Exhausted available authentication methods\n\
                         \tat net.schmizz.sshj.SSHClient.auth(SSHClient.java:217)\n";

#[test]
fn sshj_names_the_key_in_the_cause() {
    let report = read(EXHAUSTED);
    assert_eq!((report.verdict(), only(&report).1), ("unknown", "denied"));
    for (half, cause) in [("public", "identity-invalid"), ("private", "passphrase")] {
        let report = read(&format!(
            "{EXHAUSTED}Caused by: net.schmizz.sshj.userauth.UserAuthException: Problem getting {half} key from \
             PKCS8KeyFile{{resource=[PrivateKeyFileResource] /home/dev/.ssh/deploy}}\n"
        ));
        only(&report);
        let summary = report.json["verdict"]["summary"].as_str().unwrap();
        assert_eq!(report.verdict(), cause, "{half}");
        assert!(summary.contains("/home/dev/.ssh/deploy"), "{half}: {summary}");
    }
}

#[test]
fn sshj_tells_its_methods_in_its_log() {
    let log = "INFO  TransportImpl - Client identity string: SSH-2.0-SSHJ_0.38.0\n\
               INFO  TransportImpl - Server identity string: SSH-2.0-OpenSSH_9.2p1\n\
               DEBUG UserAuthImpl - Trying `publickey` auth...\n\
               DEBUG AuthPublickey - Attempting authentication using PKCS8KeyFile{resource=[PrivateKeyFileResource] /srv/id}\n\
               DEBUG UserAuthImpl - `publickey` auth failed\n";
    let report = read(&format!("{log}{EXHAUSTED}"));
    assert_eq!((report.verdict(), only(&report).0), ("key-rejected", "sshj"));
    assert_eq!(report.json["transcripts"][0]["sessions"][0]["offered"][0]["path"], "/srv/id");
}

#[test]
fn sshj_and_the_line() {
    let thrown = |said: &str| read(&format!("net.schmizz.sshj.transport.TransportException: {said}\n"));
    for (said, outcome) in [
        (
            "[HOST_KEY_NOT_VERIFIABLE] Could not verify `ssh-ed25519` host key with fingerprint `SHA256:x` for `box.example` on port 2222",
            "host-key",
        ),
        ("Server closed connection during identification exchange", "network"),
        ("Unable to reach a settlement: [ssh-ed25519] and [ssh-rsa, ssh-dss]", "kex"),
        ("Unable to reach a settlement of HostKeyAlgorithms: [ssh-ed25519] and [ssh-rsa]", "kex"),
        ("Timeout expired", "network"),
        ("[KEY_EXCHANGE_FAILED] KeyExchange signature verification failed", "client-error"),
    ] {
        let report = thrown(said);
        assert_eq!((only(&report).0, only(&report).1), ("sshj", outcome), "{said}");
    }
    let report =
        thrown("Could not verify `ssh-ed25519` host key with fingerprint `SHA256:x` for `box.example` on port 2222");
    assert_eq!((only(&report).3, only(&report).4), (Some("box.example"), Some(2222)));
}
