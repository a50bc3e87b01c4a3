//! Libraries' words that look like something else: a last resort, a list, a file, OpenSSH's own sentence.

use crate::kit::{Report, Source, judge};
use ssh_why::model::Role;

fn read(log: &str) -> Report {
    judge(&[Source::new("log", Role::Other, log)])
}

/// The first session of a report: its outcome, host and user.
fn ended(report: &Report) -> [Option<&str>; 3] {
    let session = &report.json["transcripts"][0]["sessions"][0];
    ["outcome", "host", "user"].map(|field| session[field].as_str())
}

fn causes(report: &Report) -> Vec<&str> {
    report.json["findings"].as_array().unwrap().iter().filter_map(|finding| finding["cause"].as_str()).collect()
}

/// curl asks for an agent when all else has failed (lib/vssh/libssh2.c, SSH_AUTH_AGENT_INIT).
#[test]
fn an_agent_that_is_asked_last_is_not_the_cause() {
    let log = |said: &str| {
        format!(
            "*   Trying 192.0.2.1:22...\n* Connected to box.example (192.0.2.1) port 22\n\
             * SSH authentication methods available: publickey,password\n* Using SSH private key file 'deploy.pem'\n\
             * SSH public key authentication failed: {said}\n* Failure connecting to agent\n* Authentication failure\n"
        )
    };
    let refused = read(&log("Username/PublicKey combination invalid"));
    assert_eq!(refused.verdict(), "key-rejected", "{}", refused.json);
    // libssh2 set no message of its own for the file.
    let unused = read(&log("Would block requesting userauth list"));
    assert_eq!(unused.verdict(), "identity-invalid", "{}", unused.json);
    assert_eq!(unused.json["verdict"]["certainty"], "likely");
    assert!(unused.json["verdict"]["summary"].as_str().unwrap().contains("deploy.pem"));
    // Where no file was named, the agent is all there was.
    let without = log("Username/PublicKey combination invalid")
        .lines()
        .filter(|line| !line.contains(" key"))
        .fold(String::new(), |log, line| log + line + "\n");
    assert_eq!(read(&without).verdict(), "agent-unreachable", "{without}");
}

/// lib/vssh/libssh.c of curl 8.
#[test]
fn curl_with_libssh_has_words_of_its_own() {
    let head = "$ curl -v --key k sftp://dev@box.example/x\n\
                * SSH authentication methods available: public key, GSSAPI, keyboard-interactive, \n\
                * Authentication using SSH public key file\n";
    let refused = read(&format!("{head}* Failed public key authentication (rc: 1)\n* Authentication failure\n"));
    let left = &refused.json["transcripts"][0]["sessions"][0]["methods_left"];
    assert_eq!(*left, serde_json::json!(["publickey", "gssapi-with-mic", "keyboard-interactive"]));
    assert_eq!(refused.verdict(), "key-rejected", "{}", refused.json);
    let unread = read(&format!("{head}* Could not load public key file\n"));
    assert_eq!((unread.verdict(), ended(&unread)[0]), ("unknown", Some("client-error")));
    assert!(unread.json["verdict"]["summary"].as_str().unwrap().contains("public key's file"), "{}", unread.json);
    let unopened = read(&format!("{head}* Could not load private key file k\n* Authentication failure\n"));
    assert_eq!(unopened.verdict(), "identity-invalid", "{}", unopened.json);
}

/// src/libgit2/transports/ssh_libssh2.c puts the same words before whatever libssh2 said.
#[test]
fn a_line_that_goes_down_in_the_login_was_up_before() {
    for said in ["Waiting for USERAUTH response", "Unable to send userauth-publickey request"] {
        let report = read(&format!("_pygit2.GitError: Failed to authenticate SSH session: {said}\n"));
        assert_eq!(ended(&report)[0], Some("disconnected"), "{said}");
        assert!(!causes(&report).contains(&"connection-closed"), "{said}: {}", report.json);
    }
    let report = read("_pygit2.GitError: failed to start SSH session: Failed getting banner\n");
    assert_eq!(ended(&report)[0], Some("network"));
}

