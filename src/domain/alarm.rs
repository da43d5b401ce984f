//! Alarms, derived from what the store holds and the time; nothing of them is stored.

use serde::Serialize;

use super::names::{Ref, SiteCode};
use super::time::Time;
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

#[cfg(test)]
mod tests {
    use super::*;

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
