//! When a line was written, as log daemons, containers and CI systems put it before the words.

use crate::model::server::Stamp;

/// How far into a line a stamp is looked for, in bytes.
const FAR: usize = 80;

const MONTHS: &[&[u8; 3]] =
    &[b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"];

/// The last stamp in a line's margin that names a time of day: a container's stands before the daemon's.
pub(crate) fn stamp(line: &str) -> Option<Stamp> {
    let bytes = line.as_bytes();
    let near = &bytes[..bytes.len().min(FAR)];
    let timed = |at: &usize| {
        let six = near.get(*at..at + 6);
        matches!(six, Some([b':', a, b, b':', c, d]) if [a, b, c, d].iter().all(|byte| byte.is_ascii_digit()))
    };
    let colon = memchr::memchr_iter(b':', near).find(timed)?;
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
        return Some(Stamp { seconds: clock - zone, clock, dated: true });
    }
    // Nov  7 and a blank
    if let [.., m1, m2, m3, b' ', d1, d2, b' '] = before {
        let month = MONTHS.iter().position(|name| **name == [*m1, *m2, *m3])? as i64 + 1;
        let day = number(&[if *d1 == b' ' { b'0' } else { *d1 }, *d2])?;
        let clock = days(UNDATED, month, day) * 86400 + of_day;
        return Some(Stamp { seconds: clock, clock, dated: false });
    }
    None
}

/// The year that is taken for one where the stamp names none: a leap year.
const UNDATED: i64 = 1972;

#[cfg(feature = "cli")]
/// A time that a user gives, by a log's own clock: `2026-11-27`, `2026-11-27 09:20`, `2026-11-27T09:20:00`. For stamps
/// that name the year, and for those that do not.
pub(crate) fn since(text: &str) -> Option<(i64, i64)> {
    let (date, time) = text.trim().split_once(['T', ' ']).unwrap_or((text.trim(), "00:00"));
    let time = if time.len() == 5 { format!("{time}:00") } else { time.to_owned() };
    let text = format!("{date} {time}");
    let whole = stamp(&text).filter(|stamp| stamp.dated && shown(stamp) == text)?;
    let [month, day] = [date.get(5..7)?, date.get(8..10)?].map(|part| number(part.as_bytes()));
    let undated = days(UNDATED, month?, day?) * 86400 + whole.clock.rem_euclid(86400);
    Some((whole.clock, undated))
}

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

/// Year, month and day of so many days since 1970.
fn date(days: i64) -> (i64, i64, i64) {
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

/// Seconds east of Greenwich, behind the seconds and their fraction.
fn zone(rest: &[u8]) -> i64 {
    let fraction = match rest {
        [b'.' | b',', digits @ ..] => 1 + digits.iter().take_while(|byte| byte.is_ascii_digit()).count(),
        _ => 0,
    };
    let zone = match &rest[fraction..] {
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2, ..] | [sign @ (b'+' | b'-'), h1, h2, m1, m2, ..] => {
            number(&[*h1, *h2]).zip(number(&[*m1, *m2])).map(|(hours, minutes)| (*sign, hours * 3600 + minutes * 60))
        }
        _ => None,
    };
    zone.map_or(0, |(sign, seconds)| if sign == b'-' { -seconds } else { seconds })
}

fn number(digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + i64::from(byte - b'0')))
}

/// Days since 1970 of a date of the Gregorian calendar.
fn days(year: i64, month: i64, day: i64) -> i64 {
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

    #[cfg(feature = "cli")]
    #[test]
    fn times_that_users_give() {
        let day = days(2026, 11, 27) * 86400;
        let undated = days(UNDATED, 11, 27) * 86400;
        assert_eq!(since("2026-11-27"), Some((day, undated)));
        assert_eq!(since("2026-11-27 09:20"), Some((day + 33600, undated + 33600)));
        assert_eq!(since("2026-11-27T09:20:05"), Some((day + 33605, undated + 33605)));
        for bad in ["", "yesterday", "2026-13-01", "2026-11", "09:20", "2026-11-27 9"] {
            assert_eq!(since(bad), None, "{bad}");
        }
    }
}
