//! Extensions: the request that a window end later, decided on its own; until it is approved the old end stands.

use super::approval::{Answer, Outcome};
use super::command::Subject;
use super::discipline::Discipline;
use super::names::Ref;
use super::refusal::{Code, Refusal, Verdict};
use super::text::Line;
use super::time::Time;
use super::window;
use crate::{subject, words};

/// The prefix of extensions.
pub const PREFIX: &str = "VX";

words! {
    /// The states of an extension.
    pub enum State {
        /// Asked for; decisions are being taken.
        Requested = "requested",
        /// All required disciplines said yes: the window ends later.
        Approved = "approved",
        /// Refused: the window ends when it did.
        Rejected = "rejected",
        /// The window's end came before the decisions.
        Lapsed = "lapsed",
    }
}

impl State {
    /// The state that an outcome of the decisions leads to.
    pub const fn after(outcome: Outcome) -> Self {
        outcome.leads_to(Self::Requested, Self::Approved, Self::Rejected)
    }
}

subject! {
    "extension";
    /// Asks that a window end later; the extension is decided under its own reference, and until then the old end stands.
    Request => Requested("window.extend" => "extension.requested") Operate creates "VX"
    writes ["extension", "approval", "requirement", "concern", "posture_item"]
    { r#ref: Ref = "The window."; end: Time = "The later end."; reason: Line = "Why more time is needed."; ; }
    @rule
    /// A decision on the extension.
    Decided("extension.decided") Decide writes ["extension", "approval", "decision", "posture_item"]
    { r#ref: Ref = "The extension."; discipline: Discipline = "The discipline that decides."; decision: Answer = "Yes or no."; ;
      reason: Line = "Why; compulsory on no."; }
}

impl Kind {
    /// Extensions are numbered.
    pub fn subject(&self) -> Subject {
        match self {
            Self::Requested(_) => Subject::New(PREFIX),
            Self::Decided(payload) => Subject::Is(payload.r#ref.clone()),
        }
    }
}

/// Whether a window in this state and with this end may be asked to end later, at this instant.
///
/// # Errors
/// `wrong-state` for a window that is neither approved nor open, `expired` once its end has passed, `invalid` for an
/// end that is not later.
pub fn may_ask(state: window::State, end: Time, later: Time, at: Time) -> Verdict {
    if !matches!(state, window::State::Approved | window::State::Open) {
        return Err(Refusal::new(
            Code::WrongState,
            format!("the window is {state}"),
            "only one that is approved or open can end later",
        ));
    }
    window::not_past(end, at)?;
    if later <= end {
        return Err(Refusal::new(
            Code::Invalid,
            format!("the window ends at {end:#}, which is not before {later:#}"),
            "give a later end",
        ));
    }
    Ok(())
}

/// The state as it reads at this instant: what the window's end overtook reads as lapsed.
pub fn state_at(state: State, old_end: Time, now: Time) -> State {
    match state {
        State::Requested if now >= old_end => State::Lapsed,
        State::Requested | State::Approved | State::Rejected | State::Lapsed => state,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Time {
        Time::from_micros(0).plus_seconds(seconds)
    }

    #[test]
    fn more_time_is_asked_for_before_the_end_and_never_after_it() {
        let code = |state, later, now| {
            may_ask(state, at(10), at(later), at(now)).err().map(|refusal| refusal.code)
        };
        assert_eq!(code(window::State::Open, 20, 9), None);
        assert_eq!(code(window::State::Approved, 20, 9), None);
        assert_eq!(code(window::State::Open, 20, 10), Some(Code::Expired));
        assert_eq!(code(window::State::Open, 10, 9), Some(Code::Invalid));
        assert_eq!(code(window::State::Requested, 20, 9), Some(Code::WrongState));
    }

    #[test]
    fn what_the_end_overtook_has_lapsed() {
        assert_eq!(state_at(State::Requested, at(10), at(10)), State::Lapsed);
        assert_eq!(state_at(State::Approved, at(10), at(11)), State::Approved);
    }
}
