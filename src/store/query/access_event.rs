//! Access events as the list shows them.

use serde::Serialize;
use sqlx::FromRow;

use super::engine::{By, List, Listed, NUMBER, Of};
use crate::domain::access::{Action, Because, State};
use crate::domain::filter::{Of as Kind, Word};
use crate::domain::time::Time;

/// One event of an access log.
#[derive(Clone, Debug, PartialEq, Serialize, FromRow)]
pub struct AccessEvent {
    /// Its reference, `AE-9`.
    pub r#ref: String,
    /// Its site.
    pub site: String,
    /// What it is against windows: `covered`, `overrun`, `outside`, `staff`, `stranger`.
    pub state: String,
    /// Why it is `outside`: `no_window`, `left`, `key`, `source`.
    pub because: Option<String>,
    /// Who did what where, as the title of every list.
    pub title: String,
    /// When it happened.
    pub at: Time,
    /// The login, as the log names it.
    pub login: String,
    /// The vendor that sends such a person.
    pub vendor: Option<String>,
    /// The asset.
    pub asset: String,
    /// The window that was open.
    #[sqlx(rename = "within")]
    pub window: Option<String>,
    /// `accepted`, `opened` or `closed`.
    pub action: String,
    /// Where it came from.
    pub source: Option<String>,
    /// The port there.
    pub port: Option<i64>,
    /// How the person proved who they are.
    pub method: Option<String>,
    /// The fingerprint of the key.
    pub key: Option<String>,
    /// What tells the session apart in the log.
    pub session: Option<String>,
    /// The import that brought it.
    pub import: String,
    /// Its line in the file.
    pub line: i64,
    /// Who took it in.
    pub recorded_by: String,
    /// When.
    pub recorded_at: Time,
    /// The time zone of its site.
    pub timezone: String,
    /// The entry that last wrote it.
    pub seq: i64,
}

/// The list of access events, the last first.
pub static ACCESS_EVENTS: List = List {
    name: "access-events",
    from: "access_event t",
    base: "TRUE",
    filters: &[
        By { word: Word { name: "state", of: Kind::Choice(State::WORDS) }, sql: &[("t.state", "")] },
        By {
            word: Word { name: "because", of: Kind::Choice(Because::WORDS) },
            sql: &[("t.because", "")],
        },
        By { word: Word { name: "site", of: Kind::Word }, sql: &[("t.site", "")] },
        By { word: Word { name: "login", of: Kind::Word }, sql: &[("t.login", "")] },
        By { word: Word { name: "vendor", of: Kind::Word }, sql: &[("t.vendor", "")] },
        By { word: Word { name: "asset", of: Kind::Word }, sql: &[("t.asset", "")] },
        By { word: Word { name: "window", of: Kind::Word }, sql: &[("t.within", "")] },
        By { word: Word { name: "import", of: Kind::Word }, sql: &[("t.import", "")] },
        By { word: Word { name: "action", of: Kind::Choice(Action::WORDS) }, sql: &[("t.action", "")] },
        By { word: Word { name: "at", of: Kind::Time }, sql: &[("t.at", "")] },
    ],
    text: "t.folded",
    order: &[("t.at", Of::Time), NUMBER, ("t.ref", Of::Text)],
    descending: true,
    same: "t.ref = p.k2",
    columns: "t.ref, t.site, t.state, t.because, t.login || ' ' || t.action || ' on ' || t.asset AS title, t.at, t.login, t.vendor,
        t.asset, t.within, t.action, t.source, t.port, t.method, t.key, t.session, t.import, t.line, t.recorded_by,
        t.recorded_at, t.seq, s.timezone",
    with: "JOIN site s ON s.ref = t.site",
};

impl Listed for AccessEvent {
    const LIST: &'static List = &ACCESS_EVENTS;
}
