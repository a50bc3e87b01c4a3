//! Markdown for a ticket, as GitHub, GitLab and their like render it.
//!
//! Whatever came from a log stands in code spans and fences, as long as its content demands. Plain words of running text
//! are letters alone, so that no renderer finds a link, a mention, a list, an image or a tag in them.

use std::fmt::Write;

use super::entry::Form;
use crate::model::Certainty;
use crate::report::look::{Look, Report};
use crate::report::outline::{Block, Code, Table};
use crate::report::words::{clean, parts};
use crate::shell::Shell;

/// The form.
pub(super) const FORM: Form =
    Form { name: "markdown", about: "For a ticket", endings: &["md", "markdown"], logs: false, write };

/// The report, with a line end.
fn write(report: &Report<'_>, look: &Look<'_>) -> String {
    let outline = report.outline(look);
    let mut out = format!("## {}\n", inline(&outline.title));
    for section in &outline.sections {
        if section.blocks.first().is_some_and(Block::is_special) {
            continue;
        }
        if let Some(heading) = &section.heading {
            let _ = write!(out, "\n### {}\n", inline(heading));
        }
        let mut before = None;
        for block in &section.blocks {
            let kind = std::mem::discriminant(block);
            // Items and quotes that follow each other are one list, one quotation.
            let joins = before == Some(kind) && matches!(block, Block::Step { .. } | Block::Quote { .. });
            if !joins {
                out.push('\n');
            } else if matches!(block, Block::Quote { .. }) {
                out.push_str(">\n");
            }
            before = Some(kind);
            self::block(block, "", &mut out);
        }
    }
    out
}

/// One block, each of its lines after `margin`.
fn block(block: &Block, margin: &str, out: &mut String) {
    let mut line = |text: &str| {
        let _ = writeln!(out, "{}", format!("{margin}{text}").trim_end());
    };
    match block {
        Block::Verdict { cause, certainty, summary, .. } => {
            let sure = match certainty {
                Certainty::Certain => String::new(),
                open => format!(" ({})", open.word()),
            };
            line(&format!("**{}{sure}:** {}", span(cause), inline(summary)));
        }
        Block::Para(_, text) => line(&prose(text)),
        Block::Aside(text) => line(&format!("*{}*", inline(text))),
        Block::Quote { place, text, .. } => line(&format!("> {}  {}", span(place), span(text))),
        Block::Code(code) => fence(code, margin, out),
        Block::Step { text, code, more, .. } => {
            line(&format!("- {}", prose(text)));
            let margin = format!("{margin}  ");
            if let Some(code) = code {
                out.push('\n');
                fence(code, &margin, out);
            }
            for inner in more {
                out.push('\n');
                self::block(inner, &margin, out);
            }
        }
        Block::Table(table) => self::table(table, margin, out),
        Block::Exchange(_) | Block::Log(_) => {}
    }
}

fn table(table: &Table, margin: &str, out: &mut String) {
    // A bar parts cells even within code, unless it is escaped.
    let cell = |text: &str| inline(text).replace('|', "\\|");
    let heads: Vec<String> = table.heads.iter().map(|(name, _)| cell(name)).collect();
    let _ = writeln!(out, "{margin}| {} | remarks |", heads.join(" | "));
    let _ = writeln!(out, "{margin}|{}", " --- |".repeat(heads.len() + 1));
    for row in &table.rows {
        let cells: Vec<String> = row.cells.iter().map(|text| cell(text)).collect();
        let notes: Vec<String> = row.notes.iter().map(|(_, note)| cell(note)).collect();
        let _ = writeln!(out, "{margin}| {} | {} |", cells.join(" | "), notes.join("; "));
    }
}

