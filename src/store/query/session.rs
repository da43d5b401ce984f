//! Sessions of vendors' persons as the list shows them.

use serde::Serialize;
use sqlx::FromRow;

use super::engine::{By, List, Listed, NUMBER, Of};
use crate::domain::filter::{Of as Kind, Word};
use crate::domain::session::{State, effective_state};
use crate::domain::time::Time;
use crate::domain::window;

/// A session.
#[derive(Clone, Debug, PartialEq, Serialize, FromRow)]
pub struct Session {
    /// Its reference, `SE-9`.
    pub r#ref: String,
    /// Its site.
    pub site: String,
    /// `live` or `ended`.
    pub state: String,
    /// The word that screens show: `cut_off` for a live one that is to be ended at once, `outside` for a live one that no open window covers, `overrun` past its window's end.
    #[sqlx(skip)]
    pub effective_state: String,
    /// The person and the asset, as the title of every list.
    pub title: String,
    /// The vendor.
    pub vendor: String,
    /// The vendor's person, by login or name.
    pub person: String,
    /// The asset.
    pub asset: String,
    /// The window that was open when it began; none if it began outside.
    #[sqlx(rename = "within")]
    pub window: Option<String>,
    /// Where it comes from.
    pub source: Option<String>,
    /// Who told of its beginning.
    pub started_by: String,
    /// When it began.
    pub started_at: Time,
    /// Who said that it is to be ended at once.
    pub cut_off_by: Option<String>,
    /// When that was said.
    pub cut_off_at: Option<Time>,
    /// Why.
    pub cut_off_because: Option<String>,
    /// Who told of its end.
    pub ended_by: Option<String>,
    /// When it ended.
    pub ended_at: Option<Time>,
    /// The last note.
    pub note: Option<String>,
    /// The time zone of its site.
    pub timezone: String,
    /// The entry that last wrote it.
    pub seq: i64,
    /// How the window stands.
    #[serde(skip)]
    pub window_state: Option<String>,
    /// When the window ends.
    #[serde(skip)]
    pub window_end: Option<Time>,
}

/// Every word that `state:` knows.
pub const STATES: &[&str] = &["live", "ended", "cut_off", "outside", "overrun"];

macro_rules! effective {
    () => {
        "CASE WHEN t.state = 'live' AND t.cut_off_at IS NOT NULL THEN 'cut_off'
              WHEN t.state = 'live' AND NOT EXISTS (SELECT 1 FROM vendor_window o
                  WHERE o.ref = t.within AND o.state = 'open') THEN 'outside'
              WHEN t.state = 'live' AND EXISTS (SELECT 1 FROM vendor_window o
                  WHERE o.ref = t.within AND o.end_at <= :now) THEN 'overrun'
              ELSE t.state END"
    };
}

/// The list of sessions, the last first.
pub static SESSIONS: List = List {
    name: "sessions",
    from: "access_session t",
    base: "TRUE",
    filters: &[
        By {
            word: Word { name: "state", of: Kind::Choice(STATES) },
            sql: &[("t.state", ""), (effective!(), "")],
        },
        By { word: Word { name: "site", of: Kind::Word }, sql: &[("t.site", "")] },
        By { word: Word { name: "vendor", of: Kind::Word }, sql: &[("t.vendor", "")] },
        By { word: Word { name: "person", of: Kind::Word }, sql: &[("t.person", "")] },
        By { word: Word { name: "asset", of: Kind::Word }, sql: &[("t.asset", "")] },
        By { word: Word { name: "window", of: Kind::Word }, sql: &[("t.within", "")] },
        By { word: Word { name: "started", of: Kind::Time }, sql: &[("t.started_at", "")] },
    ],
    text: "t.folded",
    order: &[("t.started_at", Of::Time), NUMBER, ("t.ref", Of::Text)],
    descending: true,
    same: "t.ref = p.k2",
    columns: "t.ref, t.site, t.state, t.person || ' on ' || t.asset AS title, t.vendor, t.person, t.asset, t.within,
        t.source, t.started_by, t.started_at, t.cut_off_by, t.cut_off_at, t.cut_off_because, t.ended_by, t.ended_at, t.note, t.seq, s.timezone,
        w.state AS window_state, w.end_at AS window_end",
    with: "JOIN site s ON s.ref = t.site LEFT JOIN vendor_window w ON w.ref = t.within",
};

impl Listed for Session {
    const LIST: &'static List = &SESSIONS;

    fn settle(&mut self, now: Time) {
        let Some(state) = State::parse(&self.state) else { return };
        let within = self.window_state.as_deref().and_then(window::State::parse);
        effective_state(state, self.cut_off_at.is_some(), within.zip(self.window_end), now)
            .clone_into(&mut self.effective_state);
    }
}
