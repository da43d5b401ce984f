//! What raises an alarm, when it counts from, and whether its condition has ended since.

use super::AlarmKind;
use crate::domain::time::Time;
use crate::domain::{acceptance, bypass, change, report, risk, session, window};

/// A condition that an alarm tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Raised {
    /// The kind.
    pub kind: AlarmKind,
    /// The instant it counts from or to.
    pub due: Time,
    /// Whether it has ended.
    pub cleared: bool,
}

impl Raised {
    const fn standing(kind: AlarmKind, due: Time) -> Self {
        Self { kind, due, cleared: false }
    }

    const fn ended(kind: AlarmKind, due: Time) -> Self {
        Self { kind, due, cleared: true }
    }
}

/// How long before its end an open window raises an alarm, in seconds.
pub const ENDING: i64 = 15 * 60;

/// How long before their end an acceptance or a temporary change raise an alarm, in seconds: a week, but never
/// more than a quarter of the time they were given.
pub const LEAD: i64 = 7 * 86_400;

fn lead(from: Time, until: Time) -> i64 {
    LEAD.min(until.seconds_since(from).div_euclid(4)).max(0)
}

/// The instant from which a temporary change alarms that it must be reverted.
pub fn revert_lead(start: Time, by: Time) -> Time {
    by.plus_seconds(lead(start, by).saturating_neg())
}

/// The alarm of a window: that it ends soon, or that it is or was open past its end.
pub fn of_window(
    state: window::State,
    end: Time,
    ended_at: Option<Time>,
    now: Time,
) -> Option<Raised> {
    use window::State::{Approved, Cancelled, Closed, CutOff, Lapsed, Open, Rejected, Requested};
    match state {
        Open if now >= end => Some(Raised::standing(AlarmKind::WindowOverrun, end)),
        Open if now.plus_seconds(ENDING) >= end => {
            Some(Raised::standing(AlarmKind::WindowEnding, end))
        }
        Closed | CutOff if ended_at.is_some_and(|at| at > end) => {
            Some(Raised::ended(AlarmKind::WindowOverrun, end))
        }
        Open | Closed | CutOff | Requested | Approved | Rejected | Cancelled | Lapsed => None,
    }
}

/// The alarm of a window that was opened then and is open within its time, if anything that it stands on fell.
pub fn of_ground(
    state: window::State,
    opened_at: Option<Time>,
    end: Time,
    fell: bool,
    now: Time,
) -> Option<Raised> {
    let open = state == window::State::Open && now < end && fell;
    opened_at.filter(|_| open).map(|at| Raised::standing(AlarmKind::WindowUngrounded, at))
}

/// The alarm of a session that no open window covers. One that began in a window tells of it while it goes on after the
/// window; one that began outside of any stays until somebody has acknowledged it.
pub fn of_session(
    state: session::State,
    began: Time,
    window: Option<(window::State, Option<Time>)>,
) -> Option<Raised> {
    let kind = AlarmKind::SessionOutside;
    match (state, window) {
        (session::State::Live, None) => Some(Raised::standing(kind, began)),
        (session::State::Ended, None) => Some(Raised::ended(kind, began)),
        (session::State::Live, Some((window, ended))) if window != window::State::Open => {
            Some(Raised::standing(kind, ended.unwrap_or(began)))
        }
        (session::State::Live | session::State::Ended, Some(_)) => None,
    }
}

/// The alarm of an access that nobody allowed, as a log told of it: it is over, and stays until somebody has
/// acknowledged it.
pub const fn of_access(at: Time) -> Option<Raised> {
    Some(Raised::ended(AlarmKind::AccessOutside, at))
}

/// The alarm of somebody who was deactivated while inside, from then on: over once a log lets them out, and listed until
/// somebody has acknowledged it.
pub const fn of_leaver(left: Time, inside: bool) -> Option<Raised> {
    let kind = AlarmKind::AccessOutside;
    Some(if inside { Raised::standing(kind, left) } else { Raised::ended(kind, left) })
}

