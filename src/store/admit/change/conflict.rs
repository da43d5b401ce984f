//! What stands against a change, when it starts and when somebody waives it.

use super::{Change, asked};
use crate::domain::conflict::{Against, Conflict, Waiver, Work};
use crate::domain::incident;
use crate::domain::names::{Ref, SiteCode};
use crate::domain::refusal::{Code, Refusal};
use crate::domain::role::Holder;
use crate::domain::time::Time;
use crate::store::clashing;
use crate::store::fault::StoreError;
use crate::store::said::Said;
use crate::store::{facts, link::Link};

/// What stands against a change at an instant, each with its waiver if it has one.
///
/// # Errors
/// If the engine fails.
pub async fn standing(
    c: &mut Link<'_>,
    on: &Ref,
    change: &Change,
    at: Time,
) -> Result<Vec<(Conflict, Option<Waiver>)>, StoreError> {
    let assets = asked::assets_of(c, on, change.revision).await?;
    let work = Work {
        reference: on.to_string(),
        site: change.site.clone(),
        assets: assets.iter().map(ToString::to_string).collect(),
        start: change.start_at,
        end: change.end_at,
        goes_on: false,
        settled: true,
        serves: change.template.clone(),
        vendor: None,
    };
    let intervention = change.intervention.as_deref();
    let meant = clashing::meant(work, &change.impacts()?, &change.activity, intervention);
    clashing::of_change(c, &meant, at).await
}

/// Refuses to start while something stands against the change that nobody waived, and names all of it.
pub async fn free(
    c: &mut Link<'_>,
    said: &Said<'_>,
    change: &Change,
    actor: &Holder,
) -> Result<(), StoreError> {
    let on = &said.subject;
    let found = standing(c, on, change, said.entry.at).await?;
    for (_, waiver) in found.iter().filter(|(one, _)| one.against == Against::Freeze) {
        let Some(exempted) = waiver else { continue };
        incident::may_begin(actor, &exempted.person)?;
    }
    let stands: Vec<Conflict> = found
        .into_iter()
        .filter(|(conflict, waiver)| conflict.blocks && waiver.is_none())
        .map(|(conflict, _)| conflict)
        .collect();
    if stands.is_empty() {
        return Ok(());
    }
    let frozen = stands.iter().any(|conflict| conflict.against == Against::Freeze);
    let named: Vec<String> =
        stands.iter().map(|conflict| format!("{}: {}", conflict.with, conflict.because)).collect();
    let mut helps: Vec<&str> = stands.iter().map(|one| one.against.remedy()).collect();
    if stands.iter().any(|conflict| conflict.against.waived_by().is_some()) {
        helps.push("whoever answers for it waives it with `smc do change.waive`");
    }
    helps.dedup();
    Err(Refusal::new(
        if frozen { Code::Frozen } else { Code::Conflict },
        format!("{on} cannot start: {}", named.join("; ")),
        helps.join("; "),
    )
    .into())
}

/// Whether this person may waive what is called so: it stands, it can be waived, they answer for it and did not ask.
pub async fn waives(
    c: &mut Link<'_>,
    said: &Said<'_>,
    change: &Change,
    named: &Ref,
    actor: &Holder,
) -> Result<(), StoreError> {
    let found = standing(c, &said.subject, change, said.entry.at).await?;
    let stands: Vec<&(Conflict, Option<Waiver>)> =
        found.iter().filter(|(conflict, _)| conflict.with == named.as_str()).collect();
    let Some((last, waiver)) = stands.iter().find(|(_, w)| w.is_none()).or(stands.last()) else {
        return Err(Refusal::new(
            Code::Unknown,
            format!("nothing called {named} stands against {}", said.subject),
            "see `smc show` for its conflicts by name",
        )
        .into());
    };
    if let Some(waiver) = waiver {
        return Err(Refusal::new(
            Code::WrongState,
            format!("{} waived {named} already: {}", waiver.person, waiver.reason),
            "it holds for as long as neither of the two moves",
        )
        .into());
    }
    if change.requester == actor.login.as_str() {
        return Err(Refusal::new(
            Code::FourEyes,
            format!("{} asked for {}", actor.login, said.subject),
            "somebody else waives what stands against it",
        )
        .into());
    }
    let Some(activity) = last.against.waived_by() else {
        let code = if last.against == Against::Freeze { Code::Frozen } else { Code::NotAllowed };
        return Err(Refusal::new(
            code,
            format!("nobody waives this: {}", last.because),
            last.against.remedy(),
        )
        .into());
    };
    let site = SiteCode::new(&change.site)
        .map_err(|fault| Refusal::new(Code::Invalid, fault.to_string(), "run `smc verify`"))?;
    let answers = facts::raci(c, activity, &site).await?.accountable;
    if actor.holds(answers) {
        return Ok(());
    }
    Err(Refusal::new(
        Code::WrongDiscipline,
        format!("{} does not answer for {activity} at {site}", actor.login),
        format!("{answers} does: the RACI row {activity} says so"),
    )
    .into())
}
