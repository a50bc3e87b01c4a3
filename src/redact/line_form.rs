//! Lines that show a value by their form as a whole.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::sort::Sort;

type Place = Option<(Range<usize>, Sort)>;

fn pattern(source: &str) -> Regex {
    #[allow(clippy::expect_used, reason = "constant patterns, compiled by the tests")]
    Regex::new(source).expect("a constant pattern")
}

/// `Mon DD HH:MM:SS HOST PROGRAM[PID]: `, or with a time stamp as RFC 3339 has it (RFC 5424 §6.2.3).
static LOGGED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?:[A-Z][a-z]{2} [ 0-9][0-9] [0-9:]{8}|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.,]{8,}(?:Z|[+-][0-9]{2}:?[0-9]{2})?)",
        r" ([[:word:].-]+) [[:word:]./-]+(?:\([[:word:]-]+\))?\[[0-9]+\]:",
    ))
});

/// The host that a system's log names before the program.
pub(super) fn logging_host(line: &str) -> Place {
    // Cheap: hardly any line of a client's log has a process in brackets.
    if !line.contains("]: ") {
        return None;
    }
    let host = LOGGED.captures(line)?.get(1)?;
    Some((host.range(), Sort::Host))
}

/// Variables whose values tell nothing.
const PLAIN: &[&str] = &["LANG", "LANGUAGE", "TERM", "COLORTERM", "TZ"];

/// The value of a variable that is sent along.
pub(super) fn environment(line: &str) -> Place {
    let start =
        ["setting env ", "Setting env "].iter().find_map(|words| line.find(words).map(|at| at + words.len()))?;
    let (name, value) = line[start..].split_once('=')?;
    let name = name.trim();
    if PLAIN.contains(&name) || name.starts_with("LC_") {
        return None;
    }
    let value = value.trim().trim_matches('"');
    let at = value.as_ptr() as usize - line.as_ptr() as usize;
    (!value.is_empty()).then_some((at..at + value.len(), Sort::Secret))
}

/// `… key: COMMENT TYPE SHA256:…`: a key that is named by its comment.
static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:(?:attempt|public|accepts) key: )([^/\\~][^/\\]*?) (?:RSA|DSA|ECDSA|ED25519)(?:-SK)?(?:-CERT)? (?:SHA256:|MD5:|[0-9a-f]{2}:)",
    )
});

/// The comment that names a key.
pub(super) fn key_comment(line: &str) -> Place {
    if !line.contains("key: ") {
        return None;
    }
    let comment = NAMED.captures(line)?.get(1)?;
    // An address of a person or a host is one in a comment, too.
    (!comment.as_str().contains('@')).then_some((comment.range(), Sort::Comment))
}

/// `$ ./deploy.py HOST PORT USER`: a script's words at a prompt, in the usual order.
static ARGUMENTS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"[$#>%] .* [[:alnum:]][[:alnum:].-]*\.[[:alnum:].-]+ [0-9]{2,5} ([[:alpha:]_][[:word:].-]*)(?: |$)")
});

/// The user that a script was given.
pub(super) fn argument(line: &str) -> Place {
    if !line.contains(['$', '#', '>', '%']) {
        return None;
    }
    let user = ARGUMENTS.captures(line)?.get(1)?;
    Some((user.range(), Sort::User))
}
