//! Times in the story, written as distances, and names given to what its steps made.
//!
//! A step happens at `-34d 08:12`, on the wall of its site so many days before the story's present, or at `-3h20m`.
//! In its fields `@+8m` and `@-2h` count from the step and `@now+8m` from the present, rounded up to the whole
//! minute; `@+2d 06:00` is on the wall so many days after the step. `$name` is what the step of that name made, and
//! `window_overrun:$name` an alarm of it.

use std::collections::BTreeMap;

use chrono::{Days, LocalResult, NaiveTime, TimeZone};
use chrono_tz::Tz;
use serde_json::Value;

use crate::domain::time::Time;
use crate::domain::time_input;

/// What a step's fields are read against.
#[derive(Debug)]
pub struct Moment<'a> {
    /// When the step is taken.
    pub at: Time,
    /// The story's present.
    pub present: Time,
    /// The zone of its site.
    pub zone: Tz,
    /// What was made so far, by the name given to it.
    pub made: &'a BTreeMap<String, String>,
}

fn whole_minute(at: Time) -> Time {
    const MINUTE: i64 = 60_000_000;
    let over = at.micros().rem_euclid(MINUTE);
    if over == 0 { at } else { Time::from_micros(at.micros().saturating_add(MINUTE - over)) }
}

/// A distance with its sign, in seconds.
fn distance(words: &str) -> Option<i64> {
    let span = |text| time_input::read_span(text);
    match words.strip_prefix('-') {
        Some(back) => Some(-span(back)?),
        None => span(words.strip_prefix('+')?),
    }
}

/// `-34d 08:12`: so many days from a day, at this time on the wall.
fn on_the_wall(words: &str, from: Time, zone: Tz) -> Option<Time> {
    let (days, clock) = words.split_once(' ')?;
    let days = distance(days)? / 86_400;
    let clock = NaiveTime::parse_from_str(clock, "%H:%M").ok()?;
    let today = from.utc().with_timezone(&zone).date_naive();
    let ahead = Days::new(days.unsigned_abs());
    let date = if days < 0 { today - ahead } else { today + ahead };
    match zone.from_local_datetime(&date.and_time(clock)) {
        LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => Some(Time::from(at.to_utc())),
        // The clocks skip it: it is an hour later on the wall.
        LocalResult::None => {
            let next = date.and_time(clock) + chrono::TimeDelta::hours(1);
            zone.from_local_datetime(&next).earliest().map(|at| Time::from(at.to_utc()))
        }
    }
}

/// When a step happens.
///
/// # Errors
/// What is wrong with the words.
pub fn instant(words: &str, present: Time, zone: Tz) -> Result<Time, String> {
    distance(words)
        .map(|seconds| present.plus_seconds(seconds))
        .or_else(|| on_the_wall(words, present, zone))
        .ok_or_else(|| format!("{words:?} is no time of a step"))
}

impl Moment<'_> {
    /// The instant that these words mean, without their `@`.
    ///
    /// # Errors
    /// What is wrong with the words.
    pub fn time(&self, words: &str) -> Result<Time, String> {
        let (from, rest) = match words.strip_prefix("now") {
            Some(rest) => (self.present, rest),
            None => (self.at, words),
        };
        distance(rest)
            .map(|seconds| whole_minute(from.plus_seconds(seconds)))
            .or_else(|| on_the_wall(rest, from, self.zone))
            .ok_or_else(|| format!("@{words} is no time"))
    }

    /// The same fields with times and references in place.
    ///
    /// # Errors
    /// A time that is none, a name that nothing was given.
    pub fn fill(&self, value: &Value) -> Result<Value, String> {
        Ok(match value {
            Value::String(text) => {
                if let Some(words) = text.strip_prefix('@') {
                    Value::String(self.time(words)?.to_string())
                } else if let Some(name) = text.strip_prefix('$') {
                    Value::String(self.made(name)?.to_owned())
                } else if let Some((kind, name)) = text.split_once(":$") {
                    Value::String(format!("{kind}:{}", self.made(name)?))
                } else {
                    value.clone()
                }
            }
            Value::Array(items) => {
                Value::Array(items.iter().map(|item| self.fill(item)).collect::<Result<_, _>>()?)
            }
            Value::Object(fields) => {
                let filled = fields
                    .iter()
                    .map(|(name, field)| Ok((name.clone(), self.fill(field)?)))
                    .collect::<Result<_, String>>()?;
                Value::Object(filled)
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
        })
    }

    /// What the step of this name made.
    ///
    /// # Errors
    /// A name that nothing was given.
    pub fn made(&self, name: &str) -> Result<&str, String> {
        let made = self.made.get(name).map(String::as_str);
        made.ok_or_else(|| format!("nothing is called ${name}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn at(text: &str) -> Time {
        text.parse().unwrap()
    }

    #[test]
    fn a_step_happens_on_the_wall_of_its_site_or_so_long_ago() {
        let present = at("2026-11-24T10:00:30Z");
        let read = |words| instant(words, present, Tz::Europe__Brussels).unwrap().to_string();
        assert_eq!(read("-3h20m"), "2026-11-24T06:40:30Z");
        assert_eq!(read("-2d 08:12"), "2026-11-22T07:12:00Z");
        assert_eq!(read("-120d 08:12"), "2026-07-27T06:12:00Z");
        assert!(instant("08:12", present, Tz::UTC).is_err());
    }

    #[test]
    fn a_time_that_the_clocks_skip_or_show_twice_is_taken_once() {
        let present = at("2026-03-30T10:00:00Z");
        let read = |words| instant(words, present, Tz::Europe__Brussels).unwrap().to_string();
        assert_eq!(read("-1d 02:30"), "2026-03-29T01:30:00Z");
        let present = at("2026-10-26T10:00:00Z");
        let read = |words| instant(words, present, Tz::Europe__Brussels).unwrap().to_string();
        assert_eq!(read("-1d 02:30"), "2026-10-25T00:30:00Z");
    }

    #[test]
    fn times_are_distances_and_names_are_references() {
        let made = BTreeMap::from([("pump".to_owned(), "CR-7".to_owned())]);
        let moment = Moment {
            at: at("2026-11-20T10:00:30.5Z"),
            present: at("2026-11-24T10:00:30.5Z"),
            zone: Tz::Europe__Brussels,
            made: &made,
        };
        let fields = json!({
            "ref": "$pump", "end": "@now+8m", "start": "@-2h", "soon": ["@+3m"],
            "morning": "@+1d 06:00", "title": "Pump 7",
        });
        assert_eq!(
            moment.fill(&fields).unwrap(),
            json!({
                "ref": "CR-7", "end": "2026-11-24T10:09:00Z", "start": "2026-11-20T08:01:00Z",
                "soon": ["2026-11-20T10:04:00Z"], "morning": "2026-11-21T05:00:00Z",
                "title": "Pump 7",
            })
        );
    }

    #[test]
    fn a_name_that_nothing_was_given_is_told() {
        let none = BTreeMap::new();
        let (at, present) = (Time::default(), Time::default());
        let moment = Moment { at, present, zone: Tz::UTC, made: &none };
        assert!(moment.fill(&json!({"ref": "$pump"})).unwrap_err().contains("$pump"));
        assert!(moment.fill(&json!({"at": "@soon"})).unwrap_err().contains("soon"));
    }
}