#[test]
fn known_hosts_is_no_key_file_of_jschs() {
    let thrown = |path: &str| {
        format!("com.jcraft.jsch.JSchException: java.io.FileNotFoundException: {path} (No such file or directory)\n")
    };
    for path in ["/srv/app/.ssh/known_hosts", "C:\\app\\known_hosts"] {
        let report = read(&thrown(path));
        assert_eq!((report.verdict(), ended(&report)[0]), ("unknown", Some("client-error")), "{path}");
        let summary = report.json["verdict"]["summary"].as_str().unwrap();
        assert!(summary.contains("setKnownHosts") && summary.contains(path), "{summary}");
    }
    assert_eq!(read(&thrown("/srv/app/.ssh/id_deploy")).verdict(), "identity-missing");
}

#[test]
fn a_host_key_that_was_taken_ends_nothing() {
    let asked = "Host 'box.example' is not in the trusted hosts file.\n(ssh-ed25519 fingerprint SHA256:x)\n";
    let report = read(&format!("{asked}Do you want to continue connecting? (y/n) "));
    assert_eq!(report.verdict(), "host-key-unknown");
    for more in [
        "Do you want to continue connecting? (y/n) y\n",
        "dev@box.example's password: \n",
        "Do you want to continue connecting? (y/n) yes\ndev@box.example's password: \n",
    ] {
        let report = read(&format!("{asked}{more}"));
        assert_ne!(ended(&report)[0], Some("host-key"), "{more}");
        assert!(!causes(&report).contains(&"host-key-unknown"), "{more}: {}", report.json);
    }
}

/// A library has no setting that turns keys off: its program gave it none.
#[test]
fn a_library_without_a_key_asks_for_other_things() {
    for stamp in ["", " +0ms", " +2s"] {
        let log: String = [
            "Client: Trying box.example on port 2222 ...",
            "Inbound: Received SERVICE_ACCEPT (ssh-userauth)",
            "Outbound: Sending USERAUTH_REQUEST (none)",
            "Inbound: Received USERAUTH_FAILURE (publickey,password)",
            "Outbound: Sending USERAUTH_REQUEST (password)",
            "Inbound: Received USERAUTH_FAILURE (publickey,password)",
            "Client: password auth failed",
        ]
        .iter()
        .map(|line| format!("{line}{stamp}\n"))
        .collect();
        let report = read(&log);
        assert_eq!(report.verdict(), "no-identity", "{stamp}: {}", report.json);
        assert_eq!(report.json["verdict"]["certainty"], "likely");
        let session = &report.json["transcripts"][0]["sessions"][0];
        assert_eq!((session["port"].as_u64(), session["methods_left"][1].as_str()), (Some(2222), Some("password")));
        assert_eq!(session["methods_left"].as_array().map(Vec::len), Some(2), "{stamp}");
    }
}

/// The brackets hold the method that was tried, in OpenSSH's sentence (src/Renci.SshNet/ClientAuthentication.cs).
#[test]
fn ssh_net_names_what_it_tried() {
    for start in ["New-SSHSession : ", "New-SFTPSession: ", "Renci.SshNet.Common.SshAuthenticationException: "] {
        let report = read(&format!("{start}Permission denied (password).\n"));
        assert_eq!((report.verdict(), ended(&report)[0]), ("unknown", Some("denied")), "{start}");
        let transcript = &report.json["transcripts"][0];
        assert_eq!(transcript["dialect"], "ssh-net", "{start}");
        assert_ne!(transcript["sessions"][0]["methods_left"], serde_json::json!(["password"]), "{start}");
        let report = read(&format!("{start}Permission denied (publickey).\n"));
        assert_eq!(report.verdict(), "key-rejected", "{start}: {}", report.json);
        let report =
            read(&format!("{start}No suitable authentication method found to complete authentication (password).\n"));
        assert_eq!(report.verdict(), "method-unavailable", "{start}: {}", report.json);
    }
}

/// RFC 4254 §5.1: the host between was logged in to, and opens no channel onwards.
#[test]
fn a_host_between_that_leads_no_further_is_no_success() {
    let paramiko = "DEBUG:paramiko.transport:userauth is OK\n\
                    INFO:paramiko.transport:Authentication (publickey) successful!\n\
                    ERROR:paramiko.transport:Secsh channel 0 open FAILED: open failed: Administratively prohibited\n";
    let thrown = "paramiko.ssh_exception.ChannelException: ChannelException(1, 'Administratively prohibited')\n";
    let go = "2024/05/01 10:00:00 connection error: ssh: rejected: administratively prohibited (open failed)\n";
    for log in [paramiko.to_owned(), format!("{paramiko}{thrown}"), thrown.to_owned(), go.to_owned(), go.repeat(2)] {
        let report = read(&log);
        assert_eq!(report.verdict(), "proxy-failed", "{log}: {}", report.json);
        assert_eq!(report.json["transcripts"][0]["sessions"].as_array().map(Vec::len), Some(1), "{log}");
    }
    let session = "INFO:paramiko.transport:Authentication (publickey) successful!\n\
                   ERROR:paramiko.transport:Secsh channel 0 open FAILED: open failed: Connect failed\n";
    assert_eq!(read(session).verdict(), "authenticated");
}

