//! Changes to OT: what is asked, how it is decided, done, verified, backed out; the moves between states.

use super::approval::{Answer, Outcome};
use super::command::Subject;
use super::discipline::Discipline;
use super::field::{Type, Typed};
use super::intervention::Intervention;
use super::names::{Ref, SiteCode};
use super::raci::Activity;
use super::refusal::{Code, Refusal, Verdict};
use super::state_words;
use super::text::{Line, Prose};
use super::time::Time;
use super::wrote;
use crate::{subject, words};

mod bound;
mod configuration;
mod impact;
mod renewal;
mod review;
mod template;
mod timely;

pub use bound::{Bound, Difference};
pub use configuration::{Configuration, Sum, compared, told_again};
pub use impact::{Answered, Concern, Impact, Impacts, Raised};
pub use renewal::Renewal;
pub use review::{BUSINESS_DAYS, documented, review_by};
pub use template::{Scope, Terms, as_approved, within};
pub use timely::{BEGUN, TEMPLATE, in_time_to_revert, reverts, timely};

/// The prefix of changes.
pub const PREFIX: &str = "CR";

words! {
    /// The states of a change.
    pub enum State {
        /// Asked for; decisions are being taken.
        Requested = "requested",
        /// All required disciplines said yes.
        Approved = "approved",
        /// Work has begun.
        InProgress = "in_progress",
        /// Work is done.
        Implemented = "implemented",
        /// Checked after the work.
        Verified = "verified",
        /// Ended by veto.
        Rejected = "rejected",
        /// Sent back to the requester.
        Returned = "returned",
        /// Taken back by the requester.
        Withdrawn = "withdrawn",
        /// Undone.
        BackedOut = "backed_out",
        /// Its time passed before work began.
        Expired = "expired",
    }
}

impl State {
    /// The state that an outcome of the decisions leads to.
    pub const fn after(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Pending => Self::Requested,
            Outcome::Approved => Self::Approved,
            Outcome::Vetoed => Self::Rejected,
            Outcome::Returned => Self::Returned,
        }
    }

    /// Whether the state ends the change.
    pub const fn ended(self) -> bool {
        match self {
            Self::Requested
            | Self::Approved
            | Self::InProgress
            | Self::Implemented
            | Self::Returned => false,
            Self::Verified | Self::Rejected | Self::Withdrawn | Self::BackedOut | Self::Expired => {
                true
            }
        }
    }

    /// How far it has come; nothing comes after the last.
    const fn stage(self) -> u8 {
        match self {
            Self::Requested | Self::Returned => 0,
            Self::Approved => 1,
            Self::InProgress => 2,
            Self::Implemented => 3,
            Self::Verified => 4,
            Self::Rejected | Self::Withdrawn | Self::BackedOut | Self::Expired => 5,
        }
    }

    /// The word for narrow columns.
    pub fn short(self) -> &'static str {
        state_words::short(self.word())
    }
}

words! {
    /// How a change is approved.
    pub enum Nature {
        /// By all required disciplines.
        Normal = "normal",
        /// By an approved template.
        Standard = "standard",
        /// At once, reviewed afterwards.
        Emergency = "emergency",
        /// Until a compulsory revert date.
        Temporary = "temporary",
    }
}

impl Typed for Nature {
    const TYPE: Type = Type::Choice { words: Self::WORDS };
}

