//! What an emergency owes afterwards: its review within five business days after it was decided, on the wall of its site,
//! and a word of what came of it. Who reviews is not here.

use chrono::{Datelike, Days, TimeZone, Weekday};
use chrono_tz::Tz;

use super::Nature;
use crate::domain::refusal::{Code, Refusal, Verdict};
use crate::domain::time::Time;

/// Business days within which an emergency is reviewed.
pub const BUSINESS_DAYS: u32 = 5;

/// Whether the work of an emergency ends with a word of what came of it, `told`
/// (NIS2 Implementing Regulation 2024/2690, 6.4.3).
///
/// # Errors
/// `missing` if it does not.
pub fn documented(on: &str, nature: Nature, told: bool) -> Verdict {
    if nature != Nature::Emergency || told {
        return Ok(());
    }
    Err(Refusal::new(
        Code::Missing,
        format!("{on} was an emergency and would end without a word of what came of it"),
        "say it in `note`, or in `evidence` where it stands",
    ))
}

/// The instant by which those who did not decide an emergency say what they think of it.
pub fn review_by(decided: Time, zone: Tz) -> Time {
    let local = decided.utc().with_timezone(&zone);
    let mut date = local.date_naive();
    let mut left = BUSINESS_DAYS;
    while left > 0 {
        let Some(next) = date.checked_add_days(Days::new(1)) else { return decided };
        date = next;
        if !matches!(date.weekday(), Weekday::Sat | Weekday::Sun) {
            left -= 1;
        }
    }
    let wall = date.and_time(local.time());
    zone.from_local_datetime(&wall)
        .earliest()
        .map_or_else(|| Time::from(wall.and_utc()), |at| Time::from(at.to_utc()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_business_days_leave_out_the_weekend_and_keep_the_hour_on_the_wall() {
        let by = |text: &str| review_by(text.parse().unwrap(), Tz::Europe__Amsterdam).to_string();
        assert_eq!(by("2026-11-23T09:00:00Z"), "2026-11-30T09:00:00Z", "Monday to Monday");
        assert_eq!(by("2026-11-27T09:00:00Z"), "2026-12-04T09:00:00Z", "Friday to Friday");
        assert_eq!(by("2026-11-28T09:00:00Z"), "2026-12-04T09:00:00Z", "Saturday to Friday");
        assert_eq!(by("2026-10-23T09:00:00Z"), "2026-10-30T10:00:00Z", "the clocks are put back");
    }
}
