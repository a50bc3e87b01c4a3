//! Crafted names in every place of a log: none becomes an option, a second command, or something that a terminal
//! acts on.

use crate::kit::{Source, assert_schema, assert_tame, assert_true, judge, read_by_sh};
use ssh_why::model::Role;

/// What an attacker puts where a log has a name.
const CRAFTED: &[&str] = &[
    "$(: >pwned)",
    "`: >pwned`",
    "';: >pwned;'",
    "\";: >pwned;\"",
    "-oProxyCommand=:>pwned",
    "--help",
    "-D",
    "a\\nb",
    "a\u{1b}]0;title\u{7}b",
    "a\u{1b}[2Jb",
    "\u{202e}moc.buhtig",
    "a\u{2066}b\u{200b}c",
    "x & : >pwned",
    "x|: >pwned",
    "x;: >pwned",
    "x\u{a0}y",
    "a'b\"c`d$e\\f",
    "%PATH%",
    "*",
    "~root",
    "#x",
    "<b>x</b>",
    "&#39;;: >pwned",
    "x -oProxyCommand=:>pwned",
    "{x,-oProxyCommand=y}",
    "$HOME",
    "!!",
    "/home/dev/.ssh/id_rsa",
    "\u{7f}\u{80}\u{9b}31m",
    "-",
    "--",
    "-oPermitLocalCommand=yes",
    "x ProxyCommand :",
    "x\r-oProxyCommand=y",
];

