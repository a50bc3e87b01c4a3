//! The logs of other clients can be made anew: `scripts/fixtures/table` says by which script.

use std::collections::BTreeMap;

use crate::kit::{cases, project, text};

/// Logs that no script makes anew may only become fewer.
const ONCE: usize = 40;

#[test]
fn every_log_of_a_client_is_in_the_table() {
    let table = text("scripts/fixtures/table");
    let rows: BTreeMap<&str, &str> =
        table.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(' ')).collect();
    let names: Vec<String> =
        cases("dialects").iter().map(|case| case.name.trim_start_matches("dialects/").to_owned()).collect();
    let unlisted: Vec<_> = names.iter().filter(|name| !rows.contains_key(name.as_str())).collect();
    assert!(unlisted.is_empty(), "not in scripts/fixtures/table: {unlisted:?}");
    let gone: Vec<_> = rows.keys().filter(|row| !names.iter().any(|name| name == **row)).collect();
    assert!(gone.is_empty(), "no such log any more: {gone:?}");
    let once = rows.values().filter(|script| **script == "once").count();
    assert!(once <= ONCE, "{once} logs are made by no script");
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

/// A script has a scene of that name, behind the release or the library that several share.
#[test]
fn each_script_makes_what_the_table_says() {
    for line in text("scripts/fixtures/table").lines().filter(|line| !line.starts_with('#')) {
        let (name, script) = line.split_once(' ').unwrap();
        if script == "once" {
            continue;
        }
        assert!(project("scripts/fixtures").join(script).is_file(), "{line}");
        let words = text(&format!("scripts/fixtures/{script}"));
        let (_, case) = name.split_once('/').unwrap();
        let behind_a_release = |at: usize| case[..at].rsplit('-').next().is_some_and(|part| part.contains(is_digit));
        let dashes = case.match_indices('-').map(|(at, _)| at);
        let tails = dashes.filter(|at| behind_a_release(*at)).map(|at| &case[at + 1..]).chain([case]);
        let is_named = |tail: &str| words.split([' ', '\n', '/', '"']).any(|word| word == tail);
        assert!({ tails }.any(is_named), "{script} has no scene {case}");
    }
}
