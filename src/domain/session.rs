//! Sessions of vendors' persons: that somebody is on an asset, from when to when. Which window covers one is concluded
//! from the tables; a session that none covers is recorded all the same, because it happened, and stands out.

use super::command::Subject;
use super::names::{Ref, Word};
use super::refusal::{Code, Refusal, Verdict};
use super::text::Line;
use super::time::Time;
use super::window;
use crate::{subject, words};

/// The prefix of sessions.
pub const PREFIX: &str = "SE";

words! {
    /// The states of a session.
    pub enum State {
        /// It goes on.
        Live = "live",
        /// It has ended.
        Ended = "ended",
    }
}

subject! {
    "session";
    /// Tells that a vendor's person is on an asset from now on; one that no open window covers raises an alarm.
    Start => Started("session.start" => "session.started") Attend creates "SE" writes ["access_session"]
    { vendor: Word = "The vendor's short code."; person: Line = "The vendor's person, by login or name.";
      asset: Ref = "The asset, or the jump host before it, `SITE/tag`."; ;
      source: Line = "Where it comes from."; note: Line = "A note."; }
    /// Says that a session which no open window covers is to be ended at once; it goes on until somebody tells its end.
    CutOff => WasCutOff("session.cut-off" => "session.cut-off") Attend writes ["access_session"]
    { r#ref: Ref = "The session."; reason: Line = "Why."; ; }
    /// Tells that the session has ended.
    End => WasEnded("session.end" => "session.ended") Attend writes ["access_session"]
    { r#ref: Ref = "The session."; ; reason: Line = "A note."; }
}

impl Kind {
    /// Sessions are numbered.
    pub fn subject(&self) -> Subject {
        match self {
            Self::Started(_) => Subject::New(PREFIX),
            Self::WasCutOff(payload) => Subject::Is(payload.r#ref.clone()),
            Self::WasEnded(payload) => Subject::Is(payload.r#ref.clone()),
        }
    }
}

/// Whether a session in this state can end.
///
/// # Errors
/// `wrong-state` for one that has.
pub fn may_end(state: State, reference: &Ref) -> Verdict {
    match state {
        State::Live => Ok(()),
        State::Ended => Err(Refusal::new(
            Code::WrongState,
            format!("the session {reference} is ended"),
            "see `smc list sessions state:live`",
        )),
    }
}

/// Whether a session in this state can be cut off; `open` is the window that covers it, `ordered` who said so before, and
/// when. Within an open window it is the window that is cut off, so that no gate lets the person in again.
///
/// # Errors
/// `wrong-state` for one that has ended, that an open window covers, or that somebody cut off before.
pub fn may_cut_off(
    state: State,
    open: Option<&str>,
    ordered: Option<(&str, Time)>,
    reference: &Ref,
) -> Verdict {
    may_end(state, reference)?;
    if let Some(window) = open {
        return Err(Refusal::new(
            Code::WrongState,
            format!("{reference} is within {window}, which is open"),
            format!(
                "cut off {window} with `smc do window.cut-off`: then no gate lets the person in again"
            ),
        ));
    }
    let Some((by, at)) = ordered else { return Ok(()) };
    Err(Refusal::new(
        Code::WrongState,
        format!("{by} cut {reference} off at {at:#}"),
        "end it where it runs, then tell so with `smc do session.end`",
    ))
}

/// The word that screens show at this instant: `cut_off` for a live one that is to be ended at once, `overrun` for a session
/// in a window that is open past its end, `outside` for one that no open window covers.
pub fn effective_state(
    state: State,
    ordered: bool,
    within: Option<(window::State, Time)>,
    now: Time,
) -> &'static str {
    match (state, within) {
        (State::Ended, _) => state.word(),
        (State::Live, _) if ordered => "cut_off",
        (State::Live, Some((window::State::Open, end))) if now >= end => "overrun",
        (State::Live, Some((window::State::Open, _))) => state.word(),
        (State::Live, Some(_) | None) => "outside",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_live_session_without_an_open_window_is_outside_and_past_its_end_overrun() {
        let at = |seconds| Time::from_micros(0).plus_seconds(seconds);
        let of = |window, now| effective_state(State::Live, false, window, at(now));
        assert_eq!(of(Some((window::State::Open, at(10))), 9), "live");
        assert_eq!(of(Some((window::State::Open, at(10))), 10), "overrun");
        assert_eq!(of(Some((window::State::CutOff, at(10))), 5), "outside");
        assert_eq!(of(None, 5), "outside");
        assert_eq!(effective_state(State::Ended, false, None, at(5)), "ended");
    }

    #[test]
    fn what_is_cut_off_goes_on_until_somebody_tells_its_end() {
        let (at, reference) = (Time::from_micros(9), Ref::new("SE-1").unwrap());
        assert_eq!(effective_state(State::Live, true, None, at), "cut_off");
        assert_eq!(effective_state(State::Ended, true, None, at), "ended");
        assert!(may_cut_off(State::Live, None, None, &reference).is_ok());
        assert!(may_cut_off(State::Ended, None, None, &reference).is_err());
        let within = may_cut_off(State::Live, Some("VW-1"), None, &reference).unwrap_err();
        assert!(within.fix.contains("window.cut-off"), "{within}");
        let twice = may_cut_off(State::Live, None, Some(("olga", at)), &reference).unwrap_err();
        assert!(twice.message.contains("olga cut SE-1 off"), "{twice}");
        assert!(may_end(State::Live, &reference).is_ok());
    }
}
