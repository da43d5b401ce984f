//! Reports from the plants as the list shows them.

use serde::Serialize;
use sqlx::FromRow;

use super::engine::{By, List, Listed, NUMBER, Of};
use crate::domain::filter::{Of as Kind, Word};
use crate::domain::report::{Outcome, State};
use crate::domain::time::Time;

/// A report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromRow)]
pub struct Report {
    /// Its reference, `REP-4`.
    pub r#ref: String,
    /// Its site.
    pub site: String,
    /// Its state.
    pub state: String,
    /// The first line of what was seen.
    pub title: String,
    /// Site, and where in it.
    #[sqlx(rename = "place_said")]
    pub r#where: String,
    /// What was seen.
    pub what: String,
    /// Effect on the process.
    pub effect: String,
    /// Who reported it.
    pub author: String,
    /// When.
    pub submitted_at: Time,
    /// Until when somebody should have triaged it.
    pub triage_by: Time,
    /// Who triaged it.
    pub triaged_by: Option<String>,
    /// When.
    pub triaged_at: Option<Time>,
    /// What triage made of it: `dismissed`, `incident`, `risk`.
    pub outcome: Option<String>,
    /// The incident or risk that it belongs to.
    pub link: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// The time zone of its site.
    pub timezone: String,
    /// The entry that last wrote it.
    pub seq: i64,
}

/// The list of reports, the last first.
pub static REPORTS: List = List {
    name: "reports",
    from: "report t",
    base: "TRUE",
    filters: &[
        By { word: Word { name: "state", of: Kind::Choice(State::WORDS) }, sql: &[("t.state", "")] },
        By { word: Word { name: "site", of: Kind::Word }, sql: &[("t.site", "")] },
        By { word: Word { name: "author", of: Kind::Word }, sql: &[("t.author", "")] },
        By { word: Word { name: "submitted", of: Kind::Time }, sql: &[("t.submitted_at", "")] },
        By { word: Word { name: "due", of: Kind::Time }, sql: &[("t.triage_by", "")] },
        By { word: Word { name: "outcome", of: Kind::Choice(Outcome::WORDS) }, sql: &[("t.outcome", "")] },
    ],
    text: "LOWER(t.ref || ' ' || t.what || ' ' || t.effect || ' ' || COALESCE(t.place, ''))",
    order: &[("t.submitted_at", Of::Time), NUMBER, ("t.ref", Of::Text)],
    descending: true,
    same: "t.ref = p.k2",
    columns: "t.ref, t.site, t.state, t.what AS title, t.site || COALESCE(' ' || t.place, '') AS place_said, t.what,
        t.effect, t.author, t.submitted_at, t.triage_by, t.triaged_by, t.triaged_at, t.outcome, t.link, t.reason, t.seq, s.timezone",
    with: "JOIN site s ON s.ref = t.site",
};

impl Listed for Report {
    const LIST: &'static List = &REPORTS;

    fn settle(&mut self, _now: Time) {
        super::columns::first_line(&mut self.title);
    }
}
