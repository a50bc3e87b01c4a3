//! What people are told to paste is what ssh makes of it: every command and every block of every fixture's report
//! goes through the real `ssh -G`. And nothing outside a rule's own file names its cause.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::kit::{Source, cases, files, judge, project, read_by_sh};
use ssh_why::inside::rules::RULES;
use ssh_why::model::{Action, Certainty, Fix, Role, Session};

/// What ssh says of a host: its options, or what it complains of.
fn ssh_g(words: &[&str]) -> Result<Vec<(String, String)>, String> {
    let out = Command::new("ssh").arg("-G").args(words).stdin(Stdio::null()).output().expect("ssh is installed");
    if !out.status.success() {
        return Err(String::from_utf8_lossy(&out.stderr).into_owned());
    }
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    Ok(text.lines().filter_map(|line| line.split_once(' ')).map(|(a, b)| (a.to_owned(), b.to_owned())).collect())
}

fn value<'a>(options: &'a [(String, String)], name: &str) -> Option<&'a str> {
    options.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// Names of algorithms that the ssh at hand has lost are no fault of the command.
fn is_too_new(trouble: &str) -> bool {
    ["Bad SSH2", "Bad key types", "Unsupported KEX"].iter().any(|text| trouble.contains(text))
}

/// Where a session's command must go: as typed, else as dialled.
struct Way {
    host: String,
    port: u16,
    user: Option<String>,
}

fn way(session: &Session, fix: &Fix) -> Option<Way> {
    let (Action::Rerun(change) | Action::Try(change)) = &fix.action else { return None };
    let typed = session.typed.as_ref();
    let ssh = typed.filter(|typed| typed.program == "ssh");
    let mut host = ssh.map(|typed| typed.host.clone()).or(session.host.clone()).or(session.address.clone());
    let mut port = match ssh {
        Some(typed) => typed.port,
        None => typed.and_then(|typed| typed.port).or(session.port),
    };
    if let Some((other, number)) = &change.way {
        host = Some(other.to_string());
        port = Some(*number);
    }
    let user = change.user.clone().or(ssh.and_then(|typed| typed.user.clone()));
    Some(Way { host: host.or(typed.map(|typed| typed.host.clone()))?, port: port.unwrap_or(22), user })
}

#[test]
fn each_command_goes_where_the_users_own_went() {
    let mut seen = 0;
    for folder in ["causes", "near-misses"] {
        for case in cases(folder) {
            let diagnosis = judge(&case.sources()).diagnosis;
            for finding in &diagnosis.findings {
                for fix in &finding.fixes {
                    let (Action::Rerun(change) | Action::Try(change)) = &fix.action else { continue };
                    let Some(command) = fix.command() else { continue };
                    let what = format!("{}: {}: {command}", case.name, finding.cause);
                    let words = read_by_sh(command);
                    assert_eq!(words, fix.argv(), "{what}");
                    assert_eq!(words[0], "ssh", "{what}");
                    let place = change.session.or(finding.session).unwrap();
                    let session = diagnosis.case.session(place).unwrap().session;
                    let want = way(session, fix).unwrap();
                    // Of the control commands ssh -G makes nothing.
                    let rest: Vec<&str> = words[1..].iter().map(String::as_str).collect();
                    let rest = rest.strip_prefix(&["-O", "exit"]).unwrap_or(&rest);
                    let mut all = vec!["-F", "none"];
                    all.extend(rest);
                    match ssh_g(&all) {
                        Ok(options) => {
                            let port = want.port.to_string();
                            assert_eq!(value(&options, "port"), Some(port.as_str()), "{what}");
                            let host = value(&options, "hostname").unwrap();
                            assert!(host.eq_ignore_ascii_case(&want.host), "{what}: {host} and not {}", want.host);
                            if let Some(user) = &want.user {
                                assert_eq!(value(&options, "user"), Some(user.as_str()), "{what}");
                            }
                            seen += 1;
                        }
                        Err(trouble) => assert!(is_too_new(&trouble), "{what}: {trouble}"),
                    }
                }
            }
        }
    }
    assert!(seen > 25, "only {seen} commands");
}