/// The alarm of work on a change that goes on, or went on, past its end; `done_at` is when it was completed or
/// backed out.
pub fn of_work(
    state: change::State,
    end: Time,
    done_at: Option<Time>,
    now: Time,
) -> Option<Raised> {
    if state == change::State::InProgress {
        (now >= end).then_some(Raised::standing(AlarmKind::ChangeOverdue, end))
    } else {
        done_at.is_some_and(|at| at > end).then_some(Raised::ended(AlarmKind::ChangeOverdue, end))
    }
}

/// The alarm of a temporary change that comes near its revert date, is past it in the plant, or was reverted late.
pub fn of_revert(
    state: change::State,
    start: Time,
    revert_by: Option<Time>,
    backed_out_at: Option<Time>,
    now: Time,
) -> Option<Raised> {
    use change::State::{
        Approved, BackedOut, Expired, Implemented, InProgress, Rejected, Requested, Returned,
        Verified, Withdrawn,
    };
    let by = revert_by?;
    match state {
        InProgress | Implemented | Verified if now >= by => {
            Some(Raised::standing(AlarmKind::RevertOverdue, by))
        }
        InProgress | Implemented | Verified if now >= revert_lead(start, by) => {
            Some(Raised::standing(AlarmKind::RevertEnding, by))
        }
        BackedOut if backed_out_at.is_some_and(|at| at > by) => {
            Some(Raised::ended(AlarmKind::RevertOverdue, by))
        }
        InProgress | Implemented | Verified | BackedOut | Requested | Approved | Rejected
        | Returned | Withdrawn | Expired => None,
    }
}

/// The alarm of a bypass that comes near its end, is in place past it, or was taken out late. `since` is when it was placed
/// or last renewed.
pub fn of_bypass(
    state: bypass::State,
    since: Time,
    until: Time,
    removed_at: Option<Time>,
    now: Time,
) -> Option<Raised> {
    match state {
        bypass::State::Placed if now >= until => {
            Some(Raised::standing(AlarmKind::BypassEnded, until))
        }
        bypass::State::Placed if now >= revert_lead(since, until) => {
            Some(Raised::standing(AlarmKind::BypassEnding, until))
        }
        bypass::State::Removed if removed_at.is_some_and(|at| at > until) => {
            Some(Raised::ended(AlarmKind::BypassEnded, until))
        }
        bypass::State::Placed | bypass::State::Removed => None,
    }
}

/// The alarm of an acceptance that comes near its end, or has ended: until its risk is treated, closed or accepted
/// anew. `granted` is when it was approved, `lapsed` whether its end opened the risk again.
pub fn of_acceptance(
    state: acceptance::State,
    granted: Option<Time>,
    until: Time,
    risk: risk::State,
    lapsed: bool,
    now: Time,
) -> Option<Raised> {
    if lapsed {
        let cleared = risk != risk::State::Open;
        return Some(Raised { kind: AlarmKind::AcceptanceEnded, due: until, cleared });
    }
    if state != acceptance::State::Approved || risk != risk::State::Accepted {
        return None;
    }
    let lead = granted.map_or(LEAD, |granted| lead(granted, until));
    if now >= until {
        Some(Raised::standing(AlarmKind::AcceptanceEnded, until))
    } else if now.plus_seconds(lead) >= until {
        Some(Raised::standing(AlarmKind::AcceptanceEnding, until))
    } else {
        None
    }
}

/// The alarm of a report that nobody triages, or triaged late.
pub fn of_report(
    state: report::State,
    triage_by: Time,
    triaged_at: Option<Time>,
    now: Time,
) -> Option<Raised> {
    match state {
        report::State::Submitted => {
            (now >= triage_by).then_some(Raised::standing(AlarmKind::ReportUntriaged, triage_by))
        }
        report::State::Triaged => triaged_at
            .is_some_and(|at| at > triage_by)
            .then_some(Raised::ended(AlarmKind::ReportUntriaged, triage_by)),
    }
}
