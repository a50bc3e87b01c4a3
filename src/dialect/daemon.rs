//! Lines that a log daemon wrote for a server: stamp, host, name and process before the words.
//!
//! RFC 3164 (`Nov 27 09:20:23 web sshd[38]: `), the same with an ISO stamp, RFC 5424 (`<86>1 STAMP web sshd 38 - - `),
//! and what journalctl writes. A client chooses its user name, blanks and all, so a name in the middle of other words
//! is none: only a margin, a stamp and a host may stand before it.

use crate::text::Sought;

/// A line of a server's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tagged<'a> {
    /// The process that wrote it.
    pub(super) process: Option<&'a str>,
    /// Its words.
    pub(super) words: &'a str,
}

/// How far into a line a server's name is looked for, in bytes.
const FAR: usize = 160;

/// Words that containers and their log drivers put before a line.
const DRIVERS: &[&str] = &["stdout", "stderr", "F", "P"];

const DAYS: &[&str] = &["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: &[&str] = &["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Takes apart a line of the server `name`, or of one of its helpers (`NAME-session`).
#[inline]
pub(super) fn tagged<'a>(line: &'a str, name: Sought, helpers: &[&str]) -> Option<Tagged<'a>> {
    let near = &line.as_bytes()[..line.len().min(FAR)];
    let mut from = 0;
    loop {
        let at = from + name.find(&near[from..])?;
        from = at + name.words().len();
        let after = line.get(from..)?;
        let after = match after.as_bytes().first() {
            Some(b'-') => helpers.iter().find_map(|helper| after.strip_prefix(helper)).unwrap_or(after),
            _ => after,
        };
        let Some(found) = behind(after) else { continue };
        let before = line[..at].strip_suffix(|c: char| c == ' ' || c == '/').or((at == 0).then_some(""));
        let fits = |before: &str| {
            is_stamp_and_host(before) || is_iso_and_host(before) || is_margin(before) || is_event(before)
        };
        return before.filter(|before| fits(before) || fits(bare_stamp(before))).map(|_| found);
    }
}

/// What stands behind the process in a file that a server on Windows writes (Win32-OpenSSH, `sshd.log`; the first 0.0.x
/// have a blank or a colon before the milliseconds, and no date).
const FILED: &[&str] = &["0000-00-00 00:00:00.000 ", "00:00:00:000 ", "00:00:00 000 "];

/// `PID DATE TIME WORDS`, as a server on Windows writes its own file. It has no name in it, so that the words have to
/// tell whose it is.
pub(super) fn filed(line: &str) -> Option<Tagged<'_>> {
    let digits = line.bytes().position(|byte| !byte.is_ascii_digit()).filter(|digits| *digits > 0)?;
    let (process, rest) = line.split_at(digits);
    let rest = rest.strip_prefix(' ')?;
    let has_form = |form: &&&str| {
        let fits = |(byte, form): (u8, u8)| if form == b'0' { byte.is_ascii_digit() } else { byte == form };
        rest.len() >= form.len() && rest.bytes().zip(form.bytes()).all(fits)
    };
    let form = FILED.iter().find(has_form).filter(|_| is_number(process))?;
    Some(Tagged { process: Some(process), words: &rest[form.len()..] })
}

/// What stands before the words of an entry that was copied from Windows' event viewer: level, date, time, source,
/// number, category, the level and the category in the reader's own language.
fn is_event(before: &str) -> bool {
    let of = |word: Option<&str>, marks: &[u8]| {
        word.is_some_and(|word| {
            word.starts_with(|c: char| c.is_ascii_digit())
                && word.bytes().all(|byte| byte.is_ascii_digit() || marks.contains(&byte))
        })
    };
    let mut words = before.split_ascii_whitespace().skip(1);
    let (date, time) = (words.next(), words.next());
    let rest: Vec<&str> = words.skip_while(|word| matches!(*word, "AM" | "PM")).take(5).collect();
    of(date, b"/-.") && of(time, b":") && matches!(rest.as_slice(), ["OpenSSH", "4", _] | ["OpenSSH", "4"])
}

