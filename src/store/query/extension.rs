//! Extensions as the list shows them, each with its board.

use serde::Serialize;
use sqlx::FromRow;

use super::board::{CONSULTED, INFORMED};
use super::clash::{self, Clash};
use super::columns::{Approvals, Lines};
use super::engine::{By, Completed, List, Listed, NUMBER, Of};
use crate::domain::attention::Consequence;
use crate::domain::extension::{State, state_at};
use crate::domain::filter::{Of as Kind, Word};
use crate::domain::time::Time;
use crate::store::link::Link;

/// The request that a window end later.
#[derive(Clone, Debug, PartialEq, Serialize, FromRow)]
pub struct Extension {
    /// Its reference, `VX-3`.
    pub r#ref: String,
    /// Its site.
    pub site: String,
    /// Its state at the instant of reading: what the window's end overtook reads as lapsed.
    pub state: String,
    /// What the window is for, as the title of every list.
    pub title: String,
    /// The window.
    #[sqlx(rename = "window_ref")]
    pub window: String,
    /// The vendor.
    pub vendor: String,
    /// The vendor's person.
    pub person: String,
    /// The assets of the window.
    pub assets: Lines,
    /// The worst safety rating of its assets; one without counts as 5.
    pub safety: Option<i64>,
    /// The worst regulatory rating.
    pub regulatory: Option<i64>,
    /// The worst production rating.
    pub production: Option<i64>,
    /// When the window ended when more time was asked for.
    #[sqlx(rename = "old_end_at")]
    pub old_end: Time,
    /// The later end.
    #[sqlx(rename = "end_at")]
    pub end: Time,
    /// Why more time is needed.
    pub reason: String,
    /// Who asked.
    pub requester: String,
    /// When.
    pub requested_at: Time,
    /// Where the decisions stand: `pending, approved, vetoed, returned, ended`.
    pub decided: String,
    /// Who must say yes, and who said what.
    pub approvals: Approvals,
    /// What the longer time runs into and nobody let pass, by name.
    #[sqlx(skip)]
    pub conflicts: Lines,
    /// The same with its reason, and what was let pass.
    #[sqlx(skip)]
    pub clashes: Vec<Clash>,
    /// The change that the window serves.
    pub serves: Option<String>,
    /// The time zone of its site.
    pub timezone: String,
    /// The entry that last wrote it.
    pub seq: i64,
    /// When its window ended, if it has.
    #[serde(skip)]
    pub window_ended: Option<Time>,
}

// What the window's end overtook, be it before its time.
macro_rules! read {
    () => {
        "CASE WHEN t.state = 'requested' AND (t.old_end_at <= :now OR EXISTS (
                  SELECT 1 FROM vendor_window o WHERE o.ref = t.window_ref AND o.ended_at IS NOT NULL))
              THEN 'lapsed' ELSE t.state END"
    };
}

/// The list of extensions: what waits first, then the last asked.
pub static EXTENSIONS: List = List {
    name: "extensions",
    from: "extension t",
    base: "TRUE",
    filters: &[
        By { word: Word { name: "state", of: Kind::Choice(State::WORDS) }, sql: &[(read!(), "")] },
        By { word: Word { name: "site", of: Kind::Word }, sql: &[("t.site", "")] },
        By { word: Word { name: "window", of: Kind::Word }, sql: &[("t.window_ref", "")] },
        By { word: Word { name: "requester", of: Kind::Word }, sql: &[("t.requester", "")] },
        By { word: Word { name: "end", of: Kind::Time }, sql: &[("t.end_at", "")] },
        CONSULTED,
        INFORMED,
    ],
    text: "LOWER(t.ref || ' ' || t.window_ref || ' ' || t.reason)",
    order: &[
        (
            concat!("CAST(CASE WHEN ", read!(), " = 'requested' THEN 0 ELSE 1 END AS BIGINT)"),
            Of::Int,
        ),
        ("t.old_end_at", Of::Time),
        NUMBER,
        ("t.ref", Of::Text),
    ],
    descending: false,
    same: "t.ref = p.k3",
    columns: "t.ref, t.site, t.state, w.purpose AS title, t.window_ref, w.change AS serves, w.vendor, w.person, t.old_end_at, t.end_at,
        t.reason, t.requester, t.requested_at, t.seq, s.timezone, w.ended_at AS window_ended, v.state AS decided,
        COALESCE((SELECT string_agg(x.asset, '\n' ORDER BY x.asset) FROM window_asset x
                  WHERE x.window_ref = w.ref), '') AS assets,
        (SELECT MAX(COALESCE(a.safety, 5)) FROM window_asset x JOIN asset a ON a.ref = x.asset
          WHERE x.window_ref = w.ref) AS safety,
        (SELECT MAX(COALESCE(a.regulatory, 5)) FROM window_asset x JOIN asset a ON a.ref = x.asset
          WHERE x.window_ref = w.ref) AS regulatory,
        (SELECT MAX(COALESCE(a.production, 5)) FROM window_asset x JOIN asset a ON a.ref = x.asset
          WHERE x.window_ref = w.ref) AS production,
        COALESCE((SELECT string_agg(q.discipline || '|' || CASE WHEN q.veto THEN 'y' ELSE 'n' END || '|'
                      || COALESCE(d.decision, '') || '|' || COALESCE(d.person, '') || '|' || q.need, '\n' ORDER BY q.discipline)
                  FROM requirement q
                  LEFT JOIN decision d ON d.approval_ref = q.approval_ref AND d.revision = q.revision
                       AND d.discipline = q.discipline
                  WHERE q.approval_ref = t.ref AND q.revision = v.revision), '') AS approvals",
    with: "JOIN site s ON s.ref = t.site JOIN approval v ON v.ref = t.ref JOIN vendor_window w ON w.ref = t.window_ref",
};

impl Extension {
    /// How bad it is what access to its window's assets can bring about.
    pub fn consequence(&self) -> Consequence {
        Consequence::of_ratings(self.safety, self.regulatory, self.production)
    }
}

impl Listed for Extension {
    const LIST: &'static List = &EXTENSIONS;

    fn settle(&mut self, now: Time) {
        if let Some(state) = State::parse(&self.state) {
            let end = self.window_ended.map_or(self.old_end, |ended| ended.min(self.old_end));
            state_at(state, end, now).word().clone_into(&mut self.state);
        }
    }

    fn complete<'a>(c: &'a mut Link<'_>, rows: &'a mut [Self], now: Time) -> Completed<'a> {
        Box::pin(clash::extensions(c, rows, now))
    }
}