/// The longest run of backticks in a text.
fn ticks(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

fn fence(code: &Code, margin: &str, out: &mut String) {
    let fence = "`".repeat(ticks(&code.text).max(2) + 1);
    let language = match code.shell {
        Some(Shell::Sh) => "sh",
        Some(Shell::PowerShell) => "powershell",
        Some(Shell::Cmd) => "bat",
        None => "text",
    };
    let _ = writeln!(out, "{margin}{fence}{language}");
    for line in code.text.lines() {
        let _ = writeln!(out, "{margin}{}", clean(line));
    }
    let _ = writeln!(out, "{margin}{fence}");
}

/// A code span that holds exactly this text.
fn span(text: &str) -> String {
    let text = clean(text);
    let fence = "`".repeat(ticks(&text) + 1);
    // A renderer takes one space off both ends of a text that has some at both; that of nothing but spaces stays.
    let bare = text.trim_matches(' ');
    let padded = text.starts_with('`') || text.ends_with('`') || text.starts_with(' ') && text.ends_with(' ');
    match (bare.is_empty(), padded) {
        (true, _) => format!("{fence} {fence}"),
        (false, true) => format!("{fence} {text} {fence}"),
        (false, false) => format!("{fence}{text}{fence}"),
    }
}

/// Running text in which some may stand between backticks.
fn prose(text: &str) -> String {
    let parts = parts(text);
    if !parts.iter().any(|(is_code, _)| *is_code) {
        return inline(text);
    }
    let mut pieces: Vec<String> = Vec::new();
    for (is_code, part) in parts {
        let mut rest = part;
        // What ends a clause stands at the code before it; a renderer makes nothing of it before a blank.
        if !is_code && let Some(last) = pieces.last_mut() {
            let words = part.trim_start_matches(['.', ',', ';', ':', ')']);
            if words.is_empty() || words.starts_with(' ') {
                last.push_str(&part[..part.len() - words.len()]);
                rest = words;
            }
        }
        if is_code {
            pieces.push(span(rest));
        } else if !rest.trim().is_empty() {
            pieces.push(inline(rest));
        }
    }
    pieces.join(" ")
}

/// Running text: what is no plain word becomes code.
fn inline(text: &str) -> String {
    let text = clean(text);
    let words: Vec<String> = units(&text).into_iter().map(word).collect();
    if words.is_empty() {
        return span(&text);
    }
    let mut out = words.join(" ");
    // A paragraph that begins with a number and a stop would be a list.
    if out.starts_with(|c: char| c.is_ascii_digit()) {
        let end = out.find(' ').unwrap_or(out.len());
        out.replace_range(..end, &span(&text[..text.find(' ').unwrap_or(text.len())]));
    }
    out
}

/// Most words that are one piece of code.
const WORDS: usize = 8;

/// Words, and pieces of code with blanks in them, as far as brackets and quotation marks tell: `f(a, b)`, `X="a b"`.
fn units(text: &str) -> Vec<&str> {
    let mut units = Vec::new();
    let mut rest = text.trim_start_matches(' ');
    while !rest.is_empty() {
        let ends = rest.match_indices(' ').map(|(at, _)| at).chain([rest.len()]);
        let first = rest.find(' ').unwrap_or(rest.len());
        let opens = rest[..first].trim_start_matches('(').contains(['(', '"']);
        let closed = |end: &usize| is_closed(rest[..*end].trim_start_matches('('));
        let end = if opens { ends.take(WORDS).find(closed).unwrap_or(first) } else { first };
        units.push(&rest[..end]);
        rest = rest[end..].trim_start_matches(' ');
    }
    units
}

/// Whether each bracket has its other half, and each quotation mark.
fn is_closed(text: &str) -> bool {
    text.matches('(').count() <= text.matches(')').count() && text.matches('"').count() & 1 == 0
}

fn word(word: &str) -> String {
    let rest = word.trim_start_matches('(');
    let front = &word[..word.len() - rest.len()];
    let mut core = rest;
    // A bracket that was opened in the word is the word's own.
    while let Some(less) = core.strip_suffix(['.', ',', ';', ':', ')']) {
        if core.ends_with(')') && core.matches('(').count() >= core.matches(')').count() {
            break;
        }
        core = less;
    }
    let end = &rest[core.len()..];
    match core.is_empty() || is_plain(core) {
        // Of nothing but stops, no renderer should make anything.
        true if core.is_empty() => span(word),
        true => word.to_owned(),
        false => format!("{front}{}{end}", span(core)),
    }
}

/// Letters, with hyphens and apostrophes between them, or a short number: nothing that a renderer acts on, be it a
/// reference to an issue or a commit.
fn is_plain(word: &str) -> bool {
    let inner = |c: char| c.is_alphabetic() || c == '-' || c == '\'';
    let letters = word.chars().all(inner) && word.starts_with(char::is_alphabetic);
    // What looks like a commit, a key of a tracker or a head of a page is none.
    letters && !word.ends_with('-') && !word.to_ascii_lowercase().starts_with("www") && !is_commit(word)
        || word.len() < 6 && word.bytes().all(|digit| digit.is_ascii_digit())
}

/// Whether GitHub and GitLab may take a word of letters for a commit: seven digits to base 16 are enough for that.
fn is_commit(word: &str) -> bool {
    word.len() >= 7 && word.bytes().all(|digit| digit.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_holds_what_it_is_given() {
        assert_eq!(span("a"), "`a`");
        assert_eq!(span("a`b"), "``a`b``");
        assert_eq!(span("`"), "`` ` ``");
        assert_eq!(span(" a "), "`  a  `");
        assert_eq!(span(""), "` `");
    }

    #[test]
    fn what_is_code_already_stays_whole() {
        assert_eq!(
            prose("see `Invalid user … from …`, and `x`. Not `y`"),
            "see `Invalid user … from …`, and `x`. Not `y`"
        );
        assert_eq!(prose("`a``b`:tada: `c"), "`a` `b` `:tada`: `` `c ``");
        assert_eq!(prose("(with `no-pty`)"), "(with `no-pty`)");
        assert_eq!(prose("` ` `` ```"), inline("` ` `` ```"));
    }

    #[test]
    fn code_with_blanks_is_one_piece() {
        for (text, shown) in [
            ("with f(a=1, b=g(x)) before", "with `f(a=1, b=g(x))` before"),
            ("(with log(x)), or X=\"ssh -v\".", "(with `log(x)`), or `X=\"ssh -v\"`."),
            ("f(a b", "`f(a` b"),
            ("(one) two)", "(one) two)"),
        ] {
            assert_eq!(inline(text), shown);
        }
    }

    #[test]
    fn only_plain_words_stay() {
        assert_eq!(inline("ssh's own key, (git@github.com)."), "ssh's own key, (`git@github.com`).");
        assert_eq!(inline("1. no list"), "`1.` no list");
        assert_eq!(inline("- + #"), "`-` `+` `#`");
        assert_eq!(
            inline("<b>x</b> www.example.com GH-12 deadbeef1 Deadbeef faced"),
            "`<b>x</b>` `www.example.com` `GH-12` `deadbeef1` `Deadbeef` faced"
        );
    }
}
