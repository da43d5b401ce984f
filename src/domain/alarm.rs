//! Alarms, derived from what the store holds and the time; nothing of them is stored.

use serde::Serialize;

use super::names::{Ref, SiteCode};
use super::time::Time;
use super::{acceptance, change, risk, window};
use crate::words;

words! {
    /// Kinds of alarm.
    pub enum AlarmKind {
        /// A window is open past its end.
        WindowOverrun = "window_overrun",
        /// A window is open and ends within 15 minutes.
        WindowEnding = "window_ending",
        /// Work on a change goes on past its end.
        ChangeOverdue = "change_overdue",
        /// An acceptance has ended and its risk is open again.
        AcceptanceEnded = "acceptance_ended",
        /// A temporary change is past its revert date.
        RevertOverdue = "revert_overdue",
    }
}

/// What an operator must know of a kind of alarm (ISA-18.2 rationalisation).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rationale {
    /// The kind.
    pub kind: AlarmKind,
    /// Priority 1 to 4 when it begins.
    pub priority: i64,
    /// What it means.
    pub cause: &'static str,
    /// What follows if nothing is done.
    pub consequence: &'static str,
    /// What to do.
    pub response: &'static str,
}

/// The record of every kind of alarm.
pub const RATIONALE: &[Rationale] = &[
    Rationale {
        kind: AlarmKind::WindowOverrun,
        priority: 1,
        cause: "a vendor still has access after the window's end",
        consequence: "access that nobody approved",
        response: "close the window, or cut the vendor off",
    },
    Rationale {
        kind: AlarmKind::WindowEnding,
        priority: 2,
        cause: "an open window ends within 15 minutes",
        consequence: "work may be left half done, or access overrun",
        response: "tell the vendor's person; close the window in time",
    },
    Rationale {
        kind: AlarmKind::ChangeOverdue,
        priority: 2,
        cause: "work on a change goes on past its approved end",
        consequence: "the plant runs on a state that nobody approved",
        response: "complete the change, or back it out",
    },
    Rationale {
        kind: AlarmKind::AcceptanceEnded,
        priority: 3,
        cause: "the acceptance of a risk has ended",
        consequence: "the risk is carried without a decision",
        response: "treat the risk, or ask for a new acceptance",
    },
    Rationale {
        kind: AlarmKind::RevertOverdue,
        priority: 2,
        cause: "a temporary change is past its revert date",
        consequence: "a makeshift becomes the plant",
        response: "back the change out, or ask for a normal one",
    },
];

/// An alarm as it stands now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Alarm {
    /// The subject that raises it.
    pub r#ref: Ref,
    /// Its site.
    pub site: SiteCode,
    /// The kind.
    pub kind: AlarmKind,
    /// Priority 1 to 4.
    pub priority: i64,
    /// Always `unacknowledged` until acknowledging is built.
    pub state: &'static str,
    /// One line: the subject and what is wrong with it.
    pub title: String,
    /// The instant it counts from or to.
    pub due: Time,
    /// What to do.
    pub response: &'static str,
    /// The entry that last wrote the subject.
    pub seq: i64,
}

/// The record of this kind.
pub fn rationale(kind: AlarmKind) -> &'static Rationale {
    const FIRST: &Rationale = match RATIONALE {
        [first, ..] => first,
        [] => unreachable!(),
    };
    RATIONALE.iter().find(|r| r.kind == kind).unwrap_or(FIRST)
}

/// How long before its end an open window raises an alarm, in seconds.
pub const ENDING: i64 = 15 * 60;

/// The alarm of a window at this instant, with the instant that it counts from or to.
pub fn of_window(state: window::State, end: Time, now: Time) -> Option<(AlarmKind, Time)> {
    if state != window::State::Open {
        None
    } else if now >= end {
        Some((AlarmKind::WindowOverrun, end))
    } else if now.plus_seconds(ENDING) >= end {
        Some((AlarmKind::WindowEnding, end))
    } else {
        None
    }
}

/// The alarm of work on a change that goes on past its end.
pub fn of_work(state: change::State, end: Time, now: Time) -> Option<(AlarmKind, Time)> {
    (state == change::State::InProgress && now >= end).then_some((AlarmKind::ChangeOverdue, end))
}

/// The alarm of a temporary change that is in the plant past its revert date.
pub fn of_revert(
    state: change::State,
    revert_by: Option<Time>,
    now: Time,
) -> Option<(AlarmKind, Time)> {
    use change::State::{
        Approved, BackedOut, Expired, Implemented, InProgress, Rejected, Requested, Returned,
        Verified, Withdrawn,
    };
    let in_the_plant = match state {
        InProgress | Implemented | Verified => true,
        Requested | Approved | Rejected | Returned | Withdrawn | BackedOut | Expired => false,
    };
    let by = revert_by.filter(|by| in_the_plant && now >= *by)?;
    Some((AlarmKind::RevertOverdue, by))
}

/// The alarm of an acceptance that has ended: until its risk is treated, closed or accepted anew.
pub fn of_acceptance(
    state: acceptance::State,
    until: Time,
    risk: risk::State,
    now: Time,
) -> Option<(AlarmKind, Time)> {
    let was_in_force = match state {
        acceptance::State::Approved => risk == risk::State::Accepted && now >= until,
        acceptance::State::Expired => risk == risk::State::Open,
        acceptance::State::Requested | acceptance::State::Rejected => false,
    };
    was_in_force.then_some((AlarmKind::AcceptanceEnded, until))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Time {
        Time::from_micros(0).plus_seconds(seconds)
    }

    #[test]
    fn a_window_alarms_before_its_end_and_after_it_while_it_is_open() {
        use window::State::{Approved, Open};
        let kind = |state, now| of_window(state, at(10_000), at(now)).map(|(kind, _)| kind);
        assert_eq!(kind(Open, 9_000), None);
        assert_eq!(kind(Open, 9_100), Some(AlarmKind::WindowEnding));
        assert_eq!(kind(Open, 10_000), Some(AlarmKind::WindowOverrun));
        assert_eq!(kind(Approved, 10_000), None);
    }

    #[test]
    fn an_acceptance_alarms_until_its_risk_is_dealt_with() {
        use acceptance::State::{Approved, Expired, Rejected};
        use risk::State::{Accepted, Open, Treating};
        let raised = |state, risk| of_acceptance(state, at(10), risk, at(10)).is_some();
        assert!(raised(Approved, Accepted) && raised(Expired, Open));
        assert!(!raised(Expired, Treating) && !raised(Rejected, Open));
    }

    #[test]
    fn every_kind_says_cause_consequence_and_response() {
        for kind in AlarmKind::ALL {
            let found = rationale(*kind);
            assert_eq!(found.kind, *kind);
            assert!((1..=4).contains(&found.priority));
            assert!(
                !found.cause.is_empty()
                    && !found.consequence.is_empty()
                    && !found.response.is_empty()
            );
        }
    }
}
