//! What must hold for any input: no panic, true quotes, safe words. Proptest chooses the inputs.

#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod common;

use common::{Report, Source, assert_schema, assert_tame, assert_true, judge, logs, read};
use proptest::prelude::*;
use ssh_why::diagnose::diagnose;
use ssh_why::model::{Role, Transcript};
use ssh_why::reader::Reader;
use ssh_why::shell::{Shell, join};
use ssh_why::transcript::unprintable;

/// So many cases, unless PROPTEST_CASES asks for more; and no file is left behind.
fn cases(number: u32) -> ProptestConfig {
    let mut config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = number;
    }
    config
}

/// Reads a log in pieces that end at these places.
fn read_in_pieces(bytes: &[u8], cuts: &[prop::sample::Index], first: usize) -> Transcript {
    let mut ends: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
    ends.push(bytes.len());
    // The first piece decides on the encoding and on the line ends; the program makes it as long as it can.
    ends.retain(|end| *end >= first.min(bytes.len()));
    ends.sort_unstable();
    let mut reader = Reader::new("log");
    let mut start = 0;
    for end in ends {
        reader.feed(&bytes[start..end]);
        start = end;
    }
    reader.finish()
}

/// Lines as an editor counts them: each LF ends one, and so does the file's end.
fn count(bytes: &[u8]) -> u64 {
    let ends = bytes.iter().filter(|byte| **byte == b'\n').count() as u64;
    ends + u64::from(!bytes.is_empty() && bytes.last() != Some(&b'\n'))
}

fn whole_report(name: &str, bytes: &[u8]) -> Report {
    let sources = [Source::new(name, Role::Other, bytes)];
    let report = judge(&sources);
    assert_true(&report, &sources, name);
    assert_tame(&report, name);
    assert_schema(&report.json, name);
    report
}

