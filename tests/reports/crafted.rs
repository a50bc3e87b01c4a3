//! Crafted names in every place of a log: none becomes an option, a second command, or something that a terminal
//! acts on.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::kit::{Source, assert_schema, assert_tame, assert_true, judge, read_by_sh};
use ssh_why::model::Role;

use crate::kit::play::{Play, accepted, denied, disconnected, offering, refused};

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

/// A pair of logs, or one, with `crafted` in each place where a log has a name.
fn crafted_logs(crafted: &str) -> Vec<Vec<Source>> {
    const KEY: &str = "/home/dev/.ssh/id_rsa";
    let one = |text: String| vec![Source::new("ssh.log", Role::Other, text)];
    let pair = |vcs: &Play, ci: &Play| vec![vcs.source("vcs.log", Role::Vcs), ci.source("ci.log", Role::Ci)];
    let greets = |login: &str| {
        format!("Hi {login}! You've successfully authenticated, but GitHub does not provide shell access.")
    };
    let good = Play::github().logs_in("/home/dev/.ssh/id", &greets("octocat"));
    let greeted = Play::github().logs_in("/home/dev/.ssh/id", &greets(crafted));
    let ends = |play: Play| play.says(denied("dev", "box"));
    let tried = ends(Play::new().tries(KEY));
    // A pair in which the CI command was pasted along.
    let typed = |command: String| pair(&good, &tried.clone().typed(&command));
    // A box that refuses the crafted key, and all that is said then.
    let then = |said: String| one(Play::new().tries(crafted).says(said).says(denied(crafted, crafted)).text());
    // The same after the server has accepted it.
    let accepts = |said: String| then(accepted(crafted) + &said);
    // No more than the connection.
    let connecting = |said: String| one(format!("debug1: Connecting to {crafted} [192.0.2.7] port 2222.\n{said}\n"));
    let multiplexed = "debug1: mux_client_request_session: master session id: 2\n";
    let refused_to = format!("ERROR: Permission to {crafted} denied to {crafted}.\n");
    vec![
        pair(&good, &ends(Play::new().host(crafted).tries(KEY))),
        pair(&good, &ends(Play::new().user(crafted).tries(KEY))),
        pair(&good, &Play::new().software(crafted).tries(crafted).says(denied(crafted, crafted))),
        pair(&Play::github().logs_in(crafted, &greets(crafted)), &tried.clone().typed("ssh -p 64535 box")),
        pair(
            &Play::github().host(crafted).logs_in("/home/dev/.ssh/id", &greets(crafted)),
            &tried.clone().typed(&format!("ssh -v {crafted}")),
        ),
        typed(format!("ssh -v -l {crafted} box")),
        typed(format!("ssh -v -J {crafted} box")),
        typed(format!("ssh -v -o {crafted} box")),
        typed(format!("ssh -v {crafted}@box")),
        typed(format!("ssh -v box {crafted}")),
        pair(&good, &Play::new().tries(KEY).says(disconnected("Too many authentication failures"))),
        one(format!("ssh: Could not resolve hostname {crafted}: Name or service not known\n")),
        one(format!("ssh: connect to host {crafted} port 22: Connection refused\n")),
        one(format!("ssh: connect to host {crafted} port 64535: Connection timed out\n")),
        one(format!(
            "{crafted}: line 3: Bad configuration option: {crafted}\n{crafted}: terminating, 1 bad configuration options\n"
        )),
        one(format!("Bad owner or permissions on {crafted}\n")),
        connecting(format!(
            "No RSA host key is known for {crafted} and you have requested strict checking.\nHost key verification failed."
        )),
        connecting(format!(
            "Host key for {crafted} has changed and you have requested strict checking.\nHost key verification failed."
        )),
        connecting(format!(
            "Unable to negotiate with 192.0.2.7 port 2222: no matching host key type found. Their offer: {crafted}"
        )),
        connecting(format!(
            "kex_exchange_identification: banner line 0: {crafted}\nkex_exchange_identification: Connection closed by remote host"
        )),
        one(format!("debug1: auto-mux: Trying existing master at '{crafted}'\n{multiplexed}")),
        one(format!("$ ssh -v {crafted}\ndebug1: auto-mux: Trying existing master\n{multiplexed}")),
        one(format!(
            "debug1: Executing proxy command: exec {crafted}\nkex_exchange_identification: Connection closed by remote host\nConnection closed by UNKNOWN port 65535\n"
        )),
        one(format!(
            "Warning: Identity file {crafted} not accessible: No such file or directory.\n{}",
            denied(crafted, crafted)
        )),
        then(format!("Load key \"{crafted}\": invalid format")),
        then(format!("Load key \"{crafted}\": Permission denied")),
        then(format!("Permissions 0644 for '{crafted}' are too open.\nLoad key \"{crafted}\": bad permissions")),
        accepts(format!(
            "sign_and_send_pubkey: signing failed for RSA \"{crafted}\" from agent: agent refused operation"
        )),
        accepts(format!("identity_sign: private key {crafted} contents do not match public")),
        accepts(format!("Enter passphrase for key '{crafted}': \ndebug2: bad passphrase given, try again...")),
        then("debug1: send_pubkey_test: no mutual signature algorithm".to_owned()),
        one(Play::new()
            .host("github.com")
            .user(crafted)
            .software("OpenSSH_9")
            .tries(KEY)
            .says(denied(crafted, crafted))
            .text()),
        one(format!("{crafted}\n{crafted}@{crafted}: Permission denied (publickey).\n{refused_to}")),
        one(greeted.says(refused_to).says("fatal: Could not read from remote repository.").text()),
        then(format!("{}{}", offering(crafted).replace(" RSA ", " ED25519-CERT "), refused())),
        one(Play::new()
            .typed(&format!("ssh -v -o IdentitiesOnly=yes {crafted}"))
            .host(crafted)
            .tries(KEY)
            .says("debug1: get_agent_identities: agent returned 3 keys")
            .says(denied(crafted, crafted))
            .text()),
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
    "IdentityFile=",
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
    let next = AtomicUsize::new(0);
    let work = || {
        let mut counts = (0, 0);
        while let Some(crafted) = CRAFTED.get(next.fetch_add(1, Ordering::Relaxed)) {
            let (suggestions, commands) = stays_in_its_place(crafted);
            counts = (counts.0 + suggestions, counts.1 + commands);
        }
        counts
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let (suggestions, commands) = std::thread::scope(|scope| {
        let started: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        started.into_iter().map(|one| one.join().unwrap()).fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1))
    });
    assert!(
        suggestions > 100 && commands > 300,
        "{suggestions} suggestions, {commands} commands: too few to prove much"
    );
}

/// Tries it everywhere; how many suggestions and other commands were looked at.
fn stays_in_its_place(crafted: &str) -> (usize, usize) {
    let mut suggestions = 0;
    let mut commands = 0;
    for (number, sources) in crafted_logs(crafted).into_iter().enumerate() {
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
            if let Some(command) = fix.command() {
                commands += 1;
                assert_no_option(command, &what);
                assert_harmless(command, &what);
            }
            // A file of settings is read line by line: crafted names stay in their line, behind their keyword.
            for line in fix.config().iter().flat_map(|config| config.lines()) {
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
    (suggestions, commands)
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