#[test]
fn each_block_applies_to_its_host() {
    let folder = tempfile::tempdir().unwrap();
    let mut seen = 0;
    for kind in ["causes", "near-misses"] {
        for case in cases(kind) {
            let diagnosis = judge(&case.sources()).diagnosis;
            for fix in diagnosis.findings.iter().flat_map(|finding| &finding.fixes) {
                let Some(config) = fix.config() else { continue };
                let what = format!("{}: {config}", case.name);
                let file = folder.path().join("config");
                std::fs::write(&file, format!("{config}\n")).unwrap();
                let host = config.lines().next().unwrap().strip_prefix("Host ").unwrap_or("box.example");
                match ssh_g(&["-F", file.to_str().unwrap(), host]) {
                    Ok(options) => {
                        for line in config.lines().filter_map(|line| line.trim_start().split_once(' ')) {
                            let (keyword, wanted) = line;
                            let checked = ["HostName", "Port", "User", "IdentityFile", "IdentitiesOnly"];
                            if checked.contains(&keyword) {
                                let wanted = wanted.trim_matches('"');
                                let got = value(&options, &keyword.to_ascii_lowercase());
                                assert_eq!(got, Some(wanted), "{what}");
                            }
                        }
                        seen += 1;
                    }
                    Err(trouble) => assert!(is_too_new(&trouble), "{what}: {trouble}"),
                }
            }
        }
    }
    assert!(seen >= 5, "only {seen} blocks");
}

/// A path that holds blanks, and a sign that ssh expands, is one word of its block.
#[test]
fn a_keys_path_is_one_word() {
    let path = "/home/me/my keys/id 100%";
    let log = format!(
        "debug1: Authenticating to box.example:22 as 'dev'\n\
         debug1: Will attempt key: {path} ED25519 SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s explicit\n\
         debug1: Authentications that can continue: publickey\ndebug1: Next authentication method: publickey\n\
         Received disconnect from 192.0.2.1 port 22:2: Too many authentication failures\n"
    );
    let diagnosis = judge(&[Source::new("a.log", ssh_why::model::Role::Other, log)]).diagnosis;
    let fixes = diagnosis.findings.iter().flat_map(|finding| &finding.fixes);
    let blocks: Vec<&str> = fixes.filter_map(Fix::config).collect();
    assert_eq!(blocks.len(), 1, "{blocks:?}");
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&file, format!("{}\n", blocks[0])).unwrap();
    let options = ssh_g(&["-F", file.path().to_str().unwrap(), "box.example"]).unwrap();
    // The doubled sign is one when it is expanded.
    assert_eq!(value(&options, "identityfile"), Some("/home/me/my keys/id 100%%"));
}

/// What follows a command in a log, and the cause that it shows.
const TAILS: &[(&str, &str)] = &[
    (
        "no-identity",
        "debug1: Authentications that can continue: publickey\ndebug1: Next authentication method: publickey\n\
         debug1: Trying private key: /home/me/.ssh/id_rsa\ndebug1: No more authentication methods to try.\n\
         dev@box.example: Permission denied (publickey).\n",
    ),
    (
        "too-many-failures",
        "debug1: Will attempt key: /home/me/.ssh/a b%c RSA SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s explicit\n\
         debug1: Authentications that can continue: publickey\ndebug1: Next authentication method: publickey\n\
         Received disconnect from 192.0.2.1 port 2222:2: Too many authentication failures\n",
    ),
    (
        "host-key-unknown",
        "No ED25519 host key is known for box.example and you have requested strict checking.\n\
         Host key verification failed.\n",
    ),
    (
        "kex-mismatch",
        "Unable to negotiate with 192.0.2.1 port 2222: no matching cipher found. Their offer: none,3des-cbc,aes256-cbc\n",
    ),
    (
        "pubkey-disabled",
        "debug1: SSH2_MSG_SERVICE_ACCEPT received\n\
         debug1: Authentications that can continue: publickey,password\ndebug1: Next authentication method: password\n\
         dev@box.example: Permission denied (publickey,password).\n",
    ),
    ("unknown", "debug1: Connecting to box.example [192.0.2.1] port 2222.\ndebug1: Connection established.\n"),
];

