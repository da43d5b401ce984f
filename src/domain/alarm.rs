//! Alarms after ISA-18.2: their kinds, how one stands, and what people say of it.
//!
//! Alarms are concluded from what the store holds and the time; nothing of them is stored but who acknowledged
//! or shelved which occurrence. What raises each kind stands in `raise`, what an operator must know in `rationale`.

use serde::Serialize;

use super::attention::{self, Consequence};
use super::command::Subject;
use super::names::{Ref, SiteCode};
use super::refusal::{Code, Refusal, Verdict};
use super::text::Line;
use super::time::Time;
use crate::{subject, words};

mod raise;
mod rate;
mod rationale;

pub use raise::{
    ENDING, LEAD, Raised, of_acceptance, of_access, of_bypass, of_ground, of_leaver, of_report,
    of_revert, of_session, of_window, of_work, revert_lead,
};
pub use rate::{AVERAGE, FLOOD, Rate, of_open, of_temporary};
pub use rationale::{RATIONALE, Rationale, Source, rationale};

words! {
    /// Kinds of alarm.
    pub enum AlarmKind {
        /// A window is open past its end.
        WindowOverrun = "window_overrun",
        /// A window is open and ends within 15 minutes.
        WindowEnding = "window_ending",
        /// A window is open whose ground fell: person, papers, contract, assets or the change that it serves.
        WindowUngrounded = "window_ungrounded",
        /// A session goes on, or went on, that no window covers.
        SessionOutside = "session_outside",
        /// An access log tells of somebody whom nobody allowed.
        AccessOutside = "access_outside",
        /// Work on a change goes on past its end.
        ChangeOverdue = "change_overdue",
        /// A temporary change is past its revert date.
        RevertOverdue = "revert_overdue",
        /// A temporary change comes near its revert date.
        RevertEnding = "revert_ending",
        /// A bypass is in place past its end.
        BypassEnded = "bypass_ended",
        /// A bypass comes near its end.
        BypassEnding = "bypass_ending",
        /// An acceptance has ended and its risk is open again.
        AcceptanceEnded = "acceptance_ended",
        /// An acceptance comes near its end.
        AcceptanceEnding = "acceptance_ending",
        /// Nobody has triaged a report within its time.
        ReportUntriaged = "report_untriaged",
        /// The store does not answer.
        StoreStale = "store_stale",
        /// The clocks of this host and of the store differ.
        ClockSkew = "clock_skew",
        /// The ledger or a table is not what it should be.
        VerificationFault = "verification_fault",
        /// The store ends before what this console saw of it.
        StoreBackwards = "store_backwards",
    }
}

words! {
    /// How an alarm stands (ISA-18.2 states A to E).
    pub enum State {
        /// Its condition has ended and it was acknowledged: it is listed no more.
        Normal = "normal",
        /// It stands and nobody has acknowledged it.
        Unacknowledged = "unacknowledged",
        /// It stands and somebody knows.
        Acknowledged = "acknowledged",
        /// Its condition has ended before anybody acknowledged it.
        Returned = "returned",
        /// It stands, and somebody put it aside until a time.
        Shelved = "shelved",
    }
}

impl State {
    /// How an alarm stands whose condition has ended or not, that was acknowledged or not, that is on the shelf
    /// or not. An ended condition needs no shelf, only an acknowledgement.
    pub const fn of(cleared: bool, acknowledged: bool, shelved: bool) -> Self {
        match (cleared, acknowledged, shelved) {
            (true, true, _) => Self::Normal,
            (true, false, _) => Self::Returned,
            (false, _, true) => Self::Shelved,
            (false, true, false) => Self::Acknowledged,
            (false, false, false) => Self::Unacknowledged,
        }
    }

    /// Whether somebody still has to acknowledge it.
    pub const fn calls(self) -> bool {
        match self {
            Self::Unacknowledged | Self::Returned => true,
            Self::Normal | Self::Acknowledged | Self::Shelved => false,
        }
    }
}

/// An alarm as it stands now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Alarm {
    /// What it is called: kind and subject, `window_overrun:VW-11`.
    pub r#ref: Ref,
    /// Its site.
    pub site: SiteCode,
    /// How it stands.
    pub state: State,
    /// One line: the subject and what is wrong with it.
    pub title: String,
    /// The kind.
    pub kind: AlarmKind,
    /// The subject that raises it, `VW-11`.
    pub subject: Ref,
    /// Priority 1 to 4, by consequence and time left.
    pub priority: i64,
    /// The instant it counts from or to; it tells one occurrence from the next.
    pub due: Time,
    /// Whether the condition has ended.
    pub cleared: bool,
    /// Who acknowledged this occurrence.
    pub acknowledged_by: Option<String>,
    /// When.
    pub acknowledged_at: Option<Time>,
    /// Who shelved it, while it is on the shelf.
    pub shelved_by: Option<String>,
    /// Until when it is shelved.
    pub shelved_until: Option<Time>,
    /// Why it is shelved.
    pub shelved_reason: Option<String>,
    /// What to do.
    pub response: &'static str,
    /// The time zone of its site.
    pub timezone: String,
    /// The entry that last wrote the subject, or said something of the alarm.
    pub seq: i64,
}

