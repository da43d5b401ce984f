//! Vendor access windows: a fixed start and end that no approval moves, opened, closed, cut off, lapsed.

use super::approval::{Answer, Outcome};
use super::command::Subject;
use super::discipline::Discipline;
use super::names::{Ref, Word};
use super::refusal::{Code, Refusal, Verdict};
use super::state_words;
use super::text::{Line, Prose};
use super::time::Time;
use super::wrote;
use crate::{subject, words};

pub mod ground;
pub mod remote;

/// The prefix of windows.
pub const PREFIX: &str = "VW";

/// The activity whose RACI row says who decides.
pub const ACTIVITY: &str = "vendor.window";

words! {
    /// The states of a window.
    pub enum State {
        /// Asked for; decisions are being taken.
        Requested = "requested",
        /// All required disciplines said yes.
        Approved = "approved",
        /// The vendor has access.
        Open = "open",
        /// Ended with a close-out.
        Closed = "closed",
        /// Refused.
        Rejected = "rejected",
        /// Taken back.
        Cancelled = "cancelled",
        /// Its time passed before it was opened.
        Lapsed = "lapsed",
        /// Ended by force.
        CutOff = "cut_off",
    }
}

impl State {
    /// The state that an outcome of the decisions leads to.
    pub const fn after(outcome: Outcome) -> Self {
        outcome.leads_to(Self::Requested, Self::Approved, Self::Rejected)
    }

    /// How far it has come; nothing comes after the last.
    const fn stage(self) -> u8 {
        match self {
            Self::Requested => 0,
            Self::Approved => 1,
            Self::Open => 2,
            Self::Closed | Self::Rejected | Self::Cancelled | Self::Lapsed | Self::CutOff => 3,
        }
    }

    /// The word for narrow columns.
    pub fn short(self) -> &'static str {
        state_words::short(self.word())
    }
}