/// What became of the key that a log ends with is not known.
#[test]
fn a_key_without_an_answer_was_not_refused() {
    let line =
        |level: u8, function: &str, words: &str| format!("[2026/11/29 15:06:55.3, {level}] {function}:  {words}\n");
    let denied = "Access denied for 'publickey'. Authentication that can continue: publickey";
    let log = [
        line(3, "ssh_userauth_agent", "Trying identity dev@laptop"),
        line(1, "ssh_packet_userauth_failure", denied),
        line(3, "ssh_userauth_agent", "Public key of dev@laptop refused by server"),
        line(3, "ssh_userauth_agent", "Trying identity dev@desk"),
    ];
    for from in 0..2 {
        let report = read(&log[from..].concat());
        assert_eq!(report.verdict(), "key-rejected", "{}", report.json);
        let summary = report.json["verdict"]["summary"].as_str().unwrap();
        assert!(summary.contains("dev@laptop") && !summary.contains('2'), "{summary}");
        let offered = report.json["transcripts"][0]["sessions"][0]["offered"].as_array().unwrap();
        assert_eq!((offered.len(), offered[1]["reply"].as_str()), (2, Some("unanswered")));
    }
}

/// What is shown asks ssh-keygen, whose -F is none of ssh's.
#[test]
fn the_keys_of_a_name_are_asked_for() {
    let report =
        read("unable to clone 'ssh://git@box.example/x', error: ssh: handshake failed: knownhosts: key mismatch\n");
    assert_eq!(report.verdict(), "host-key-changed");
    let fixes = report.json["findings"][0]["fixes"].as_array().unwrap();
    let asked = fixes.iter().any(|fix| fix["command"] == "ssh-keygen -F box.example");
    assert!(asked, "{fixes:?}");
}

/// What programs put before Go's own last words, and into the middle of its handshake.
#[test]
fn gos_reason_stands_behind_a_programs_words() {
    let failed = |reason: &str| read(&format!("ssh: handshake failed: {reason}\n"));
    for (reason, cause) in [
        ("host key mismatch: knownhosts: key mismatch", "host-key-changed"),
        ("ssh: no key found", "identity-invalid"),
        (
            "ssh: principal \"box\" not in the set of valid principals for given certificate: [\"web\"]",
            "host-key-unknown",
        ),
    ] {
        assert_eq!(failed(reason).verdict(), cause, "{reason}");
    }
    let report = read("2024/05/01 10:00:00 Error: can't connect without a private SSH key or password\n");
    assert_eq!(report.verdict(), "no-identity");
    let packer = ["[INFO] Attempting SSH connection to 192.0.2.1:2711...", "[DEBUG] handshaking with SSH"];
    let packer = packer.iter().chain(&["[DEBUG] SSH handshake err: Timeout during SSH handshake"]);
    let line =
        |words: &&str| format!("2024/05/01 10:00:00 packer-plugin-qemu_v1.1.0 plugin: 2024/05/01 10:00:00 {words}\n");
    let report = read(&packer.map(line).collect::<String>());
    assert_eq!(ended(&report)[0], Some("network"), "{}", report.json);
}

#[test]
fn libgit2s_words_in_other_mouths() {
    for (log, cause) in [
        (
            "pygit2.GitError: Failed to authenticate SSH session: Username/PublicKey combination invalid\n",
            "key-rejected",
        ),
        ("Failed to authenticate SSH session: Username/PublicKey combination invalid\n", "key-rejected"),
        (
            "error: failed to fetch `https://box.example/index`\n\nCaused by:\n  failed to authenticate when downloading \
             repository\nattempted ssh-agent authentication, but none of the usernames `git` succeeded\n\nCaused by:\n  \
             [23/-1] error authenticating: failed connecting agent\n",
            "agent-unreachable",
        ),
    ] {
        assert_eq!(read(log).verdict(), cause, "{log}");
    }
    let report = read(
        "Fetching /tmp/app from ssh://dev@box.example/app.git: failed to authenticate when downloading repository \
         ssh://dev@box.example/app.git (tried ssh-agent, but none of the following usernames worked: \"dev\")\n",
    );
    assert_eq!(ended(&report), [Some("denied"), Some("box.example"), Some("dev")]);
}

