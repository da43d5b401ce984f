//! Times as people type them, by example and, around every change of the clocks and end of a month, by property.

use chrono::Timelike;
use proptest::prelude::*;

use super::*;

const RIYADH: Tz = Tz::Asia__Riyadh;
const BERLIN: Tz = Tz::Europe__Berlin;

fn at(text: &str) -> Time {
    text.parse().unwrap()
}

/// A Sunday, 11:50 in Riyadh.
fn now() -> Time {
    at("2026-11-22T08:50:00Z")
}

fn in_riyadh(text: &str) -> String {
    read(text, now(), None, RIYADH).unwrap().to_string()
}

#[test]
fn a_bare_time_is_in_the_zone_of_the_site_and_the_next_one_to_come() {
    assert_eq!(in_riyadh("14:00"), "2026-11-22T11:00:00Z");
    assert_eq!(in_riyadh("11:00"), "2026-11-23T08:00:00Z");
    assert_eq!(in_riyadh("14:00Z"), "2026-11-22T14:00:00Z");
    assert_eq!(in_riyadh("tomorrow 08:00"), "2026-11-23T05:00:00Z");
    assert_eq!(in_riyadh("today 08:00"), "2026-11-22T05:00:00Z");
    assert_eq!(in_riyadh("Fri 06:00"), "2026-11-27T03:00:00Z");
    assert_eq!(in_riyadh("sun 06:00"), "2026-11-29T03:00:00Z");
    assert_eq!(in_riyadh("22 14:00"), "2026-11-22T11:00:00Z");
    assert_eq!(in_riyadh("3 14:00"), "2026-12-03T11:00:00Z");
    assert_eq!(in_riyadh("2026-12-01 08:00"), "2026-12-01T05:00:00Z");
    assert_eq!(in_riyadh("2026-12-01T08:00Z"), "2026-12-01T08:00:00Z");
    assert_eq!(in_riyadh("2026-12-01T08:00:00+01:00"), "2026-12-01T07:00:00Z");
}

#[test]
fn a_span_counts_from_the_start_where_there_is_one() {
    assert_eq!(in_riyadh("+2h"), "2026-11-22T10:50:00Z");
    let start = at("2026-11-22T11:00:00Z");
    let end = read("+1h30m", now(), Some(start), RIYADH).unwrap();
    assert_eq!(end, at("2026-11-22T12:30:00Z"));
    assert_eq!(
        echo(end, now(), Some(start), RIYADH),
        "= 15:30 +03 = 12:30Z, Sun, in 3h40m, lasts 1h30m"
    );
}

#[test]
fn the_end_of_a_span_that_names_no_date_is_the_next_one_after_its_start() {
    let end = |text: &str, start: &str| {
        read(text, now(), Some(at(start)), Tz::Asia__Riyadh).unwrap().to_string()
    };
    // It is 17:32 at the site, and the start is tomorrow at eight.
    let tomorrow = "2026-11-23T05:00:00Z";
    assert_eq!(end("18:00", tomorrow), "2026-11-23T15:00:00Z");
    assert_eq!(end("06:00", tomorrow), "2026-11-24T03:00:00Z");
    assert_eq!(end("08:00", tomorrow), "2026-11-24T05:00:00Z", "no span lasts nothing");
    assert_eq!(end("mon 06:00", tomorrow), "2026-11-30T03:00:00Z");
    assert_eq!(end("23 06:00", tomorrow), "2026-12-23T03:00:00Z");
    assert_eq!(
        end("today 18:00", tomorrow),
        "2026-11-22T15:00:00Z",
        "what names its date is that date"
    );
    // A start that has passed moves nothing into the past.
    assert_eq!(end("18:00", "2026-11-20T05:00:00Z"), "2026-11-22T15:00:00Z");
    assert_eq!(end("06:00", "2026-11-20T05:00:00Z"), "2026-11-23T03:00:00Z");
}

#[test]
fn a_span_needs_no_plus() {
    for (bare, plus) in [("2h", "+2h"), ("30m", "+30m"), ("1h30m", "+1h30m"), ("2d", "+2d")] {
        assert_eq!(in_riyadh(bare), in_riyadh(plus));
    }
    let start = at("2026-11-22T11:00:00Z");
    assert_eq!(read("2h", now(), Some(start), RIYADH).unwrap(), at("2026-11-22T13:00:00Z"));
    assert!(read("2", now(), None, RIYADH).is_err());
}

#[test]
fn an_hour_that_the_clock_skips_is_refused() {
    let spring = at("2026-03-28T12:00:00Z");
    let refused = read("tomorrow 02:30", spring, None, BERLIN).unwrap_err();
    assert_eq!(refused, BadTime::Skipped("2026-03-29 02:30".into()));
}

#[test]
fn an_hour_that_the_clock_shows_twice_is_asked_back_in_words_that_can_be_typed() {
    let autumn = at("2026-10-24T12:00:00Z");
    let asked = read("tomorrow 02:30", autumn, None, BERLIN).unwrap_err();
    let BadTime::Twice { earlier, later, .. } = asked else { panic!("{asked}") };
    assert_eq!((earlier.as_str(), later.as_str()), ("2026-10-25T00:30Z", "2026-10-25T01:30Z"));
    assert_eq!(read(&later, autumn, None, BERLIN).unwrap(), at("2026-10-25T01:30:00Z"));
}

