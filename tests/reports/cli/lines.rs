//! The log's own lines in a page, whichever way the log came.

use super::ran::{fed, out, program, quietly, run};
use crate::kit::text;

/// What a page shows of a log.
fn lines(page: &str) -> &str {
    page.split_once("<div class=\"log\">").unwrap().1
}

#[test]
fn a_log_is_shown_whichever_way_it_came() {
    let log = text("fixtures/demo/ci.log");
    let of_file = quietly(&run(&["read", "--format", "html", "fixtures/demo/ci.log"]), 1);
    let shown = lines(&of_file);
    assert!(shown.contains("<mark>debug1: Trying private key: /home/dev/.ssh/id_dsa</mark>"), "{shown}");
    assert_eq!(shown.matches("<li").count(), log.lines().count());
    assert_eq!(lines(&out(&fed(&["read", "--format", "html"], log.as_bytes()))), shown);
    let wide: Vec<u8> = log.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(lines(&out(&fed(&["read", "--format", "html", "-"], &wide))), shown);
    let folder = tempfile::tempdir().unwrap();
    // Only the file shows it.
    let report = folder.path().join("report.html");
    let beside = program().args(["read", "fixtures/demo/ci.log", "--report"]).arg(&report).output().unwrap();
    assert!(!quietly(&beside, 1).contains("<li"));
    assert_eq!(lines(&std::fs::read_to_string(report).unwrap()), shown);
}

#[test]
fn each_ticket_shows_its_own_log() {
    let pages =
        quietly(&run(&["read", "--each", "--format", "html", "fixtures/demo/vcs.log", "fixtures/demo/ci.log"]), 1);
    let pages: Vec<&str> = pages.split("<!DOCTYPE html>").skip(1).collect();
    assert_eq!(pages.len(), 2);
    assert!(lines(pages[0]).contains("octocat") && !lines(pages[1]).contains("octocat"));
}
