//! Alarms of what was to be judged: acceptances that end, reports that nobody triaged in time. What they ask for is the domain's.

use sqlx::FromRow;

use super::{Found, raise};
use crate::domain::alarm::{self, Alarm};
use crate::domain::attention::Consequence;
use crate::domain::risk::Weight;
use crate::domain::time::Time;
use crate::domain::{acceptance, report, risk};
use crate::rows;
use crate::store::fault::StoreError;
use crate::store::link::Link;

#[derive(FromRow)]
struct AcceptanceRow {
    r#ref: String,
    site: String,
    timezone: String,
    title: String,
    risk: String,
    state: String,
    risk_state: String,
    weight: Option<String>,
    lapsed: Option<String>,
    granted_at: Option<Time>,
    until_at: Time,
    seq: i64,
}

#[derive(FromRow)]
struct ReportRow {
    r#ref: String,
    site: String,
    timezone: String,
    what: String,
    state: String,
    triage_by: Time,
    triaged_at: Option<Time>,
    seq: i64,
}

pub(super) async fn of_acceptances(
    c: &mut Link<'_>,
    subject: &str,
    now: Time,
) -> Result<Vec<Alarm>, StoreError> {
    let found = rows!(
        c,
        AcceptanceRow,
        "SELECT t.ref, t.site, s.timezone, r.title, t.risk, t.state, r.state AS risk_state, r.lapsed,
                COALESCE(r.current_weight, r.inherent_weight) AS weight, v.decided_at AS granted_at, t.until_at, t.seq
         FROM acceptance t
         JOIN risk r ON r.ref = t.risk JOIN approval v ON v.ref = t.ref JOIN site s ON s.ref = t.site
         WHERE ($2 = '' OR t.ref = $2)
           AND ((t.state = 'approved' AND t.until_at <= $1 AND r.state = 'accepted')
             OR (r.lapsed = t.ref
                 AND (r.state = 'open' OR $2 <> '' OR NOT EXISTS (
                     SELECT 1 FROM alarm_acknowledgement k
                     WHERE k.alarm_ref = 'acceptance_ended:' || t.ref AND k.due_at = t.until_at))))",
        now.plus_seconds(alarm::LEAD),
        subject
    )?;
    let one = |row: &AcceptanceRow| {
        let state = acceptance::State::parse(&row.state)?;
        let risk = risk::State::parse(&row.risk_state)?;
        let weight: Option<Weight> =
            row.weight.as_deref().and_then(|text| serde_json::from_str(text).ok());
        let harm = weight.map(|weight| weight.consequence).unwrap_or_default();
        let found = Found {
            subject: &row.r#ref,
            site: &row.site,
            timezone: &row.timezone,
            what: format!("{} {}", row.risk, row.title),
            worst: Consequence::of_harm(&harm),
            seq: row.seq,
        };
        let lapsed = row.lapsed.as_deref() == Some(row.r#ref.as_str());
        let raised = alarm::of_acceptance(state, row.granted_at, row.until_at, risk, lapsed, now);
        raise(raised, found, now)
    };
    Ok(found.iter().filter_map(one).collect())
}

pub(super) async fn of_reports(
    c: &mut Link<'_>,
    subject: &str,
    now: Time,
) -> Result<Vec<Alarm>, StoreError> {
    let found = rows!(
        c,
        ReportRow,
        "SELECT t.ref, t.site, s.timezone, t.what, t.state, t.triage_by, t.triaged_at, t.seq
         FROM report t JOIN site s ON s.ref = t.site
         WHERE ($2 = '' OR t.ref = $2)
           AND ((t.state = 'submitted' AND t.triage_by <= $1)
             OR (t.triaged_at > t.triage_by
                 AND ($2 <> '' OR NOT EXISTS (
                     SELECT 1 FROM alarm_acknowledgement k
                     WHERE k.alarm_ref = 'report_untriaged:' || t.ref AND k.due_at = t.triage_by))))",
        now,
        subject
    )?;
    let one = |row: &ReportRow| {
        let state = report::State::parse(&row.state)?;
        let found = Found {
            subject: &row.r#ref,
            site: &row.site,
            timezone: &row.timezone,
            what: row.what.lines().next().unwrap_or_default().to_owned(),
            // Nobody has rated what a report tells of: it counts as 5.
            worst: Consequence::Grave,
            seq: row.seq,
        };
        raise(alarm::of_report(state, row.triage_by, row.triaged_at, now), found, now)
    };
    Ok(found.iter().filter_map(one).collect())
}
