//! Acceptances: the request to live with a risk until an end, decided like everything else.

use super::approval::{Answer, Outcome};
use super::command::Subject;
use super::discipline::Discipline;
use super::names::Ref;
use super::text::Line;
use super::time::Time;
use crate::{subject, words};

/// The prefix of acceptances.
pub const PREFIX: &str = "RA";

/// The activity whose RACI row says who decides.
pub const ACTIVITY: &str = "risk.accept";

words! {
    /// The states of an acceptance.
    pub enum State {
        /// Asked for.
        Requested = "requested",
        /// In force until its end.
        Approved = "approved",
        /// Refused.
        Rejected = "rejected",
        /// Ended.
        Expired = "expired",
    }
}

impl State {
    /// The state that an outcome of the decisions leads to.
    pub const fn after(outcome: Outcome) -> Self {
        outcome.leads_to(Self::Requested, Self::Approved, Self::Rejected)
    }
}

subject! {
    "acceptance";
    /// Asks to accept a risk until an end; the acceptance is decided under its own reference.
    Request => Requested("risk.accept" => "acceptance.requested") Operate creates "RA"
    writes ["acceptance", "approval", "requirement", "concern", "posture_item"]
    { r#ref: Ref = "The risk."; until: Time = "Until when."; reason: Line = "Why it is acceptable."; ;
      compensating: Vec<Line> = "Compensating measures."; }
    @rule
    /// A decision on the acceptance.
    Decided("acceptance.decided") Decide writes ["acceptance", "approval", "decision", "posture_item"]
    { r#ref: Ref = "The acceptance."; discipline: Discipline = "The discipline that decides."; decision: Answer = "Yes or no."; ;
      reason: Line = "Why; compulsory on no."; }
    @rule
    /// The acceptance has ended.
    Expired("acceptance.expired") Record writes ["acceptance"]
    { r#ref: Ref = "The acceptance."; due: Time = "When it ended."; ; }
}

impl Kind {
    /// Acceptances are numbered.
    pub fn subject(&self) -> Subject {
        match self {
            Self::Requested(_) => Subject::New(PREFIX),
            Self::Decided(payload) => Subject::Is(payload.r#ref.clone()),
            Self::Expired(payload) => Subject::Is(payload.r#ref.clone()),
        }
    }
}

/// The state as it reads at this instant: what was asked or approved and has passed its end reads as expired.
pub fn state_at(state: State, until: Time, now: Time) -> State {
    match state {
        State::Requested | State::Approved if now >= until => State::Expired,
        State::Requested | State::Approved | State::Rejected | State::Expired => state,
    }
}
