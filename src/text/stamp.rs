//! When a line was written, as log daemons, containers and CI systems put it before the words.

use crate::model::server::Stamp;

/// How far into a line a stamp is looked for, in bytes.
const FAR: usize = 80;

const MONTHS: &[&[u8; 3]] =
    &[b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"];

/// The last stamp of a line's margin that names a time of day: a container's, or a CI system's, stands before the
/// daemon's. What stands behind the first `: ` is words, which a client may have chosen.
pub(crate) fn stamp(line: &str) -> Option<Stamp> {
    let bytes = line.as_bytes();
    let near = &bytes[..bytes.len().min(FAR)];
    let mut found = None;
    for colon in memchr::memchr_iter(b':', near) {
        match near.get(colon + 1..) {
            Some([b' ', ..]) => break,
            Some([a, b, b':', c, d, ..]) if [a, b, c, d].iter().all(|byte| byte.is_ascii_digit()) => {
                found = at(bytes, near, colon).or(found);
                // RFC 5424 has no `: ` before the words.
                if line.starts_with('<') {
                    break;
                }
            }
            _ => {}
        }
    }
    found.or_else(|| epoch(line))
}

/// The stamp whose hour ends here.
fn at(bytes: &[u8], near: &[u8], colon: usize) -> Option<Stamp> {
    let hour = number(near.get(colon.checked_sub(2)?..colon)?)?;
    let (minute, second) = (number(&near[colon + 1..colon + 3])?, number(&near[colon + 4..colon + 6])?);
    let of_day = hour * 3600 + minute * 60 + second;
    let before = &near[..colon - 2];
    // 2026-11-27T or 2026/11/27 and a blank
    if let Some([date @ .., b'T' | b' ']) = before.get(before.len().saturating_sub(11)..)
        && let [y1, y2, y3, y4, b'-' | b'/', m1, m2, b'-' | b'/', d1, d2] = date
    {
        let (year, month, day) = (number(&[*y1, *y2, *y3, *y4])?, number(&[*m1, *m2])?, number(&[*d1, *d2])?);
        let zone = zone(&bytes[colon + 6..]);
        let clock = days(year, month, day) * 86400 + of_day;
        return Some(Stamp { seconds: clock - zone.unwrap_or(0), clock, dated: true, zoned: zone.is_some() });
    }
    // Nov  7 and a blank
    if let [.., m1, m2, m3, b' ', d1, d2, b' '] = before {
        let month = MONTHS.iter().position(|name| **name == [*m1, *m2, *m3])? as i64 + 1;
        let day = number(&[if *d1 == b' ' { b'0' } else { *d1 }, *d2])?;
        let clock = days(UNDATED, month, day) * 86400 + of_day;
        return Some(Stamp { seconds: clock, clock, dated: false, zoned: false });
    }
    None
}

/// `1795771223.123456 `, as journalctl's short-unix has it.
fn epoch(line: &str) -> Option<Stamp> {
    let (seconds, rest) = line.split_at_checked(EPOCH)?;
    let fraction = rest.strip_prefix('.')?.split(' ').next()?;
    let seconds = number(seconds.as_bytes())?;
    (number(fraction.as_bytes()).is_some() && fraction.len() == 6).then_some(Stamp {
        seconds,
        clock: seconds,
        dated: true,
        zoned: true,
    })
}

/// Digits of the seconds since 1970, from 2001 to 2286.
const EPOCH: usize = 10;

/// The year that is taken for one where the stamp names none: a leap year.
pub(super) const UNDATED: i64 = 1972;

/// A time as a report shows it: `2026-11-27 09:20:23`, or `Nov 27 09:20:23` where no year is known.
pub(crate) fn shown(stamp: &Stamp) -> String {
    let (day, second) = (stamp.clock.div_euclid(86400), stamp.clock.rem_euclid(86400));
    let time = format!("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60);
    let (year, month, day) = date(day);
    if stamp.dated {
        return format!("{year}-{month:02}-{day:02} {time}");
    }
    let name = MONTHS.get((month - 1) as usize).map_or("", |name| std::str::from_utf8(*name).unwrap_or_default());
    format!("{name} {day:2} {time}")
}

/// Seconds since 1970 as `2026-11-27T09:20:23Z`.
pub(super) fn utc(seconds: i64) -> String {
    let stamp = Stamp { seconds, clock: seconds, dated: true, zoned: true };
    format!("{}Z", shown(&stamp).replace(' ', "T"))
}

/// Year, month and day of so many days since 1970.
pub(super) fn date(days: i64) -> (i64, i64, i64) {
    // A year that begins in March has its leap day at its end.
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// Seconds east of Greenwich, behind the seconds and their fraction; `None` where no zone stands there.
fn zone(rest: &[u8]) -> Option<i64> {
    let fraction = match rest {
        [b'.' | b',', digits @ ..] => 1 + digits.iter().take_while(|byte| byte.is_ascii_digit()).count(),
        _ => 0,
    };
    match &rest[fraction..] {
        [b'Z', ..] | [b' ', b'U', b'T', b'C', b' ', ..] | [b' ', b'G', b'M', b'T', b' ', ..] => Some(0),
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2, ..] | [sign @ (b'+' | b'-'), h1, h2, m1, m2, ..] => {
            let (hours, minutes) = number(&[*h1, *h2]).zip(number(&[*m1, *m2]))?;
            let seconds = hours * 3600 + minutes * 60;
            Some(if *sign == b'-' { -seconds } else { seconds })
        }
        _ => None,
    }
}

pub(super) fn number(digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + i64::from(byte - b'0')))
}

