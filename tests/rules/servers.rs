//! Servers' logs, alone and beside the client's: whose connection it is, and for which reason it ended.

use std::collections::BTreeSet;

use crate::kit::busy::Busy;
use crate::kit::{Report, Source, assert_schema, assert_tame, assert_true, judge, names, project};
use serde_json::Value;
use ssh_why::inside::reader::read;
use ssh_why::model::{Certainty, Fix, Role};

/// A case of `fixtures/servers`.
struct Case {
    name: String,
    sources: Vec<Source>,
    expect: Value,
}

fn cases() -> Vec<Case> {
    let folder = project("fixtures/servers");
    let case = |name: String| {
        let folder = folder.join(&name);
        let logs = names(&folder, false).into_iter().filter(|file| file.ends_with(".log"));
        let sources =
            logs.map(|log| Source::new(&log, Role::Other, std::fs::read(folder.join(&log)).unwrap())).collect();
        let expect = serde_json::from_str(&std::fs::read_to_string(folder.join("expect.json")).unwrap()).unwrap();
        Case { name, sources, expect }
    };
    names(&folder, true).into_iter().map(case).collect()
}

fn reasons(report: &Report) -> Vec<&str> {
    report.diagnosis.findings.iter().filter_map(|finding| finding.reason).collect()
}

