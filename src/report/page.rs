//! A cause's page, which is written in plain Markdown, as an outline.

use super::outline::{Block, Code, Outline, Section, Style, Weight};
use crate::shell::Shell;

/// The page's outline: its title, then a part for each heading.
pub fn of(page: &str) -> Outline {
    let mut sections = vec![Section::bare(Weight::Always, Vec::new())];
    let mut title = String::new();
    let mut open = Open::Nothing;
    for line in page.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            finish(&mut sections, &mut open);
            sections.push(Section::new(Weight::Always, plain(heading), Vec::new()));
        } else if let Some(name) = line.strip_prefix("# ") {
            title = plain(name);
            push(&mut sections, Block::Para(Style::Heading, title.clone()));
        } else if line.is_empty() {
            // Code goes on after a blank line; all else ends.
            match &mut open {
                Open::Code(lines) => lines.push(String::new()),
                _ => finish(&mut sections, &mut open),
            }
        } else if let Some(code) = line.strip_prefix("    ").filter(|_| !matches!(open, Open::Item(_))) {
            if !matches!(open, Open::Code(_)) {
                finish(&mut sections, &mut open);
                open = Open::Code(Vec::new());
            }
            if let Open::Code(lines) = &mut open {
                lines.push(code.to_owned());
            }
        } else if let Some(item) = line.strip_prefix("- ") {
            finish(&mut sections, &mut open);
            open = Open::Item(plain(item));
        } else {
            if matches!(open, Open::Code(_)) {
                finish(&mut sections, &mut open);
            }
            match &mut open {
                Open::Para(text) | Open::Item(text) => {
                    text.push(' ');
                    text.push_str(&plain(line.trim()));
                }
                _ => open = Open::Para(plain(line.trim())),
            }
        }
    }
    finish(&mut sections, &mut open);
    Outline { title, sections, airy: true }
}

/// What the next line may go on with.
enum Open {
    Nothing,
    Para(String),
    Item(String),
    Code(Vec<String>),
}

fn finish(sections: &mut [Section], open: &mut Open) {
    let block = match std::mem::replace(open, Open::Nothing) {
        Open::Nothing => return,
        Open::Para(text) => Block::Para(Style::Plain, text),
        Open::Item(text) => Block::Step { style: Style::Plain, text, code: None, more: Vec::new() },
        Open::Code(lines) => {
            let text = lines.join("\n");
            Block::Code(Code { shell: Some(Shell::Sh), text: text.trim_end().to_owned() })
        }
    };
    push(sections, block);
}

fn push(sections: &mut [Section], block: Block) {
    if let Some(section) = sections.last_mut() {
        section.blocks.push(block);
    }
}

/// A line without the marks of code and emphasis.
fn plain(line: &str) -> String {
    line.replace("**", "").replace('`', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_taken_apart() {
        let outline = of("# id\n\nOne\nline.\n\n## Head\n- a `b`\n  c\n- d\n\n    x\n\n    y\n\nEnd.\n");
        assert_eq!(outline.title, "id");
        let [top, head] = outline.sections.as_slice() else { panic!("{outline:?}") };
        assert_eq!(top.blocks[1], Block::Para(Style::Plain, "One line.".into()));
        assert_eq!(head.blocks.len(), 4);
        assert!(matches!(&head.blocks[0], Block::Step { text, .. } if text == "a b c"));
        assert!(matches!(&head.blocks[2], Block::Code(code) if code.text == "x\n\ny"));
    }
}
