//! Clients whose lines are not read, clients that nobody knows, and logs of two at once.

use crate::kit::{Report, Source, cases, judge};
use ssh_why::model::Role;

fn read(log: &str) -> Report {
    judge(&[Source::new("other.log", Role::Other, log)])
}

/// Lines of clients that are only recognised: their id, their name, and a word of what to switch on.
const RECOGNISED: &[(&str, &str, &str, &str)] = &[
    (
        "winscp",
        "WinSCP",
        "/log=FILE",
        ". 2024-05-01 10:00:00.123 WinSCP Version 6.3.3 (Build 14991 2024-04-16) (OS 10.0)",
    ),
    ("filezilla", "FileZilla", "Verbose", "Response:\tfzSftp started, protocol_version=11"),
    (
        "mina",
        "Apache MINA SSHD",
        "org.apache.sshd",
        "Caused by: org.apache.sshd.common.SshException: No more authentication methods available",
    ),
    (
        "ssh-net",
        "SSH.NET",
        "InitializeLogging",
        "   at Renci.SshNet.ClientAuthentication.Authenticate(IConnectionInfo connectionInfo, ISession session)",
    ),
    ("tera-term", "Tera Term", "TERATERM.INI", "[1234] Sent client identification string: SSH-2.0-TTSSH/3.2 Win32"),
    ("bitvise", "Bitvise SSH Client", "log area", "10:00:00.123 Bitvise SSH Client 9.23, a fully featured SSH client"),
    ("termius", "Termius", "Show logs", "Starting a new connection to: \"box\" port \"22\""),
    (
        "gitkraken",
        "GitKraken",
        "another client",
        "GitKraken push failed : credentials callback returned an invalid cred type",
    ),
    ("vscode", "VS Code's Remote-SSH", "remote.SSH.logLevel", "[10:00:00.123] SSH Resolver called for host: box"),
];

#[test]
fn a_recognised_client_is_named_with_what_to_switch_on() {
    for (id, name, more, line) in RECOGNISED {
        let report = read(&format!("{line}\nand a line that says nothing\n"));
        assert_eq!(report.verdict(), "unknown", "{id}");
        assert_eq!(report.json["transcripts"][0]["dialect"], *id);
        let summary = report.json["verdict"]["summary"].as_str().unwrap();
        assert!(summary.contains(name) && summary.contains(more), "{id}: {summary}");
    }
}

#[test]
fn a_client_that_nobody_knows_gets_unknown_with_its_lines_counted() {
    let log = "frobnicate: key exchange frobbed with box\nfrobnicate: user dev, key 3 of 4, was not to its liking\n\
               frobnicate: giving up\n";
    let report = read(log);
    assert_eq!(report.verdict(), "unknown");
    assert_eq!(report.json["findings"].as_array().map(Vec::len), Some(0));
    let transcript = &report.json["transcripts"][0];
    assert_eq!((transcript["lines"].as_u64(), transcript["unread"].as_u64()), (Some(3), Some(3)));
}

/// What VS Code writes round ssh's own lines does not hide them.
#[test]
fn a_wrappers_lines_hide_none_of_sshs() {
    let report = read(
        "[10:00:00.101] SSH Resolver called for host: box\n[10:00:00.102] \"remote.SSH.useLocalServer\": false\n\
         [10:00:00.600] > dev@box.example: Permission denied (publickey).\n\
         [10:00:00.601] Got some output, clearing connection timeout\n",
    );
    let session = &report.json["transcripts"][0]["sessions"][0];
    assert_eq!((session["host"].as_str(), session["outcome"].as_str()), (Some("box.example"), Some("denied")));
}

/// Two clients write into one log, line by line in turn: each one's session is read as if it were alone.
#[test]
fn two_clients_in_turn_are_read_as_both() {
    let sources = |folder: &str, name: &str| {
        let case = cases(folder).into_iter().find(|case| case.name.ends_with(name)).unwrap();
        String::from_utf8(case.sources()[0].bytes.clone()).unwrap()
    };
    let logs = [
        sources("dialects", "putty/0.78-second-key-of-the-agent"),
        sources("dialects", "dropbear/2026.94-one-key-refused"),
        sources("dialects", "libssh/0.10.6-one-key-refused"),
        sources("causes", "key-rejected/9.6-agent-keys"),
    ];
    for (index, one) in logs.iter().enumerate() {
        for other in logs.iter().skip(index + 1) {
            let both = in_turn(one, other);
            let mut alone: Vec<String> = [one, other].into_iter().flat_map(|log| sessions(&read(log))).collect();
            let mut mixed = sessions(&read(&both));
            alone.sort();
            mixed.sort();
            assert_eq!(mixed, alone, "{both}");
        }
    }
}

/// The lines of two logs in turn, without the commands at their tops: a prompt ends whatever ran before.
fn in_turn(one: &str, other: &str) -> String {
    let lines = |log: &str| -> Vec<String> {
        log.lines()
            .filter(|line| !["$ ", "% ", "+ "].iter().any(|prompt| line.contains(prompt)))
            .map(str::to_owned)
            .collect()
    };
    let (one, other) = (lines(one), lines(other));
    let mut both = String::new();
    for number in 0..one.len().max(other.len()) {
        for line in [one.get(number), other.get(number)].into_iter().flatten() {
            both.push_str(line);
            both.push('\n');
        }
    }
    both
}

/// What was found of each session: its outcome and its offers.
fn sessions(report: &Report) -> Vec<String> {
    let sessions = report.json["transcripts"][0]["sessions"].as_array().unwrap();
    let of = |session: &serde_json::Value| {
        let replies: Vec<&str> =
            session["offered"].as_array().unwrap().iter().map(|offer| offer["reply"].as_str().unwrap()).collect();
        format!("{} {} {}", session["server_software"], session["outcome"], replies.join(","))
    };
    sessions.iter().map(of).collect()
}

/// A server's debugging log, the first of whose lines begin as a client's do.
#[test]
fn a_servers_debugging_log_is_told_from_a_clients() {
    let report = read(
        "debug1: sshd version OpenSSH_9.2, OpenSSL 3.0.11 19 Sep 2023\ndebug1: private host key #0: \
                       ssh-ed25519 SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s\n",
    );
    assert_eq!(report.json["transcripts"][0]["dialect"], "sshd");
}

/// One line of another client's ends no reading of ssh's, even where ssh's own first lines are cut off.
#[test]
fn another_clients_line_hides_none_of_sshs() {
    let print = "SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s";
    let report = read(&format!(
        "Looking up host \"box\" for SSH connection\n\
         debug1: Authenticating to other.example:22 as 'dev'\n\
         debug1: Offering public key: /home/dev/.ssh/id_rsa RSA {print}\n\
         debug1: Authentications that can continue: publickey\n\
         dev@other.example: Permission denied (publickey).\n"
    ));
    let sessions = report.json["transcripts"][0]["sessions"].as_array().unwrap();
    let last = sessions.last().unwrap();
    assert_eq!((last["host"].as_str(), last["offered"].as_array().map(Vec::len)), (Some("other.example"), Some(1)));
    assert_eq!(report.verdict(), "key-rejected");
}

/// What ssh tells its user, behind a level as well; alone, since the next line would give the verdict away.
#[test]
fn a_plain_line_is_read_behind_a_level() {
    let line = "No RSA host key is known for box and you have requested strict checking.\n";
    for level in ["", "debug1: "] {
        let report = read(&format!("{level}{line}"));
        assert_eq!(report.verdict(), "host-key-unknown", "{level:?}");
        assert_eq!(report.json["transcripts"][0]["sessions"][0]["host"], "box", "{level:?}");
    }
}
