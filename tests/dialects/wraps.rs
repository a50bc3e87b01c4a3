//! Logs broken at a terminal's width, at each width that terminals have: the whole log's verdict, or none.

use crate::kit::{Report, Source, files, judge, project};
use ssh_why::model::Role;

/// What was put before each line before the terminal broke it, or before each of its parts afterwards.
const MARGINS: &[(&str, bool)] = &[
    ("", false),
    ("> ", false),
    ("> ", true),
    ("[10:00:01] ", false),
    ("[10:00:01] ", true),
    ("2026-11-27T09:20:23.1234567Z ", false),
    ("2026-11-27T09:20:23.1234567Z ", true),
];

fn read(log: &str) -> Report {
    judge(&[Source::new("ssh.log", Role::Other, log)])
}

/// The log as a terminal of this width shows it.
fn broken(log: &str, width: usize, (margin, each): (&str, bool)) -> String {
    let mut shown = String::new();
    for line in log.lines() {
        let line = if each { line.to_owned() } else { format!("{margin}{line}") };
        let line: Vec<char> = line.chars().collect();
        for part in line.chunks(width) {
            shown.push_str(if each { margin } else { "" });
            shown.extend(part);
            shown.push('\n');
        }
    }
    shown
}

/// Logs of OpenSSH's client with their levels: the demo's, and one of so many of the causes'.
fn logs() -> Vec<(String, String)> {
    let levelled = |log: &String| log.lines().filter(|line| line.starts_with("debug1: ")).count() > 20;
    let causes = files(&project("fixtures/causes")).into_iter().step_by(29);
    files(&project("fixtures/demo"))
        .into_iter()
        .chain(causes)
        .filter(|path| path.extension().is_some_and(|ending| ending == "log"))
        .filter_map(|path| Some((path.display().to_string(), std::fs::read_to_string(path).ok().filter(levelled)?)))
        .collect()
}

/// Every so many widths; `WRAP_STEP=1` takes all.
#[test]
fn a_terminals_width_changes_no_verdict() {
    let step = std::env::var("WRAP_STEP").ok().and_then(|step| step.parse().ok()).unwrap_or(23);
    let (mut read_so, mut silent, mut wrong) = (0, 0, Vec::new());
    for (at, (name, log)) in logs().iter().enumerate() {
        let whole = read(log);
        for width in (40 + at % step..=200).step_by(step) {
            for margin in MARGINS {
                read_so += 1;
                let part = read(&broken(log, width, *margin));
                match part.verdict() {
                    verdict if verdict == whole.verdict() => {}
                    "unknown" => silent += 1,
                    verdict => {
                        wrong.push(format!("{name} at {width} behind {margin:?}: {verdict}, whole {}", whole.verdict()))
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {read_so}\n{}", wrong.len(), wrong.join("\n"));
    assert!(read_so > 300, "{read_so} are few");
    assert!(silent * 50 <= read_so, "{silent} of {read_so} said nothing");
}

/// A blank at which a line was broken stands at the end of its first half or at the beginning of its second.
#[test]
fn the_blank_at_a_break_is_not_lost() {
    let print = "uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s";
    let offers: String = (1..=6)
        .map(|n| format!("debug1: Offering public key: dev{n}@host.example.net ED25519 SHA256:{print} agent\n"))
        .collect();
    let log = format!("{offers}Received disconnect from 192.0.2.7 port 64784:2: too many authentication failures\n");
    for width in 53..=63 {
        assert_eq!(read(&broken(&log, width, ("", false))).verdict(), "too-many-failures", "{width}");
    }
}

/// A console breaks a line without a level, too: here each place in the words of one.
#[test]
fn the_box_of_an_open_key_is_read_wherever_it_was_broken() {
    let line = "> Permissions for 'c:\\\\keys\\\\deploy_rsa' are too open.";
    for at in line.find("deploy").unwrap()..line.len() - 1 {
        let (first, second) = line.split_at(at);
        let log = format!(
            "{first}\n> {second}\n> This private key will be ignored.\n> dev@192.0.2.7: Permission denied (publickey).\n"
        );
        assert_eq!(read(&log).verdict(), "identity-permissions", "{log}");
    }
}
