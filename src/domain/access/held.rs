//! What an event of a log is against what the tables know of whoever it names. Where that is looked up is not here.

use super::State;
use crate::domain::time::Time;
use crate::words;

words! {
    /// Why nobody allowed an access of somebody who is known here.
    pub enum Because {
        /// No window of the person was open.
        NoWindow = "no_window",
        /// The person had been deactivated.
        Left = "left",
    }
}

impl Because {
    /// What an alarm says of it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::NoWindow => "no window was open",
            Self::Left => "after the person had left",
        }
    }
}

/// Whoever an event names, as the tables know them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// A vendor's person.
    Vendor {
        /// The end of the window that was open.
        until: Option<Time>,
    },
    /// Somebody of this store's own people.
    Staff {
        /// When they were deactivated.
        left: Option<Time>,
    },
    /// Nobody here knows the login.
    Nobody,
}

/// What an event at that instant is, by the rules of that version.
pub fn held(at: Time, known: Known, version: u32) -> (State, Option<Because>) {
    match known {
        Known::Vendor { until: Some(until) } if at < until => (State::Covered, None),
        Known::Vendor { until: Some(_) } => (State::Overrun, None),
        Known::Vendor { until: None } => (State::Outside, Some(Because::NoWindow)),
        Known::Staff { left } if version >= 6 && left.is_some_and(|left| left <= at) => {
            (State::Outside, Some(Because::Left))
        }
        Known::Staff { .. } => (State::Staff, None),
        Known::Nobody => (State::Stranger, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Time {
        Time::from_micros(0).plus_seconds(seconds)
    }

    #[test]
    fn whoever_comes_in_after_they_left_is_somebody_whom_nobody_allowed() {
        let left = Known::Staff { left: Some(at(10)) };
        assert_eq!(held(at(9), left, 6), (State::Staff, None));
        assert_eq!(held(at(10), left, 6), (State::Outside, Some(Because::Left)));
        assert_eq!(held(at(99), Known::Staff { left: None }, 6), (State::Staff, None));
    }

    #[test]
    fn entries_of_the_rules_before_take_whoever_left_for_their_own_people() {
        assert_eq!(held(at(10), Known::Staff { left: Some(at(10)) }, 5), (State::Staff, None));
    }

    #[test]
    fn a_window_covers_until_its_end() {
        let until = |end| Known::Vendor { until: end };
        assert_eq!(held(at(9), until(Some(at(10))), 6), (State::Covered, None));
        assert_eq!(held(at(10), until(Some(at(10))), 6), (State::Overrun, None));
        assert_eq!(held(at(9), until(None), 6), (State::Outside, Some(Because::NoWindow)));
        assert_eq!(held(at(9), Known::Nobody, 6), (State::Stranger, None));
    }
}
