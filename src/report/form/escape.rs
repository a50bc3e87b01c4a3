//! Any text as text of a page.

use crate::report::words::{clean, parts};
use crate::text::unprintable;

/// A text that neither an element nor an attribute takes for markup.
pub(super) fn escaped(text: &str) -> String {
    marked_up(&clean(text))
}

/// The same for running text: what stands between backticks is code.
pub(super) fn prose(text: &str) -> String {
    let part = |(is_code, text)| if is_code { format!("<code>{}</code>", escaped(text)) } else { escaped(text) };
    parts(text).into_iter().map(part).collect()
}

fn marked_up(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '`' => out.push_str("&#96;"),
            c => out.push(c),
        }
    }
    out
}

/// The same for a line of a log: what can't be seen is shown by a sign that stands for it.
pub(super) fn visible(line: &str) -> String {
    let mut shown = String::with_capacity(line.len());
    for c in line.chars() {
        match c {
            '\t' => shown.push(c),
            // Unicode's block of control pictures.
            '\0'..='\u{1f}' => shown.extend(char::from_u32(0x2400 + u32::from(c))),
            '\u{7f}' => shown.push('\u{2421}'),
            c if unprintable(c) => shown.push_str(&format!("[U+{:04X}]", u32::from(c))),
            c => shown.push(c),
        }
    }
    marked_up(&shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_shown() {
        assert_eq!(visible("\u{1b}[1m<b>\tx\0"), "\u{241b}[1m&lt;b&gt;\tx\u{2400}");
        assert_eq!(visible("a\u{202e}b\u{7f}\u{85}"), "a[U+202E]b\u{2421}[U+0085]");
        assert_eq!(escaped("a\tb<"), "a\u{fffd}b&lt;");
    }
}
