//! Everything in motion at one instant: what has been asked for, is allowed, goes on or waits for a verdict. Read once for
//! all that is concluded from it; concludes nothing itself.

use std::collections::BTreeMap;

use super::change::LIVE;
use super::engine::{self, Listed, Page, Question};
use super::touched::Touched;
use super::{Acceptance, Change, Extension, Report, Window, window};
use crate::domain::attention::Consequence;
use crate::domain::filter::Filter;
use crate::domain::risk::Weight;
use crate::domain::time::Time;
use crate::store::facts;
use crate::store::fault::StoreError;
use crate::store::link::Link;
use crate::store::reader::ReadError;
use crate::{among, rows};

/// Most objects in motion that are looked at.
pub(super) const MOST: Page = Page { limit: 1_000, after: None };

/// What has not ended, of all sites.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Motion {
    /// Changes that have not ended.
    pub changes: Vec<Change>,
    /// Windows that have not ended.
    pub windows: Vec<Window>,
    /// Acceptances that wait for a decision.
    pub acceptances: Vec<Acceptance>,
    /// Extensions that wait for a decision.
    pub extensions: Vec<Extension>,
    /// Reports that nobody has judged.
    pub reports: Vec<Report>,
    /// Changes that a veto ended before their start, or that passed their end before work began not long ago, and that no
    /// other replaces.
    pub refused_changes: Vec<Change>,
    /// Windows that were refused before their start.
    pub refused_windows: Vec<Window>,
    /// How bad each risk is whose acceptance waits, by acceptance.
    weighed: BTreeMap<String, Consequence>,
}

/// What changes, windows and extensions with what stands against them are read from.
pub(super) const WORK: &[&str] = &[
    "access_session",
    "approval",
    "asset",
    "calendar",
    "calendar_asset",
    "change",
    "change_asset",
    "change_risk",
    "decision",
    "despite",
    "exemption",
    "extension",
    "incident",
    "incident_site",
    "intervention",
    "person",
    "raci",
    "requirement",
    "site",
    "site_freeze",
    "vendor",
    "vendor_person",
    "vendor_window",
    "waiver",
    "window_asset",
];

/// What acceptances are read from.
pub(super) const ACCEPTED: &[&str] =
    &["acceptance", "approval", "asset", "decision", "requirement", "risk", "site", "vuln_match"];

/// What reports are read from.
pub(super) const REPORTED: &[&str] = &["report", "site"];

impl Motion {
    /// Reads it; only the object of this reference, whatever its state, if one is given.
    pub(super) async fn read(
        c: &mut Link<'_>,
        one: Option<&str>,
        now: Time,
    ) -> Result<Self, StoreError> {
        let mut motion = Self::default();
        motion.again(c, one, &Touched::Everything, now).await?;
        Ok(motion)
    }

    /// Reads again what may have moved.
    pub(super) async fn again(
        &mut self,
        c: &mut Link<'_>,
        one: Option<&str>,
        touched: &Touched,
        now: Time,
    ) -> Result<(), StoreError> {
        if touched.any(WORK) {
            // Refused, while its time lies ahead.
            let refused = "state:rejected start:>0";
            let over = "state:rejected,expired end:>-7d";
            let refused_changes = part(c, over, one, now).await?;
            self.changes = part(c, LIVE, one, now).await?;
            self.windows = part(c, window::LIVE, one, now).await?;
            self.extensions = part(c, "state:requested", one, now).await?;
            self.refused_changes = unreplaced(c, refused_changes).await?;
            self.refused_windows = part(c, refused, one, now).await?;
        }
        if touched.any(ACCEPTED) {
            self.acceptances = part(c, "state:requested", one, now).await?;
            let none = self.acceptances.is_empty();
            self.weighed = if none { BTreeMap::new() } else { of_acceptances(c).await? };
        }
        if touched.any(REPORTED) {
            self.reports = part(c, "state:submitted", one, now).await?;
        }
        Ok(())
    }

    /// How bad the risk of an acceptance is; what nobody has weighed counts as the worst.
    pub(super) fn worst(&self, acceptance: &str) -> Consequence {
        self.weighed.get(acceptance).copied().unwrap_or(Consequence::Grave)
    }
}

/// Those of the changes that no other replaces.
async fn unreplaced(c: &mut Link<'_>, mut rows: Vec<Change>) -> Result<Vec<Change>, StoreError> {
    if rows.is_empty() {
        return Ok(rows);
    }
    let names: Vec<&str> = rows.iter().map(|row| row.r#ref.as_str()).collect();
    let found = among!(
        c,
        (String,),
        "SELECT t.supersedes FROM change t WHERE t.supersedes",
        facts::json(&names)?
    )?;
    // What let a temporary change stay longer has done all that it was asked for.
    let used = among!(
        c,
        (String,),
        "SELECT t.ref FROM change t JOIN change o ON o.ref = t.supersedes AND o.kind = 'temporary'
            AND o.revert_by = t.revert_by WHERE t.kind = 'temporary' AND t.ref",
        facts::json(&names)?
    )?;
    rows.retain(|row| !found.iter().chain(&used).any(|(over,)| *over == row.r#ref));
    Ok(rows)
}

/// A question that this program asks itself is understood, or the store is at fault.
pub(super) fn broken(fault: ReadError) -> StoreError {
    match fault {
        ReadError::Store(fault) => fault,
        other @ (ReadError::Filter(_)
        | ReadError::NotBuilt(_)
        | ReadError::NoList { .. }
        | ReadError::Cursor(_)) => StoreError::Unavailable(other.to_string()),
    }
}

/// A part of a list, read at an instant.
pub(super) async fn part<T: Listed>(
    c: &mut Link<'_>,
    line: &str,
    one: Option<&str>,
    now: Time,
) -> Result<Vec<T>, StoreError> {
    let filter =
        if one.is_some() { Filter::default() } else { T::LIST.filter(line).map_err(broken)? };
    let question = match one {
        Some(reference) => Question::one(T::LIST, &filter, reference, now),
        None => Question::new(T::LIST, &filter, &MOST, now).map_err(broken)?,
    };
    Ok(engine::page::<T>(c, &question).await?.rows)
}

async fn of_acceptances(c: &mut Link<'_>) -> Result<BTreeMap<String, Consequence>, StoreError> {
    let found = rows!(
        c,
        (String, Option<String>),
        "SELECT t.ref, COALESCE(r.current_weight, r.inherent_weight)
         FROM acceptance t JOIN risk r ON r.ref = t.risk WHERE t.state = 'requested'"
    )?;
    let worst = |weight: Option<&str>| {
        let weight: Option<Weight> = weight.and_then(|text| serde_json::from_str(text).ok());
        Consequence::of_harm(&weight.map(|weight| weight.consequence).unwrap_or_default())
    };
    Ok(found.into_iter().map(|(on, weight)| (on, worst(weight.as_deref()))).collect())
}