#[test]
fn what_is_no_time_says_how_to_write_one() {
    for text in ["", "soon", "25:00", "+", "+2x", "32 10:00", "+0h", "fri"] {
        let refused = read(text, now(), None, RIYADH).unwrap_err();
        assert!(refused.to_string().contains("tomorrow 08:00"), "{text}");
    }
}

#[test]
fn spans_and_offsets_read_as_on_the_screens() {
    assert_eq!(
        [span(0), span(480), span(11_400), span(7_200), span(180_000)].join(" "),
        "0m 8m 3h10m 2h 2d"
    );
    assert_eq!(offset(now(), Tz::America__St_Johns), "-03:30");
    assert_eq!(distance(at("2026-11-22T08:42:00Z"), now()), "8m ago");
}

/// Zones whose clocks change by an hour, by half an hour, at midnight, and never.
const ZONES: [Tz; 7] = [
    Tz::Europe__Berlin,
    Tz::America__New_York,
    Tz::Australia__Lord_Howe,
    Tz::America__Santiago,
    Tz::America__St_Johns,
    Tz::Asia__Kolkata,
    Tz::Asia__Riyadh,
];

fn any_zone() -> impl Strategy<Value = Tz> {
    prop::sample::select(ZONES.to_vec())
}

/// A minute of the four years from 2026.
fn any_minute() -> impl Strategy<Value = Time> {
    (0_i64..4 * 366 * 1_440).prop_map(|minute| at("2026-01-01T00:00:00Z").plus_seconds(minute * 60))
}

proptest! {
    #[test]
    fn what_is_read_shows_on_the_clock_of_the_site_what_was_typed(
        now in any_minute(), zone in any_zone(), ahead in 0_i64..400, hour in 0_u32..24, minute in 0_u32..60
    ) {
        let day = now.plus_seconds(ahead * 86_400).utc().with_timezone(&zone).date_naive();
        let typed = format!("{day} {hour:02}:{minute:02}");
        match read(&typed, now, None, zone) {
            Ok(read) => {
                let local = read.utc().with_timezone(&zone);
                prop_assert_eq!(local.format("%Y-%m-%d %H:%M").to_string(), typed);
            }
            Err(BadTime::Skipped(_)) => {
                let wall = day.and_hms_opt(hour, minute, 0).unwrap();
                prop_assert_eq!(zone.from_local_datetime(&wall), LocalResult::None);
            }
            Err(BadTime::Twice { earlier, later, .. }) => {
                let [earlier, later] = [earlier, later].map(|one| read(&one, now, None, zone).unwrap());
                prop_assert!(earlier < later);
                for one in [earlier, later] {
                    let local = one.utc().with_timezone(&zone);
                    prop_assert_eq!((local.hour(), local.minute()), (hour, minute));
                }
            }
            Err(bad @ BadTime::Unreadable(_)) => prop_assert!(false, "{}", bad),
        }
    }

    #[test]
    fn a_bare_time_and_a_weekday_and_a_day_of_the_month_are_the_next_to_come(
        now in any_minute(), zone in any_zone(), hour in 0_u32..24, weekday in 0_usize..7, day in 1_u32..32
    ) {
        let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
        let within = |typed: String, most: i64| match read(&typed, now, None, zone) {
            Ok(read) => {
                let ahead = read.seconds_since(now);
                // An hour that comes twice or not at all moves what is a whole number of days away.
                prop_assert!((0..=most * 86_400 + 7_200).contains(&ahead), "{} {}", typed, ahead);
                Ok(())
            }
            Err(BadTime::Skipped(_) | BadTime::Twice { .. }) => Ok(()),
            Err(bad @ BadTime::Unreadable(_)) => {
                prop_assert!(false, "{}", bad);
                Ok(())
            }
        };
        within(format!("{hour:02}:00"), 1)?;
        within(format!("{} {hour:02}:00", names[weekday]), 7)?;
        within(format!("{day} {hour:02}:00"), 62)?;
    }

    #[test]
    fn a_day_of_the_month_is_that_day_however_long_the_month(
        now in any_minute(), zone in any_zone(), day in 1_u32..32
    ) {
        if let Ok(read) = read(&format!("{day} 12:00"), now, None, zone) {
            prop_assert_eq!(read.utc().with_timezone(&zone).day(), day);
        }
    }

    #[test]
    fn a_span_is_of_real_hours_whatever_the_clocks_do(now in any_minute(), zone in any_zone(), hours in 1_i64..72) {
        let end = read(&format!("+{hours}h"), now, Some(now), zone).unwrap();
        prop_assert_eq!(end.seconds_since(now), hours * 3_600);
        let lasts = format!(", lasts {}", span(hours * 3_600));
        prop_assert!(echo(end, now, Some(now), zone).ends_with(&lasts));
    }

    #[test]
    fn no_text_makes_the_reading_panic(text in "\\PC{0,24}", now in any_minute(), zone in any_zone()) {
        let _ = read(&text, now, None, zone);
    }
}