/// Pieces of what logs are made of, so that random logs get beyond the first line.
fn line() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "debug1: ",
        "debug2: ",
        "debug3: ",
        "> ",
        "    ",
        "$ ssh ",
        "-p 2222 ",
        "-i ",
        "git@github.com",
        "Offering public key: ",
        "Server accepts key: ",
        "Trying private key: ",
        "Will attempt key: ",
        "identity file ",
        " type -1",
        " type 3",
        "/home/dev/.ssh/id_rsa",
        " RSA",
        " ED25519",
        " SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s",
        " explicit",
        " agent",
        "Authentications that can continue: ",
        "publickey",
        ",password",
        "Permission denied (publickey).",
        "Authenticated to github.com ([140.82.112.4]:22) using \"publickey\".",
        "Connecting to github.com [140.82.112.4] port 22.",
        "OpenSSH_9.6p1, OpenSSL 3.0.2",
        "Next authentication method: publickey",
        "Load key \"",
        "\": invalid format",
        "Connection closed by ",
        "UNKNOWN port 65535",
        "sign_and_send_pubkey: signing failed for RSA \"",
        "\": agent refused operation",
        "Enter passphrase for key '",
        "': ",
        "Host key verification failed.",
        "Received disconnect from 192.0.2.1 port 22:2: Too many authentication failures",
        "\\n",
        "\\r\\n",
        "<br>",
        "<span class=\"x\">",
        "</span>",
        "&quot;",
        "&gt;",
        "=3D",
        "=",
        "\u{1b}[31m",
        "\u{1b}[0m",
        "\u{202e}",
        "\u{fffd}",
        "\r",
        "\t",
        "'",
        "\"",
        "`",
        "\\",
        "ü",
        "😀",
        " ",
        ":",
        "0",
        "[",
        "]",
        "(",
        ")",
        "@",
        "Hi octocat! You've successfully authenticated, but GitHub does not provide shell access.",
        "ERROR: Repository not found.",
        "debug",
        "kex_exchange_identification: ",
    ]);
    prop_oneof![
        6 => prop::collection::vec(pieces, 0..8).prop_map(|pieces| pieces.concat()),
        1 => "\\PC{0,60}",
    ]
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..3000)) {
        // Not UTF-16: its line ends are two bytes.
        let utf16 = matches!(bytes.as_slice(), [0xff, 0xfe, ..] | [0xfe, 0xff, ..]);
        let log = read("log", &bytes);
        if bytes.contains(&b'\n') && !utf16 {
            prop_assert_eq!(log.lines, count(&bytes));
        }
        let report = Report::of(diagnose(vec![log], ssh_why::model::Facts::default(), Shell::Sh));
        assert_tame(&report, "any bytes");
    }

    #[test]
    fn any_lines_are_counted(lines in prop::collection::vec(line(), 0..60), end in prop::sample::select(vec!["\n", "\r\n"])) {
        let lines: Vec<String> = lines.into_iter().map(|line| line.replace('\r', "")).collect();
        let bytes: String = lines.iter().map(|line| format!("{line}{end}")).collect();
        prop_assert_eq!(read("log", bytes.as_bytes()).lines, lines.len() as u64);
    }

    #[test]
    fn any_lines_make_a_true_report(lines in prop::collection::vec(line(), 0..80)) {
        whole_report("random.log", lines.join("\n").as_bytes());
    }

    #[test]
    fn pieces_make_no_difference(lines in prop::collection::vec(line(), 1..60), cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..20)) {
        let bytes = lines.join("\n").into_bytes();
        let first = bytes.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |at| at + 1);
        prop_assert_eq!(read_in_pieces(&bytes, &cuts, first.max(512)), ssh_why::reader::read("log", &bytes));
    }
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn a_good_log_in_any_pieces_is_the_same(number in any::<prop::sample::Index>(), cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..40)) {
        let logs = logs();
        let (name, bytes) = &logs[number.index(logs.len())];
        let whole = ssh_why::reader::read("log", bytes);
        prop_assert_eq!(read_in_pieces(bytes, &cuts, 512), whole, "{}", name);
    }

    #[test]
    fn bytes_spliced_into_a_good_log_do_no_harm(
        number in any::<prop::sample::Index>(),
        splices in prop::collection::vec((any::<prop::sample::Index>(), prop::collection::vec(any::<u8>(), 0..40), 0usize..40), 1..6),
    ) {
        let logs = logs();
        let (name, bytes) = &logs[number.index(logs.len())];
        let mut bytes = bytes.clone();
        for (place, more, fewer) in splices {
            let at = place.index(bytes.len() + 1);
            let end = (at + fewer).min(bytes.len());
            bytes.splice(at..end, more);
        }
        // At its very beginning two bytes can make another encoding of it, which is no splice.
        if !matches!(bytes.as_slice(), [0xff, 0xfe, ..] | [0xfe, 0xff, ..]) {
            whole_report(name, &bytes);
        }
    }

    #[test]
    fn lines_spliced_into_a_good_log_do_no_harm(
        number in any::<prop::sample::Index>(),
        splices in prop::collection::vec((any::<prop::sample::Index>(), line(), any::<bool>()), 1..6),
    ) {
        let logs = logs();
        let (name, bytes) = &logs[number.index(logs.len())];
        let text = String::from_utf8_lossy(bytes);
        let mut lines: Vec<&str> = text.split('\n').collect();
        for (place, more, instead) in &splices {
            let at = place.index(lines.len());
            if *instead { lines[at] = more } else { lines.insert(at, more) }
        }
        whole_report(name, lines.join("\n").as_bytes());
    }

    #[test]
    fn two_logs_of_any_kind_are_compared(one in any::<prop::sample::Index>(), two in any::<prop::sample::Index>()) {
        let logs = logs();
        let pick = |index: prop::sample::Index, name: &str, role| Source::new(name, role, logs[index.index(logs.len())].1.clone());
        let sources = [pick(one, "vcs.log", Role::Vcs), pick(two, "ci.log", Role::Ci)];
        let report = judge(&sources);
        assert_true(&report, &sources, "two logs");
        assert_tame(&report, "two logs");
        assert_schema(&report.json, "two logs");
    }
}

