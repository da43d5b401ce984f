//! Times in the story, written as distances from the moment a step is taken, and names given to what it made.
//!
//! `@+8m` and `@-2h` are rounded up to the whole minute, `@+3s` is meant to the second, and `@tomorrow 06:00` is
//! on the wall of the site. `$name` is the reference that the step of that name was given.

use std::collections::BTreeMap;

use chrono_tz::Tz;
use serde_json::Value;

use crate::domain::time::Time;
use crate::domain::time_input;

/// What a step's fields are read against.
#[derive(Debug)]
pub struct Moment<'a> {
    /// The moment the step is taken.
    pub now: Time,
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

impl Moment<'_> {
    /// The instant that these words mean, without their `@`.
    ///
    /// # Errors
    /// What is wrong with the words.
    pub fn time(&self, words: &str) -> Result<Time, String> {
        if let Some(seconds) = words.strip_prefix('+').and_then(|w| w.strip_suffix('s')) {
            let seconds: i64 = seconds.parse().map_err(|_| format!("@{words} is no time"))?;
            return Ok(self.now.plus_seconds(seconds));
        }
        if let Some(span) = words.strip_prefix('-') {
            let seconds =
                time_input::read_span(span).ok_or_else(|| format!("@{words} is no time"))?;
            return Ok(whole_minute(self.now.plus_seconds(-seconds)));
        }
        let at = time_input::read(words, self.now, None, self.zone)
            .map_err(|fault| format!("@{words}: {fault}"))?;
        Ok(if words.starts_with('+') { whole_minute(at) } else { at })
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
                    let made = self.made.get(name);
                    Value::String(made.ok_or_else(|| format!("nothing is called ${name}"))?.clone())
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn times_are_distances_and_names_are_references() {
        let made = BTreeMap::from([("pump".to_owned(), "CR-7".to_owned())]);
        let now = "2026-11-24T10:00:30.5Z".parse().unwrap();
        let moment = Moment { now, zone: Tz::Europe__Brussels, made: &made };
        let fields = json!({
            "ref": "$pump", "end": "@+8m", "start": "@-2h", "soon": ["@+3s"],
            "morning": "@tomorrow 06:00", "title": "Pump 7",
        });
        assert_eq!(
            moment.fill(&fields).unwrap(),
            json!({
                "ref": "CR-7", "end": "2026-11-24T10:09:00Z", "start": "2026-11-24T08:01:00Z",
                "soon": ["2026-11-24T10:00:33.500Z"], "morning": "2026-11-25T05:00:00Z",
                "title": "Pump 7",
            })
        );
    }

    #[test]
    fn a_name_that_nothing_was_given_is_told() {
        let moment = Moment { now: Time::default(), zone: Tz::UTC, made: &BTreeMap::new() };
        assert!(moment.fill(&json!({"ref": "$pump"})).unwrap_err().contains("$pump"));
        assert!(moment.fill(&json!({"at": "@soon"})).unwrap_err().contains("soon"));
    }
}