/// User, port, harmless options and a shell as the remote command stay, whatever the fix; what a log says on host
/// keys, algorithms, programs and files does not come along.
#[test]
fn whatever_the_fix_the_command_stays_the_users() {
    let typed = "$ ssh -v -4 -T -p 2222 -J me@hop.example -o ConnectTimeout=7 -o StrictHostKeyChecking=no \
                 -o UserKnownHostsFile=/dev/null -o HostKeyAlgorithms=ssh-dss -o Ciphers=none -o LogLevel=QUIET \
                 -o ProxyCommand=evil -F /tmp/evil dev@box.example -- powershell.exe\n";
    for (cause, tail) in TAILS {
        let log = format!("{typed}OpenSSH_9.2p1, OpenSSL 3.0.19\n{tail}");
        let report = judge(&[Source::new("a.log", ssh_why::model::Role::Other, log)]);
        assert_eq!(report.verdict(), *cause);
        let mut seen = 0;
        for fix in &report.diagnosis.main().unwrap().fixes {
            if !matches!(fix.action, Action::Rerun(_) | Action::Try(_)) {
                continue;
            }
            seen += 1;
            let words = read_by_sh(fix.command().unwrap_or_else(|| panic!("{cause}: {}", fix.title)));
            let line = words.join(" ");
            for kept in ["-4", "-J me@hop.example", "-o ConnectTimeout=7", "-p 2222 dev@box.example -- powershell.exe"]
            {
                assert!(line.contains(kept), "{cause}: {kept} is gone: {line}");
            }
            for left in ["=no", "UserKnownHosts", "ssh-dss", "none", "LogLevel", "evil"] {
                assert!(!line.replace("ControlPath=none", "").contains(left), "{cause}: {left} came along: {line}");
            }
            let mut all = vec!["-F", "none"];
            all.extend(words[1..].iter().map(String::as_str));
            let options = ssh_g(&all).unwrap_or_else(|trouble| panic!("{line}: {trouble}"));
            assert_eq!(value(&options, "hostname"), Some("box.example"));
            assert_eq!(value(&options, "port"), Some("2222"));
            assert_eq!(value(&options, "user"), Some("dev"));
        }
        assert!(seen > 0 || *cause == "no-identity", "{cause}: no command");
    }
}

/// A log that names no host, or one that is a pattern, leads to no line for it.
#[test]
fn what_the_log_does_not_show_is_not_made_up() {
    let logs = [
        "ssh: Could not resolve hostname *: Name or service not known\n",
        "ssh: Could not resolve hostname the server: Name or service not known\n",
        "Permission denied (publickey).\n",
        "debug1: Authentications that can continue: publickey\ndebug1: Next authentication method: publickey\n\
         debug1: Trying private key: /home/dev/.ssh/id_rsa\ndebug1: No more authentication methods to try.\n\
         Permission denied (publickey).\n",
        "Received disconnect from UNKNOWN port 65535:2: Too many authentication failures\n",
        "@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\nHost key verification failed.\n",
    ];
    for log in logs {
        let report = judge(&[Source::new("a.log", ssh_why::model::Role::Other, log)]);
        for fix in report.diagnosis.findings.iter().flat_map(|finding| &finding.fixes) {
            let host = matches!(fix.action, Action::Rerun(_) | Action::Try(_));
            assert!(!host || fix.command().is_none(), "{log}: {fix:?}");
            for shown in fix.command().into_iter().chain(fix.config()) {
                assert!(!shown.contains("the server") && !shown.contains('*') && !shown.contains("HOST"), "{shown}");
            }
        }
    }
}