/// Words that a shell has its own mind about.
const NASTY: &[&str] = &[
    "",
    " ",
    "a b",
    "$(touch pwned)",
    "`touch pwned`",
    "$HOME",
    "${IFS}",
    "~",
    "~/key",
    "*",
    "?",
    "[a-z]",
    "{a,b}",
    "a;b",
    "a&b",
    "a|b",
    "a>b",
    "<a",
    "(a)",
    "!a",
    "#a",
    "=a",
    "a=b",
    "'",
    "''",
    "\"",
    "\\",
    "\\\\",
    "a\\",
    "'a",
    "a'",
    "it's",
    "\"$(a)\"",
    "'$(a)'",
    "%PATH%",
    "^",
    "-",
    "--",
    "-oProxyCommand=x",
    "--help",
    "é",
    "日本",
    "a@b",
    "\u{2018}a\u{2019}",
    "$'a'",
    "a,b",
    "a:b",
    "C:\\Users\\dev\\.ssh\\id",
    "\\\\server\\share",
    "!!",
    "a!b",
    "&&",
    "||",
    ";;",
    "$",
    "$$",
    "$1",
    "@",
    "@(a)",
    ".",
    "..",
    "0x10",
    "1kb",
    "{",
    "}",
];

#[test]
fn sh_reads_nasty_words_exactly() {
    for word in NASTY {
        assert_eq!(read_by_sh(&join(&["ssh", word, "end"], Shell::Sh).unwrap()), ["ssh", word, "end"], "{word:?}");
    }
    let all: Vec<&str> = std::iter::once("ssh").chain(NASTY.iter().copied()).collect();
    assert_eq!(read_by_sh(&join(&all, Shell::Sh).unwrap()), all);
}

/// What a real shell makes of a command that begins with `ssh`: no program runs.
#[cfg(unix)]
fn read_by_sh(command: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let script = format!("ssh() {{ printf '%s\\0' ssh \"$@\"; }}\n{command}\n");
    let done = std::process::Command::new("sh")
        .args(["-c", &script])
        .env_clear()
        .current_dir(folder.path())
        .output()
        .expect("sh runs");
    assert!(done.status.success() && done.stderr.is_empty(), "{command}: {}", String::from_utf8_lossy(&done.stderr));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "{command} made a file");
    let words = String::from_utf8(done.stdout).unwrap();
    words.split_terminator('\0').map(str::to_owned).collect()
}

#[cfg(not(unix))]
fn read_by_sh(command: &str) -> Vec<String> {
    shlex::split(command).unwrap()
}

/// What PowerShell makes of a line of words: bare ones, and single quotes in which two stand for one.
fn read_by_powershell(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = line;
    while !rest.is_empty() {
        if let Some(quoted) = rest.strip_prefix('\'') {
            let mut word = String::new();
            let mut chars = quoted.char_indices().peekable();
            let end = loop {
                match chars.next().expect("a closing quote") {
                    (_, '\'') if chars.peek().is_some_and(|(_, next)| *next == '\'') => {
                        chars.next();
                        word.push('\'');
                    }
                    (at, '\'') => break at + 1,
                    // PowerShell takes these for single quotes, too.
                    (_, c) => {
                        assert!(!"\u{2018}\u{2019}\u{201a}\u{201b}".contains(c), "{line}");
                        word.push(c);
                    }
                }
            };
            words.push(word);
            rest = &quoted[end..];
        } else {
            let end = rest.find(' ').unwrap_or(rest.len());
            let word = &rest[..end];
            assert!(
                !word.is_empty()
                    && !word.contains(|c: char| " `$\"'#@&;|<>(){},*?![]~%^\u{201c}\u{201d}\u{201e}".contains(c)),
                "bare: {word:?} in {line:?}"
            );
            words.push(word.to_owned());
            rest = &rest[end..];
        }
        rest = match rest.strip_prefix(' ') {
            Some(next) => next,
            None => {
                assert!(rest.is_empty(), "{line}");
                rest
            }
        };
    }
    words
}

/// What cmd.exe and then a program's own start-up code make of a line of words.
fn read_by_cmd(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut quoted = false;
    let mut word = String::new();
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ' ' if !quoted => words.push(std::mem::take(&mut word)),
            _ => {
                assert!(!"%!\r\n".contains(c), "{line}: cmd expands {c}");
                assert!(quoted || !"&|<>()^,;=@".contains(c), "{line}: bare {c}");
                word.push(c);
            }
        }
    }
    assert!(!quoted && !line.contains("\\\""), "{line}");
    words.push(word);
    words
}

fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[ -~]{0,12}",
        1 => "\\PC{0,8}",
        1 => prop::sample::select(NASTY.to_vec()).prop_map(str::to_owned),
        1 => "[a-zA-Z0-9@:/._=-]{1,20}",
    ]
}