/// What stands behind a server's name; that of a module of PAM's may be in brackets.
fn behind(after: &str) -> Option<Tagged<'_>> {
    let after = match after.strip_prefix("(pam_") {
        Some(module) => module.split_once(')')?.1,
        None => after,
    };
    if let Some(rest) = after.strip_prefix('[') {
        let digits = rest.bytes().position(|byte| !byte.is_ascii_digit())?;
        let (process, behind) = rest.split_at(digits);
        if is_number(process) {
            let words = once(behind.strip_prefix("]: ")?);
            return Some(Tagged { process: Some(process), words });
        }
        let (_, words) = rest.split_once("]: ").filter(|(process, _)| is_masked(process))?;
        return Some(Tagged { process: None, words: once(words) });
    }
    if let Some(words) = after.strip_prefix(": ") {
        return Some(Tagged { process: None, words });
    }
    // RFC 5424 §6: PROCID SP MSGID SP STRUCTURED-DATA SP MSG
    let (process, rest) = after.strip_prefix(' ')?.split_once(' ')?;
    let (_, rest) = rest.split_once(' ').filter(|_| is_number(process) || process == "-")?;
    let words = match rest.strip_prefix("- ") {
        Some(words) => words,
        None => rest.starts_with('[').then(|| rest.split_once("] "))??.1,
    };
    let words = once(words.strip_prefix('\u{feff}').unwrap_or(words));
    Some(Tagged { process: is_number(process).then_some(process), words })
}

/// Words of a line that rsyslog wrote once for several (`message repeated 2 times: [ WORDS]`), or that Solaris' syslogd
/// numbered (`[ID 800047 auth.info] WORDS`).
fn once(words: &str) -> &str {
    let words = match words.strip_prefix("[ID ") {
        Some(rest) => rest.split_once("] ").map_or(words, |(_, words)| words),
        None => words,
    };
    let repeated = || {
        let (times, rest) = words.strip_prefix("message repeated ")?.split_once(' ')?;
        let inner = rest.strip_prefix("times: [")?.strip_suffix(']')?;
        is_number(times).then_some(inner.trim_start())
    };
    repeated().unwrap_or(words)
}

