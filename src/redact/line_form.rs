//! Lines that show a value by their form as a whole.

use std::ops::Range;

use super::sort::Sort;
use crate::text::{MANY, Walk, is_name, is_word};

type Place = Option<(Range<usize>, Sort)>;

/// The host that a system's log names before the program.
pub(super) fn logging_host(line: &str) -> Place {
    let bytes = line.as_bytes();
    // A time has two colons, each three bytes from the other; a date before it has ten bytes, or eleven.
    let times = memchr::memchr_iter(b':', bytes).filter(|colon| bytes.get(colon + 3) == Some(&b':'));
    let starts = times.flat_map(|colon| ["Mon DD HH", "YYYY-MM-DDTHH"].map(|before| colon.checked_sub(before.len())));
    starts
        .flatten()
        .filter(|at| line.is_char_boundary(*at))
        .find_map(|at| logged(line, at))
        .map(|host| (host, Sort::Host))
}

/// Programs that are known where no process stands behind them.
const PROGRAMS: &[&str] = &[
    "sshd",
    "sshd-session",
    "sshd-auth",
    "dropbear",
    "systemd",
    "systemd-logind",
    "kernel",
    "sudo",
    "su",
    "cron",
    "CRON",
    "login",
];

/// `Mon DD HH:MM:SS HOST PROGRAM[PID]:`, or with a time stamp as RFC 3339 has it (RFC 5424 §6.2.3).
fn logged(line: &str, at: usize) -> Option<Range<usize>> {
    let mut walk = Walk(&line.as_bytes()[at..]);
    let digit = |byte: u8| byte.is_ascii_digit();
    let time = |walk: &mut Walk<'_>| {
        let mut two = |sign: &str| walk.some(2, 2, digit) && walk.word(sign);
        two(":") && two(":") && two("")
    };
    let month = |walk: &mut Walk<'_>| {
        walk.some(1, 1, |byte| byte.is_ascii_uppercase()) && walk.some(2, 2, |byte| byte.is_ascii_lowercase())
    };
    let day = |walk: &mut Walk<'_>| walk.some(1, 1, |byte| byte == b' ' || byte.is_ascii_digit()) && walk.digits(1);
    let usual = |walk: &mut Walk<'_>| month(walk) && walk.word(" ") && day(walk) && walk.word(" ") && time(walk);
    let date =
        |walk: &mut Walk<'_>| walk.digits(4) && walk.word("-") && walk.digits(2) && walk.word("-") && walk.digits(2);
    let whole = |walk: &mut Walk<'_>| {
        date(walk) && walk.word("T") && time(walk) && {
            walk.some(0, MANY, |byte| digit(byte) || matches!(byte, b'.' | b','));
            walk.zone();
            true
        }
    };
    if !(walk.maybe(usual) || walk.maybe(whole)) || !walk.word(" ") {
        return None;
    }
    let start = line.len() - walk.0.len();
    let host = walk.some(1, MANY, is_name);
    let end = line.len() - walk.0.len();
    // `<PRIORITY>1 TIME HOST PROGRAM PROCESS MESSAGE` (RFC 5424 §6).
    let numbered = line[..at].ends_with(">1 ") && host && walk.0.starts_with(b" ");
    let from = line.len() - walk.0.len() + 1;
    let program = host && walk.word(" ") && walk.some(1, MANY, |byte| is_name(byte) || byte == b'/');
    let known = program && walk.0.starts_with(b":") && PROGRAMS.contains(&&line[from..line.len() - walk.0.len()]);
    walk.maybe(|walk| walk.word("(") && walk.some(1, MANY, |byte| is_word(byte) || byte == b'-') && walk.word(")"));
    let process = walk.word("[") && walk.some(1, MANY, |byte| byte.is_ascii_digit()) && walk.word("]:");
    (numbered || known || program && process).then_some(start..end)
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

/// `… key: COMMENT TYPE SHA256:…`: the comment that names a key.
pub(super) fn key_comment(line: &str) -> Place {
    let named = |(at, words): (usize, &str)| {
        let told = ["attempt ", "public ", "accepts "].iter().any(|lead| line[..at].ends_with(lead));
        told.then(|| comment(line, at + words.len())).flatten()
    };
    let comment = line.match_indices("key: ").find_map(named)?;
    // An address of a person or a host is one in a comment, too.
    (!line[comment.clone()].contains('@')).then_some((comment, Sort::Comment))
}

