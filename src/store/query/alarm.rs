//! Alarms at the instant of reading, concluded from windows, sessions, changes, acceptances and reports, and from what people
//! said of each occurrence.

use sqlx::FromRow;

use super::columns::Told;
use super::derived::{Derived, Fact};
use crate::domain::alarm::{self, Alarm, AlarmKind, Raised, State, rationale};
use crate::domain::attention::Consequence;
use crate::domain::change::Impacts;
use crate::domain::filter::{Of, Word};
use crate::domain::names::{Ref, SiteCode, in_order};
use crate::domain::risk::Weight;
use crate::domain::time::Time;
use crate::domain::words;
use crate::domain::{acceptance, bypass, change, report, risk, session, window};
use crate::rows;
use crate::store::fault::StoreError;
use crate::store::link::Link;

impl Derived for Alarm {
    const NAME: &'static str = "alarms";
    const WORDS: &'static [Word] = &[
        Word { name: "state", of: Of::Choice(State::WORDS) },
        Word { name: "site", of: Of::Word },
        Word { name: "kind", of: Of::Choice(AlarmKind::WORDS) },
        Word { name: "subject", of: Of::Word },
        Word { name: "priority", of: Of::Number },
        Word { name: "due", of: Of::Time },
    ];

    fn fact(&self, word: &str) -> Fact<'_> {
        match word {
            "state" => Fact::Word(self.state.word()),
            "site" => Fact::Word(self.site.as_str()),
            "kind" => Fact::Word(self.kind.word()),
            "subject" => Fact::Word(self.subject.as_str()),
            "priority" => Fact::Number(self.priority),
            "due" => Fact::Time(self.due),
            _ => Fact::None,
        }
    }

    fn text(&self) -> String {
        format!("{} {}", self.r#ref, self.title)
    }

    fn key(&self) -> String {
        self.r#ref.to_string()
    }
}

#[derive(FromRow)]
struct WindowRow {
    r#ref: String,
    site: String,
    timezone: String,
    person: String,
    assets: String,
    state: String,
    end_at: Time,
    ended_at: Option<Time>,
    safety: Option<i64>,
    regulatory: Option<i64>,
    production: Option<i64>,
    seq: i64,
}

#[derive(FromRow)]
struct SessionRow {
    r#ref: String,
    site: String,
    timezone: String,
    person: String,
    vendor: String,
    asset: String,
    state: String,
    window_state: Option<String>,
    window_ended: Option<Time>,
    started_at: Time,
    safety: Option<i64>,
    regulatory: Option<i64>,
    production: Option<i64>,
    seq: i64,
}

#[derive(FromRow)]
struct EventRow {
    r#ref: String,
    site: String,
    timezone: String,
    login: String,
    asset: String,
    at: Time,
    accesses: i64,
    safety: Option<i64>,
    regulatory: Option<i64>,
    production: Option<i64>,
    seq: i64,
}

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

#[derive(FromRow)]
struct Acknowledged {
    alarm_ref: String,
    due_at: Time,
    person: String,
    acknowledged_at: Time,
    seq: i64,
}

#[derive(FromRow)]
struct Shelved {
    alarm_ref: String,
    due_at: Time,
    person: String,
    until_at: Time,
    priority: i64,
    reason: Option<String>,
    seq: i64,
}

/// What is told of the subject of an alarm.
struct Found<'a> {
    subject: &'a str,
    site: &'a str,
    timezone: &'a str,
    what: String,
    worst: Consequence,
    seq: i64,
}

/// The alarm of a condition before anybody said anything of it.
fn alarm(raised: Option<Raised>, found: Found<'_>, now: Time) -> Option<Alarm> {
    let Raised { kind, due, cleared } = raised?;
    let known = rationale(kind);
    Some(Alarm {
        r#ref: alarm::reference(kind, found.subject)?,
        site: SiteCode::new(found.site).ok()?,
        state: State::of(cleared, false, false),
        title: format!("{}: {}", found.what, known.cause),
        kind,
        subject: Ref::new(found.subject).ok()?,
        priority: alarm::priority(kind, found.worst, due, now)?,
        due,
        cleared,
        acknowledged_by: None,
        acknowledged_at: None,
        shelved_by: None,
        shelved_until: None,
        shelved_reason: None,
        response: known.response,
        timezone: found.timezone.to_owned(),
        seq: found.seq,
    })
}