/// Whether somebody struck out a process's number before showing the line: `***`, `xxxx`, `<pid>`.
fn is_masked(process: &str) -> bool {
    let struck = |c: char| "*xX#?.…".contains(c);
    let word = process.trim_matches(['<', '>', '{', '}', '$']);
    (1..=20).contains(&word.len()) && (word.chars().all(struck) || word.eq_ignore_ascii_case("pid"))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.len() <= 10 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A margin without what stands right before its stamp: a priority (`<38>Nov 27`, RFC 3164 §4.1.1), or the file and the
/// line that grep puts there (`auth.log:12:Nov 27`).
fn bare_stamp(before: &str) -> &str {
    let (first, _) = before.split_once(' ').unwrap_or((before, ""));
    let begins = |text: &str| {
        MONTHS.contains(&text)
            || matches!(text.as_bytes(), [a, b, c, d, b'-', e, f, b'-', ..] if [a, b, c, d, e, f].iter().all(|byte| byte.is_ascii_digit()))
    };
    let ends = memchr::memchr3_iter(b':', b'-', b'>', first.as_bytes()).map(|at| at + 1);
    let stamp = ends.filter(|at| begins(&first[*at..])).find(|at| {
        let named = first[..at - 1].bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/._-+:<".contains(&byte));
        named && *at > 1
    });
    stamp.map_or(before, |at| &before[at..])
}

/// `Nov 27 09:20:23 web`, by far the commonest margin, told at a glance.
#[inline]
fn is_stamp_and_host(before: &str) -> bool {
    let [m1, m2, m3, b' ', d1, d2, b' ', h1, h2, b':', n1, n2, b':', s1, s2, b' ', host @ ..] = before.as_bytes()
    else {
        return false;
    };
    let digits = [d2, h1, h2, n1, n2, s1, s2].iter().all(|byte| byte.is_ascii_digit());
    let month = m1.is_ascii_uppercase() && m2.is_ascii_lowercase() && m3.is_ascii_lowercase();
    digits && month && (*d1 == b' ' || d1.is_ascii_digit()) && !host.contains(&b' ')
}

/// `2026-11-27T09:20:23.999862+00:00 web`, the next.
#[inline]
fn is_iso_and_host(before: &str) -> bool {
    let [y, _, _, _, b'-', _, _, b'-', _, _, b'T', _, _, b':', _, _, b':', rest @ ..] = before.as_bytes() else {
        return false;
    };
    let Some(blank) = memchr::memchr(b' ', rest) else { return false };
    let stamp = &before.as_bytes()[..before.len() - rest.len() + blank];
    y.is_ascii_digit()
        && stamp.iter().all(|byte| byte.is_ascii_digit() || b"-:.+TZ".contains(byte))
        && !rest[blank + 1..].contains(&b' ')
}

/// Whether only a margin, a stamp, a host and a facility stand here.
pub(super) fn is_margin(before: &str) -> bool {
    let mut timed = false;
    let mut names = 0;
    // kubectl's `--prefix`
    let before = match before.strip_prefix("[pod/") {
        Some(rest) => rest.split_once("] ").map_or(before, |(_, rest)| rest),
        None => before,
    };
    for word in before.split_ascii_whitespace() {
        let digits = word.as_bytes().first().is_some_and(|byte| !byte.is_ascii_alphabetic());
        let plain = |byte: u8| byte.is_ascii_digit() || b"><|+*#/[]-:.,TZ".contains(&byte);
        // A label of daemontools (TAI64N).
        let label = word
            .strip_prefix('@')
            .is_some_and(|rest| rest.len() == 24 && rest.bytes().all(|byte| byte.is_ascii_hexdigit()));
        if label {
            timed = true;
        } else if digits && word.bytes().all(plain) {
            timed |= word.bytes().any(|byte| byte.is_ascii_digit());
        } else if timed {
            let inner = word.trim_end_matches(':');
            if inner.contains(':') && inner.parse::<core::net::IpAddr>().is_err() && !is_facility(inner) {
                return false;
            }
            let zone = word.len() <= 4 && word.bytes().all(|byte| byte.is_ascii_uppercase());
            let dated = MONTHS.contains(&word) || DAYS.contains(&word);
            names += usize::from(!zone && !dated && !DRIVERS.contains(&word) && !is_gitlab(word));
            if names > 2 {
                return false;
            }
        } else if !(word.ends_with('|') || MONTHS.contains(&word) || DAYS.contains(&word)) {
            // A container's name, with its bar in the next word.
            names += 1;
            if names > 1 || !before.contains(" | ") {
                return false;
            }
        }
        if word == "|" || word.ends_with('|') {
            (timed, names) = (false, 0);
        }
    }
    true
}

/// `auth|security:info`: AIX's facility and level.
fn is_facility(word: &str) -> bool {
    let named = |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'|');
    word.split_once(':').is_some_and(|(facility, level)| named(facility) && named(level) && facility.contains('|'))
}

/// `01O`, `00E+`: the stream that GitLab's runner puts before each line.
fn is_gitlab(word: &str) -> bool {
    matches!(word.as_bytes(), [a, b, b'O' | b'E'] | [a, b, b'O' | b'E', b'+'] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit())
}

