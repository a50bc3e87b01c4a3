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

/// What stands before a variable that is sent along.
const ENVIRONMENT: &[&str] = &["setting env ", "Setting env ", "Sending env "];

/// Whether a value names a language and a character set.
fn is_locale(value: &str) -> bool {
    let language = value.split(['_', '.']).next().unwrap_or_default();
    matches!(value, "C" | "POSIX") || value.contains(['_', '.']) && language.len() < 4
}

/// Words without which no line has such a form, but for those that others look for.
pub(super) fn words() -> impl Iterator<Item = &'static str> {
    ENVIRONMENT.iter().copied().chain(["-pack", "public key", "SHA256", "ip-", "ec2-", "host-"])
}

/// The value of a variable that is sent along.
pub(super) fn environment(line: &str) -> Place {
    let start = ENVIRONMENT.iter().find_map(|words| line.find(words).map(|at| at + words.len()))?;
    let (name, value) = line[start..].split_once('=')?;
    let name = name.trim();
    let value = value.trim().trim_matches('"');
    if PLAIN.contains(&name) || name.starts_with("LC_") && is_locale(value) {
        return None;
    }
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
    if !["$ ", "# ", "> ", "% "].iter().any(|end| line.contains(end)) {
        return None;
    }
    let user = ARGUMENTS.captures(line)?.get(1)?;
    Some((user.range(), Sort::User))
}

/// `BITS FINGERPRINT COMMENT (TYPE)`, as `ssh-add -l` and `ssh-keygen -l` print it: the comment.
pub(super) fn listed_key(line: &str) -> Place {
    let (bits, rest) = line.trim_start().split_once(' ')?;
    bits.parse::<u16>().ok()?;
    let (print, rest) = rest.split_once(' ')?;
    let comment = rest.rsplit_once(" (")?.0;
    let named = (print.starts_with("SHA256:") || print.starts_with("MD5:") || print.len() == 47)
        && !comment.contains(['@', '/', '\\']);
    let at = comment.as_ptr() as usize - line.as_ptr() as usize;
    (named && !comment.is_empty()).then_some((at..at + comment.len(), Sort::Comment))
}

/// `public key "COMMENT"`, as PuTTY names one.
pub(super) fn quoted_key(line: &str) -> Place {
    let start = line.find("public key \"").map(|at| at + "public key \"".len())?;
    let end = start + line[start..].find('"')?;
    (!line[start..end].contains(['@', '/', '\\'])).then_some((start..end, Sort::Comment))
}

/// `Repository not found: OWNER/NAME`
pub(super) fn not_found(line: &str) -> Place {
    let start = line.find("pository not found: ").map(|at| at + "pository not found: ".len())?;
    let name = line[start..].trim_end_matches(['.', '!', ' ']);
    (name.matches('/').count() == 1 && !name.contains(' ')).then(|| (start..start + name.len(), Sort::Repository))
}

/// `git-upload-pack 'REPOSITORY'` with a slash before it, as a URL's path is sent.
pub(super) fn packed(line: &str) -> Place {
    let start = line.find("-pack '/").map(|at| at + "-pack '/".len())?;
    let end = start + line[start..].find('\'')?;
    let name = &line[start..end];
    let stem = name.strip_suffix(".git").unwrap_or(name).len();
    (stem > 0).then_some((start..start + stem, Sort::Repository))
}