/// The most urgent alarm of a subject, as the list of such subjects shows it beside the row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Urgent {
    /// The kind.
    pub kind: AlarmKind,
    /// Priority 1 to 4.
    pub priority: u8,
    /// The instant it counts from or to.
    pub due: Time,
}

/// The reference of a subject's alarm of this kind; none for a subject whose name is too long for one.
pub fn reference(kind: AlarmKind, subject: &str) -> Option<Ref> {
    Ref::new(&format!("{kind}:{subject}")).ok()
}

/// The kind and the subject that an alarm's reference names; none if it names no alarm.
pub fn parts(reference: &Ref) -> Option<(AlarmKind, Ref)> {
    let (kind, subject) = reference.as_str().split_once(':')?;
    Some((AlarmKind::parse(kind)?, Ref::new(subject).ok()?))
}

/// Priority 1 to 4: consequence and time as for tasks, never below the floor of the kind; none while it can
/// wait on its own screen.
pub fn priority(kind: AlarmKind, consequence: Consequence, due: Time, now: Time) -> Option<i64> {
    let by_time = attention::priority(consequence, due.seconds_since(now)).map(i64::from);
    match (rationale(kind).floor, by_time) {
        (Some(floor), Some(priority)) => Some(floor.min(priority)),
        (floor, by_time) => floor.or(by_time),
    }
}

/// The longest that an alarm of this priority may be shelved, in seconds: P1 an hour, P2 a shift, the rest a day.
pub const fn longest_shelf(priority: i64) -> i64 {
    match priority {
        ..=1 => 3_600,
        2 => 8 * 3_600,
        3.. => 24 * 3_600,
    }
}

/// Whether an alarm of this priority may be shelved from one instant until another.
///
/// # Errors
/// `expired` for an end that has passed, `invalid` for one that lies too far.
pub fn may_shelve(priority: i64, until: Time, at: Time) -> Verdict {
    if until <= at {
        return Err(Refusal::new(
            Code::Expired,
            format!("the shelf would have ended at {until:#}"),
            "give an end that is still to come",
        ));
    }
    let longest = longest_shelf(priority);
    if until > at.plus_seconds(longest) {
        return Err(Refusal::new(
            Code::Invalid,
            format!("an alarm of priority {priority} cannot be shelved until {until:#}"),
            format!("shelve it for at most {} h, and again if it must be", longest / 3_600),
        ));
    }
    Ok(())
}

/// Whether a shelf holds: until its end, and no longer than the alarm is as urgent as it was when it was shelved.
pub fn shelf_holds(until: Time, priority_then: i64, priority_now: i64, now: Time) -> bool {
    now < until && priority_now >= priority_then
}

subject! {
    "alarm";
    /// Acknowledges an alarm by name; one that has ended leaves with it, one that stands stays until it ends.
    Acknowledge => Acknowledged("alarm.acknowledge" => "alarm.acknowledged") Attend writes ["alarm_acknowledgement"]
    { r#ref: Ref = "The alarm, `window_overrun:VW-11`."; ; reason: Line = "A note.";
      due: Time = "The `due` of the alarm that was seen; refused as stale if it is another one now."; }
    /// Puts an alarm aside until a time: P1 at most 1 h, P2 8 h, others 24 h.
    Shelve => Shelved("alarm.shelve" => "alarm.shelved") Attend writes ["alarm_shelf"]
    { r#ref: Ref = "The alarm, `window_overrun:VW-11`."; reason: Line = "Why it can wait."; until: Time = "Until when: P1 at most 1 h, P2 8 h, others 24 h."; ;
      due: Time = "The `due` of the alarm that was seen; refused as stale if it is another one now."; }
    /// Takes an alarm off the shelf.
    Unshelve => Unshelved("alarm.unshelve" => "alarm.unshelved") Attend writes ["alarm_shelf"]
    { r#ref: Ref = "The alarm, `window_overrun:VW-11`."; ; reason: Line = "A note."; }
}

impl Kind {
    /// The alarm that the entry is about.
    pub const fn alarm(&self) -> &Ref {
        match self {
            Self::Acknowledged(payload) => &payload.r#ref,
            Self::Shelved(payload) => &payload.r#ref,
            Self::Unshelved(payload) => &payload.r#ref,
        }
    }

    /// Entries are about the alarm that they name.
    pub fn subject(&self) -> Subject {
        Subject::Is(self.alarm().clone())
    }
}

#[cfg(test)]
mod tests;
