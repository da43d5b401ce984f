//! Incidents as the list shows them.

use serde::Serialize;
use sqlx::FromRow;

use super::columns::Lines;
use super::engine::{By, List, Listed, NUMBER, Of};
use crate::domain::filter::{Of as Kind, Word};
use crate::domain::time::Time;

/// An incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromRow)]
pub struct Incident {
    /// Its reference, `INC-2`.
    pub r#ref: String,
    /// The leading site.
    pub site: String,
    /// Its state.
    pub state: String,
    /// What it is.
    pub title: String,
    /// The sites it touches.
    pub sites: Lines,
    /// 1 is the most severe.
    pub severity: i64,
    /// Whether it is an exercise.
    pub exercise: bool,
    /// What is known.
    pub summary: Option<String>,
    /// Who declared it.
    pub declared_by: String,
    /// When it was declared.
    pub declared_at: Time,
    /// Since when its sites are frozen, if they are.
    pub frozen_since: Option<Time>,
    /// Who froze them.
    pub frozen_by: Option<String>,
    /// Why.
    pub frozen_for: Option<String>,
    /// The changes and windows that may begin all the same.
    pub exempted: Lines,
    /// The time zone of the leading site.
    pub timezone: String,
    /// The entry that last wrote it.
    pub seq: i64,
}

/// The list of incidents: the most severe first, then by reference.
pub static INCIDENTS: List = List {
    name: "incidents",
    from: "incident t",
    base: "TRUE",
    filters: &[
        By { word: Word { name: "state", of: Kind::Choice(&["declared"]) }, sql: &[("t.state", "")] },
        By {
            word: Word { name: "site", of: Kind::Word },
            sql: &[("EXISTS (SELECT 1 FROM incident_site x WHERE x.incident_ref = t.ref AND x.site", ")")],
        },
        By { word: Word { name: "severity", of: Kind::Number }, sql: &[("t.severity", "")] },
        By { word: Word { name: "exercise", of: Kind::Flag }, sql: &[("t.exercise", "")] },
        By { word: Word { name: "declared", of: Kind::Time }, sql: &[("t.declared_at", "")] },
    ],
    text: "LOWER(t.ref || ' ' || t.title || ' ' || COALESCE(t.summary, ''))",
    order: &[("t.severity", Of::Int), ("t.declared_at", Of::Time), NUMBER, ("t.ref", Of::Text)],
    descending: false,
    same: "t.ref = p.k3",
    columns: "t.ref, t.site, t.state, t.title, t.severity, t.exercise, t.summary, t.declared_by, t.declared_at, t.seq,
        s.timezone, f.since AS frozen_since, f.frozen_by, f.reason AS frozen_for,
        COALESCE((SELECT string_agg(x.site, '\n' ORDER BY x.site) FROM incident_site x
                  WHERE x.incident_ref = t.ref), '') AS sites,
        COALESCE((SELECT string_agg(x.subject_ref, '\n' ORDER BY x.subject_ref) FROM exemption x
                  WHERE x.incident_ref = f.incident_ref AND x.since = f.since), '') AS exempted",
    with: "JOIN site s ON s.ref = t.site LEFT JOIN site_freeze f ON f.incident_ref = t.ref AND f.state = 'stands'",
};

impl Listed for Incident {
    const LIST: &'static List = &INCIDENTS;
}
