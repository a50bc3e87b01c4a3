//! Text for a terminal. A short report fits a screen of 24 rows: first what everybody wants, then what there is room for.

use std::fmt::Write;

use textwrap::core::display_width;

use super::entry::Form;
use crate::model::Certainty;
use crate::report::look::{Look, Report};
use crate::report::outline::{Block, Outline, Row, Section, Style, Table, Weight};
use crate::report::words::clean;

/// The form.
pub(super) const FORM: Form =
    Form { name: "human", about: "Text for a terminal", endings: &["txt"], logs: false, write };

const INDENT: &str = "    ";

/// Rows of the smallest usual terminal, less the one of the next prompt.
const SCREEN: usize = 23;

/// Lines of proof, and steps, that a short report has room for, come what may.
const FEW: usize = 2;

/// The report, with a line end.
fn write(report: &Report<'_>, look: &Look<'_>) -> String {
    let outline = report.outline(look);
    match look.verbose {
        true => whole(&outline, look),
        false => Page::of(&outline, look).screen(&outline),
    }
}

/// All of an outline, with a line end.
pub fn whole(outline: &Outline, look: &Look<'_>) -> String {
    Page::of(outline, look).whole(outline)
}

/// A part as text.
struct Part<'a> {
    section: &'a Section,
    /// How many of its blocks are shown.
    shown: usize,
    /// Whether one of them keeps something back.
    hides: bool,
    text: String,
}

struct Page<'a> {
    look: &'a Look<'a>,
    columns: Columns,
    airy: bool,
}

impl<'a> Page<'a> {
    fn of(outline: &Outline, look: &'a Look<'a>) -> Self {
        Self { look, columns: Columns::of(outline, look.width), airy: outline.airy }
    }

    fn whole(&self, outline: &Outline) -> String {
        let wanted = outline.sections.iter().filter(|section| section.weight != Weight::Shared);
        let parts: Vec<Part<'_>> = wanted.map(|section| self.part(section, usize::MAX, false)).collect();
        self.ended(joined(&parts.iter().collect::<Vec<_>>()), outline)
    }

