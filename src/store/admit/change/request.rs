//! What rule version 2 asks of a request for a change beyond its plan: a linked risk, a difference to what it replaces,
//! the bounds of a template, reviews of an emergency, a validation record.

use super::{Board, Change, asked};
use crate::domain::approval::Ask;
use crate::domain::change::{
    Bound, Concern, Impact, Impacts, Nature, Request, Scope, within as fits,
};
use crate::domain::names::Ref;
use crate::domain::raci::Activity;
use crate::domain::refusal::{Code, Refusal, Verdict};
use crate::domain::role::Holder;
use crate::store::asked::Asked;
use crate::store::fault::StoreError;
use crate::store::link::Link;

/// Checks a request by what it names: risks, the change it replaces, the template it uses.
pub async fn asks(c: &mut Link<'_>, made: &Request) -> Result<(), StoreError> {
    if made.impacts.of(Concern::Security).level == Impact::High
        && made.risks.as_ref().is_none_or(Vec::is_empty)
    {
        return Err(unlinked().into());
    }
    if let Some(template) = &made.template {
        let wanted = Scope {
            kind: made.kind,
            activity: made.activity.unwrap_or(Activity::ControlChange),
            assets: made.assets.clone(),
            impacts: made.impacts.clone(),
            alters_logic: made.alters_logic.unwrap_or(false),
            alters_validated: made.alters_validated.unwrap_or(false),
        };
        of_template(c, template, &wanted).await?;
    }
    let Some(earlier) = &made.supersedes else { return Ok(()) };
    other_than(c, earlier, &super::ground::wanted(made)).await
}

/// Refuses what asks in every field that is decided on for what an earlier change asked.
pub async fn other_than(c: &mut Link<'_>, earlier: &Ref, later: &Bound) -> Result<(), StoreError> {
    let mut before = asked::bound(c, earlier).await?;
    before.assets.sort_unstable();
    if before.differences(later).is_empty() {
        return Err(Refusal::new(
            Code::Conflict,
            format!("it asks again for what {earlier} asked, in every field that is decided on"),
            "change assets, time, impacts, rollback or tests; `smc show` says why it was refused",
        )
        .into());
    }
    Ok(())
}

fn unlinked() -> Refusal {
    Refusal::new(
        Code::Missing,
        "the impact on security is high and no risk is linked",
        "name in `risks` what may happen; raise it first with `smc do risk.raise`",
    )
}

/// Refuses a high impact on security without a linked risk: one that is named, or that stands at this revision.
pub async fn linked(
    c: &mut Link<'_>,
    on: &Ref,
    impacts: &Impacts,
    named: Option<&[Ref]>,
    stand: Option<i64>,
) -> Result<(), StoreError> {
    if impacts.of(Concern::Security).level != Impact::High
        || named.is_some_and(|named| !named.is_empty())
    {
        return Ok(());
    }
    match stand {
        Some(revision) if !asked::risks_of(c, on, revision).await?.is_empty() => Ok(()),
        Some(_) | None => Err(unlinked().into()),
    }
}

/// Refuses a revision that leads a use out of its template.
pub async fn within(c: &mut Link<'_>, asked: &Asked) -> Result<(), StoreError> {
    let (Ask::Use(template), Some(impacts)) = (&asked.ask, &asked.impacts) else { return Ok(()) };
    let wanted = Scope {
        kind: Nature::Standard,
        activity: asked.activity,
        assets: asked.assets.clone(),
        impacts: impacts.clone(),
        alters_logic: asked.alters_logic,
        alters_validated: asked.alters_validated,
    };
    of_template(c, template, &wanted).await
}

async fn of_template(c: &mut Link<'_>, template: &Ref, wanted: &Scope) -> Result<(), StoreError> {
    let stands = Change::read(c, template).await?;
    let scope = Scope {
        kind: Nature::parse(&stands.kind).unwrap_or(Nature::Normal),
        activity: Activity::parse(&stands.activity).unwrap_or(Activity::ControlChange),
        assets: asked::assets_of(c, template, stands.revision).await?,
        impacts: stands.impacts()?,
        alters_logic: stands.alters_logic,
        alters_validated: stands.alters_validated,
    };
    Ok(fits(template, &scope, stands.stored(), stands.template.is_some(), wanted)?)
}

/// Whether this person may raise an impact: one of those who decide, who did not ask.
pub fn may_raise(on: &Ref, board: &Board, person: &Holder) -> Verdict {
    if person.login == board.requester {
        return Err(Refusal::new(
            Code::FourEyes,
            format!("{} asked for {on}", person.login),
            "revise it with `smc do change.revise`; those who decide raise an impact",
        ));
    }
    if board.required.iter().any(|one| person.holds(one.discipline)) {
        return Ok(());
    }
    let names: Vec<_> = board.required.iter().map(|one| one.discipline.word()).collect();
    Err(Refusal::new(
        Code::WrongDiscipline,
        format!("{} holds no discipline that decides on {on}", person.login),
        format!("those who decide raise an impact: {}", names.join(", ")),
    ))
}

/// Refuses to go on with what a review found wrong.
pub fn found_right(on: &Ref, board: &Board, instead: &str) -> Verdict {
    let Some(wrong) = board.found_wrong() else { return Ok(()) };
    Err(Refusal::new(
        Code::Vetoed,
        format!("{} found {on} wrong, reviewing it for {}", wrong.person, wrong.discipline),
        instead.to_owned(),
    ))
}

/// Refuses to verify an emergency while somebody has still to review it.
pub fn reviewed(on: &Ref, board: &Board) -> Verdict {
    let open: Vec<_> = board.to_review().map(|discipline| discipline.word()).collect();
    if open.is_empty() {
        return Ok(());
    }
    Err(Refusal::new(
        Code::Missing,
        format!("{on} was an emergency and {} has not reviewed it", open.join(", ")),
        "each of them says so with `smc do change.review`",
    ))
}

/// Refuses to verify a change of a validated state without its record.
pub async fn validated(c: &mut Link<'_>, on: &Ref, record: bool) -> Result<(), StoreError> {
    if record {
        return Ok(());
    }
    if !asked::touches_validated(c, on).await? {
        return Ok(());
    }
    Err(Refusal::new(
        Code::Missing,
        format!("{on} touches a validated state and has no validation record"),
        "say in `evidence` where the record is",
    )
    .into())
}
