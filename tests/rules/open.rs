//! What is told where the cause is not: where the log ends, and what the client that wrote it would have tried.

use crate::kit::{Source, judge};
use ssh_why::Diagnosis;
use ssh_why::model::{Certainty, Role};

fn read(log: &str) -> Diagnosis {
    judge(&[Source::new("a.log", Role::Other, log)]).diagnosis
}

#[test]
fn a_log_that_ends_at_the_question_for_a_passphrase() {
    let log = "debug1: Authenticating to box:22 as 'dev'\ndebug1: Next authentication method: publickey\n\
               debug1: Trying private key: /home/dev/.ssh/work\nEnter passphrase for key '/home/dev/.ssh/work': \n";
    let diagnosis = read(log);
    assert_eq!(diagnosis.verdict.cause, "unknown");
    let says = &diagnosis.findings[0].explanation;
    assert!(says.contains("It ends where ssh asks for the passphrase of /home/dev/.ssh/work"), "{says}");
}

#[test]
fn a_refusal_without_a_reason_tells_what_the_client_tries() {
    let log = "dbclient: Connection to dev@box:22 exited: No auth methods could be used.\n";
    let diagnosis = read(log);
    assert_eq!(diagnosis.verdict.cause, "unknown");
    let finding = &diagnosis.findings[0];
    assert!(finding.explanation.contains("tries ~/.ssh/id_dropbear and no other file"), "{}", finding.explanation);
    assert!(finding.fixes.iter().any(|fix| fix.title.contains("takes a key by -i FILE")), "{:?}", finding.fixes);
    let ssh = read("dev@box: Permission denied (publickey).\n");
    assert_eq!(ssh.verdict.cause, "unknown");
    assert!(!ssh.findings[0].explanation.contains("id_dropbear"));
}

#[test]
fn no_command_without_a_destination() {
    let mut log = String::new();
    for key in 1..7 {
        log += &format!("debug1: Will attempt key: /home/dev/.ssh/k{key} RSA SHA256:{key:043} agent\n");
    }
    log += "debug1: Will attempt key: /home/dev/.ssh/right ED25519 SHA256:7777777777777777777777777777777777777777777 explicit\n\
            debug1: Next authentication method: publickey\n";
    for key in 1..7 {
        log += &format!("debug1: Offering public key: /home/dev/.ssh/k{key} RSA SHA256:{key:043} agent\n");
        log += "debug1: Authentications that can continue: publickey\n";
    }
    log += "Received disconnect from UNKNOWN port 65535:2: Too many authentication failures\n";
    let diagnosis = read(&log);
    assert_eq!(diagnosis.verdict.cause, "too-many-failures");
    assert_eq!(diagnosis.no_suggestion.as_deref(), Some("The log does not show the destination."));
}

/// However many keys were offered, the proof of a refusal has the line that ends it.
#[test]
fn the_end_is_among_the_proof_of_many_refusals() {
    let mut log =
        "debug1: Authenticating to box:22 as 'dev'\ndebug1: Next authentication method: publickey\n".to_owned();
    for key in 0..200 {
        log += &format!("debug1: Offering public key: /home/dev/.ssh/k{key} RSA SHA256:{key:043}\n");
        log += "debug1: Authentications that can continue: publickey\n";
    }
    log += "debug1: No more authentication methods to try.\ndev@box: Permission denied (publickey).\n";
    let diagnosis = read(&log);
    assert_eq!((diagnosis.verdict.cause, diagnosis.verdict.certainty), ("key-rejected", Certainty::Certain));
    let evidence = &diagnosis.findings[0].evidence;
    assert!(evidence[0].text.contains("/home/dev/.ssh/k0 "), "{evidence:?}");
    assert!(evidence.iter().any(|line| line.text == "dev@box: Permission denied (publickey)."), "{evidence:?}");
}

#[test]
fn refused_passwords_are_told() {
    let tries = "dev@box's password: \nPermission denied, please try again.\n".repeat(2);
    for (end, cause) in [
        ("dev@box's password: \ndev@box: Permission denied (publickey,password).\n", "unknown"),
        // The server's own limit: of tries, or of time.
        ("dev@box's password: \nConnection closed by 192.0.2.7 port 22\n", "unknown"),
    ] {
        let diagnosis = read(&format!("{tries}{end}"));
        assert_eq!(diagnosis.verdict.cause, cause);
        assert!(diagnosis.verdict.summary.contains("refused the password"), "{:?}", diagnosis.verdict);
        assert!(diagnosis.findings[0].explanation.contains("2 refusals of the password"), "{:?}", diagnosis.findings);
    }
    let limit =
        "dev@box's password: \nReceived disconnect from 192.0.2.7 port 22:2: Too many authentication failures\n";
    let diagnosis = read(&format!("{tries}{limit}"));
    assert_eq!(diagnosis.verdict.cause, "too-many-failures");
    assert!(!diagnosis.verdict.summary.contains("keys"), "{:?}", diagnosis.verdict);
    assert!(diagnosis.findings[0].explanation.contains("2 refusals of passwords"), "{:?}", diagnosis.findings);
}

