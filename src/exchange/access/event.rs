//! One event as a log tells of it, before anybody knows which asset and which window it is about.

use chrono::{Datelike, NaiveDateTime, TimeZone};
use chrono_tz::Tz;

use crate::domain::access::Action;
use crate::domain::time::Time;

/// When an event happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// At this instant.
    At(Time),
    /// At this time on the wall of the host, in a year that the log does not name.
    Wall(NaiveDateTime),
}

impl When {
    /// The instant: for a time on the wall the last year in which it is not still to come.
    pub fn at(self, zone: Tz, now: Time) -> Option<Time> {
        let wall = match self {
            Self::At(at) => return Some(at),
            Self::Wall(wall) => wall,
        };
        let this = now.utc().with_timezone(&zone).year();
        (0..=8).find_map(|back| {
            let wall = wall.with_year(this - back)?;
            let at = zone.from_local_datetime(&wall).earliest()?;
            let at = Time::from(at.to_utc());
            // The clocks of two hosts differ by a little.
            (at <= now.plus_seconds(60)).then_some(at)
        })
    }
}

/// One event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub when: When,
    /// The login, as the log names it.
    pub login: String,
    /// The asset or the host.
    pub place: String,
    /// What happened.
    pub action: Action,
    /// The vendor.
    pub vendor: Option<String>,
    /// Where it came from.
    pub source: Option<String>,
    /// The port there.
    pub port: Option<u32>,
    /// How the person proved who they are.
    pub method: Option<String>,
    /// The fingerprint of the key.
    pub key: Option<String>,
    /// What tells the session apart in the log.
    pub session: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_without_a_year_was_in_the_last_year_that_fits() {
        let wall =
            |text| When::Wall(NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap());
        let now: Time = "2026-03-01T00:30:00Z".parse().unwrap();
        let of = |text| wall(text).at(Tz::Europe__Amsterdam, now).unwrap().to_string();
        assert_eq!(of("2024-03-01 01:30"), "2026-03-01T00:30:00Z");
        assert_eq!(of("2024-12-31 23:59"), "2025-12-31T22:59:00Z");
        assert_eq!(of("2024-02-29 12:00"), "2024-02-29T11:00:00Z");
    }
}
