//! What stands against the changes, windows and extensions of a page, each named, with who let it pass.

use std::collections::BTreeMap;

use serde::Serialize;

use super::columns::Lines;
use super::{Change, Extension, Window};
use crate::domain::change::{Nature, State};
use crate::domain::conflict::{Conflict, Slot, Waiver, Work};
use crate::domain::names::SiteCode;
use crate::domain::time::Time;
use crate::domain::{extension, window};
use crate::store::clashing::Passed;
use crate::store::fault::StoreError;
use crate::store::link::Link;
use crate::store::{clashing, facts};

/// Something that stands against a change or a vendor's access.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Clash {
    /// What and why.
    #[serde(flatten)]
    pub conflict: Conflict,
    /// The activity whose accountable discipline may waive it; none if nobody may.
    pub waivable: Option<&'static str>,
    /// The discipline that is accountable for it at the site.
    pub answers: Option<String>,
    /// Who let it pass and why, if somebody did.
    pub waived: Option<Waiver>,
}

/// An outage that a change could be planned into, with the times that it would have there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fit {
    /// The outage.
    pub r#ref: String,
    /// What it is for.
    pub title: String,
    /// When the change would begin.
    pub start: Time,
    /// When it would end.
    pub end: Time,
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

/// Whether anything can still stand against a window in this state.
fn can_keep_out(state: &str) -> bool {
    match window::State::parse(state) {
        Some(window::State::Requested | window::State::Approved | window::State::Open) => true,
        Some(
            window::State::Closed
            | window::State::Rejected
            | window::State::Cancelled
            | window::State::Lapsed
            | window::State::CutOff,
        )
        | None => false,
    }
}

/// The site of all of these, if it is one.
fn one_site<'a>(mut sites: impl Iterator<Item = &'a str>) -> Option<String> {
    let first = sites.next()?;
    sites.all(|site| site == first).then(|| first.to_owned())
}

/// Conflicts as they are shown, before it is known who answers for them.
fn told(found: Vec<(Conflict, Option<Waiver>)>) -> Vec<Clash> {
    let clash = |(conflict, waived): (Conflict, Option<Waiver>)| Clash {
        waivable: conflict.against.waived_by().map(|activity| activity.word()),
        answers: None,
        conflict,
        waived,
    };
    found.into_iter().map(clash).collect()
}

/// The names of what stands and nobody let pass, each once.
fn names(clashes: &[Clash]) -> Lines {
    let open = clashes.iter().filter(|clash| clash.waived.is_none());
    let mut named: Vec<String> = open.map(|clash| clash.conflict.with.clone()).collect();
    named.dedup();
    Lines(named)
}

