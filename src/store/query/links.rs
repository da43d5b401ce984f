//! What an object is tied to: one statement for each kind of object, all of one shape.

use serde::Serialize;
use sqlx::FromRow;

use super::show::Subject;
use crate::domain::time::Time;
use crate::rows;
use crate::store::fault::StoreError;
use crate::store::link::Link as Connection;

/// One thing that an object is tied to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromRow)]
pub struct Link {
    /// How: `asset`, `change`, `window`, `risk`, `vulnerability`, ….
    pub what: String,
    /// Its reference.
    pub r#ref: String,
    /// Its title.
    pub title: Option<String>,
    /// Its state at the instant of reading.
    pub state: Option<String>,
}

macro_rules! change_state {
    () => {
        "CASE WHEN o.state IN ('requested', 'approved') AND o.end_at <= $2 THEN 'expired' ELSE o.state END"
    };
}

macro_rules! window_state {
    () => {
        "CASE WHEN o.state IN ('requested', 'approved') AND o.end_at <= $2 THEN 'lapsed' ELSE o.state END"
    };
}

macro_rules! bypass_state {
    () => {
        "CASE WHEN o.state = 'placed' AND o.until_at <= $2 THEN 'ended' ELSE o.state END"
    };
}

const OF_ASSET: &str = concat!(
    "SELECT 'change' AS what, o.ref, o.title, ",
    change_state!(),
    " AS state FROM change_asset x JOIN change o ON o.ref = x.change_ref AND o.revision = x.revision WHERE x.asset = $1
     UNION ALL SELECT 'window', o.ref, o.purpose, ",
    window_state!(),
    " FROM window_asset x JOIN vendor_window o ON o.ref = x.window_ref WHERE x.asset = $1
     UNION ALL SELECT 'bypass', o.ref, o.what, ",
    bypass_state!(),
    " FROM bypass o WHERE o.asset = $1
     UNION ALL SELECT 'risk', o.ref, o.title, o.state FROM risk o
       JOIN (SELECT DISTINCT advisory_ref, site FROM vuln_match
              WHERE asset = $1 AND tier IN ('confirmed', 'likely')) m
         ON m.advisory_ref = o.advisory AND m.site = o.site
     UNION ALL SELECT 'vulnerability', m.advisory_ref || '/' || m.cve || '/' || m.asset, a.title, m.tier
       FROM vuln_match m JOIN advisory a ON a.ref = m.advisory_ref WHERE m.asset = $1 AND m.tier <> 'ruled_out'
     UNION ALL SELECT 'zone', z.ref, z.name, z.state FROM asset t JOIN zone z ON z.ref = t.zone WHERE t.ref = $1
     UNION ALL SELECT 'owner', o.ref, o.name, o.state FROM asset t JOIN person o ON o.ref = t.owner WHERE t.ref = $1
     ORDER BY 1, 2 LIMIT 1000"
);

const OF_BYPASS: &str = concat!(
    "SELECT 'asset' AS what, a.ref, a.name AS title, a.state
       FROM bypass t JOIN asset a ON a.ref = t.asset WHERE t.ref = $1
     UNION ALL SELECT 'change', o.ref, o.title, ",
    change_state!(),
    " FROM bypass t JOIN change o ON o.ref = t.change WHERE t.ref = $1 ORDER BY 1, 2"
);

const OF_CALENDAR: &str = "SELECT 'asset' AS what, a.ref, a.name AS title, a.state
       FROM calendar_asset x JOIN asset a ON a.ref = x.asset WHERE x.calendar_ref = $1
     UNION ALL SELECT 'site', s.ref, s.name, s.state FROM calendar t JOIN site s ON s.ref = t.site WHERE t.ref = $1
     ORDER BY 1, 2 LIMIT 1000";