    fn screen(&self, outline: &Outline) -> String {
        let mut parts: Vec<Part<'_>> = self.shown(outline, Weight::Always, usize::MAX);
        let footer = self.footer(outline, true);
        let rows = |parts: &[Part<'_>]| self.rows(&joined(&parts.iter().collect::<Vec<_>>())) + self.rows(&footer);
        if rows(&parts) > SCREEN {
            parts = self.shown(outline, Weight::Always, FEW);
        }
        let mut others: Vec<&Section> =
            outline.sections.iter().filter(|section| matches!(section.weight, Weight::Room(_))).collect();
        others.sort_by_key(|section| section.weight);
        for section in others {
            parts.push(self.part(section, section.short.unwrap_or(usize::MAX), true));
            if rows(&parts) > SCREEN {
                parts.pop();
            }
        }
        // What is left of the room goes to what was cut, the most important first.
        for at in 0..parts.len() {
            while parts[at].shown < parts[at].section.blocks.len() {
                let more = self.part(parts[at].section, parts[at].shown + 1, true);
                let fewer = std::mem::replace(&mut parts[at], more);
                if rows(&parts) > SCREEN {
                    parts[at] = fewer;
                    break;
                }
            }
        }
        let in_order = outline.sections.iter();
        let ordered: Vec<&Part<'_>> =
            in_order.filter_map(|one| parts.iter().find(|part| std::ptr::eq(part.section, one))).collect();
        let hides = |part: &&Part<'_>| part.shown < part.section.blocks.len() || part.hides;
        let wanted = outline.sections.iter().filter(|one| matches!(one.weight, Weight::Always | Weight::Room(_)));
        let whole = ordered.len() == wanted.count() && !ordered.iter().any(hides);
        self.ended(joined(&ordered) + &self.footer(outline, !whole), outline)
    }

    /// A text with what matters most once more at its end, where that has left the screen.
    fn ended(&self, mut text: String, outline: &Outline) -> String {
        if self.rows(&text) > SCREEN {
            for section in outline.sections.iter().filter(|section| section.again) {
                text.push('\n');
                text.push_str(&self.part(section, usize::MAX, true).text);
            }
        }
        text
    }

    fn shown<'s>(&self, outline: &'s Outline, weight: Weight, most: usize) -> Vec<Part<'s>> {
        let wanted = outline.sections.iter().filter(|section| section.weight == weight);
        wanted
            .map(|section| self.part(section, section.short.map_or(usize::MAX, |short| short.min(most)), true))
            .collect()
    }

    /// What a short report ends with: where there is more.
    fn footer(&self, outline: &Outline, cut: bool) -> String {
        let more = if cut { "; the whole report: -v" } else { "" };
        let full = outline.sections.iter().filter(|section| section.weight == Weight::Full);
        let mut out = String::new();
        for block in full.flat_map(|section| &section.blocks) {
            let Block::Aside(text) = block else { continue };
            let text = clean(&format!("{text}{more}"));
            let _ = write!(out, "\n{}\n", (self.look.paint)(Style::Dim, &text));
        }
        out
    }

    /// Rows that a text takes; a terminal breaks what is too wide.
    fn rows(&self, text: &str) -> usize {
        let plain = uncoloured(text);
        plain.lines().map(|line| display_width(line).div_ceil(self.look.width).max(1)).sum()
    }

    fn part<'s>(&self, section: &'s Section, most: usize, brief: bool) -> Part<'s> {
        let shown = section.blocks.len().min(most);
        let mut out = Out { look: self.look, text: String::new() };
        let indent = if section.heading.is_some() { INDENT } else { "" };
        if let Some(heading) = &section.heading {
            out.line(Style::Heading, heading);
        }
        // A short section is all of it or none, with what belongs to its items.
        let detail = !brief || section.short.is_none();
        let blocks = &section.blocks[..shown];
        let hides = !detail && blocks.iter().any(|block| matches!(block, Block::Step { more, .. } if !more.is_empty()));
        let places = blocks.iter().filter_map(place).map(|place| display_width(&clean(place))).max().unwrap_or(0);
        for (at, block) in blocks.iter().enumerate() {
            let before = at.checked_sub(1).map(|before| &blocks[before]);
            let listed = |block: &Block| matches!(block, Block::Step { .. });
            if self.airy && before.is_some_and(|before| !(listed(before) && listed(block))) {
                out.text.push('\n');
            }
            match block {
                // Among running text, what is to be typed stands apart.
                Block::Code(code) if before.is_some() => out.typed("        ", &code.text),
                _ => self.block(block, indent, places, detail, &mut out),
            }
        }
        Part { section, shown, hides, text: out.text }
    }

    fn block(&self, block: &Block, indent: &str, places: usize, detail: bool, out: &mut Out<'_>) {
        match block {
            Block::Verdict { style, cause, certainty, summary } => {
                let sure = match certainty {
                    Certainty::Certain => String::new(),
                    open => format!(" ({})", open.word()),
                };
                out.words(*style, "", "", &format!("{cause}{sure}: {summary}"));
            }
            Block::Para(style, text) => out.words(*style, indent, indent, text),
            Block::Step { style, text, code, more } => {
                out.words(*style, "  - ", INDENT, text);
                if let Some(code) = code {
                    out.typed("        ", &code.text);
                }
                if detail {
                    let places = more.iter().filter_map(place).map(|one| display_width(&clean(one))).max();
                    for block in more {
                        self.block(block, INDENT, places.unwrap_or(0), detail, out);
                    }
                }
            }
            Block::Code(code) => out.typed(INDENT, &code.text),
            Block::Quote { place, text, .. } => {
                let place = clean(place);
                let gap = " ".repeat(places.saturating_sub(display_width(&place)) + 2);
                let painted = (self.look.paint)(Style::Dim, &place);
                let _ = writeln!(out.text, "{INDENT}{painted}{gap}{}", clean(text));
            }
            Block::Table(table) => self.columns.table(table, out),
            Block::Aside(text) => out.words(Style::Dim, indent, indent, text),
            Block::Exchange(_) | Block::Log(_) => {}
        }
    }
}

fn place(block: &Block) -> Option<&str> {
    match block {
        Block::Quote { place, .. } => Some(place),
        _ => None,
    }
}

/// Parts one below the other, with a blank line between.
fn joined(parts: &[&Part<'_>]) -> String {
    let texts: Vec<&str> = parts.iter().map(|part| part.text.as_str()).filter(|text| !text.is_empty()).collect();
    texts.join("\n")
}

/// A text without the colours that `paint` may have put into it.
fn uncoloured(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('\u{1b}') {
        plain.push_str(&rest[..at]);
        rest = rest[at..].find('m').map_or("", |end| &rest[at + end + 1..]);
    }
    plain + rest
}

struct Out<'a> {
    look: &'a Look<'a>,
    text: String,
}

impl Out<'_> {
    fn line(&mut self, style: Style, line: &str) {
        self.text.push_str(&(self.look.paint)(style, &clean(line)));
        self.text.push('\n');
    }

    /// Running text, broken at the page's width.
    fn words(&mut self, style: Style, first: &str, rest: &str, words: &str) {
        let words = clean(words);
        // A cause's or a file's name is not broken at its hyphens.
        let options = textwrap::Options::new(self.look.width)
            .initial_indent(first)
            .subsequent_indent(rest)
            .word_splitter(textwrap::WordSplitter::NoHyphenation)
            .break_words(false);
        for line in textwrap::wrap(&words, options) {
            self.line(style, &line);
        }
    }

    /// Something to type, on a line of its own and never broken.
    fn typed(&mut self, indent: &str, lines: &str) {
        for line in lines.lines() {
            let painted = (self.look.paint)(Style::Command, &clean(line));
            let _ = writeln!(self.text, "{indent}{painted}");
        }
    }
}

