//! From which time on a log is wanted, by whatever clock wrote it.

use super::stamp::{UNDATED, date, days};
#[cfg(feature = "cli")]
use super::stamp::{number, shown, stamp};
use crate::model::server::Stamp;

const DAY: i64 = 86400;

/// Days of a year.
const YEAR: i64 = 365 * DAY;

/// The first moment that is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Since {
    /// By the log's own clock, or by this machine's where it was counted back from now.
    clock: i64,
    /// The moment itself, in seconds since 1970, where it was counted back from now.
    moment: Option<i64>,
    /// Now, by this machine's clock.
    now: i64,
}

impl Since {
    /// A day or a time by the log's own clock: `2026-11-27`, `2026-11-27 09:20`, `2026-11-27T09:20:00`; and now, by this
    /// machine's.
    #[cfg(feature = "cli")]
    pub(crate) fn by_log(text: &str, now: i64) -> Option<Self> {
        let (day, time) = text.trim().split_once(['T', ' ']).unwrap_or((text.trim(), "00:00"));
        let time = if time.len() == 5 { format!("{time}:00") } else { time.to_owned() };
        let text = format!("{day} {time}");
        let whole = stamp(&text).filter(|stamp| stamp.dated && shown(stamp) == text)?;
        number(day.as_bytes().get(..4)?)?;
        Some(Self { clock: whole.clock, moment: None, now })
    }

    /// A moment: in seconds since 1970, by this machine's clock, and now by that clock.
    #[cfg(feature = "cli")]
    pub(crate) fn counted(moment: i64, clock: i64, now: i64) -> Self {
        Self { clock, moment: Some(moment), now }
    }

    /// Whether a line of that stamp was written then or later.
    ///
    /// A stamp without a year is of the last such day that has come; where the moment lies more than a year back, of the
    /// year that is meant.
    pub(crate) fn is_reached_at(&self, stamp: &Stamp) -> bool {
        match self.moment {
            Some(moment) if stamp.zoned => return stamp.seconds >= moment,
            _ if stamp.dated => return stamp.clock >= self.clock,
            _ => {}
        }
        if self.clock <= self.now - YEAR || self.clock > self.now + DAY {
            return stamp.clock >= in_year(self.clock, UNDATED);
        }
        let (year, ..) = date(self.now.div_euclid(DAY));
        // A clock may be a little ahead.
        let of_year = |year| in_year(stamp.clock, year);
        let last = if of_year(year) > self.now + DAY { of_year(year - 1) } else { of_year(year) };
        last >= self.clock
    }
}

/// A stamp's day and time by its own clock, whatever the year: to compare with one that names none.
pub(crate) fn undated(stamp: &Stamp) -> i64 {
    in_year(stamp.clock, UNDATED)
}

/// The same day and time in another year.
fn in_year(clock: i64, year: i64) -> i64 {
    let (_, month, day) = date(clock.div_euclid(DAY));
    days(year, month, day) * DAY + clock.rem_euclid(DAY)
}

#[cfg(all(test, feature = "cli"))]
mod tests {
    use super::*;

    fn reached(since: &Since, line: &str) -> bool {
        stamp(line).is_some_and(|stamp| since.is_reached_at(&stamp))
    }

    #[test]
    fn times_by_the_logs_own_clock() {
        let now = days(2026, 11, 29) * DAY;
        let Some(since) = Since::by_log("2026-11-27 09:20", now) else { panic!("a time") };
        for (line, wanted) in [
            ("2026-11-27T09:20:00+05:00 web sshd[1]: x", true),
            ("2026-11-27T09:19:59Z web sshd[1]: x", false),
            ("Nov 27 09:20:00 web sshd[1]: x", true),
            ("Nov 27 09:19:59 web sshd[1]: x", false),
        ] {
            assert_eq!(reached(&since, line), wanted, "{line}");
        }
        assert_eq!(Since::by_log("2026-11-27", now), Since::by_log("2026-11-27T00:00:00", now));
        for bad in ["", "yesterday", "2026-13-01", "2026-11", "09:20", "2026-11-27 9"] {
            assert_eq!(Since::by_log(bad, now), None, "{bad}");
        }
    }

    #[test]
    fn a_log_without_years_goes_on_into_the_next() {
        let now = days(2027, 1, 10) * DAY;
        let reached = |since: &str, line: &str| {
            Since::by_log(since, now).is_some_and(|since| reached(&since, &format!("{line} web sshd[1]: x")))
        };
        assert!(reached("2026-12-31 23:59", "Jan  1 00:01:00"));
        assert!(!reached("2026-12-31 23:59", "Dec 31 23:58:00"));
        assert!(!reached("2027-01-01", "Dec 31 23:58:00"));
        assert!(reached("2026-11-27", "Jan  9 00:01:00"));
        // Of a log that is older nothing tells the year.
        assert!(reached("2024-11-27", "Nov 28 00:01:00"));
        assert!(!reached("2024-11-27", "Nov 26 00:01:00"));
        assert!(reached("2024-02-29", "Feb 29 00:01:00"));
    }

    #[test]
    fn moments_that_were_counted_back() {
        // 2027-01-02 01:00 where it is an hour later than in Greenwich; two days back.
        let now = days(2027, 1, 2) * DAY + 3600;
        let since = Since::counted(now - 3600 - 2 * DAY, now - 2 * DAY, now);
        for (line, wanted) in [
            ("2026-12-31T00:00:00Z web sshd[1]: x", true),
            ("2026-12-31T00:30:00+01:00 web sshd[1]: x", false),
            ("2026-12-31 00:30:00 x", false),
            ("2026-12-31 01:00:00 x", true),
            ("Dec 31 02:00:00 web sshd[1]: x", true),
            ("Jan  2 00:59:00 web sshd[1]: x", true),
            ("Dec 30 02:00:00 web sshd[1]: x", false),
            ("Jan  9 02:00:00 web sshd[1]: x", false),
        ] {
            assert_eq!(reached(&since, line), wanted, "{line}");
        }
    }
}
