//! What an operator must know of every kind of alarm (the rationalisation record of ISA-18.2 clause 8), as data:
//! screens, `smc show` and docs/alarms.md are made from it.

use super::AlarmKind;
use crate::words;

words! {
    /// Who raises a kind of alarm.
    pub enum Source {
        /// It follows from what the store holds: everyone sees it.
        Store = "store",
        /// A console raises it for itself.
        Console = "console",
    }
}

/// The record of a kind of alarm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Rationale {
    /// The kind.
    pub kind: AlarmKind,
    /// Who raises it.
    pub source: Source,
    /// The priority that it is never below; none if consequence and time alone say.
    pub floor: Option<i64>,
    /// Whether it stays when its condition ends before anybody acknowledged it. Where it does not, the deed that
    /// ends it is the answer, and stands in the ledger by name.
    pub latches: bool,
    /// What it means.
    pub cause: &'static str,
    /// What follows if nothing is done.
    pub consequence: &'static str,
    /// What to do.
    pub response: &'static str,
    /// How much time there is to do it.
    pub time: &'static str,
    /// What ends its condition.
    pub cleared_by: &'static str,
}

/// The record of every kind of alarm, in the order of the kinds.
pub const RATIONALE: &[Rationale] = &[
    Rationale {
        kind: AlarmKind::WindowOverrun,
        source: Source::Store,
        floor: Some(1),
        latches: true,
        cause: "a vendor still has access after the window's end",
        consequence: "access that nobody approved",
        response: "close the window, or cut the vendor off",
        time: "at once",
        cleared_by: "the window is closed or cut off",
    },
    Rationale {
        kind: AlarmKind::WindowEnding,
        source: Source::Store,
        floor: None,
        latches: false,
        cause: "an open window ends within 15 minutes",
        consequence: "work may be left half done, or access overrun",
        response: "tell the vendor's person; close the window in time",
        time: "15 minutes, until the window's end",
        cleared_by: "the window is closed or cut off; past its end it is an overrun",
    },
    Rationale {
        kind: AlarmKind::WindowUngrounded,
        source: Source::Store,
        floor: Some(1),
        latches: false,
        cause: "a window is open and what it stands on holds no more",
        consequence: "access that would not be given now",
        response: "cut the vendor off, or mend what fell: the page of the window names it",
        time: "at once",
        cleared_by: "the window is closed or cut off, or what it stands on holds again",
    },
    Rationale {
        kind: AlarmKind::SessionOutside,
        source: Source::Store,
        floor: Some(1),
        latches: true,
        cause: "a vendor's person is, or was, on an asset and no open window covers it",
        consequence: "access that nobody approved, or that goes on after it was ended",
        response: "end the session where it runs; ask who let them in; say why when you acknowledge",
        time: "at once",
        cleared_by: "the session has ended",
    },
    Rationale {
        kind: AlarmKind::AccessOutside,
        source: Source::Store,
        floor: Some(2),
        latches: true,
        cause: "an access log tells of somebody whom nobody allowed",
        consequence: "somebody was in the plant's systems and nobody approved it",
        response: "find out who it was and who let them in; say what you found when you acknowledge",
        time: "8 hours",
        cleared_by: "the access was over when its log came in: it stays until somebody says what it was; of somebody deactivated while inside, once a log lets them out",
    },
    Rationale {
        kind: AlarmKind::ChangeOverdue,
        source: Source::Store,
        floor: None,
        latches: true,
        cause: "work on a change goes on past its approved end",
        consequence: "the plant runs on a state that nobody approved",
        response: "complete the change, or back it out",
        time: "15 minutes",
        cleared_by: "the change is completed or backed out",
    },
    Rationale {
        kind: AlarmKind::RevertOverdue,
        source: Source::Store,
        floor: None,
        latches: true,
        cause: "a temporary change is past its revert date",
        consequence: "a makeshift becomes the plant",
        response: "back the change out, or ask in its place for what may stay and renew it",
        time: "8 hours",
        cleared_by: "the change is backed out, or renewed by approval",
    },
    Rationale {
        kind: AlarmKind::RevertEnding,
        source: Source::Store,
        floor: None,
        latches: false,
        cause: "a temporary change comes near its revert date",
        consequence: "a makeshift stays longer than anybody approved",
        response: "plan the reverting, or ask in its place for what may stay and renew it",
        time: "until the revert date: a week, or a quarter of its time if that is less",
        cleared_by: "the change is backed out, or renewed by approval; past its date it is overdue",
    },
    Rationale {
        kind: AlarmKind::BypassEnded,
        source: Source::Store,
        floor: None,
        latches: true,
        cause: "a bypass is in place past its end",
        consequence: "the plant runs without a protection, and nobody allowed it",
        response: "take the bypass out, or renew it under a change that was approved for it",
        time: "15 minutes",
        cleared_by: "the bypass is out, or renewed",
    },
    Rationale {
        kind: AlarmKind::BypassEnding,
        source: Source::Store,
        floor: None,
        latches: false,
        cause: "a bypass comes near its end",
        consequence: "a protection stays out of use longer than anybody allowed",
        response: "take the bypass out, or ask for a change that lets it stay",
        time: "until its end: a week, or a quarter of its time if that is less",
        cleared_by: "the bypass is out, or renewed; past its end it has ended",
    },
    Rationale {
        kind: AlarmKind::AcceptanceEnded,
        source: Source::Store,
        floor: None,
        latches: true,
        cause: "the acceptance of a risk has ended",
        consequence: "the risk is carried without a decision",
        response: "treat the risk, or ask for a new acceptance",
        time: "8 hours",
        cleared_by: "the risk is treated, closed or accepted anew",
    },
    Rationale {
        kind: AlarmKind::AcceptanceEnding,
        source: Source::Store,
        floor: None,
        latches: false,
        cause: "the acceptance of a risk comes near its end",
        consequence: "the risk will be open again",
        response: "treat the risk, or ask for a new acceptance",
        time: "until the acceptance ends: a week, or a quarter of its time if that is less",
        cleared_by: "the risk is treated or closed; past its end the acceptance has ended",
    },
    Rationale {
        kind: AlarmKind::ReportUntriaged,
        source: Source::Store,
        floor: None,
        latches: true,
        cause: "nobody has triaged a report within 4 hours",
        consequence: "what the plant saw may be an incident that nobody answers",
        response: "triage the report: dismiss it, or link an incident or a risk",
        time: "at once",
        cleared_by: "the report is triaged",
    },
    Rationale {
        kind: AlarmKind::StoreStale,
        source: Source::Console,
        floor: Some(2),
        latches: false,
        cause: "the store does not answer",
        consequence: "what this screen shows is old, and nothing can be written",
        response: "look with `smc doctor`; tell whoever runs the store; keep a written log",
        time: "15 minutes",
        cleared_by: "the store answers again",
    },
    Rationale {
        kind: AlarmKind::ClockSkew,
        source: Source::Console,
        floor: Some(3),
        latches: false,
        cause: "the clock of this host is 5 seconds or more from the store's",
        consequence: "what remains of a time reads wrong here; rules count by the store's clock",
        response: "set this host's clock by the time server",
        time: "8 hours",
        cleared_by: "the clocks agree again",
    },
    Rationale {
        kind: AlarmKind::VerificationFault,
        source: Source::Console,
        floor: Some(1),
        latches: true,
        cause: "the end of the ledger, looked at each minute, or the store's own objects are not what they should be",
        consequence: "what the screens show may have been tampered with",
        response: "write nothing; run `smc verify`; keep the store as it is for those who look into it",
        time: "at once",
        cleared_by: "`smc verify` finds nothing, or a repair is recorded",
    },
    Rationale {
        kind: AlarmKind::StoreBackwards,
        source: Source::Console,
        floor: Some(1),
        latches: true,
        cause: "the store ends before what this console has seen of it",
        consequence: "what people wrote may be gone: an older copy stands in its place",
        response: "write nothing; find out who restored the store, and what is missing",
        time: "at once",
        cleared_by: "the store is whole again, or two persons have said that it was restored",
    },
];

/// The record of this kind.
pub fn rationale(kind: AlarmKind) -> &'static Rationale {
    const FIRST: &Rationale = match RATIONALE {
        [first, ..] => first,
        [] => unreachable!(),
    };
    RATIONALE.iter().find(|r| r.kind == kind).unwrap_or(FIRST)
}