#[test]
fn puttys_words_behind_others() {
    for log in [
        "FATAL ERROR: Disconnected: No supported authentication methods available (server sent: publickey)\n",
        "Error:\tDisconnected: No supported authentication methods available (server sent: publickey)\n",
        "Error:\tFATAL ERROR: No supported authentication methods available (server sent: publickey)\n",
    ] {
        let report = read(log);
        assert_eq!(ended(&report)[0], Some("denied"), "{log}");
        let left = &report.json["transcripts"][0]["sessions"][0]["methods_left"];
        assert_eq!(*left, serde_json::json!(["publickey"]), "{log}");
    }
}

/// A format may name the module, the file, the line, the process and the thread.
#[test]
fn paramikos_lines_in_more_formats() {
    for before in [
        "417 paramiko.transport(1895): INFO     ",
        "INFO     paramiko.transport:transport.py:1873 ",
        "INFO 2024-05-01 10:00:00,123 transport 2424 140 ",
    ] {
        let report = read(&format!(
            "{before}Connected (version 2.0, client OpenSSH_9.2p1)\n{before}Authentication (publickey) failed.\n"
        ));
        assert_eq!(report.verdict(), "key-rejected", "{before}: {}", report.json);
    }
}

#[test]
fn tools_for_network_devices_name_theirs() {
    for log in [
        "netmiko.exceptions.NetmikoAuthenticationException: Authentication to device failed.\n\nCommon causes of this problem \
         are:\n1. Invalid username and password\n\nDevice settings: cisco_ios box.example:2222\n\n\nAuthentication failed.\n",
        "netmiko.ssh_exception.NetMikoAuthenticationException: Authentication failure: unable to connect cisco_ios \
         box.example:2222\nAuthentication failed.\n",
    ] {
        let report = read(log);
        assert_eq!(ended(&report), [Some("denied"), Some("box.example"), None], "{log}: {}", report.json);
        assert_eq!(report.json["transcripts"][0]["sessions"].as_array().map(Vec::len), Some(1), "{log}");
        assert_eq!(report.json["transcripts"][0]["sessions"][0]["port"], 2222);
    }
    let report = read(
        "ncclient.transport.errors.AuthenticationError: BadAuthenticationType('Bad authentication type', ['publickey', \
         'keyboard-interactive'])\n",
    );
    let left = &report.json["transcripts"][0]["sessions"][0]["methods_left"];
    assert_eq!(*left, serde_json::json!(["publickey", "keyboard-interactive"]));
}

/// `ssh_set_log_callback` gives a program the function's name and the words.
#[test]
fn libsshs_log_as_a_program_passes_it_on() {
    for (open, close) in [("INFO  [libssh::", "] "), ("10:00:00.001  INFO   libssh::", "  > ")] {
        let line = |function: &str, words: &str| format!("{open}{function}{close}{words}\n");
        let log = [
            line("ssh_packet_newkeys", "Signature verified and valid"),
            line(
                "ssh_packet_userauth_failure",
                "Access denied for 'publickey'. Authentication that can continue: publickey",
            ),
            line("ssh_packet_disconnect_callback", "Received SSH_MSG_DISCONNECT: 2:Too many authentication failures"),
        ]
        .concat();
        let report = read(&log);
        assert_eq!((report.verdict(), ended(&report)[0]), ("too-many-failures", Some("disconnected")), "{log}");
    }
}

/// What was asked for was no password: the list that is left says nothing of keys.
#[test]
fn a_code_that_was_refused_tells_nothing_of_keys() {
    let asked = "(dev@box.example) Verification code: \n";
    let log =
        format!("$ ssh dev@box.example\n{asked}{asked}dev@box.example: Permission denied (keyboard-interactive).\n");
    let report = read(&log);
    assert!(!causes(&report).contains(&"method-unavailable"), "{}", report.json);
    assert_eq!(read(&log.replace("Verification code", "Password")).verdict(), "method-unavailable");
}