/// What stands from `start` on, before a key's type and fingerprint.
fn comment(line: &str, start: usize) -> Option<Range<usize>> {
    let text = &line[start..];
    let text = &text[..text.find(['/', '\\']).unwrap_or(text.len())];
    let first = text.chars().next().filter(|c| *c != '~')?.len_utf8();
    let ends = |at: &usize| {
        let mut walk = Walk(&line.as_bytes()[start + at..]);
        let kind = walk.one(&[" RSA", " DSA", " ECDSA", " ED25519"]);
        walk.word("-SK");
        walk.word("-CERT");
        let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        kind && walk.word(" ") && (walk.one(&["SHA256:", "MD5:"]) || walk.some(2, 2, hex) && walk.word(":"))
    };
    let blanks = text.match_indices(' ').map(|(at, _)| at).filter(|at| *at >= first);
    blanks.into_iter().find(ends).map(|at| start..start + at)
}

/// `$ ./deploy.py HOST PORT USER`: the user that a script was given, in the usual order.
pub(super) fn argument(line: &str) -> Place {
    let words: Vec<&str> = line.split(' ').collect();
    let prompt = words.iter().position(|word| word.ends_with(['$', '#', '>', '%']))?;
    let fits = |words: &&[&str]| {
        let [host, port, user] = words else { return false };
        let dot = host.bytes().skip(1).position(|byte| byte == b'.').is_some_and(|at| at + 2 < host.len());
        let host = dot
            && host.starts_with(|c: char| c.is_ascii_alphanumeric())
            && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'));
        let port = (2..=5).contains(&port.len()) && port.bytes().all(|byte| byte.is_ascii_digit());
        let user = user.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && user.bytes().all(is_name);
        host && port && user
    };
    let user = words.get(prompt + 2..)?.windows(3).rev().find(fits)?[2];
    let at = user.as_ptr() as usize - line.as_ptr() as usize;
    Some((at..at + user.len(), Sort::User))
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

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;
    use regex::Regex;

    use super::*;

    /// Pieces of such lines, and what else may stand there.
    const PIECES: &[&str] = &[
        "Nov 10 10:00:00",
        "Nov  1 ",
        "2024-01-02T10:00:00",
        ".123",
        "Z",
        "+01:00",
        "-0100",
        " ",
        "box",
        "a.b",
        "sshd",
        "[7]",
        ":",
        ": ",
        "(pam)",
        "x",
        "1",
        "attempt ",
        "public ",
        "accepts ",
        "key: ",
        "~",
        "/",
        "mona",
        "é",
        " RSA",
        " ED25519",
        "-SK",
        "-CERT",
        " SHA256:",
        " MD5:",
        " 0a:",
        "$",
        "#",
        "> ",
        "./run.py",
        "a.example",
        ".",
        "22",
        "mona_l",
    ];

    proptest! {
        #[test]
        fn forms_are_as_patterns_have_them(pieces in vec(select(PIECES), 0..14)) {
            let line = pieces.concat();
            let first = |source: &str| {
                let pattern = Regex::new(source).unwrap();
                pattern.captures(&line).map(|found| found.get(1).unwrap().range())
            };
            let at = |place: Place| place.map(|(at, _)| at);
            let host = first(concat!(
                r"(?:[A-Z][a-z]{2} [ 0-9][0-9] [0-9]{2}:[0-9]{2}:[0-9]{2}|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[0-9.,]*(?:Z|[+-][0-9]{2}:?[0-9]{2})?)",
                r" ([[:word:].-]+) (?:[[:word:]./-]+(?:\([[:word:]-]+\))?\[[0-9]+\]:|sshd:)",
            ));
            prop_assert_eq!(at(logging_host(&line)), host, "{:?}", line);
            let comment = first(
                r"(?:(?:attempt|public|accepts) key: )([^/\\~][^/\\]*?) (?:RSA|DSA|ECDSA|ED25519)(?:-SK)?(?:-CERT)? (?:SHA256:|MD5:|[0-9a-f]{2}:)",
            );
            prop_assert_eq!(at(key_comment(&line)), comment.filter(|at| !line[at.clone()].contains('@')), "{:?}", line);
            let user = first(
                r"[$#>%] .* [[:alnum:]][[:alnum:].-]*\.[[:alnum:].-]+ [0-9]{2,5} ([[:alpha:]_][[:word:].-]*)(?: |$)",
            );
            prop_assert_eq!(at(argument(&line)), user, "{:?}", line);
        }
    }
}