/// A pair of logs with `crafted` in each place where a log has a name.
fn crafted_pair(crafted: &str) -> Vec<Vec<Source>> {
    let print = "SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s";
    let other = "SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU";
    let vcs = |host: &str, key: &str, login: &str| {
        format!(
            "OpenSSH_9.6p1, OpenSSL 3.0.2\ndebug1: Connecting to {host} [140.82.112.4] port 22.\ndebug1: Connection established.\n\
             debug1: Remote protocol version 2.0, remote software version babeld-8405fce2\ndebug1: Authenticating to {host}:22 as 'git'\n\
             debug1: SSH2_MSG_SERVICE_ACCEPT received\ndebug1: Authentications that can continue: publickey\ndebug1: Next authentication method: publickey\n\
             debug1: Offering public key: {key} ED25519 {print} explicit\ndebug1: Server accepts key: {key} ED25519 {print} explicit\n\
             Authenticated to {host} ([140.82.112.4]:22) using \"publickey\".\n\
             Hi {login}! You've successfully authenticated, but GitHub does not provide shell access.\n"
        )
    };
    let ci = |command: &str, host: &str, user: &str, key: &str, software: &str, end: &str| {
        format!(
            "{command}OpenSSH_9.6p1, OpenSSL 3.0.2\ndebug1: Connecting to {host} [192.0.2.7] port 64535.\ndebug1: Connection established.\n\
             debug1: identity file {key} type 0\ndebug1: Remote protocol version 2.0, remote software version {software}\n\
             debug1: Authenticating to {host}:64535 as '{user}'\ndebug1: SSH2_MSG_SERVICE_ACCEPT received\n\
             debug1: Authentications that can continue: publickey\ndebug1: Next authentication method: publickey\n\
             debug1: Offering public key: {key} RSA {other}\ndebug1: Authentications that can continue: publickey\n{end}"
        )
    };
    let denied = format!(
        "debug1: No more authentication methods to try.\n{crafted}@{crafted}: Permission denied (publickey).\n"
    );
    let plain_end = "debug1: No more authentication methods to try.\ndev@box: Permission denied (publickey).\n";
    let pair =
        |vcs: String, ci: String| vec![Source::new("vcs.log", Role::Vcs, vcs), Source::new("ci.log", Role::Ci, ci)];
    let one = |text: String| vec![Source::new("ssh.log", Role::Other, text)];
    let good = || vcs("github.com", "/home/dev/.ssh/id", "octocat");
    vec![
        pair(good(), ci("", crafted, "dev", "/home/dev/.ssh/id_rsa", "Go", plain_end)),
        pair(good(), ci("", "box", crafted, "/home/dev/.ssh/id_rsa", "Go", plain_end)),
        pair(good(), ci("", "box", "dev", crafted, crafted, &denied)),
        pair(
            vcs("github.com", crafted, crafted),
            ci("$ ssh -p 64535 box\n", "box", "dev", "/home/dev/.ssh/id_rsa", "Go", plain_end),
        ),
        pair(
            vcs(crafted, "/home/dev/.ssh/id", crafted),
            ci(&format!("$ ssh -v {crafted}\n"), "box", "dev", "/home/dev/.ssh/id_rsa", "Go", plain_end),
        ),
        pair(
            good(),
            ci(&format!("$ ssh -v -l {crafted} box\n"), "box", "dev", "/home/dev/.ssh/id_rsa", "Go", plain_end),
        ),
        pair(
            good(),
            ci(&format!("$ ssh -v -J {crafted} box\n"), "box", "dev", "/home/dev/.ssh/id_rsa", "Go", plain_end),
        ),
        pair(
            good(),
            ci(&format!("$ ssh -v -o {crafted} box\n"), "box", "dev", "/home/dev/.ssh/id_rsa", "Go", plain_end),
        ),
        pair(good(), ci(&format!("$ ssh -v {crafted}@box\n"), "box", "dev", "/home/dev/.ssh/id_rsa", "Go", plain_end)),
        pair(good(), ci(&format!("$ ssh -v box {crafted}\n"), "box", "dev", "/home/dev/.ssh/id_rsa", "Go", plain_end)),
        pair(
            good(),
            ci(
                "",
                "box",
                "dev",
                "/home/dev/.ssh/id_rsa",
                "Go",
                "Received disconnect from 192.0.2.7 port 64535:2: Too many authentication failures\n",
            ),
        ),
        one(format!("ssh: Could not resolve hostname {crafted}: Name or service not known\n")),
        one(format!("ssh: connect to host {crafted} port 22: Connection refused\n")),
        one(format!("ssh: connect to host {crafted} port 64535: Connection timed out\n")),
        one(format!(
            "{crafted}: line 3: Bad configuration option: {crafted}\n{crafted}: terminating, 1 bad configuration options\n"
        )),
        one(format!("Bad owner or permissions on {crafted}\n")),
        one(format!(
            "debug1: Connecting to {crafted} [192.0.2.7] port 2222.\nNo RSA host key is known for {crafted} and you have requested strict checking.\nHost key verification failed.\n"
        )),
        one(format!(
            "debug1: Connecting to {crafted} [192.0.2.7] port 2222.\nHost key for {crafted} has changed and you have requested strict checking.\nHost key verification failed.\n"
        )),
        one(format!(
            "debug1: Connecting to {crafted} [192.0.2.7] port 2222.\nUnable to negotiate with 192.0.2.7 port 2222: no matching host key type found. Their offer: {crafted}\n"
        )),
        one(format!(
            "debug1: Connecting to {crafted} [192.0.2.7] port 2222.\nkex_exchange_identification: banner line 0: {crafted}\nkex_exchange_identification: Connection closed by remote host\n"
        )),
        one(format!(
            "debug1: auto-mux: Trying existing master at '{crafted}'\ndebug1: mux_client_request_session: master session id: 2\n"
        )),
        one(format!(
            "$ ssh -v {crafted}\ndebug1: auto-mux: Trying existing master\ndebug1: mux_client_request_session: master session id: 2\n"
        )),
        one(format!(
            "debug1: Executing proxy command: exec {crafted}\nkex_exchange_identification: Connection closed by remote host\nConnection closed by UNKNOWN port 65535\n"
        )),
        one(format!("Warning: Identity file {crafted} not accessible: No such file or directory.\n{denied}")),
        one(ci("", "box", "dev", crafted, "Go", &format!("Load key \"{crafted}\": invalid format\n{denied}"))),
        one(ci("", "box", "dev", crafted, "Go", &format!("Load key \"{crafted}\": Permission denied\n{denied}"))),
        one(ci(
            "",
            "box",
            "dev",
            crafted,
            "Go",
            &format!(
                "Permissions 0644 for '{crafted}' are too open.\nLoad key \"{crafted}\": bad permissions\n{denied}"
            ),
        )),
        one(ci(
            "",
            "box",
            "dev",
            crafted,
            "Go",
            &format!(
                "debug1: Server accepts key: {crafted} RSA {other}\nsign_and_send_pubkey: signing failed for RSA \"{crafted}\" from agent: agent refused operation\n{denied}"
            ),
        )),
        one(ci(
            "",
            "box",
            "dev",
            crafted,
            "Go",
            &format!(
                "debug1: Server accepts key: {crafted} RSA {other}\nidentity_sign: private key {crafted} contents do not match public\n{denied}"
            ),
        )),
        one(ci(
            "",
            "box",
            "dev",
            crafted,
            "Go",
            &format!(
                "debug1: Server accepts key: {crafted} RSA {other}\nEnter passphrase for key '{crafted}': \ndebug2: bad passphrase given, try again...\n{denied}"
            ),
        )),
        one(ci(
            "",
            "box",
            "dev",
            crafted,
            "Go",
            &format!("debug1: send_pubkey_test: no mutual signature algorithm\n{denied}"),
        )),
        one(ci("", "github.com", crafted, "/home/dev/.ssh/id", "OpenSSH_9", &denied)),
        one(format!(
            "{crafted}\n{crafted}@{crafted}: Permission denied (publickey).\nERROR: Permission to {crafted} denied to {crafted}.\n"
        )),
        one(format!(
            "{}ERROR: Permission to {crafted} denied to {crafted}.\nfatal: Could not read from remote repository.\n",
            vcs("github.com", "/home/dev/.ssh/id", crafted)
        )),
        one(ci(
            "",
            "box",
            "dev",
            crafted,
            "Go",
            &format!(
                "debug1: Offering public key: {crafted} ED25519-CERT {other}\ndebug1: Authentications that can continue: publickey\n{denied}"
            ),
        )),
        one(ci(
            &format!("$ ssh -v -o IdentitiesOnly=yes {crafted}\n"),
            crafted,
            "dev",
            "/home/dev/.ssh/id",
            "Go",
            &format!("debug1: get_agent_identities: agent returned 3 keys\n{denied}"),
        )),
    ]
}

