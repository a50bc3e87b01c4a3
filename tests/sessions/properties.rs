//! What must hold for any input: no panic, true quotes, safe words. Proptest chooses the inputs.

use crate::kit::{Report, Source, assert_schema, assert_tame, assert_true, judge, logs, proptest_cases, read};
use proptest::prelude::*;
use ssh_why::inside::diagnose::diagnose;
use ssh_why::inside::reader::Reader;
use ssh_why::inside::shell::Shell;
use ssh_why::model::{Role, Transcript};

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
    #![proptest_config(proptest_cases(300))]

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
        prop_assert_eq!(read_in_pieces(&bytes, &cuts, first.max(512)), ssh_why::inside::reader::read("log", &bytes));
    }
}

#[test]
fn a_colour_that_does_not_end_hides_nothing() {
    let log = "> git pull\ndebug1: read_passphrase: can't open /dev/tt\x1b[\u{e9}ssh_askpass: exec(/usr/X11R6/bin/ssh-askpass): No such \
               file or directory\ngit@github.com: Permission denied (publickey).\n";
    whole_report("a colour without an end", log.as_bytes());
}

proptest! {
    #![proptest_config(proptest_cases(150))]

    #[test]
    fn a_good_log_in_any_pieces_is_the_same(number in any::<prop::sample::Index>(), cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..40)) {
        let logs = logs();
        let (name, bytes) = &logs[number.index(logs.len())];
        let whole = ssh_why::inside::reader::read("log", bytes);
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