/// The old key is taken out of the file that has it, and what a provider does not publish is not let in.
#[test]
fn a_changed_host_key() {
    let box_of = |host: &str, file: &str, print: &str| {
        format!(
            "$ ssh {host}\n@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\n\
             The fingerprint for the ED25519 key sent by the remote host is\n{print}.\n\
             Offending ED25519 key in {file}:3\n\
             Host key for {host} has changed and you have requested strict checking.\nHost key verification failed.\n"
        )
    };
    const OTHER: &str = "SHA256:tdehW3QIZzdRbRi29M+nZsDGmsRWgcOZ6XR9icD6ABs";
    const PUBLISHED: &str = "SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU";
    for (host, file, print, steps) in [
        ("box", "/home/dev/.ssh/known_hosts", OTHER, Some("ssh-keygen -R box")),
        ("box", "C:\\Users\\dev/.ssh/known_hosts", OTHER, Some("ssh-keygen -R box")),
        ("box", "/srv/team/known_hosts", OTHER, Some("ssh-keygen -f /srv/team/known_hosts -R box")),
        ("box", "/srv/-x/a b", OTHER, Some("ssh-keygen -f '/srv/-x/a b' -R box")),
        ("github.com", "/home/dev/.ssh/known_hosts", PUBLISHED, Some("ssh-keygen -R github.com")),
        ("github.com", "/home/dev/.ssh/known_hosts", OTHER, None),
    ] {
        let log = box_of(host, file, print);
        let diagnosis = judge(&[Source::new("a.log", ssh_why::model::Role::Other, log)]).diagnosis;
        assert_eq!(diagnosis.verdict.cause, "host-key-changed");
        let suggestion = diagnosis.suggestion.as_ref();
        assert_eq!(suggestion.map(|suggestion| suggestion.command.clone()), steps.map(|_| format!("ssh {host}")));
        let before = suggestion.and_then(|suggestion| suggestion.before.last()).and_then(Fix::command);
        assert_eq!(before, steps, "{file}");
    }
}

/// A key of PuTTY's is written anew beside the old one; no passphrase opens it for ssh, whatever ssh asks.
#[test]
fn a_key_of_puttys() {
    const ASKED: &str = "debug1: PEM_read_PrivateKey failed\ndebug1: read PEM private key done: type <unknown>\n\
                         Enter passphrase for key '/home/dev/k 1.PPK': \ndebug2: bad passphrase given, try again...\n";
    for (said, certainty) in [
        (&*format!("debug1: Trying private key: /home/dev/k 1.PPK\n{ASKED}{ASKED}"), Certainty::Likely),
        (
            "debug1: Trying private key: /home/dev/k 1.PPK\nLoad key \"/home/dev/k 1.PPK\": invalid format\n",
            Certainty::Certain,
        ),
    ] {
        let log = format!(
            "debug1: Next authentication method: publickey\n{said}debug1: No more authentication methods to try.\n\
             dev@box: Permission denied (publickey).\n"
        );
        let diagnosis = judge(&[Source::new("a.log", ssh_why::model::Role::Other, log)]).diagnosis;
        assert_eq!((diagnosis.verdict.cause, diagnosis.verdict.certainty), ("identity-invalid", certainty), "{said}");
        assert!(diagnosis.findings.iter().all(|finding| finding.cause != "passphrase"));
        let step = diagnosis.findings[0].fixes.iter().find_map(Fix::command);
        let written = "puttygen '/home/dev/k 1.PPK' -O private-openssh -o '/home/dev/k 1.PPK.openssh'";
        assert_eq!(step, Some(written), "{said}");
    }
}

