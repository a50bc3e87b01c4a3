//! Each program's lines, near and far down in a log: they say the same.

use super::Reader;
use crate::dialect::{DIALECTS, OPENINGS};
use crate::model::Transcript;
use crate::text::{Layout, Lines};

/// Lines of other programs' before the one that is looked at.
const BEHIND: [usize; 4] = [0, 300, 5_000, 20_000];

/// A line of a program that speaks of nothing that is known.
const FOREIGN: &str = "[   12] unit 7 was built in 8 ms, and all is well\n";

/// A reader that so many foreign lines have come to.
fn behind(lines: usize) -> Reader {
    let mut reader = Reader::new("log");
    reader.begin();
    reader.state.layout = Layout::of(FOREIGN.repeat(9).as_bytes(), &OPENINGS);
    reader.feed(FOREIGN.repeat(lines).as_bytes());
    reader
}

/// As [`behind`], without their being read one by one for each line that is looked at.
fn as_if_behind(lines: usize) -> Reader {
    let mut reader = behind(0);
    reader.state.plain = lines as u64;
    reader.lines = Lines::behind(lines as u64);
    reader
}

/// What was read of the last line, wherever it stood.
fn said(mut reader: Reader, line: &str) -> String {
    reader.feed(line.as_bytes());
    reader.feed(b"\n");
    let Transcript { sessions, server, author, client, foreign, lines, .. } = reader.finish();
    let all = format!("{sessions:#?} {server:#?} {author:?} {client:?} {foreign}");
    all.replace(&format!("line: {lines},"), "line: last,")
}

#[test]
fn foreign_lines_leave_no_more_than_their_number() {
    for lines in BEHIND {
        let (read, counted) = (behind(lines), as_if_behind(lines));
        assert_eq!(read.state.plain, counted.state.plain);
        assert_eq!(read.lines.number(), counted.lines.number());
        let line = "git@box.example: Permission denied (publickey).";
        assert_eq!(said(read, line), said(counted, line));
    }
}

/// Whatever tools put before another program's line.
const BEFORE: &[&str] =
    &["", "    ", "web_1  | ", "2026-11-27T09:08:17.5000000Z ", "2026/11/27 09:08:17 ", "#7 0.123 ", "\u{1b}[31m"];

/// Which lines say something else behind so many foreign ones than they say behind none.
fn unlike(before: &str, behind: &[usize]) -> Vec<String> {
    let mut wrong = Vec::new();
    for dialect in DIALECTS {
        let samples = dialect.all().map(|row| row.sample).chain(dialect.marks.iter().map(|mark| mark.sample));
        for line in samples.map(|sample| format!("{before}{sample}")) {
            let near = said(as_if_behind(0), &line);
            let far = behind.iter().filter(|lines| said(as_if_behind(**lines), &line) != near);
            wrong.extend(far.map(|lines| format!("{lines}: {line:?} of {}", dialect.author.id)));
        }
    }
    wrong
}

#[test]
fn every_sample_says_far_down_what_it_says_near() {
    assert_eq!(unlike("", &BEHIND[1..]), [""; 0]);
}

#[test]
fn nothing_that_stands_before_a_line_hides_it() {
    for before in BEFORE {
        assert_eq!(unlike(before, &BEHIND[2..3]), [""; 0]);
    }
}

#[test]
fn what_no_program_has_in_its_rows_is_found_far_down() {
    for line in [
        "dev@laptop:~$ plink -P 2222 dev@box.example",
        "+ fab -H dev@box.example deploy",
        "2026/11/27 09:08:17 dialing git@box.example:22",
        "Connecting to dev@box.example:22",
        "cloning ssh://git@box.example/x.git",
        "fatal: [web]: UNREACHABLE! => {\"changed\": false}",
        "192.0.2.1 | UNREACHABLE! => {",
        "<box.example> ESTABLISH SSH CONNECTION FOR USER: deploy",
        "[08:30:14.896] Error opening exec server for ssh-remote+box: Error: no",
    ] {
        // What they tell shows in another client's session.
        let run = format!(
            "{line}\nssh: handshake failed: ssh: unable to authenticate, attempted methods [none publickey], no supported methods remain"
        );
        let near = said(as_if_behind(0), &run);
        for lines in BEHIND {
            assert_eq!(
                said(as_if_behind(lines), &run).replace(&format!("line: {}", lines + 1), "line: 1"),
                near,
                "{lines}: {line}"
            );
        }
    }
}
