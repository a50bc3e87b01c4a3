//! Go's x/crypto/ssh: words that have several causes, and words that are a server's.

use crate::kit::{Report, Source, judge};
use ssh_why::model::Role;

fn read(log: &str) -> Report {
    judge(&[Source::new("go.log", Role::Other, log)])
}

fn certainty(report: &Report) -> &str {
    report.json["verdict"]["certainty"].as_str().unwrap()
}

#[test]
fn a_mismatch_may_be_a_key_of_another_type() {
    let report = read("ssh: handshake failed: knownhosts: key mismatch\n");
    assert_eq!((report.verdict(), certainty(&report)), ("host-key-changed", "likely"));
}

#[test]
fn a_refusal_names_no_key_and_may_be_none() {
    let said = |methods: &str| {
        read(&format!(
            "ssh: handshake failed: ssh: unable to authenticate, attempted methods [{methods}], no supported methods remain\n"
        ))
    };
    let refused = said("none publickey");
    assert_eq!((refused.verdict(), certainty(&refused)), ("key-rejected", "likely"));
    assert_eq!(refused.json["transcripts"][0]["sessions"][0]["offered"].as_array().unwrap().len(), 0);
    // A key that was taken is not on the list where a second factor is wanted.
    assert_eq!(said("none").verdict(), "unknown");
}

#[test]
fn a_servers_words_stay_a_servers() {
    let log = "ssh: handshake failed: ssh: disconnect, reason 2: ssh: handshake failed: knownhosts: key mismatch\n";
    assert_ne!(read(log).verdict(), "host-key-changed");
}

#[test]
fn one_error_for_two_hosts_is_two_sessions() {
    let error = "ssh: handshake failed: ssh: unable to authenticate, attempted methods [none publickey], no supported methods remain";
    let report = read(&format!(
        "unable to clone 'ssh://git@one.example/a', error: {error}\nunable to clone 'ssh://git@one.example/a', error: {error}\n\
         unable to clone 'ssh://git@two.example/a', error: {error}\n"
    ));
    let sessions = report.json["transcripts"][0]["sessions"].as_array().unwrap();
    let hosts: Vec<&str> = sessions.iter().map(|session| session["host"].as_str().unwrap()).collect();
    assert_eq!(hosts, ["one.example", "two.example"]);
    assert!(sessions.iter().all(|session| session["outcome"] == "denied"), "{sessions:?}");
}

#[test]
fn another_programs_command_is_no_matter_of_sshs_log() {
    let log = "$ ssh -v dev@box.example\nOpenSSH_9.6p1, OpenSSL 3.0.13\n\
               debug1: Connecting to box.example [192.0.2.1] port 22.\n$ deployctl -u other elsewhere.example:2222\n\
               ssh: connect to host box.example port 22: Connection refused\n";
    let report = read(log);
    let session = &report.json["transcripts"][0]["sessions"][0];
    assert_eq!((session["host"].as_str(), session["user"].as_str()), (Some("box.example"), Some("dev")));
    assert_eq!(report.verdict(), "connection-refused");
}

#[test]
fn a_record_names_its_destination_in_fields() {
    let error = "ssh: handshake failed: ssh: unable to authenticate, attempted methods [none publickey], no supported methods remain";
    for log in [
        format!("2026/11/29 18:13:40 ERROR unable to connect host=box.example:2222 user=dev err=\"{error}\"\n"),
        format!(
            "{{\"level\":\"ERROR\",\"msg\":\"no luck\",\"addr\":\"box.example:2222\",\"user\":\"dev\",\"error\":\"{error}\"}}\n"
        ),
        format!(
            "2026-11-29T18:13:40Z\tERROR\tno luck\t{{\"addr\":\"box.example\",\"port\":2222,\"user\":\"dev\",\"error\":\"{error}\"}}\n"
        ),
        format!("connecting to dev@box.example:2222\nno luck: {error}\n"),
        format!("deploy to dev@box.example:2222: {error}\n"),
    ] {
        let report = read(&log);
        let session = &report.json["transcripts"][0]["sessions"][0];
        let place = (session["host"].as_str(), session["port"].as_u64(), session["user"].as_str());
        assert_eq!(place, (Some("box.example"), Some(2222), Some("dev")), "{log}");
        assert_eq!(report.verdict(), "key-rejected", "{log}");
    }
    // The machine that logs, and a server's words.
    for log in [
        format!("level=error host=web-1 error=\"{error}\"\n"),
        "ssh: handshake failed: ssh: disconnect, reason 2: host=box.example:22 user=dev\n".to_owned(),
        "err=\"ssh: handshake failed: ssh: disconnect, reason 2: \\\"x\\\" host=box.example:22 user=dev\"\n".to_owned(),
    ] {
        assert!(read(&log).json["transcripts"][0]["sessions"][0]["host"].is_null(), "{log}");
    }
}

#[test]
fn no_known_hosts_is_no_missing_key() {
    let report =
        read("could not create hostkeycallback function: open /home/dev/.ssh/known_hosts: no such file or directory\n");
    assert_eq!(report.verdict(), "host-key-unknown");
    assert_eq!(report.json["transcripts"][0]["sessions"][0]["outcome"], "client-error");
}

#[test]
fn a_commands_status_and_output_show_a_login() {
    let outcome = |log: &str| read(log).json["transcripts"][0]["sessions"][0]["outcome"].as_str().map(str::to_owned);
    assert_eq!(outcome("failed to run: Process exited with status 1\n").as_deref(), Some("authenticated"));
    let up = "connected to box.example:2222 (SSH-2.0-OpenSSH_9.2p1)\n 09:10:19 up 18 min,  0 user,  load average: 1.02, 2.34, 6.70\n";
    assert_eq!(outcome(up).as_deref(), Some("authenticated"));
    // What a banner may hold as well.
    let denied = "ssh: handshake failed: ssh: unable to authenticate, attempted methods [none publickey], no supported methods remain";
    assert_eq!(outcome(&format!("{up}{denied}\n")).as_deref(), Some("denied"));
}
