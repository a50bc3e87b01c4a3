//! Logs that were cut, and pieces of two in one: what they are certain of holds for the whole, too.

use std::path::PathBuf;

use crate::kit::{Report, Source, cases, files, judge, logs, project, text};
use ssh_why::model::Role;

/// Every so many lines of each log are a cut; `CUT_STEP=1` takes all.
fn step() -> usize {
    std::env::var("CUT_STEP").ok().and_then(|step| step.parse().ok()).unwrap_or(13)
}

fn read(bytes: impl AsRef<[u8]>) -> Report {
    judge(&[Source::new("ssh.log", Role::Other, bytes.as_ref())])
}

/// The cause that a report is certain of. A login stays a login, whatever came after it.
fn certain_of(report: &Report) -> Option<&str> {
    let certain = report.json["verdict"]["certainty"] == "certain";
    Some(report.verdict()).filter(|cause| certain && !matches!(*cause, "unknown" | "authenticated"))
}

fn lines(bytes: &[u8]) -> Vec<&[u8]> {
    bytes.split_inclusive(|byte| *byte == b'\n').collect()
}

fn every_log() -> impl Iterator<Item = (usize, PathBuf)> {
    let is_log = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "log");
    files(&project("fixtures")).into_iter().filter(is_log).enumerate()
}

/// A log that was cut off proves nothing that the whole log contradicts, whoever wrote it, a client or a server.
#[test]
fn a_part_is_certain_of_nothing_that_the_whole_contradicts() {
    let (step, mut cuts, mut wrong) = (step(), 0, Vec::new());
    for (at, path) in every_log() {
        let bytes = std::fs::read(&path).unwrap();
        let whole = read(&bytes);
        let lines = lines(&bytes);
        for end in (1 + at % step..lines.len()).step_by(step) {
            cuts += 1;
            let part = read(lines[..end].concat());
            if let Some(cause) = certain_of(&part).filter(|cause| !whole.findings().contains(cause)) {
                wrong.push(format!(
                    "{}, first {end} lines: {cause}, and the whole: {}",
                    path.display(),
                    whole.verdict()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {cuts} cuts\n{}", wrong.len(), wrong.join("\n"));
    assert!(cuts > 1500, "{cuts} cuts are few");
}

/// What a log that begins late does not show may have been: keys that were offered, a list of methods that was longer,
/// a proxy's complaint, a warning of a changed host key.
#[test]
fn a_log_that_begins_late_is_certain_of_nothing_that_is_only_missing() {
    let (step, mut cuts, mut wrong) = (step(), 0, Vec::new());
    for (at, path) in every_log() {
        let bytes = std::fs::read(&path).unwrap();
        let whole = read(&bytes);
        let offered = whole.sessions().iter().any(|(_, session)| !session["offered"].as_array().unwrap().is_empty());
        let lines = lines(&bytes);
        for begin in (1 + at % step..lines.len()).step_by(step) {
            cuts += 1;
            let part = read(lines[begin..].concat());
            // Of the greeting it says so itself, whoever is to blame for it.
            let greeting =
                lines[begin..].iter().any(|line| line.windows(23).any(|word| word == b"exchange_identification"));
            let denied = certain_of(&part).filter(|cause| match *cause {
                // What kept ssh from a key may stand above, and then none was offered all the same.
                "no-identity" => offered,
                "connection-closed" => !greeting,
                "method-unavailable" | "pubkey-disabled" | "host-key-unknown" => true,
                _ => false,
            });
            if let Some(cause) = denied.filter(|cause| !whole.findings().contains(cause)) {
                wrong.push(format!(
                    "{}, from line {}: {cause}, and the whole: {}",
                    path.display(),
                    begin + 1,
                    whole.verdict()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {cuts} cuts\n{}", wrong.len(), wrong.join("\n"));
    assert!(cuts > 1500, "{cuts} cuts are few");
}

/// A key that ssh planned to offer and did not: its offer was cut out, and nothing marks the place.
#[test]
fn what_was_planned_and_is_not_there_was_not_nothing() {
    let log = text("fixtures/causes/key-rejected/8.1-agent-and-files/vcs.log");
    assert!(log.contains("Will attempt key: ") && log.contains("SHA256:"));
    let mut kept = Vec::new();
    let mut lines = log.lines();
    while let Some(line) = lines.next() {
        match line.contains("Offering public key: ") {
            // And its answer.
            true => drop(lines.next()),
            false => kept.push(line),
        }
    }
    let report = read(kept.join("\n"));
    assert_eq!((report.verdict(), &report.json["verdict"]["certainty"]), ("no-identity", &"likely".into()));
}

/// The beginning of one run and the end of another to another host, as if they were one. Where a login has begun, such
/// lines could be a banner's.
#[test]
fn lines_of_two_runs_in_one_are_certain_of_nothing_new() {
    let (step, mut splices, mut wrong) = (step(), 0, Vec::new());
    for case in cases("causes") {
        let sources = case.sources();
        let [one, two] = sources.as_slice() else { continue };
        let both = read([&one.bytes[..], b"\n", &two.bytes[..]].concat());
        let (head, tail) = (lines(&one.bytes), lines(&two.bytes));
        let begun = head.iter().position(|line| line.ends_with(b"SSH2_MSG_SERVICE_ACCEPT received\n"));
        for to in (1..begun.unwrap_or(head.len())).step_by(step) {
            for from in (1..tail.len()).step_by(step) {
                splices += 1;
                let (head, tail) = (head[..to].concat(), tail[from..].concat());
                let spliced = read([&head[..], &tail].concat());
                let known =
                    |cause: &str| [&both, &read(&head), &read(&tail)].iter().any(|of| of.findings().contains(&cause));
                if let Some(cause) = certain_of(&spliced).filter(|cause| !known(cause)) {
                    wrong.push(format!(
                        "{}: first {to} lines, and the other from line {}: {cause}",
                        case.name,
                        from + 1
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {splices}\n{}", wrong.len(), wrong.join("\n"));
    assert!(splices > 200, "{splices} splices are few");
}

/// Which of two logs without a role is named first decides nothing.
#[test]
fn the_order_of_logs_decides_nothing() {
    let logs = logs();
    let mut wrong = Vec::new();
    for (at, (first, one)) in logs.iter().enumerate() {
        let (second, two) = &logs[(at * 31 + 17) % logs.len()];
        let source = |name: &str, bytes: &[u8]| Source::new(name, Role::Other, bytes);
        let there = judge(&[source("a.log", one), source("b.log", two)]);
        let back = judge(&[source("b.log", two), source("a.log", one)]);
        let told = |report: &Report| {
            (report.json["verdict"].clone(), report.json["suggestion"].clone(), report.json["verdict"]["cause"].clone())
        };
        if told(&there) != told(&back) {
            wrong.push(format!("{first} and {second}: {} or {}", there.json["verdict"], back.json["verdict"]));
        }
    }
    assert!(wrong.is_empty(), "{} of {}\n{}", wrong.len(), logs.len(), wrong.join("\n"));
}

/// Nor where one of them is of a server that does not start, and so of no session.
#[test]
fn a_server_that_does_not_start_is_no_matter_of_order() {
    let client = || Source::new("b.log", Role::Other, text("fixtures/demo/ci.log"));
    for name in ["port-in-use-001", "config-error-server-001", "privsep-missing-001"] {
        let server = || Source::new("a.log", Role::Other, text(&format!("fixtures/servers/{name}/server.log")));
        let (there, back) = (judge(&[client(), server()]), judge(&[server(), client()]));
        assert_eq!(there.json["verdict"], back.json["verdict"], "{name}");
    }
}
