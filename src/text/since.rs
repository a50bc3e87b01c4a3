//! From which time on a log is wanted, by whatever clock wrote it.

use super::stamp::{UNDATED, date, days};
#[cfg(feature = "cli")]
use super::stamp::{number, shown, stamp};
use crate::model::server::Stamp;

const DAY: i64 = 86400;

/// The first moment that is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Since {
    /// By the log's own clock, or by this machine's where it was counted back from now.
    clock: i64,
    /// The moment itself, and now by this machine's clock; `None` for a time by the log's own clock.
    counted: Option<Counted>,
}

/// A moment that was counted back from now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Counted {
    /// In seconds since 1970.
    moment: i64,
    /// Now, by this machine's clock.
    now: i64,
}

impl Since {
    /// A day or a time by the log's own clock: `2026-11-27`, `2026-11-27 09:20`, `2026-11-27T09:20:00`.
    #[cfg(feature = "cli")]
    pub(crate) fn by_log(text: &str) -> Option<Self> {
        let (day, time) = text.trim().split_once(['T', ' ']).unwrap_or((text.trim(), "00:00"));
        let time = if time.len() == 5 { format!("{time}:00") } else { time.to_owned() };
        let text = format!("{day} {time}");
        let whole = stamp(&text).filter(|stamp| stamp.dated && shown(stamp) == text)?;
        number(day.as_bytes().get(..4)?)?;
        Some(Self { clock: whole.clock, counted: None })
    }

    /// A moment: in seconds since 1970, by this machine's clock, and now by that clock.
    #[cfg(feature = "cli")]
    pub(crate) fn counted(moment: i64, clock: i64, now: i64) -> Self {
        Self { clock, counted: Some(Counted { moment, now }) }
    }

    /// Whether a line of that stamp was written then or later.
    ///
    /// A stamp without a year is of the year that is meant, and where the moment was counted back from now, of the last
    /// such day that has come.
    pub(crate) fn is_reached_at(&self, stamp: &Stamp) -> bool {
        match self.counted {
            Some(counted) if stamp.zoned => stamp.seconds >= counted.moment,
            _ if stamp.dated => stamp.clock >= self.clock,
            Some(counted) => {
                let (year, ..) = date(counted.now.div_euclid(DAY));
                // A clock may be a little ahead.
                let of_year = |year| in_year(stamp.clock, year);
                let last = if of_year(year) > counted.now + DAY { of_year(year - 1) } else { of_year(year) };
                last >= self.clock
            }
            None => stamp.clock >= in_year(self.clock, UNDATED),
        }
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
        let Some(since) = Since::by_log("2026-11-27 09:20") else { panic!("a time") };
        for (line, wanted) in [
            ("2026-11-27T09:20:00+05:00 web sshd[1]: x", true),
            ("2026-11-27T09:19:59Z web sshd[1]: x", false),
            ("Nov 27 09:20:00 web sshd[1]: x", true),
            ("Nov 27 09:19:59 web sshd[1]: x", false),
        ] {
            assert_eq!(reached(&since, line), wanted, "{line}");
        }
        assert_eq!(Since::by_log("2026-11-27"), Since::by_log("2026-11-27T00:00:00"));
        for bad in ["", "yesterday", "2026-13-01", "2026-11", "09:20", "2026-11-27 9"] {
            assert_eq!(Since::by_log(bad), None, "{bad}");
        }
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
