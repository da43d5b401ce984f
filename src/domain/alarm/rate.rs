//! How many alarms begin (EEMUA 191: one person can answer about one in ten minutes for long, and never more than ten
//! in ten minutes).

use serde::Serialize;

use super::{ENDING, revert_lead};
use crate::domain::time::Time;

/// Ten minutes, in seconds.
const SHORT: i64 = 600;

/// A day, in seconds.
const DAY: i64 = 86_400;

/// A day, in minutes.
const MINUTES: u32 = 1_440;

/// Alarms in ten minutes above which it is a flood.
pub const FLOOD: u32 = 10;

/// Alarms in a day above which it is more than one in ten minutes.
pub const AVERAGE: u32 = 144;

/// How many alarms began lately.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Rate {
    /// In the last ten minutes.
    pub ten_minutes: u32,
    /// In the last 24 hours.
    pub day: u32,
}

impl Rate {
    /// The rate of alarms that began at these instants.
    pub fn of(begun: &[Time], now: Time) -> Self {
        let since = |seconds: i64| {
            let from = now.plus_seconds(seconds.saturating_neg());
            let within = begun.iter().filter(|at| **at > from && **at <= now);
            u32::try_from(within.count()).unwrap_or(u32::MAX)
        };
        Self { ten_minutes: since(SHORT), day: since(DAY) }
    }

    /// Whether there are more in ten minutes than anybody can answer.
    pub const fn flood(self) -> bool {
        self.ten_minutes > FLOOD
    }

    /// In one line of words, with the limits.
    pub fn words(self) -> String {
        let flood = if self.flood() { ": a flood" } else { "" };
        format!(
            "{} in 10 min{flood}, {} in 24 h{} (EEMUA 191: at most one in 10 min for long, a flood above {FLOOD})",
            counted(self.ten_minutes),
            counted(self.day),
            self.average()
        )
    }

    /// How far apart those of the day are, where there are several.
    fn average(self) -> String {
        match self.day {
            0 | 1 => String::new(),
            day => match MINUTES / day {
                0 => ": more than one in a minute".to_owned(),
                apart @ 1..60 => format!(": about one in {apart} min"),
                apart => format!(": about one in {} h", apart / 60),
            },
        }
    }
}

fn counted(count: u32) -> String {
    if count == 0 { "none".to_owned() } else { count.to_string() }
}

/// When a window that was opened began to alarm: that it ends soon, and that it is past its end.
pub fn of_open(opened: Time, end: Time, ended: Option<Time>) -> Vec<Time> {
    let soon = end.plus_seconds(-ENDING).max(opened);
    let reached = |at: Time| ended.is_none_or(|ended| ended > at);
    let mut begun = Vec::new();
    if soon < end && reached(soon) {
        begun.push(soon);
    }
    if reached(end) {
        begun.push(end);
    }
    begun
}

/// When a temporary change began to alarm: that it must be reverted soon, and that it should have been.
pub fn of_temporary(start: Time, by: Time, backed_out: Option<Time>) -> Vec<Time> {
    let instants = [revert_lead(start, by), by];
    instants.into_iter().filter(|at| backed_out.is_none_or(|done| done > *at)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Time {
        Time::from_micros(0).plus_seconds(seconds)
    }

    #[test]
    fn more_than_ten_in_ten_minutes_are_a_flood() {
        let begun = |count: i64| (0..count).map(at).collect::<Vec<_>>();
        assert!(!Rate::of(&begun(10), at(10)).flood());
        assert!(Rate::of(&begun(11), at(10)).flood());
        assert!(!Rate::of(&begun(11), at(700)).flood(), "ten minutes later it is over");
        assert_eq!(Rate::of(&begun(11), at(700)).day, 11);
        assert_eq!(Rate::of(&[at(50)], at(10)), Rate::default(), "what is to come does not count");
    }

    #[test]
    fn an_average_of_one_in_ten_minutes_is_144_a_day() {
        let said = |ten_minutes, day| {
            let words = Rate { ten_minutes, day }.words();
            words.split_once(" (").unwrap().0.to_owned()
        };
        assert_eq!(said(0, AVERAGE), "none in 10 min, 144 in 24 h: about one in 10 min");
        assert_eq!(said(2, 58), "2 in 10 min, 58 in 24 h: about one in 24 min");
        assert_eq!(said(11, 11), "11 in 10 min: a flood, 11 in 24 h: about one in 2 h");
    }

    #[test]
    fn a_quiet_day_is_said_as_people_say_it() {
        let words = Rate::default().words();
        let limits = "(EEMUA 191: at most one in 10 min for long, a flood above 10)";
        assert_eq!(words, format!("none in 10 min, none in 24 h {limits}"));
        assert!(Rate { ten_minutes: 1, day: 1 }.words().starts_with("1 in 10 min, 1 in 24 h ("));
        assert!(Rate { ten_minutes: 9, day: 2_000 }.words().contains("more than one in a minute"));
    }

    #[test]
    fn a_window_alarms_before_its_end_and_at_it_while_it_is_open() {
        assert_eq!(of_open(at(0), at(2_000), None), [at(1_100), at(2_000)]);
        assert_eq!(of_open(at(0), at(2_000), Some(at(1_500))), [at(1_100)]);
        assert_eq!(of_open(at(0), at(2_000), Some(at(900))), []);
        assert_eq!(of_open(at(1_500), at(2_000), None), [at(1_500), at(2_000)]);
    }
}
