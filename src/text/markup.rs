//! What web pages do to a log: entities, tags, quoted-printable.

use std::borrow::Cow;

use super::begins;

/// Tags that pages put around and into a log's words. Others, `<snip>` or `<user>`, are the log's own.
const TAGS: &[&str] = &[
    "span", "br", "p", "div", "code", "pre", "b", "i", "em", "strong", "font", "tt", "td", "tr", "li", "a", "kbd",
    "color", "size", "quote", "url", "u",
];

/// How the tags of forums begin, which stand in square brackets.
const FORUMS: [&str; 4] = ["[/", "[B]", "[COLOR", "[CODE"];

/// Longest tag, in characters.
const TAG: usize = 300;

/// `text` with entities replaced and tags dropped.
pub(super) fn unmark(text: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(text);
    let forums = |at: usize| FORUMS.iter().any(|start| begins(&text.as_bytes()[at..], start));
    if text.contains('<') || memchr::memchr_iter(b'[', text.as_bytes()).any(forums) {
        text = Cow::Owned(without_tags(&text));
    }
    if text.contains('&') {
        text = Cow::Owned(without_entities(&text));
    }
    text
}

fn without_tags(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find(['<', '[']) {
        plain.push_str(&rest[..open]);
        let close = if rest.as_bytes()[open] == b'<' { '>' } else { ']' };
        let room: &str = rest[open + 1..]
            .char_indices()
            .nth(TAG)
            .map_or(&rest[open + 1..], |(end, _)| &rest[open + 1..open + 1 + end]);
        let inside = room.find(close).map(|end| &room[..end]);
        match inside.filter(|inside| is_tag(inside, close)) {
            Some(inside) => rest = &rest[open + inside.len() + 2..],
            None => {
                plain.push_str(&rest[open..=open]);
                rest = &rest[open + 1..];
            }
        }
    }
    plain.push_str(rest);
    plain
}

fn is_tag(inside: &str, close: char) -> bool {
    let name: String =
        inside.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect::<String>();
    let rest = &inside.trim_start_matches('/')[name.len()..];
    let shaped = rest.is_empty() || rest.starts_with([' ', '/', '=']);
    // In square brackets only forums' tags, which are upper case or closed.
    let forum = close == ']' && (inside.starts_with('/') || name.chars().all(|c| c.is_ascii_uppercase()));
    shaped && TAGS.contains(&name.to_ascii_lowercase().as_str()) && (close == '>' || forum)
}

fn without_entities(text: &str) -> String {
    const NAMED: &[(&str, &str)] = &[
        ("&gt;", ">"),
        ("&lt;", "<"),
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#039;", "'"),
        ("&#x27;", "'"),
        ("&#X27;", "'"),
        ("&apos;", "'"),
        ("&nbsp;", " "),
        ("&#160;", " "),
        ("&#64;", "@"),
        ("&#x2F;", "/"),
        ("&amp;", "&"),
    ];
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        match NAMED.iter().find(|(name, _)| rest.starts_with(name)) {
            Some((name, value)) => {
                plain.push_str(value);
                rest = &rest[name.len()..];
            }
            None => {
                plain.push('&');
                rest = &rest[1..];
            }
        }
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::unmark;

    #[test]
    fn pages() {
        assert_eq!(unmark("Trying <span class=\"k\">private</span> key: <b>x</b>"), "Trying private key: x");
        assert_eq!(unmark("server-sig-algs=&lt;ssh-rsa&gt; as &#39;git&#39;"), "server-sig-algs=<ssh-rsa> as 'git'");
        assert_eq!(unmark("[B][COLOR=\"Navy\"]debug1: x[/COLOR][/B]"), "debug1: x");
    }

    #[test]
    fn the_logs_own_brackets_stay() {
        for own in [
            "MAC: <implicit>",
            "/Users/<user>/.ssh",
            "[140.82.112.4]:22",
            "a && b",
            "<SNIP>",
            "[preauth]",
            "[REDACTED]",
        ] {
            assert_eq!(unmark(own), own);
        }
    }
}