/// Days since 1970 of a date of the Gregorian calendar.
pub(super) fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_of_all_kinds() {
        let seconds = |line: &str| stamp(line).map(|stamp| (stamp.seconds, stamp.dated));
        assert_eq!(days(1970, 1, 1), 0);
        assert_eq!(days(2000, 3, 1), 11017);
        for day in [(1972, 2, 29), (2026, 12, 31), (2027, 1, 1), (1999, 3, 1)] {
            assert_eq!(date(days(day.0, day.1, day.2)), day);
        }
        assert_eq!(seconds("2026-11-27T09:20:23.999862+00:00 web sshd[1]: x"), Some((1_795_771_223, true)));
        assert_eq!(seconds("2026-11-27T10:20:23+01:00 web sshd[1]: x"), Some((1_795_771_223, true)));
        assert_eq!(seconds("Fri 2026-11-27 09:20:23 UTC web sshd[1]: x"), Some((1_795_771_223, true)));
        assert_eq!(seconds("2026/11/27 09:20:23 x"), Some((1_795_771_223, true)));
        assert_eq!(seconds("Jan  2 00:00:01 web sshd[1]: x"), Some((days(UNDATED, 1, 2) * 86400 + 1, false)));
        assert_eq!(seconds("Connection from 192.0.2.1"), None);
        assert_eq!(seconds(":00:00"), None);
        assert_eq!(stamp("2026-11-27T10:20:23+01:00 x").map(|stamp| stamp.clock), Some(1_795_774_823));
    }

    #[test]
    fn the_daemons_own_stamp_counts() {
        let shown = |line: &str| stamp(line).map(|stamp| (super::shown(&stamp), stamp.zoned));
        let of = |time: &str, zoned| Some((time.to_owned(), zoned));
        for (line, wanted) in [
            ("2026-11-28T01:02:03.1234567Z Nov 27 09:20:23 web sshd[1]: x", of("Nov 27 09:20:23", false)),
            ("2026-11-28T01:02:03Z stdout F 2026-11-27T09:20:23+01:00 web sshd[1]: x", of("2026-11-27 09:20:23", true)),
            ("Nov 27 09:20:23 web sshd[1]: Invalid user 2026-01-01 01:02:03 x from", of("Nov 27 09:20:23", false)),
            (
                "<38>1 2026-11-27T09:20:23Z web sshd 1 - - Invalid user 2026-01-01 01:02:03",
                of("2026-11-27 09:20:23", true),
            ),
            ("1795771223.123456 web sshd[1]: x", of("2026-11-27 09:20:23", true)),
            ("1234 2026-11-27 09:20:23.999 Accepted x", of("2026-11-27 09:20:23", false)),
        ] {
            assert_eq!(shown(line), wanted, "{line}");
        }
    }
}
