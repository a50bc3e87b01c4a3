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