const OF_CHANGE: &str = concat!(
    "SELECT 'asset' AS what, a.ref, a.name AS title, a.state FROM change t
       JOIN change_asset x ON x.change_ref = t.ref AND x.revision = t.revision JOIN asset a ON a.ref = x.asset
      WHERE t.ref = $1
     UNION ALL SELECT 'treats', r.ref, r.title, r.state FROM change t
       JOIN change_risk x ON x.change_ref = t.ref AND x.revision = t.revision JOIN risk r ON r.ref = x.risk
      WHERE t.ref = $1
     UNION ALL SELECT 'window', o.ref, o.purpose, ",
    window_state!(),
    " FROM vendor_window o WHERE o.change = $1
     UNION ALL SELECT 'bypass', o.ref, o.what || ' (' || o.asset || ')', ",
    bypass_state!(),
    " FROM bypass o WHERE o.change = $1
     UNION ALL SELECT 'replaces', o.ref, o.title, ",
    change_state!(),
    " FROM change t JOIN change o ON o.ref = t.supersedes WHERE t.ref = $1
     UNION ALL SELECT 'replaced by', o.ref, o.title, ",
    change_state!(),
    " FROM change o WHERE o.supersedes = $1
     ORDER BY 1, 2 LIMIT 1000"
);

const OF_WINDOW: &str = concat!(
    "SELECT 'asset' AS what, a.ref, a.name AS title, a.state FROM window_asset x JOIN asset a ON a.ref = x.asset
      WHERE x.window_ref = $1
     UNION ALL SELECT 'change', o.ref, o.title, ",
    change_state!(),
    " FROM vendor_window t JOIN change o ON o.ref = t.change WHERE t.ref = $1
     UNION ALL SELECT 'session', e.ref, e.person || ' on ' || e.asset, e.state FROM access_session e
      WHERE e.within = $1
     UNION ALL SELECT 'access event', e.ref, e.login || ' ' || e.action || ' on ' || e.asset, e.state FROM access_event e
      WHERE e.within = $1
     UNION ALL SELECT 'extension', e.ref, e.reason,
            CASE WHEN e.state = 'requested' AND (e.old_end_at <= $2 OR EXISTS (
                SELECT 1 FROM vendor_window o WHERE o.ref = e.window_ref AND o.ended_at IS NOT NULL))
                THEN 'lapsed' ELSE e.state END
       FROM extension e WHERE e.window_ref = $1
     UNION ALL SELECT 'vendor', v.ref, v.name, v.state FROM vendor_window t JOIN vendor v ON v.ref = t.vendor
      WHERE t.ref = $1
     ORDER BY 1, 2 LIMIT 1000"
);

const OF_EXTENSION: &str = concat!(
    "SELECT 'window' AS what, o.ref, o.purpose AS title, ",
    window_state!(),
    " AS state FROM extension t JOIN vendor_window o ON o.ref = t.window_ref WHERE t.ref = $1"
);

const OF_ACCESS_EVENT: &str = concat!(
    "SELECT 'asset' AS what, a.ref, a.name AS title, a.state FROM access_event t JOIN asset a ON a.ref = t.asset
      WHERE t.ref = $1
     UNION ALL SELECT 'import', i.ref, i.source, i.state FROM access_event t JOIN import i ON i.ref = t.import
      WHERE t.ref = $1
     UNION ALL SELECT 'with it', o.ref, o.login || ' ' || o.action, o.state FROM access_event o
      WHERE o.lead = $1 AND o.ref <> $1
     UNION ALL SELECT 'window', o.ref, o.purpose, ",
    window_state!(),
    " FROM access_event t JOIN vendor_window o ON o.ref = t.within WHERE t.ref = $1
     ORDER BY 1, 2 LIMIT 1000"
);

const OF_SESSION: &str = concat!(
    "SELECT 'asset' AS what, a.ref, a.name AS title, a.state FROM access_session t JOIN asset a ON a.ref = t.asset
      WHERE t.ref = $1
     UNION ALL SELECT 'vendor', v.ref, v.name, v.state FROM access_session t JOIN vendor v ON v.ref = t.vendor
      WHERE t.ref = $1
     UNION ALL SELECT 'window', o.ref, o.purpose, ",
    window_state!(),
    " FROM access_session t JOIN vendor_window o ON o.ref = t.within WHERE t.ref = $1
     ORDER BY 1, 2"
);

