//! One page of HTML that needs no other file, no network and no script, and lets none in.

use std::fmt::Write;

use super::entry::Form;
use super::escape::{escaped, prose};
use super::log::linked;
use super::{log, picture};
use crate::model::Certainty;
use crate::report::look::{Look, Report};
use crate::report::outline::{Block, Code, Outline, Row, Section, Style, Table};
use crate::shell::Shell;

/// The form.
pub(super) const FORM: Form =
    Form { name: "html", about: "One page, nothing else needed", endings: &["html", "htm"], logs: true, write };

/// The one style sheet.
const CSS: &str = include_str!("page.css");

/// Its digest, by which it is let in and nothing else is (Content Security Policy Level 3, §8.3). A test says what it is.
const DIGEST: &str = "RDW6G4Hi7HdaRp1IjOT4HxdUexxZjXjnvn6QJly9dIw=";

/// The page, with a line end.
fn write(report: &Report<'_>, look: &Look<'_>) -> String {
    page(&report.outline(look))
}

fn page(outline: &Outline) -> String {
    let mut out = String::from("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    let _ = writeln!(
        out,
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{DIGEST}'; \
         base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{}</title>\n<style>{CSS}</style>\n</head>\n<body>\n<main>",
        escaped(&outline.title)
    );
    if !outline.sections.iter().flat_map(|section| &section.blocks).any(|one| matches!(one, Block::Verdict { .. })) {
        let _ = writeln!(out, "<h1>{}</h1>", escaped(&outline.title));
    }
    for (number, section) in outline.sections.iter().enumerate() {
        self::section(number, section, &mut out);
    }
    let version = env!("CARGO_PKG_VERSION");
    let _ = writeln!(out, "<footer>ssh-why {version}</footer>\n</main>\n</body>\n</html>");
    out
}

fn section(number: usize, section: &Section, out: &mut String) {
    match &section.heading {
        Some(heading) => {
            let _ = writeln!(
                out,
                "<section aria-labelledby=\"part-{number}\">\n<h2 id=\"part-{number}\">{}</h2>",
                escaped(heading)
            );
            blocks(&section.blocks, out);
            out.push_str("</section>\n");
        }
        None => blocks(&section.blocks, out),
    }
}

/// Blocks one after the other; steps that follow each other are a list, as quotes are.
fn blocks(blocks: &[Block], out: &mut String) {
    let list = |block: Option<&Block>| match block {
        Some(Block::Step { .. }) => Some(("<ul>\n", "</ul>\n")),
        Some(Block::Quote { .. }) => Some(("<ol class=\"proof\">\n", "</ol>\n")),
        _ => None,
    };
    for (at, block) in blocks.iter().enumerate() {
        let own = list(Some(block));
        let before = at.checked_sub(1).and_then(|before| blocks.get(before));
        if let Some((begin, _)) = own.filter(|own| list(before) != Some(*own)) {
            out.push_str(begin);
        }
        self::block(block, out);
        if let Some((_, end)) = own.filter(|own| list(blocks.get(at + 1)) != Some(*own)) {
            out.push_str(end);
        }
    }
}

fn block(block: &Block, out: &mut String) {
    let _ = match block {
        Block::Verdict { style, cause, certainty, summary } => {
            let sure = match certainty {
                Certainty::Certain => "certain",
                open => open.word(),
            };
            let class = class(*style);
            let (cause, summary) = (escaped(cause), escaped(summary));
            writeln!(
                out,
                "<div class=\"verdict {class}\">\n<h1>{summary}</h1>\n\
                 <p class=\"cause {class}\"><code>{cause}</code> ({sure})</p>\n</div>"
            )
        }
        Block::Para(style, text) => writeln!(out, "<p class=\"{}\">{}</p>", class(*style), prose(text)),
        Block::Aside(text) => writeln!(out, "<p class=\"quiet\">{}</p>", escaped(text)),
        Block::Code(code) => self::code(code, out),
        Block::Quote { place, text, link } => {
            let place = linked(*link, &format!("<code class=\"place\">{}</code>", escaped(place)));
            writeln!(out, "<li>{place}<code>{}</code></li>", escaped(text))
        }
        Block::Step { style, text, code, more } => {
            let _ = writeln!(out, "<li><span class=\"{}\">{}</span>", class(*style), prose(text));
            if let Some(code) = code {
                let _ = self::code(code, out);
            }
            blocks(more, out);
            writeln!(out, "</li>")
        }
        Block::Table(table) => {
            self::table(table, out);
            Ok(())
        }
        Block::Exchange(lanes) => {
            out.push_str(&picture::figures(lanes));
            Ok(())
        }
        Block::Log(log) => {
            log::lines(log, out);
            Ok(())
        }
    };
}

fn code(code: &Code, out: &mut String) -> std::fmt::Result {
    let lines: Vec<String> = code.text.lines().map(escaped).collect();
    let label = match code.shell {
        Some(Shell::Sh) => "command for sh",
        Some(Shell::PowerShell) => "command for PowerShell",
        Some(Shell::Cmd) => "command for cmd.exe",
        None => "lines of configuration",
    };
    writeln!(out, "<pre role=\"group\" aria-label=\"{label}\"><code>{}</code></pre>", lines.join("\n"))
}

fn table(table: &Table, out: &mut String) {
    // What scrolls can be reached with a keyboard.
    out.push_str("<div class=\"scroll\" role=\"group\" aria-label=\"table\" tabindex=\"0\"><table>\n<thead><tr>");
    for (name, _) in &table.heads {
        let _ = write!(out, "<th scope=\"col\">{}</th>", escaped(name));
    }
    out.push_str("</tr></thead>\n");
    for row in &table.rows {
        self::row(row, out);
    }
    out.push_str("</table></div>\n");
}

/// A row; what there is to say on it has the whole width below it.
fn row(row: &Row, out: &mut String) {
    let scope = if row.notes.is_empty() { "row" } else { "rowgroup" };
    let _ = write!(out, "<tbody>\n<tr>");
    for (at, cell) in row.cells.iter().enumerate() {
        let cell = escaped(cell);
        let _ = match at {
            1 => write!(out, "<th scope=\"{scope}\"><code class=\"{}\">{cell}</code></th>", class(row.style)),
            _ => write!(out, "<td>{cell}</td>"),
        };
    }
    out.push_str("</tr>\n");
    if !row.notes.is_empty() {
        let _ = write!(out, "<tr><td></td><td colspan=\"{}\">", row.cells.len().saturating_sub(1));
        for (style, note) in &row.notes {
            let _ = write!(out, "<p class=\"{}\">{}</p>", class(*style), escaped(note));
        }
        out.push_str("</td></tr>\n");
    }
    out.push_str("</tbody>\n");
}

fn class(style: Style) -> &'static str {
    match style {
        Style::Good => "good",
        Style::Bad => "bad",
        Style::Warning => "warning",
        Style::Dim => "quiet",
        Style::Plain | Style::Heading | Style::Command => "plain",
    }
}

#[cfg(test)]
mod tests {
    use base64ct::{Base64, Encoding};
    use sha2::{Digest, Sha256};

    use super::*;

    #[test]
    fn the_style_sheet_is_let_in() {
        assert_eq!(DIGEST, Base64::encode_string(&Sha256::digest(CSS.as_bytes())), "DIGEST is another");
    }
}
