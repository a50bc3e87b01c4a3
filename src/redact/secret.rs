//! Values that are secret to the line's end: what a header is followed by.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::sort::Sort;

/// Headers whose whole value is secret (RFC 9110 §11.6.2, RFC 6265 §4).
const HEADERS: &[&str] = &["authorization:", "set-cookie:", "cookie:", "private-token:", "x-api-key:", "bearer "];

static HEADER: LazyLock<AhoCorasick> = LazyLock::new(|| {
    #[allow(clippy::expect_used, reason = "constant patterns, compiled by the tests")]
    AhoCorasick::builder().ascii_case_insensitive(true).build(HEADERS).expect("constant patterns")
});

/// Words without which no such header is in a line.
pub(super) fn words() -> impl Iterator<Item = &'static str> {
    HEADERS.iter().copied()
}

/// What follows a header to the line's end.
pub(super) fn rest_of_line(line: &str) -> Option<(Range<usize>, Sort)> {
    let start = HEADER.find(line)?.end();
    let value = line[start..].trim();
    let first = start + line[start..].len() - line[start..].trim_start().len();
    (!value.is_empty()).then_some((first..first + value.len(), Sort::Secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers() {
        assert_eq!(rest_of_line("Set-Cookie: a=b; c"), Some((12..18, Sort::Secret)));
        assert_eq!(rest_of_line("a bearer of news"), Some((9..16, Sort::Secret)));
        assert_eq!(rest_of_line("a cookie"), None);
    }
}
