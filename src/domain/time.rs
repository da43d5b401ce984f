//! An instant in whole microseconds UTC, and its one written form. Zones and calendars are not here.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An instant: microseconds since 1970-01-01T00:00:00Z, so that a row replayed equals a row stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Time(i64);

/// A text that is no instant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a time with a zone: write it as 2026-11-22T14:00:00Z")]
pub struct NotATime(pub String);

impl Time {
    /// The instant that lies this many microseconds after 1970-01-01T00:00:00Z.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// This instant moved by whole seconds, saturating at the ends of the scale.
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }

    /// Whole seconds from `earlier` to this instant, rounded down; negative if it lies before.
    pub const fn seconds_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0).div_euclid(1_000_000)
    }

    /// The same instant for calendar arithmetic; an instant beyond chrono's range reads as 1970.
    pub fn utc(self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.0).unwrap_or_default()
    }
}

impl From<DateTime<Utc>> for Time {
    fn from(at: DateTime<Utc>) -> Self {
        Self(at.timestamp_micros())
    }
}

/// As machines write it; with `#` as sentences do, to the minute where it has no seconds.
impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if f.alternate() {
            let whole = self.0 % 60_000_000 == 0;
            let form = if whole { "%Y-%m-%d %H:%MZ" } else { "%Y-%m-%d %H:%M:%SZ" };
            return write!(f, "{}", self.utc().format(form));
        }
        f.write_str(&self.utc().to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

impl FromStr for Time {
    type Err = NotATime;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let at = DateTime::parse_from_rfc3339(text).map_err(|_| NotATime(text.to_owned()))?;
        Ok(Self(at.timestamp_micros()))
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_reads_back_what_it_wrote_to_the_microsecond() {
        for micros in [0, 1, -1, 1_795_356_000_000_001, 1_795_356_000_123_456] {
            let at = Time::from_micros(micros);
            assert_eq!(at.to_string().parse::<Time>().unwrap(), at);
        }
    }

    #[test]
    fn a_sentence_names_a_time_to_the_minute_or_the_second() {
        let said = |text: &str| format!("{:#}", text.parse::<Time>().unwrap());
        assert_eq!(said("2026-11-22T14:00:00Z"), "2026-11-22 14:00Z");
        assert_eq!(said("2026-11-22T14:00:05.25Z"), "2026-11-22 14:00:05Z");
    }

    #[test]
    fn a_time_without_a_zone_is_refused() {
        assert!("2026-11-22T14:00:00".parse::<Time>().is_err());
        assert!(
            "2026-11-22T17:00:00+03:00".parse::<Time>().unwrap()
                == "2026-11-22T14:00:00Z".parse().unwrap()
        );
    }
}