const OF_RISK: &str = concat!(
    "SELECT 'advisory' AS what, a.ref, a.title, a.state
       FROM risk t JOIN advisory a ON a.ref = t.advisory WHERE t.ref = $1
     UNION ALL SELECT 'change', o.ref, o.title, ",
    change_state!(),
    " FROM change_risk x JOIN change o ON o.ref = x.change_ref AND o.revision = x.revision WHERE x.risk = $1
     UNION ALL SELECT 'asset', a.ref, a.name, a.state FROM asset a
      WHERE a.ref IN (SELECT m.asset FROM risk t JOIN vuln_match m ON m.advisory_ref = t.advisory AND m.site = t.site
                       WHERE t.ref = $1 AND m.tier IN ('confirmed', 'likely'))
     UNION ALL SELECT 'acceptance', o.ref, o.reason,
            CASE WHEN o.state IN ('requested', 'approved') AND o.until_at <= $2 THEN 'expired' ELSE o.state END
       FROM acceptance o WHERE o.risk = $1
     UNION ALL SELECT 'owner', o.ref, o.name, o.state FROM risk t JOIN person o ON o.ref = t.owner WHERE t.ref = $1
     ORDER BY 1, 2 LIMIT 1000"
);

const OF_ACCEPTANCE: &str = "SELECT 'risk' AS what, r.ref, r.title, r.state
       FROM acceptance t JOIN risk r ON r.ref = t.risk WHERE t.ref = $1";

const OF_ADVISORY: &str = "SELECT 'risk' AS what, r.ref, r.title, r.state FROM risk r WHERE r.advisory = $1
     UNION ALL SELECT DISTINCT 'asset', m.asset, a.name, m.tier FROM vuln_match m JOIN asset a ON a.ref = m.asset
      WHERE m.advisory_ref = $1 AND m.tier <> 'ruled_out'
     UNION ALL SELECT DISTINCT 'import', i.ref, i.source, i.state FROM advisory_revision v JOIN import i ON i.ref = v.import
      WHERE v.advisory_ref = $1
     ORDER BY 1, 2 LIMIT 1000";

const OF_SITE: &str = "SELECT 'zone' AS what, z.ref, z.name AS title, z.state FROM zone z WHERE z.site = $1
     UNION ALL SELECT 'incident', i.ref, i.title, i.state FROM incident_site x JOIN incident i ON i.ref = x.incident_ref
      WHERE x.site = $1
     ORDER BY 1, 2 LIMIT 1000";

const OF_ZONE: &str = "SELECT 'asset' AS what, a.ref, a.name AS title, a.state FROM zone z
       JOIN asset a ON a.site = z.site AND a.zone = z.ref WHERE z.ref = $1
     UNION ALL SELECT 'site', s.ref, s.name, s.state FROM zone z JOIN site s ON s.ref = z.site WHERE z.ref = $1
     ORDER BY 1, 2 LIMIT 1000";

const OF_PERSON: &str = "SELECT 'role' AS what, g.scope AS ref, g.role AS title,
            CASE WHEN g.state = 'held' AND g.until_at <= $2 THEN 'ended' ELSE g.state END AS state
       FROM role_grant g WHERE g.person_ref = $1
     UNION ALL SELECT 'duty', d.site, d.discipline, CASE WHEN d.start_at <= $2 THEN 'on' ELSE 'to_come' END
       FROM duty d WHERE d.person_ref = $1 AND d.end_at > $2 AND d.end_at > d.start_at
     UNION ALL SELECT 'risk', r.ref, r.title, r.state FROM risk r WHERE r.owner = $1 AND r.state <> 'closed'
     ORDER BY 1, 2, 3 LIMIT 1000";

const OF_VENDOR: &str = concat!(
    "SELECT 'person' AS what, x.person AS ref, x.name AS title,
            CASE WHEN x.state = 'suspended' THEN 'suspended'
                 WHEN x.screening_until IS NULL OR x.screening_until <= $2 THEN 'no valid screening'
                 WHEN x.training_until IS NULL OR x.training_until <= $2 THEN 'no valid training'
                 ELSE 'may enter' END AS state
       FROM vendor_person x WHERE x.vendor_ref = $1
     UNION ALL SELECT 'window', o.ref, o.purpose, ",
    window_state!(),
    " FROM vendor_window o WHERE o.vendor = $1
     ORDER BY 1, 2 LIMIT 1000"
);

const OF_INCIDENT: &str = "SELECT 'log line' AS what, l.ref, l.text AS title, l.state FROM log_line l WHERE l.incident = $1
     UNION ALL SELECT 'site', s.ref, s.name, s.state FROM incident_site x JOIN site s ON s.ref = x.site
      WHERE x.incident_ref = $1
     ORDER BY 1, 2 LIMIT 1000";

