//! A server's log alone: what its lines prove where they name nobody, and what they do not.

use crate::kit::{Report, Source, assert_true, judge};
use ssh_why::model::{Certainty, Role};

fn of(log: &str) -> Report {
    let sources = [Source::new("server.log", Role::Other, log)];
    let report = judge(&sources);
    assert_true(&report, &sources, log);
    report
}

/// Whom the log shows to be refused, why and how surely; what no line explains has no reason.
fn refusals(report: &Report) -> Vec<(String, &'static str, Certainty)> {
    let user = |title: &str| {
        title.strip_prefix("the server refuses ").map(|rest| rest.split([':', ',']).next().unwrap().to_owned())
    };
    let found = report.diagnosis.findings.iter();
    let mut all: Vec<_> = found
        .filter_map(|finding| Some((user(&finding.title)?, finding.reason.unwrap_or(""), finding.certainty)))
        .collect();
    all.sort();
    all
}

fn expect(log: &str, wanted: &[(&str, &'static str, Certainty)]) {
    let wanted: Vec<_> = wanted.iter().map(|(user, reason, sure)| ((*user).to_owned(), *reason, *sure)).collect();
    assert_eq!(refusals(&of(log)), wanted, "{log}");
}

const MODES: &str = "authorized-keys-modes";
use Certainty::{Certain, Likely, Possible};

#[test]
fn a_line_that_names_nobody_is_sure_only_where_nobody_else_is_there() {
    let alone = "Authentication refused: bad ownership or modes for directory /srv/data\n\
                 Connection closed by authenticating user bert 192.0.2.7 port 55008 [preauth]\n";
    expect(alone, &[("bert", MODES, Certain)]);
    // Whose beginning the log does not show may have been there.
    let two = format!("{alone}Connection closed by authenticating user anna 192.0.2.8 port 55010 [preauth]\n");
    expect(&two, &[("anna", "", Possible), ("bert", MODES, Likely)]);
    // One that comes later was not.
    let one_by_one = "Connection from 192.0.2.7 port 55008 on 192.0.2.1 port 22 rdomain \"\"\n\
                      Authentication refused: bad ownership or modes for directory /srv/data\n\
                      Connection closed by authenticating user bert 192.0.2.7 port 55008 [preauth]\n\
                      Connection from 192.0.2.8 port 55010 on 192.0.2.1 port 22 rdomain \"\"\n\
                      Connection closed by authenticating user anna 192.0.2.8 port 55010 [preauth]\n";
    expect(one_by_one, &[("anna", "", Possible), ("bert", MODES, Certain)]);
    // One who is let in is not told why not.
    let beside_a_login = "Connection from 192.0.2.8 port 55010 on 192.0.2.1 port 22 rdomain \"\"\n\
                          Accepted password for anna from 192.0.2.8 port 55010 ssh2\n\
                          Connection from 192.0.2.7 port 55008 on 192.0.2.1 port 22 rdomain \"\"\n\
                          Authentication refused: bad ownership or modes for directory /srv/data\n\
                          Connection closed by authenticating user bert 192.0.2.7 port 55008 [preauth]\n";
    expect(beside_a_login, &[("bert", MODES, Certain)]);
}

#[test]
fn a_users_home_tells_whose_line_it_is_and_not_surely() {
    let seen = [("anna", MODES, Likely), ("bert", MODES, Likely)];
    for (first, second) in [("anna", "bert"), ("bert", "anna")] {
        let log = format!(
            "Authentication refused: bad ownership or modes for directory /home/anna\n\
             Authentication refused: bad ownership or modes for file /home/bert/.ssh/authorized_keys\n\
             Connection closed by authenticating user {first} 192.0.2.7 port 55008 [preauth]\n\
             Connection closed by authenticating user {second} 192.0.2.8 port 55010 [preauth]\n"
        );
        expect(&log, &seen);
    }
    let verbose = "Connection from 192.0.2.7 port 55008 on 192.0.2.1 port 22 rdomain \"\"\n\
                   Connection from 192.0.2.8 port 55010 on 192.0.2.1 port 22 rdomain \"\"\n\
                   Authentication refused: bad ownership or modes for directory /home/bert\n\
                   Failed password for bert from 192.0.2.7 port 55008 ssh2\n\
                   Failed password for anna from 192.0.2.8 port 55010 ssh2\n\
                   Connection closed by authenticating user bert 192.0.2.7 port 55008 [preauth]\n\
                   Connection closed by authenticating user anna 192.0.2.8 port 55010 [preauth]\n";
    assert!(refusals(&of(verbose)).contains(&("bert".to_owned(), MODES, Likely)), "{verbose}");
    assert!(!refusals(&of(verbose)).iter().any(|(user, reason, _)| user == "anna" && *reason == MODES), "{verbose}");
}

#[test]
fn a_process_number_after_another_start_is_another_process() {
    let log = "Nov 29 19:31:45 web sshd[812]: Server listening on 0.0.0.0 port 22.\n\
               Nov 29 19:31:50 web sshd[930]: Authentication refused: bad ownership or modes for directory /home/anna\n\
               Nov 29 19:35:45 web sshd[815]: Server listening on 0.0.0.0 port 22.\n\
               Nov 29 19:35:50 web sshd[930]: Connection closed by authenticating user bert 192.0.2.7 port 55008 [preauth]\n";
    expect(log, &[("a client", MODES, Likely), ("bert", "", Possible)]);
    // What began since is the same.
    let log = "Nov 29 19:31:45 web sshd[812]: Server listening on 0.0.0.0 port 22.\n\
               Nov 29 19:35:50 web sshd[930]: Failed password for bert from 192.0.2.7 port 55008 ssh2\n\
               Nov 29 19:35:51 web sshd[930]: error: Refused by key options\n\
               Nov 29 19:35:52 web sshd[930]: Connection closed by authenticating user bert 192.0.2.7 port 55008 [preauth]\n";
    expect(log, &[("bert", "key-expired", Likely)]);
    let before = "Nov 29 19:31:46 web CRON[5]: pam_unix(cron:session): session opened for user root\n".repeat(3000);
    expect(&log.replacen('\n', &format!("\n{before}"), 1), &[("bert", "key-expired", Likely)]);
    // A login lives on when sshd alone is started again.
    let log = "Nov 29 19:31:50 web sshd[930]: Accepted publickey for anna from 192.0.2.7 port 55008 ssh2: ED25519 SHA256:XPiMdSa/07qJIdbNHkYZW80ptk/Pc89nU683YAwpck0\n\
               Nov 29 19:35:45 web sshd[815]: Server listening on 0.0.0.0 port 22.\n\
               Nov 29 19:35:50 web sshd[930]: error: no more sessions\n";
    let reasons: Vec<_> = of(log).diagnosis.findings.iter().filter_map(|finding| finding.reason).collect();
    assert_eq!(reasons, ["max-sessions"]);
    // But of one who is let in nobody says why not.
    let log = "Nov 29 19:31:50 web sshd[930]: Accepted publickey for anna from 192.0.2.7 port 55008 ssh2: ED25519 SHA256:XPiMdSa/07qJIdbNHkYZW80ptk/Pc89nU683YAwpck0\n\
               Nov 29 19:35:50 web sshd[930]: error: Refused by key options\n\
               Nov 29 19:35:50 web sshd[930]: Connection closed by authenticating user bert 192.0.2.9 port 55018 [preauth]\n";
    expect(log, &[("bert", "key-expired", Likely)]);
}

#[test]
fn a_login_at_debug_is_the_servers_alone() {
    let log = "Connection from 192.0.2.7 port 55008 on 192.0.2.1 port 22 rdomain \"\"\n\
               Accepted password for anna from 192.0.2.7 port 55008 ssh2\n\
               debug1: Entering interactive session for SSH2.\n\
               Disconnected from user anna 192.0.2.7 port 55008\n";
    assert_eq!(of(log).diagnosis.case.sessions().count(), 1);
}

#[test]
fn what_only_debug3_shows() {
    let of_user = |line: &str| {
        format!(
            "debug1: userauth-request for user bert service ssh-connection method none [preauth]\n{line}\n\
             Connection closed by authenticating user bert 192.0.2.7 port 55008 [preauth]\n"
        )
    };
    let off = of_user("debug3: reprocess config:12 setting PubkeyAuthentication no");
    expect(&off, &[("bert", "pubkey-disabled", Certain)]);
    // The first of two blocks counts.
    let on = format!("debug3: reprocess config:9 setting PubkeyAuthentication yes\n{off}");
    assert!(refusals(&of(&of_user(&on))).iter().all(|(_, reason, _)| *reason != "pubkey-disabled"));
    let log = "Accepted password for bert from 192.0.2.7 port 55008 ssh2\n\
               debug3: PAM: do_pam_account pam_acct_mgmt = 0 (Success)\n";
    assert!(of(log).diagnosis.findings.iter().all(|finding| finding.reason.is_none()));
}

#[test]
fn what_a_command_printed_is_no_file() {
    for command in ["/usr/local/bin/keys %u", "/usr/local/bin/keys"] {
        let log = format!(
            "debug1: userauth-request for user bert service ssh-connection method publickey [preauth]\n\
             debug2: auth_check_authkeys_file: {command}: processed 0/0 lines\n\
             Connection closed by authenticating user bert 192.0.2.7 port 55008 [preauth]\n"
        );
        expect(&log, &[("bert", "key-not-in-command-output", Certain)]);
    }
    let log = "debug1: userauth-request for user bert service ssh-connection method publickey [preauth]\n\
               debug1: trying public key file /etc/my keys/bert\n\
               debug2: auth_check_authkeys_file: /etc/my keys/bert: processed 0/0 lines\n\
               Connection closed by authenticating user bert 192.0.2.7 port 55008 [preauth]\n";
    expect(log, &[("bert", "key-not-in-file", Certain)]);
}

#[test]
fn the_door_is_shut_once() {
    let log = "Nov 29 19:37:12 web sshd[22437]: debug1: Connection refused by tcp wrapper\n\
               Nov 29 19:37:12 web sshd[22437]: refused connect from 192.0.2.7 (192.0.2.7)\n";
    let report = of(log);
    assert_eq!(report.diagnosis.case.sessions().count(), 1);
    expect(log, &[("192.0.2.7", "tcp-wrappers", Certain)]);
}

#[test]
fn advice_for_sshd_is_given_for_sshd_alone() {
    let dropbear = "[20420] Nov 29 19:43:16 Child connection from 192.0.2.7:42450\n\
                    [20420] Nov 29 19:43:17 Exit before auth from <192.0.2.7:42450>: (user 'bert', 0 fails): Exited normally\n";
    let tinysshd = "tinysshd: dAJEG4D4: info: connection from 192.0.2.7:57726 {main_tinysshd.c:124}\n\
                    tinysshd: dAJEG4D4: fatal: authentication failed (connection reset){main_tinysshd.c:187}\n";
    for log in [dropbear, tinysshd] {
        let text = of(log).json["findings"].to_string();
        assert!(!text.contains("sshd_config") && !text.contains("sshd -T") && !text.contains("DEBUG"), "{text}");
    }
    let sshd = "Connection closed by authenticating user bert 192.0.2.7 port 55008 [preauth]\n";
    assert!(of(sshd).json["findings"].to_string().contains("sshd_config"));
}

#[test]
fn a_host_key_by_any_name_is_the_servers() {
    let log = "Permissions 0644 for '/srv/keys/box' are too open.\n\
               This private key will be ignored.\n\
               Unable to load host key \"/srv/keys/box\": bad permissions\n\
               Unable to load host key: /srv/keys/box\n\
               Server listening on 192.0.2.1 port 22.\n";
    let reasons = |log: &str| -> Vec<_> {
        of(log).diagnosis.findings.iter().map(|finding| finding.reason.unwrap_or(finding.cause)).collect()
    };
    assert_eq!(reasons(log), ["host-key-load"]);
    let another = log.replacen("box", "id_mine", 1);
    assert!(reasons(&another).contains(&"identity-permissions"), "{another}");
}

/// What stood in the way before a login kept nobody out.
#[test]
fn a_login_overcomes_what_was_told_before_it() {
    let print = "uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s";
    let told = [
        "error: AuthorizedKeysCommand /opt/keys dev failed, status 22",
        "Authentication refused: bad ownership or modes for file /home/dev/.ssh/authorized_keys",
    ];
    for told in told {
        let log = |accepted: &str| {
            format!("Nov 27 09:20:23 web sshd[38]: {told}\nNov 27 09:20:24 web sshd[38]: {accepted}\n")
        };
        let by_key =
            of(&log(&format!("Accepted publickey for dev from 192.0.2.7 port 49899 ssh2: RSA SHA256:{print}")));
        assert_eq!(by_key.verdict(), "authenticated", "{told}");
        assert!(severities(&by_key).iter().all(|severity| *severity == "note"), "{told}");
        assert_eq!(by_key.json["transcripts"][0]["server"]["refusals"], serde_json::json!([]), "{told}");
        // A login by another means leaves the key refused.
        let by_password = of(&log("Accepted password for dev from 192.0.2.7 port 49899 ssh2"));
        assert_eq!((by_password.verdict(), severities(&by_password)[0]), ("server-side", "error"), "{told}");
    }
    let chroot = of(&format!(
        "Nov 27 09:20:24 web sshd[38]: Accepted publickey for dev from 192.0.2.7 port 49899 ssh2: RSA SHA256:{print}\n\
         Nov 27 09:20:24 web sshd[38]: fatal: bad ownership or modes for chroot directory \"/srv/jail\"\n"
    ));
    assert_eq!((chroot.verdict(), severities(&chroot)[0]), ("server-side", "error"));
}

fn severities(report: &Report) -> Vec<&str> {
    report.json["findings"].as_array().unwrap().iter().map(|finding| finding["severity"].as_str().unwrap()).collect()
}

/// sshd looks for options in a line whose key is of another type than the one that it is asked for.
#[test]
fn a_line_of_another_type_is_a_key() {
    let log = |asked: &str, line: &str| {
        format!(
            "debug1: userauth-request for user dev service ssh-connection method publickey [preauth]\n\
             debug1: userauth_pubkey: publickey test pkalg ssh-ed25519 pkblob {asked} SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s [preauth]\n\
             debug1: trying public key file /home/dev/.ssh/authorized_keys\n\
             debug2: /home/dev/.ssh/authorized_keys:1: {line}'\n\
             Connection closed by authenticating user dev 192.0.2.1 port 59061 [preauth]\n"
        )
    };
    for (asked, line, reason) in [
        ("ED25519", "check options: 'ssh-rsa AAAAB3 dev@laptop", "key-not-in-file"),
        ("RSA", "check options: 'ssh-rsa AAAAB3 dev@laptop", "key-mangled"),
        ("RSA", "advance: 'ssh-ed25519 AAAAC3 dev@laptop", "key-not-in-file"),
        ("RSA", "advance: 'ssh-rsa AAAAB3 dev@laptop", "key-mangled"),
        ("RSA", "advance: 'AAAAB3 dev@laptop", "key-not-in-file"),
        // Broken in two.
        ("RSA", "check options: 'ssh-ed25519", "key-mangled"),
    ] {
        expect(&log(asked, line), &[("dev", reason, Likely)]);
    }
}

/// OpenSSH on Windows says which file it does not trust in one line, and that it refuses in the next.
#[test]
fn a_file_that_windows_does_not_trust() {
    let log = |why: &str| {
        format!(
            "3736 2026-11-27 10:08:41.100 Connection from 192.0.2.7 port 55008 on 192.0.2.1 port 22\n\
             3736 2026-11-27 10:08:41.197 debug1: userauth_pubkey: test pkalg ssh-ed25519 pkblob ED25519 SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s [preauth]\n\
             3736 2026-11-27 10:08:41.197 debug1: trying public key file C:\\\\Users\\\\bert\\\\.ssh/authorized_keys\n\
             {why}\
             3736 2026-11-27 10:08:41.197 Authentication refused.\n\
             3736 2026-11-27 10:08:41.197 Failed publickey for corp\\\\bert from 192.0.2.7 port 55008 ssh2: ED25519 SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s\n\
             3736 2026-11-27 10:08:41.297 Connection closed by authenticating user corp\\\\\\\\bert 192.0.2.7 port 55008 [preauth]\n"
        )
    };
    let bad = "3736 2026-11-27 10:08:41.197 debug3: Bad permissions. Try removing permissions for user: CORP\\\\guests (S-1-5-11) on file C:/Users/bert/.ssh/authorized_keys.\n";
    let owner = "3736 2026-11-27 10:08:41.197 debug3: Bad owner on C:/Users/bert/.ssh/authorized_keys\n";
    for why in ["", bad, owner] {
        let log = log(why);
        expect(&log, &[("corp\\bert", MODES, Certain)]);
        let report = of(&log);
        assert_eq!(report.diagnosis.case.sessions().count(), 1);
        let file = if why.is_empty() { "C:\\\\Users" } else { "C:/Users/bert/.ssh/authorized_keys" };
        let finding = &report.diagnosis.findings[0];
        assert!(finding.title.contains(file), "{}", finding.title);
        assert!(finding.fixes.iter().all(|fix| fix.command().is_none()), "{:?}", finding.fixes);
        assert!(finding.fixes[0].title.contains("icacls"));
    }
    // Of a file that is read there is another line.
    let trusted = log("").replace("3736 2026-11-27 10:08:41.197 Authentication refused.\n", owner);
    assert!(refusals(&of(&trusted)).iter().all(|(_, reason, _)| *reason != MODES), "{trusted}");
}

/// Where sshd calls a user invalid, no key and no password is why.
#[test]
fn an_invalid_user_is_one_in_any_line() {
    let print = "ED25519 SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s";
    let query = "debug2: userauth_pubkey: invalid user bert querying public key ssh-ed25519 AAAAC3";
    for line in [
        "Failed password for invalid user bert from 192.0.2.7 port 55008 ssh2",
        &format!("Failed publickey for invalid user bert from 192.0.2.7 port 55008 ssh2: {print}"),
        "Connection closed by invalid user bert 192.0.2.7 port 55008 [preauth]",
        "Disconnecting invalid user bert 192.0.2.7 port 55008: Too many authentication failures [preauth]",
        &format!(
            "{query} [preauth]\ndebug1: userauth_pubkey: publickey test pkalg ssh-ed25519 pkblob {print} [preauth]"
        ),
    ] {
        let found = refusals(&of(&format!("{line}\n")));
        assert_eq!(found.first(), Some(&("bert".to_owned(), "no-such-user", Likely)), "{line}");
    }
    // One who is kept out is called invalid, too.
    let kept_out = "User bert from 192.0.2.7 not allowed because not listed in AllowUsers\n\
                    Connection closed by invalid user bert 192.0.2.7 port 55008 [preauth]\n";
    expect(kept_out, &[("bert", "user-not-allowed", Certain)]);
}

/// `journalctl -r`.
#[test]
fn a_journal_that_is_shown_from_its_end() {
    let log = "Nov 29 19:31:57 web sshd[930]: Connection closed by invalid user bert 192.0.2.7 port 55008 [preauth]\n\
               Nov 29 19:31:56 web sshd[930]: Failed password for invalid user bert from 192.0.2.7 port 55008 ssh2\n\
               Nov 29 19:31:50 web sshd[930]: Invalid user bert from 192.0.2.7 port 55008\n\
               Nov 29 19:31:50 web sshd[930]: Connection from 192.0.2.7 port 55008 on 192.0.2.1 port 22 rdomain \"\"\n";
    expect(log, &[("bert", "no-such-user", Certain)]);
    assert_eq!(of(log).diagnosis.case.sessions().count(), 1);
}

/// Where a log ends before the connection does, the refusal of a key is told all the same.
#[test]
fn a_log_that_ends_at_a_refusal() {
    let print = "ED25519 SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s";
    let log = format!("Failed publickey for bert from 192.0.2.7 port 55008 ssh2: {print}\n");
    expect(&log, &[("bert", "", Likely)]);
    // A client asks what there is.
    assert!(refusals(&of("Failed none for bert from 192.0.2.7 port 55008 ssh2\n")).is_empty());
    let open = of("Nov 29 19:31:50 web sshd[930]: Connection from 192.0.2.7 port 55008 on 192.0.2.1 port 22\n");
    let summary = open.json["verdict"]["summary"].as_str().unwrap();
    assert!(summary.contains("server.log is a server's log") && !summary.contains("ssh -v"), "{summary}");
}

#[test]
fn what_pam_says_of_an_account() {
    let log = "Nov 29 19:31:50 web sshd[930]: error: PAM: User account has expired for bert from client.example\n\
               Nov 29 19:31:50 web sshd[930]: fatal: Access denied for user bert by PAM account configuration [preauth]\n";
    assert_eq!(refusals(&of(log))[0].1, "account-expired");
    let log = "Nov 29 19:31:50 web sshd[930]: error: PAM: Authentication failure for illegal user bert from client.example\n\
               Nov 29 19:31:57 web sshd[930]: Connection closed by 192.0.2.7 port 55008 [preauth]\n";
    expect(log, &[("bert", "no-such-user", Likely)]);
    let log = "Nov 29 19:31:50 web sshd[930]: error: PAM: Authentication failure for bert from client.example\n";
    expect(log, &[("bert", "password-refused", Likely)]);
    let log = "Nov 29 19:31:50 web sshd(pam_google_authenticator)[930]: Invalid verification code for bert\n\
               Nov 29 19:31:50 web sshd[930]: Failed keyboard-interactive/pam for bert from 192.0.2.7 port 55008 ssh2\n\
               Nov 29 19:31:57 web sshd[930]: Connection closed by authenticating user bert 192.0.2.7 port 55008 [preauth]\n";
    expect(log, &[("bert", "verification-code", Certain)]);
}

/// Where the server waits for a signature, the key is no more what keeps the client out.
#[test]
fn a_key_that_is_good_is_not_missing() {
    let print = "ED25519 SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s";
    let close = "Connection closed by authenticating user bert 192.0.2.7 port 55008 [preauth]\n";
    let log = |lines: &[&str]| {
        let asked = "debug1: userauth-request for user bert service ssh-connection method publickey [preauth]";
        let looked = "debug1: trying public key file /home/bert/.ssh/authorized_keys";
        format!("{asked}\n{looked}\n{}\n{close}", lines.join("\n"))
    };
    let good = [
        format!("debug1: matching key found: file /home/bert/.ssh/authorized_keys, line 4 {print}"),
        "debug1: matching key found: file /home/bert/.ssh/authorized_keys, line 4".to_owned(),
        format!("debug1: /home/bert/.ssh/authorized_keys:4: matching key found: {print}"),
        format!("Accepted key {print} found at /home/bert/.ssh/authorized_keys:4"),
        "Postponed publickey for bert from 192.0.2.7 port 55008 ssh2 [preauth]".to_owned(),
    ];
    for line in &good[..4] {
        let report = of(&log(&[line]));
        let finding = &report.diagnosis.findings[0];
        assert_eq!((finding.cause, finding.reason), ("accepted-then-denied", None), "{line}");
        assert!(finding.title.contains("leaves without signing"), "{}", finding.title);
        assert!(!report.json["findings"].to_string().contains("ssh-keygen"), "{line}");
        let failed = format!("Failed publickey for bert from 192.0.2.7 port 55008 ssh2: {print}");
        let report = of(&log(&[line, &failed]));
        assert!(report.diagnosis.findings[0].title.contains("refuses the login"), "{line}");
        let unverified = "debug3: mm_answer_keyverify: publickey ED25519 signature unverified: incorrect signature";
        let report = of(&log(&[line, unverified, &failed]));
        assert_eq!(report.diagnosis.findings[0].reason, Some("signature-unverified"), "{line}");
    }
    let report = of(&format!("{}\n{close}", good[4]));
    assert_eq!(report.diagnosis.findings[0].cause, "accepted-then-denied");
}

/// Who is refused anyway has no right key.
#[test]
fn too_many_tries_of_one_who_is_refused_anyway() {
    let log = "Nov 29 19:31:50 web sshd[930]: User bert not allowed because account is locked\n\
               Nov 29 19:31:57 web sshd[930]: error: maximum authentication attempts exceeded for invalid user bert from 192.0.2.7 port 55008 ssh2 [preauth]\n\
               Nov 29 19:31:57 web sshd[930]: Disconnecting invalid user bert 192.0.2.7 port 55008: Too many authentication failures [preauth]\n";
    expect(log, &[("bert", "account-locked", Certain)]);
}

/// A ticket says which releases it is about.
#[test]
fn a_version_in_front_is_no_client() {
    let log = "Client: \nOpenSSH_9.1p1 Debian-2, OpenSSL 3.0.7 1 Nov 2022\n\nIn its log:\n\
               Nov 29 19:31:50 web sshd[930]: Invalid user bert from 192.0.2.7 port 55008\n\
               Nov 29 19:31:50 web sshd[930]: Connection closed by invalid user bert 192.0.2.7 port 55008 [preauth]\n";
    expect(log, &[("bert", "no-such-user", Certain)]);
    assert_eq!(of(log).json["transcripts"][0]["side"], "server");
}