/// The widths of the columns of all tables of a report, so that they stand below each other.
#[derive(Default)]
struct Columns {
    widths: Vec<usize>,
    /// Heads in full, where there is room.
    named: bool,
}

/// Columns of a table's margin, its first column included.
const FIRST: usize = 4;

/// The least that the column that gives way needs, before heads are shortened for it, and after.
const NAME: (usize, usize) = (24, 12);

impl Columns {
    fn of(outline: &Outline, width: usize) -> Self {
        let blocks = outline.sections.iter().flat_map(|section| &section.blocks);
        let tables: Vec<&Table> = blocks
            .filter_map(|block| match block {
                Block::Table(table) => Some(table),
                _ => None,
            })
            .collect();
        let Some(first) = tables.first() else { return Self::default() };
        let cells = |column: usize| {
            let cells = tables.iter().flat_map(|table| &table.rows).filter_map(move |row| row.cells.get(column));
            cells.map(|cell| display_width(&clean(cell))).max().unwrap_or(0)
        };
        let widths = |named: bool| -> Vec<usize> {
            let head = |(long, short): &(String, String)| display_width(&clean(if named { long } else { short }));
            let heads = first.heads.iter().enumerate();
            heads.map(|(at, names)| cells(at).max(head(names)).max(if at > 3 { 8 } else { 0 })).collect()
        };
        let rest =
            |widths: &[usize]| FIRST + 2 + widths.iter().enumerate().skip(2).map(|(_, width)| width + 2).sum::<usize>();
        let named = rest(&widths(true)) + NAME.0 <= width;
        let mut widths = widths(named);
        let room = width.saturating_sub(rest(&widths)).max(NAME.1);
        if let Some(name) = widths.get_mut(1) {
            *name = (*name).min(room);
        }
        Self { widths, named }
    }

    fn table(&self, table: &Table, out: &mut Out<'_>) {
        let heads = table.heads.iter().map(|(long, short)| clean(if self.named { long } else { short }));
        out.line(Style::Dim, &self.line(&heads.collect::<Vec<_>>()));
        for row in &table.rows {
            self.row(row, out);
        }
    }

    fn row(&self, row: &Row, out: &mut Out<'_>) {
        const NOTES: &str = "      ";
        let mut cells: Vec<String> = row.cells.iter().map(|cell| clean(cell)).collect();
        let mut whole = None;
        if let (Some(name), Some(width)) = (cells.get_mut(1), self.widths.get(1))
            && display_width(name) > *width
        {
            let cut = shortened(name, *width);
            whole = Some(std::mem::replace(name, cut));
        }
        out.line(row.style, &self.line(&cells));
        if let Some(name) = whole {
            out.line(Style::Dim, &format!("{NOTES}{name}"));
        }
        for (style, note) in &row.notes {
            match style {
                Style::Dim => out.line(*style, &format!("{NOTES}{note}")),
                _ => out.words(*style, NOTES, "        ", note),
            }
        }
    }

    fn line(&self, cells: &[String]) -> String {
        let mut line = String::new();
        for (at, (cell, width)) in cells.iter().zip(&self.widths).enumerate() {
            match at {
                0 => {
                    let _ = write!(line, "{}{cell}", " ".repeat(FIRST.saturating_sub(display_width(cell))));
                }
                _ => {
                    let gap = " ".repeat(width.saturating_sub(display_width(cell)));
                    let _ = write!(line, "  {cell}{gap}");
                }
            }
        }
        line.trim_end().to_owned()
    }
}

/// A name cut at its beginning: the end tells keys apart.
fn shortened(name: &str, width: usize) -> String {
    if display_width(name) <= width {
        return name.to_owned();
    }
    let mut end: Vec<char> = Vec::new();
    let mut used = 1;
    for c in name.chars().rev() {
        used += display_width(c.encode_utf8(&mut [0; 4]));
        if used > width {
            break;
        }
        end.push(c);
    }
    std::iter::once('…').chain(end.into_iter().rev()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cut_at_the_front() {
        assert_eq!(shortened("/home/me/.ssh/id", 8), "….ssh/id");
        assert_eq!(shortened("kurz", 8), "kurz");
        assert_eq!(display_width(&shortened("/home/鍵/鍵鍵鍵鍵鍵", 8)), 7);
    }

    #[test]
    fn colours_take_no_room() {
        assert_eq!(uncoloured("a\u{1b}[1mb\u{1b}[0mc"), "abc");
    }
}
