//! What a server, a proxy or the system says in so many words, where ssh itself says little.

use crate::kit::{Source, judge};
use ssh_why::Diagnosis;
use ssh_why::model::{Certainty, Role};

fn read(log: &str) -> Diagnosis {
    judge(&[Source::new("a.log", Role::Other, log)]).diagnosis
}

fn verdict(log: &str) -> (&'static str, Certainty) {
    let verdict = read(log).verdict;
    (verdict.cause, verdict.certainty)
}

#[test]
fn an_expired_password_keeps_out_whom_the_key_lets_in() {
    let login = "Authenticated to box.example ([192.0.2.7]:22) using \"publickey\".\n";
    let words = "WARNING: Your password has expired.\nPassword change required but no TTY available.\n";
    // The words are the server's; the status is ssh's own.
    assert_eq!(
        verdict(&format!("{login}{words}debug1: Exit status 1\n")),
        ("accepted-then-denied", Certainty::Certain)
    );
    assert_eq!(verdict(&format!("{login}{words}")), ("accepted-then-denied", Certainty::Likely));
    assert_eq!(verdict(words), ("accepted-then-denied", Certainty::Likely));
    assert_eq!(verdict(&format!("{login}{words}debug1: Exit status 0\n")).0, "authenticated");
    let changing = "You are required to change your password immediately (administrator enforced).\n\
                    Changing password for dev.\nCurrent password: \n";
    assert_eq!(verdict(&format!("{login}{changing}")), ("accepted-then-denied", Certainty::Likely));
    // Behind a prefix of a program that runs ssh, and not in a sentence of somebody else's.
    assert_eq!(verdict("[00012] WARNING: Your password has expired.\n").0, "accepted-then-denied");
    assert_eq!(
        verdict(&format!("{login}You are required to change your password immediately after this talk\n")).0,
        "authenticated"
    );
}

#[test]
fn an_expired_account_is_no_matter_of_the_network() {
    let words = "Your account has expired; please contact your system administrator.\n";
    let closed = "Connection closed by 192.0.2.7 port 22\n";
    assert_eq!(verdict(&format!("{words}{closed}")), ("accepted-then-denied", Certainty::Likely));
    assert_eq!(verdict(closed).0, "connection-closed");
    let password =
        "debug1: Authentications that can continue: password\ndebug1: Next authentication method: password\n";
    assert_eq!(verdict(&format!("{password}{words}{closed}")), ("accepted-then-denied", Certainty::Likely));
}

#[test]
fn a_refused_forwarding_is_told_at_any_channel() {
    let login = "Authenticated to jump.example ([192.0.2.7]:22) using \"publickey\".\n";
    let refused = "channel 3: open failed: administratively prohibited: open failed\n";
    let told = |log: &str| read(log).findings.iter().any(|finding| finding.title.contains("refuses to forward"));
    assert!(told(&format!("{login}{refused}")));
    // A target that does not answer is no rule of the server's.
    assert!(!told(&format!("{login}channel 3: open failed: connect failed: Connection refused\n")));
    let way = read(&format!("{refused}stdio forwarding failed\nConnection closed by UNKNOWN port 65535\n"));
    assert_eq!((way.verdict.cause, way.verdict.certainty), ("proxy-failed", Certainty::Certain));
    assert!(way.findings[0].fixes.iter().any(|fix| fix.title.contains("AllowTcpForwarding")), "{:?}", way.findings);
}

#[test]
fn a_proxy_s_program_that_is_not_there() {
    let failed = "CreateProcessW failed error:2\nposix_spawn: No such file or directory\n";
    let jump = "OpenSSH_for_Windows_7.7p1, LibreSSL 2.6.5\n\
                debug1: Setting implicit ProxyCommand from ProxyJump: ssh -v -W '[%h]:%p' jump.example\n\
                debug1: Executing proxy command: exec ssh -v -W '[box.example]:22' jump.example\n";
    for (log, certainty) in [(format!("{jump}{failed}"), Certainty::Certain), (failed.into(), Certainty::Likely)] {
        let diagnosis = read(&log);
        assert_eq!((diagnosis.verdict.cause, diagnosis.verdict.certainty), ("proxy-failed", certainty), "{log}");
        assert!(diagnosis.findings[0].fixes[0].title.contains("ssh.exe -W %h:%p"), "{:?}", diagnosis.findings);
    }
}

#[test]
fn what_a_tailnet_refuses_is_no_failed_proxy() {
    let words = "tailscale: tailnet policy does not permit you to SSH to this node\n";
    for end in ["Connection closed by UNKNOWN port 65535\n", "Connection closed by 100.64.0.7 port 22\n"] {
        let diagnosis = read(&format!("{words}{end}"));
        assert_eq!((diagnosis.verdict.cause, diagnosis.verdict.certainty), ("accepted-then-denied", Certainty::Likely));
        assert!(diagnosis.verdict.summary.contains("tailnet"), "{:?}", diagnosis.verdict);
        assert_eq!(diagnosis.findings.len(), 1, "{:?}", diagnosis.findings);
    }
}

