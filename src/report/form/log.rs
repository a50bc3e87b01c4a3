//! The lines of a log in a page: those that the report speaks of are marked and can be linked to, runs of others are
//! folded. On paper folds stay as they are on the screen.

use std::fmt::Write;

use super::escape::{escaped, visible};
use crate::model::excerpt::Line;
use crate::report::link::Link;
use crate::report::outline::Log;

/// Runs of so many lines between marked ones are not worth a fold.
const FEW: usize = 3;

/// Digits of a line's number that fit beside it on a phone.
const DIGITS: u64 = 9999;

/// What a line is linked to by.
fn id(link: Link) -> String {
    match link.log {
        0 => format!("L{}", link.line),
        log => format!("log{}-L{}", log + 1, link.line),
    }
}

/// Markup that leads to a line, if that is shown.
pub(super) fn linked(link: Option<Link>, inner: &str) -> String {
    match link {
        Some(link) => format!("<a href=\"#{}\">{inner}</a>", id(link)),
        None => inner.to_owned(),
    }
}

/// One log.
pub(super) fn lines(log: &Log, out: &mut String) {
    let excerpt = &log.excerpt;
    let width = if excerpt.total > DIGITS { " wide" } else { "" };
    let left_out = excerpt.total.saturating_sub(excerpt.lines.len() as u64);
    let part = match left_out {
        0 => String::new(),
        number => format!(", {} left out", count(number)),
    };
    let _ = writeln!(
        out,
        "<h3><code>{}</code></h3>\n<p class=\"quiet\">{}{part}. What the report speaks of is marked, other lines are folded.</p>\n\
         <div class=\"log{width}\">",
        escaped(&log.source),
        count(excerpt.total),
    );
    let mut next = 1;
    for run in excerpt.lines.chunk_by(|one, other| one.marked == other.marked && one.number + 1 == other.number) {
        let (Some(first), Some(last)) = (run.first(), run.last()) else { continue };
        gap(first.number - next, out);
        next = last.number + 1;
        match first.marked {
            false if run.len() > FEW => {
                let _ = writeln!(out, "<details><summary>Lines {} to {}</summary>", first.number, last.number);
                self::run(log.number, first.number, run, out);
                out.push_str("</details>\n");
            }
            _ => self::run(log.number, first.number, run, out),
        }
    }
    gap((excerpt.total + 1).saturating_sub(next), out);
    out.push_str("</div>\n");
}

/// Lines that follow each other, each with its number.
fn run(log: usize, first: u64, lines: &[Line], out: &mut String) {
    let _ = writeln!(out, "<ol start=\"{first}\">");
    for line in lines {
        let text = visible(&line.text);
        let more = if line.cut { " <i>and more, left out</i>" } else { "" };
        let _ = match line.marked {
            true => writeln!(out, "<li id=\"{}\"><mark>{text}</mark>{more}</li>", id(Link { log, line: line.number })),
            false => writeln!(out, "<li>{text}{more}</li>"),
        };
    }
    out.push_str("</ol>\n");
}

fn gap(lines: u64, out: &mut String) {
    if lines > 0 {
        let _ = writeln!(out, "<p class=\"quiet\">{} left out</p>", count(lines));
    }
}

fn count(lines: u64) -> String {
    if lines == 1 { "1 line".to_owned() } else { format!("{lines} lines") }
}
