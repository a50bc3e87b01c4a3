//! Several clients' lines in one log: each run keeps its own end and place.

use std::collections::BTreeMap;

use ssh_why::model::Role;

use crate::kit::{Report, Source, assert_true, cases, judge, text};

fn read(log: impl Into<Vec<u8>>) -> Report {
    let sources = [Source::new("job.log", Role::Other, log)];
    let report = judge(&sources);
    assert_true(&report, &sources, "several clients");
    report
}

fn log(name: &str) -> String {
    text(&format!("fixtures/dialects/{name}"))
}

/// The lines of both in turn.
fn alternating(one: &str, two: &str) -> String {
    let (mut one, mut two) = (one.lines(), two.lines());
    let mut whole = String::new();
    loop {
        let next = [one.next(), two.next()];
        if next == [None, None] {
            return whole;
        }
        next.into_iter().flatten().for_each(|line| whole.extend([line, "\n"]));
    }
}

/// One log of each client beside one of each other, after it and line by line: what is certain of the whole is a cause that
/// one of them has, or the key of one that the other did not offer.
#[test]
fn nothing_is_certain_of_two_that_neither_shows() {
    let mut one_of_each: BTreeMap<String, String> = BTreeMap::new();
    for case in cases("dialects") {
        let bytes = case.sources().swap_remove(0).bytes;
        one_of_each.entry(case.cause.clone()).or_insert_with(|| String::from_utf8_lossy(&bytes).into_owned());
    }
    let own: BTreeMap<&str, Vec<String>> = one_of_each
        .iter()
        .map(|(client, log)| (&**client, read(&**log).findings().into_iter().map(str::to_owned).collect()))
        .collect();
    let (mut pairs, mut wrong) = (0, Vec::new());
    for (one, first) in &one_of_each {
        for (two, second) in one_of_each.iter().filter(|(two, _)| *two != one) {
            for whole in [format!("{first}\n{second}"), alternating(first, second)] {
                pairs += 1;
                let report = read(whole);
                let cause = report.verdict().to_owned();
                let known = [&own[&**one], &own[&**two]].into_iter().flatten().any(|own| *own == cause);
                let settled = report.json["verdict"]["certainty"] == "certain";
                if settled && !known && !["unknown", "key-not-offered"].contains(&&*cause) {
                    wrong.push(format!("{one} and {two}: {cause}"));
                }
            }
        }
    }
    assert!(pairs > 400, "{pairs} pairs are few");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Ansible tells the host of a run that has ended: the next client's is another.
#[test]
fn the_host_behind_a_run_is_not_the_next_ones() {
    let report = read(log("paramiko/ansible-2.19-unknown-host/client.log") + &log("conch/26.10-refused/client.log"));
    let hosts: Vec<_> = report.sessions().iter().map(|(_, session)| session["host"].clone()).collect();
    assert_eq!(hosts.len(), 2, "{}", report.json);
    assert!(hosts[0] == "192.0.2.10" && hosts[1] != "192.0.2.10", "{hosts:?}");
}

#[test]
fn a_command_is_no_other_clients() {
    let conch = log("conch/26.10-refused/client.log");
    let (first, rest) = conch.split_once('\n').unwrap();
    let report = read(format!("{first}\n$ rclone lsd :sftp,host=box.example,port=2222,user=ship:\n{rest}"));
    assert_ne!(report.sessions()[0].1["host"], "box.example", "{}", report.json);
}
