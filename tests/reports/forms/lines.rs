//! The lines of a log in a page: every quote leads to its line, secrets are left out, and so is what is too much.

use std::collections::BTreeSet;

use ssh_why::inside::diagnose::Diagnosis;
use ssh_why::inside::redact::Redactor;
use ssh_why::model::Role;
use ssh_why::report::link::Link;
use ssh_why::report::outline::Block;
use ssh_why::report::{Look, Report};

use super::sample::{cases, logs, shown};
use crate::kit::{Source, lines, written};

/// The quotes of a report, each with its link.
fn quotes(diagnosis: &Diagnosis) -> Vec<(String, Option<Link>)> {
    fn of(blocks: &[Block], found: &mut Vec<(String, Option<Link>)>) {
        for block in blocks {
            match block {
                Block::Quote { text, link, .. } => found.push((text.clone(), *link)),
                Block::Step { more, .. } => of(more, found),
                _ => {}
            }
        }
    }
    let mut found = Vec::new();
    for section in Report::Diagnosis(diagnosis).outline(&Look::default()).sections {
        of(&section.blocks, &mut found);
    }
    found
}

/// The line that a link leads to, without what can't be seen.
fn line(diagnosis: &Diagnosis, link: Link) -> String {
    let excerpt = diagnosis.case.transcripts[link.log].excerpt.as_ref().unwrap();
    let line = excerpt.lines.iter().find(|line| line.number == link.line).unwrap();
    assert!(line.marked, "{}", line.text);
    lines(line.text.as_bytes()).concat()
}

#[test]
fn every_quote_leads_to_its_line() {
    let mut linked = 0;
    for (name, diagnosis) in cases() {
        for (text, link) in quotes(&diagnosis) {
            let link = link.unwrap_or_else(|| panic!("{name}: {text:?} leads nowhere"));
            let line = line(&diagnosis, link);
            assert!(line.contains(&text), "{name}: {text:?} is not in {line:?}");
            linked += 1;
        }
        let page = written("html", &diagnosis, &Look::default());
        let ids: BTreeSet<&str> = page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        for target in page.split(" href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(ids.contains(target), "{name}: nothing is called {target}");
        }
        assert_eq!(page.matches(" href=").count(), page.matches(" href=\"#").count(), "{name}: a link leads away");
    }
    assert!(linked > 150, "{linked}");
}

/// With stand-ins, a line has the number that it had, and a quote stands in it.
#[test]
fn every_quote_with_stand_ins_leads_to_its_line() {
    for (name, logs) in logs() {
        let plain = shown(&logs, None);
        let diagnosis = shown(&logs, Some(&mut Redactor::default()));
        for ((text, link), (_, own)) in quotes(&diagnosis).iter().zip(quotes(&plain)) {
            assert_eq!(*link, own, "{name}: {text}");
            let line = line(&diagnosis, link.unwrap());
            assert!(line.contains(text), "{name}: {text:?} is not in {line:?}");
        }
    }
}

/// A log of a few lines, with this among them.
fn log_with(lines: &str) -> Source {
    let log = format!(
        "OpenSSH_9.6p1, OpenSSL 3.0.13 30 Jan 2024\n{lines}\n\
         debug1: Offering public key: /home/mona/.ssh/id_rsa RSA SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD20\n\
         debug1: Authentications that can continue: publickey\nmona@box: Permission denied (publickey).\n"
    );
    Source::new("ssh.log", Role::Other, log)
}

#[test]
fn no_secret_is_shown() {
    let secrets = "$ cat id_rsa\n-----BEGIN OPENSSH PRIVATE KEY-----\n\
                   b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW\n\
                   QyNTUxOQAAACB0ZXN0dGVzdHRlc3R0ZXN0dGVzdHRlc3R0ZXN0dGVzdAAAAJg=\n\
                   -----END OPENSSH PRIVATE KEY-----\nAuthorization: Bearer s3cr3t-t0k3n-of-m1ne\n";
    for redactor in [None, Some(&mut Redactor::default())] {
        let page = written("html", &shown(&[log_with(secrets)], redactor), &Look::default());
        for part in ["b3BlbnNzaC1rZXk", "QyNTUxOQAAACB0", "s3cr3t"] {
            assert!(!page.contains(part), "{part}\n{page}");
        }
        assert!(page.contains("[private key cut out]") && page.contains("<mark>debug1: Offering public key"), "{page}");
    }
}

#[test]
fn of_a_long_log_the_rest_is_left_out_and_told() {
    let chatter: String = (0..50_000).map(|at| format!("[{at}] a unit was built\n")).collect();
    let page = written("html", &shown(&[log_with(&chatter)], None), &Look::default());
    assert!(page.len() < 100_000, "{} bytes", page.len());
    let count = |text: &str| text.split(' ').next().and_then(|number| number.parse::<usize>().ok());
    let told: Vec<usize> = page.split("<p class=\"quiet\">").filter_map(count).collect();
    let shown = page.split("<div class=\"log wide\">").nth(1).unwrap().matches("<li").count();
    let [total, left_out] = told[..] else { panic!("{told:?}") };
    assert_eq!((total, shown + left_out), (50_005, total));
    for line in [50_003, 50_005] {
        assert!(page.contains(&format!(" id=\"L{line}\"")), "{line}");
    }
}

/// What a log's author can't see is to be seen; what turns the writing round turns nothing.
#[test]
fn what_cannot_be_seen_is_shown_in_lines() {
    let page = written("html", &shown(&[log_with("a\u{1b}[2Jb \u{202e}c\u{0}")], None), &Look::default());
    assert!(page.contains("<li>a\u{241b}[2Jb [U+202E]c\u{2400}</li>"), "{page}");
}
