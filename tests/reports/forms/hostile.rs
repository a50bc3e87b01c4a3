//! No text of a log acts on a page: as two renderers of Markdown see it, and by what stands in HTML.

use ssh_why::inside::diagnose::Diagnosis;
use ssh_why::model::Role;
use ssh_why::report::{Look, Report};

use super::sample::{KEPT, full, read, shown, survey};
use super::texts::{HOSTILE, generated};
use crate::kit::{Source, written};

/// What is written for a log with this text in every field that a log has.
pub(super) fn of_a_log(text: &str) -> String {
    let log = format!(
        "$ ssh -v -i {text} {text}@{text}\nOpenSSH_9.6p1, OpenSSL 3.0.13 {text}\n\
         debug1: Reading configuration data {text}\ndebug1: Connecting to {text} [{text}] port 22.\n\
         debug1: identity file {text} type 3\ndebug1: Remote protocol version 2.0, remote software version {text}\n\
         debug1: Authenticating to {text}:22 as '{text}'\ndebug1: Server host key: ssh-ed25519 SHA256:{text}\n{text}\n\
         debug1: Offering public key: {text} RSA SHA256:{text} agent\ndebug1: Offering public key: {text} {text} SHA256:{text} agent\n\
         debug1: Server accepts key: {text} {text} SHA256:{text} agent\nsign_and_send_pubkey: signing failed for {text} \"{text}\": {text}\n\
         debug1: Authentications that can continue: {text}\nReceived disconnect from {text} port 22:2: {text}\n\
         {text}@{text}: Permission denied ({text}).\nHi {text}! You've successfully authenticated, but GitHub does not provide shell access.\n\
         ERROR: Permission to {text} denied to {text}.\n"
    );
    written("markdown", &shown(&[Source::new(text, Role::Other, log)], None), &Look::default())
}

#[test]
fn nothing_of_a_hostile_log_comes_alive_in_markdown() {
    let (hostile, mut code) = (generated(1200), 0);
    for text in HOSTILE.iter().map(|text| (*text).to_owned()).chain(hostile.iter().cloned()) {
        let page = of_a_log(&text);
        for render in [by_comrak, by_pulldown] {
            let (blocks, alive) = render(&page);
            assert!(alive.is_empty(), "{text:?}: {alive:?}\n{page}");
            // One title, then headings of our own.
            let headings = blocks.iter().filter(|block| block.contains("Heading")).count();
            assert_eq!(
                headings,
                page.lines().filter(|line| line.starts_with("## ") || line.starts_with("### ")).count()
            );
            code += blocks.len();
        }
    }
    assert!(code > 50_000, "{code}");
    let bases = bases();
    let harmless = harmless("markdown");
    for text in &hostile[..300] {
        for (page, plain) in fill(&bases, "markdown", text).iter().zip(&harmless) {
            for render in [by_comrak, by_pulldown] {
                let (blocks, alive) = render(page);
                assert!(alive.is_empty(), "{text:?}: {alive:?}\n{page}");
                assert!(plain.iter().any(|plain| render(plain).0 == blocks), "{text:?}: {blocks:?}\n{page}");
            }
        }
    }
}

/// Reports of each kind.
fn bases() -> Vec<Diagnosis> {
    vec![full(), read(KEPT[2].1), read(KEPT[3].1)]
}

/// A report of each kind in this form, with each of its texts being this one.
pub(super) fn filled(form: &str, with: &str) -> Vec<String> {
    fill(&bases(), form, with)
}

fn fill(bases: &[Diagnosis], form: &str, with: &str) -> Vec<String> {
    let form = ssh_why::report::form::by_name(form).unwrap();
    let mut texts = Vec::new();
    for mut diagnosis in bases.iter().cloned() {
        diagnosis.each_text(&mut |text| with.clone_into(text));
        texts.push((form.write)(&Report::Diagnosis(&diagnosis), &Look::default()));
    }
    let mut survey = survey();
    survey.each_text(&mut |text| with.clone_into(text));
    texts.push((form.write)(&Report::Survey(&survey), &Look::default()));
    texts
}

/// One by one each of the texts is this one.
fn each_alone(form: &str, with: &str) -> Vec<String> {
    let form = ssh_why::report::form::by_name(form).unwrap();
    let (mut whole, mut count) = (full(), 0);
    whole.each_text(&mut |_| count += 1);
    (0..count)
        .map(|wanted| {
            let (mut diagnosis, mut at) = (whole.clone(), 0);
            diagnosis.each_text(&mut |text| {
                if at == wanted {
                    with.clone_into(text);
                }
                at += 1;
            });
            (form.write)(&Report::Diagnosis(&diagnosis), &Look::default())
        })
        .collect()
}

