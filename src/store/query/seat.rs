//! Who decides: the seats on the board of a request, who sits on each, who could, and what was said.

use serde::Serialize;
use sqlx::FromRow;

use crate::domain::discipline::Discipline;
use crate::domain::names::{Login, SiteCode};
use crate::domain::role::{Holder, Right};
use crate::domain::time::Time;
use crate::store::facts;
use crate::store::fault::StoreError;
use crate::store::link::Link;
use crate::{opt, rows, scalar};

/// A discipline that must say yes to a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Seat {
    /// The discipline.
    pub discipline: String,
    /// Whether its no ends the request.
    pub veto: bool,
    /// Why it is asked.
    pub because: String,
    /// `yes` or `no`; none while it has not decided.
    pub decision: Option<String>,
    /// Who decided.
    pub person: Option<String>,
    /// When.
    pub at: Option<Time>,
    /// Why.
    pub reason: Option<String>,
    /// Who could decide now; empty once it has decided.
    pub could: Vec<String>,
}

#[derive(FromRow)]
struct SeatRow {
    discipline: String,
    veto: bool,
    because: String,
    decision: Option<String>,
    person: Option<String>,
    decided_at: Option<Time>,
    reason: Option<String>,
}

/// The seats of a request, none if nothing is decided on it.
pub async fn seats(c: &mut Link<'_>, reference: &str, now: Time) -> Result<Vec<Seat>, StoreError> {
    let Some((site, requester)) = opt!(
        c,
        (String, String),
        "SELECT site, requester FROM approval WHERE ref = $1",
        reference
    )?
    else {
        return Ok(Vec::new());
    };
    let found = rows!(
        c,
        SeatRow,
        "SELECT q.discipline, q.veto, q.because, d.decision, d.person, d.decided_at, d.reason
         FROM approval v
         JOIN requirement q ON q.approval_ref = v.ref AND q.revision = v.revision
         LEFT JOIN decision d ON d.approval_ref = q.approval_ref AND d.revision = q.revision
              AND d.discipline = q.discipline
         WHERE v.ref = $1 ORDER BY q.discipline",
        reference
    )?;
    let spoken: Vec<String> = found.iter().filter_map(|row| row.person.clone()).collect();
    let mut seats = Vec::with_capacity(found.len());
    for row in found {
        let could = match (&row.decision, Discipline::parse(&row.discipline)) {
            (None, Some(discipline)) => deciders(c, discipline, &site, now)
                .await?
                .into_iter()
                .filter(|login| *login != requester && !spoken.contains(login))
                .collect(),
            (Some(_), _) | (None, None) => Vec::new(),
        };
        seats.push(Seat {
            discipline: row.discipline,
            veto: row.veto,
            because: row.because,
            decision: row.decision,
            person: row.person,
            at: row.decided_at,
            reason: row.reason,
            could,
        });
    }
    Ok(seats)
}

/// The logins that may decide for a discipline at a site now.
async fn deciders(
    c: &mut Link<'_>,
    discipline: Discipline,
    site: &str,
    now: Time,
) -> Result<Vec<String>, StoreError> {
    let site = SiteCode::new(site).ok();
    let found = rows!(
        c,
        (String,),
        "SELECT person_ref FROM person_discipline WHERE discipline = $1 ORDER BY person_ref",
        discipline.word()
    )?;
    let mut could = Vec::new();
    for (login,) in found {
        let Ok(name) = Login::new(&login) else { continue };
        let holder = facts::holder(c, &name).await?;
        if holder.is_some_and(|holder| holder.may(Right::Decide, site.as_ref(), now).is_ok()) {
            could.push(login);
        }
    }
    Ok(could)
}

/// The person of this login as the rules see one.
pub async fn holder(c: &mut Link<'_>, login: &Login) -> Result<Option<Holder>, StoreError> {
    facts::holder(c, login).await
}

/// Whether time has made something true that no entry says yet.
pub async fn due(c: &mut Link<'_>, now: Time) -> Result<bool, StoreError> {
    let found = scalar!(
        c,
        i64,
        "SELECT COUNT(*) FROM (
            SELECT ref FROM change WHERE state IN ('requested', 'approved') AND end_at <= $1
            UNION ALL
            SELECT ref FROM vendor_window WHERE state IN ('requested', 'approved') AND end_at <= $1
            UNION ALL
            SELECT ref FROM acceptance WHERE state = 'approved' AND until_at <= $1) d",
        now
    )?;
    Ok(found.unwrap_or_default() > 0)
}
