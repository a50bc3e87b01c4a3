//! What tools that run ssh say beside its words: which host it was, how a job ended.

use crate::kit::{Report, Source, judge};
use serde_json::{Value, json};
use ssh_why::model::Role;

fn read(log: &str) -> Report {
    judge(&[Source::new("job.log", Role::Other, log)])
}

/// User, host and port of each session.
fn places(report: &Report) -> Vec<Value> {
    let sessions = report.json["transcripts"][0]["sessions"].as_array().unwrap();
    sessions.iter().map(|session| json!([session["user"], session["host"], session["port"]])).collect()
}

#[test]
fn ansible_names_each_host() {
    let refused = r#""msg": "Failed to connect to the host via ssh: Permission denied (publickey).\r\n","#;
    let block = |host: &str| {
        format!("{host} | UNREACHABLE! => {{\n    \"changed\": false,\n    {refused}\n    \"unreachable\": true\n}}\n")
    };
    assert_eq!(
        places(&read(&[block("192.0.2.7"), block("web-2")].concat())),
        [json!([null, "192.0.2.7", null]), json!([null, "web-2", null])]
    );
    let line = |host: &str| format!("fatal: [{host}]: UNREACHABLE! => {{{refused} \"unreachable\": true}}\n");
    assert_eq!(
        places(&read(&[line("web-1"), line("web-2")].concat())),
        [json!([null, "web-1", null]), json!([null, "web-2", null])]
    );
}

#[test]
fn ansible_names_the_user_before_the_host_refuses() {
    let log = "<box.example> ESTABLISH SSH CONNECTION FOR USER: deploy\n\
               <box.example> SSH: EXEC ssh -C -o ConnectTimeout=10 box.example '/bin/sh -c true'\n\
               <box.example> (255, b'', b'Host key verification failed.\\r\\n')\n";
    assert_eq!(places(&read(log)), [json!(["deploy", "box.example", null])]);
}

/// The inventory's name may lead elsewhere.
#[test]
fn sshs_own_words_go_before_a_tools() {
    let log = "fatal: [web]: UNREACHABLE! => {\"changed\": false, \"msg\": \"Failed to connect to the host via ssh: \
               ssh: connect to host 192.0.2.7 port 2222: Connection refused\", \"unreachable\": true}\n";
    assert_eq!(places(&read(log)), [json!([null, "192.0.2.7", 2222])]);
}

#[test]
fn what_a_server_sends_is_no_tools_word() {
    let log = "git@box.example: Permission denied (publickey).\nremote: fatal: [elsewhere]: UNREACHABLE! => {\n";
    assert_eq!(places(&read(log)), [json!(["git", "box.example", null])]);
}

#[test]
fn a_jobs_end_is_no_refusal_of_a_repository() {
    for end in ["ERROR: Job failed: exit code 1", "ERROR: Error cloning remote repo 'origin'", "ERROR: No matching job"]
    {
        let alone = read(&format!("{end}\n"));
        assert_eq!((alone.verdict(), alone.findings().len()), ("unknown", 0), "{end}");
        let after =
            read(&format!("{end}\nHost key verification failed.\nfatal: Could not read from remote repository.\n"));
        assert_eq!(after.findings(), ["host-key-unknown"], "{end}");
    }
    assert_eq!(read("ERROR: Repository not found.\n").verdict(), "repo-access");
}

#[test]
fn a_command_in_a_programs_quotes_tells_where_it_went() {
    let log = "Command \"git fetch --tags -- ssh://ci.bot@git.example.com:29418/a.git +refs/heads/*:refs/x/*\" returned \
               status code 128:\nstdout: \nstderr: Host key verification failed.\n";
    assert_eq!(places(&read(log)), [json!(["ci.bot", "git.example.com", 29418])]);
}

#[test]
fn a_paste_that_begins_behind_the_key_exchange_has_its_host() {
    let log = "debug1: Host '[box.example]:2222' is known and matches the ED25519 host key.\n\
               debug1: SSH2_MSG_SERVICE_ACCEPT received\n\
               debug1: Authentications that can continue: publickey\n";
    assert_eq!(places(&read(log)), [json!([null, "box.example", 2222])]);
}

#[test]
fn a_directory_in_a_keys_place() {
    let report =
        read("Load key \"/home/dev/.ssh/id_rsa\": Is a directory\ngit@box.example: Permission denied (publickey).\n");
    assert_eq!((report.verdict(), &report.json["verdict"]["certainty"]), ("identity-invalid", &json!("certain")));
    assert_eq!(report.json["findings"][0]["fixes"][0]["command"], "ls -l /home/dev/.ssh/id_rsa");
}