#[test]
fn a_host_that_answers_later_is_not_out_of_reach() {
    let out = "ssh: connect to host box.example port 22: Connection refused\n".repeat(3);
    let denied = "dev@box.example: Permission denied (publickey).\n";
    let diagnosis = read(&format!("{out}{denied}"));
    assert!(diagnosis.verdict.summary.contains("refused the login"), "{:?}", diagnosis.verdict);
    let out_only = read(&out);
    assert_eq!(out_only.verdict.cause, "connection-refused");
    // Of another host it tells nothing, nor if it was let in first and gone then.
    let other = read(&format!("{out}dev@other.example: Permission denied (publickey).\n"));
    assert_eq!(other.verdict.cause, "connection-refused");
    let gone = read(&format!("{denied}{out}"));
    assert_eq!(gone.verdict.cause, "connection-refused");
    // Go names the host where it connects, and not where it logs in.
    let go = "2026/01/02 03:04:05 dial tcp 192.0.2.7:22: connect: connection refused\n\
              2026/01/02 03:04:25 ssh: handshake failed: ssh: unable to authenticate, attempted methods [none publickey], \
              no supported methods remain\n";
    assert_eq!(read(go).verdict.cause, "key-rejected");
}

#[test]
fn a_server_that_sends_no_greeting_was_reached() {
    for log in [
        "Connection timed out during banner exchange\nConnection to 192.0.2.7 port 2222 timed out\n",
        "debug1: Connecting to box [192.0.2.7] port 2222.\ndebug1: Connection established.\n\
         debug1: Local version string SSH-2.0-OpenSSH_9.6\nConnection timed out during banner exchange\n",
    ] {
        let verdict = read(log).verdict;
        assert_eq!(verdict.cause, "connection-timeout");
        assert!(verdict.summary.contains("No greeting came from"), "{verdict:?}");
    }
}

#[test]
fn a_version_alone_is_no_run() {
    let version = "My client is OpenSSH_9.1p1 Debian-2, OpenSSL 3.0.7 1 Nov 2022\n\n";
    let sshd = "Feb 21 10:58:02 box sshd[19345]: Invalid user bob from 192.0.2.9 port 5555\n\
                Feb 21 10:58:02 box sshd[19345]: Connection closed by invalid user bob 192.0.2.9 port 5555 [preauth]\n";
    let paramiko = "DEBUG:paramiko.transport:starting thread (client mode): 0x1\n\
                    INFO:paramiko.transport:Authentication (publickey) failed.\n";
    for (log, dialect) in [(sshd, "sshd"), (paramiko, "paramiko")] {
        let (with, without) = (read(&format!("{version}{log}")), read(log));
        assert_eq!(with.verdict, without.verdict);
        let [only] = &with.case.transcripts[0].sessions[..] else { panic!("{:?}", with.case.transcripts) };
        assert_eq!(only.author.id, dialect);
        assert_eq!(with.case.transcripts[0].author.id, dialect);
    }
    // Where it is all that there is, it is told.
    assert_eq!(read(version).case.transcripts[0].sessions.len(), 1);
}

#[test]
fn each_retry_has_the_host_that_it_names() {
    let run = |host: &str| {
        format!(
            "Warning: Permanently added '[{host}]:2222' (ED25519) to the list of known hosts.\nPermission denied (publickey).\n"
        )
    };
    let diagnosis = read(&format!("{}{}", run("one.example"), run("two.example")));
    let hosts: Vec<_> =
        diagnosis.case.transcripts[0].sessions.iter().map(|session| (session.host.as_deref(), session.port)).collect();
    assert_eq!(hosts, [(Some("one.example"), Some(2222)), (Some("two.example"), Some(2222))]);
}

#[test]
fn a_name_that_was_masked_is_none() {
    for log in [
        "dial tcp [ip hidden]:22: connect: connection refused\n",
        "ssh: connect to host *** port 22: Connection refused\n",
        "ssh: connect to host {{ip}} port 22: Connection refused\n",
    ] {
        let session = &read(log).case.transcripts[0].sessions[0];
        assert_eq!((&session.host, &session.address), (&None, &None), "{log}");
    }
}

/// What a program that runs ssh adds to ssh's words names no server.
#[test]
fn a_wrappers_sentence_is_no_address() {
    let log = "Remote: dev@box.example: Permission denied (publickey).\n\
               Connection closed by remote host. Is borg working on the server?\n";
    let diagnosis = read(log);
    let [only] = &diagnosis.case.transcripts[0].sessions[..] else { panic!("{:?}", diagnosis.case.transcripts) };
    assert_eq!((only.host.as_deref(), only.address.as_deref()), (Some("box.example"), None));
    assert!(diagnosis.verdict.summary.contains("refused the login"), "{:?}", diagnosis.verdict);
}

/// A proxy's end looks like a server's, unless ssh says that it connected by itself.
#[test]
fn who_closed_before_the_greeting_is_certain_by_the_address_alone() {
    let closed = "kex_exchange_identification: Connection closed by remote host\n";
    let certainty = |log: &str| {
        let verdict = read(log).verdict;
        assert_eq!(verdict.cause, "connection-closed", "{log}");
        verdict.certainty
    };
    assert_eq!(certainty(closed), Certainty::Likely);
    assert_eq!(certainty(&format!("{closed}Connection closed by 192.0.2.7 port 22\n")), Certainty::Certain);
    assert_eq!(
        certainty(&format!(
            "debug1: Connecting to box [192.0.2.7] port 22.\ndebug1: Connection established.\n\
             debug1: Local version string SSH-2.0-OpenSSH_9.6\n{closed}"
        )),
        Certainty::Certain
    );
}
