//! Times as people type them: `14:00`, `tomorrow 08:00`, `fri 06:00`, `+2h` or `2h`, `22 14:00`, ISO 8601.
//!
//! A time without a zone is in the zone of the site that it concerns; `Z` is UTC. An hour that the clock
//! skips is refused and one that it shows twice is asked back. This module reads no clock: `now` is given.

use chrono::{
    DateTime, Datelike, Days, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone,
    Weekday,
};
use chrono_tz::Tz;

use super::time::Time;

/// Why a typed time is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadTime {
    /// The text reads as no time.
    #[error(
        "{0:?} is no time: write 14:00, tomorrow 08:00, fri 06:00, 30m, +2h, 22 14:00 or 2026-11-22T14:00Z"
    )]
    Unreadable(String),
    /// The clocks of the site skip this time.
    #[error(
        "{0} does not exist at the site: its clocks go forward then; write another time, or one in UTC with Z"
    )]
    Skipped(String),
    /// The clocks of the site show this time twice.
    #[error("{wall} comes twice at the site, as its clocks go back: write {earlier} or {later}")]
    Twice {
        /// The time on the wall.
        wall: String,
        /// The first of the two, in UTC.
        earlier: String,
        /// The second of the two, in UTC.
        later: String,
    },
}

/// Reads a typed time at a site whose zone is `zone`; `+2h` and `2h` count from `base`, or else from `now`, and what
/// names no date is the next one to come after both.
pub fn read(text: &str, now: Time, base: Option<Time>, zone: Tz) -> Result<Time, BadTime> {
    let unreadable = || BadTime::Unreadable(text.to_owned());
    let lower = text.trim().to_ascii_lowercase();
    // Screens show whole minutes: what counts from now falls on one, so that it comes when they say.
    let minute = Time::from_micros(now.micros().div_euclid(60_000_000).saturating_mul(60_000_000));
    let after = |seconds| base.unwrap_or(minute).plus_seconds(seconds);
    if let Some(span) = lower.strip_prefix('+') {
        return read_span(span).map(after).ok_or_else(unreadable);
    }
    // No point in time is written as a length.
    if let Some(seconds) = read_span(&lower) {
        return Ok(after(seconds));
    }
    if lower == "now" {
        return Ok(now);
    }
    if let Ok(at) = DateTime::parse_from_rfc3339(text.trim()) {
        return Ok(Time::from(at.to_utc()));
    }
    let (wall, zone) = match lower.strip_suffix('z') {
        Some(wall) => (wall.trim_end(), Tz::UTC),
        None => (lower.as_str(), zone),
    };
    let local = |at: Time| at.utc().with_timezone(&zone).naive_local();
    let wall = read_wall(wall, local(now), base.map(local)).ok_or_else(unreadable)?;
    place(wall, zone)
}

/// A length of time such as `90m`, `2h`, `1h30m`, `2d`, in seconds.
pub fn read_span(text: &str) -> Option<i64> {
    let mut total: i64 = 0;
    let mut rest = text.trim();
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let (number, tail) = rest.split_at(digits);
        let mut chars = tail.chars();
        let unit = match chars.next()? {
            'm' => 60,
            'h' => 3_600,
            'd' => 86_400,
            'w' => 604_800,
            _ => return None,
        };
        total = total.checked_add(number.parse::<i64>().ok()?.checked_mul(unit)?)?;
        rest = chars.as_str();
    }
    (total > 0).then_some(total)
}

