//! Lines of the log as the list shows them.

use serde::Serialize;
use sqlx::FromRow;

use super::engine::{By, List, Listed, NUMBER, Of};
use crate::domain::filter::{Of as Kind, Word};
use crate::domain::time::Time;

/// A line of a site's log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromRow)]
pub struct LogLine {
    /// Its reference, `LL-9`.
    pub r#ref: String,
    /// Its site.
    pub site: String,
    /// Its state.
    pub state: String,
    /// The first line of its text.
    pub title: String,
    /// What was written down.
    pub text: String,
    /// The incident it belongs to.
    pub incident: Option<String>,
    /// Who wrote it.
    pub author: String,
    /// When.
    pub added_at: Time,
    /// The time zone of its site.
    pub timezone: String,
    /// The entry that last wrote it.
    pub seq: i64,
}

/// The list of log lines, the last first.
pub static LOG_LINES: List = List {
    name: "log-lines",
    from: "log_line t",
    base: "TRUE",
    filters: &[
        By { word: Word { name: "state", of: Kind::Choice(&["added"]) }, sql: &[("t.state", "")] },
        By { word: Word { name: "site", of: Kind::Word }, sql: &[("t.site", "")] },
        By { word: Word { name: "incident", of: Kind::Word }, sql: &[("t.incident", "")] },
        By { word: Word { name: "author", of: Kind::Word }, sql: &[("t.author", "")] },
        By { word: Word { name: "added", of: Kind::Time }, sql: &[("t.added_at", "")] },
    ],
    text: "LOWER(t.ref || ' ' || t.text)",
    order: &[("t.added_at", Of::Time), NUMBER, ("t.ref", Of::Text)],
    descending: true,
    same: "t.ref = p.k2",
    columns: "t.ref, t.site, t.state, t.text AS title, t.text, t.incident, t.author, t.added_at, t.seq, s.timezone",
    with: "JOIN site s ON s.ref = t.site",
};

impl Listed for LogLine {
    const LIST: &'static List = &LOG_LINES;

    fn settle(&mut self, _now: Time) {
        super::columns::first_line(&mut self.title);
    }
}