/// Options that this program itself writes.
const OWN_OPTIONS: &[&str] = &[
    "-i",
    "-o",
    "-p",
    "-T",
    "-v",
    "-G",
    "-O",
    "-R",
    "-L",
    "-y",
    "-P",
    "-f",
    "-l",
    "-J",
    "-e",
    "-F",
    "-t",
    "-4",
    "-6",
    "-C",
    "-N",
    "-n",
    "-q",
    "-x",
    "-s",
    "--kill",
    "--",
    "-StartupType",
    "-PassThru",
];

/// `-o` settings that this program writes or lets come along; none of them runs anything or writes a file.
const OWN_SETTINGS: &[&str] = &[
    "IdentitiesOnly",
    "ControlPath",
    "PubkeyAuthentication",
    "PreferredAuthentications",
    "PubkeyAcceptedAlgorithms",
    "PubkeyAcceptedKeyTypes",
    "StrictHostKeyChecking",
    "HostKeyAlgorithms",
    "KexAlgorithms",
    "MACs",
    "Ciphers",
    "ProxyCommand=none",
    "ProxyJump=none",
    "ConnectTimeout",
];

/// Asserts that no word of a command was made an option by the log.
fn assert_no_option(command: &str, what: &str) {
    // Commands may be joined by `|`, `&&` and `$( )` of this program's own.
    let words = shlex::split(command).unwrap_or_else(|| panic!("{what}: {command}"));
    let mut remote = false;
    for pair in words.windows(2) {
        let word = pair[1].as_str();
        if pair[0] == "-o" && !remote {
            assert!(OWN_SETTINGS.iter().any(|own| word.starts_with(own)), "{what}: {word} in {command}");
            continue;
        }
        remote |= pair[0] != "ssh" && !pair[0].starts_with('-') && !word.starts_with('-');
        let value = matches!(pair[0].as_str(), "-i" | "-p" | "-P" | "-e" | "-f") && !remote;
        if word.starts_with('-') && !value && !remote {
            let known = OWN_OPTIONS.contains(&word);
            assert!(known, "{what}: {word} became an option in {command}");
        }
    }
}