/// The alarms of windows; `subject` empty for those of all, without what was acknowledged and is over.
async fn of_windows(c: &mut Link<'_>, subject: &str, now: Time) -> Result<Vec<Alarm>, StoreError> {
    let found = rows!(
        c,
        WindowRow,
        "SELECT t.ref, t.site, s.timezone, t.person, t.state, t.end_at, t.ended_at, t.seq,
                COALESCE((SELECT string_agg(x.asset, ', ' ORDER BY x.asset) FROM window_asset x
                          WHERE x.window_ref = t.ref), '') AS assets,
                (SELECT MAX(COALESCE(a.safety, 5)) FROM window_asset x JOIN asset a ON a.ref = x.asset
                 WHERE x.window_ref = t.ref) AS safety,
                (SELECT MAX(COALESCE(a.regulatory, 5)) FROM window_asset x JOIN asset a ON a.ref = x.asset
                 WHERE x.window_ref = t.ref) AS regulatory,
                (SELECT MAX(COALESCE(a.production, 5)) FROM window_asset x JOIN asset a ON a.ref = x.asset
                 WHERE x.window_ref = t.ref) AS production
         FROM vendor_window t JOIN site s ON s.ref = t.site
         WHERE ($2 = '' OR t.ref = $2)
           AND ((t.state = 'open' AND t.end_at <= $1)
             OR (t.ended_at > t.end_at AND t.state IN ('closed', 'cut_off')
                 AND ($2 <> '' OR NOT EXISTS (
                     SELECT 1 FROM alarm_acknowledgement k
                     WHERE k.alarm_ref = 'window_overrun:' || t.ref AND k.due_at = t.end_at))))",
        now.plus_seconds(alarm::ENDING),
        subject
    )?;
    let one = |row: &WindowRow| {
        let state = window::State::parse(&row.state)?;
        let found = Found {
            subject: &row.r#ref,
            site: &row.site,
            timezone: &row.timezone,
            what: format!("{} on {}", row.person, row.assets),
            worst: Consequence::of_ratings(row.safety, row.regulatory, row.production),
            seq: row.seq,
        };
        alarm(alarm::of_window(state, row.end_at, row.ended_at, now), found, now)
    };
    Ok(found.iter().filter_map(one).collect())
}

async fn of_sessions(c: &mut Link<'_>, subject: &str, now: Time) -> Result<Vec<Alarm>, StoreError> {
    let found = rows!(
        c,
        SessionRow,
        "SELECT t.ref, t.site, s.timezone, t.person, t.vendor, t.asset, t.state, w.state AS window_state,
                w.ended_at AS window_ended, t.started_at, a.safety, a.regulatory, a.production, t.seq
         FROM access_session t JOIN site s ON s.ref = t.site JOIN asset a ON a.ref = t.asset
         LEFT JOIN vendor_window w ON w.ref = t.within
         WHERE ($1 = '' OR t.ref = $1)
           AND ((t.state = 'live' AND (t.within IS NULL OR w.state <> 'open'))
             OR (t.state = 'ended' AND t.within IS NULL
                 AND ($1 <> '' OR NOT EXISTS (
                     SELECT 1 FROM alarm_acknowledgement k
                     WHERE k.alarm_ref = 'session_outside:' || t.ref AND k.due_at = t.started_at))))",
        subject
    )?;
    let one = |row: &SessionRow| {
        let state = session::State::parse(&row.state)?;
        let window = row.window_state.as_deref().and_then(window::State::parse);
        let found = Found {
            subject: &row.r#ref,
            site: &row.site,
            timezone: &row.timezone,
            what: format!("{} ({}) on {}", row.person, row.vendor, row.asset),
            worst: Consequence::of_ratings(row.safety, row.regulatory, row.production),
            seq: row.seq,
        };
        let window = window.map(|state| (state, row.window_ended));
        alarm(alarm::of_session(state, row.started_at, window), found, now)
    };
    Ok(found.iter().filter_map(one).collect())
}

async fn of_events(c: &mut Link<'_>, subject: &str, now: Time) -> Result<Vec<Alarm>, StoreError> {
    let found = rows!(
        c,
        EventRow,
        "SELECT t.ref, t.site, s.timezone, t.login, t.asset, t.at, a.safety, a.regulatory, a.production, t.seq,
                (SELECT COUNT(*) FROM access_event e WHERE e.lead = t.ref) AS accesses
         FROM access_event t JOIN site s ON s.ref = t.site JOIN asset a ON a.ref = t.asset
         WHERE t.lead = t.ref AND ($1 = '' OR t.ref = $1)
           AND ($1 <> '' OR NOT EXISTS (
               SELECT 1 FROM alarm_acknowledgement k
               WHERE k.alarm_ref = 'access_outside:' || t.ref AND k.due_at = t.at))",
        subject
    )?;
    let one = |row: &EventRow| {
        let found = Found {
            subject: &row.r#ref,
            site: &row.site,
            timezone: &row.timezone,
            what: format!("{} on {}, {}", row.login, row.asset, words::count(row.accesses, "time")),
            worst: Consequence::of_ratings(row.safety, row.regulatory, row.production),
            seq: row.seq,
        };
        alarm(alarm::of_access(row.at), found, now)
    };
    Ok(found.iter().filter_map(one).collect())
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
            alarms.extend(alarm(raised, found, now));
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
        alarm(alarm::of_bypass(state, row.since, row.until_at, row.removed_at, now), found, now)
    };
    Ok(found.iter().filter_map(one).collect())
}

