//! The same by GitHub's own renderer, cmark-gfm, as a program.
//!
//! needs: cmark-gfm

use std::io::Write;
use std::process::{Command, Stdio};

use super::hostile::{filled, of_a_log};
use super::texts::HOSTILE;

/// What a log can't make: whatever leads away or is markup. Footnotes are `unknown` in cmark-gfm's XML.
const ALIVE: &[&str] = &["link", "image", "html_block", "html_inline", "unknown", "tasklist"];

/// The kinds of nodes that a page is made of.
fn nodes(page: &str) -> Vec<String> {
    let mut renderer = Command::new("cmark-gfm")
        .args([
            "--unsafe",
            "--to",
            "xml",
            "-e",
            "table",
            "-e",
            "autolink",
            "-e",
            "strikethrough",
            "-e",
            "tasklist",
            "-e",
            "footnotes",
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("cmark-gfm runs (Debian: apt-get install cmark-gfm)");
    // It answers when it has all of it.
    renderer.stdin.take().unwrap().write_all(page.as_bytes()).unwrap();
    let output = renderer.wait_with_output().unwrap();
    assert!(output.status.success());
    // A text of the page's has no `<` of its own in XML.
    let xml = String::from_utf8_lossy(&output.stdout).into_owned();
    xml.split('<').skip(1).map(|tag| tag.split([' ', '>', '/']).next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn nothing_of_a_log_comes_alive_at_github() {
    let mut seen = 0;
    for text in HOSTILE {
        for page in filled("markdown", text).into_iter().chain([of_a_log(text)]) {
            let nodes = nodes(&page);
            let alive: Vec<_> = nodes.iter().filter(|node| ALIVE.contains(&node.as_str())).collect();
            assert!(alive.is_empty(), "{text:?}: {alive:?}\n{page}");
            seen += nodes.iter().filter(|node| *node == "code").count();
        }
    }
    assert!(seen > 1000, "{seen}");
}

#[test]
fn cmark_sees_what_is_alive() {
    for page in
        ["<b>x</b>", "<p>x</p>", "[x](y)", "![x](y)", "www.x.example", "me@x.example", "x[^1]\n\n[^1]: y", "- [ ] x"]
    {
        assert!(nodes(page).iter().any(|node| ALIVE.contains(&node.as_str())), "{page}: {:?}", nodes(page));
    }
}