/// What a page is made of, by comrak: the blocks with their depth, and what would be alive.
fn by_comrak(page: &str) -> (Vec<String>, Vec<String>) {
    use comrak::nodes::NodeValue;
    let mut options = comrak::Options::default();
    options.extension.strikethrough = true;
    options.extension.table = true;
    options.extension.autolink = true;
    options.extension.tasklist = true;
    options.extension.footnotes = true;
    let arena = comrak::Arena::new();
    let root = comrak::parse_document(&arena, page, &options);
    let (mut blocks, mut alive) = (Vec::new(), Vec::new());
    for node in root.descendants() {
        let depth = node.ancestors().count();
        let value = &node.data.borrow().value;
        match value {
            NodeValue::Link(link) | NodeValue::Image(link) => alive.push(format!("link {}", link.url)),
            NodeValue::HtmlBlock(html) => alive.push(format!("html {}", html.literal)),
            NodeValue::HtmlInline(html) => alive.push(format!("html {html}")),
            NodeValue::FootnoteReference(_) | NodeValue::FootnoteDefinition(_) => alive.push("footnote".to_owned()),
            NodeValue::Text(text) if text.contains(['@', '#', '<', ':', '!', '$', '~', '/']) => {
                // A plain sentence has a colon at the end of a word at most.
                let words = text.split(' ');
                alive.extend(
                    words
                        .filter(|word| {
                            word.trim_end_matches([':', '.', ',', ';', ')'])
                                .contains(['@', '#', '<', ':', '!', '$', '~', '/'])
                        })
                        .map(str::to_owned),
                );
            }
            _ => {}
        }
        if value.block() {
            let name = format!("{value:?}");
            blocks.push(format!("{depth} {}", name.split([' ', '(', '{']).next().unwrap_or_default()));
        }
    }
    (blocks, alive)
}

/// The same by pulldown-cmark.
fn by_pulldown(page: &str) -> (Vec<String>, Vec<String>) {
    use pulldown_cmark::{Event, Options, Parser, Tag};
    let (mut blocks, mut alive) = (Vec::new(), Vec::new());
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_MATH
        | Options::ENABLE_GFM;
    for event in Parser::new_ext(page, options) {
        match event {
            Event::Start(
                tag @ (Tag::Link { .. } | Tag::Image { .. } | Tag::HtmlBlock | Tag::FootnoteDefinition(_)),
            ) => {
                alive.push(format!("{tag:?}"));
            }
            Event::Html(html) | Event::InlineHtml(html) => alive.push(html.into_string()),
            Event::FootnoteReference(_) | Event::TaskListMarker(_) | Event::InlineMath(_) | Event::DisplayMath(_) => {
                alive.push(format!("{event:?}"));
            }
            Event::Start(Tag::Emphasis | Tag::Strong) | Event::End(_) => {}
            Event::Start(tag) => {
                let name = format!("{tag:?}");
                blocks.push(name.split([' ', '(', '{']).next().unwrap_or_default().to_owned());
            }
            _ => {}
        }
    }
    (blocks, alive)
}

/// The same reports with harmless texts: one that can stand in a command, one that must be quoted, one that can't be,
/// and none.
fn harmless(form: &str) -> Vec<Vec<String>> {
    let all = ["word", "two words", "two\nlines", ""].map(|text| filled(form, text));
    (0..all[0].len()).map(|report| all.iter().map(|texts| texts[report].clone()).collect()).collect()
}

#[test]
fn nothing_of_a_log_comes_alive_in_markdown() {
    let renderers = [by_comrak, by_pulldown];
    let harmless = harmless("markdown");
    let shapes = renderers.map(|render| {
        let shapes = |pages: &Vec<String>| pages.iter().map(|page| render(page).0).collect::<Vec<_>>();
        harmless.iter().map(shapes).collect::<Vec<_>>()
    });
    let mut seen = 0;
    for hostile in HOSTILE {
        for (at, page) in filled("markdown", hostile).iter().enumerate() {
            for (render, shapes) in renderers.iter().zip(&shapes) {
                let (blocks, alive) = render(page);
                assert!(alive.is_empty(), "{hostile:?}: {alive:?}\n{page}");
                assert!(shapes[at].contains(&blocks), "{hostile:?}: {blocks:?}\n{page}");
                seen += blocks.len();
            }
        }
    }
    assert!(seen > 1000);
    for hostile in ["[x](https://evil.example) <b>x</b> me@evil.example", "- x", "` <b> `` ``` @me"] {
        for page in each_alone("markdown", hostile) {
            assert_eq!(by_comrak(&page).1, Vec::<String>::new(), "{hostile:?}\n{page}");
            assert_eq!(by_pulldown(&page).1, Vec::<String>::new(), "{hostile:?}\n{page}");
        }
    }
}

/// The renderers do find what is alive: else the test above would say nothing.
#[test]
fn the_renderers_see_what_is_alive() {
    for page in ["<b>x</b>", "[x](https://x.example)", "![x](x.png)", "<https://x.example>"] {
        assert!(!by_comrak(page).1.is_empty() && !by_pulldown(page).1.is_empty(), "{page}");
    }
    for page in ["www.x.example", "me@x.example", "https://x.example"] {
        assert!(!by_comrak(page).1.is_empty(), "{page}");
    }
}

#[test]
fn nothing_of_a_log_comes_alive_in_html() {
    // Markup is what stands between these; a text has none of them as they are. What stands between backticks is code.
    let coded = |page: &str| page.replace("<code>", "").replace("</code>", "");
    let marks = |page: &str| ["<", ">", "\"", "'", "<script", "<img"].map(|mark| coded(page).matches(mark).count());
    let harmless = harmless("html");
    for hostile in HOSTILE {
        for (page, harmless) in filled("html", hostile).iter().zip(&harmless) {
            let made = marks(page);
            assert!(harmless.iter().any(|plain| marks(plain) == made), "{hostile:?}\n{page}");
        }
    }
    for page in harmless.iter().flatten() {
        assert!(page.contains("default-src 'none'; style-src 'sha256-"), "{page}");
        for word in ["<script", "<link", "<iframe", "http://", "https://", "url(", "@import", " style=", "javascript:"]
        {
            assert!(!page.contains(word), "{word}");
        }
    }
}
