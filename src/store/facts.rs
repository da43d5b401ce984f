//! Facts that several rules ask the tables for: who a person is, whether a subject exists, which site it is of.

use sqlx::FromRow;

use super::fault::StoreError;
use super::link::Link;
use crate::domain::discipline::Discipline;
use crate::domain::names::{Login, Ref, SiteCode};
use crate::domain::raci::{Activity, Cell, Row, Value};
use crate::domain::refusal::{Code, Refusal};
use crate::domain::role::{Grant, Holder, Role};
use crate::domain::time::Time;
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

/// A grant, a discipline or the state of a person, or a site that stands, told apart by `what`.
#[derive(FromRow)]
struct HolderRow {
    what: String,
    word: String,
    scope: String,
    until_at: Option<Time>,
}

/// The person of this login as the rules see one, none if nobody of that name is registered.
pub async fn holder(c: &mut Link<'_>, login: &Login) -> Result<Option<Holder>, StoreError> {
    Ok(holder_at(c, login, None).await?.0)
}

/// The person of this login, and whether this site is registered.
pub async fn holder_at(
    c: &mut Link<'_>,
    login: &Login,
    site: Option<&SiteCode>,
) -> Result<(Option<Holder>, bool), StoreError> {
    // One question for all of it: every entry asks it under the lock and in a replay.
    let found = rows!(
        c,
        HolderRow,
        "SELECT 'grant' AS what, role AS word, scope, until_at FROM role_grant
         WHERE person_ref = $1 AND state = 'held'
         UNION ALL SELECT 'discipline', discipline, '', NULL FROM person_discipline WHERE person_ref = $1
         UNION ALL SELECT 'state', state, '', NULL FROM person WHERE ref = $1
         UNION ALL SELECT 'site', ref, '', NULL FROM site WHERE ref = $2",
        login.as_str(),
        site.map(SiteCode::as_str)
    )?;
    let of = |what: &'static str| found.iter().filter(move |row| row.what == what);
    let stands = of("site").next().is_some();
    let Some(state) = of("state").next() else { return Ok((None, stands)) };
    let holder = Holder {
        login: login.clone(),
        active: state.word == "active",
        disciplines: of("discipline").filter_map(|row| Discipline::parse(&row.word)).collect(),
        grants: of("grant")
            .filter_map(|row| {
                let site = match row.scope.as_str() {
                    "*" => None,
                    code => Some(SiteCode::new(code).ok()?),
                };
                Some(Grant { role: Role::parse(&row.word)?, site, until: row.until_at })
            })
            .collect(),
    };
    Ok((Some(holder), stands))
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
