//! Alarms of work: changes past their end or their revert date, bypasses past theirs. What they ask for is the domain's.

use sqlx::FromRow;

use super::{Found, raise};
use crate::domain::alarm::{self, Alarm};
use crate::domain::attention::Consequence;
use crate::domain::change::Impacts;
use crate::domain::time::Time;
use crate::domain::{bypass, change};
use crate::rows;
use crate::store::fault::StoreError;
use crate::store::link::Link;
use crate::store::query::columns::Told;

#[derive(FromRow)]
struct ChangeRow {
    r#ref: String,
    site: String,
    timezone: String,
    title: String,
    state: String,
    start_at: Time,
    end_at: Time,
    revert_by: Option<Time>,
    completed_at: Option<Time>,
    backed_out_at: Option<Time>,
    impacts: Told<Impacts>,
    seq: i64,
}

#[derive(FromRow)]
struct BypassRow {
    r#ref: String,
    site: String,
    timezone: String,
    what: String,
    asset: String,
    state: String,
    since: Time,
    until_at: Time,
    removed_at: Option<Time>,
    safety: Option<i64>,
    regulatory: Option<i64>,
    production: Option<i64>,
    seq: i64,
}

/// Alarms of work; `subject` empty for those of all.
pub(super) async fn all(
    c: &mut Link<'_>,
    subject: &str,
    now: Time,
) -> Result<Vec<Alarm>, StoreError> {
    let mut found = of_changes(c, subject, now).await?;
    found.extend(of_bypasses(c, subject, now).await?);
    Ok(found)
}

async fn of_changes(c: &mut Link<'_>, subject: &str, now: Time) -> Result<Vec<Alarm>, StoreError> {
    let found = rows!(
        c,
        ChangeRow,
        "SELECT t.ref, t.site, s.timezone, t.title, t.state, t.start_at, t.end_at, t.revert_by, t.completed_at,
                t.backed_out_at, t.impacts, t.seq
         FROM change t JOIN site s ON s.ref = t.site
         WHERE ($3 = '' OR t.ref = $3)
           AND ((t.state = 'in_progress' AND t.end_at <= $1)
             OR (t.state IN ('in_progress', 'implemented', 'verified') AND t.revert_by <= $2)
             OR (COALESCE(t.completed_at, t.backed_out_at) > t.end_at
                 AND ($3 <> '' OR NOT EXISTS (
                     SELECT 1 FROM alarm_acknowledgement k
                     WHERE k.alarm_ref = 'change_overdue:' || t.ref AND k.due_at = t.end_at)))
             OR (t.backed_out_at > t.revert_by
                 AND ($3 <> '' OR NOT EXISTS (
                     SELECT 1 FROM alarm_acknowledgement k
                     WHERE k.alarm_ref = 'revert_overdue:' || t.ref AND k.due_at = t.revert_by))))",
        now,
        now.plus_seconds(alarm::LEAD),
        subject
    )?;
    let mut alarms = Vec::new();
    for row in &found {
        let Some(state) = change::State::parse(&row.state) else { continue };
        let done_at = row.completed_at.or(row.backed_out_at);
        let raised = [
            alarm::of_work(state, row.end_at, done_at, now),
            alarm::of_revert(state, row.start_at, row.revert_by, row.backed_out_at, now),
        ];
        for raised in raised {
            let found = Found {
                subject: &row.r#ref,
                site: &row.site,
                timezone: &row.timezone,
                what: row.title.clone(),
                worst: Consequence::of_impacts(&row.impacts.0),
                seq: row.seq,
            };
            alarms.extend(raise(raised, found, now));
        }
    }
    Ok(alarms)
}

async fn of_bypasses(c: &mut Link<'_>, subject: &str, now: Time) -> Result<Vec<Alarm>, StoreError> {
    let found = rows!(
        c,
        BypassRow,
        "SELECT t.ref, t.site, s.timezone, t.what, t.asset, t.state, t.since, t.until_at, t.removed_at, a.safety,
                a.regulatory, a.production, t.seq
         FROM bypass t JOIN site s ON s.ref = t.site JOIN asset a ON a.ref = t.asset
         WHERE ($2 = '' OR t.ref = $2)
           AND ((t.state = 'placed' AND t.until_at <= $1)
             OR (t.removed_at > t.until_at
                 AND ($2 <> '' OR NOT EXISTS (
                     SELECT 1 FROM alarm_acknowledgement k
                     WHERE k.alarm_ref = 'bypass_ended:' || t.ref AND k.due_at = t.until_at))))",
        now.plus_seconds(alarm::LEAD),
        subject
    )?;
    let one = |row: &BypassRow| {
        let state = bypass::State::parse(&row.state)?;
        let found = Found {
            subject: &row.r#ref,
            site: &row.site,
            timezone: &row.timezone,
            what: format!("{} on {}", row.what, row.asset),
            worst: Consequence::of_ratings(row.safety, row.regulatory, row.production),
            seq: row.seq,
        };
        raise(alarm::of_bypass(state, row.since, row.until_at, row.removed_at, now), found, now)
    };
    Ok(found.iter().filter_map(one).collect())
}
