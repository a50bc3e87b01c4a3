//! `--since`: a day and a time, or a while before now, as journalctl takes them.
//!
//! A day with or without a time is by the log's own clock, in whatever zone that is. All else is counted back from now:
//! stamps that name their zone are compared as moments, and those that name none are taken as this machine's own time.

use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan, ZonedDateTime};

use crate::text::Since;

const WRONG: &str = "give a day, or a day and a time: 2026-11-27, '2026-11-27 09:20'; or a while before now: 2h, \
    '30 min ago', today, yesterday, 09:20";

pub(super) fn parse(text: &str) -> Result<Since, String> {
    let text = text.trim();
    let now = ZonedDateTime::now();
    Since::by_log(text, clock(&now)).or_else(|| counted(text, &now)).ok_or_else(|| WRONG.to_owned())
}

/// A moment counted back from `now`.
fn counted(text: &str, now: &ZonedDateTime) -> Option<Since> {
    let moment = moment(text, now)?;
    Some(Since::counted(moment.timestamp().as_second(), clock(&moment), clock(now)))
}

fn moment(text: &str, now: &ZonedDateTime) -> Option<ZonedDateTime> {
    if let Some(seconds) = text.strip_prefix('@') {
        let moment = Timestamp::from_second(seconds.parse().ok()?).ok()?;
        return Some(moment.to_zoned_datetime(now.time_zone().clone()));
    }
    match text {
        "now" => return Some(now.clone()),
        "today" => return now.start_of_day().ok(),
        "yesterday" => return now.checked_sub(1.day()).ok()?.start_of_day().ok(),
        _ => {}
    }
    if let Some((hour, rest)) = text.split_once(':')
        && let Some((minute, second)) = rest.split_once(':').or(Some((rest, "0")))
        && let (Ok(hour), Ok(minute), Ok(second)) = (hour.parse(), minute.parse(), second.parse())
    {
        return now.with().hour(hour).minute(minute).second(second).subsec_nanosecond(0).build().ok();
    }
    now.checked_sub(while_before(text)?).ok()
}

/// `2h`, `-2h`, `30 min ago`, `1h 30min`. A number needs its unit.
fn while_before(text: &str) -> Option<Span> {
    let text = text.strip_suffix("ago").map(str::trim_end).or(text.strip_prefix('-')).unwrap_or(text);
    let span: Span = text.trim().parse().ok().filter(|span: &Span| span.is_positive())?;
    text.starts_with(|c: char| c.is_ascii_digit()).then_some(span)
}

/// Seconds since 1970 by the clock on the wall.
fn clock(moment: &ZonedDateTime) -> i64 {
    moment.datetime().to_zoned_datetime(TimeZone::UTC).map_or(0, |there| there.timestamp().as_second())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_while_before_now() {
        let now: ZonedDateTime = "2026-11-29T10:20:30+01:00[+01:00]".parse().unwrap();
        for (text, wanted) in [
            ("2h", "2026-11-29T08:20:30"),
            ("-2h", "2026-11-29T08:20:30"),
            ("2 hours ago", "2026-11-29T08:20:30"),
            ("30 min ago", "2026-11-29T09:50:30"),
            ("30min", "2026-11-29T09:50:30"),
            ("1h 30min ago", "2026-11-29T08:50:30"),
            ("3 days ago", "2026-11-26T10:20:30"),
            ("1 week ago", "2026-11-22T10:20:30"),
            ("45s", "2026-11-29T10:19:45"),
            ("now", "2026-11-29T10:20:30"),
            ("today", "2026-11-29T00:00:00"),
            ("yesterday", "2026-11-28T00:00:00"),
            ("09:20", "2026-11-29T09:20:00"),
            ("09:20:05", "2026-11-29T09:20:05"),
            ("@1795771223", "2026-11-27T10:20:23"),
        ] {
            let found = moment(text, &now).map(|moment| moment.datetime().to_string());
            assert_eq!(found.as_deref(), Some(wanted), "{text}");
        }
        for bad in ["", "soon", "2", "ago", "25:00", "h2", "2 parsecs", "--2h", "2026-13-01", "@x"] {
            assert!(moment(bad, &now).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_clock_on_the_wall_and_a_moment() {
        let now: ZonedDateTime = "2026-11-29T10:20:30+01:00[+01:00]".parse().unwrap();
        let hour = counted("1h", &now).unwrap();
        let stamp = |line: &str| crate::text::stamp(line).unwrap();
        assert!(hour.is_reached_at(&stamp("2026-11-29T08:20:30Z x")));
        assert!(!hour.is_reached_at(&stamp("2026-11-29T08:20:29Z x")));
        assert!(hour.is_reached_at(&stamp("Nov 29 09:20:30 web x")));
        assert!(!hour.is_reached_at(&stamp("Nov 29 09:20:29 web x")));
    }
}