#[test]
fn nothing_crafted_gets_out_of_its_place() {
    let mut suggestions = 0;
    let mut commands = 0;
    for crafted in CRAFTED {
        for (number, sources) in crafted_pair(crafted).into_iter().enumerate() {
            let what = format!("{crafted:?} in place {number}");
            let report = judge(&sources);
            assert_true(&report, &sources, &what);
            assert_tame(&report, &what);
            assert_schema(&report.json, &what);
            if let Some(suggestion) = &report.diagnosis.suggestion {
                suggestions += 1;
                assert_eq!(read_by_sh(&suggestion.command), suggestion.argv, "{what}");
                assert_no_option(&suggestion.command, &what);
                let host = destination(&suggestion.argv).unwrap_or_else(|| panic!("{what}: {:?}", suggestion.argv));
                assert!(!host.starts_with('-') && !host.is_empty(), "{what}: {:?}", suggestion.argv);
            }
            for fix in report.diagnosis.findings.iter().flat_map(|finding| &finding.fixes) {
                if let Some(command) = &fix.command {
                    commands += 1;
                    assert_no_option(command, &what);
                    assert_harmless(command, &what);
                }
                // A file of settings is read line by line: crafted names stay in their line, behind their keyword.
                for line in fix.config.iter().flat_map(|config| config.lines()) {
                    let keyword = line.trim_start().split(' ').next().unwrap_or_default();
                    let known = [
                        "Host",
                        "HostName",
                        "Port",
                        "User",
                        "IdentityFile",
                        "IdentitiesOnly",
                        "IgnoreUnknown",
                        "PubkeyAcceptedAlgorithms",
                        "PubkeyAcceptedKeyTypes",
                        "HostKeyAlgorithms",
                        "KexAlgorithms",
                        "MACs",
                        "Ciphers",
                    ];
                    assert!(known.contains(&keyword), "{what}: {line}");
                }
            }
        }
    }
    assert!(
        suggestions > 100 && commands > 300,
        "{suggestions} suggestions, {commands} commands: too few to prove much"
    );
}

/// The destination in an `ssh` command.
fn destination(argv: &[String]) -> Option<&str> {
    let mut words = argv.iter().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "-i" | "-o" | "-p" | "-J" | "-l" => {
                words.next();
            }
            word if word.starts_with('-') => {}
            word => return Some(word),
        }
    }
    None
}

/// Lets a real shell read a command in which no program can be found: nothing but it itself may come of it.
#[cfg(unix)]
fn assert_harmless(command: &str, what: &str) {
    let folder = tempfile::tempdir().unwrap();
    let done = std::process::Command::new("sh")
        .args(["-c", &format!("PATH='{}'\n{command}", folder.path().display())])
        .env("HOME", "/nonexistent")
        .current_dir(folder.path())
        .output()
        .expect("sh runs");
    let made: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(made.is_empty(), "{what}: {command} made {made:?}");
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(!said.contains("yntax error") && !said.contains("nterminated"), "{what}: {command}: {said}");
}

#[cfg(not(unix))]
fn assert_harmless(_: &str, _: &str) {}
