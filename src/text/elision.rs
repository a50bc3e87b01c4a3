//! Where a paste says of itself that lines were left out: `...`, `[snip]`, `-- 12 lines removed --`.

/// Longest such line, in bytes.
pub(crate) const LONGEST: usize = 80;

/// What says that something was left out.
const LEFT_OUT: &[&str] = &[
    "cut",
    "cutted",
    "deleted",
    "elided",
    "hidden",
    "omitted",
    "removed",
    "shortened",
    "skip",
    "skipped",
    "snip",
    "snipped",
    "stripped",
    "trimmed",
    "truncated",
];

/// What may stand beside it.
const BESIDE: &[&str] = &[
    "a",
    "and",
    "brevity",
    "bunch",
    "few",
    "for",
    "here",
    "i",
    "irrelevant",
    "kex",
    "large",
    "line",
    "lines",
    "log",
    "logs",
    "lot",
    "many",
    "more",
    "of",
    "other",
    "output",
    "part",
    "parts",
    "rest",
    "several",
    "some",
    "stuff",
    "text",
    "the",
    "was",
    "were",
];

/// Whether a line says so, and nothing else. A level may stand before it.
pub(crate) fn is_elision(line: &str) -> bool {
    if line.len() > LONGEST {
        return false;
    }
    let line = line.trim();
    let line = ["debug1:", "debug2:", "debug3:"].iter().find_map(|level| line.strip_prefix(level)).unwrap_or(line);
    let dotted = line.bytes().filter(|byte| *byte == b'.').count() > 1 || line.contains('…');
    let decorated = dotted || !line.starts_with(char::is_alphanumeric);
    if !decorated {
        return false;
    }
    let (mut any, mut told) = (false, false);
    for word in line.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let first = word.as_bytes()[0].to_ascii_lowercase();
        let among =
            |words: &[&str]| words.iter().any(|one| one.as_bytes()[0] == first && one.eq_ignore_ascii_case(word));
        any = true;
        // Most lines go no further than their first words.
        if among(LEFT_OUT) {
            told = true;
        } else if !word.bytes().all(|digit| digit.is_ascii_digit()) && !among(BESIDE) {
            return false;
        }
    }
    if !any {
        // Dots, bracketed or not; one alone is a column of them.
        let plain = |c: char| c.is_whitespace() || ".…()[]{}<>-*".contains(c);
        return line.chars().all(plain) && (dotted || line == ".");
    }
    told
}

#[cfg(test)]
mod tests {
    use super::is_elision;

    #[test]
    fn what_was_left_out() {
        for line in [
            "...",
            "[...]",
            "(…)",
            "…",
            ". . .",
            ".",
            "<snip>",
            "[snip]",
            "--- snip ---",
            "debug1: ...",
            "... (12 lines removed)",
            "[... output truncated ...]",
            "-------- cut here --------",
            "*** many lines omitted for brevity ***",
            "[cut]",
        ] {
            assert!(is_elision(line), "{line:?}");
        }
    }

    #[test]
    fn what_was_not() {
        for line in [
            "",
            "---",
            "cut",
            "Connecting...",
            "removed",
            "[REDACTED]",
            "<user>",
            "snip: command not found",
            "-- 12 files removed by hand",
            "debug1: Skipping",
            "... and then it fails",
            "@@@@@",
            "debug1: ",
            "****",
            "<removed key>",
        ] {
            assert!(!is_elision(line), "{line:?}");
        }
    }
}