const OF_LOG_LINE: &str = "SELECT 'incident' AS what, i.ref, i.title, i.state
       FROM log_line l JOIN incident i ON i.ref = l.incident WHERE l.ref = $1";

const OF_IMPORT: &str = "SELECT DISTINCT 'advisory' AS what, a.ref, a.title, a.state
       FROM advisory_revision v JOIN advisory a ON a.ref = v.advisory_ref WHERE v.import = $1
     UNION ALL SELECT 'uncovered', e.ref, e.login || ' on ' || e.asset, e.state FROM access_event e
      WHERE e.import = $1 AND e.lead = e.ref
      ORDER BY 1, 2 LIMIT 1000";

const OF_REPORT: &str = "SELECT 'incident' AS what, i.ref, i.title, i.state
       FROM report r JOIN incident i ON i.ref = r.link WHERE r.ref = $1
     UNION ALL SELECT 'risk', k.ref, k.title, k.state FROM report r JOIN risk k ON k.ref = r.link WHERE r.ref = $1
     ORDER BY 1, 2";

/// The subject of an alarm, by its own reference.
const OF_ALARM: &str = concat!(
    "SELECT 'change' AS what, o.ref, o.title, ",
    change_state!(),
    " AS state FROM change o WHERE o.ref = $1
     UNION ALL SELECT 'window', o.ref, o.purpose, ",
    window_state!(),
    " FROM vendor_window o WHERE o.ref = $1
     UNION ALL SELECT 'acceptance', a.ref, r.title, a.state FROM acceptance a JOIN risk r ON r.ref = a.risk WHERE a.ref = $1
     UNION ALL SELECT 'report', r.ref, r.what, r.state FROM report r WHERE r.ref = $1
     UNION ALL SELECT 'session', e.ref, e.person || ' on ' || e.asset, e.state FROM access_session e WHERE e.ref = $1
     UNION ALL SELECT 'bypass', b.ref, b.what, b.state FROM bypass b WHERE b.ref = $1
     UNION ALL SELECT 'access event', e.ref, e.login || ' on ' || e.asset, e.state FROM access_event e WHERE e.ref = $1
     ORDER BY 1, 2"
);

/// What the object of this reference is tied to.
pub async fn links(
    c: &mut Connection<'_>,
    subject: Subject,
    reference: &str,
    now: Time,
) -> Result<Vec<Link>, StoreError> {
    let statement = match subject {
        Subject::Asset => OF_ASSET,
        Subject::Calendar => OF_CALENDAR,
        Subject::Change => OF_CHANGE,
        Subject::Window => OF_WINDOW,
        Subject::Session => OF_SESSION,
        Subject::Bypass => OF_BYPASS,
        Subject::AccessEvent => OF_ACCESS_EVENT,
        Subject::Extension => OF_EXTENSION,
        Subject::Risk => OF_RISK,
        Subject::Acceptance => OF_ACCEPTANCE,
        Subject::Advisory => OF_ADVISORY,
        Subject::Site => OF_SITE,
        Subject::Zone => OF_ZONE,
        Subject::Person => OF_PERSON,
        Subject::Vendor => OF_VENDOR,
        Subject::Incident => OF_INCIDENT,
        Subject::LogLine => OF_LOG_LINE,
        Subject::Import => OF_IMPORT,
        Subject::Report => OF_REPORT,
        Subject::Alarm => OF_ALARM,
        Subject::Store
        | Subject::Raci
        | Subject::Intervention
        | Subject::Yardstick
        | Subject::Vulnerability => {
            return Ok(Vec::new());
        }
    };
    let reference = match subject {
        Subject::Alarm => reference.split_once(':').map_or(reference, |(_, subject)| subject),
        Subject::Asset
        | Subject::Calendar
        | Subject::Change
        | Subject::Window
        | Subject::Session
        | Subject::Bypass
        | Subject::AccessEvent
        | Subject::Extension
        | Subject::Risk
        | Subject::Acceptance
        | Subject::Advisory
        | Subject::Site
        | Subject::Zone
        | Subject::Person
        | Subject::Vendor
        | Subject::Incident
        | Subject::LogLine
        | Subject::Import
        | Subject::Report
        | Subject::Store
        | Subject::Raci
        | Subject::Intervention
        | Subject::Yardstick
        | Subject::Vulnerability => reference,
    };
    Ok(rows!(c, Link, statement, reference, now)?)
}