async fn of_acceptances(
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
        alarm(raised, found, now)
    };
    Ok(found.iter().filter_map(one).collect())
}

async fn of_reports(c: &mut Link<'_>, subject: &str, now: Time) -> Result<Vec<Alarm>, StoreError> {
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
        alarm(alarm::of_report(state, row.triage_by, row.triaged_at, now), found, now)
    };
    Ok(found.iter().filter_map(one).collect())
}

/// Adds what people said of these occurrences.
async fn said(c: &mut Link<'_>, alarms: &mut [Alarm], now: Time) -> Result<(), StoreError> {
    let Some(first) = alarms.iter().map(|alarm| alarm.due).min() else { return Ok(()) };
    let acknowledged = rows!(
        c,
        Acknowledged,
        "SELECT alarm_ref, due_at, person, acknowledged_at, seq FROM alarm_acknowledgement WHERE due_at >= $1",
        first
    )?;
    let shelved = rows!(
        c,
        Shelved,
        "SELECT alarm_ref, due_at, person, until_at, priority, reason, seq FROM alarm_shelf
         WHERE due_at >= $1 ORDER BY seq",
        first
    )?;
    for alarm in alarms {
        let is = |reference: &str, due: Time| reference == alarm.r#ref.as_str() && due == alarm.due;
        let known = acknowledged.iter().find(|row| is(&row.alarm_ref, row.due_at));
        let shelf = shelved.iter().rfind(|row| is(&row.alarm_ref, row.due_at));
        let holds = shelf.filter(|row| {
            !alarm.cleared && alarm::shelf_holds(row.until_at, row.priority, alarm.priority, now)
        });
        let last = known.map(|row| row.seq).max(shelf.map(|row| row.seq)).unwrap_or_default();
        alarm.acknowledged_by = known.map(|row| row.person.clone());
        alarm.acknowledged_at = known.map(|row| row.acknowledged_at);
        alarm.shelved_by = holds.map(|row| row.person.clone());
        alarm.shelved_until = holds.map(|row| row.until_at);
        alarm.shelved_reason = holds.and_then(|row| row.reason.clone());
        alarm.state = State::of(alarm.cleared, known.is_some(), holds.is_some());
        alarm.seq = alarm.seq.max(last);
    }
    Ok(())
}

async fn all(c: &mut Link<'_>, subject: &str, now: Time) -> Result<Vec<Alarm>, StoreError> {
    let mut found = of_windows(c, subject, now).await?;
    found.extend(of_sessions(c, subject, now).await?);
    found.extend(of_events(c, subject, now).await?);
    found.extend(of_changes(c, subject, now).await?);
    found.extend(of_bypasses(c, subject, now).await?);
    found.extend(of_acceptances(c, subject, now).await?);
    found.extend(of_reports(c, subject, now).await?);
    said(c, &mut found, now).await?;
    Ok(found)
}

/// Every alarm at this instant that somebody must still see: by priority, what nobody has acknowledged first, then by
/// time and reference.
pub async fn alarms(c: &mut Link<'_>, now: Time) -> Result<Vec<Alarm>, StoreError> {
    let mut found = all(c, "", now).await?;
    found.retain(|alarm| alarm.state != State::Normal);
    found.sort_by(|a, b| {
        let key = |alarm: &Alarm| (alarm.priority, !alarm.state.calls(), alarm.due);
        key(a).cmp(&key(b)).then_with(|| in_order(a.r#ref.as_str(), b.r#ref.as_str()))
    });
    Ok(found)
}

/// One alarm by its reference, also when it has ended and was acknowledged; none if it never stood.
pub async fn standing(
    c: &mut Link<'_>,
    reference: &Ref,
    now: Time,
) -> Result<Option<Alarm>, StoreError> {
    let Some((_, subject)) = alarm::parts(reference) else { return Ok(None) };
    let found = all(c, subject.as_str(), now).await?;
    Ok(found.into_iter().find(|alarm| alarm.r#ref == *reference))
}
