//! Times as people type them.

use anyhow::{anyhow, ensure};
use jiff::civil::{DateTime, Time};
use jiff::{Span, Timestamp, ToSpan, Zoned};
use notification::printable;

/// `00:17` (the last one), `2026-11-22T00:17`, a time with an offset, `10m ago`, `now`.
///
/// # Errors
/// It is none of these, or lies in the future.
pub(super) fn moment(text: &str, now: &Zoned) -> anyhow::Result<Timestamp> {
    let text = text.trim();
    let shown = printable(text, 64);
    let unreadable =
        || anyhow!("--at {shown}: expected a time such as 00:17, 2026-11-22T00:17 or \"10m ago\"");
    let at = if text.eq_ignore_ascii_case("now") {
        now.timestamp()
    } else if let Ok(at) = text.parse::<Timestamp>() {
        at
    } else if let Ok(at) = text.parse::<DateTime>() {
        now.time_zone().to_ambiguous_timestamp(at).compatible().map_err(|_| unreadable())?
    } else if let Ok(time) = text.parse::<Time>() {
        last(time, now).ok_or_else(unreadable)?
    } else {
        let span = text.parse::<Span>().map_err(|_| unreadable())?;
        now.checked_sub(span.abs()).map_err(|_| unreadable())?.timestamp()
    };
    ensure!(at <= now.timestamp(), "--at {shown}: lies in the future");
    Ok(at)
}

/// That time of day when it was last.
fn last(time: Time, now: &Zoned) -> Option<Timestamp> {
    let on = |date: jiff::civil::Date| date.to_datetime(time).to_zoned(now.time_zone().clone()).ok();
    let today = on(now.date())?;
    let at = if today > *now { on(now.date().checked_sub(1.day()).ok()?)? } else { today };
    Some(at.timestamp())
}

/// The beginning of a span of time that ends at `end`: `2h`, `90 minutes`, `1d`.
///
/// # Errors
/// It is no span of time.
pub(super) fn before(text: &str, end: &Zoned) -> anyhow::Result<Timestamp> {
    let unreadable =
        || anyhow!("--since {}: expected a span of time such as 2h, 90m or 1d", printable(text, 64));
    let span = text.trim().parse::<Span>().map_err(|_| unreadable())?;
    Ok(end.checked_sub(span.abs()).map_err(|_| unreadable())?.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Zoned {
        "2026-11-22T00:30:00+01:00[Europe/Berlin]".parse().unwrap()
    }

    fn at(text: &str) -> String {
        moment(text, &now()).unwrap().to_string()
    }

    #[test]
    fn a_time_of_day_is_the_last_one() {
        assert_eq!(at("00:17"), "2026-11-21T23:17:00Z");
        assert_eq!(at("00:17:04"), "2026-11-21T23:17:04Z");
        assert_eq!(at("23:50"), "2026-11-21T22:50:00Z");
        assert_eq!(at("00:31"), "2026-11-20T23:31:00Z");
    }

    #[test]
    fn dates_are_local_unless_they_say_otherwise() {
        assert_eq!(at("2026-11-22T00:17"), "2026-11-21T23:17:00Z");
        assert_eq!(at("2026-11-22 00:17"), "2026-11-21T23:17:00Z");
        assert_eq!(at("2026-11-21T23:17:00Z"), "2026-11-21T23:17:00Z");
        assert_eq!(at("2026-11-21T23:17+02:00"), "2026-11-21T21:17:00Z");
    }

    #[test]
    fn a_span_counts_back_from_now() {
        assert_eq!(at("10m ago"), "2026-11-21T23:20:00Z");
        assert_eq!(at("1h 30m ago"), "2026-11-21T22:00:00Z");
        assert_eq!(at("now"), "2026-11-21T23:30:00Z");
        assert_eq!(before("2h", &now()).unwrap().to_string(), "2026-11-21T21:30:00Z");
        assert_eq!(before("1d", &now()).unwrap().to_string(), "2026-11-20T23:30:00Z");
    }

    #[test]
    fn what_is_no_time_is_told_with_examples() {
        for text in ["", "noon", "25:00", "\x1b[2J", "99999999y ago", "2026-13-01T00:00"] {
            let error = moment(text, &now()).unwrap_err().to_string();
            assert!(error.contains("00:17") && !error.contains('\x1b'), "{error:?}");
        }
        assert!(before("soon", &now()).unwrap_err().to_string().contains("2h"));
    }

    #[test]
    fn the_future_is_not_known() {
        let error = moment("2026-11-22T00:31", &now()).unwrap_err().to_string();
        assert!(error.contains("future"), "{error}");
    }
}
