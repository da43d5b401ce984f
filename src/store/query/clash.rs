//! What stands against the changes of a page, each named, with who waived it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Change;
use super::columns::Lines;
use crate::domain::change::State;
use crate::domain::conflict::{Conflict, Waiver, Work};
use crate::domain::names::SiteCode;
use crate::domain::time::Time;
use crate::store::fault::StoreError;
use crate::store::link::Link;
use crate::store::{clashing, facts};

/// Something that stands against a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Clash {
    /// What and why.
    #[serde(flatten)]
    pub conflict: Conflict,
    /// The activity whose accountable discipline may waive it; none if nobody may.
    pub waivable: Option<&'static str>,
    /// The discipline that is accountable for it at the site.
    pub answers: Option<String>,
    /// Who waived it and why, if somebody did.
    pub waived: Option<Waiver>,
}

/// Whether anything can still stand against a change in this state.
fn can_clash(state: &str) -> bool {
    match State::parse(state) {
        Some(State::Requested | State::Approved | State::InProgress | State::Returned) => true,
        Some(
            State::Implemented
            | State::Verified
            | State::Rejected
            | State::Withdrawn
            | State::BackedOut
            | State::Expired,
        )
        | None => false,
    }
}

/// Concludes for each change what stands against it at this instant.
pub async fn changes(c: &mut Link<'_>, rows: &mut [Change], now: Time) -> Result<(), StoreError> {
    let live: Vec<&Change> = rows.iter().filter(|row| can_clash(&row.state)).collect();
    let Some(first) = live.first() else { return Ok(()) };
    let site = live.iter().all(|row| row.site == first.site).then(|| first.site.clone());
    let touched: Vec<&str> =
        live.iter().flat_map(|row| &row.assets.0).map(String::as_str).collect();
    let around = clashing::surroundings(c, site.as_deref(), &touched, now).await?;
    let names: Vec<&str> = live.iter().map(|row| row.r#ref.as_str()).collect();
    let waivers = clashing::waivers(c, &names).await?;
    for row in rows.iter_mut().filter(|row| can_clash(&row.state)) {
        let work = Work {
            reference: row.r#ref.clone(),
            site: row.site.clone(),
            assets: row.assets.0.clone(),
            start: row.start,
            end: row.end,
            goes_on: row.state == State::InProgress.word(),
            settled: true,
            serves: row.template.clone(),
        };
        let intervention = row.intervention.as_deref();
        let meant = clashing::meant(work, &row.impacts.0, &row.activity, intervention);
        let own = waivers.get(&row.r#ref).map_or(&[][..], Vec::as_slice);
        let clashes: Vec<Clash> = clashing::waived(around.against(&meant, now), own)
            .into_iter()
            .map(|(conflict, waived)| Clash {
                waivable: conflict.against.waived_by().map(|activity| activity.word()),
                answers: None,
                conflict,
                waived,
            })
            .collect();
        let open = clashes.iter().filter(|clash| clash.waived.is_none());
        let mut named: Vec<String> = open.map(|clash| clash.conflict.with.clone()).collect();
        named.dedup();
        row.conflicts = Lines(named);
        row.clashes = clashes;
    }
    let mut known: BTreeMap<(String, &'static str), String> = BTreeMap::new();
    for row in rows.iter_mut() {
        for clash in &mut row.clashes {
            let Some(activity) = clash.conflict.against.waived_by() else { continue };
            let key = (row.site.clone(), activity.word());
            if !known.contains_key(&key) {
                let Ok(site) = SiteCode::new(&row.site) else { continue };
                let answers = facts::raci(c, activity, &site).await?.accountable;
                known.insert(key.clone(), answers.word().to_owned());
            }
            clash.answers = known.get(&key).cloned();
        }
    }
    Ok(())
}