proptest! {
    #![proptest_config(cases(500))]

    #[test]
    fn sh_reads_back_what_was_joined(words in prop::collection::vec(word(), 1..8)) {
        match join(&words, Shell::Sh) {
            Ok(line) => {
                prop_assert_eq!(shlex::split(&line), Some(words));
                prop_assert!(!line.chars().any(unprintable));
            }
            Err(trouble) => prop_assert!(trouble.word.chars().any(unprintable), "{trouble}"),
        }
    }

    #[test]
    fn powershell_reads_back_what_was_joined(words in prop::collection::vec(word(), 1..8)) {
        if let Ok(line) = join(&words, Shell::PowerShell) {
            prop_assert_eq!(read_by_powershell(&line), words, "{}", line);
        }
    }

    #[test]
    fn cmd_reads_back_what_was_joined(words in prop::collection::vec(word(), 1..8)) {
        if let Ok(line) = join(&words, Shell::Cmd) {
            prop_assert_eq!(read_by_cmd(&line), words, "{}", line);
        }
    }
}

#[test]
fn windows_shells_refuse_only_what_they_cannot_quote() {
    for word in ["a b", "it is", "(a)", "a&b", "$x", "C:\\Program Files\\x", "a@b", "-o", "~/x"] {
        assert!(join(&[word], Shell::PowerShell).is_ok(), "{word}");
        assert!(join(&[word], Shell::Cmd).is_ok(), "{word}");
    }
    for word in ["a\"b", "a b\\", "\u{201c}a"] {
        assert!(join(&[word], Shell::PowerShell).is_err(), "{word}");
    }
    for word in ["a\"b", "%PATH%", "a!b", "a b\\"] {
        assert!(join(&[word], Shell::Cmd).is_err(), "{word}");
    }
}

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

/// 5000 lines of which none says anything: plain ones, and debug lines, which are passed over uncounted.
fn dull(plain: bool) -> String {
    let line = |number: u32| match plain {
        true => format!("unit {number} was built\n"),
        false => "debug2: channel 0: window 2097152 sent adjust 32768\n".to_owned(),
    };
    (0..5000).map(line).collect()
}

/// What is read behind 5000 dull lines. Lines not understood are counted differently, and are no statement.
fn behind(plain: bool, text: &str) -> Vec<ssh_why::model::Session> {
    let mut log = read("log", (dull(plain) + text).as_bytes());
    log.sessions.iter_mut().for_each(|session| session.unread = 0);
    log.sessions
}

/// A log whose plain part is long is read as a short one: what is passed over says nothing.
#[test]
fn a_long_plain_part_hides_nothing() {
    let logs: String =
        logs().iter().map(|(_, bytes)| format!("$ ssh -v box\n{}\n", String::from_utf8_lossy(bytes))).collect();
    let (far, near) = (behind(true, &logs), behind(false, &logs));
    assert!(far.len() > 150, "{} sessions", far.len());
    assert_eq!(far.len(), near.len());
    for (far, near) in far.into_iter().zip(near) {
        assert_eq!(far, near);
    }
}

/// The same, line by line: no plain line is read only thanks to those before it.
#[test]
fn each_plain_line_is_read_far_down() {
    let mut lines = std::collections::BTreeSet::new();
    for (_, bytes) in logs() {
        let text = String::from_utf8_lossy(bytes).into_owned();
        lines.extend(text.lines().filter(|line| !line.starts_with("debug")).map(|line| line.trim_end().to_owned()));
    }
    // A client has begun, so that each line has a session to be of.
    let begin = "$ ssh -v box\nOpenSSH_9.6p1, OpenSSL 3.0.2\ndebug1: Connecting to box [192.0.2.7] port 22.\n";
    let log: String = lines.iter().map(|line| format!("{begin}{line}\n")).collect();
    let (far, near) = (behind(true, &log), behind(false, &log));
    assert_eq!(far.len(), near.len());
    let spoke = far.iter().filter(|session| session.events.len() > 2).count();
    assert!(lines.len() > 100 && spoke > 60, "{} lines, of which {spoke} say something", lines.len());
    for (far, near) in far.into_iter().zip(near) {
        assert_eq!(far, near);
    }
}
