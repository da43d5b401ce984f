//! Standard changes: one that all approved is a template, and each use of it stays within what was approved.

use super::{Concern, Impacts, Nature, State};
use crate::domain::names::Ref;
use crate::domain::raci::Activity;
use crate::domain::refusal::{Code, Refusal, Verdict};
use crate::domain::time::Time;

/// What a standard change allows, or what a use of it asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// How it is approved.
    pub kind: Nature,
    /// The RACI activity.
    pub activity: Activity,
    /// The assets.
    pub assets: Vec<Ref>,
    /// The five answers.
    pub impacts: Impacts,
    /// Whether control logic changes.
    pub alters_logic: bool,
    /// Whether a validated parameter changes.
    pub alters_validated: bool,
}

/// What a template fixes beside its scope, for every use of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// What is done to the assets, if it is said.
    pub intervention: Option<String>,
    /// How it is undone.
    pub rollback: String,
    /// How it is tested.
    pub tests: String,
    /// Until when: of a template when it may be used no more, of a use when it ends.
    pub until: Time,
}

/// Whether a use is done, undone and tested as everybody approved it, while the template holds.
///
/// # Errors
/// `invalid` for what is done otherwise, `expired` for a use after the template's time.
pub fn as_approved(reference: &Ref, template: &Terms, wanted: &Terms) -> Verdict {
    let same = [
        ("intervention", template.intervention == wanted.intervention),
        ("rollback", template.rollback == wanted.rollback),
        ("tests", template.tests == wanted.tests),
    ];
    if let Some((field, _)) = same.iter().find(|(_, same)| !same) {
        return Err(Refusal::new(
            Code::Invalid,
            format!("{field} is not as the template {reference} has it, word for word"),
            "say it as the template does, or ask for a normal change",
        ));
    }
    if wanted.until > template.until {
        return Err(Refusal::new(
            Code::Expired,
            format!("the template {reference} holds until {:#}", template.until),
            "end before that, or ask for a new template",
        ));
    }
    Ok(())
}

/// Whether this use stays within the template, which is in this state and may be a use itself.
///
/// # Errors
/// `invalid` for what is no template or a use beyond it, `wrong-state` for one that is not approved.
pub fn within(
    reference: &Ref,
    template: &Scope,
    state: State,
    is_use: bool,
    wanted: &Scope,
) -> Verdict {
    if wanted.kind != Nature::Standard || template.kind != Nature::Standard || is_use {
        return Err(Refusal::new(
            Code::Invalid,
            format!("{reference} is no template of a {} change", wanted.kind),
            "a standard change names in `template` a standard change that names none",
        ));
    }
    match state {
        State::Approved | State::InProgress | State::Implemented | State::Verified => {}
        State::Requested
        | State::Rejected
        | State::Returned
        | State::Withdrawn
        | State::BackedOut
        | State::Expired => {
            return Err(Refusal::new(
                Code::WrongState,
                format!("the template {reference} is {state}"),
                "name one that all have approved, or ask for a normal change",
            ));
        }
    }
    let beyond = |what: String| {
        Err(Refusal::new(
            Code::Invalid,
            format!("{what} goes beyond the template {reference}"),
            "stay within it, or ask for a normal change",
        ))
    };
    if wanted.activity != template.activity {
        return beyond(format!("the activity {}", wanted.activity));
    }
    if let Some(asset) = wanted.assets.iter().find(|asset| !template.assets.contains(asset)) {
        return beyond(format!("the asset {asset}"));
    }
    for concern in Concern::ALL {
        let (asks, allows) =
            (wanted.impacts.of(*concern).level, template.impacts.of(*concern).level);
        if asks > allows {
            return beyond(format!("an impact on {concern} that is {asks}"));
        }
    }
    if wanted.alters_logic && !template.alters_logic {
        return beyond("altering control logic".to_owned());
    }
    if wanted.alters_validated && !template.alters_validated {
        return beyond("altering a validated parameter".to_owned());
    }
    Ok(())
}