fn read_wall(text: &str, now: NaiveDateTime, base: Option<NaiveDateTime>) -> Option<NaiveDateTime> {
    for format in ["%Y-%m-%dt%H:%M:%S", "%Y-%m-%dt%H:%M", "%Y-%m-%d %H:%M"] {
        if let Ok(at) = NaiveDateTime::parse_from_str(text, format) {
            return Some(at);
        }
    }
    let (day, clock) = match text.rsplit_once(' ') {
        Some((day, clock)) => (day.trim(), clock),
        None => ("", text),
    };
    let clock = NaiveTime::parse_from_str(clock, "%H:%M").ok()?;
    let today = now.date();
    let at = |date: NaiveDate| date.and_time(clock);
    let from = base.map_or(now, |base| base.max(now)).date();
    let next = |days: u64, is: &dyn Fn(NaiveDate) -> bool| {
        (0..days)
            .filter_map(|ahead| from.checked_add_days(Days::new(ahead)))
            .filter(|date| is(*date))
            .map(at)
            .find(|at| *at >= now && base.is_none_or(|base| *at > base))
    };
    match day {
        "" => next(2, &|_| true),
        "today" => Some(at(today)),
        "tomorrow" => Some(at(today.checked_add_days(Days::new(1))?)),
        "yesterday" => Some(at(today.checked_sub_days(Days::new(1))?)),
        _ => match (day.parse::<Weekday>(), day.parse::<u32>()) {
            (Ok(weekday), _) => next(8, &|date| date.weekday() == weekday),
            (Err(_), Ok(number)) => next(62, &|date| date.day() == number),
            (Err(_), Err(_)) => None,
        },
    }
}

fn place(wall: NaiveDateTime, zone: Tz) -> Result<Time, BadTime> {
    let shown = wall.format("%Y-%m-%d %H:%M").to_string();
    match zone.from_local_datetime(&wall) {
        LocalResult::Single(at) => Ok(Time::from(at.to_utc())),
        LocalResult::None => Err(BadTime::Skipped(shown)),
        LocalResult::Ambiguous(earlier, later) => {
            let utc = |at: DateTime<Tz>| at.to_utc().format("%Y-%m-%dT%H:%MZ").to_string();
            Err(BadTime::Twice { wall: shown, earlier: utc(earlier), later: utc(later) })
        }
    }
}

/// What a field says under a time that was read: `= 14:00 +03 = 11:00Z, Tue, in 2h10m, lasts 2h`.
///
/// The date stands in front when it is not today's at the site; `start` is given for the end of a span.
pub fn echo(at: Time, now: Time, start: Option<Time>, zone: Tz) -> String {
    let local = at.utc().with_timezone(&zone);
    let today = now.utc().with_timezone(&zone).date_naive();
    let date = if local.date_naive() == today {
        String::new()
    } else {
        local.format("%Y-%m-%d ").to_string()
    };
    let mut text = format!(
        "= {date}{} {} = {}Z, {}, {}",
        local.format("%H:%M"),
        offset(at, zone),
        at.utc().format("%H:%M"),
        local.format("%a"),
        distance(at, now),
    );
    if let Some(start) = start {
        let lasts = at.seconds_since(start);
        if lasts > 0 {
            text.push_str(&format!(", lasts {}", span(lasts)));
        } else {
            text.push_str(", not after its start");
        }
    }
    text
}

/// The offset of a zone at an instant: `+03`, `-03:30`, `+00`.
pub fn offset(at: Time, zone: Tz) -> String {
    let seconds = zone.offset_from_utc_datetime(&at.utc().naive_utc()).fix().local_minus_utc();
    let (sign, seconds) = if seconds < 0 { ('-', -seconds) } else { ('+', seconds) };
    let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
    if minutes == 0 {
        format!("{sign}{hours:02}")
    } else {
        format!("{sign}{hours:02}:{minutes:02}")
    }
}

/// How far an instant lies from now: `in 2h10m`, `8m ago`.
pub fn distance(at: Time, now: Time) -> String {
    let seconds = at.seconds_since(now);
    if seconds >= 0 { format!("in {}", span(seconds)) } else { format!("{} ago", span(-seconds)) }
}

/// A length of time in two units at most: `0m`, `8m`, `3h10m`, `2d`, `15d`.
pub fn span(seconds: i64) -> String {
    let minutes = seconds.max(0) / 60;
    let (days, hours, rest) = (minutes / 1_440, minutes / 60 % 24, minutes % 60);
    match (days, hours, rest) {
        (0, 0, m) => format!("{m}m"),
        (0, h, 0) => format!("{h}h"),
        (0, h, m) => format!("{h}h{m:02}m"),
        (d, ..) => format!("{d}d"),
    }
}

#[cfg(test)]
mod tests;