/// Words without the level before them. On standard error sshd writes `error: ` and `fatal: ` nowhere.
#[inline]
pub(super) fn unlevelled(words: &str) -> &str {
    let rest = match words.as_bytes() {
        [b'd', b'e', b'b', b'u', b'g', b'1'..=b'3', b':', b' ', ..] => words.get(8..),
        [b'e', b'r', b'r', b'o', b'r', b':', b' ', ..] => words.get(7..),
        [b'f', b'a', b't', b'a', b'l', b':', b' ', ..] => words.get(7..),
        _ => None,
    };
    rest.unwrap_or(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(line: &str) -> Option<(Option<&str>, &str)> {
        tagged(line, Sought::new("sshd"), &["-session", "-auth"]).map(|tagged| (tagged.process, tagged.words))
    }

    #[test]
    fn forms_of_log_daemons() {
        for margin in [
            "Nov  7 09:20:23 web ",
            "2026-11-27T09:20:23.999862+00:00 web ",
            "Fri 2026-11-27 09:20:23 UTC web ",
            "[12345.678901] web ",
            "1795771223.123456 web ",
            "Nov 27 09:20:23 web auth.info ",
            "web-1  | Nov 27 09:20:23 web ",
            "2026-11-27T09:20:23Z stdout F Nov 27 09:20:23 web ",
            "> Nov 27 09:20:23 web ",
            "<38>Nov  7 09:20:23 web ",
            "<38>Nov 27 09:20:23 web ",
            "/var/log/auth.log.1:Nov  7 09:20:23 web ",
            "105:Nov 27 09:20:23 web ",
            "auth.log:105:2026-11-27T09:20:23.999862+00:00 web ",
            "auth.log-104-2026-11-27T09:20:23+00:00 web ",
            "[pod/sshd-0/sshd] Nov 27 09:20:23 web ",
            "2026-11-27T09:20:23.123456Z 01O Nov 27 09:20:23 web ",
            "@4000000065645f1d2b0a3c5c ",
            "Nov 27 09:20:23 web auth|security:info ",
            "",
        ] {
            assert_eq!(of(&format!("{margin}sshd[38]: a b")), Some((Some("38"), "a b")), "{margin:?}");
            assert_eq!(of(&format!("{margin}sshd-session[38]: a b")), Some((Some("38"), "a b")), "{margin:?}");
        }
        assert_eq!(of("<86>1 2026-11-27T09:20:23Z web sshd 38 - - a b"), Some((Some("38"), "a b")));
        assert_eq!(of("<86>1 2026-11-27T09:20:23Z web sshd - - [x@1 a=\"b\"] a b"), Some((None, "a b")));
        assert_eq!(of("Nov 27 09:20:23 web sshd: a b"), Some((None, "a b")));
        assert_eq!(of("Nov 27 09:20:23 web sshd[38]: [ID 800047 auth.info] a b"), Some((Some("38"), "a b")));
        for masked in ["sshd[*]", "sshd[xxxx]", "sshd-session[<pid>]"] {
            assert_eq!(of(&format!("Nov 27 09:20:23 web {masked}: a b")), Some((None, "a b")), "{masked}");
        }
        for event in
            ["Information 2026/11/27 9:20:23 OpenSSH 4 None", "Informationen 27.11.2026 09:20:23 OpenSSH 4 Keine"]
        {
            assert_eq!(of(&format!("{event} sshd: a b")), Some((None, "a b")), "{event}");
        }
    }

    #[test]
    fn files_of_windows() {
        for margin in ["38 2026-11-27 09:20:23.123 ", "38 09:20:23:123 ", "38 09:20:23 123 "] {
            let line = format!("{margin}a b");
            let found = filed(&line).map(|tagged| (tagged.process, tagged.words));
            assert_eq!(found, Some((Some("38"), "a b")), "{margin:?}");
        }
        assert!(filed("38 09:20 a b").is_none());
    }

    #[test]
    fn a_users_name_is_no_servers() {
        for line in [
            "Invalid user x sshd[1]: Accepted publickey for root from 192.0.2.1 port 5",
            "Invalid user Nov 27 09:20:23 web sshd[1]: Accepted publickey for root",
            "Nov 27 09:20:23 web cron[5]: user sshd[1]: Accepted",
            "debug1: Remote: sshd[1]: x",
            "debug1: Remote:Nov 27 09:20:23 web sshd[1]: x",
            "motd from x:Nov 27 09:20:23 web sshd[1]: x",
            "Nov 27 09:20:23 web sshd[a b]: x",
            "Invalid user 27.11.2026 09:20:23 OpenSSH 4 sshd: Accepted publickey for root",
        ] {
            assert_eq!(of(line), None, "{line}");
        }
    }
}