/// Concludes for each change what stands against it at this instant.
pub async fn changes(c: &mut Link<'_>, rows: &mut [Change], now: Time) -> Result<(), StoreError> {
    let live: Vec<&Change> = rows.iter().filter(|row| can_clash(&row.state)).collect();
    if live.is_empty() {
        return Ok(());
    }
    let site = one_site(live.iter().map(|row| row.site.as_str()));
    let touched: Vec<&str> =
        live.iter().flat_map(|row| &row.assets.0).map(String::as_str).collect();
    let around = clashing::surroundings(c, site.as_deref(), &touched, now).await?;
    let refs: Vec<&str> = live.iter().map(|row| row.r#ref.as_str()).collect();
    let waivers = clashing::waivers(c, &refs).await?;
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
            vendor: None,
        };
        let intervention = row.intervention.as_deref();
        let fit = |slot: &Slot| {
            let (start, end) = around.into_outage(slot, &work, now)?;
            Some(Fit { r#ref: slot.reference.clone(), title: slot.title.clone(), start, end })
        };
        // What others are uses of is a promise and no work: it is put into no outage.
        let template = row.kind == Nature::Standard.word() && row.template.is_none();
        row.fits = around.slots.iter().filter(|_| !template).filter_map(fit).collect();
        let meant = clashing::meant(work, &row.impacts.0, &row.activity, intervention);
        let own = waivers.get(&row.r#ref).map_or(&[][..], Vec::as_slice);
        row.clashes = told(clashing::waived(around.against(&meant, now), own));
        row.conflicts = names(&row.clashes);
    }
    answers(c, rows.iter_mut().map(|row| (row.site.as_str(), &mut row.clashes))).await
}

/// Concludes for each window what stands against it at this instant.
pub async fn windows(c: &mut Link<'_>, rows: &mut [Window], now: Time) -> Result<(), StoreError> {
    let works: Vec<Option<Work>> = rows
        .iter()
        .map(|row| {
            can_keep_out(&row.state).then(|| Work {
                reference: row.r#ref.clone(),
                site: row.site.clone(),
                assets: row.assets.0.clone(),
                start: row.start,
                end: row.end,
                goes_on: row.state == window::State::Open.word(),
                settled: true,
                serves: row.change.clone(),
                vendor: Some(row.vendor.clone()),
            })
        })
        .collect();
    let found = accesses(c, &works, now).await?;
    for (row, clashes) in rows.iter_mut().zip(found) {
        row.conflicts = names(&clashes);
        row.clashes = clashes;
    }
    answers(c, rows.iter_mut().map(|row| (row.site.as_str(), &mut row.clashes))).await
}

/// Concludes for each extension that waits what its window would run into.
pub async fn extensions(
    c: &mut Link<'_>,
    rows: &mut [Extension],
    now: Time,
) -> Result<(), StoreError> {
    let works: Vec<Option<Work>> = rows
        .iter()
        .map(|row| {
            (row.state == extension::State::Requested.word()).then(|| Work {
                reference: row.window.clone(),
                site: row.site.clone(),
                assets: row.assets.0.clone(),
                start: row.old_end,
                end: row.end,
                goes_on: false,
                settled: true,
                serves: row.serves.clone(),
                vendor: Some(row.vendor.clone()),
            })
        })
        .collect();
    let found = accesses(c, &works, now).await?;
    for (row, clashes) in rows.iter_mut().zip(found) {
        row.conflicts = names(&clashes);
        row.clashes = clashes;
    }
    answers(c, rows.iter_mut().map(|row| (row.site.as_str(), &mut row.clashes))).await
}

/// What stands against each access.
async fn accesses(
    c: &mut Link<'_>,
    works: &[Option<Work>],
    now: Time,
) -> Result<Vec<Vec<Clash>>, StoreError> {
    let live: Vec<&Work> = works.iter().flatten().collect();
    if live.is_empty() {
        return Ok(works.iter().map(|_| Vec::new()).collect());
    }
    let site = one_site(live.iter().map(|work| work.site.as_str()));
    let touched: Vec<&str> =
        live.iter().flat_map(|work| &work.assets).map(String::as_str).collect();
    let around = clashing::surroundings(c, site.as_deref(), &touched, now).await?;
    let refs: Vec<&str> = live.iter().map(|work| work.reference.as_str()).collect();
    let against = |work: &Work| around.against_access(work, now);
    let found: Vec<Vec<Conflict>> =
        works.iter().map(|work| work.as_ref().map(against).unwrap_or_default()).collect();
    let passed = Passed::read(c, &refs, &found.concat()).await?;
    let with = |(work, found): (&Option<Work>, Vec<Conflict>)| match work {
        Some(work) => told(found.into_iter().map(|one| passed.of(work, one)).collect()),
        None => Vec::new(),
    };
    Ok(works.iter().zip(found).map(with).collect())
}

/// Finds who answers for each at its site.
async fn answers<'a>(
    c: &mut Link<'_>,
    rows: impl Iterator<Item = (&'a str, &'a mut Vec<Clash>)>,
) -> Result<(), StoreError> {
    let mut known: BTreeMap<(String, &'static str), String> = BTreeMap::new();
    for (place, clashes) in rows {
        for clash in clashes {
            let Some(activity) = clash.conflict.against.waived_by() else { continue };
            let key = (place.to_owned(), activity.word());
            if !known.contains_key(&key) {
                let Ok(site) = SiteCode::new(place) else { continue };
                let answers = facts::raci(c, activity, &site).await?.accountable;
                known.insert(key.clone(), answers.word().to_owned());
            }
            clash.answers = known.get(&key).cloned();
        }
    }
    Ok(())
}
