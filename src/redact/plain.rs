//! Lines without what a terminal would act on between two letters, so that no name is in parts.

use std::borrow::Cow;

use super::token;

/// A line in which words are whole. Colours between words stay.
pub(super) fn plain(line: &str) -> Cow<'_, str> {
    let odd =
        |c: char| matches!(c, '\0' | '\u{1b}' | '\u{8}' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}');
    if !line.contains(odd) {
        return Cow::Borrowed(line);
    }
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        let width = match c {
            '\u{1b}' => colour(rest.as_bytes()),
            '\u{8}' => 1,
            c if odd(c) => c.len_utf8(),
            _ => 0,
        };
        let (mark, after) = rest.split_at(width.max(c.len_utf8()).min(rest.len()));
        let within =
            out.ends_with(char::is_alphanumeric) && after.starts_with(char::is_alphanumeric) && !token::begins(after);
        if c == '\u{8}' {
            out.pop();
        } else if width == 0 || !within {
            out.push_str(mark);
        }
        rest = after;
    }
    Cow::Owned(out)
}

/// The bytes of a terminal's colour (ECMA-48 §5.4); 0 for anything else.
pub(super) fn colour(rest: &[u8]) -> usize {
    match rest {
        [0x1b, b'[', words @ ..] => words.iter().position(|byte| (0x40..0x7f).contains(byte)).map_or(0, |end| end + 3),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_whole() {
        for (line, whole) in [
            ("mona\u{1b}[31mlisa\u{1b}[0m", "monalisa\u{1b}[0m"),
            ("\u{1b}[32mmona\u{1b}[0m@box", "\u{1b}[32mmona\u{1b}[0m@box"),
            ("mona\u{200b}lisa", "monalisa"),
            ("monax\u{8}lisa", "monalisa"),
            ("mona\0lisa", "monalisa"),
            ("\u{1b}", "\u{1b}"),
        ] {
            assert_eq!(plain(line), whole);
        }
    }
}
