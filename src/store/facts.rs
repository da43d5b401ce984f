//! Facts that several rules ask the tables for: who a person is, whether a subject exists, which site it is of.

mod holder;

pub use holder::{Met, MetRow, holder, met};

use sqlx::FromRow;

use super::fault::StoreError;
use super::link::Link;
use crate::domain::discipline::Discipline;
use crate::domain::names::{Login, Ref, SiteCode};
use crate::domain::raci::{Activity, Cell, Row, Value};
use crate::domain::refusal::{Code, Refusal};
use crate::domain::role::Holder;
use crate::{rows, scalar};

/// Text as lists are searched by: lower case, the parts set apart by line ends.
pub fn folded(parts: &[&str]) -> String {
    parts.join("\n").to_lowercase()
}

/// A value as the JSON text that a column holds.
pub fn json<T: serde::Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value)
        .map_err(|fault| StoreError::Body(crate::ledger::BodyFault::Data(fault)))
}

/// A registered person.
///
/// # Errors
/// `unknown` if there is none of that login.
pub async fn person(c: &mut Link<'_>, login: &Login) -> Result<Holder, StoreError> {
    Ok(holder(c, login)
        .await?
        .ok_or_else(|| Refusal::unknown("person", login.as_str(), "people"))?)
}

/// Refuses a site that is not registered.
pub async fn site(c: &mut Link<'_>, site: &SiteCode) -> Result<(), StoreError> {
    scalar!(c, String, "SELECT ref FROM site WHERE ref = $1", site.as_str())?
        .map(|_| ())
        .ok_or_else(|| Refusal::unknown("site", site.as_str(), "sites").into())
}

/// The site of an asset that is in the plant.
///
/// # Errors
/// `unknown` if there is none, `wrong-state` if it was retired.
pub async fn asset(c: &mut Link<'_>, asset: &Ref) -> Result<String, StoreError> {
    let row = crate::opt!(
        c,
        (String, String),
        "SELECT site, state FROM asset WHERE ref = $1",
        asset.as_str()
    )?;
    match row {
        None => Err(Refusal::unknown("asset", asset.as_str(), "assets").into()),
        Some((_, state)) if state != "active" => Err(Refusal::new(
            Code::WrongState,
            format!("asset {asset} is {state}"),
            "name an asset that is in the plant",
        )
        .into()),
        Some((site, _)) => Ok(site),
    }
}

/// What an asset is part of, if it is part of another.
pub async fn part_of(c: &mut Link<'_>, asset: &str) -> Result<Option<String>, StoreError> {
    let found =
        crate::opt!(c, (Option<String>,), "SELECT part_of FROM asset WHERE ref = $1", asset)?;
    Ok(found.and_then(|(whole,)| whole))
}

/// Refuses a reference that a table holds already.
pub fn fresh(found: Option<i64>, what: &str, name: &str) -> Result<(), StoreError> {
    match found {
        None => Ok(()),
        Some(_) => Err(Refusal::new(
            Code::Conflict,
            format!("{what} {name} is registered already"),
            "give another name, or change the one that is there",
        )
        .into()),
    }
}

#[derive(FromRow)]
struct CellRow {
    discipline: String,
    value: String,
}

/// The cells that were set in a RACI row.
pub async fn cells(c: &mut Link<'_>, row: &Ref) -> Result<Vec<Cell>, StoreError> {
    let found =
        rows!(c, CellRow, "SELECT discipline, value FROM raci WHERE raci_ref = $1", row.as_str())?;
    Ok(found
        .iter()
        .filter_map(|row| {
            Some(Cell {
                discipline: Discipline::parse(&row.discipline)?,
                value: Value::parse(&row.value)?,
            })
        })
        .collect())
}

/// The RACI row of an activity as it holds at a site.
pub async fn raci(
    c: &mut Link<'_>,
    activity: Activity,
    site: &SiteCode,
) -> Result<Row, StoreError> {
    let own = cells(c, &Ref::raci(activity.word(), Some(site))).await?;
    let corporate = cells(c, &Ref::raci(activity.word(), None)).await?;
    Ok(Row::held(activity, &own, &corporate))
}

/// The site of a subject that stands in a table, by its reference; none for subjects of no site.
pub async fn site_of(c: &mut Link<'_>, subject: &Ref) -> Result<Option<String>, StoreError> {
    let subject = subject.as_str();
    let found = scalar!(
        c,
        String,
        "SELECT site FROM change WHERE ref = $1
         UNION ALL SELECT site FROM calendar WHERE ref = $1
         UNION ALL SELECT site FROM vendor_window WHERE ref = $1
         UNION ALL SELECT site FROM risk WHERE ref = $1
         UNION ALL SELECT site FROM acceptance WHERE ref = $1
         UNION ALL SELECT site FROM incident WHERE ref = $1
         UNION ALL SELECT site FROM report WHERE ref = $1
         UNION ALL SELECT site FROM access_session WHERE ref = $1
         UNION ALL SELECT site FROM bypass WHERE ref = $1
         UNION ALL SELECT site FROM access_event WHERE ref = $1
         UNION ALL SELECT site FROM extension WHERE ref = $1
         UNION ALL SELECT site FROM asset WHERE ref = $1
         UNION ALL SELECT site FROM import WHERE ref = $1 AND site IS NOT NULL",
        subject
    )?;
    Ok(found)
}
