//! Bypasses: a trip, an interlock or a rule that is out of use for a time, under a change that allows it (IEC 61511-1
//! clause 16.2; NCA OTCC 2-3-1-5). Each has an end, and stays on the register until it is taken out.

use super::change;
use super::command::Subject;
use super::names::Ref;
use super::refusal::{Code, Refusal, Verdict};
use super::text::Line;
use super::time::Time;
use crate::{subject, words};

/// The prefix of bypasses.
pub const PREFIX: &str = "BY";

words! {
    /// The states of a bypass.
    pub enum State {
        /// It is in place.
        Placed = "placed",
        /// It was taken out.
        Removed = "removed",
    }
}

subject! {
    "bypass";
    /// Tells that something is bypassed from now on, under a change that runs and no longer than it allows.
    Place => WasPlaced("bypass.place" => "bypass.placed") Operate creates "BY" writes ["bypass", "posture_item"]
    { change: Ref = "The change that allows it."; asset: Ref = "The asset, `SITE/tag`, one of the change.";
      what: Line = "What is bypassed: the trip, the interlock, the rule."; until: Time = "Until when, at the latest.";
      reason: Line = "Why it must be."; ;
      compensating: Vec<Line> = "What protects in its place."; tag: Line = "The number of its tag, or where the key is."; }
    /// Lets a bypass stay longer, under another change that was approved for it.
    Renew => Renewed("bypass.renew" => "bypass.renewed") Operate writes ["bypass", "posture_item"]
    { r#ref: Ref = "The bypass."; change: Ref = "The change that allows it from now on."; until: Time = "Until when, at the latest.";
      reason: Line = "Why it must stay."; ; }
    /// Tells that a bypass is out, and that what it bypassed works.
    Remove => WasRemoved("bypass.remove" => "bypass.removed") Close writes ["bypass", "posture_item"]
    { r#ref: Ref = "The bypass."; note: Line = "How it was seen that what was bypassed works."; ; }
}

impl Kind {
    /// Bypasses are numbered.
    pub fn subject(&self) -> Subject {
        match self {
            Self::WasPlaced(_) => Subject::New(PREFIX),
            Self::Renewed(payload) => Subject::Is(payload.r#ref.clone()),
            Self::WasRemoved(payload) => Subject::Is(payload.r#ref.clone()),
        }
    }
}

/// The change under which something is bypassed, as far as that asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cover {
    /// Its reference.
    pub change: String,
    /// Its state at the instant of asking.
    pub state: change::State,
    /// When its work ends.
    pub end: Time,
    /// When it must be reverted, if it is temporary.
    pub revert_by: Option<Time>,
    /// Whether it touches the asset.
    pub touches: bool,
}

impl Cover {
    /// Until when something may be bypassed under it.
    pub fn limit(&self) -> Time {
        self.revert_by.unwrap_or(self.end)
    }

    /// Whether something on an asset may be bypassed under this change until an instant.
    ///
    /// # Errors
    /// `wrong-state` for a change that does not run, `conflict` for one of other assets, `expired` for an end that has passed,
    /// `invalid` for one later than the change allows.
    pub fn allows(&self, asset: &str, until: Time, at: Time) -> Verdict {
        let change = &self.change;
        if !matches!(self.state, change::State::InProgress | change::State::Implemented) {
            return Err(Refusal::new(
                Code::WrongState,
                format!("the change {change} is {}", self.state),
                "name a change that runs; ask for one with `smc do change.request`",
            ));
        }
        if !self.touches {
            return Err(Refusal::new(
                Code::Conflict,
                format!("the change {change} does not touch {asset}"),
                "name a change that was approved for this asset",
            ));
        }
        if until <= at {
            return Err(Refusal::new(
                Code::Expired,
                format!("the bypass would have ended at {until:#}"),
                "give an `until` that is still to come",
            ));
        }
        let limit = self.limit();
        if until > limit {
            return Err(Refusal::new(
                Code::Invalid,
                format!("{change} allows a bypass until {limit:#}, not until {until:#}"),
                "give an earlier end, or ask for a change that allows more",
            ));
        }
        Ok(())
    }
}

/// Whether a bypass can still be renewed or taken out.
///
/// # Errors
/// `wrong-state` if it is out.
pub fn stands(on: &Ref, state: State) -> Verdict {
    match state {
        State::Placed => Ok(()),
        State::Removed => Err(Refusal::new(
            Code::WrongState,
            format!("{on} is out already"),
            "see `smc list bypasses state:placed`",
        )),
    }
}

/// Refuses to end a change while something is still bypassed under it.
///
/// # Errors
/// `conflict`, with the bypasses.
pub fn none_left(change: &Ref, left: &[String]) -> Verdict {
    if left.is_empty() {
        return Ok(());
    }
    Err(Refusal::new(
        Code::Conflict,
        format!("{} is still in place under {change}", left.join(", ")),
        "take it out first: `smc do bypass.remove`",
    ))
}

/// The word that screens show at this instant: `ended` past its end and still in place.
pub fn effective_state(state: State, until: Time, now: Time) -> &'static str {
    if state == State::Placed && now >= until { "ended" } else { state.word() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Time {
        Time::from_micros(0).plus_seconds(seconds)
    }

    fn cover() -> Cover {
        Cover {
            change: "CR-1".to_owned(),
            state: change::State::InProgress,
            end: at(100),
            revert_by: None,
            touches: true,
        }
    }

    fn code(cover: &Cover, until: i64) -> Option<Code> {
        cover.allows("RLF/SIS-1", at(until), at(0)).err().map(|refusal| refusal.code)
    }

    #[test]
    fn a_bypass_lasts_no_longer_than_its_change_allows() {
        assert_eq!(code(&cover(), 100), None);
        assert_eq!(code(&cover(), 101), Some(Code::Invalid));
        assert_eq!(code(&cover(), 0), Some(Code::Expired));
        let temporary = Cover { revert_by: Some(at(900)), ..cover() };
        assert_eq!(code(&temporary, 900), None);
    }

    #[test]
    fn it_is_placed_under_a_change_of_its_asset_that_runs() {
        for state in change::State::ALL {
            let runs = [change::State::InProgress, change::State::Implemented].contains(state);
            assert_eq!(code(&Cover { state: *state, ..cover() }, 50).is_none(), runs, "{state}");
        }
        assert_eq!(code(&Cover { touches: false, ..cover() }, 50), Some(Code::Conflict));
    }

    #[test]
    fn one_that_is_past_its_end_and_in_place_reads_as_ended() {
        assert_eq!(effective_state(State::Placed, at(10), at(9)), "placed");
        assert_eq!(effective_state(State::Placed, at(10), at(10)), "ended");
        assert_eq!(effective_state(State::Removed, at(10), at(10)), "removed");
        let by = Ref::new("BY-1").unwrap();
        assert!(stands(&by, State::Placed).is_ok() && stands(&by, State::Removed).is_err());
    }
}