#[test]
fn a_proxy_s_own_error_comes_before_the_cut() {
    let closed = "kex_exchange_identification: Connection closed by remote host\n";
    for error in [
        "2026-01-02T03:04:05Z ERR failed to connect to origin error=\"websocket: bad handshake\" originURL=https://box.example\n",
        "websocket: bad handshake\n",
        "An error occurred (TargetNotConnected) when calling the StartSession operation: i-0123456789abcdef0 is not connected.\n",
        "ERROR: (gcloud.compute.start-iap-tunnel) Error while connecting [4003: 'failed to connect to backend'].\n",
    ] {
        assert_eq!(verdict(&format!("{error}{closed}")), ("proxy-failed", Certainty::Likely), "{error}");
    }
    let other = "An error occurred (AccessDenied) when calling the ListBuckets operation: Access Denied\n";
    assert_eq!(verdict(&format!("{other}{closed}")).0, "connection-closed");
}

#[test]
fn the_system_s_reason_in_any_language() {
    for (reason, cause) in [
        ("Connection refused", "connection-refused"),
        ("Verbindungsaufbau abgelehnt", "connection-refused"),
        ("Connexion refusée", "connection-refused"),
        ("拒绝连接", "connection-refused"),
        ("В соединении отказано", "connection-refused"),
        ("Die Wartezeit für die Verbindung ist abgelaufen", "connection-timeout"),
        ("Connexion terminée par expiration du délai d’attente", "connection-timeout"),
        ("接続がタイムアウトしました", "connection-timeout"),
        ("No existe ninguna ruta hasta el «host»", "network-unreachable"),
        ("A rede está fora de alcance", "network-unreachable"),
        ("etwas anderes", "unknown"),
    ] {
        let log = format!("ssh: connect to host box.example port 22: {reason}\n");
        assert_eq!(verdict(&log), (cause, Certainty::Certain), "{reason}");
    }
}

#[test]
fn the_agent_s_and_the_tools_own_words() {
    let denied = "git@box.example: Permission denied (publickey).\n";
    let agent = format!("Error reading response length from authentication socket.\n{denied}");
    assert_eq!(verdict(&agent).0, "agent-unreachable");
    assert_eq!(verdict("error fetching identities: communication with agent failed\n").0, "agent-unreachable");
    assert_eq!(verdict("/usr/bin/ssh-copy-id: ERROR: No identities found\n").0, "no-identity");
    for log in ["dev@box.example: Permission Denied (publickey).\n", "Permission Denied (publickey)\n"] {
        assert!(read(log).verdict.summary.contains("refused the login"), "{log}");
    }
    assert!(read("Permission Denied (for this folder)\n").case.transcripts[0].sessions.is_empty());
}

#[test]
fn what_retries_say_alike_is_said_once() {
    let denied = "dev@box.example: Permission denied (publickey).\n";
    let run = format!("$ ssh dev@box.example\n{denied}");
    let diagnosis = read(&run.repeat(3));
    assert_eq!(diagnosis.case.transcripts[0].sessions.len(), 3);
    let [only] = &diagnosis.findings[..] else { panic!("{:?}", diagnosis.findings) };
    let lines: Vec<_> = only.evidence.iter().map(|evidence| evidence.line).filter(|line| line % 2 == 0).collect();
    assert_eq!(lines.len(), 3, "{:?}", only.evidence);
    // Another host's is another finding.
    let other = run.replace("box.example", "other.example");
    assert_eq!(read(&format!("{run}{other}")).findings.len(), 2);
}

#[test]
fn a_client_that_left_is_no_proof_of_a_refused_key() {
    let line = |text: &str| format!("Feb 21 10:58:02 box sshd[19345]: {text} dev 192.0.2.9 port 5555");
    let left = format!("{} [preauth]\n", line("Connection closed by authenticating user"));
    let diagnosis = read(&left);
    assert_eq!((diagnosis.verdict.cause, diagnosis.verdict.certainty), ("key-rejected", Certainty::Possible));
    assert!(diagnosis.findings[0].fixes[0].title.contains("ssh -v"), "{:?}", diagnosis.findings);
    let failed =
        format!("{} ssh2: ED25519 SHA256:{:043}\n", line("Failed publickey for").replace("for dev", "for dev from"), 7);
    assert_eq!(verdict(&format!("{failed}{left}")), ("key-rejected", Certainty::Likely));
}

#[test]
fn a_port_behind_the_host_is_the_fault() {
    let log =
        "$ ssh dev@box.example:2222\nssh: Could not resolve hostname box.example:2222: Name or service not known\n";
    let diagnosis = read(log);
    assert_eq!(diagnosis.verdict.cause, "dns");
    assert_eq!(diagnosis.suggestion.map(|it| it.command), Some("ssh -p 2222 dev@box.example".into()));
    let repository = read("ssh: Could not resolve hostname box.example:team: Name or service not known\n");
    assert!(repository.findings[0].explanation.contains("a repository's address"), "{:?}", repository.findings);
    assert_eq!(repository.suggestion, None);
}