subject! {
    "change";
    /// Asks for a change.
    Request => Requested("change.request" => "change.requested") Operate creates "CR"
    writes ["change", "change_asset", "change_risk", "approval", "requirement", "concern", "posture_item"]
    { site: SiteCode = "The site."; title: Line = "What is to change."; kind: Nature = "How it is approved; a standard change without a `template` becomes one.";
      assets: Vec<Ref> = "The assets it touches, `SITE/tag`."; start: Time = "When work begins."; end: Time = "When work ends.";
      impacts: Impacts = "The five impact answers."; rollback: Prose = "How it is undone."; tests: Prose = "How it is tested."; ;
      activity: Activity = "The RACI activity; control.change unless given."; alters_logic: bool = "Whether control logic changes.";
      alters_validated: bool = "Whether a validated parameter changes."; revert_by: Time = "When a temporary change must be reverted.";
      approve_by: Time = "When decisions are due; the start unless given."; external_ref: Line = "The number in the plant's own change system.";
      basis: Prose = "The technical basis: why it is done so; for an emergency, why the ordinary way could not be waited for.";
      procedures: Prose = "Which procedures change with it, and who is told and trained.";
      supersedes: Ref = "The change that this one replaces."; risks: Vec<Ref> = "The risks that it treats.";
      template: Ref = "The approved standard change that this one is a use of.";
      intervention: Intervention = "What is done to them; empty: what the activity implies."; }
    /// Revises a change that waits or was returned; all decisions start again.
    Revise => Revised("change.revise" => "change.revised") Operate
    writes ["change", "change_asset", "change_risk", "approval", "requirement", "concern", "posture_item"]
    { r#ref: Ref = "The change."; reason: Line = "What was revised, and why."; ;
      title: Line = "What is to change."; assets: Vec<Ref> = "The assets it touches, `SITE/tag`.";
      start: Time = "When work begins."; end: Time = "When work ends."; impacts: Impacts = "The five impact answers.";
      rollback: Prose = "How it is undone."; tests: Prose = "How it is tested."; approve_by: Time = "When decisions are due.";
      external_ref: Line = "The number in the plant's own change system.";
      basis: Prose = "The technical basis: why it is done so; for an emergency, why the ordinary way could not be waited for.";
      procedures: Prose = "Which procedures change with it, and who is told and trained.";
      risks: Vec<Ref> = "The risks that it treats; those that stood unless given.";
      alters_logic: bool = "Whether control logic changes."; alters_validated: bool = "Whether a validated parameter changes."; }
    /// Raises an impact of a change that waits, as one of those who decide on it; who must decide is concluded anew.
    RaiseImpact => ImpactRaised("change.raise-impact" => "change.impact-raised") Decide
    writes ["change", "change_asset", "change_risk", "approval", "requirement", "concern", "posture_item"]
    { r#ref: Ref = "The change."; reason: Line = "Why."; ; impacts: Raised = "The answers that are raised, each with its words.";
      alters_logic: bool = "That control logic changes."; alters_validated: bool = "That a validated parameter changes.";
      risks: Vec<Ref> = "Risks that it treats, compulsory with a high impact on security if none is linked."; }
    /// Says afterwards what a discipline thinks of an emergency; a no means that it is backed out.
    Review => Reviewed("change.review" => "change.reviewed") Decide writes ["change", "decision"]
    { r#ref: Ref = "The change."; discipline: Discipline = "The discipline that reviews."; decision: Answer = "Yes or no."; ;
      reason: Line = "Why; compulsory on no."; }
    /// Waives a conflict of a change that waits or is approved, as whoever answers for what stands against it.
    Waive => Waived("change.waive" => "change.waived") Decide writes ["waiver", "change"]
    { r#ref: Ref = "The change."; conflict: Ref = "What stands against it, by the name that the change shows."; reason: Line = "Why the work may go on all the same."; ; }
    /// Begins the work, within its time and if nothing stands against it that nobody waived.
    Start => Started("change.start" => "change.started") Operate writes ["change", "posture_item"]
    { r#ref: Ref = "The change."; ; note: Line = "A note."; evidence: Line = "Where the evidence is.";
      before: Line = "Where the configuration as it stood before is kept: a backup's number, a place in the vault.";
      before_sum: Sum = "Its SHA-256, as sha256sum prints it.";
      external_ref: Line = "The number in the plant's own change system, if it was not said before."; }
    /// Ends the work.
    Complete => Completed("change.complete" => "change.completed") Operate writes ["change", "posture_item"]
    { r#ref: Ref = "The change."; ; note: Line = "A note."; evidence: Line = "Where the evidence is.";
      after: Line = "Where the configuration as it stands now is kept.";
      after_sum: Sum = "Its SHA-256, as sha256sum prints it.";
      external_ref: Line = "The number in the plant's own change system, if it was not said before."; }
    /// Confirms that the work did what it should and nothing else (NERC CIP-010 R1.4).
    Verify => Verified("change.verify" => "change.verified") Operate writes ["change", "posture_item"]
    { r#ref: Ref = "The change."; ; note: Line = "A note."; evidence: Line = "Where the evidence is.";
      after: Line = "Where the configuration as it stands now is kept.";
      after_sum: Sum = "Its SHA-256, as sha256sum prints it."; }
    /// Undoes the work.
    BackOut => BackedOut("change.back-out" => "change.backed-out") Operate writes ["change", "posture_item"]
    { r#ref: Ref = "The change."; ; note: Line = "A note."; evidence: Line = "Where the evidence is."; }
    /// Lets a temporary change stay longer, under another temporary change that everybody approved in its place.
    Renew => Renewed("change.renew" => "change.renewed") Operate writes ["change", "posture_item"]
    { r#ref: Ref = "The temporary change that stays."; change: Ref = "The approved temporary change that supersedes it; its revert date counts from now on.";
      reason: Line = "Why it must stay."; ; }
    /// Takes the request back.
    Withdraw => Withdrawn("change.withdraw" => "change.withdrawn") Operate writes ["change", "posture_item"]
    { r#ref: Ref = "The change."; ; note: Line = "A note."; evidence: Line = "Where the evidence is."; }
    @rule
    /// A decision on the change.
    Decided("change.decided") Decide writes ["change", "approval", "decision", "posture_item"]
    { r#ref: Ref = "The change."; discipline: Discipline = "The discipline that decides."; decision: Answer = "Yes or no."; ;
      reason: Line = "Why; compulsory on no."; }
    @rule
    /// The change's time passed before work began.
    Expired("change.expired") Record writes ["change"]
    { r#ref: Ref = "The change."; due: Time = "When it ended."; ; }
}

impl Kind {
    /// Changes are numbered.
    pub fn subject(&self) -> Subject {
        let reference = match self {
            Self::Requested(_) => return Subject::New(PREFIX),
            Self::Revised(payload) => &payload.r#ref,
            Self::ImpactRaised(payload) => &payload.r#ref,
            Self::Reviewed(payload) => &payload.r#ref,
            Self::Waived(payload) => &payload.r#ref,
            Self::Started(payload) => &payload.r#ref,
            Self::Completed(payload) => &payload.r#ref,
            Self::Verified(payload) => &payload.r#ref,
            Self::BackedOut(payload) => &payload.r#ref,
            Self::Renewed(payload) => &payload.r#ref,
            Self::Withdrawn(payload) => &payload.r#ref,
            Self::Decided(payload) => &payload.r#ref,
            Self::Expired(payload) => &payload.r#ref,
        };
        Subject::Is(reference.clone())
    }

    /// The state this entry leads to from that one; a decision leads where the decisions lead.
    ///
    /// # Errors
    /// `wrong-state` if the state does not allow it, `vetoed` if a veto ended the change.
    pub fn moves(&self, from: State) -> Result<State, Refusal> {
        let to = match self {
            Self::Requested(_) => return Ok(State::Requested),
            Self::Revised(_) | Self::ImpactRaised(_) | Self::Decided(_) => State::Requested,
            Self::Reviewed(_) | Self::Waived(_) | Self::Renewed(_) => from,
            Self::Started(_) => State::InProgress,
            Self::Completed(_) => State::Implemented,
            Self::Verified(_) => State::Verified,
            Self::BackedOut(_) => State::BackedOut,
            Self::Withdrawn(_) => State::Withdrawn,
            Self::Expired(_) => State::Expired,
        };
        if let Subject::Is(on) = self.subject() {
            allows(self.name(), &on, from)?;
        }
        Ok(to)
    }
}

/// Whether a change in this state allows an entry of this kind.
///
/// # Errors
/// `wrong-state`, with what is left or must come first; `vetoed` if a veto ended the change.
pub fn allows(kind: &str, on: &Ref, from: State) -> Verdict {
    let allowed = allowed(kind);
    if allowed.contains(&from) {
        return Ok(());
    }
    if from == State::Rejected {
        return Err(Refusal::new(
            Code::Vetoed,
            format!("a veto ended {on}"),
            "ask for a new change that supersedes it",
        ));
    }
    let first = allowed.iter().filter(|state| state.stage() > from.stage());
    let first: Vec<_> = first.map(|state| state.word()).collect();
    Err(wrote::refusal(on.as_str(), from.word(), kind, &first))
}

/// The states in which an entry of this kind can be made; all of them if it makes a new change.
pub fn allowed(kind: &str) -> &'static [State] {
    use State::{Approved, Implemented, InProgress, Requested, Returned, Verified};
    match kind {
        "change.revised" => &[Requested, Returned],
        "change.impact-raised" => &[Requested],
        "change.waived" => &[Requested, Approved],
        "change.reviewed" => &[Approved, InProgress, Implemented],
        "change.started" => &[Approved],
        "change.completed" => &[InProgress],
        "change.verified" => &[Implemented],
        "change.renewed" => &[Implemented, Verified],
        "change.backed-out" => &[InProgress, Implemented, Verified],
        "change.withdrawn" => &[Requested, Returned, Approved],
        "change.decided" => &[Requested],
        "change.expired" => &[Requested, Approved],
        _ => State::ALL,
    }
}

/// Whether a change in this state can be backed out: what was verified only if it is temporary, whose revert it is.
///
/// # Errors
/// `wrong-state` for any other that was verified.
pub fn may_revert(state: State, kind: Nature) -> Verdict {
    if state != State::Verified || kind == Nature::Temporary {
        return Ok(());
    }
    Err(Refusal::new(
        Code::WrongState,
        "the change is verified; only a temporary one is reverted after that",
        "ask for a new change that undoes it",
    ))
}

/// What the rules need to know of a change beside the entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// How it is approved.
    pub kind: Nature,
    /// When work begins.
    pub start: Time,
    /// When work ends.
    pub end: Time,
    /// When a temporary change must be reverted.
    pub revert_by: Option<Time>,
}

/// Whether a plan can be asked for at this instant.
///
/// # Errors
/// `invalid` for an end that is not after the start, `expired` for an end that has passed, `missing` for a
/// temporary change without its revert date.
pub fn plan(plan: Plan, impacts: &Impacts, at: Time) -> Verdict {
    if plan.end <= plan.start {
        return Err(Refusal::new(
            Code::Invalid,
            format!("the change ends at {:#} and begins at {:#}", plan.end, plan.start),
            "give an end after the start",
        ));
    }
    if plan.end <= at {
        return Err(Refusal::new(
            Code::Expired,
            format!("the change would have ended at {:#}", plan.end),
            "give an end that is still to come",
        ));
    }
    match (plan.kind, plan.revert_by) {
        (Nature::Temporary, None) => Err(Refusal::new(
            Code::Missing,
            "a temporary change has no revert date",
            "give revert_by, at most 90 days after the start",
        )),
        (Nature::Temporary, Some(by))
            if by > plan.start.plus_seconds(90 * 86_400) || by <= plan.start =>
        {
            Err(Refusal::new(
                Code::Invalid,
                format!("a temporary change cannot be reverted by {by}"),
                "give revert_by after the start and at most 90 days later",
            ))
        }
        _ => Ok(()),
    }?;
    for (name, answered) in impacts.named() {
        if answered.level != Impact::None && answered.text.is_none() {
            return Err(Refusal::new(
                Code::Missing,
                format!("the impact on {name} is {} without words", answered.level),
                format!("say in impacts.{name}.text what it is"),
            ));
        }
    }
    Ok(())
}

/// Whether work may begin at this instant.
///
/// # Errors
/// `too-early` before the start, `expired` from the end on.
pub fn may_start(start: Time, end: Time, at: Time) -> Verdict {
    if at < start {
        return Err(Refusal::new(
            Code::TooEarly,
            format!("the change begins at {start:#}"),
            "wait until then; from then on to its end it can be started",
        ));
    }
    if at >= end {
        return Err(Refusal::new(
            Code::Expired,
            format!("the change ended at {end:#}"),
            "ask for a new change that supersedes it",
        ));
    }
    Ok(())
}

/// The state as it reads at this instant: what was asked or approved and has passed its end reads as expired.
pub fn state_at(state: State, end: Time, now: Time) -> State {
    match state {
        State::Requested | State::Approved if now >= end => State::Expired,
        State::Requested
        | State::Approved
        | State::InProgress
        | State::Implemented
        | State::Verified
        | State::Rejected
        | State::Returned
        | State::Withdrawn
        | State::BackedOut
        | State::Expired => state,
    }
}

/// The word that screens show at this instant: `ready` within its time, `overdue` when work goes on past it.
pub fn effective_state(state: State, start: Time, end: Time, now: Time) -> &'static str {
    let read = state_at(state, end, now);
    if read == State::Approved && now >= start {
        "ready"
    } else if read == State::InProgress && now >= end {
        "overdue"
    } else {
        read.word()
    }
}

#[cfg(test)]
mod tests;
