//! Runs: neighbouring entries of kinds that only make new rows and do not touch each other, checked and written with a
//! handful of statements where each on its own takes as many.
//!
//! A run is admitted whole or not at all: where a single entry of it may be refused, the caller plays them one by one
//! and hears which. It concludes nothing that `admit` and `project` do not.

mod asset;
mod log_line;

use std::collections::{BTreeMap, BTreeSet};

use super::admit::may_found;
use super::fault::StoreError;
use super::link::Link;
use super::said::Said;
use super::{facts, project};
use crate::among;
use crate::domain::asset as of_asset;
use crate::domain::command::Kind;
use crate::domain::founding::TOLD;
use crate::domain::log_line as of_log_line;
use crate::domain::names::SiteCode;

/// An entry of a run with what it makes.
type Made<'r, T> = (&'r Said<'r>, &'r T);

/// Who gave the numbers of a run's subjects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numbers {
    /// The store, just now: the counter stands at the last of them.
    Given,
    /// Whoever wrote the entries: the counter stands before the first, and follows.
    Claimed,
}

/// Shorter runs gain nothing.
const LEAST: usize = 4;

/// The site that an entry names whose kind may be part of a run; none for other kinds.
pub fn site(kind: &Kind) -> Option<&SiteCode> {
    match kind {
        Kind::Asset(of_asset::Kind::Registered(made)) => Some(&made.site),
        Kind::LogLine(of_log_line::Kind::Added(made)) => Some(&made.site),
        Kind::Asset(of_asset::Kind::Updated(_) | of_asset::Kind::Retired(_))
        | Kind::Store(_)
        | Kind::Restore(_)
        | Kind::Site(_)
        | Kind::Zone(_)
        | Kind::Raci(_)
        | Kind::Person(_)
        | Kind::Duty(_)
        | Kind::Advisory(_)
        | Kind::Import(_)
        | Kind::Vendor(_)
        | Kind::Risk(_)
        | Kind::Acceptance(_)
        | Kind::Outage(_)
        | Kind::Blackout(_)
        | Kind::Intervention(_)
        | Kind::Yardstick(_)
        | Kind::Change(_)
        | Kind::Window(_)
        | Kind::Session(_)
        | Kind::Bypass(_)
        | Kind::Access(_)
        | Kind::Extension(_)
        | Kind::Incident(_)
        | Kind::Report(_)
        | Kind::Alarm(_)
        | Kind::Comment(_)
        | Kind::Task(_) => None,
    }
}

/// Whether an entry of this kind may be part of a run.
pub fn may_run(kind: &Kind) -> bool {
    site(kind).is_some()
}

/// Checks a run and writes its rows; says false, with nothing written, if it must be played one by one.
///
/// # Errors
/// If the engine fails, or a constraint holds what was let through.
pub async fn play(
    c: &mut Link<'_>,
    run: &[Said<'_>],
    numbers: Numbers,
) -> Result<bool, StoreError> {
    if run.len() < LEAST || !allowed(c, run).await? {
        return Ok(false);
    }
    let assets: Vec<Made<'_, of_asset::Register>> = run.iter().filter_map(asset::made).collect();
    let lines: Vec<Made<'_, of_log_line::Add>> = run.iter().filter_map(log_line::made).collect();
    if !asset::fit(c, &assets).await? || !log_line::fit(c, &lines, numbers).await? {
        return Ok(false);
    }
    project::registered(c, &assets).await?;
    if numbers == Numbers::Claimed {
        log_line::count(c, &lines).await?;
    }
    project::log_lines(c, &lines).await?;
    Ok(true)
}

/// Whether everybody who wrote an entry of the run had the right to, at the site that the entry names.
async fn allowed(c: &mut Link<'_>, run: &[Said<'_>]) -> Result<bool, StoreError> {
    let mut holders = BTreeMap::new();
    let mut sites = BTreeSet::new();
    for said in run {
        let Some(site) = site(&said.kind) else { return Ok(false) };
        // Neither entries of a founding nor those of a past that is told go in by the dozen.
        let apart = may_found(said.entry.seq) || said.body.from.via == TOLD;
        if apart || said.site.as_ref() != Some(site) {
            return Ok(false);
        }
        sites.insert(site.as_str());
        if !holders.contains_key(&said.actor) {
            let Some(holder) = facts::holder(c, &said.actor).await? else { return Ok(false) };
            holders.insert(said.actor.clone(), holder);
        }
        let may = holders
            .get(&said.actor)
            .is_some_and(|holder| holder.may(said.spec.right, Some(site), said.entry.at).is_ok());
        if !may {
            return Ok(false);
        }
    }
    all(sites.len(), among!(c, (i64,), "SELECT COUNT(*) FROM site WHERE ref", facts::json(&sites)?))
}

/// Whether so many were found as were asked for.
fn all(asked: usize, found: Result<Vec<(i64,)>, sqlx::Error>) -> Result<bool, StoreError> {
    let found = found?.first().map_or(0, |(count,)| *count);
    Ok(usize::try_from(found) == Ok(asked))
}