/// Words that are causes' ids and other things' words as well, and where they stand for the other thing.
const ALSO: &[(&str, &str)] = &[
    ("model/session.rs", "authenticated"),
    ("model/session.rs", "unknown"),
    ("model/case.rs", "unknown"),
    ("survey.rs", "unknown"),
    ("report/document.rs", "authenticated"),
    ("report/document.rs", "unknown"),
    // tinysshd's word for the method none.
    ("dialect/tinysshd.rs", "unknown"),
    // ssh's own words, in which a passphrase is a passphrase.
    ("rules/agent/security_key.rs", "passphrase"),
];

/// Reasons of servers' logs that are called as the cause is; below these folders they are reasons.
const REASONS: &[&str] = &["kex-mismatch", "rate-limited", "key-too-short", "pubkey-disabled"];
const OF_SERVERS: &[&str] = &["server", "dialect"];

/// Causes that are called by a word that logs are full of; redaction lists such words.
const WORDS: &[&str] = &["authenticated", "passphrase", "unknown"];

#[test]
fn a_cause_is_named_in_its_own_file_only() {
    let root = project("src");
    let stages = root.join("rules");
    let mut wrong = Vec::new();
    for path in files(&root) {
        let inside = path.strip_prefix(&root).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap();
        // What a rule explains away is its own knowledge.
        let code = match code.split_once("explains: &[").map(|(before, rest)| (before, rest.split_once(']'))) {
            Some((before, Some((_, after)))) if path.starts_with(&stages) => format!("{before}{after}"),
            _ => code.to_owned(),
        };
        let own =
            |id: &str| path.starts_with(&stages) && path.file_stem().unwrap().to_str() == Some(&id.replace('-', "_"));
        for rule in RULES.iter().filter(|rule| !own(rule.id)) {
            let named = code.lines().any(|line| {
                !line.trim_start().starts_with("//")
                    && !line.contains("schemars(")
                    && line.contains(&format!("\"{}\"", rule.id))
            });
            let reason = REASONS.contains(&rule.id) && OF_SERVERS.iter().any(|folder| inside.starts_with(folder));
            let word = WORDS.contains(&rule.id) && inside.starts_with("redact");
            if named && !reason && !word && !ALSO.iter().any(|(file, id)| inside == Path::new(file) && *id == rule.id) {
                wrong.push(format!("{} names {}", inside.display(), rule.id));
            }
        }
        for start in ["starts_with(\"connection-\")", "starts_with(\"host-key-\")", "starts_with(\"identity-\")"] {
            if code.contains(start) {
                wrong.push(format!("{}: {start}", inside.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The new log is of the keys that the failing command named, and a command that keeps to files has some to keep to.
#[test]
fn the_keys_of_the_command_come_along() {
    let denied = "dev@box.example: Permission denied (publickey).\n";
    for (command, wanted) in [
        ("ssh -i ~/.ssh/work dev@box.example", Some("ssh -v -o ControlPath=none -i ~/.ssh/work dev@box.example")),
        (
            "ssh -i work.pem -o IdentitiesOnly=yes dev@box.example",
            Some("ssh -v -o ControlPath=none -i work.pem -o IdentitiesOnly=yes dev@box.example"),
        ),
        (
            "ssh -o IdentityFile=/k -o IdentitiesOnly=yes -p 2222 dev@box.example",
            Some("ssh -v -o ControlPath=none -p 2222 dev@box.example"),
        ),
        (r"ssh -i '\\files.example\share\k' dev@box.example", Some("ssh -v -o ControlPath=none dev@box.example")),
        ("ssh -i //files.example/share/k dev@box.example", Some("ssh -v -o ControlPath=none dev@box.example")),
        ("ssh -i %d/k -o IdentitiesOnly=yes dev@box.example", Some("ssh -v -o ControlPath=none dev@box.example")),
    ] {
        let log = format!("$ {command}\n{denied}");
        let diagnosis = judge(&[Source::new("a.log", Role::Other, log.as_str())]).diagnosis;
        let shown = diagnosis.findings[0].fixes.iter().find_map(|fix| fix.command().map(str::to_owned));
        assert_eq!(shown.as_deref(), wanted, "{command}");
    }
}