#[test]
fn a_go_programs_error_that_was_broken_at_a_blank() {
    for (first, rest) in [
        (
            "last error: ssh: handshake failed: ssh: ",
            "unable to authenticate, attempted methods [none publickey], no supported methods remain",
        ),
        (
            "[WARN] ssh: handshake failed: ssh: unable to authenticate, attempted methods ",
            "[none publickey], no supported methods remain",
        ),
    ] {
        let report = read(&format!("{first}\n{rest}\n"));
        let session = &report.json["transcripts"][0]["sessions"][0];
        assert_eq!((report.verdict(), &session["outcome"]), ("key-rejected", &json!("denied")), "{first}");
    }
}

#[test]
fn a_servers_lines_whose_process_was_struck_out() {
    let report = read("sshd[*]: User root from 192.0.2.7 not allowed because not listed in AllowUsers\n");
    assert_eq!(report.json["findings"][0]["reason"], "user-not-allowed");
}

/// Lines of Win32-OpenSSH's file, and of the event viewer, which shows the newest first.
#[test]
fn a_server_on_windows() {
    let accepted = "Accepted publickey for dev from 192.0.2.7 port 61249 ssh2: ED25519 SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s";
    for margin in [
        "7524 19:10:32:762 ",
        "7524 2026-11-27 19:10:32.762 ",
        "Information\t2026/11/27 19:10:32\tOpenSSH\t4\tNone\tsshd: ",
    ] {
        let report = read(&format!("{margin}{accepted}\n"));
        assert_eq!(places(&report), [json!(["dev", null, 61249])], "{margin}");
        assert_eq!(report.verdict(), "authenticated", "{margin}");
    }
}

#[test]
fn servers_lines_as_people_mark_them_and_older_wordings() {
    for (log, reason) in [
        (
            "**Nov 27 09:20:23 web sshd[38]: fatal: Access denied for user dev by PAM account configuration [preauth]**\n",
            "pam-account",
        ),
        ("sshd[${pid}]: User dev not allowed because account is locked\n", "account-locked"),
        ("sshd[38]: error: AuthorizedKeysCommand /opt/keys returned status 22\n", "keys-command-failed"),
    ] {
        assert_eq!(read(log).json["findings"][0]["reason"], reason, "{log}");
    }
}

#[test]
fn older_dropbears_and_giteas_refusals() {
    let dropbear = "Fri Nov 27 09:20:23 2026 authpriv.info dropbear[38]: Child connection from 192.0.2.7:43422\n\
                    Fri Nov 27 09:20:24 2026 authpriv.info dropbear[38]: Exit before auth (user 'dev', 1 fails): Exited normally\n";
    assert_eq!(places(&read(dropbear)), [json!(["dev", null, 43422])]);
    let gitea = read(
        "2026/11/27 09:20:23 modules/ssh/ssh.go:281:sshConnectionFailed() [W] [63fa641c-19] Failed authentication attempt from 192.0.2.7:57094\n",
    );
    assert_eq!(places(&gitea), [json!([null, null, 57094])]);
    assert_eq!(gitea.json["transcripts"][0]["sessions"][0]["outcome"], "denied");
    let web = read(
        "2026/11/27 09:20:23 ...ers/web/auth/auth.go:201:SignInPost() [W] Failed authentication attempt for dev from 192.0.2.7:0\n",
    );
    assert_eq!(places(&web), [] as [Value; 0]);
}

/// What else a job connects to is nothing of SSH's, and never stands before ssh's own end.
#[test]
fn a_connection_to_another_service_is_no_session() {
    for other in [
        "Error: connect ECONNREFUSED 127.0.0.1:5432",
        "dial tcp 192.0.2.7:6379: connect: connection refused",
        "curl: (7) Failed to connect to localhost port 9200 after 0 ms: Connection refused",
    ] {
        let report = read(&format!(
            "{other}\nLoad key \"/root/.ssh/id\": invalid format\ngit@box.example: Permission denied (publickey).\n"
        ));
        assert_eq!(report.findings(), ["identity-invalid"], "{other}");
    }
    assert_eq!(read("Error: connect ECONNREFUSED 192.0.2.7:22\n").verdict(), "connection-refused");
}

#[test]
fn what_git_passes_on_over_http_is_no_login() {
    let log = "Cloning into 'app'...\nremote: Repository not found.\nfatal: repository 'https://box.example/team/app.git/' not found\n";
    assert_eq!((read(log).verdict(), places(&read(log)).len()), ("unknown", 0));
    let ssh = "Cloning into 'app'...\nERROR: Repository not found.\nfatal: Could not read from remote repository.\n";
    assert_eq!(read(ssh).verdict(), "repo-access");
}