subject! {
    "window";
    /// Asks for a vendor's access window.
    Request => Requested("window.request" => "window.requested") Operate creates "VW"
    writes ["vendor_window", "window_asset", "approval", "requirement", "concern", "posture_item"]
    { vendor: Word = "The vendor's short code."; person: Line = "The vendor's person, by login or name.";
      assets: Vec<Ref> = "The assets, `SITE/tag`, all of one site."; purpose: Line = "What is to be done.";
      start: Time = "When access begins."; end: Time = "When access ends."; ;
      change: Ref = "The change it serves."; escort: Line = "Who watches."; source: Line = "Where access comes from; a log that tells of another address than those it names raises an alarm.";
      second_factor: Line = "How the second factor is asked for, as the token of the jump host; compulsory where the site asks for it.";
      recording: Line = "Where the session is recorded; compulsory where the site asks for it.";
      risks: Vec<Ref> = "The risks that the access was weighed as; compulsory where the site asks for it."; }
    /// Opens a window within its time, after everything is checked again.
    Open => Opened("window.open" => "window.opened") Open writes ["vendor_window", "despite", "posture_item"]
    { r#ref: Ref = "The window."; ;
      reason: Line = "A note for whoever reads it later; compulsory with `despite`.";
      despite: Vec<Ref> = "What stands against it and you let pass, by its names; empty if nothing does."; }
    /// Closes a window with its close-out.
    Close => Closed("window.close" => "window.closed") Close writes ["vendor_window", "posture_item"]
    { r#ref: Ref = "The window."; ; close_out: Prose = "What was done, and in which state things were left; compulsory."; }
    /// Orders the vendor off: on record at once everywhere, and gates refuse from then on; the jump host ends the connection.
    CutOff => WasCutOff("window.cut-off" => "window.cut-off") Close writes ["vendor_window", "posture_item"]
    { r#ref: Ref = "The window."; reason: Line = "Why."; ; }
    /// Takes the request back.
    Cancel => Cancelled("window.cancel" => "window.cancelled") Operate writes ["vendor_window", "posture_item"]
    { r#ref: Ref = "The window."; reason: Line = "Why."; ; }
    @rule
    /// A decision on the window.
    Decided("window.decided") Decide writes ["vendor_window", "approval", "decision", "posture_item"]
    { r#ref: Ref = "The window."; discipline: Discipline = "The discipline that decides."; decision: Answer = "Yes or no."; ;
      reason: Line = "Why; compulsory on no."; }
    @rule
    /// The window's time passed before it was opened.
    Lapsed("window.lapsed") Record writes ["vendor_window"]
    { r#ref: Ref = "The window."; due: Time = "When it ended."; ; }
    @rule
    /// The window ends later, as its extension says that was approved.
    Extended("window.extended") Record writes ["vendor_window", "posture_item"]
    { r#ref: Ref = "The window."; extension: Ref = "The extension."; ; }
}

impl Kind {
    /// Windows are numbered.
    pub fn subject(&self) -> Subject {
        let reference = match self {
            Self::Requested(_) => return Subject::New(PREFIX),
            Self::Opened(payload) => &payload.r#ref,
            Self::Closed(payload) => &payload.r#ref,
            Self::WasCutOff(payload) => &payload.r#ref,
            Self::Cancelled(payload) => &payload.r#ref,
            Self::Decided(payload) => &payload.r#ref,
            Self::Lapsed(payload) => &payload.r#ref,
            Self::Extended(payload) => &payload.r#ref,
        };
        Subject::Is(reference.clone())
    }

    /// The state this entry leads to from that one; a decision leads where the decisions lead.
    ///
    /// # Errors
    /// `wrong-state` if the state does not allow it.
    pub fn moves(&self, from: State) -> Result<State, Refusal> {
        let to = match self {
            Self::Requested(_) => return Ok(State::Requested),
            Self::Opened(_) => State::Open,
            Self::Closed(_) => State::Closed,
            Self::WasCutOff(_) => State::CutOff,
            Self::Cancelled(_) => State::Cancelled,
            Self::Decided(_) => State::Requested,
            Self::Lapsed(_) => State::Lapsed,
            Self::Extended(_) => from,
        };
        if let Subject::Is(on) = self.subject() {
            allows(self.name(), &on, from)?;
        }
        Ok(to)
    }
}

/// Whether a window in this state allows an entry of this kind.
///
/// # Errors
/// `wrong-state`, with what is left or must come first.
pub fn allows(kind: &str, on: &Ref, from: State) -> Verdict {
    let allowed = allowed(kind);
    if allowed.contains(&from) {
        return Ok(());
    }
    let first = allowed.iter().filter(|state| state.stage() > from.stage());
    let first: Vec<_> = first.map(|state| state.word()).collect();
    Err(wrote::refusal(on.as_str(), from.word(), kind, &first))
}

/// The states in which an entry of this kind can be made; all of them if it makes a new window.
pub fn allowed(kind: &str) -> &'static [State] {
    use State::{Approved, Open, Requested};
    match kind {
        "window.opened" => &[Approved],
        "window.closed" | "window.cut-off" => &[Open],
        "window.cancelled" | "window.lapsed" => &[Requested, Approved],
        "window.decided" => &[Requested],
        "window.extended" | "extension.requested" => &[Approved, Open],
        _ => State::ALL,
    }
}

/// Whether a window of this time can be asked for at this instant.
///
/// # Errors
/// `invalid` for an end that is not after the start, `expired` for an end that has passed.
pub fn plan(start: Time, end: Time, at: Time) -> Verdict {
    if end <= start {
        return Err(Refusal::new(
            Code::Invalid,
            format!("the window ends at {end:#} and begins at {start:#}"),
            "give an end after the start",
        ));
    }
    if end <= at {
        return Err(Refusal::new(
            Code::Expired,
            format!("the window would have ended at {end:#}"),
            "give an end that is still to come",
        ));
    }
    Ok(())
}

/// Whether a window of this time may be opened or decided yes at this instant.
///
/// # Errors
/// `too-early` before the start, `expired` from the end on.
pub fn may_open(start: Time, end: Time, at: Time) -> Verdict {
    if at < start {
        return Err(Refusal::new(
            Code::TooEarly,
            format!("the window begins at {start:#}"),
            "open it then; approval never moves it",
        ));
    }
    not_past(end, at)
}

/// Whether the end is still to come.
///
/// # Errors
/// `expired` from the end on.
pub fn not_past(end: Time, at: Time) -> Verdict {
    if at >= end {
        return Err(Refusal::new(
            Code::Expired,
            format!("it ended at {end:#}"),
            "ask anew with a time still to come",
        ));
    }
    Ok(())
}

/// The state as it reads at this instant: what was asked or approved and has passed its end reads as lapsed.
pub fn state_at(state: State, end: Time, now: Time) -> State {
    match state {
        State::Requested | State::Approved if now >= end => State::Lapsed,
        State::Requested
        | State::Approved
        | State::Open
        | State::Closed
        | State::Rejected
        | State::Cancelled
        | State::Lapsed
        | State::CutOff => state,
    }
}

/// The word that screens show at this instant: `armed` within its time, `overrun` when open past its end.
pub fn effective_state(state: State, start: Time, end: Time, now: Time) -> &'static str {
    let read = state_at(state, end, now);
    if read == State::Approved && now >= start {
        "armed"
    } else if read == State::Open && now >= end {
        "overrun"
    } else {
        read.word()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Time {
        Time::from_micros(0).plus_seconds(seconds)
    }

    #[test]
    fn a_window_opens_at_its_start_and_never_at_its_end() {
        assert_eq!(may_open(at(10), at(20), at(9)).unwrap_err().code, Code::TooEarly);
        assert!(may_open(at(10), at(20), at(10)).is_ok());
        assert_eq!(may_open(at(10), at(20), at(20)).unwrap_err().code, Code::Expired);
    }

    #[test]
    fn a_window_open_past_its_end_is_overrun_and_stays_open() {
        assert_eq!(state_at(State::Open, at(20), at(21)), State::Open);
        assert_eq!(effective_state(State::Open, at(10), at(20), at(20)), "overrun");
        assert_eq!(effective_state(State::Approved, at(10), at(20), at(20)), "lapsed");
    }

    #[test]
    fn a_window_opens_only_from_approved() {
        let open =
            Kind::Opened(Open { r#ref: Ref::new("VW-1").unwrap(), reason: None, despite: None });
        for state in State::ALL {
            assert_eq!(open.moves(*state).is_ok(), *state == State::Approved, "{state}");
        }
    }
}
