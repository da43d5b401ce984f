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
        /// The key is none of those that were on record for the person.
        Key = "key",
        /// They came from another address than the window names.
        Source = "source",
    }
}

impl Because {
    /// What an alarm says of it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::NoWindow => "no window was open",
            Self::Left => "after the person had left",
            Self::Key => "by a key that is none of theirs",
            Self::Source => "from another address than the window's",
        }
    }

    /// Whether an open window does not make it right.
    pub const fn in_spite_of_a_window(self) -> bool {
        match self {
            Self::Key | Self::Source => true,
            Self::NoWindow | Self::Left => false,
        }
    }
}

/// What an event proves of who came in and from where; none where that cannot be told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Proof {
    /// Whether the key is one of those on record for the person.
    pub key: Option<bool>,
    /// Whether the address is one that the window names.
    pub source: Option<bool>,
}

impl Proof {
    /// What it proves against the person.
    pub fn against(self) -> Option<Because> {
        match (self.key, self.source) {
            (Some(false), _) => Some(Because::Key),
            (Some(true) | None, Some(false)) => Some(Because::Source),
            (Some(true) | None, Some(true) | None) => None,
        }
    }
}

/// Whoever an event names, as the tables know them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// A vendor's person.
    Vendor {
        /// The end of the window that was open, and what the event proves against it.
        window: Option<(Time, Proof)>,
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
        Known::Vendor { window: Some((until, proof)) } => match proof.against() {
            Some(against) if version >= 6 => (State::Outside, Some(against)),
            Some(_) | None if at < until => (State::Covered, None),
            Some(_) | None => (State::Overrun, None),
        },
        Known::Vendor { window: None } => (State::Outside, Some(Because::NoWindow)),
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
        let until = |end| Known::Vendor { window: Some((end, Proof::default())) };
        assert_eq!(held(at(9), until(at(10)), 6), (State::Covered, None));
        assert_eq!(held(at(10), until(at(10)), 6), (State::Overrun, None));
        let none = Known::Vendor { window: None };
        assert_eq!(held(at(9), none, 6), (State::Outside, Some(Because::NoWindow)));
        assert_eq!(held(at(9), Known::Nobody, 6), (State::Stranger, None));
    }

    #[test]
    fn a_window_covers_nobody_with_a_key_or_from_an_address_that_is_none_of_theirs() {
        let of = |key, source, version| {
            held(at(9), Known::Vendor { window: Some((at(10), Proof { key, source })) }, version)
        };
        assert_eq!(of(Some(true), Some(true), 6), (State::Covered, None));
        assert_eq!(of(Some(false), None, 6), (State::Outside, Some(Because::Key)));
        assert_eq!(of(Some(true), Some(false), 6), (State::Outside, Some(Because::Source)));
        assert_eq!(of(Some(false), Some(false), 5), (State::Covered, None), "as it was taken then");
    }
}
