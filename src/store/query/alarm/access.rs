//! Alarms of access: windows that end or overrun, sessions and events outside any window. What they ask for is the domain's.

use sqlx::FromRow;

use super::{Found, raise};
use crate::domain::access::Because;
use crate::domain::alarm::{self, Alarm};
use crate::domain::attention::Consequence;
use crate::domain::time::Time;
use crate::domain::{session, window, words};
use crate::store::fault::StoreError;
use crate::store::link::Link;
use crate::store::query::Window;
use crate::store::query::access::leavers;
use crate::store::query::motion::part;
use crate::{opt, rows};

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
    cut_off_at: Option<Time>,
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
    because: String,
    safety: Option<i64>,
    regulatory: Option<i64>,
    production: Option<i64>,
    seq: i64,
}

/// Alarms of access; `subject` empty for those of all.
pub(super) async fn all(
    c: &mut Link<'_>,
    subject: &str,
    now: Time,
) -> Result<Vec<Alarm>, StoreError> {
    let mut found = of_windows(c, subject, now).await?;
    found.extend(of_grounds(c, subject, now).await?);
    found.extend(of_sessions(c, subject, now).await?);
    found.extend(of_events(c, subject, now).await?);
    found.extend(of_leavers(c, subject, now).await?);
    Ok(found)
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
        raise(alarm::of_window(state, row.end_at, row.ended_at, now), found, now)
    };
    Ok(found.iter().filter_map(one).collect())
}

/// The alarms of open windows whose ground fell, each with the first thing that no longer holds.
async fn of_grounds(c: &mut Link<'_>, subject: &str, now: Time) -> Result<Vec<Alarm>, StoreError> {
    let one = (!subject.is_empty()).then_some(subject);
    let open: Vec<Window> = part(c, "state:open", one, now).await?;
    let raised = |row: &Window| {
        let state = window::State::parse(&row.state)?;
        let found = Found {
            subject: &row.r#ref,
            site: &row.site,
            timezone: &row.timezone,
            what: format!(
                "{} on {}: {}",
                row.person,
                row.assets.0.join(", "),
                row.hindrances.first().map(String::as_str).unwrap_or_default()
            ),
            worst: row.consequence(),
            seq: row.seq,
        };
        let fell = !row.hindrances.is_empty();
        raise(alarm::of_ground(state, row.opened_at, row.end, fell, now), found, now)
    };
    Ok(open.iter().filter_map(raised).collect())
}

async fn of_sessions(c: &mut Link<'_>, subject: &str, now: Time) -> Result<Vec<Alarm>, StoreError> {
    let found = rows!(
        c,
        SessionRow,
        "SELECT t.ref, t.site, s.timezone, t.person, t.vendor, t.asset, t.state, w.state AS window_state,
                w.ended_at AS window_ended, t.cut_off_at, t.started_at, a.safety, a.regulatory, a.production, t.seq
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
            what: match row.cut_off_at {
                None => format!("{} ({}) on {}", row.person, row.vendor, row.asset),
                Some(_) => format!("{} ({}) on {}, cut off", row.person, row.vendor, row.asset),
            },
            worst: Consequence::of_ratings(row.safety, row.regulatory, row.production),
            seq: row.seq,
        };
        let window = window.map(|state| (state, row.window_ended));
        raise(alarm::of_session(state, row.started_at, window), found, now)
    };
    Ok(found.iter().filter_map(one).collect())
}

/// Seconds for which it is asked whether somebody was inside when they were deactivated: 31 days.
const LEAVERS: i64 = 31 * 86_400;

/// The alarms of whoever was inside when they were deactivated, as a log tells of them.
async fn of_leavers(c: &mut Link<'_>, subject: &str, now: Time) -> Result<Vec<Alarm>, StoreError> {
    let mut found = Vec::new();
    for one in leavers(c, now.plus_seconds(-LEAVERS), now).await? {
        let (row, left_at) = (&one.by, one.left_at);
        if !subject.is_empty() && row.r#ref != subject {
            continue;
        }
        let rated = opt!(
            c,
            (Option<i64>, Option<i64>, Option<i64>),
            "SELECT safety, regulatory, production FROM asset WHERE ref = $1",
            row.asset.as_str()
        )?;
        let (safety, regulatory, production) = rated.unwrap_or_default();
        let told = Found {
            subject: &row.r#ref,
            site: &row.site,
            timezone: &row.timezone,
            what: format!("{} on {}, deactivated while inside", row.login, row.asset),
            worst: Consequence::of_ratings(safety, regulatory, production),
            seq: row.seq,
        };
        found.extend(raise(alarm::of_leaver(left_at, one.inside), told, now));
    }
    Ok(found)
}

/// Who was where how often; and what more there is to say of it than that no window covered them.
fn what(row: &EventRow) -> String {
    let who = format!("{} on {}, {}", row.login, row.asset, words::count(row.accesses, "time"));
    let because = row.because.split(',').filter_map(Because::parse);
    because.fold(who, |who, because| format!("{who}, {}", because.words()))
}

async fn of_events(c: &mut Link<'_>, subject: &str, now: Time) -> Result<Vec<Alarm>, StoreError> {
    let found = rows!(
        c,
        EventRow,
        "SELECT t.ref, t.site, s.timezone, t.login, t.asset, t.at, a.safety, a.regulatory, a.production, t.seq,
                (SELECT COUNT(*) FROM access_event e WHERE e.lead = t.ref) AS accesses,
                COALESCE((SELECT string_agg(b.because, ',' ORDER BY b.because)
                          FROM (SELECT DISTINCT e.because FROM access_event e
                                WHERE e.lead = t.ref AND e.because <> 'no_window') b), '') AS because
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
            what: what(row),
            worst: Consequence::of_ratings(row.safety, row.regulatory, row.production),
            seq: row.seq,
        };
        raise(alarm::of_access(row.at), found, now)
    };
    Ok(found.iter().filter_map(one).collect())
}