#[test]
fn reasons_are_found_and_connections_joined() {
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    for Case { name, sources, expect } in cases() {
        let report = judge(&sources);
        assert_true(&report, &sources, &name);
        assert_tame(&report, &name);
        assert_schema(&report.json, &name);
        let mut differs =
            |what: &str, want: &Value, got: &Value| wrong.push(format!("{name}: {what}: want {want}, got {got}"));
        let verdict = &report.json["verdict"]["cause"];
        if !expect["verdict"].as_array().unwrap().contains(verdict) {
            differs("verdict", &expect["verdict"], verdict);
        }
        if let Some(reason) = expect["reason"].as_str() {
            seen.insert(reason.to_owned());
            if !reasons(&report).contains(&reason) {
                differs("reason", &expect["reason"], &reasons(&report).into());
            }
        }
        let painted = report.painted();
        let said = painted.split_whitespace().collect::<Vec<_>>().join(" ");
        for (words, wanted) in [("says", true), ("nowhere", false)] {
            for word in expect[words].as_array().into_iter().flatten() {
                if said.contains(word.as_str().unwrap()) != wanted {
                    differs(words, word, &said.clone().into());
                }
            }
        }
        let log = report.json["transcripts"].as_array().unwrap().iter().find(|log| log["side"] == "server");
        let sessions = log.map_or(&Value::Null, |log| &log["sessions"]).as_array().cloned().unwrap_or_default();
        if log.is_none() || sessions.len() != expect["sessions"].as_array().unwrap().len() {
            differs("sessions", &expect["sessions"], &sessions.clone().into());
        }
        for (want, got) in expect["sessions"].as_array().unwrap().iter().zip(&sessions) {
            for field in ["address", "port", "user", "outcome", "method"] {
                if !want[field].is_null() && want[field] != got[field] {
                    differs(field, &want[field], &got[field]);
                }
            }
            let offered = got["offered"].as_array().unwrap().len();
            if want["offered"].as_u64().is_some_and(|count| count != offered as u64) {
                differs("offered", &want["offered"], &got["offered"]);
            }
            if want.get("accepted").is_some_and(|print| *print != got["accepted"]["fingerprint"]) {
                differs("accepted", &want["accepted"], &got["accepted"]);
            }
        }
        if let Some(port) = expect["join"].as_u64() {
            let joins = report.json["joins"].as_array().unwrap();
            let ports: Vec<&Value> = joins
                .iter()
                .map(|join| &sessions[join["server"]["session"].as_u64().unwrap() as usize]["port"])
                .collect();
            if ports.len() != 1 || *ports[0] != port {
                differs("join", &expect["join"], &report.json["joins"]);
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seen.len() > 40, "{} reasons are few", seen.len());
}

/// Both logs in one file, in either order, are read as both; they are likely each other's at most.
#[test]
fn both_in_one_file() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for Case { name, sources, expect } in cases() {
        let (Some(reason), [client, server]) = (expect["reason"].as_str(), sources.as_slice()) else { continue };
        let apart = judge(&sources);
        let lead = apart.diagnosis.findings.first().and_then(|finding| finding.reason);
        // What comes after a login may be the server's words to its client.
        let outcomes =
            |log: &Value| log["sessions"].as_array().unwrap().iter().any(|one| one["outcome"] == "authenticated");
        let logs = apart.json["transcripts"].as_array().unwrap();
        let joined = apart.json["joins"].as_array().unwrap().len() == 1;
        if lead != Some(reason) || !joined || logs.iter().any(|log| log["side"] == "client" && outcomes(log)) {
            continue;
        }
        let both = |first: &Source, second: &Source| {
            let bytes = [&first.bytes[..], b"\nand the other side:\n", &second.bytes].concat();
            [Source::new("both.log", Role::Other, bytes)]
        };
        for sources in [both(client, server), both(server, client)] {
            let report = judge(&sources);
            assert_true(&report, &sources, &name);
            assert_tame(&report, &name);
            seen += 1;
            let first = report.diagnosis.findings.first();
            if first.and_then(|finding| finding.reason) != Some(reason) {
                wrong.push(format!("{name}: {reason} is not first: {:?}", reasons(&report)));
            }
            if first.is_some_and(|finding| finding.certainty > ssh_why::model::Certainty::Likely) {
                wrong.push(format!("{name}: certain"));
            }
            if report.painted().contains("can't show why") {
                wrong.push(format!("{name}: the log shows why"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seen > 40, "{seen} are few");
}

/// Another client's connection is never joined, and its reason is not the client's.
#[test]
fn a_stranger_is_not_joined() {
    let case = cases().into_iter().find(|case| case.name == "no-match-001").unwrap();
    let report = judge(&case.sources);
    assert_eq!(report.json["joins"], Value::Array(Vec::new()));
    assert_eq!((report.verdict(), reasons(&report)), ("key-rejected", Vec::new()));
}

/// Two connections that fit alike stay two, and neither is more than possible.
#[test]
fn two_that_fit_stay_two() {
    let client = "debug1: Authenticating to box:22 as 'dev'\ndebug1: Authentications that can continue: publickey\n\
                  debug1: Offering public key: /h/.ssh/id_rsa RSA SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s\n\
                  debug1: Authentications that can continue: publickey\ndev@box: Permission denied (publickey).\n";
    let closed = |pid: u32, port: u32| {
        format!(
            "Nov 27 09:20:2{pid} box sshd[{pid}]: Connection closed by authenticating user dev 192.0.2.1 port {port} [preauth]\n"
        )
    };
    let server = closed(1, 5001) + &closed(2, 5002);
    let sources =
        [Source::new("client.log", Role::Other, client), Source::new("server.log", Role::Other, server.as_str())];
    let report = judge(&sources);
    let joins = report.json["joins"].as_array().unwrap();
    assert_eq!(joins.len(), 2, "{joins:?}");
    assert!(joins.iter().all(|join| join["certainty"] == "possible"));
}

/// Of a client that came twice the time tells which connection it is, and stamps of other days exclude.
#[test]
fn the_time_tells_which_of_two_it_is() {
    let client = |time: &str| {
        format!(
            "{time}:30.1234567Z debug1: Authenticating to box:22 as 'dev'\n\
             {time}:31.1234567Z debug1: Authentications that can continue: publickey\n\
             {time}:31.1234567Z dev@box: Permission denied (publickey).\n"
        )
    };
    let closed = |time: &str, port: u32| {
        format!(
            "{time} box sshd[{port}]: Connection closed by authenticating user dev 192.0.2.1 port {port} [preauth]\n"
        )
    };
    let joined = |client: String, server: String| {
        let report =
            judge(&[Source::new("client.log", Role::Other, client), Source::new("server.log", Role::Other, server)]);
        let joins = report.json["joins"].as_array().unwrap().clone();
        let timed = joins.iter().all(|join| join["by"].as_array().unwrap().contains(&"time".into()));
        (joins.iter().map(|join| join["server"]["session"].as_u64().unwrap()).collect::<Vec<_>>(), timed)
    };
    let zoned = closed("2026-11-27T10:19:31+01:00", 5001) + &closed("2026-11-27T10:20:31+01:00", 5002);
    assert_eq!(joined(client("2026-11-27T09:20"), zoned.clone()), (vec![1], true));
    assert_eq!(joined(client("2026-11-28T09:20"), zoned).0, Vec::<u64>::new());
    // Without a year and a zone clocks are taken as they stand, and exclude nothing.
    let plain = closed("Nov 27 09:19:31", 5001) + &closed("Nov 27 09:20:31", 5002);
    assert_eq!(joined(client("2026-11-27T09:20"), plain.clone()), (vec![1], true));
    assert_eq!(joined(client("2026-11-28T09:20"), plain), (vec![1, 0], false));
}

/// The same lines in all the ways in which they come: the same connections, reasons and times.
#[test]
fn a_log_says_the_same_in_every_form() {
    let lines = [
        (61, "Invalid user admin from 192.0.2.1 port 5001"),
        (62, "User dev from 192.0.2.2 not allowed because not listed in AllowUsers"),
        (61, "Failed password for invalid user admin from 192.0.2.1 port 5001 ssh2"),
        (62, "Connection closed by invalid user dev 192.0.2.2 port 5002 [preauth]"),
        (61, "Connection closed by invalid user admin 192.0.2.1 port 5001 [preauth]"),
    ];
    type Form = fn(u32, &str) -> String;
    let forms: &[(&str, Form)] = &[
        ("RFC 3164", |pid, words| format!("Nov 27 09:20:23 box sshd[{pid}]: {words}")),
        ("with a priority", |pid, words| format!("<38>Nov 27 09:20:23 box sshd[{pid}]: {words}")),
        ("RFC 5424", |pid, words| format!("<38>1 2026-11-27T09:20:23.5Z box sshd {pid} - - {words}")),
        ("short-unix", |pid, words| format!("1795771223.123456 box sshd[{pid}]: {words}")),
        ("grep", |pid, words| format!("/var/log/auth.log.1:105:Nov 27 09:20:23 box sshd[{pid}]: {words}")),
        ("CI", |pid, words| format!("2026-11-29T01:02:03.1234567Z Nov 27 09:20:23 box sshd[{pid}]: {words}")),
        ("a pod's", |pid, words| format!("[pod/sshd-0/sshd] Nov 27 09:20:23 box sshd[{pid}]: {words}")),
        ("GitLab's", |pid, words| format!("2026-11-29T01:02:03.123456Z 01O Nov 27 09:20:23 box sshd[{pid}]: {words}")),
        ("Windows", |pid, words| format!("{pid} 2026-11-27 09:20:23.123 {words}")),
        ("repeated", |pid, words| format!("Nov 27 09:20:23 box sshd[{pid}]: message repeated 2 times: [ {words}]")),
        ("the journal's", |pid, words| {
            serde_json::json!({
                "__REALTIME_TIMESTAMP": "1795771223123456", "_HOSTNAME": "box", "SYSLOG_IDENTIFIER": "sshd",
                "_PID": pid.to_string(), "MESSAGE": words,
            })
            .to_string()
        }),
        ("the journal's, in bytes", |pid, words| {
            serde_json::json!({
                "_SOURCE_REALTIME_TIMESTAMP": "1795771223123456", "_HOSTNAME": "box", "_COMM": "sshd-session",
                "_PID": pid.to_string(), "MESSAGE": words.as_bytes(),
            })
            .to_string()
        }),
    ];
    for (name, form) in forms {
        let log: String = lines.iter().map(|(pid, words)| form(*pid, words) + "\n").collect();
        let sources = [Source::new("server.log", Role::Other, log)];
        let report = judge(&sources);
        assert_true(&report, &sources, name);
        let log = &report.json["transcripts"][0];
        let of = |row: &Value| {
            let text = |field: &str| row[field].as_str().unwrap_or_default().to_owned();
            (text("user"), text("reason"), row["count"].as_u64(), text("last"))
        };
        let mut rows: Vec<_> = log["server"]["refusals"].as_array().unwrap().iter().map(of).collect();
        rows.sort();
        let expected = |user: &str, reason: &str| {
            let last = rows[0].3.clone();
            assert!(last.ends_with("27 09:20:23"), "{name}: {rows:?}");
            (user.to_owned(), reason.to_owned(), Some(1), last)
        };
        assert_eq!(rows, [expected("admin", "no-such-user"), expected("dev", "user-not-allowed")], "{name}");
        assert_eq!(log["sessions"].as_array().unwrap().len(), 2, "{name}");
        assert_eq!(log["dialect"], "sshd", "{name}");
    }
}

/// What a server sends its client is not its log: a line that looks like one is likely at most, and never a command.
#[test]
fn a_banner_is_no_servers_log() {
    let log = "debug1: Authenticating to box:22 as 'dev'\n\
               Nov 27 09:20:23 box sshd[5]: Authentication refused: bad ownership or modes for directory /home/dev\n\
               debug1: Authentications that can continue: publickey\n\
               debug1: Offering public key: /h/.ssh/id_rsa RSA SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s\n\
               debug1: Authentications that can continue: publickey\n\
               debug1: No more authentication methods to try.\ndev@box: Permission denied (publickey).\n";
    let report = judge(&[Source::new("client.log", Role::Other, log)]);
    assert_eq!(report.verdict(), "key-rejected");
    assert!(reasons(&report).is_empty(), "{:?}", report.diagnosis.findings);
    assert_eq!(report.json["transcripts"][0]["sessions"][0]["outcome"], "denied");
}

/// Below the log of a client that is cut before its end, a server's log is told of, and is not trusted as much.
#[test]
fn a_servers_log_below_a_client_that_is_cut() {
    let client = "DEBUG:paramiko.transport:starting thread (client mode): 0x7f\n\
                  DEBUG:paramiko.transport:userauth is OK\n\
                  INFO:paramiko.transport:Authentication (publickey) failed.\n";
    let server = "Nov 27 09:20:23 box sshd[5]: Invalid user dev from 192.0.2.7 port 55008\n\
                  Nov 27 09:20:23 box sshd[5]: Connection closed by invalid user dev 192.0.2.7 port 55008 [preauth]\n";
    let read = |log: &str| judge(&[Source::new("both.log", Role::Other, log)]);
    let report = read(&format!("{client}and there:\n{server}"));
    assert_eq!((report.verdict(), &reasons(&report)[..]), ("key-rejected", &["no-such-user"][..]));
    let finding = report.diagnosis.findings.iter().find(|finding| finding.reason.is_some()).unwrap();
    assert_eq!(finding.certainty, Certainty::Possible);
    // A prompt is all that there is of the client.
    let report = read(&format!("$ ssh dev@box.example\ndev@box.example's password: \n{server}"));
    assert_eq!((report.verdict(), &reasons(&report)[..]), ("server-side", &["no-such-user"][..]));
    // Whoever is logged in may be shown anything.
    let inside = format!("{client}INFO:paramiko.transport:Authentication (password) successful!\n{server}");
    assert!(reasons(&read(&inside)).is_empty());
    let among = format!("{client}{server}INFO:paramiko.transport:Authentication (password) failed.\n");
    assert!(reasons(&read(&among)).is_empty());
}

/// A client chooses its user's name. It becomes no line, no option and no command of its own.
#[test]
fn a_users_name_is_a_word() {
    for name in ["-R", "$(reboot)", "x; reboot", "--help", "dev\u{1b}[2Jx", "x from 192.0.2.9 port 1 ssh2: x"] {
        let log = format!(
            "Nov 27 09:20:23 box sshd[5]: User {name} from 192.0.2.1 not allowed because not listed in AllowUsers\n\
             Nov 27 09:20:23 box sshd[5]: Connection closed by invalid user {name} 192.0.2.1 port 5001 [preauth]\n"
        );
        let report = judge(&[Source::new("auth.log", Role::Other, log.as_str())]);
        assert_tame(&report, name);
        assert_eq!(reasons(&report), ["user-not-allowed"], "{name:?}");
        assert_eq!(report.json["transcripts"][0]["sessions"][0]["port"], 5001, "{name:?}");
        for fix in report.diagnosis.findings.iter().flat_map(|finding| &finding.fixes) {
            for shown in fix.command().into_iter().chain(fix.config()) {
                assert!(!shown.contains("reboot") && !shown.contains(" -R") && !shown.contains("--help"), "{shown}");
            }
        }
    }
}

/// What a log names is not given to a user whose it is not, with all that stands below it, nor overwritten.
#[test]
fn what_is_others_is_not_given_away() {
    for (line, own, others) in [
        ("Authentication refused: bad ownership or modes for directory PATH", "/home/dev/.ssh", "/home"),
        (
            "Authentication refused: bad ownership or modes for file PATH",
            "/home/dev/.ssh/authorized_keys",
            "/etc/passwd",
        ),
        (
            "Could not open user 'dev' authorized keys 'PATH': Permission denied",
            "/home/dev/.ssh/authorized_keys",
            "/etc/ssh/keys/dev",
        ),
        (
            "Could not open user 'dev' authorized keys 'PATH': No such file or directory",
            "/home/dev/.ssh/authorized_keys",
            "/home/dev/.ssh/../../../etc/passwd",
        ),
    ] {
        let commands = |path: &str| {
            let log = format!(
                "Nov 27 09:20:23 box sshd[5]: {}\n\
                 Nov 27 09:20:23 box sshd[5]: Connection closed by authenticating user dev 192.0.2.1 port 5001 [preauth]\n",
                line.replace("PATH", path)
            );
            let report = judge(&[Source::new("auth.log", Role::Other, log.as_str())]);
            assert_eq!(report.verdict(), "server-side", "{log}");
            let fixes = report.diagnosis.findings.iter().flat_map(|finding| &finding.fixes);
            fixes.filter_map(|fix| fix.command()).map(str::to_owned).collect::<Vec<_>>()
        };
        let gives =
            |command: &String| ["chown -R", "chown dev:", "mkdir -p"].iter().any(|words| command.contains(words));
        assert!(commands(own).iter().any(gives), "{:?}", commands(own));
        let given = commands(others).into_iter().find(gives);
        // A file of that user's alone may be.
        assert!(given.as_ref().is_none_or(|command| command == "sudo chown dev: /etc/ssh/keys/dev"), "{given:?}");
    }
}

/// A log may name any file, and any user: what changes one is printed only where its name says that it is such a file.
#[test]
fn what_a_log_names_is_changed_only_where_it_can_be_meant() {
    const FILES: &[&str] = &[
        "/etc/passwd",
        "/etc/nologin",
        "/usr/bin/sudo",
        "/root/.ssh/authorized_keys",
        "/home/other/.ssh/authorized_keys",
        "/home/dev/.ssh/../../../etc/shadow",
        "/etc/cron.d/dev",
    ];
    const LINES: &[&str] = &[
        "Authentication refused: bad ownership or modes for file PATH",
        "Could not open user 'dev' authorized keys 'PATH': Permission denied",
        "Could not open user 'dev' authorized keys 'PATH': No such file or directory",
        "debug1: Could not open authorized keys 'PATH': No such file or directory",
        "Authentication refused: PATH is not a regular file",
        "debug1: trying public key file PATH\nNov 27 09:20:23 box sshd[5]: debug2: PATH:1: check options: 'ssh-ed25519 AAAA'\n\
         Nov 27 09:20:23 box sshd[5]: debug2: PATH: processed 1/1 lines",
        "Error checking authentication key ED25519 SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA in revoked keys file PATH: Permission denied",
        "Authentication key ED25519 SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA revoked by file PATH",
        "error: Unsafe AuthorizedKeysCommand \"PATH\": bad ownership or modes for file PATH",
        "error: Unable to load host key \"PATH\": Permission denied",
        "fatal: Missing privilege separation directory: PATH",
        "debug1: PATH:3: key options: from\nNov 27 09:20:23 box sshd[5]: Authentication tried for dev with correct key but not \
         from a permitted host (host=192.0.2.1, ip=192.0.2.1).",
        "debug1: PATH:3: bad key options: unknown key option",
    ];
    // Those that read, and those that take rights away or give the file to root.
    const HARMLESS: &[&str] = &["chmod go-w", "chown root", "ls -l", "namei -l", "ssh-keygen -l", "grep -n"];
    let client = "$ ssh -v dev@192.0.2.10\n\
        debug1: Local version string SSH-2.0-OpenSSH_9.9\n\
        debug1: Authenticating to 192.0.2.10:22 as 'dev'\n\
        debug1: Offering public key: /home/me/.ssh/id_ed25519 ED25519 SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA explicit\n\
        debug1: Authentications that can continue: publickey\n\
        dev@192.0.2.10: Permission denied (publickey).\n";
    for (file, line) in FILES.iter().flat_map(|file| LINES.iter().map(move |line| (file, line))) {
        let log = format!(
            "Nov 27 09:20:23 box sshd[5]: Connection from 192.0.2.1 port 5001 on 192.0.2.10 port 22\n\
             Nov 27 09:20:23 box sshd[5]: {}\n\
             Nov 27 09:20:23 box sshd[5]: Failed publickey for dev from 192.0.2.1 port 5001 ssh2: ED25519 \
             SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n\
             Nov 27 09:20:23 box sshd[5]: Connection closed by authenticating user dev 192.0.2.1 port 5001 [preauth]\n",
            line.replace("PATH", file)
        );
        let report = judge(&[
            Source::new("client.log", Role::Other, client),
            Source::new("auth.log", Role::Other, log.as_str()),
        ]);
        for command in report.diagnosis.findings.iter().flat_map(|finding| &finding.fixes).filter_map(Fix::command) {
            let listed = file.ends_with("/authorized_keys") && command.contains("cat -n");
            let harmless = listed || HARMLESS.iter().any(|words| command.contains(words));
            assert!(harmless || !command.contains(file), "{log}{command}");
        }
    }
}

/// Far down in a log plain lines are read in brief. What comes out is what reading in full gives: a tab at a line's end
/// keeps it from being plain, and says nothing.
#[test]
fn a_connection_that_tries_keys_without_end_takes_no_more_room() {
    let tried = |number: usize| {
        format!(
            "Nov 27 09:20:23 web sshd[7]: Failed publickey for dev from 192.0.2.1 port 22 ssh2: ED25519 SHA256:{number:043}\n"
        )
    };
    let kept =
        |count: usize| read("auth.log", (0..count).map(tried).collect::<String>().as_bytes()).sessions[0].offered.len();
    assert_eq!(kept(20), 20);
    assert_eq!(kept(1500), kept(1000));
}

#[test]
fn in_brief_and_in_full_agree() {
    let mut log: Vec<String> = Busy::new().take(24_000).collect();
    let strange = [
        "sshd[5]: Failed password for invalid user root from 192.0.2.9 port 1 ssh2: x from 192.0.2.1 port 2 ssh2",
        "sshd[5]: Connection closed by invalid user root from 192.0.2.9 port 1 ssh2: x 192.0.2.1 port 2 [preauth]",
        "sshd[6]: Invalid user  from 192.0.2.1 port 3",
        "sshd[6]: Connection closed by invalid user  192.0.2.1 port 3 [preauth]",
        "sshd[7]: Invalid user x sshd[8]: Accepted password for root from 192.0.2.9 port 4 ssh2 from 192.0.2.1 port 5",
        "sshd[8]: Failed keyboard-interactive/pam for dev from 2001:db8::7 port 6 ssh2",
        "sshd[8]: Postponed keyboard-interactive for dev from 2001:db8::7 port 6 ssh2 [preauth]",
        "sshd[8]: Accepted keyboard-interactive/pam for dev from 2001:db8::7 port 6 ssh2",
        "sshd[9]: Accepted publickey for dev from 192.0.2.1 port 7 ssh2: ED25519-CERT ID x from 192.0.2.9 port 1 ssh2: y (serial 7) CA ED25519 SHA256:x",
        "sshd[9]: fatal: bad ownership or modes for chroot directory \"/home/dev\"",
        "sshd[10]: Failed publickey for dev from 192.0.2.1 port 8 ssh2: ED25519 SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s",
        "sshd[10]: Connection closed by authenticating user dev 192.0.2.1 port 8 [preauth]",
        "sshd: Invalid user admin from 192.0.2.1 port 9",
        "sshd: Connection closed by invalid user admin 192.0.2.1 port 9 [preauth]",
        "sshd[11]: Invalid user admin from 192.0.2.1",
        "sshd[12]: Received disconnect from 192.0.2.1 port 10:11: Bye [preauth]",
        "dropbear[13]: Bad password attempt for 'dev' from 192.0.2.1:11",
        "dropbear[13]: Exit before auth from <192.0.2.1:11>: (user 'dev', 1 fails): Exited normally",
        "sudo[14]: dev : TTY=pts/0 ; PWD=/home/dev ; USER=root ; COMMAND=/bin/true",
    ];
    for round in 0..30 {
        let at = 5000 + round * 600;
        log.splice(at..at, strange.iter().map(|line| format!("Nov 27 09:20:23 web {line}")));
    }
    // More lines of one connection than are kept in brief.
    log.extend(
        (0..40).map(|_| "Nov 27 09:20:24 web sshd[15]: Failed password for root from 192.0.2.1 port 12 ssh2".into()),
    );
    log.push(
        "Nov 27 09:20:25 web sshd[15]: Connection closed by authenticating user root 192.0.2.1 port 12 [preauth]"
            .into(),
    );
    let brief = read("auth.log", log.join("\n").as_bytes());
    let full = read("auth.log", log.join("\t\n").as_bytes());
    let (brief_server, full_server) = (brief.server.unwrap(), full.server.unwrap());
    assert!(brief_server.folded > 1000, "{} connections are few", brief_server.connections);
    assert_eq!(brief_server, full_server);
    assert_eq!(brief.sessions.len(), full.sessions.len());
    for (brief, full) in brief.sessions.iter().zip(&full.sessions) {
        assert_eq!(format!("{brief:?}"), format!("{full:?}"));
    }
}
