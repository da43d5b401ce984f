//! Tasks: what a person has to do now, concluded from the tables and the time, and put to sleep by whoever has it.
//! A task cannot be acknowledged; it leaves by being done.

use serde::Serialize;

use super::command::Subject;
use super::names::{Ref, SiteCode};
use super::refusal::{Code, Refusal, Verdict};
use super::role::Right;
use super::text::Line;
use super::time::Time;
use crate::{subject, words};

/// Seconds before its start from which an approved window waits to be opened.
pub const OPENING: i64 = 900;

/// Seconds after its end for which whoever asked is told of a change that nobody began.
pub const LAPSED: i64 = 7 * 86_400;

words! {
    /// What is to be done.
    pub enum TaskKind {
        /// A decision on a change, a window or an acceptance.
        Decide = "decide",
        /// A window can be opened.
        Open = "open",
        /// An open window must be closed, with its close-out, before its end.
        Close = "close",
        /// A change can begin.
        Start = "start",
        /// What stands against an approved change can be waived.
        Waive = "waive",
        /// Work on a change must be done before its end.
        Complete = "complete",
        /// A change that was done waits to be verified.
        Verify = "verify",
        /// An emergency waits for the word of a discipline that did not decide it.
        Review = "review",
        /// A review found an emergency wrong: it is backed out, or withdrawn before it began.
        BackOut = "back_out",
        /// A change was sent back.
        Revise = "revise",
        /// A request was refused for good while its time still lies ahead, or its time passed before work began: it is
        /// asked for anew, otherwise, or let be.
        Renew = "renew",
        /// A report waits to be judged.
        Triage = "triage",
    }
}

impl TaskKind {
    /// The word for a column of seven.
    pub const fn short(self) -> &'static str {
        match self {
            Self::Complete => "finish",
            Self::BackOut => "undo",
            Self::Decide
            | Self::Open
            | Self::Close
            | Self::Start
            | Self::Waive
            | Self::Verify
            | Self::Review
            | Self::Revise
            | Self::Renew
            | Self::Triage => self.word(),
        }
    }

    /// What a person must be allowed to; for a decision, a revision and a renewal more is asked.
    pub const fn right(self) -> Right {
        match self {
            Self::Decide | Self::Review | Self::Waive => Right::Decide,
            Self::Open => Right::Open,
            Self::Close => Right::Close,
            Self::Start
            | Self::Complete
            | Self::Verify
            | Self::BackOut
            | Self::Revise
            | Self::Renew
            | Self::Triage => Right::Operate,
        }
    }
}

words! {
    /// How a task stands for the person.
    pub enum State {
        /// It waits.
        Waiting = "waiting",
        /// The person put it to sleep.
        Asleep = "asleep",
    }
}

/// A task as it stands for one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Task {
    /// What it is called: kind and subject, `decide:CR-3`.
    pub r#ref: Ref,
    /// Its site.
    pub site: SiteCode,
    /// How it stands.
    pub state: State,
    /// One line, the verb first.
    pub title: String,
    /// What is to be done.
    pub kind: TaskKind,
    /// What it is about, `CR-3`.
    pub subject: Ref,
    /// Priority 1 to 4, by consequence and time left.
    pub priority: i64,
    /// The last useful moment.
    pub due: Time,
    /// Whether this person can do it.
    pub mine: bool,
    /// Who can.
    pub who: String,
    /// Until when it sleeps.
    pub asleep_until: Option<Time>,
    /// Why it sleeps, if that was said.
    pub asleep_reason: Option<String>,
    /// The time zone of its site.
    pub timezone: String,
    /// The entry that last wrote its subject.
    pub seq: i64,
}

/// The reference of a task; none for a subject whose name is too long for one.
pub fn reference(kind: TaskKind, subject: &str) -> Option<Ref> {
    Ref::new(&format!("{kind}:{subject}")).ok()
}

/// The kind and the subject that a task's reference names; none if it names no task.
pub fn parts(reference: &Ref) -> Option<(TaskKind, Ref)> {
    let (kind, subject) = reference.as_str().split_once(':')?;
    Some((TaskKind::parse(kind)?, Ref::new(subject).ok()?))
}

/// Whether a task with this last useful moment may sleep from one instant until another.
///
/// # Errors
/// `expired` for an end that has passed, `invalid` for one that is not before the last useful moment.
pub fn may_snooze(due: Time, until: Time, at: Time) -> Verdict {
    if until <= at {
        return Err(Refusal::new(
            Code::Expired,
            format!("it would have slept until {until:#}"),
            "give a time that is still to come",
        ));
    }
    if until >= due {
        return Err(Refusal::new(
            Code::Invalid,
            format!("it would sleep until {until:#}, and its last useful moment is {due:#}"),
            "give a time before that, or do it now",
        ));
    }
    Ok(())
}

/// Whether a task with this last useful moment may sleep at all.
///
/// # Errors
/// `expired` once that moment has passed.
pub fn may_sleep(due: Time, at: Time) -> Verdict {
    if due > at {
        return Ok(());
    }
    Err(Refusal::new(
        Code::Expired,
        format!("its last useful moment was {due:#}"),
        "what is overdue does not sleep: do it now",
    ))
}

subject! {
    "task";
    /// Lets a task sleep until a time before its last useful moment, for whoever asks and nobody else.
    Snooze => Snoozed("task.snooze" => "task.snoozed") Report writes ["task_snooze"]
    { r#ref: Ref = "The task, `decide:CR-3`."; until: Time = "Until when."; ; reason: Line = "A note."; }
    /// Wakes a task before its time, for whoever put it to sleep.
    Wake => Woken("task.wake" => "task.woken") Report writes ["task_snooze"]
    { r#ref: Ref = "The task, `decide:CR-3`."; ; reason: Line = "A note."; }
}

impl Kind {
    /// Entries are about the task that they name.
    pub fn subject(&self) -> Subject {
        match self {
            Self::Snoozed(payload) => Subject::Is(payload.r#ref.clone()),
            Self::Woken(payload) => Subject::Is(payload.r#ref.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::alarm::AlarmKind;

    #[test]
    fn every_kind_fits_its_column() {
        for kind in TaskKind::ALL {
            assert!(kind.short().len() <= 7, "{kind}");
        }
    }

    #[test]
    fn a_task_sleeps_until_a_time_before_its_last_useful_moment() {
        let at = |seconds| Time::from_micros(0).plus_seconds(seconds);
        let code = |due, until, now| {
            may_snooze(at(due), at(until), at(now)).err().map(|refusal| refusal.code)
        };
        assert_eq!(code(100, 99, 10), None);
        assert_eq!(code(100, 100, 10), Some(Code::Invalid));
        assert_eq!(code(100, 10, 10), Some(Code::Expired));
        assert_eq!(code(5, 20, 10), Some(Code::Invalid), "what is overdue does not sleep");
        assert!(may_sleep(at(11), at(10)).is_ok());
        for due in [5, 10] {
            assert_eq!(may_sleep(at(due), at(10)).unwrap_err().code, Code::Expired);
            assert!(code(due, 11, 10).is_some(), "no end at all is taken then");
        }
    }

    #[test]
    fn no_task_is_called_as_an_alarm_is() {
        for word in TaskKind::WORDS {
            assert_eq!(AlarmKind::parse(word), None, "{word}");
        }
        let named = reference(TaskKind::Decide, "CR-3").unwrap();
        assert_eq!(parts(&named), Some((TaskKind::Decide, Ref::new("CR-3").unwrap())));
    }
}
